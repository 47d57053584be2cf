"""What is said of a 1:1's date and of how it ended."""

from __future__ import annotations

from bot.coaching.meeting import OPEN_STATES, Appointment, Meeting, MeetingState
from bot.coaching.records import Person
from bot.coaching.said import say
from bot.views.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    field,
    form,
    message,
    read_field,
    section,
    text_input,
)
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.message import Message
from bot.views.mrkdwn import appointment, esc, moment, name, quote
from bot.views.speaking import tr, tr_many

OVER = {
    MeetingState.HELD: say("held"),
    MeetingState.MISSED: say("missed"),
    MeetingState.MOVED: say("moved"),
    MeetingState.EXCUSED: say("excused"),
}


def still_open(meeting: Meeting, rep: Person, moved_to: Appointment | None = None) -> Message:
    """Ask the next morning about a 1:1 that nobody closed: it is never assumed to have been held."""
    if meeting.state not in OPEN_STATES:
        said = record(meeting, rep, moved_to)
        return message(said, section(said))
    opening = tr(
        "*Did your 1:1 with {rep} take place?* It was set for {when} and is still open. Your answer sets the next "
        "date.",
        rep=name(rep),
        when=_start(meeting),
    )
    return message(opening, section(opening), buttons(meeting))


def _start(meeting: Meeting) -> str:
    return appointment(meeting.appointment.starts_at, meeting.appointment.zone)


def buttons(meeting: Meeting) -> Block:
    """Return what a manager can say became of a 1:1."""
    return actions(
        button(tr("Held"), ActionId.MEETING_HELD, meeting.id, style="primary"),
        button(tr("Move"), ActionId.MEETING_MOVE, meeting.id),
        button(tr("Excuse"), ActionId.MEETING_EXCUSE, meeting.id),
    )


def record(meeting: Meeting, rep: Person, moved_to: Appointment | None = None) -> str:
    """Return the manager's record of a 1:1 that is over."""
    what = _outcome(meeting, name(rep), moved_to)
    if meeting.closed_at:
        what = tr("{what}, recorded on {when}", what=what, when=moment(meeting.closed_at, meeting.appointment.zone))
    words = f"\n{quote(meeting.closing_words)}" if meeting.closing_words.strip() else ""
    match meeting.state:
        case MeetingState.HELD:
            return f"{what}.{words}"
        case MeetingState.MOVED:
            return tr("{what}. Everything open moved with it.", what=what) + words
        case MeetingState.EXCUSED:
            return f"{what}:{words}" if words else tr("{what}: no reason given.", what=what)
        case _:
            return tr("{what}. The next one is planned.", what=what) + words


def _outcome(meeting: Meeting, rep: str, moved_to: Appointment | None) -> str:
    """Return what became of a 1:1, as a clause."""
    when = _start(meeting)
    match meeting.state:
        case MeetingState.HELD:
            return tr("You held the 1:1 with {rep} of {when}", rep=rep, when=when)
        case MeetingState.MOVED if moved_to:
            to = appointment(moved_to.starts_at, moved_to.zone)
            return tr("You moved the 1:1 with {rep} of {when} to {to}", rep=rep, when=when, to=to)
        case MeetingState.MOVED:
            return tr("You moved the 1:1 with {rep} of {when}", rep=rep, when=when)
        case MeetingState.EXCUSED:
            return tr("You excused the 1:1 with {rep} of {when}", rep=rep, when=when)
        case _:
            return tr("1:1 with {rep} of {when} did not take place", rep=rep, when=when)


def excuse_modal(meeting: Meeting) -> View:
    """Return the form that asks why the 1:1 is left out."""
    return form(
        CallbackId.MEETING_EXCUSE,
        tr("Excuse this 1:1"),
        [
            section(
                tr(
                    "The 1:1 of {when} is left out and the next one is planned. Holding them steadily is what makes "
                    "them count; moving keeps it.",
                    when=_start(meeting),
                )
            ),
            field(
                BlockId.REASON,
                tr("Why?"),
                text_input(placeholder=tr("Leave, illness, a customer emergency")),
                hint=tr("A few words are enough; they stay with the 1:1."),
            ),
        ],
        submit=tr("Excuse"),
        metadata=meeting.id,
    )


def parse_excuse(view: View) -> str:
    """Return the reason, "" when only blanks were typed."""
    return read_field(view, BlockId.REASON, ActionId.TEXT)


def excused(meeting: Meeting, following: Meeting | None, rep: Person, manager: Person) -> Message:
    """Tell the rep that a 1:1 is left out, why in the manager's own words, and when the next one is."""
    when = appointment(meeting.appointment.starts_at, rep.timezone)
    line = tr("*Your 1:1 with {manager} of {when} is left out.*", manager=name(manager), when=when)
    if following is not None:
        then = appointment(following.appointment.starts_at, rep.timezone)
        line = f"{line} {tr('The next one is planned for {when}.', when=then)}"
    words = quote(meeting.closing_words) if meeting.closing_words.strip() else ""
    return message(line, section(line, words))


def scheduled(
    meeting: Meeting,
    rep: Person,
    manager: Person,
    cadence_sentence: str,
    reader: Person,
    change: str = "",
    *,
    is_first: bool = False,
) -> Message:
    """Tell ``reader``, one of the two, that a 1:1 is planned and why then; ``change`` says where it was before.

    A rep whose 1:1 ``is_first`` also reads what this is, what it isn't, what comes when and how to have it otherwise.
    """
    is_rep = reader.id == rep.id
    other = name(manager if is_rep else rep)
    when = appointment(meeting.appointment.starts_at, reader.timezone)
    if meeting.state not in OPEN_STATES:
        line = tr("Your 1:1 with {who}, {when}: {state}.", who=other, when=when, state=OVER[meeting.state])
        excused = meeting.state is MeetingState.EXCUSED and meeting.closing_words
        return message(line, section(line, quote(meeting.closing_words) if excused else ""))
    line = tr_many(
        "*Your 1:1 with {who}* is planned for {when}, {n} minute.",
        "*Your 1:1 with {who}* is planned for {when}, {n} minutes.",
        meeting.appointment.minutes,
        who=other,
        when=when,
    )
    why = esc(cadence_sentence, 600)
    if why and not is_rep:
        why = tr("{rep} reads: “{words}”", rep=name(rep), words=why)
    steps = _steps("" if is_rep else name(rep))
    if is_rep and is_first:
        welcome = [section(*_welcome(other)), *([context(why)] if why else [])]
        return message(line, section(line, change), *welcome, _before(meeting, is_rep=True))
    return message(line, section(line, change), context(why, steps), _before(meeting, is_rep=is_rep))


def _welcome(manager: str) -> list[str]:
    return [
        tr(
            "• *What this is*: I'm Cadence. I prepare your 1:1s with {manager}, from what your CRM shows of your "
            "deals.",
            manager=manager,
        ),
        tr(
            "• *What it isn't*: a contest, or somebody watching you. {manager} and you see your numbers, nobody else.",
            manager=manager,
        ),
        tr(
            "• *What comes when*: questions two working days before, the agenda one; in the 1:1 you choose what to "
            "commit to."
        ),
        tr(
            "• *If it doesn't suit you*: move it below; `/1on1 away` is for leave, `/1on1 quiet` says how often I "
            "write. To stop, tell {manager}; `/cadence help` says more.",
            manager=manager,
        ),
    ]


def _steps(rep: str) -> str:
    """Return what comes before a 1:1, to the rep where there is no name."""
    if not rep:
        return tr(
            "Two working days before, you get three short questions; one working day before, both get the agenda."
        )
    return tr(
        "Two working days before, {rep} gets three short questions; one working day before, both get the agenda.",
        rep=rep,
    )


def _before(meeting: Meeting, *, is_rep: bool) -> Block:
    """Return what can be done about a 1:1 that hasn't begun: both may move it, the manager excuse it."""
    excuse = [] if is_rep else [button(tr("Excuse"), ActionId.MEETING_EXCUSE, meeting.id)]
    return actions(button(tr("Move"), ActionId.MEETING_MOVE, meeting.id), *excuse)
