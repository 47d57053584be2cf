"""What the use cases need of the outside world, as Protocols; adapters satisfy them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Protocol

from bot.coaching.commitment import CoachingGoal, GoalId, GoalState
from bot.coaching.meeting import Meeting, MeetingId, MeetingState
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Activity, Deal, DealId, Leave, Person, PersonId, Records, Verifier, WorkingHours
from bot.coaching.rhythm.cadence import CadenceDecision
from bot.coaching.rhythm.free_times import Span
from bot.coaching.rhythm.market import MarketProposal
from bot.coaching.winning.evidence import Recording
from bot.services.calendar_ports import CalendarEntries, TakenTimes
from bot.services.sync_ports import Connections, Syncs
from bot.views.message import Message


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class DutyKind(StrEnum):
    """What falls due at an instant."""

    PLAN = "plan"
    PROMPT = "prompt"
    PUBLISH = "publish"
    START = "start"
    ASK_TO_CLOSE = "ask_to_close"
    LAPSE = "lapse"
    REMIND = "remind"


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do at ``due_at`` (UTC) about ``subject``: a meeting's id, or a rep's for PLAN and REMIND.

    ``key`` is unique for ever: a duty that was done is never due again under its key. ``failures`` counts in how many
    attempts it couldn't be done.
    """

    key: str
    kind: DutyKind
    subject: str
    due_at: datetime
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Received:
    """What came in from Slack under ``key`` at ``at``, and as much of it (JSON) as doing it needs."""

    key: str
    body: dict[str, Any]
    at: datetime


class Surface(StrEnum):
    MESSAGE = "message"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What one person is to see under ``key``: one message in Slack for ever, rewritten as things change.

    Putting a second Outgoing with the same key replaces the first: it is posted once and updated afterwards.
    ``urgent`` answers to a person's click overtake batches. After ``expires_at`` a message not yet posted never is.
    """

    key: str
    to: PersonId
    kind: str
    message: Message
    due_at: datetime
    urgent: bool = False
    expires_at: datetime | None = None
    surface: Surface = Surface.MESSAGE


@dataclass(frozen=True, slots=True)
class SlackAccount:
    """How a person is known in Slack. ``zone`` is what Slack says (IANA) and overrides the records' zone."""

    person: PersonId
    user: str
    zone: str | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A rep's fixed weekday (Monday 0) and wall time for 1:1s, in ``zone``, which is the manager's."""

    rep: PersonId
    manager: PersonId
    weekday: int
    at: time
    zone: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a rep said of a goal in one week (``week`` is its Monday)."""

    goal: GoalId
    week: date
    result: str
    number: float | None
    at: datetime


class ForecastKind(StrEnum):
    """What was told: a chance of making a goal, or a range of how many there will be."""

    CHANCE = "chance"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class ToldForecast:
    """A forecast as it was shown, about the days ``first_day`` to ``last_day``, both included; ``key`` is unique.

    A chance is ``expected``, 0..1, that ``goal`` dollars are won, and ``happened`` the dollars that were. A range is
    from ``low`` to ``high`` around ``expected`` starts, and ``happened`` those there were. None until it is over.
    """

    key: str
    kind: ForecastKind
    rep: PersonId
    made_on: date
    first_day: date
    last_day: date
    expected: float
    sentence: str
    low: float | None = None
    high: float | None = None
    goal: float | None = None
    happened: float | None = None


def range_key(goal: GoalId) -> str:
    """Return under which key the forecast of a goal's activities is kept."""
    return f"range:{goal}"


class People(Protocol):
    async def get(self, person: PersonId) -> Person | None: ...
    async def hold(self, *people: PersonId) -> None:
        """Let others who hold one of these people wait until this transaction ends.

        Lock in this order, so that nobody waits for one another: a duty, its 1:1, then people, all of them at once.
        """

    async def all(self) -> tuple[Person, ...]:
        """Everybody, also those who left, by name."""

    async def by_team(self) -> tuple[PersonId, ...]:
        """Everybody's id, also those of who left; those who have one manager stand together."""

    async def reports_of(self, manager: PersonId) -> tuple[Person, ...]:
        """The active people whose manager this is, by name."""

    async def by_slack(self, user: str) -> Person | None: ...
    async def account_of(self, person: PersonId) -> SlackAccount | None: ...
    async def accounts(self) -> tuple[SlackAccount, ...]: ...
    async def link(self, account: SlackAccount) -> None:
        """Insert or replace the person's account; the zone also becomes the person's time zone when given."""

    async def unmatched(self) -> int:
        """How many active people have no live account in Slack."""

    async def hours_of(self, manager: PersonId) -> WorkingHours | None: ...
    async def set_hours(self, manager: PersonId, hours: WorkingHours) -> None: ...
    async def leave_of(self, *people: PersonId) -> tuple[Leave, ...]:
        """By first day."""

    async def add_leave(self, leave: Leave) -> None: ...
    async def remove_leave(self, person: PersonId, first: date, last: date) -> bool:
        """False where there is no leave of just these days."""

    async def set_awesome(self, person: PersonId, amount: float | None) -> None: ...


class Facts(Protocol):
    """The imported records."""

    async def version(self) -> int:
        """Grows by one with each import, so that what was computed from the records can be kept."""

    async def imported_at(self) -> datetime | None:
        """When the last import was, by the database's clock; None before the first."""

    async def load(self) -> Records: ...
    async def activities_of(self, rep: PersonId, since: date) -> tuple[Activity, ...]:
        """What a rep did on that day and after it, by day."""

    async def upsert(self, records: Records) -> dict[str, int]:
        """Insert or replace by id; returns how many rows of each table came. People keep awesome and Slack zone.

        What was recorded in Slack of a verifier stays too: an import may end it, never give it back.
        """


class Evidence(Protocol):
    """What customers gave, as reps record it in Slack; each recording makes the records' version grow."""

    async def hold(self) -> None:
        """Let imports and other recordings wait until this transaction ends, so that what is read here stays true."""

    async def deal(self, deal_id: DealId) -> Deal | None: ...
    async def of_deal(self, deal_id: DealId) -> tuple[Verifier, ...]:
        """All that was ever given for a deal, imported or recorded, also what no longer holds; the oldest first."""

    async def record(self, given: Verifier, *, by: PersonId, at: datetime) -> None:
        """Insert, or replace by deal, key and day: so also what was withdrawn holds again."""

    async def withdraw(self, given: Verifier, on: date, *, by: PersonId, at: datetime) -> None:
        """Let what is there stop holding from that day on."""

    async def since(self, deals: Collection[DealId], instant: datetime) -> tuple[Recording, ...]:
        """What was recorded and withdrawn in Slack at or after an instant, the oldest first."""


class Directory(Protocol):
    """Who has an account in Slack. Asking goes over the network, so never inside a transaction."""

    async def accounts(
        self, people: Collection[Person], known: Collection[SlackAccount] = ()
    ) -> tuple[SlackAccount, ...]:
        """Return the accounts of those who are found by their e-mail address, or else by the account in ``known``.

        Raises CadenceError when Slack doesn't answer.
        """

    async def is_person(self, user: str) -> bool:
        """Whether a live account is a human's and no app's. Raises TryLaterError when Slack doesn't answer soon."""


class Calendars(Protocol):
    """What people's own calendars say."""

    async def busy(self, person: PersonId, start: datetime, end: datetime) -> tuple[Span, ...]:
        """Return when somebody can't meet between two aware instants, each from its start until before its end.

        It is asked inside a transaction: an adapter answers from its own copy and never goes over the network. Who
        has no calendar here, or one that can't be read, is never busy: the 1:1 hours decide.
        """


class Meetings(Protocol):
    async def get(self, meeting: MeetingId, *, lock: bool = False) -> Meeting | None: ...
    async def add(self, meeting: Meeting) -> None: ...
    async def save(self, meeting: Meeting, *, was: Meeting) -> bool:
        """Compare-and-set on state and version; saves with version + 1. False: somebody else was faster."""

    async def open_of(self, rep: PersonId) -> Meeting | None: ...
    async def all_open(self) -> tuple[Meeting, ...]:
        """Everybody's, by starting instant."""

    async def last_held(self, rep: PersonId) -> Meeting | None: ...
    async def of_rep(self, rep: PersonId) -> tuple[Meeting, ...]:
        """All, newest first."""

    async def latest_of(self, event: str) -> Meeting | None:
        """What became last of the 1:1 that calendars know by ``event``, however often it moved."""

    async def of_manager(self, manager: PersonId, *, states: frozenset[MeetingState]) -> tuple[Meeting, ...]:
        """By starting instant."""

    async def with_person(self, person: PersonId, since: datetime) -> tuple[Meeting, ...]:
        """Those of a rep or a manager that start at or after an instant, in whatever state, by starting instant."""

    async def freeze_agenda(self, meeting: MeetingId, agenda: PreRead) -> None: ...
    async def agenda(self, meeting: MeetingId) -> PreRead | None: ...
    async def last_agenda(self, rep: PersonId) -> PreRead | None:
        """The frozen agenda of the rep's latest 1:1 that has one."""


class Goals(Protocol):
    async def get(self, goal: GoalId) -> CoachingGoal | None: ...
    async def add(self, goal: CoachingGoal, *, by: PersonId | None) -> None:
        """``by`` None is the bot, which offers."""

    async def save(self, goal: CoachingGoal, *, was: CoachingGoal, by: PersonId | None) -> bool:
        """Compare-and-set on state and version; keeps every version. ``goal.version`` is stored as given."""

    async def of_rep(self, rep: PersonId, *, states: frozenset[GoalState] | None = None) -> tuple[CoachingGoal, ...]:
        """Newest first."""

    async def of_meeting(self, meeting: MeetingId) -> tuple[CoachingGoal, ...]: ...
    async def ids(self, states: frozenset[GoalState]) -> frozenset[GoalId]:
        """Everybody's goals in these states."""

    async def awaiting(self, manager: PersonId) -> tuple[CoachingGoal, ...]:
        """Accepted by a rep, not yet approved by this manager."""

    async def report(self, report: Report) -> None:
        """Insert or replace the week's report."""

    async def reports(self, goal: GoalId) -> tuple[Report, ...]: ...
    async def history(self, goal: GoalId) -> tuple[CoachingGoal, ...]:
        """Every version and state, oldest first."""


class Cadences(Protocol):
    async def latest(self, rep: PersonId) -> CadenceDecision | None: ...
    async def add(self, rep: PersonId, decision: CadenceDecision) -> None: ...


class Forecasts(Protocol):
    async def keep(self, told: ToldForecast) -> None:
        """Insert; what is there under its key stays as it was shown."""

    async def get(self, key: str) -> ToldForecast | None: ...
    async def open_before(self, day: date) -> tuple[ToldForecast, ...]:
        """Those not settled whose last day is before ``day``, the oldest first."""

    async def settle(self, key: str, happened: float) -> None:
        """Write down what came, once."""

    async def settled(self, kind: ForecastKind) -> tuple[ToldForecast, ...]:
        """Everybody's, the oldest first."""


class MarketProposals(Protocol):
    async def get(self, proposal: str) -> MarketProposal | None: ...
    async def latest(self, manager: PersonId) -> MarketProposal | None:
        """The one asked last."""

    async def add(self, one: MarketProposal) -> bool:
        """False: this manager was asked on that day already."""

    async def save(self, one: MarketProposal, *, was: MarketProposal) -> bool:
        """Compare-and-set on answer and version; ``one`` is stored as given. False: somebody else was faster."""


class Standings(Protocol):
    async def get(self, rep: PersonId) -> Standing | None: ...
    async def of_manager(self, manager: PersonId) -> tuple[Standing, ...]: ...
    async def put(self, standing: Standing) -> None: ...


class Duties(Protocol):
    async def put(self, *duties: Duty) -> frozenset[str]:
        """Insert; a waiting duty of the same key takes the new ``due_at``, one that was done stays done.

        One that failed and was put off takes only a later instant. Returns the keys that had to be written: of several,
        those that are there just so have not.
        """

    async def add(self, *duties: Duty) -> None:
        """As ``put`` for those of something new: nobody looks whether they are there."""

    async def failing(self, kind: DutyKind) -> frozenset[str]:
        """The subjects of waiting duties that were put off."""

    async def failures(self) -> dict[str, int]:
        """How many waiting duties were put off, by kind; every kind is there."""

    async def put_off(self, failed: Duty, due_at: datetime) -> None:
        """Let a duty that failed wait until ``due_at``, and count one failure more than it was claimed with."""

    async def withdraw(self, subject: str, kinds: frozenset[DutyKind] | None = None) -> None:
        """Remove the waiting duties about ``subject``. One that another transaction has claimed is not waited for."""

    async def claim(self, now: datetime, limit: int) -> tuple[Duty, ...]:
        """The oldest due duties, locked to this transaction (SKIP LOCKED) and marked done when it commits."""

    async def claim_alike(
        self, first: Duty, now: datetime, limit: int, *, but: Collection[str] = ()
    ) -> tuple[Duty, ...]:
        """More of the due duties of the first one's kind, claimed likewise, but for those about some subjects."""

    async def release(self, *duties: Duty) -> None:
        """Give back what was claimed in this transaction, as if it never had been."""

    async def next_due(self) -> datetime | None: ...
    async def forget(self, before: datetime) -> int:
        """Delete what was done and was due before an instant; returns how many."""


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """The secret address of a person's calendar; ``digest`` is the SHA-256 of the secret, in hex."""

    person: PersonId
    digest: str
    made_at: datetime


class CalendarFeeds(Protocol):
    async def of_person(self, person: PersonId) -> CalendarFeed | None: ...
    async def by_digest(self, digest: str) -> CalendarFeed | None: ...
    async def put(self, feed: CalendarFeed) -> None:
        """Insert or replace the person's address."""

    async def remove(self, person: PersonId) -> bool:
        """Return whether there was one."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """When a message that was never posted is due, and from when on it isn't worth saying any more."""

    key: str
    due_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A message that never gets through: Slack answered ``error`` at ``at`` by the database's clock.

    Or it was TOO_LATE, then by the bot's.
    """

    key: str
    to: PersonId
    kind: str
    error: str
    at: datetime


TOO_LATE = "too_late"
"""The error of a message that was no longer worth saying before it could be posted."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """What Slack's answers to a message mean, and what helps.

    After one of ``stops`` nothing gets through until somebody acts; one of ``gone`` says that the person's account is
    deactivated. ``remedy`` is a sentence for an admin.
    """

    stops: frozenset[str]
    gone: frozenset[str]
    remedy: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that keeps the bot from working with Slack, by the bot's clock; ``over_at`` is None while it lasts."""

    key: str
    began_at: datetime
    over_at: datetime | None = None


class Troubles(Protocol):
    async def begin(self, key: str, now: datetime, again_within: timedelta) -> Trouble:
        """Return the trouble that lasts under ``key``; it begins now unless it lasts already.

        One that was over for less than ``again_within`` goes on, with the instant it first began.
        """

    async def end(self, key: str, now: datetime) -> Trouble | None:
        """Return the trouble, over now; None when none lasted."""

    async def open(self) -> tuple[Trouble, ...]:
        """Those that last, by key."""


class Outbox(Protocol):
    async def put(self, outgoing: Outgoing) -> None: ...
    async def withdraw(self, key: str) -> None:
        """Give up a message not yet posted; one that was posted stays."""

    async def exists(self, key: str) -> bool:
        """Whether a message was ever put under this key and not withdrawn before it was posted."""

    async def depth(self) -> dict[str, int]:
        """How many messages are pending, sending and failed, each named also with 0."""

    async def is_posted(self, key: str) -> bool:
        """Whether Slack shows the message of this key: what is put again under it then rewrites it."""

    async def begun(self, person: PersonId, kinds: Collection[str], since: datetime, until: datetime) -> int:
        """How many messages of some kinds somebody got, or is to get, from an instant until before another.

        Each counts once, when it was first to be said, however often it is rewritten; what was never said doesn't.
        """

    async def unsaid(self, key: str) -> Message | None:
        """The message of this key as it waits to be posted; None once it is, or where there is none."""

    async def waiting_for(self, person: PersonId, after: datetime) -> tuple[Waiting, ...]:
        """The messages for somebody that were never posted and are due later than an instant, by key."""

    async def time_anew(self, waiting: Waiting, due_at: datetime) -> None:
        """Let a message that still waits just so be due at another instant."""

    async def given_up(self, now: datetime, within: timedelta) -> tuple[GivenUp, ...]:
        """Messages that failed for good or expired unsaid in the time ``within`` up to now; by key.

        A failure counts by the database's clock, and expiry by the bot's, which is ``now``.
        """

    async def lay_down(self, keys: Collection[str]) -> None:
        """Let messages that failed rest as withdrawn: put again, the same words are sent."""

    async def waiting_because(self, errors: Collection[str]) -> Mapping[str, int]:
        """How many messages wait to be tried again after each of these errors, to people who can be written to."""

    async def forget(self, before: datetime, *, keep: Callable[[str], bool]) -> int:
        """Delete messages that rest and were due before an instant, but for keys to keep; returns how many.

        A message put again under a forgotten key is posted anew. The App Home is never forgotten.
        """

    async def came_back(self, *, again: Callable[[str], bool]) -> int:
        """Note that the database came back from a backup; returns how many messages are rewritten for it.

        For a month every first post is then a suspect, for it may have been posted since the backup. Messages that
        were posted before, if ``again`` says so of their key, are shown once more as they are stored.
        """


class Homes(Protocol):
    """Whose home tab no longer shows how things stand."""

    async def mark(self, *people: PersonId, at: datetime) -> None:
        """Let those of the people who have opened their home tab see it anew; many marks are one."""

    async def mark_all(self, at: datetime) -> None:
        """Mark everybody who has opened it, as on each new day."""

    async def take(self) -> PersonId | None:
        """Return who was marked first and end the mark with this transaction; None when nobody is."""

    async def forget(self, person: PersonId) -> None:
        """End a person's mark."""


class Inbox(Protocol):
    async def first_time(self, key: str, at: datetime) -> bool:
        """True once for each key, until it is forgotten: the guard against an event or a click that comes twice."""

    async def write_down(self, *received: Received) -> frozenset[str]:
        """Keep what came in until it is worked off; returns the keys that came for the first time."""

    async def work_off(self, key: str) -> bool:
        """Let go of what was written down; True once, for whoever does it in the transaction of its effect."""

    async def waiting(self, before: datetime) -> tuple[Received, ...]:
        """What was written down by an instant and isn't worked off, the oldest first."""

    async def forget(self, before: datetime) -> int:
        """Delete what came before an instant, but for what still waits to be worked off; returns how many."""


class Transaction(Protocol):
    """Everything in it commits together when the block ends, and nothing does when it raises."""

    async def ahead(self, people: Collection[PersonId], messages: Collection[str] = ()) -> None:
        """Make it cheap to plan for many: read now what planning asks of them, and write together what it puts.

        ``messages`` are the keys under which it may put messages. Every answer is the same as without it.
        """

    people: People
    facts: Facts
    evidence: Evidence
    meetings: Meetings
    goals: Goals
    cadences: Cadences
    forecasts: Forecasts
    market_proposals: MarketProposals
    standings: Standings
    calendar_feeds: CalendarFeeds
    calendar_entries: CalendarEntries
    taken_times: TakenTimes
    connections: Connections
    syncs: Syncs
    duties: Duties
    homes: Homes
    outbox: Outbox
    inbox: Inbox
    troubles: Troubles


class Store(Protocol):
    def transaction(self) -> AbstractAsyncContextManager[Transaction]: ...
    def reading(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction that only reads, all of it as of one instant, and that no other waits for."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """An outbox row leased for sending.

    ``ts`` and ``channel`` are set when the message was posted before: then it is updated. ``suspect_since`` is when the
    first attempt began whose end is unknown, ``suspect_until`` when the last one did: before anything is posted
    again the history is read from the first, and a quarantine since the last has to pass. Both are None without such.
    ``revision`` is the payload's; a newer payload put meanwhile keeps the row pending.
    ``due_at`` is by the bot's clock.
    """

    id: int
    key: str
    to: PersonId
    kind: str
    surface: Surface
    message: Message
    revision: int
    attempt: int
    user: str
    channel: str | None
    ts: str | None
    suspect_since: datetime | None
    suspect_until: datetime | None
    due_at: datetime


class Deliveries(Protocol):
    """The lease protocol of delivery; each method is one short transaction of its own."""

    async def claim(
        self, now: datetime, limit: int, lease_seconds: float, *, rewrites: int | None = None
    ) -> tuple[Claimed, ...]:
        """Lease due rows of active people with a live Slack account, urgent first, then oldest.

        At most ``rewrites`` of them rewrite what Slack shows already; None sets no such limit.

        ``now`` is the bot's clock (it decides what is due); leases run on the database's own clock, so that a frozen
        or sped-up bot clock can't break them. Rows past ``expires_at`` never posted become "expired" here, and due
        rows of somebody who left "withdrawn", with the reason.
        """

    async def sent(self, claimed: Claimed, channel: str, ts: str) -> bool:
        """Record success of this attempt; False if the lease was lost meanwhile (then nothing changes)."""

    async def retry_at(self, claimed: Claimed, seconds: float, error: str, *, sent_maybe: bool) -> bool:
        """Release for a later attempt, ``seconds`` from the database's now.

        ``sent_maybe`` says that this very attempt may have posted. What earlier ones left in doubt stays so anyway.
        """

    async def give_up(self, claimed: Claimed, error: str) -> bool:
        """A permanent failure, visible to the operator."""

    async def next_due(self) -> datetime | None:
        """The earliest ``due_at`` of rows that still want sending (bot's clock); leased ones count as due."""

    async def depth(self) -> dict[str, int]:
        """How many rows are pending, sending and failed, each named also with 0.

        What was sent, expired or withdrawn isn't counted: that is the whole outbox, and probes ask every few seconds.
        """
