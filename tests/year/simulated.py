"""A year of a company through the store and the services, by a clock that goes from one due thing to the next.

People are at work, on leave and on holiday; most 1:1s are closed in time, some late, some never; some people move to
another zone. What the bot says is taken from its outbox as Slack would take it, and written down with its instant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import available_timezones

from bot.coaching.commitment import CoachingGoal, Fork, GoalId, GoalState, GoalTerms
from bot.coaching.meeting import Meeting, MeetingState
from bot.coaching.records import Leave, Person, PersonId, WorkingHours
from bot.coaching.rhythm.cadence import fix
from bot.storage.store import Database
from tests.company import Company, a_company

COUNTRIES = ("US", "DE", "JP", "BR", "IN", "EG", "AU", None)
INTERVALS = (7, 14, 28)
NIGHT = WorkingHours(weekdays=(4,), opens=time(0), closes=time(3), minutes=30)
"""Hours in which clocks change: a team that works at night has 1:1s at times that don't exist or come twice."""

HELD, HELD_LATE = 0.85, 0.93
NOTICE = timedelta(days=12)
"""So long before it begins a leave is known."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message as Slack first showed it."""

    at: datetime
    key: str
    to: PersonId
    kind: str


@dataclass(slots=True)
class Year:
    """What happened: every post, how often each key was posted, each version of each 1:1, leave, zones since when."""

    people: dict[PersonId, Person]
    posts: list[Post] = field(default_factory=list)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    begun: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    leave: dict[PersonId, list[tuple[date, date]]] = field(default_factory=lambda: defaultdict(list))
    hours: dict[PersonId, WorkingHours] = field(default_factory=lambda: defaultdict(WorkingHours))
    zones: dict[PersonId, list[tuple[datetime, str]]] = field(default_factory=dict)
    goals: dict[PersonId, datetime] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    begins: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    ends: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def zone(self, person: PersonId, at: datetime) -> str:
        """Return the zone in which somebody was at an instant."""
        return [zone for since, zone in self.zones[person] if since <= at][-1]


def all_zones() -> list[str]:
    """Return every zone of tzdata that is a place or an offset, in order."""
    return sorted(available_timezones() - {"localtime", "Factory"})


def company_of(
    zones: Sequence[str], random: Random, countries: Sequence[str | None] = COUNTRIES, *, team: int = 3
) -> tuple[Person, ...]:
    """Return people who live in the zones, one in each, in teams of a manager with so many reps."""
    people: list[Person] = []
    for number, zone in enumerate(zones):
        boss = PersonId(f"p{number - number % (team + 1):03d}")
        me = PersonId(f"p{number:03d}")
        country = random.choice(countries)
        people.append(
            Person(
                me,
                f"Person {number}",
                f"{me}@example.com",
                None if me == boss else boss,
                timezone=zone,
                country=country,
                active=True,
            )
        )
    return tuple(people)


class Simulation:
    def __init__(
        self,
        company: Company,
        people: Sequence[Person],
        random: Random,
        start: datetime,
        intervals: Sequence[int],
        *,
        quiet: bool,
    ) -> None:
        self._company = company
        self._random = random
        self._start = start
        self._intervals = intervals
        self._quiet = quiet
        self._to_do: list[tuple[datetime, str, PersonId, str]] = []
        self._asked: set[str] = set()
        self.year = Year({person.id: person for person in people})
        self.year.zones = {person.id: [(start, person.timezone)] for person in people}

    async def prepare(self, *, nights: Sequence[PersonId] = ()) -> None:
        """Fix each rep's interval, plan leave and moves of people; ``nights`` are managers who meet at night."""
        async with self._company.database.transaction() as tx:
            for manager in nights:
                self.year.hours[manager] = NIGHT
                await tx.people.set_hours(manager, NIGHT)
        for person in self.year.people.values():
            await self._fix_interval(person)
            if self._quiet:
                continue
            for begins in self._days(2):
                self._leave(person.id, begins, self._random.randrange(1, 12))
            if self._random.random() < 1 / 3:
                later = timedelta(days=self._random.randrange(40, 320), minutes=self._random.randrange(1440))
                self._to_do.append((self._start + later, "zone", person.id, self._random.choice(all_zones())))
        self._to_do.sort()
        await self._company.cases.rounds.plan_all()

    async def run(self, days: int) -> Year:
        clock, ticks = self._company.clock, self._company.cases.ticks
        self.year.begins, self.year.ends = self._start, self._start + timedelta(days=days)
        while True:
            await ticks.run_due(clock.now())
            await self._take()
            await self._look()
            dues = [await ticks.next_due(), await self._company.database.deliveries.next_due()]
            dues += [self._to_do[0][0]] if self._to_do else []
            following = max(clock.now(), min(due for due in dues if due is not None))
            if following >= self.year.ends:
                return self.year
            clock.move_to(following)
            await self._do_what_people_do()

    def _days(self, count: int) -> list[date]:
        return [self._start.date() + timedelta(days=self._random.randrange(30, 350)) for _ in range(count)]

    def _leave(self, person: PersonId, begins: date, days: int) -> None:
        last = begins + timedelta(days=days - 1)
        self.year.leave[person].append((begins, last))
        known = datetime.combine(begins, time(10), UTC) - NOTICE
        self._to_do.append((max(known, self._start), "leave", person, f"{begins} {last}"))

    async def _fix_interval(self, person: Person) -> None:
        if person.manager_id is None:
            return
        cadences = self._company.cases.rhythms._cadences
        async with self._company.database.transaction() as tx:
            decision = await cadences.recompute(tx, person)
            interval = self._intervals[int(person.id[1:]) % len(self._intervals)]
            await tx.cadences.add(
                person.id, fix(decision, interval, "it suits us", decision.as_of, self._company.office.maths)
            )

    async def _take(self) -> None:
        """Take what is due to be sent, as Slack would at once."""
        database, now = self._company.database, self._company.clock.now()
        while claimed := await database.deliveries.claim(now, 100, 60):
            for one in claimed:
                if one.ts is None and (until := await self._company.cases.waking.sleeps_until(one)):
                    await database.deliveries.put_off(one, until)
                    continue
                if one.ts is None:
                    self.year.posts.append(Post(now, one.key, one.to, one.kind))
                await database.deliveries.sent(one, f"D-{one.to}", one.ts or str(len(self.year.posts)))

    async def _look(self) -> None:
        """Write down the 1:1s as they are, and let managers decide what became of those that end."""
        now = self._company.clock.now()
        async with self._company.database.transaction() as tx:
            for meeting in await tx.meetings.all_open():
                self.year.meetings[meeting.id] = meeting
                if meeting.state is MeetingState.STARTED and meeting.id not in self._asked:
                    self._asked.add(meeting.id)
                    self.year.begun[meeting.id].append(now)
                    self._decide(meeting)
                    await self._commit_to_something(tx, meeting, now)

    def _decide(self, meeting: Meeting) -> None:
        ends = meeting.appointment.starts_at + timedelta(minutes=meeting.appointment.minutes)
        luck = self._random.random()
        if luck < HELD_LATE:
            later = timedelta(0) if luck < HELD else timedelta(hours=30)
            self._to_do.append((ends + later, "held", meeting.manager, meeting.id))
            self._to_do.sort()

    async def _commit_to_something(self, tx: object, meeting: Meeting, now: datetime) -> None:
        """Give the rep one goal that stays active, so that there is something to ask about each week."""
        if meeting.rep in self.year.goals:
            return
        self.year.goals[meeting.rep] = now
        terms = GoalTerms(
            Fork.GAP, "Call", "Calls", ("Calls",), 5, "calls", now.date() + timedelta(days=900), "At ten.", ""
        )
        goal = CoachingGoal(
            GoalId(f"g-{meeting.rep}"), meeting.rep, meeting.manager, meeting.id, GoalState.ACTIVE, 1, terms, now,
            active_since=now.date(),
        )  # fmt: skip
        await tx.goals.add(goal, by=meeting.rep)  # type: ignore[attr-defined]

    async def _do_what_people_do(self) -> None:
        now, cases = self._company.clock.now(), self._company.cases
        while self._to_do and self._to_do[0][0] <= now:
            _, what, person, detail = self._to_do.pop(0)
            if what == "held":
                await cases.closing.held(self.year.meetings[detail].id, f"U-{person}")
                self.year.held.add(detail)
            elif what == "leave":
                first, last = map(date.fromisoformat, detail.split())
                async with self._company.database.transaction() as tx:
                    await tx.people.add_leave(Leave(person, first, last, ""))
            else:
                self.year.zones[person].append((now, detail))
                await cases.roster.changed(f"U-{person}", email=None, zone=detail, deleted=False)


async def simulate(
    database: Database,
    zones: Sequence[str],
    seed: int,
    start: datetime,
    days: int,
    *,
    nights: int = 0,
    intervals: Sequence[int] = INTERVALS,
    quiet: bool = False,
) -> Year:
    """Return a year of people in these zones; the last ``nights`` teams meet at night.

    ``quiet`` is a year in which nobody has a holiday, takes leave or moves.
    """
    random = Random(seed)  # noqa: S311 - a game, no secret
    people = company_of(zones, random, (None,) if quiet else COUNTRIES)
    company = await a_company(database, people, start=start)
    simulation = Simulation(company, people, random, start, intervals, quiet=quiet)
    managers = [person.id for person in people if person.manager_id is None]
    await simulation.prepare(nights=managers[len(managers) - nights :])
    return await simulation.run(days)
