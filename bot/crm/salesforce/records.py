"""Salesforce's records as the port's."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from zoneinfo import available_timezones

from bot.coaching.records import DealStatus
from bot.services.source import Need, Problem, SourceDeal, SourceField, SourcePerson, SourceStage, StageMove
from bot.vendors.misread import no_day, no_instant, no_percentage
from bot.vendors.shape import Shape

BASE = ("Id", "Name", "StageName", "IsClosed", "IsWon", "CreatedDate", "SystemModstamp")  # no words: fields
"""What a deal can't be read without."""
WISHED = ("OwnerId", "Amount", "CloseDate", "CurrencyIsoCode", "LastStageChangeDate")  # no words: fields
"""What an organisation may not have, or hide from the Run As user: it is then unknown."""
ACCOUNT = "Account.Name"


def person(record: Shape) -> SourcePerson:
    zone = record.maybe_text("TimeZoneSidKey") or ""
    email = (record.maybe_text("Email") or "").strip().lower()
    return SourcePerson(  # no words: names, of which the CRM may have none
        id=record.text("Id"),
        name=(record.maybe_text("Name") or "").strip() or email or f"User {record.text('Id')}",
        email=email,
        active=record.flag("IsActive"),
        manager=record.maybe_text("ManagerId") or "",
        timezone=zone if zone in available_timezones() else "",
    )


def stage(record: Shape, position: int, problems: list[Problem]) -> SourceStage:
    identity = record.maybe_text("ApiName") or record.text("MasterLabel")
    percent = record.maybe_number("DefaultProbability")
    if percent is not None and not 0 <= percent <= 100:  # noqa: PLR2004 - a percentage
        problems.append(Problem(Need.STAGES, identity, "DefaultProbability", no_percentage(percent)))
        percent = None
    return SourceStage(
        id=identity,
        name=record.text("MasterLabel"),
        position=position,
        probability=None if percent is None else percent / 100,
        status=_status(record),
        archived=not record.flag("IsActive"),
    )


def deal(record: Shape, fields: Collection[str], lost_reason: str, problems: list[Problem]) -> SourceDeal:
    identity, status = record.text("Id"), _status(record)

    def at(key: str) -> datetime | None:
        return _instant(record, key, identity, problems)

    closes = _day(record, identity, problems)
    account = record.maybe_inner("Account")
    made = at("CreatedDate")
    return SourceDeal(  # no words: names, of which the CRM may have none
        id=identity,
        name=(record.maybe_text("Name") or "").strip() or f"Deal {identity}",
        status=status,
        owner=record.maybe_text("OwnerId") or "",
        stage=record.maybe_text("StageName") or "",
        amount=record.maybe_number("Amount"),
        currency=(record.maybe_text("CurrencyIsoCode") or "").upper(),
        started=made,
        closed=None if status is DealStatus.OPEN else closes,
        expected_close=closes if status is DealStatus.OPEN else None,
        stage_since=at("LastStageChangeDate") or made,
        modified=at("SystemModstamp"),
        lost_reason=_shown(record, lost_reason) if lost_reason and status is DealStatus.LOST else "",
        account="" if account is None else (account.maybe_text("Name") or "").strip(),
        fields={name: said for name in fields if (said := _shown(record, name))},
    )


def moves(records: Iterable[Shape]) -> tuple[list[StageMove], list[Problem]]:
    """Return each stage entered, of histories in the order of deals and time: other changes repeat the stage."""
    found: list[StageMove] = []
    problems: list[Problem] = []
    was = ("", "")
    for one in records:
        now = one.text("OpportunityId"), one.maybe_text("StageName") or ""
        if now == was or not now[1]:
            continue
        entered = _instant(one, "CreatedDate", now[0], problems)
        if entered is not None:
            found.append(StageMove(*now, entered))
        was = now
    return found, problems


def deal_field(record: Shape) -> SourceField:
    return SourceField(record.text("name"), record.text("label"), record.maybe_text("type") or "")


def instant(text: str) -> datetime:
    """Raises ValueError; "2026-05-01T07:25:37.000+0000" is how Salesforce writes one."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def _status(record: Shape) -> DealStatus:
    if record.flag("IsWon"):
        return DealStatus.WON
    return DealStatus.LOST if record.flag("IsClosed") else DealStatus.OPEN


def _instant(record: Shape, key: str, identity: str, problems: list[Problem]) -> datetime | None:
    said = record.maybe_text(key)
    if not said:
        return None
    try:
        return instant(said)
    except ValueError:
        problems.append(Problem(Need.DEALS, identity, key, no_instant(said[:40])))
        return None


def _day(record: Shape, identity: str, problems: list[Problem]) -> date | None:
    said = record.maybe_text("CloseDate")
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        problems.append(Problem(Need.DEALS, identity, "CloseDate", no_day(said[:40])))
        return None


def _shown(record: Shape, name: str) -> str:
    """Return the text of any field as people see it; several choices stand one after the other."""
    value = record.values().get(name)
    if value is None or isinstance(value, bool | dict | list):
        return "yes" if value is True else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).replace(";", ", ").split())
