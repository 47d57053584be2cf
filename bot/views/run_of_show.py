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
from bot.views.message import Message
from bot.views.mrkdwn import appointment, bold, esc, name, plural, quote
from bot.views.pipeline import deal_line, horizon_line
from bot.views.questions import approval_buttons, fork_buttons

MOST_LINES = 3
"""Lines of a topic: the agenda, which both have read, holds the rest."""
MOST_GOALS = 8
AGREED = frozenset({GoalState.ACCEPTED, GoalState.ACTIVE, GoalState.KEPT, GoalState.PARTLY, GoalState.MISSED})


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
    open_ = sum(goal.state is GoalState.OFFERED for goal in course.goals)
    length = plural(course.meeting.appointment.minutes, "minute")
    when = appointment(course.meeting.appointment.starts_at, reader.timezone)
    other = name(course.manager if own else course.rep)
    if own:
        asks = f"{plural(open_, 'choice')} below {'is' if open_ == 1 else 'are'} yours alone." if open_ else ""
        opening = (
            f"*Your 1:1 with {other} now* ({length}, {when}). {asks or 'No choice is open; go through it together.'}"
        )
    else:
        opening = f"*1:1 with {other} now* ({length}, {when}). Take it in this order; {other} makes the choices."
    blocks: list[Block] = [section(opening)]
    heads = []
    for number, (heading, minutes, lines, fork) in enumerate(_topics(course), 1):
        heads.append(f"{heading} {minutes} min" if course.agenda else heading)
        length_ = f" · {minutes} min" if course.agenda else ""
        blocks.append(section(f"*{number}. {heading}*{length_}", *lines))
        here = [goal for goal in course.goals if goal.terms.fork is fork][:MOST_GOALS]
        for goal in here:
            blocks += _in_its_place(course, goal, own=own)
        if fork is not None and not here:
            blocks.append(context("No ask in this topic today."))
    blocks.append(divider())
    if own:
        blocks.append(context("At the end you both get what was agreed, with the next date."))
    else:
        blocks.append(
            section("Afterwards, please say how it went: it sets the next date, and both get what was agreed.")
        )
        blocks.append(closing.buttons(course.meeting))
    said = [_line(goal, course, own=own) for goal in course.goals]
    return message("\n".join((opening, ", ".join(heads), *said)), *blocks)


def _topics(course: Course) -> Iterator[tuple[str, int, list[str], Fork | None]]:
    """Give heading, minutes, lines and fork of each topic in the fixed order."""
    agenda = course.agenda
    if agenda is None:
        yield from ((TOPIC[fork], 0, [], fork) for fork in Fork)
        return
    minutes = agenda.minutes
    past = [f"• {esc(line)}" for line in agenda.past[:MOST_LINES]] or ["No goals since last time."]
    yield "Past", minutes.past, past, None
    deals = [f"• {deal_line(review)}" for review in agenda.deals[:MOST_LINES]] or ["No open deal to talk about."]
    yield TOPIC[Fork.VERIFIER], minutes.win, deals, Fork.VERIFIER
    gaps = [f"• {horizon_line(row)}" for row in agenda.horizons[:MOST_LINES]] or ["No horizon has data yet."]
    yield TOPIC[Fork.GAP], minutes.balance, gaps, Fork.GAP
    own = [f"• {words}" for line in agenda.aspiration.sentences[:2] if (words := esc(line, 300))]
    yield TOPIC[Fork.ASPIRATION], minutes.aspiration, own or ["Your run-rate can't be computed yet."], Fork.ASPIRATION


def _in_its_place(course: Course, goal: CoachingGoal, *, own: bool) -> list[Block]:
    shown = [section(_line(goal, course, own=own), *_terms(course, goal))]
    if own and goal.state is GoalState.OFFERED:
        shown.append(fork_buttons(goal))
    asks = course.meeting.state in OPEN_STATES and goal.id not in course.asked
    if not own and goal.state is GoalState.ACCEPTED and goal.manager == course.manager.id and asks:
        shown.append(approval_buttons(goal))
    return shown


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
        return f"*Went along to {name(course.rep)}'s new manager*: {title(goal.terms)}"
    return f"{_standing(goal, course, own=own)}: {what(goal.terms)}"


def _standing(goal: CoachingGoal, course: Course, *, own: bool) -> str:
    rep = name(course.rep)
    match goal.state:
        case GoalState.OFFERED:
            said = "*A choice only you can make*" if own else f"*{rep}'s choice, not made yet*"
        case GoalState.ACCEPTED if own:
            said = f"*You said yes*, {name(course.manager)}'s approval is next"
        case GoalState.ACCEPTED:
            below = " (asked in a message of its own)" if goal.id in course.asked else ""
            said = f"*{rep} said yes, your approval is next*{below}"
        case GoalState.SENT_BACK:
            said = f"*Sent back*, {'for you' if own else f'for {rep}'} to answer in a message of its own"
        case GoalState.DECLINED:
            said = "*Not now*"
        case GoalState.OBSOLETE:
            said = "*Taken back*" if goal.active_since is None else "*No longer relevant*"
        case state if state in RESULTS:
            said = f"*{RESULTS[state]}* ({done(goal)})"
        case _:
            said = "*Agreed by both*"
    return said


def _recap(course: Course, reader: Person, *, own: bool) -> Message:
    """Return what was agreed: goals, what customers are asked for, and the next date with its reason."""
    when = appointment(course.meeting.appointment.starts_at, reader.timezone)
    if own:
        opening = f"*What you agreed in your 1:1 with {name(course.manager)}* of {when}. Nothing more to do here."
        if any(goal.state is GoalState.OFFERED for goal in course.goals):
            opening = f"*What you agreed in your 1:1 with {name(course.manager)}* of {when}. A choice is still open."
    else:
        opening = f"{closing.record(course.meeting, course.rep)} What was agreed:"
    goals = course.goals[:MOST_GOALS]
    blocks: list[Block] = [section(opening)]
    for goal in goals:
        blocks += _in_its_place(course, goal, own=own)
    if not goals:
        blocks.append(section("No choice was put this time."))
    asked = _asked_of_customers(course)
    following = _next(course, reader, own=own)
    blocks += [divider(), *packed((asked, following), sections=1)]
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
    return f"Asked of customers: {'; '.join(owed)}." if owed else ""


def _next(course: Course, reader: Person, *, own: bool) -> str:
    if course.following is None:
        return "The next 1:1 isn't planned yet; you hear as soon as it is."
    why = esc(course.cadence, 400)
    line = f"*Next 1:1*: {appointment(course.following.appointment.starts_at, reader.timezone)}."
    if not why:
        return line
    return f"{line} {why}" if own else f"{line} {name(course.rep)} reads: “{why}”"


def _over(course: Course, reader: Person) -> str:
    """Return the rep's record of a 1:1 that didn't take place."""
    meeting = course.meeting
    line = f"Your 1:1 with {name(course.manager)} of {appointment(meeting.appointment.starts_at, reader.timezone)}"
    words = f"\n{quote(meeting.closing_words)}" if meeting.closing_words.strip() else ""
    if meeting.state is MeetingState.MOVED:
        to = course.moved_to
        where = f" to {appointment(to.starts_at, reader.timezone)}" if to else ""
        return f"{line} was moved{where}. What was open comes again there.{words}"
    if meeting.state is MeetingState.EXCUSED:
        return f"{line} is left out. What was open comes again with the next one.{words}"
    return f"{line} isn't recorded as held. What was open comes again with the next one.{words}"
