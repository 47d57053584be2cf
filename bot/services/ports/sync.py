"""What the sync needs of the database, as a Protocol; storage satisfies it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from bot.coaching.records import DealStatus, PersonId, Verifier
from bot.services.source import ActivityCount, Days, Given, Source, SourceGoal, SourcePerson, SourceStage


class Phase(StrEnum):
    """How far a run has come. After an interruption it goes on in DEALS and HISTORY, else begins anew."""

    DEALS = "deals"
    GONE = "gone"
    HISTORY = "history"
    REST = "rest"


CALENDARS = frozenset({"google", "graph"})
"""The names of connections that are calendars; one of them at most is connected."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A source as an admin connected it. ``secret`` is sealed; ``options`` are not secret: an address, a version."""

    name: str
    options: Mapping[str, str]
    secret: str
    connected_at: datetime

    @property
    def is_calendar(self) -> bool:
        return self.name in CALENDARS


@dataclass(frozen=True, slots=True)
class SyncState:
    """Where reading one source stands.

    ``run`` numbers the runs; ``phase`` is None while none is under way. ``whole``: the run reads every deal, and
    otherwise those changed since ``since``. ``began_at`` is the source's clock when it began and becomes ``marker``,
    the change marker, when it ends well; ``whole_at`` is that of the last whole run. ``tried_at`` and ``good_at`` are
    by our clock. ``failed`` is why the last attempt ended, "" if it went well, and ``retry_at`` until when the source
    asks not to be asked. ``notes`` say what wasn't available or couldn't be read, and ``problems`` how many values
    that were. ``read`` counts the deals of the run.
    """

    source: str
    run: int = 0
    phase: Phase | None = None
    whole: bool = True
    since: datetime | None = None
    cursor: str | None = None
    began_at: datetime | None = None
    read: int = 0
    marker: datetime | None = None
    whole_at: datetime | None = None
    tried_at: datetime | None = None
    good_at: datetime | None = None
    failed: str = ""
    retry_at: datetime | None = None
    notes: tuple[str, ...] = ()
    problems: int = 0


@dataclass(frozen=True, slots=True)
class StagedDeal:
    """A source's deal with its days in the owner's zone, as it waits to be shown; it entered its stage on ``moved``."""

    id: str
    name: str
    status: DealStatus
    owner: str
    stage: str
    amount: float | None
    currency: str
    start: date | None
    close: date | None
    expected_close: date | None
    moved: date | None
    modified: datetime | None
    modified_on: date | None
    lost_reason: str
    account: str
    product: str
    list_price: float | None
    absorbed: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    given: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class StagedMove:
    deal: str
    stage: str
    day: date


@dataclass(frozen=True, slots=True)
class SyncedPerson:
    """Somebody of a source. ``person`` is who that is of ours, None: not known. ``mapped``: an admin said so.

    ``made``: a record of ours was made from this one, and follows it unless an admin says that it is somebody else.
    ``owns``: has a deal or a goal there.
    """

    who: SourcePerson
    person: PersonId | None
    mapped: bool
    made: bool
    owns: bool


@dataclass(frozen=True, slots=True)
class FreshDeal:
    """What is needed of a deal to say which verifiers its fields give.

    ``standing`` says of each verifier that the source gives already, by key, since when.
    """

    id: str
    fields: Mapping[str, str]
    given: tuple[Given, ...]
    changed_on: date | None
    standing: Mapping[str, date] = field(default_factory=dict)


class Connections(Protocol):
    async def all(self) -> tuple[Connection, ...]:
        """The sources, by name."""

    async def calendar(self) -> Connection | None:
        """The connected calendar."""

    async def put(self, connection: Connection) -> None:
        """Insert or replace."""

    async def remove(self, name: str) -> None: ...


class Syncs(Protocol):
    """Staged copies of what sources hold, and their way to what everybody sees."""

    async def state(self, source: str) -> SyncState: ...
    async def take(self, source: str, token: str, seconds: float) -> bool:
        """Lease the source by the database's clock; False while somebody else's lease runs."""

    async def renew(self, source: str, token: str, seconds: float) -> bool:
        """Lease it from now on anew; False if the lease is no longer ours."""

    async def broke_off(self, source: str) -> bool:
        """Whether somebody's lease ran out that was neither renewed nor released: who had it is dead or sleeps."""

    async def save(self, state: SyncState, token: str, seconds: float) -> bool:
        """Write where the run stands and renew the lease; False if it is no longer ours."""

    async def release(self, source: str, token: str) -> None: ...
    async def keep_people(self, source: str, people: Collection[SourcePerson]) -> None: ...
    async def people(self, source: str) -> tuple[SyncedPerson, ...]: ...
    async def link(self, source: str, who: Mapping[str, PersonId | None], *, made: Collection[str] = ()) -> None:
        """Say who people of a source are, but not of whom an admin said it; what they own is shown anew."""

    async def held(self, source: str, who: str) -> SyncedPerson | None:
        """Return somebody of a source, who then stays so until the transaction ends; None: nobody has that id."""

    async def map(self, source: str, who: str, person: PersonId | None) -> bool:
        """Keep what an admin says, None to forget it. False: there is nobody of that id."""

    async def keep_stages(self, source: str, stages: Collection[SourceStage], shown: Mapping[str, str]) -> None:
        """``shown`` is the name of each under which deals show it; when one changes, all deals are shown anew."""

    async def stages(self, source: str) -> tuple[tuple[SourceStage, str], ...]:
        """Each with the name under which deals show it, in order."""

    async def keep_deals(
        self, source: str, run: int, deals: Sequence[StagedDeal], *, at: datetime, on: date, has_history: bool
    ) -> None:
        """Insert or replace those not older than what is there, and keep a snapshot of each that is another now."""

    async def mark_gone(self, source: str, deals: Collection[str], at: datetime) -> int: ...
    async def unseen(self, source: str, run: int) -> tuple[int, int]:
        """How many present deals the run didn't see, and how many are present in all."""

    async def mark_unseen(self, source: str, run: int, at: datetime) -> None: ...
    async def history_due(self, source: str, limit: int) -> tuple[str, ...]: ...
    async def owners_of(self, source: str, deals: Collection[str]) -> dict[str, str]: ...
    async def keep_history(self, source: str, deals: Collection[str], moves: Sequence[StagedMove]) -> None:
        """Replace what the source said earlier of those deals' stages."""

    async def has_counts(self, source: str) -> bool: ...
    async def clear_counts(self, source: str, days: Days) -> None: ...
    async def add_counts(self, source: str, counts: Collection[ActivityCount]) -> None: ...
    async def clear_goals(self, source: str) -> None: ...
    async def add_goals(self, source: str, goals: Collection[SourceGoal], currency: str) -> None: ...
    async def fresh_evidence(self, source: str, after: str, limit: int) -> tuple[FreshDeal, ...]:
        """Deals to be shown anew that have something a verifier may come from, or had, by id."""

    async def put_verifiers(self, source: str, deals: Collection[str], verifiers: Sequence[Verifier], on: date) -> None:
        """Let the deals have these from the source: what it gave before and no longer does is withdrawn on that day."""

    async def publish_deals(self, source: str, on: date) -> int:
        """Show fresh deals and their stages to everybody; returns how many there were."""

    async def place_starts(self, source: str, placed: Collection[str], *, every: bool) -> None:
        """Let deals start on the day they first entered one of the stages shown as ``placed``.

        One that is open in another, and was in none of these, hasn't started. Of the rest, and of those of which the
        source doesn't tell the stages, its own day stands. ``every`` deal, or only those that are fresh.
        """

    async def say_closings(self, source: str, since: date | None) -> None:
        """Keep since when the source knows what closed; None: it doesn't say, and what an import said counts."""

    async def publish_rest(self, source: str, *, counts: Days | None, goals: bool) -> None:
        """Show the activities of those days and the goals, where they could be read; no deal is fresh afterwards."""

    async def forget(self, source: str, on: date) -> None:
        """Take away what is shown of a source and nobody else said; its deals are absent from that day on.

        What an import said counts again where the source said otherwise.
        """

    async def disconnect(self, source: str) -> None:
        """Forget what is staged; what is shown stays."""


class Sources(Protocol):
    """Makes sources of connections."""

    def open(self, connection: Connection, fields: Collection[str]) -> Source:
        """Raises ConfigurationError for a connection that can't be used."""
