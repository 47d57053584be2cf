"""The manager's week in one message: what waits for a yes, whom to congratulate, whom to meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.coaching.commitment import CoachingGoal, GoalState
from bot.coaching.meeting import Meeting
from bot.coaching.records import Person
from bot.coaching.rhythm.wall_time import instant
from bot.coaching.said import say
from bot.errors import StaleError
from bot.services import access
from bot.services.budget import tell_if_room
from bot.services.office import Office, local_day
from bot.services.ports import Transaction
from bot.services.posting import tell
from bot.services.team_figures import consistency_with
from bot.views import digest as view
from bot.views.speaking import said_to

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Week:
    """What waits for a manager's yes, what was kept, and the 1:1s of a week, each with its rep."""

    waiting: list[tuple[Person, CoachingGoal]]
    kept: list[tuple[Person, CoachingGoal]]
    meetings: list[tuple[Person, Meeting]]


class Digest:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def send(self, tx: Transaction, manager: Person) -> None:
        """Tell a manager about the week that begins, in the own working hours; nothing where there is nothing.

        What waits for a yes would be lost without it, so it is said whatever the week's budget; the rest can wait.
        """
        monday = self._monday(manager)
        reports = await tx.people.reports_of(manager.id)
        week = await self._week(tx, manager, reports, monday, self._office.clock.now() - WEEK)
        if not (week.meetings or week.kept or week.waiting):
            return
        steady = await consistency_with(tx, self._office, manager, reports)
        message = said_to(
            manager, view.digest, manager, monday, steady, week.waiting, week.kept, _in_order(week.meetings)
        )
        key = f"digest:{monday.isoformat()}"
        if week.waiting:
            await tell(tx, manager, "digest", key, message, await self._office.at_work(tx, manager))
        else:
            await tell_if_room(self._office, tx, manager, "digest", key, message)

    async def whole(self, monday: date, user: str) -> dict[str, Any]:
        """Return the modal with all of the asker's own week as it stands now. Raises StaleError once it is over."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            if monday != self._monday(asker):
                raise StaleError(say("That week is over. My Home tab shows what waits for you now."))
            reports = await tx.people.reports_of(asker.id)
            since = instant(monday - WEEK, time(0), asker.timezone)
            week = await self._week(tx, asker, reports, monday, since)
            steady = await consistency_with(tx, self._office, asker, reports)
            return view.whole_week(asker, steady, week.waiting, week.kept, _in_order(week.meetings))

    def _monday(self, manager: Person) -> date:
        today = local_day(self._office.clock.now(), manager)
        return today - timedelta(days=today.weekday())

    async def _week(
        self, tx: Transaction, manager: Person, reports: Sequence[Person], monday: date, since: datetime
    ) -> _Week:
        """Return what is of a week that begins on ``monday``; what was kept from ``since`` on is to congratulate on."""
        meetings, kept = [], []
        for rep in reports:
            planned = await tx.meetings.open_of(rep.id)
            if planned is not None and monday <= planned.appointment.day < monday + WEEK:
                meetings.append((rep, planned))
            kept += [(rep, goal) for goal in await self._kept(tx, rep, since)]
        names = {rep.id: rep for rep in reports}
        awaiting = await tx.goals.awaiting(manager.id) if reports else ()
        return _Week([(names[goal.rep], goal) for goal in awaiting if goal.rep in names], kept, meetings)

    async def _kept(self, tx: Transaction, rep: Person, since: datetime) -> list[CoachingGoal]:
        found = await tx.goals.of_rep(rep.id, states=frozenset({GoalState.KEPT}))
        return [goal for goal in found if goal.changed_at >= since]


def _in_order(meetings: list[tuple[Person, Meeting]]) -> list[tuple[Person, Meeting]]:
    return sorted(meetings, key=lambda pair: pair[1].appointment.starts_at)
