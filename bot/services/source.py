"""What a CRM gives, in the house's words: the one port that every source satisfies.

Ids here are the CRM's own. Who of its people is who of ours, which of its stages is which of the playbook's and when
what it gave is shown are for the sync to say, never for a source.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from bot.coaching.records import DealStatus, Person

Record = TypeVar("Record")

_WIDEST_ZONE = timedelta(hours=14)
"""No zone is further from UTC: what is read around days before it is known whose they are."""


class Need(StrEnum):
    """What can be asked of a source. People, stages and deals are had from every one; the rest some don't have."""

    PEOPLE = "people"
    STAGES = "stages"
    DEALS = "deals"
    GONE = "deleted deals"  # no words: what it is called there
    HISTORY = "stage history"  # no words: what it is called there
    ACTIVITIES = "activities"
    GOALS = "goals"
    FIELDS = "fields"


@dataclass(frozen=True, slots=True)
class Problem:
    """What couldn't be read of one record: ``field`` is the CRM's name for it, ``words`` the fault.

    The field counts as unknown then, never as 0 or false. ``refused``: without it the record means nothing and was
    left out.
    """

    need: Need
    record: str
    field: str
    words: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Record]):
    """Some records in the source's order. ``cursor`` leads to what follows them, also after an interruption; None ends.

    A record may come on two pages of a walk when it changed meanwhile: the one with the later ``modified`` counts.
    """

    records: tuple[Record, ...]
    cursor: str | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """What holds for the whole of a source.

    ``now`` is what its own clock said: change markers are made of it, so that our clock may be wrong. ``timezone`` is
    an IANA name, "" unknown; ``currency`` the one in which amounts without one are, "" unknown. None of
    ``closings_known_since``: not said, the closings go back as far as the deals.
    """

    now: datetime
    timezone: str = ""
    currency: str = ""
    closings_known_since: date | None = None


@dataclass(frozen=True, slots=True)
class SourcePerson:
    """Somebody who can own deals. ``email`` is in lower case, "" where the CRM says none.

    ``manager`` is another one's id, "" where the CRM doesn't say. An inactive one left but still owns what was closed.
    ``record`` is all that the house keeps of a person, where a source knows it (CSV and SQL do): it then stands, its
    manager's id being this source's. None: only the fields here are known.
    """

    id: str
    name: str
    email: str = ""
    active: bool = True
    manager: str = ""
    team: str = ""
    timezone: str = ""
    record: Person | None = None


@dataclass(frozen=True, slots=True)
class SourceStage:
    """A stage of a pipeline. ``position`` counts within the pipeline; ``probability`` is 0..1, None where not said.

    ``status`` is what being in it means; ``archived``: no deal enters it any more.
    """

    id: str
    name: str
    pipeline: str = ""
    pipeline_name: str = ""
    position: int = 0
    probability: float | None = None
    status: DealStatus = DealStatus.OPEN
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A customer verifier that a source names by the playbook's key (CSV and SQL do); others are mapped from fields."""

    key: str
    given_by: str
    given_on: date
    link: str = ""
    expires_on: date | None = None
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class SourceDeal:
    """A deal as it stands. An instant is aware; a date is a date where the CRM keeps one, in no zone.

    ``amount`` None is unknown, which is not 0; ``currency`` "" is the account's. ``started`` is when it entered the
    first qualified stage if the source ``knows_starts``, and else when it was made. ``closed`` is when it was won or
    lost, None while open. ``stage_since`` is when it entered ``stage`` (an id, "" unknown). ``fields`` holds the fields
    that were asked for by name, each as the text shown for it, only those with a value. ``absorbed`` are the ids of
    deals that were merged into it and are no more.
    """

    id: str
    name: str
    status: DealStatus
    owner: str = ""
    stage: str = ""
    amount: float | None = None
    currency: str = ""
    started: datetime | date | None = None
    closed: datetime | date | None = None
    expected_close: date | None = None
    stage_since: datetime | date | None = None
    modified: datetime | None = None
    lost_reason: str = ""
    account: str = ""
    product: str = ""
    list_price: float | None = None
    absorbed: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    given: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class GoneDeal:
    """A deal that was deleted, or archived as if it were; ``at`` None: not known when."""

    id: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StageMove:
    """A deal entered a stage; ``at`` as in ``SourceDeal``."""

    deal: str
    stage: str
    at: datetime | date


@dataclass(frozen=True, slots=True)
class ActivityCount:
    """How many activities of a type (the CRM's word, such as "call") one owner completed on one day of theirs.

    ``deal`` and ``contact`` are "" where the CRM counts without them.
    """

    owner: str
    type: str
    day: date
    count: int
    deal: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class SourceGoal:
    """What one owner's revenue is to be from ``start`` to ``end``, both included; ``currency`` as in SourceDeal."""

    owner: str
    start: date
    end: date
    amount: float
    currency: str = ""


@dataclass(frozen=True, slots=True)
class SourceField:
    """A field of deals that can be mapped to a verifier: ``name`` is what is written in the playbook."""

    name: str
    label: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Days:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def everywhere(self) -> tuple[datetime, datetime]:
        """Return the instants (UTC) from and until which it is one of these days in some zone."""
        start, end = datetime.combine(self.first, time(), UTC), datetime.combine(self.last, time(), UTC)
        return start - _WIDEST_ZONE, end + timedelta(days=1) + _WIDEST_ZONE


class Source(Protocol):
    """One connected CRM, read only. Whatever it yields may be empty; each method raises SourceError.

    ``name`` is its word in commands and tables ("hubspot"), ``title`` what people call it ("HubSpot").
    ``needs`` is all that can be asked of it: nothing else is, and it is shown as "not available", never as 0.
    ``history_batch`` is how many deals to name at once when asking for stage history. ``knows_starts``: it says when a
    deal started; where it doesn't, the playbook says in which stages deals have.
    """

    name: str
    title: str
    needs: frozenset[Need]
    history_batch: int
    knows_starts: bool

    async def account(self) -> Account: ...
    def people(self) -> AsyncIterator[Page[SourcePerson]]:
        """Everybody who can own a deal, those who left too."""

    async def stages(self) -> Page[SourceStage]:
        """Every stage of every pipeline, archived ones too where they can be had."""

    def deals(self, since: datetime | None, cursor: str | None) -> AsyncIterator[Page[SourceDeal]]:
        """Every deal that exists or, with ``since``, at least those changed at or after that instant.

        ``cursor`` goes on after the page that gave it, in the same walk. Raises SourceError with Fault.CURSOR when
        the source no longer takes it: begin again.
        """

    def gone(self, since: datetime | None) -> AsyncIterator[Page[GoneDeal]]:
        """The deals deleted or merged away since then; None: all the source remembers."""

    def history(self, deals: Collection[str]) -> AsyncIterator[Page[StageMove]]:
        """Every stage these deals entered, at most ``history_batch``, in any order; all of one deal on one page."""

    def activities(self, days: Days, zones: Mapping[str, tzinfo]) -> AsyncIterator[Page[ActivityCount]]:
        """What was completed on those days, counted; ``zones`` says in which zone each owner's days are, UTC if none.

        One owner, type, day, deal and contact may come on several pages: the counts add up.
        """

    def goals(self, days: Days) -> AsyncIterator[Page[SourceGoal]]:
        """The goals whose period touches those days."""

    async def fields(self) -> Sequence[SourceField]: ...
    async def close(self) -> None: ...
