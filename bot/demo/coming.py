"""What is coming in the demo, and for whom: read from the duties and the messages that wait, for the page to say."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.coaching.commitment import GoalState
from bot.services.ports import DutyKind, Surface
from bot.storage.engine import parse_url
from bot.storage.tables import DutyState, SendState, duty, goal, meeting, outbox, slack_account

Json = dict[str, Any]

WORDS = {
    DutyKind.PROMPT: "the questions before the 1:1",
    DutyKind.PUBLISH: "the agenda",
    DutyKind.START: "the time of the 1:1",
    DutyKind.ASK_TO_CLOSE: "whether the 1:1 was held",
    DutyKind.LAPSE: "the 1:1 counts as missed unless it is closed",
    DutyKind.REMIND: "how the goals are going",
}
BOTH = frozenset({DutyKind.PUBLISH, DutyKind.START, DutyKind.LAPSE})
MANAGER_ONLY = frozenset({DutyKind.ASK_TO_CLOSE})


class Coming:
    """Reads beside the bot, on a connection of its own; end it with ``close``."""

    def __init__(self, database_url: str) -> None:
        self._engine: AsyncEngine = create_async_engine(parse_url(database_url))

    async def events(self) -> list[Json]:
        """Return what waits, soonest first: {"at": ISO instant, "who": [Slack ids], "what": words}.

        Left out is what may find nothing to say: the daily planning, and the Monday of a rep without an active goal.
        What comes after a 1:1 is known from when it is near.
        """
        with_goals = select(goal.c.rep).where(goal.c.state == GoalState.ACTIVE)
        of_goals = and_(duty.c.kind == DutyKind.REMIND, duty.c.subject.in_(with_goals))
        duties = (
            select(duty.c.due_at, duty.c.kind, duty.c.subject, meeting.c.rep, meeting.c.manager)
            .select_from(duty.outerjoin(meeting, meeting.c.id == duty.c.subject))
            .where(duty.c.state == DutyState.WAITING, or_(meeting.c.id.is_not(None), of_goals))
        )
        kept_back = select(outbox.c.due_at, outbox.c.recipient).where(
            outbox.c.state == SendState.PENDING, outbox.c.surface == Surface.MESSAGE
        )
        accounts = select(slack_account.c.person, slack_account.c.slack_user)
        async with self._engine.connect() as connection:
            users = {row.person: row.slack_user for row in await connection.execute(accounts)}
            events = [
                (at, _concerned(kind, subject, rep, manager), WORDS[kind])
                for at, kind, subject, rep, manager in await connection.execute(duties)
            ]
            for at, person in await connection.execute(kept_back):
                events.append((at, [person], "a message that waits for its hour"))
        return [
            {"at": at.isoformat(), "who": [users[person] for person in who if person in users], "what": what}
            for at, who, what in sorted(events)
        ]

    async def close(self) -> None:
        await self._engine.dispose()


def _concerned(kind: DutyKind, subject: str, rep: str | None, manager: str) -> list[str]:
    if rep is None:
        return [subject]
    if kind in MANAGER_ONLY:
        return [manager]
    return [rep, manager] if kind in BOTH else [rep]
