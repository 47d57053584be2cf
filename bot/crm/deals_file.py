"""The deals of an import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId
from bot.coaching.said import say
from bot.crm import cells
from bot.crm.csv_table import Row, Table
from bot.crm.links import Index
from bot.crm.people_file import People
from bot.crm.problems import quoted

FILE = "deals.csv"


@dataclass(frozen=True, slots=True)
class OwnedDeal:
    """A deal with the zone of its owner, in which the days of its records are read."""

    deal: Deal
    zone: ZoneInfo


Deals = Index[OwnedDeal]
"""The deals by id."""


def read_deals(table: Table | None, people: People) -> tuple[tuple[Deal, ...], Deals]:
    """Return the deals in the file's order, and by id.

    Where an id is there more than once, the rows must say which was modified last; the others come first of all,
    since the maths flags them and storage keeps the last (specification, section 0.2).
    """
    deals = Deals(table.file if table else FILE, is_whole=table is not None)
    superseded: list[Deal] = []
    for row in table.rows if table else ():
        owner = people.find(row, "owner_email", row.need("owner_email", cells.email))
        deal = _deal(row, owner)
        if not deal.id:
            continue
        rival = deals.get(deal.id)
        owned = OwnedDeal(deal, zone_of(owner))
        if rival is None:
            deals.put(row, "id", deal.id, owned)
        elif deal.modified is None or rival.deal.modified is None or deal.modified == rival.deal.modified:
            fault = say(
                "{text} is in row {row} already: keep one of the two rows, "
                "or write in modified when each was changed, and the later one counts",
                text=quoted(deal.id),
                row=deals.row_of(deal.id),
            )
            row.refuse("id", fault)
        elif deal.modified > rival.deal.modified:
            superseded.append(rival.deal)
            deals.replace(row, deal.id, owned)
        else:
            superseded.append(deal)
    return (*superseded, *(owned.deal for owned in deals.records())), deals


def zone_of(owner: Person | None) -> ZoneInfo:
    """Return the zone in which the days of ``owner``'s records are read."""
    return ZoneInfo(owner.timezone if owner else "UTC")


def days_of(owned: OwnedDeal | None) -> Callable[[str], date]:
    """Return the reader of days for a record of this deal."""
    return cells.day_in(owned.zone if owned else zone_of(None))


def undated(status: DealStatus) -> str:
    """Return what is wrong with a closed deal that doesn't say when."""
    if status is DealStatus.WON:
        return say("is blank though the deal is won: write the day on which it was won")
    return say("is blank though the deal is lost: write the day on which it was lost")


def _deal(row: Row, owner: Person | None) -> Deal:
    day = cells.day_in(zone_of(owner))
    status = row.need("status", _status) or DealStatus.OPEN
    close = row.read("close", day)
    if status is DealStatus.OPEN and close is not None:
        fault = say(
            "{day} is given though the deal is open: write it in expected_close, or mend the status",
            day=close.isoformat(),
        )
        row.refuse("close", fault)
    elif status is not DealStatus.OPEN and not row.text("close"):
        row.refuse("close", undated(status))
    return Deal(
        id=DealId(row.need("id", str) or ""),
        owner=owner.id if owner else PersonId(""),
        name=row.need("name", str) or "",
        status=status,
        start=row.read("start", day),
        close=close,
        amount=row.amount("amount"),
        currency=row.read("currency", cells.currency) or "",
        stage=row.text("stage"),
        account=row.text("account"),
        product=row.text("product"),
        list_price=row.amount("list_price"),
        expected_close=row.read("expected_close", day),
        lost_reason=row.text("lost_reason"),
        modified=row.read("modified", day),
    )


def _status(text: str) -> DealStatus:
    try:
        return DealStatus(text.lower())
    except ValueError:
        raise cells.CellError(say("{text} isn't a status: write open, won or lost", text=quoted(text))) from None
