"""What is said of how a 1:1 ended, and how that is asked."""

from __future__ import annotations

from bot.coaching.meeting import OPEN_STATES, Appointment, Meeting, MeetingState
from bot.coaching.records import Person
from bot.views.blocks import (
    Block,
    View,
    actions,
    button,
    field,
    form,
    message,
    read_field,
    section,
    text_input,
)
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.message import Message
from bot.views.mrkdwn import appointment, moment, name, quote
from bot.views.speaking import tr


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
