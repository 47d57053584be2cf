"""What is said of a 1:1's date and of how it ended."""

from __future__ import annotations

from bot.coaching.meeting import OPEN_STATES, Appointment, Meeting, MeetingState
from bot.coaching.records import Person
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
from bot.views.mrkdwn import appointment, esc, moment, name, plural, quote


def still_open(meeting: Meeting, rep: Person, moved_to: Appointment | None = None) -> Message:
    """Ask the next morning about a 1:1 that nobody closed: it is never assumed to have been held."""
    if meeting.state not in OPEN_STATES:
        said = record(meeting, rep, moved_to)
        return message(said, section(said))
    line = f"*Did your 1:1 with {name(rep)} take place?* It was set for {_start(meeting)} and is still open."
    opening = f"{line} Your answer sets the next date."
    return message(opening, section(opening), buttons(meeting))


def _start(meeting: Meeting) -> str:
    return appointment(meeting.appointment.starts_at, meeting.appointment.zone)


def buttons(meeting: Meeting) -> Block:
    """Return what a manager can say became of a 1:1."""
    return actions(
        button("Held", ActionId.MEETING_HELD, meeting.id, style="primary"),
        button("Move", ActionId.MEETING_MOVE, meeting.id),
        button("Excuse", ActionId.MEETING_EXCUSE, meeting.id),
    )


def record(meeting: Meeting, rep: Person, moved_to: Appointment | None = None) -> str:
    """Return the manager's record of a 1:1 that is over."""
    closed = f", recorded on {moment(meeting.closed_at, meeting.appointment.zone)}" if meeting.closed_at else ""
    words = f"\n{quote(meeting.closing_words)}" if meeting.closing_words.strip() else ""
    match meeting.state:
        case MeetingState.HELD:
            return f"You held the 1:1 with {name(rep)} of {_start(meeting)}{closed}.{words}"
        case MeetingState.MOVED:
            to = f" to {appointment(moved_to.starts_at, moved_to.zone)}" if moved_to else ""
            line = f"You moved the 1:1 with {name(rep)} of {_start(meeting)}{to}{closed}."
            return f"{line} Everything open moved with it.{words}"
        case MeetingState.EXCUSED:
            return f"You excused the 1:1 with {name(rep)} of {_start(meeting)}{closed}:{words or ' no reason given.'}"
        case _:
            return (
                f"1:1 with {name(rep)} of {_start(meeting)} did not take place{closed}. The next one is planned.{words}"
            )


def excuse_modal(meeting: Meeting) -> View:
    """Return the form that asks why the 1:1 is left out."""
    return form(
        CallbackId.MEETING_EXCUSE,
        "Excuse this 1:1",
        [
            section(
                f"The 1:1 of {_start(meeting)} is left out and the next one is planned. "
                "Holding them steadily is what makes them count; moving keeps it."
            ),
            field(
                BlockId.REASON,
                "Why?",
                text_input(placeholder="Leave, illness, a customer emergency"),
                hint="A few words are enough; they stay with the 1:1.",
            ),
        ],
        submit="Excuse",
        metadata=meeting.id,
    )


def parse_excuse(view: View) -> str:
    """Return the reason, "" when only blanks were typed."""
    return read_field(view, BlockId.REASON, ActionId.TEXT)


def excused(meeting: Meeting, following: Meeting | None, rep: Person, manager: Person) -> Message:
    """Tell the rep that a 1:1 is left out, why in the manager's own words, and when the next one is."""
    when = appointment(meeting.appointment.starts_at, rep.timezone)
    line = f"*Your 1:1 with {name(manager)} of {when} is left out.*"
    if following is not None:
        line += f" The next one is planned for {appointment(following.appointment.starts_at, rep.timezone)}."
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
        line = f"Your 1:1 with {other}, {when}: {meeting.state.value}."
        excused = meeting.state is MeetingState.EXCUSED and meeting.closing_words
        return message(line, section(line, quote(meeting.closing_words) if excused else ""))
    line = f"*Your 1:1 with {other}* is planned for {when}, {plural(meeting.appointment.minutes, 'minute')}."
    said = esc(cadence_sentence, 600)
    why = said if is_rep or not said else f"{name(rep)} reads: “{said}”"
    asked = "you get" if is_rep else f"{name(rep)} gets"
    steps = f"Two working days before, {asked} three short questions; one working day before, both get the agenda."
    if is_rep and is_first:
        welcome = [section(*_welcome(other)), *([context(why)] if why else [])]
        return message(line, section(line, change), *welcome, _before(meeting, is_rep=True))
    return message(line, section(line, change), context(why, steps), _before(meeting, is_rep=is_rep))


def _welcome(manager: str) -> list[str]:
    comes = "questions two working days before, the agenda one; in the 1:1 you choose what to commit to."
    other = "move it below; `/1on1 away` is for leave, `/1on1 quiet` says how often I write."
    return [
        f"• *What this is*: I'm Cadence. I prepare your 1:1s with {manager}, from what your CRM shows of your deals.",
        f"• *What it isn't*: a contest, or somebody watching you. {manager} and you see your numbers, nobody else.",
        f"• *What comes when*: {comes}",
        f"• *If it doesn't suit you*: {other} To stop, tell {manager}; `/cadence help` says more.",
    ]


def _before(meeting: Meeting, *, is_rep: bool) -> Block:
    """Return what can be done about a 1:1 that hasn't begun: both may move it, the manager excuse it."""
    excuse = [] if is_rep else [button("Excuse", ActionId.MEETING_EXCUSE, meeting.id)]
    return actions(button("Move", ActionId.MEETING_MOVE, meeting.id), *excuse)
