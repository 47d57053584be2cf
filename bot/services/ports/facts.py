"""The imported records with what reps record of what customers gave."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.coaching.records import Activity, Deal, DealId, PersonId, Records, Verifier
from bot.coaching.winning.evidence import Recording


class Facts(Protocol):
    """The imported records."""

    async def version(self) -> int:
        """Grows by one with each import, so that what was computed from the records can be kept."""

    async def imported_at(self) -> datetime | None:
        """When the last import was, by the database's clock; None before the first."""

    async def deals(self) -> int:
        """How many there are, of any state."""

    async def load(self) -> Records: ...
    async def activities_of(self, rep: PersonId, since: date) -> tuple[Activity, ...]:
        """What a rep did on that day and after it, by day."""

    async def upsert(self, records: Records) -> dict[str, int]:
        """Insert or replace by id; returns how many rows of each table came. People keep awesome and Slack zone.

        What was recorded in Slack of a verifier stays too: an import may end it, never give it back.
        """


@dataclass(frozen=True, slots=True)
class Origin:
    """The source in which a verifier was read, and the names of the deal's fields that say something there now."""

    source: str
    fields: frozenset[str]


class Evidence(Protocol):
    """What customers gave, as reps record it in Slack; each recording makes the records' version grow."""

    async def hold(self) -> None:
        """Let imports and other recordings wait until this transaction ends, so that what is read here stays true."""

    async def deal(self, deal_id: DealId) -> Deal | None:
        """Return a deal of the records; None for one that isn't known or no longer counts."""

    async def of_deal(self, deal_id: DealId) -> tuple[Verifier, ...]:
        """All that was ever given for a deal, imported or recorded, also what no longer holds; the oldest first."""

    async def origins(self, deal_id: DealId) -> Mapping[tuple[str, date], Origin]:
        """Where those verifiers come from, by key and day, that a source gave and nobody spoke of in Slack."""

    async def record(self, given: Verifier, *, by: PersonId, at: datetime) -> None:
        """Insert, or replace by deal, key and day: so also what was withdrawn holds again."""

    async def withdraw(self, given: Verifier, on: date, *, by: PersonId, at: datetime) -> None:
        """Let what is there stop holding from that day on."""

    async def since(self, deals: Collection[DealId], instant: datetime) -> tuple[Recording, ...]:
        """What was recorded and withdrawn in Slack at or after an instant, the oldest first."""
