"""The manager's week in one message: what waits for a yes, whom to congratulate, whom to meet."""

from __future__ import annotations

from datetime import timedelta

from bot.coaching.commitment import CoachingGoal, GoalState
from bot.coaching.meeting import Meeting
from bot.coaching.records import Person
from bot.services.budget import tell_if_room
from bot.services.office import Office, local_day
from bot.services.ports import Transaction
from bot.services.posting import tell
from bot.services.team_figures import consistency_with
from bot.views import digest as view
from bot.views.speaking import said_to

WEEK = timedelta(days=7)


class Digest:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def send(self, tx: Transaction, manager: Person) -> None:
        """Tell a manager about the week that begins, in the own working hours; nothing where there is nothing.

        What waits for a yes would be lost without it, so it is said whatever the week's budget; the rest can wait.
        """
        reports = await tx.people.reports_of(manager.id)
        if not reports:
            return
        today = local_day(self._office.clock.now(), manager)
        monday = today - timedelta(days=today.weekday())
        meetings, kept = [], []
        for rep in reports:
            planned = await tx.meetings.open_of(rep.id)
            if planned is not None and monday <= planned.appointment.day < monday + WEEK:
                meetings.append((rep, planned))
            kept += [(rep, goal) for goal in await self._kept(tx, rep)]
        names = {rep.id: rep for rep in reports}
        waiting = [(names[goal.rep], goal) for goal in await tx.goals.awaiting(manager.id) if goal.rep in names]
        if not (meetings or kept or waiting):
            return
        steady = await consistency_with(tx, self._office, manager, reports)
        message = said_to(manager, view.digest, manager, steady, waiting, kept, _in_order(meetings))
        key = f"digest:{monday.isoformat()}"
        if waiting:
            await tell(tx, manager, "digest", key, message, await self._office.at_work(tx, manager))
        else:
            await tell_if_room(self._office, tx, manager, "digest", key, message)

    async def _kept(self, tx: Transaction, rep: Person) -> list[CoachingGoal]:
        """Return what a rep kept in the last seven days."""
        since = self._office.clock.now() - WEEK
        found = await tx.goals.of_rep(rep.id, states=frozenset({GoalState.KEPT}))
        return [goal for goal in found if goal.changed_at >= since]


def _in_order(meetings: list[tuple[Person, Meeting]]) -> list[tuple[Person, Meeting]]:
    return sorted(meetings, key=lambda pair: pair[1].appointment.starts_at)
