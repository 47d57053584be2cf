"""What a CRM holds in a test, in the port's words: each stand-in shows it in its vendor's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import MISSING, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.coaching.records import DealStatus
from bot.services.source import (
    Account,
    Page,
    Source,
    SourceDeal,
    SourceGoal,
    SourcePerson,
    SourceStage,
    StageMove,
)
from tests.vendors.vendor_server import VendorServer

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@dataclass
class Did:
    """One activity that was completed; the vendors keep instants, which fall on a day in the owner's zone."""

    owner: str
    type: str
    at: datetime
    deal: str = ""


@dataclass
class Held:
    """Ids are digits, so that every vendor can have them. A stage's id is its name where a vendor knows no other."""

    account: Account = field(default_factory=lambda: Account(NOW, "America/New_York", "EUR"))
    people: list[SourcePerson] = field(default_factory=list)
    stages: list[SourceStage] = field(default_factory=list)
    deals: dict[str, SourceDeal] = field(default_factory=dict)
    moves: list[StageMove] = field(default_factory=list)
    did: list[Did] = field(default_factory=list)
    goals: list[SourceGoal] = field(default_factory=list)
    gone: dict[str, datetime] = field(default_factory=dict)

    def put(self, deal: SourceDeal) -> SourceDeal:
        self.deals[deal.id] = deal
        return deal

    def delete(self, deal_id: str, at: datetime) -> None:
        del self.deals[deal_id]
        self.gone[deal_id] = at


def some_held() -> Held:
    """Return a small organisation: a manager, two reps and a leaver, one pipeline, an open, a won and a lost deal."""
    held = Held()
    held.people = [
        SourcePerson("1", "Mia Boss", "mia@example.com"),
        SourcePerson("2", "Rob Rep", "rob@example.com"),
        SourcePerson("3", "Ana Rep", "ana@example.com"),
        SourcePerson("4", "Leo Left", "leo@example.com", active=False),
    ]
    held.stages = [
        SourceStage("11", "Discovery", "5", "Sales", 0, 0.2),
        SourceStage("12", "Proposal", "5", "Sales", 1, 0.5),
        SourceStage("13", "Won", "5", "Sales", 2, 1.0, DealStatus.WON),
        SourceStage("14", "Lost", "5", "Sales", 3, 0.0, DealStatus.LOST),
    ]
    made = datetime(2026, 9, 1, 15, tzinfo=UTC)
    held.put(
        SourceDeal(
            "101",
            "Acme",
            DealStatus.OPEN,
            owner="2",
            stage="12",
            amount=1200.5,
            currency="EUR",
            started=made,
            expected_close=date(2026, 12, 15),
            stage_since=made + timedelta(days=9),
            modified=made + timedelta(days=20),
        )
    )
    held.put(
        SourceDeal(
            "102",
            "Isdom",
            DealStatus.WON,
            owner="3",
            stage="13",
            amount=900.0,
            currency="USD",
            started=made,
            closed=date(2026, 10, 9),
            stage_since=made + timedelta(days=38),
            modified=made + timedelta(days=39),
        )
    )
    held.put(
        SourceDeal(
            "103",
            "Zathunicon",
            DealStatus.LOST,
            owner="4",
            stage="14",
            started=made,
            closed=date(2026, 10, 1),
            stage_since=made + timedelta(days=30),
            modified=made + timedelta(days=30),
            lost_reason="Price",
        )
    )
    held.moves = [
        StageMove("101", "11", made),
        StageMove("101", "12", made + timedelta(days=9)),
        StageMove("102", "11", made),
        StageMove("102", "12", made + timedelta(days=2)),
        StageMove("102", "13", made + timedelta(days=38)),
        StageMove("103", "11", made),
        StageMove("103", "14", made + timedelta(days=30)),
    ]
    held.goals = [SourceGoal("2", date(2026, 10, 1), date(2026, 12, 31), 50_000.0, "EUR")]
    return held


def many_deals(held: Held, count: int) -> None:
    """Add so many open deals, each changed a second after the one before."""
    first = datetime(2026, 10, 1, tzinfo=UTC)
    for number in range(count):
        at = first + timedelta(seconds=number)
        held.put(
            SourceDeal(str(10_000 + number), f"Deal {number}", DealStatus.OPEN, "2", "11", started=first, modified=at)
        )


@dataclass
class Opened:
    """A source over what is held. ``server`` is None where it isn't reached over HTTP."""

    source: Source
    held: Held
    server: VendorServer | None = None
    secrets: tuple[str, ...] = ()
    pauses: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Case:
    """One source under the contract suite.

    ``drops`` names what the vendor can't hold, as "deal.account": it comes back as the record's default. ``days_only``:
    it keeps the day of an instant, in UTC here; ``as_days`` names what else is compared by its day, as vendors differ
    in how exactly they keep it. ``names_used_stages``: it knows a stage by the deals in it. ``activity_types`` are the
    words under which it counts a call, a meeting and an e-mail; "" where it can't.
    """

    name: str
    open: Callable[[Held, Path], AbstractAsyncContextManager[Opened]]
    drops: frozenset[str] = frozenset()
    days_only: bool = False
    as_days: frozenset[str] = frozenset()
    names_used_stages: bool = False
    activity_types: dict[str, str] = field(
        default_factory=lambda: {"call": "call", "meeting": "meeting", "email": "email"}
    )

    def known(self, kind: str, records: Iterable[Any]) -> list[Any]:
        """Return the records as this vendor can know them, by their text."""
        dropped = [name.split(".")[1] for name in self.drops if name.startswith(f"{kind}.")]
        days = [name.split(".")[1] for name in self.as_days if name.startswith(f"{kind}.")]
        return sorted((self._as_known(record, dropped, days) for record in records), key=repr)

    def _as_known(self, record: Any, dropped: list[str], days: list[str]) -> Any:
        fields = type(record).__dataclass_fields__
        values = {name: getattr(record, name) for name in fields} | {name: _default(fields[name]) for name in dropped}
        for name, value in values.items():
            if isinstance(value, datetime) and (self.days_only or name in days):
                values[name] = value.date()
        return type(record)(**values)


def _default(known: Any) -> Any:
    if callable(known.default_factory):
        return known.default_factory()
    return "" if known.default is MISSING else known.default


async def read(pages: AsyncIterator[Page[Any]]) -> list[Any]:
    """Return all records of all pages; no page may have a problem."""
    found: list[Any] = []
    async for page in pages:
        assert page.problems == ()
        found += page.records
    return found
