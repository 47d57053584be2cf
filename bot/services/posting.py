"""Puts what people are to see into the outbox, one key per subject, so that a message is rewritten and not piled."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.coaching.commitment import CoachingGoal, GoalState
from bot.coaching.meeting import Appointment, Meeting, MeetingId
from bot.coaching.records import Person
from bot.coaching.rhythm.market import MarketProposal
from bot.coaching.rhythm.wall_time import span
from bot.services.access import person_or_refuse
from bot.services.office import HOUR, Office
from bot.services.ports import Outgoing, Transaction, range_key
from bot.views import approvals, cadence, closing, forks, moving, prompts
from bot.views.message import Message


async def tell(
    tx: Transaction,
    to: Person,
    kind: str,
    key: str,
    message: Message,
    now: datetime,
    *,
    urgent: bool = False,
    lasts: timedelta | None = None,
) -> None:
    """Put a message for one person, due at ``now``; ``lasts`` is how long it's still worth saying for the first time.

    Somebody who left is told nothing more.
    """
    if not to.active:
        return
    await tx.outbox.put(
        Outgoing(
            key=f"{key}:{to.id}",
            to=to.id,
            kind=kind,
            message=message,
            due_at=now,
            urgent=urgent,
            expires_at=None if lasts is None else now + lasts,
        ),
    )


async def show_goal(tx: Transaction, goal: CoachingGoal, now: datetime) -> None:
    """Bring the rep's fork up to date with the goal as it stands."""
    rep = await person_or_refuse(tx, goal.rep)
    manager = await person_or_refuse(tx, goal.manager)
    told = await tx.forecasts.get(range_key(goal.id)) if goal.state is GoalState.ACTIVE else None
    message = forks.offer(goal, manager, rep.timezone, forecast="" if told is None else told.sentence)
    await tell(tx, rep, "fork", f"fork:{goal.id}", message, now, urgent=True)


async def show_approval(office: Office, tx: Transaction, goal: CoachingGoal) -> None:
    """Bring the manager's request for approval up to date with the goal as it stands.

    It comes at once in the 1:1 itself, else in the manager's own working hours; rewriting it disturbs nobody.
    """
    rep = await person_or_refuse(tx, goal.rep)
    manager = await person_or_refuse(tx, goal.manager)
    key, request = f"approval:{goal.id}", approvals.request(goal, rep, manager.timezone)
    when = office.clock.now()
    if not await tx.outbox.is_posted(f"{key}:{manager.id}") and not await _goes_on(tx, MeetingId(goal.meeting), when):
        when = await office.at_work(tx, manager)
    await tell(tx, manager, "approval", key, request, when, urgent=True)


async def _goes_on(tx: Transaction, meeting_id: MeetingId, now: datetime) -> bool:
    meeting = await tx.meetings.get(meeting_id)
    if meeting is None:
        return False
    begins, ends = span(meeting.appointment)
    return begins <= now < ends


async def show_prompt(tx: Transaction, meeting: Meeting, now: datetime) -> None:
    """Bring the rep's questions before a 1:1 up to date with the answers given."""
    rep = await person_or_refuse(tx, meeting.rep)
    manager = await person_or_refuse(tx, meeting.manager)
    invitation = prompts.invite(meeting, rep, manager, answered=bool(meeting.answers))
    until = meeting.appointment.starts_at - now
    await tell(tx, rep, "prompt", f"prompt:{meeting.id}", invitation, now, lasts=max(until, timedelta(hours=1)))


async def show_closing(tx: Transaction, meeting: Meeting, now: datetime, moved_to: Appointment | None = None) -> None:
    """Ask the manager whether the 1:1 was held, or show what the manager said of it."""
    rep = await person_or_refuse(tx, meeting.rep)
    manager = await person_or_refuse(tx, meeting.manager)
    await tell(tx, manager, "closing", f"closing:{meeting.id}", closing.ask(meeting, rep, moved_to), now)


async def show_schedule(
    tx: Transaction, meeting: Meeting, reader: Person, sentence: str, due: datetime, change: str = ""
) -> None:
    """Tell one of the two when they meet and why then: one message per rep for ever, rewritten with each new date.

    ``change`` says where the 1:1 was before and why it moved.
    """
    rep = await person_or_refuse(tx, meeting.rep)
    manager = await person_or_refuse(tx, meeting.manager)
    message = closing.scheduled(meeting, rep, manager, sentence, reader, change)
    await tell(tx, reader, "scheduled", f"next:{rep.id}", message, due)


async def show_move(office: Office, tx: Transaction, before: Meeting, after: Meeting, *, by: Person | None) -> None:
    """Tell both that a 1:1 has another date, in the message that announced it; ``by`` None is the bot.

    A rewritten message makes no sound, so whoever didn't move it also hears of it once, awake and before it comes.
    """
    rep = await person_or_refuse(tx, after.rep)
    manager = await person_or_refuse(tx, after.manager)
    decision = await tx.cadences.latest(rep.id)
    for reader, other in ((rep, manager), (manager, rep)):
        now = office.clock.now()
        posted = await tx.outbox.is_posted(f"next:{rep.id}:{reader.id}")
        due = now if posted else await office.at_work(tx, reader)
        sentence = "" if decision is None else decision.sentence
        await show_schedule(tx, after, reader, sentence, due, moving.change(before, by, reader))
        if by is None or by.id != reader.id:
            when = await office.at_work(tx, reader, latest=after.appointment.starts_at - HOUR)
            message = moving.moved(before, after, reader, other)
            await tell(tx, reader, "moved", f"moved:{before.id}", message, when, urgent=True)


async def show_market(tx: Transaction, proposal: MarketProposal, due: datetime) -> None:
    """Ask a manager what to do about the whole team, or show what the manager said."""
    manager = await person_or_refuse(tx, proposal.manager)
    reps = {change.rep: await person_or_refuse(tx, change.rep) for change in proposal.changes}
    message = cadence.market(proposal, reps, manager.timezone)
    await tell(tx, manager, "market", f"market:{proposal.id}", message, due)
