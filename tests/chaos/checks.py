"""What an acknowledged act must have brought about, one function for each sort."""

from __future__ import annotations

from datetime import date

from hands import Check

from bot.coaching.commitment import GoalId, GoalState
from bot.coaching.meeting import MeetingId, MeetingState
from bot.coaching.records import DealId, PersonId
from bot.services.ports import Transaction
from bot.services.ports.invitations import InvitationState

BEGUN = frozenset(MeetingState) - {MeetingState.PLANNED, MeetingState.PROMPTED, MeetingState.PUBLISHED}


def goal_was(goal: GoalId, version: int, state: GoalState, words: str) -> Check:
    async def holds(tx: Transaction) -> bool:
        return any(
            one.version == version and one.state is state and words in f"{one.words} {one.terms.plan}"
            for one in await tx.goals.history(goal)
        )

    return holds


def goal_made(goal: GoalId, rep: PersonId) -> Check:
    """There is one goal of this form, whatever became of it."""

    async def holds(tx: Transaction) -> bool:
        return sum(one.id == goal for one in await tx.goals.of_rep(rep)) == 1

    return holds


def swapped(goal: GoalId, version: int, dropped: GoalId, dropped_version: int) -> Check:
    """The one is said yes to and the other closed: both."""

    async def holds(tx: Transaction) -> bool:
        taken = goal_was(goal, version + 1, GoalState.ACCEPTED, "")
        closed = goal_was(dropped, dropped_version + 1, GoalState.OBSOLETE, "")
        return await taken(tx) and await closed(tx)

    return holds


def reported(goal: GoalId, week: date | None, result: str, number: float | None = None) -> Check:
    """``week`` None is any."""

    async def holds(tx: Transaction) -> bool:
        return any(
            one.result == result and week in (None, one.week) and number in (None, one.number)
            for one in await tx.goals.reports(goal)
        )

    return holds


def meeting_is(meeting: MeetingId, state: MeetingState, words: str) -> Check:
    async def holds(tx: Transaction) -> bool:
        found = await tx.meetings.get(meeting)
        return found is not None and found.state is state and words in found.closing_words

    return holds


def meeting_began(meeting: MeetingId) -> Check:
    async def holds(tx: Transaction) -> bool:
        found = await tx.meetings.get(meeting)
        return found is not None and found.state in BEGUN

    return holds


def answered(rep: PersonId, words: str) -> Check:
    async def holds(tx: Transaction) -> bool:
        meetings = await tx.meetings.of_rep(rep)
        return any(said == words for meeting in meetings for _, said in meeting.answers)

    return holds


def recorded(deal: DealId, words: str) -> Check:
    async def holds(tx: Transaction) -> bool:
        return any(given.given_by == words for given in await tx.evidence.of_deal(deal))

    return holds


def is_away(person: PersonId, day: date) -> Check:
    """A leave covers the day."""

    async def holds(tx: Transaction) -> bool:
        return any(one.first <= day <= one.last for one in await tx.people.leave_of(person))

    return holds


def is_back(person: PersonId, first: date, last: date) -> Check:
    async def holds(tx: Transaction) -> bool:
        return all((one.first, one.last) != (first, last) for one in await tx.people.leave_of(person))

    return holds


def stands(manager: PersonId, *states: InvitationState) -> Check:
    """Where a manager is with the invitation."""

    async def holds(tx: Transaction) -> bool:
        found = (await tx.invitations.reach()).of(manager)
        return found is not None and found.state in states

    return holds


def said(manager: PersonId, version: int, state: InvitationState) -> Check:
    """The manager's answer to that version of the invitation holds, or it went on since."""

    async def holds(tx: Transaction) -> bool:
        found = (await tx.invitations.reach()).of(manager)
        if found is None or found.version <= version:
            return False
        return found.version > version + 1 or found.state is state

    return holds


async def everybody(tx: Transaction) -> bool:
    return (await tx.invitations.reach()).everybody


async def looked_over(tx: Transaction) -> bool:
    """Somebody looks over the installation, or did."""
    return bool(await tx.checkups.waiting()) or await tx.checkups.latest() is not None


def is_known_as(source: str, who: str, person: PersonId | None) -> Check:
    """Somebody of a source is one of ours by an admin's word, or nobody's by one any more."""

    async def holds(tx: Transaction) -> bool:
        found = await tx.syncs.held(source, who)
        if found is None:
            return False
        return not found.mapped if person is None else found.mapped and found.person == person

    return holds


def has_account(person: PersonId, user: str) -> Check:
    async def holds(tx: Transaction) -> bool:
        found = await tx.people.account_of(person)
        return found is not None and found.user == user

    return holds
