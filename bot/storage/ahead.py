"""Repositories that are told whom planning will ask about, and read it in a few statements for all of them.

Each answers from what it read and from what it was given to write since, until something else changes it; any other
question goes to the database. So the same use cases plan one rep or a hundred.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.commitment import HELD_BY_REP, CoachingGoal, GoalState
from bot.coaching.meeting import OPEN_STATES, Meeting, MeetingState
from bot.coaching.records import Person, PersonId, Records, WorkingHours
from bot.coaching.rhythm.cadence import CadenceDecision
from bot.services.ports import Outgoing, Standing
from bot.storage.among import among
from bot.storage.cadences import DECISION, StoredCadences
from bot.storage.facts import StoredFacts
from bot.storage.goals import NEWEST_FIRST, StoredGoals, to_goal
from bot.storage.meetings import MEETINGS, StoredMeetings, to_meeting
from bot.storage.outbox import StoredOutbox, to_row
from bot.storage.people import WITH_ACCOUNT, StoredPeople, to_hours
from bot.storage.standings import StoredStandings, to_standing
from bot.storage.tables import cadence_decision, goal, meeting, outbox, person, standing, working_hours
from bot.storage.values import CADENCE_DECISION

Ids = frozenset[PersonId]

_BY_INDEX = text("SET LOCAL enable_seqscan = off")
"""PostgreSQL takes no more than a guess at tables that it hasn't analysed yet, such as after a first import, and would
read them whole each time: ten thousand people would be looked at in a time that grows with their square."""

_INSERT_MESSAGE = outbox.insert()
_MANAGERS = select(person.c.manager_id).where(among(person.c.id, "people"), person.c.manager_id.is_not(None)).distinct()
_PEOPLE = WITH_ACCOUNT.where(or_(among(person.c.id, "both"), among(person.c.manager_id, "managers")))
_PEOPLE_BY_NAME = _PEOPLE.order_by(person.c.name, person.c.id)
_HOURS = select(working_hours).where(among(working_hours.c.manager, "managers"))
_OPEN = MEETINGS.where(
    meeting.c.state.in_(sorted(OPEN_STATES)), or_(among(meeting.c.rep, "both"), among(meeting.c.manager, "both"))
)
_EARLIER = meeting.alias()
_LAST = (
    select(_EARLIER.c.id)
    .where(_EARLIER.c.rep == person.c.id, _EARLIER.c.state == MeetingState.HELD)
    .order_by(_EARLIER.c.starts_at.desc(), _EARLIER.c.id.desc())
    .limit(1)
)
_LAST_OF_EACH = select(_LAST.scalar_subquery()).where(among(person.c.id, "people"))
_BY_ID = MEETINGS.where(among(meeting.c.id, "meetings"))
_NEWEST = (
    select(func.max(cadence_decision.c.id))
    .where(among(cadence_decision.c.rep, "people"))
    .group_by(cadence_decision.c.rep)
)
_LATEST = select(cadence_decision.c.rep, DECISION).where(cadence_decision.c.id.in_(_NEWEST))
_STANDINGS = select(standing).where(or_(among(standing.c.rep, "people"), among(standing.c.manager, "managers")))
_GOALS = select(goal).where(among(goal.c.rep, "people"), among(goal.c.state, "states"))
_GOALS_NEWEST_FIRST = _GOALS.order_by(*NEWEST_FIRST)
_TAKEN = select(outbox.c.key).where(among(outbox.c.key, "keys"))


class PeopleAhead(StoredPeople):
    """People, their managers, and of these the hours and the other reports."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._hours: dict[PersonId, WorkingHours | None] = {}
        self._reports: dict[PersonId, list[Person]] = {}
        self._held: set[PersonId] = set()

    async def hold(self, *people: PersonId) -> None:
        """Who is held already stays as they were read: nobody else plans for them. SQLite has everybody held."""
        if not is_alone(self._connection) and not self._held.issuperset(people):
            await super().hold(*people)
            self._held.update(people)

    async def read(self, people: Ids) -> Ids:
        """Returns the people's managers."""
        self.read_anew()
        ids = frozenset(await self._connection.scalars(_MANAGERS, {"people": people}))
        self._people = dict.fromkeys(people | ids)
        self._accounts = dict.fromkeys(people | ids)
        self._reports = {manager: [] for manager in ids}
        for row in await self._connection.execute(_PEOPLE_BY_NAME, {"both": people | ids, "managers": ids}):
            known = self._keep(row)
            if known.active and known.manager_id in self._reports:
                self._reports[known.manager_id].append(known)
        await self.leave_of(*(people | ids))
        return ids

    async def read_hours(self, managers: Ids) -> None:
        self._hours = dict.fromkeys(managers)
        for row in await self._connection.execute(_HOURS, {"managers": managers}):
            self._hours[row.manager] = to_hours(row)

    def read_anew(self) -> None:
        super().read_anew()
        self._hours = {}
        self._reports = {}

    async def reports_of(self, manager: PersonId) -> tuple[Person, ...]:
        known = self._reports.get(manager)
        return await super().reports_of(manager) if known is None else tuple(known)

    async def hours_of(self, manager: PersonId) -> WorkingHours | None:
        return self._hours[manager] if manager in self._hours else await super().hours_of(manager)

    async def set_hours(self, manager: PersonId, hours: WorkingHours) -> None:
        await super().set_hours(manager, hours)
        self._hours = {}


class MeetingsAhead(StoredMeetings):
    """The open 1:1s in which people and their managers take part, and the last one held."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._open: dict[PersonId, list[Meeting]] = {}
        self._held: dict[PersonId, Meeting | None] = {}

    async def read(self, people: Ids, managers: Ids) -> None:
        both = people | managers
        self._open = {one: [] for one in both}
        for one in map(to_meeting, await self._connection.execute(_OPEN, {"both": both})):
            self._keep(one)

    async def read_last(self, people: Ids) -> None:
        self._held = dict.fromkeys(people)
        held = [one for one in await self._connection.scalars(_LAST_OF_EACH, {"people": people}) if one is not None]
        if not held:
            return
        for one in map(to_meeting, await self._connection.execute(_BY_ID, {"meetings": held})):
            self._held[one.rep] = one

    async def open_of(self, rep: PersonId) -> Meeting | None:
        if rep not in self._open:
            return await super().open_of(rep)
        return next((one for one in self._open[rep] if one.rep == rep), None)

    async def last_held(self, rep: PersonId) -> Meeting | None:
        return self._held[rep] if rep in self._held else await super().last_held(rep)

    async def of_manager(self, manager: PersonId, *, states: frozenset[MeetingState]) -> tuple[Meeting, ...]:
        if states != OPEN_STATES or manager not in self._open:
            return await super().of_manager(manager, states=states)
        theirs = (one for one in self._open[manager] if one.manager == manager)
        return tuple(sorted(theirs, key=lambda one: (one.appointment.starts_at, one.id)))

    async def add(self, one: Meeting) -> None:
        await super().add(one)
        self._keep(one)

    async def save(self, one: Meeting, *, was: Meeting) -> bool:
        self._open, self._held = {}, {}
        return await super().save(one, was=was)

    def _keep(self, one: Meeting) -> None:
        for who in (one.rep, one.manager):
            if who in self._open:
                self._open[who].append(one)


class CadencesAhead(StoredCadences):
    """The latest decision about each."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._latest: dict[PersonId, CadenceDecision | None] = {}

    async def read(self, people: Ids) -> None:
        self._latest = dict.fromkeys(people)
        for rep, decision in await self._connection.execute(_LATEST, {"people": people}):
            self._latest[rep] = CADENCE_DECISION.read_json(decision)

    async def latest(self, rep: PersonId) -> CadenceDecision | None:
        return self._latest[rep] if rep in self._latest else await super().latest(rep)

    async def add(self, rep: PersonId, decision: CadenceDecision) -> None:
        await super().add(rep, decision)
        self._latest[rep] = decision


class StandingsAhead(StoredStandings):
    """The standing places of people and of all who meet their managers."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._of_rep: dict[PersonId, Standing | None] = {}
        self._of_manager: dict[PersonId, dict[PersonId, Standing]] = {}

    async def read(self, people: Ids, managers: Ids) -> None:
        self._of_rep = dict.fromkeys(people)
        self._of_manager = {manager: {} for manager in managers}
        for one in map(
            to_standing, await self._connection.execute(_STANDINGS, {"people": people, "managers": managers})
        ):
            self._keep(one)

    async def get(self, rep: PersonId) -> Standing | None:
        return self._of_rep[rep] if rep in self._of_rep else await super().get(rep)

    async def of_manager(self, manager: PersonId) -> tuple[Standing, ...]:
        if manager not in self._of_manager:
            return await super().of_manager(manager)
        return tuple(sorted(self._of_manager[manager].values(), key=lambda one: (one.weekday, one.at, one.rep)))

    async def put(self, one: Standing) -> None:
        await super().put(one)
        for others in self._of_manager.values():
            others.pop(one.rep, None)
        self._keep(one)

    def _keep(self, one: Standing) -> None:
        self._of_rep[one.rep] = one
        if one.manager in self._of_manager:
            self._of_manager[one.manager][one.rep] = one


class GoalsAhead(StoredGoals):
    """The goals of people that are in some states."""

    def __init__(self, connection: AsyncConnection, states: frozenset[GoalState]) -> None:
        super().__init__(connection)
        self._states = states
        self._of_rep: dict[PersonId, tuple[CoachingGoal, ...]] = {}

    async def read(self, people: Ids) -> None:
        found: dict[PersonId, list[CoachingGoal]] = defaultdict(list)
        rows = await self._connection.execute(_GOALS_NEWEST_FIRST, {"people": people, "states": sorted(self._states)})
        for one in map(to_goal, rows):
            found[one.rep].append(one)
        self._of_rep = {rep: tuple(found[rep]) for rep in people}

    async def of_rep(self, rep: PersonId, *, states: frozenset[GoalState] | None = None) -> tuple[CoachingGoal, ...]:
        if states is None or not states <= self._states or rep not in self._of_rep:
            return await super().of_rep(rep, states=states)
        return tuple(one for one in self._of_rep[rep] if one.state in states)

    async def add(self, one: CoachingGoal, *, by: PersonId | None) -> None:
        self._of_rep = {}
        await super().add(one, by=by)

    async def save(self, one: CoachingGoal, *, was: CoachingGoal, by: PersonId | None) -> bool:
        self._of_rep = {}
        return await super().save(one, was=was, by=by)


class OutboxAhead(StoredOutbox):
    """Knows of some keys that no message has them."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._free: set[str] = set()

    async def read(self, keys: Collection[str]) -> None:
        taken = await self._connection.scalars(_TAKEN, {"keys": keys})
        self._free = set(keys).difference(taken)

    async def put(self, one: Outgoing) -> None:
        if one.key not in self._free:
            return await super().put(one)
        self._free.discard(one.key)
        await self._connection.execute(_INSERT_MESSAGE, [to_row(one)])
        return None


class FactsAhead(StoredFacts):
    """Knows the version of the records."""

    def __init__(self, connection: AsyncConnection, people: StoredPeople) -> None:
        super().__init__(connection, people)
        self._version: int | None = None

    async def read(self) -> None:
        self._version = await super().version()

    async def version(self) -> int:
        return await super().version() if self._version is None else self._version

    async def upsert(self, records: Records) -> dict[str, int]:
        self._version = None
        return await super().upsert(records)


def is_alone(connection: AsyncConnection) -> bool:
    """Whether nobody else writes while a transaction goes on: what it read stays so."""
    return connection.dialect.name == "sqlite"


class Ahead:
    """The repositories that read ahead, of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._stays = is_alone(connection)
        self._by_index = self._stays
        self._known: Ids = frozenset()
        self._managers: Ids = frozenset()
        self.people = PeopleAhead(connection)
        self.facts = FactsAhead(connection, self.people)
        self.meetings = MeetingsAhead(connection)
        self.cadences = CadencesAhead(connection)
        self.standings = StandingsAhead(connection)
        self.goals = GoalsAhead(connection, HELD_BY_REP)
        self.outbox = OutboxAhead(connection)

    async def read(self, people: Ids) -> None:
        """Read who they are and what is open for them, unless it was read and can't be otherwise by now."""
        if self._stays and people <= self._known:
            return
        if not self._by_index:
            await self._connection.execute(_BY_INDEX)
            self._by_index = True
        self._known = people
        self._managers = await self.people.read(people)
        await self.meetings.read(people, self._managers)
        await self.goals.read(people)

    async def read_for_plans(self, people: Ids, messages: Collection[str]) -> None:
        """Read what decides when they meet, too."""
        await self.read(people)
        await self.people.read_hours(self._managers)
        await self.facts.read()
        await self.meetings.read_last(people)
        await self.cadences.read(people)
        await self.standings.read(people, self._managers)
        await self.outbox.read(messages)
