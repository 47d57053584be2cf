"""A thousand people with something to press: an offered goal, one to approve, or one to report on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from bot.coaching.commitment import CoachingGoal, Fork, GoalId, GoalState, GoalTerms
from bot.coaching.meeting import Appointment, Meeting, MeetingId, MeetingState
from bot.coaching.records import Person, PersonId, Records
from bot.sandbox.people import SandboxPerson
from bot.services.ports import SlackAccount
from bot.storage.engine import connect
from bot.views.ids import ActionId, goal_value, report_value

TEAM = 10
KINDS = (
    (GoalState.OFFERED, ActionId.FORK_YES),
    (GoalState.ACTIVE, ActionId.REPORT_NOT_YET),
    (GoalState.ACCEPTED, ActionId.GOAL_APPROVE),
    (GoalState.ACTIVE, ActionId.REPORT_DONE),
)
"""What each rep's goal is, in turn, and which button is pressed."""


@dataclass(frozen=True)
class Crowd:
    """So many reps, in teams of ten. ``now`` is when the 1:1s of all of them began."""

    reps: int
    now: datetime

    def members(self) -> list[SandboxPerson]:
        return [SandboxPerson(_user(person.id), person.name, person.email) for person in self._people()]

    def clicks(self, numbers: range) -> list[dict[str, Any]]:
        """Return what Slack sends when these reps, or their managers, press."""
        return [self._click(number) for number in numbers]

    async def move_in(self, url: str) -> None:
        """Write everybody with a started 1:1 and a goal into a migrated database."""
        database = connect(url)
        async with database.transaction() as tx:
            await tx.facts.upsert(Records(people=tuple(self._people())))
            for person in self._people():
                await tx.people.link(SlackAccount(person.id, _user(person.id)))
            for number in range(self.reps):
                goal = self._goal(number)
                day = self.now.date()
                when = Appointment(day, time(9), "America/New_York", self.now, 30)
                state = MeetingState.STARTED
                await tx.meetings.add(Meeting(MeetingId(goal.meeting), goal.rep, goal.manager, state, day, when))
                await tx.goals.add(goal, by=None)
            await tx.duties.claim(datetime.now(UTC), self.reps)  # else everybody would be planned for meanwhile
        await database.dispose()

    def _people(self) -> Iterator[Person]:
        for number in range(-(-self.reps // TEAM)):
            yield Person(_manager(number * TEAM), f"Manager {number}", f"m{number}@example.com", country="US")
        for number in range(self.reps):
            name, email = f"Rep {number}", f"r{number}@example.com"
            yield Person(_rep(number), name, email, _manager(number), "Team", country="US")

    def _goal(self, number: int) -> CoachingGoal:
        return CoachingGoal(
            id=GoalId(f"g{number:012x}"),
            rep=_rep(number),
            manager=_manager(number),
            meeting=f"m{number:012x}",
            state=KINDS[number % len(KINDS)][0],
            version=1,
            terms=GoalTerms(
                fork=Fork.GAP,
                title="Ten first calls",
                item="calls",
                path=("revenue", "proposal", "calls"),
                number=10,
                unit="calls",
                due=self.now.date() + timedelta(days=14),
                plan="Tuesdays at 9, at my desk",
                why="",
            ),
            changed_at=self.now,
            active_since=self.now.date(),
        )

    def _click(self, number: int) -> dict[str, Any]:
        goal, action = self._goal(number), KINDS[number % len(KINDS)][1]
        user = _user(goal.manager if action is ActionId.GOAL_APPROVE else goal.rep)
        monday = self.now.date() - timedelta(days=self.now.weekday())
        reports = action in {ActionId.REPORT_DONE, ActionId.REPORT_NOT_YET}
        value = report_value(goal, monday) if reports else goal_value(goal)
        return {
            "type": "block_actions",
            "user": {"id": user, "team_id": "T0SANDBOX"},
            "team": {"id": "T0SANDBOX"},
            "api_app_id": "A0SANDBOX",
            "container": {"type": "message", "message_ts": f"{number}.000100", "channel_id": f"D{user}"},
            "channel": {"id": f"D{user}", "name": "directmessage"},
            "message": {"ts": f"{number}.000100", "text": "x" * 400, "blocks": _SHOWN},
            "trigger_id": f"1.2.{number}",
            "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "3.4"}],
        }


_SHOWN = [{"type": "section", "text": {"type": "mrkdwn", "text": "What the message says. " * 20}} for _ in range(4)]
"""About as much as Slack sends along of the message in which something was pressed."""


def _rep(number: int) -> PersonId:
    return PersonId(f"rep{number}")


def _manager(number: int) -> PersonId:
    return PersonId(f"manager{number // TEAM}")


def _user(person: PersonId) -> str:
    return f"U{person.upper()}"


def a_morning() -> datetime:
    """Return ten o'clock of today by UTC, so that a bot that goes by the real clock finds nothing else due."""
    return datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
