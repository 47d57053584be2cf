"""What each of the two is told of when they meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.coaching.meeting import Meeting, MeetingId, MeetingState
from bot.coaching.records import Person
from bot.coaching.said import say
from bot.views.blocks import Block, actions, button, context, message, section
from bot.views.ids import ActionId
from bot.views.languages import Language
from bot.views.message import Message
from bot.views.mrkdwn import ESCAPES, appointment, called, esc, name, plain_name, quote
from bot.views.speaking import speaking, tr, tr_many

OVER = {
    MeetingState.HELD: say("held"),
    MeetingState.MISSED: say("missed"),
    MeetingState.MOVED: say("moved"),
    MeetingState.EXCUSED: say("excused"),
}


@dataclass(frozen=True, slots=True)
class Announcement:
    """What one of the two is told of a 1:1 that is planned: facts, of which ``announced`` makes the words.

    ``zone`` is the reader's; ``rep`` and ``manager`` are names. ``why`` is the cadence's sentence, "" where there is
    none. A rep whose 1:1 ``is_first`` also reads what this is.
    """

    meeting: MeetingId
    starts_at: datetime
    minutes: int
    zone: str
    rep: str
    manager: str
    why: str
    to_rep: bool
    is_first: bool


def announce(
    meeting: Meeting, rep: Person, manager: Person, why: str, reader: Person, *, is_first: bool = False
) -> Announcement:
    """Return what ``reader``, one of the two, is told of an open 1:1."""
    return Announcement(
        meeting.id,
        meeting.appointment.starts_at,
        meeting.appointment.minutes,
        reader.timezone,
        plain_name(rep),
        plain_name(manager),
        why,
        to_rep=reader.id == rep.id,
        is_first=is_first,
    )


def announced(told: Announcement, change: str = "") -> Message:
    """Tell one of the two that a 1:1 is planned and why then; ``change`` says where it was before.

    A rep whose 1:1 is the first also reads what this is, what it isn't, what comes when and how to have it otherwise.
    """
    other = called(told.manager if told.to_rep else told.rep)
    line = tr_many(
        "*Your 1:1 with {who}* is planned for {when}, {n} minute.",
        "*Your 1:1 with {who}* is planned for {when}, {n} minutes.",
        told.minutes,
        who=other,
        when=appointment(told.starts_at, told.zone),
    )
    why = esc(told.why, 600)
    if why and not told.to_rep:
        why = tr("{rep} reads: “{words}”", rep=other, words=why)
    if told.to_rep and told.is_first:
        welcome = [section(*_welcome(other)), *([context(why)] if why else [])]
        return message(line, section(line, change), *welcome, _choices(told))
    return message(line, section(line, change), context(why, _steps("" if told.to_rep else other)), _choices(told))


def in_plain_words(told: Announcement) -> str:
    """Return what the database holds beside it, which a version of the bot that doesn't know announcements sends."""
    other = (told.manager if told.to_rep else told.rep).translate(ESCAPES)
    unix = int(told.starts_at.timestamp())
    token = f"<!date^{unix}^{{date_long}} at {{time}}|{told.starts_at.isoformat()}>"  # no words: of the database
    return f"Your 1:1 with {other} is planned for {token}."  # no words: of the database


def made(content: Message | Announcement, language: Language) -> Message:
    """Return what is shown to somebody who reads a language; what has its words keeps them."""
    if isinstance(content, Message):
        return content
    with speaking(language):
        return announced(content)


def over(meeting: Meeting, rep: Person, manager: Person, reader: Person) -> Message:
    """Say in the place of its date that a 1:1 is over, and how it ended."""
    other = name(manager if reader.id == rep.id else rep)
    when = appointment(meeting.appointment.starts_at, reader.timezone)
    line = tr("Your 1:1 with {who}, {when}: {state}.", who=other, when=when, state=OVER[meeting.state])
    excused = meeting.state is MeetingState.EXCUSED and meeting.closing_words
    return message(line, section(line, quote(meeting.closing_words) if excused else ""))


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


def _choices(told: Announcement) -> Block:
    """Return what can be done about a 1:1 that hasn't begun: both may move it, the manager excuse it."""
    excuse = [] if told.to_rep else [button(tr("Excuse"), ActionId.MEETING_EXCUSE, told.meeting)]
    return actions(button(tr("Move"), ActionId.MEETING_MOVE, told.meeting), *excuse)
