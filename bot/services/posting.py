"""Puts what people are to see into the outbox, one key per subject, so that a message is rewritten and not piled."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.coaching.commitment import CoachingGoal, GoalId, GoalState
from bot.coaching.meeting import Appointment, Meeting, MeetingId, MeetingState
from bot.coaching.records import Person
from bot.coaching.rhythm.market import MarketProposal
from bot.coaching.rhythm.wall_time import span
from bot.services.access import person_or_refuse
from bot.services.office import HOUR, Office
from bot.services.ports import Outgoing, Transaction, range_key
from bot.views import announcement, approvals, cadence, forks, moving, prompts, run_of_show
from bot.views.announcement import Announcement
from bot.views.message import Message
from bot.views.speaking import said_to

AWAITED = timedelta(minutes=15)
"""So long somebody who clicked waits for the answer: one that comes later is kept for working hours."""


async def tell(  # noqa: PLR0913 - of what is said, when it may be said, each by its name
    tx: Transaction,
    to: Person,
    kind: str,
    key: str,
    message: Message | Announcement,
    now: datetime,
    *,
    urgent: bool = False,
    lasts: timedelta | None = None,
    awaited_until: datetime | None = None,
    latest: datetime | None = None,
) -> None:
    """Put a message for one person, due at ``now``; ``lasts`` is how long it's still worth saying for the first time.

    It comes in working hours, but for what is awaited and what has to be said by ``latest``, as ``Outgoing`` has it.
    Somebody who left is told nothing more. Raises WrongLanguageError where ``to`` reads another language than the
    message's: a view of somebody else's is called through ``said_to``.
    """
    if not to.active:
        return
    await tx.outbox.put(
        Outgoing(
            key=f"{key}:{to.id}",
            to=to.id,
            kind=kind,
            message=message.for_reader(to) if isinstance(message, Message) else message,
            due_at=now,
            urgent=urgent,
            expires_at=None if lasts is None else now + lasts,
            awaited_until=awaited_until,
            latest=latest,
        ),
    )


async def show_goal(tx: Transaction, goal: CoachingGoal, now: datetime, *, awaited: bool = False) -> None:
    """Bring the rep's own message of a goal up to date with it as it stands; ``awaited`` answers the rep's own click.

    What stands in its 1:1 has none until it is sent back, which may be after it: then the rep has to be told anew.
    """
    await tx.homes.mark(goal.rep, goal.manager, at=now)
    rep = await person_or_refuse(tx, goal.rep)
    key = f"fork:{goal.id}"
    in_place = await tx.outbox.exists(f"course:{goal.meeting}:{rep.id}")
    over = goal.state is GoalState.OBSOLETE  # and never said, perhaps: then that it is over isn't either
    if (in_place or over) and goal.state is not GoalState.SENT_BACK and not await tx.outbox.exists(f"{key}:{rep.id}"):
        return
    manager = await person_or_refuse(tx, goal.manager)
    told = await tx.forecasts.get(range_key(goal.id)) if goal.state is GoalState.ACTIVE else None
    forecast = "" if told is None else told.sentence
    message = said_to(rep, forks.offer, goal, manager, rep.timezone, forecast)
    until = now + AWAITED if awaited else None
    await tell(tx, rep, "fork", key, message, now, urgent=True, awaited_until=until)


async def show_approval(office: Office, tx: Transaction, goal: CoachingGoal) -> None:
    """Bring the manager's own message about a goal up to date with it as it stands.

    While its 1:1 goes on the manager approves there, in its place. What is agreed outside of it is asked about in the
    manager's own working hours; rewriting disturbs nobody.
    """
    manager = await person_or_refuse(tx, goal.manager)
    key, when = f"approval:{goal.id}", office.clock.now()
    if not await tx.outbox.exists(f"{key}:{manager.id}"):
        if goal.state is not GoalState.ACCEPTED or await _stands_in_place(tx, goal, when):
            return
        when = await office.at_work(tx, manager)
    elif not await tx.outbox.is_posted(f"{key}:{manager.id}"):
        when = await office.at_work(tx, manager)
    request = said_to(manager, approvals.request, goal, await person_or_refuse(tx, goal.rep), manager.timezone)
    await tell(tx, manager, "approval", key, request, when, urgent=True)


async def _stands_in_place(tx: Transaction, goal: CoachingGoal, now: datetime) -> bool:
    """Whether the goal's manager has it in the 1:1 that goes on."""
    meeting = await tx.meetings.get(MeetingId(goal.meeting))
    if meeting is None or meeting.state is not MeetingState.STARTED or meeting.manager != goal.manager:
        return False
    _, ends = span(meeting.appointment)
    return now < ends and await tx.outbox.exists(f"closing:{meeting.id}:{meeting.manager}")


async def show_prompt(tx: Transaction, meeting: Meeting, now: datetime) -> None:
    """Bring the rep's questions before a 1:1 up to date with the answers given."""
    await tx.homes.mark(meeting.rep, meeting.manager, at=now)
    rep = await person_or_refuse(tx, meeting.rep)
    manager = await person_or_refuse(tx, meeting.manager)
    invitation = said_to(rep, prompts.invite, meeting, rep, manager, answered=bool(meeting.answers))
    starts_at = meeting.appointment.starts_at
    lasts = max(starts_at - now, HOUR)
    await tell(tx, rep, "prompt", f"prompt:{meeting.id}", invitation, now, lasts=lasts, latest=starts_at - HOUR)


async def show_course(
    tx: Transaction,
    meeting: Meeting,
    now: datetime,
    *,
    moved_to: Appointment | None = None,
    first: bool = False,
    late: Office | None = None,
) -> None:
    """Bring what the two see of a 1:1 up to date: its course, then what was agreed, or its end.

    The 1:1 must be locked, so that of two changes at once neither shows the other's goal as it was. It is posted
    only when it is ``first`` shown: in the 1:1, or, where that is over and so it is ``late``, in each one's next
    working hour.
    """
    await tx.homes.mark(meeting.rep, meeting.manager, at=now)
    if meeting.state is MeetingState.MOVED and moved_to is None:
        return  # its record says where to, and nothing of a goal
    rep = await person_or_refuse(tx, meeting.rep)
    manager = await person_or_refuse(tx, meeting.manager)
    readers = [("course", rep), ("closing", manager)]
    shown = [one for one in readers if first or await tx.outbox.exists(f"{one[0]}:{meeting.id}:{one[1].id}")]
    if not shown:
        return
    course = await _course(tx, meeting, rep, manager, moved_to)
    until = _goes_on_until(meeting, now)
    for kind, reader in shown:
        due = now if late is None else await late.at_work(tx, reader)
        message = said_to(reader, run_of_show.run_of_show, course, reader)
        await tell(tx, reader, kind, f"{kind}:{meeting.id}", message, due, urgent=True, awaited_until=until)


def _goes_on_until(meeting: Meeting, now: datetime) -> datetime | None:
    """Return when the two part who sit together now; they may have begun early, and then they part early too."""
    starts, ends = span(meeting.appointment)
    goes_on = meeting.state is MeetingState.STARTED and now < ends
    return min(ends, now + (ends - starts)) if goes_on else None


async def _course(
    tx: Transaction, meeting: Meeting, rep: Person, manager: Person, moved_to: Appointment | None
) -> run_of_show.Course:
    goals = await tx.goals.of_meeting(meeting.id)
    asked, forecasts = set[GoalId](), dict[GoalId, str]()
    for goal in goals:
        if await tx.outbox.exists(f"approval:{goal.id}:{manager.id}"):
            asked.add(goal.id)
        told = await tx.forecasts.get(range_key(goal.id)) if goal.state is GoalState.ACTIVE else None
        if told is not None:
            forecasts[goal.id] = told.sentence
    held = meeting.state is MeetingState.HELD
    decision = await tx.cadences.latest(rep.id) if held else None
    return run_of_show.Course(
        meeting,
        await tx.meetings.agenda(meeting.id),
        rep,
        manager,
        goals,
        frozenset(asked),
        forecasts,
        following=await tx.meetings.open_of(rep.id) if held else None,
        cadence="" if decision is None else decision.sentence,
        moved_to=moved_to,
    )


async def show_schedule(
    tx: Transaction, meeting: Meeting, reader: Person, sentence: str, due: datetime, change: str = ""
) -> None:
    """Tell one of the two when they meet and why then: one message per rep for ever, rewritten with each new date.

    Its words are made when it is sent, but for a ``change``, which says where the 1:1 was before and why it moved.
    """
    rep = await person_or_refuse(tx, meeting.rep)
    manager = await person_or_refuse(tx, meeting.manager)
    is_first = reader.id == rep.id and await tx.meetings.last_held(rep.id) is None
    told = announcement.announce(meeting, rep, manager, sentence, reader, is_first=is_first)
    message = said_to(reader, announcement.announced, told, change) if change else told
    await tell(tx, reader, "scheduled", _schedule(rep), message, due)


async def show_end(tx: Transaction, meeting: Meeting, reader: Person, due: datetime) -> None:
    """Say, where one of the two was told when they meet, that it is over and how it ended."""
    rep = await person_or_refuse(tx, meeting.rep)
    manager = await person_or_refuse(tx, meeting.manager)
    message = said_to(reader, announcement.over, meeting, rep, manager, reader)
    await tell(tx, reader, "scheduled", _schedule(rep), message, due)


def schedule_keys(rep: Person, *others: Person) -> tuple[str, ...]:
    """Return under which keys the rep, and others, are told when the rep's next 1:1 is."""
    return tuple(f"{_schedule(rep)}:{reader.id}" for reader in (rep, *others))


def _schedule(rep: Person) -> str:
    return f"next:{rep.id}"


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
        await show_schedule(tx, after, reader, sentence, due, said_to(reader, moving.change, before, by, reader))
        if by is None or by.id != reader.id:
            latest = after.appointment.starts_at - HOUR
            when = await office.at_work(tx, reader, latest=latest)
            message = said_to(reader, moving.moved, before, after, reader, other)
            await tell(tx, reader, "moved", f"moved:{before.id}", message, when, urgent=True, latest=latest)


async def show_market(tx: Transaction, proposal: MarketProposal, due: datetime) -> None:
    """Ask a manager what to do about the whole team, or show what the manager said."""
    manager = await person_or_refuse(tx, proposal.manager)
    reps = {change.rep: await person_or_refuse(tx, change.rep) for change in proposal.changes}
    message = said_to(manager, cadence.market, proposal, reps, manager.timezone)
    await tell(tx, manager, "market", f"market:{proposal.id}", message, due)
