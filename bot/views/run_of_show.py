"""The 1:1 as both follow it: its topics with their minutes and forks, and at its close what was agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.coaching.commitment import CoachingGoal, Fork, GoalId, GoalState
from bot.coaching.meeting import OPEN_STATES, Appointment, Meeting, MeetingState
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Person
from bot.views import closing
from bot.views.blocks import Block, context, divider, message, packed, section
from bot.views.goal_words import RESULTS, TOPIC, dollars, done, plan, title, what
from bot.views.how import HEADING
from bot.views.ids import Topic
from bot.views.message import Message
from bot.views.mrkdwn import appointment, bold, esc, name, quote
from bot.views.pipeline import deal_line, horizon_line
from bot.views.pre_read import goal_line
from bot.views.questions import approval_buttons, fork_buttons
from bot.views.speaking import shown, tr, tr_many

MOST_LINES = 2
"""Goals and deals of a topic: the agenda, which both have read, holds the rest."""
MOST_HORIZONS = 3
MOST_GOALS = 8
AGREED = frozenset({GoalState.ACCEPTED, GoalState.ACTIVE, GoalState.KEPT, GoalState.PARTLY, GoalState.MISSED})
OVER = frozenset({GoalState.DECLINED, GoalState.OBSOLETE})
"""What a recap says last and small: nothing comes of it."""


@dataclass(frozen=True, slots=True)
class Course:
    """All that a 1:1 shows the two from its start on.

    ``goals`` are those of this 1:1. ``asked`` are the ones that the manager is asked about in messages of their own,
    outside the 1:1; ``forecasts`` say what agreed ones are to bring. ``following`` is the next 1:1, None before the
    close or when none could be planned, and ``cadence`` the sentence on why then.
    """

    meeting: Meeting
    agenda: PreRead | None
    rep: Person
    manager: Person
    goals: tuple[CoachingGoal, ...] = ()
    asked: frozenset[GoalId] = frozenset()
    forecasts: Mapping[GoalId, str] = field(default_factory=dict)
    following: Meeting | None = None
    cadence: str = ""
    moved_to: Appointment | None = None


def run_of_show(course: Course, reader: Person) -> Message:
    """Return what ``reader``, one of the two, sees of a 1:1 as it stands: its course, what was agreed, or its end."""
    own = reader.id == course.rep.id
    topics = list(Fork)
    course = replace(course, goals=tuple(sorted(course.goals, key=lambda goal: topics.index(goal.terms.fork))))
    match course.meeting.state:
        case MeetingState.HELD:
            return _recap(course, reader, own=own)
        case state if state in OPEN_STATES:
            return _going_on(course, reader, own=own)
        case _:
            line = _over(course, reader) if own else closing.record(course.meeting, course.rep, course.moved_to)
            return message(line, section(line))


def _going_on(course: Course, reader: Person, *, own: bool) -> Message:
    opening = _opening(course, reader, own=own)
    blocks: list[Block] = [section(opening)]
    heads = []
    for number, (heading, minutes, lines, fork) in enumerate(_topics(course), 1):
        here = [goal for goal in course.goals if goal.terms.fork is fork][:MOST_GOALS]
        length = tr("{n} min", n=minutes)
        heads.append(f"{heading} {length}" if course.agenda else heading)
        none = tr("no ask today") if fork is not None and not here else ""
        head = filter(None, (f"*{number}. {heading}*", length if course.agenda else "", none))
        blocks.append(section(" · ".join(head), *lines))
        for goal in here:
            blocks += _in_its_place(course, goal, own=own)
    if own:
        blocks += [divider(), context(tr("At the end you both get what was agreed, with the next date."))]
    else:
        blocks.append(
            section(tr("Afterwards, please say how it went: it sets the next date, and both get what was agreed."))
        )
        blocks.append(closing.buttons(course.meeting))
    said = [_line(goal, course, own=own) for goal in course.goals]
    return message("\n".join((opening, ", ".join(heads), *said)), *blocks)


def _opening(course: Course, reader: Person, *, own: bool) -> str:
    minutes = course.meeting.appointment.minutes
    length = tr_many("{n} minute", "{n} minutes", minutes)
    when = appointment(course.meeting.appointment.starts_at, reader.timezone)
    other = name(course.manager if own else course.rep)
    if not own:
        return tr(
            "*1:1 with {who} now* ({length}, {when}). Take it in this order; {who} makes the choices.",
            who=other,
            length=length,
            when=when,
        )
    open_ = sum(goal.state is GoalState.OFFERED for goal in course.goals)
    asks = tr("No choice is open; go through it together.")
    if open_:
        asks = tr_many("{n} choice below is yours alone.", "{n} choices below are yours alone.", open_)
    return tr("*Your 1:1 with {who} now* ({length}, {when}). {asks}", who=other, length=length, when=when, asks=asks)


def _topics(course: Course) -> Iterator[tuple[str, int, list[str], Fork | None]]:
    """Give heading, minutes, lines and fork of each topic in the fixed order."""
    agenda = course.agenda
    if agenda is None:
        yield from ((shown(TOPIC[fork]), 0, [], fork) for fork in Fork)
        return
    minutes = agenda.minutes
    past = [f"• {goal_line(line)}" for line in agenda.past[:MOST_LINES] if line.strip()] or [
        tr("No goals since last time.")
    ]
    yield shown(HEADING[Topic.PAST]), minutes.past, past, None
    deals = [f"• {deal_line(review)}" for review in agenda.deals[:MOST_LINES]] or [tr("No open deal to talk about.")]
    yield shown(TOPIC[Fork.VERIFIER]), minutes.win, deals, Fork.VERIFIER
    gaps = [f"• {horizon_line(row)}" for row in agenda.horizons[:MOST_HORIZONS]] or [tr("No horizon has data yet.")]
    yield shown(TOPIC[Fork.GAP]), minutes.balance, gaps, Fork.GAP
    own = [f"• {words}" for line in agenda.aspiration.sentences[:2] if (words := esc(line, 300))]
    own = own or [tr("Your run-rate can't be computed yet.")]
    yield shown(TOPIC[Fork.ASPIRATION]), minutes.aspiration, own, Fork.ASPIRATION


def _in_its_place(course: Course, goal: CoachingGoal, *, own: bool) -> list[Block]:
    blocks = [section(_line(goal, course, own=own), *_terms(course, goal))]
    if own and goal.state is GoalState.OFFERED:
        blocks.append(fork_buttons(goal))
    asks = course.meeting.state in OPEN_STATES and goal.id not in course.asked
    if not own and goal.state is GoalState.ACCEPTED and goal.manager == course.manager.id and asks:
        blocks.append(approval_buttons(goal))
    return blocks


def _terms(course: Course, goal: CoachingGoal) -> list[str]:
    """Return the lines under a goal: why, dollars and plan while it is one, what was said where it isn't."""
    terms = goal.terms
    if goal.state is GoalState.OFFERED:
        return [esc(terms.why, 400), dollars(terms), *([plan(terms)] if terms.plan.strip() else [])]
    if goal.state is GoalState.ACCEPTED and course.meeting.state in OPEN_STATES:
        return [esc(terms.why, 400), dollars(terms), plan(terms)]
    if goal.state in AGREED:
        return [plan(terms), dollars(terms), esc(course.forecasts.get(goal.id, ""), 400)]
    return [quote(goal.words, 300)] if goal.words.strip() else []


def _line(goal: CoachingGoal, course: Course, *, own: bool) -> str:
    """Return a goal on one line, with how it stands in this 1:1."""
    if not own and goal.manager != course.manager.id:
        return tr("*Went along to {rep}'s new manager*: {goal}", rep=name(course.rep), goal=title(goal.terms))
    return f"{_standing(goal, course, own=own)}: {what(goal.terms)}"


def _standing(goal: CoachingGoal, course: Course, *, own: bool) -> str:
    match goal.state:
        case GoalState.DECLINED:
            said = tr("*Not now*")
        case GoalState.OBSOLETE:
            said = tr("*Taken back*") if goal.active_since is None else tr("*No longer relevant*")
        case state if state in RESULTS:
            said = f"*{shown(RESULTS[state])}* ({done(goal)})"
        case state if state is GoalState.ACTIVE:
            said = tr("*Agreed by both*")
        case _:
            said = _open_to_the_rep(goal, course) if own else _open_to_the_manager(goal, course)
    return said


def _open_to_the_rep(goal: CoachingGoal, course: Course) -> str:
    if goal.state is GoalState.OFFERED:
        return tr("*A choice only you can make*")
    if goal.state is GoalState.ACCEPTED:
        return tr("*You said yes*, {manager}'s approval is next", manager=name(course.manager))
    return tr("*Sent back*, for you to answer in a message of its own")


def _open_to_the_manager(goal: CoachingGoal, course: Course) -> str:
    rep = name(course.rep)
    if goal.state is GoalState.OFFERED:
        return tr("*{rep}'s choice, not made yet*", rep=rep)
    if goal.state is GoalState.ACCEPTED and goal.id in course.asked:
        return tr("*{rep} said yes, your approval is next* (asked in a message of its own)", rep=rep)
    if goal.state is GoalState.ACCEPTED:
        return tr("*{rep} said yes, your approval is next*", rep=rep)
    return tr("*Sent back*, for {rep} to answer in a message of its own", rep=rep)


def _recap(course: Course, reader: Person, *, own: bool) -> Message:
    """Return what was agreed: goals, what customers are asked for, the next date with its reason, and what won't be."""
    when = appointment(course.meeting.appointment.starts_at, reader.timezone)
    if own:
        who = name(course.manager)
        opening = tr("*What you agreed in your 1:1 with {who}* of {when}. Nothing more to do here.", who=who, when=when)
        if any(goal.state is GoalState.OFFERED for goal in course.goals):
            opening = tr(
                "*What you agreed in your 1:1 with {who}* of {when}. A choice is still open.", who=who, when=when
            )
    else:
        opening = f"{closing.record(course.meeting, course.rep)} {tr('What was agreed:')}"
    goals = course.goals[:MOST_GOALS]
    blocks: list[Block] = [section(opening)]
    over = [goal for goal in goals if goal.state in OVER]
    for goal in goals:
        blocks += [] if goal in over else _in_its_place(course, goal, own=own)
    if not goals:
        blocks.append(section(tr("No choice was put this time.")))
    asked = _asked_of_customers(course)
    following = _next(course, reader, own=own)
    blocks += packed((asked, following), sections=1)
    if over:
        lines = [line for goal in over for line in (_line(goal, course, own=own), *_terms(course, goal))]
        blocks += [divider(), context(*lines)]
    said = [_line(goal, course, own=own) for goal in goals]
    return message("\n".join((opening, *said)), *blocks)


def _asked_of_customers(course: Course) -> str:
    """Return the deals of agreed goals with the verifiers they are about; "" without any."""
    wanted = {goal.terms.deal for goal in course.goals if goal.state in AGREED} - {None}
    reviews = [] if course.agenda is None else [deal for deal in course.agenda.deals if deal.deal in wanted]
    owed = [
        f"{bold(review.name)}: {', '.join(esc(item, 80) for item in review.unpaid[:MOST_LINES])}"
        for review in reviews
        if review.unpaid
    ]
    return tr("Asked of customers: {items}.", items="; ".join(owed)) if owed else ""


def _next(course: Course, reader: Person, *, own: bool) -> str:
    if course.following is None:
        return tr("The next 1:1 isn't planned yet; you hear as soon as it is.")
    why = esc(course.cadence, 400)
    line = tr("*Next 1:1*: {when}.", when=appointment(course.following.appointment.starts_at, reader.timezone))
    if why and not own:
        why = tr("{rep} reads: “{words}”", rep=name(course.rep), words=why)
    return f"{line} {why}" if why else line


def _over(course: Course, reader: Person) -> str:
    """Return the rep's record of a 1:1 that didn't take place."""
    meeting = course.meeting
    who, when = name(course.manager), appointment(meeting.appointment.starts_at, reader.timezone)
    words = f"\n{quote(meeting.closing_words)}" if meeting.closing_words.strip() else ""
    if meeting.state is MeetingState.MOVED:
        said = tr("Your 1:1 with {who} of {when} was moved. What was open comes again there.", who=who, when=when)
        if course.moved_to is not None:
            to = appointment(course.moved_to.starts_at, reader.timezone)
            said = tr(
                "Your 1:1 with {who} of {when} was moved to {to}. What was open comes again there.",
                who=who,
                when=when,
                to=to,
            )
    elif meeting.state is MeetingState.EXCUSED:
        said = tr(
            "Your 1:1 with {who} of {when} is left out. What was open comes again with the next one.",
            who=who,
            when=when,
        )
    else:
        said = tr(
            "Your 1:1 with {who} of {when} isn't recorded as held. What was open comes again with the next one.",
            who=who,
            when=when,
        )
    return f"{said}{words}"
