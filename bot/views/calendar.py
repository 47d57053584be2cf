"""What is said of people's own calendars."""

from __future__ import annotations

from datetime import datetime

from bot.coaching.meeting import Meeting
from bot.coaching.records import Person
from bot.coaching.said import say
from bot.views.blocks import Block, actions, button, context, message, section
from bot.views.ids import ActionId
from bot.views.message import Message
from bot.views.mrkdwn import appointment, esc, moment, name
from bot.views.speaking import tr

SLOW = say("Calendars look every few hours, some once a day: when a 1:1 moves, the message here comes first.")


def new_address(url: str) -> Message:
    """Show an address, which can't be shown again."""
    line = tr("*Your 1:1s in your calendar.* Subscribe to this address, which is yours alone:")
    return message(
        line,
        section(line, f"`{url}`"),
        section(
            tr(
                "Google: _Other calendars_, _From URL_. Outlook: _Add calendar_, _Subscribe from web_. "
                "Apple: _File_, _New Calendar Subscription_."
            ),
        ),
        context(
            tr(
                "Keep it to yourself: who has it sees when you meet whom, and nothing else. I can't show it again; "
                "`/1on1 calendar new` replaces it, `/1on1 calendar off` ends it."
            ),
            SLOW,
        ),
    )


def has_address(since: datetime, zone: str) -> Message:
    """Say that there is one already."""
    line = tr(
        "*You have a calendar address* since {when}. I don't keep the address itself, so I can't show it again.",
        when=moment(since, zone),
    )
    return message(
        line,
        section(line, tr("`/1on1 calendar new` makes another, and the old one ends. `/1on1 calendar off` ends it.")),
        context(SLOW),
    )


def deleted_there(meeting: Meeting, rep: Person) -> Message:
    """Tell the manager that an entry was deleted, and that the 1:1 stands."""
    line = tr(
        "*The calendar entry of your 1:1 with {rep} was deleted.* The 1:1 itself still stands: {when}. Move it if "
        "that time is no good.",
        rep=name(rep),
        when=appointment(meeting.appointment.starts_at, meeting.appointment.zone),
    )
    return message(line, section(line), _move(meeting))


def not_moved(meeting: Meeting, rep: Person, wanted: datetime, why: str) -> Message:
    """Tell the manager why a move in the calendar can't be followed, and offer times that can be."""
    zone = meeting.appointment.zone
    line = tr(
        "*Your 1:1 with {rep} stays where it was*, on {when}: in the calendar it was moved to {wanted}.",
        rep=name(rep),
        when=appointment(meeting.appointment.starts_at, zone),
        wanted=moment(wanted, zone),
    )
    return message(line, section(line, esc(why)), _move(meeting))


def _move(meeting: Meeting) -> Block:
    return actions(button(tr("Other times"), ActionId.MEETING_MOVE, meeting.id, style="primary"))


def file_coming(other: str, starts_at: datetime, zone: str) -> Message:
    """Say that the file is on its way, and which 1:1 it is."""
    line = tr(
        "*Your next 1:1 as a file* comes into our conversation now; your calendar opens it. It is the one with {other} "
        "on {when}.",
        other=esc(other),
        when=appointment(starts_at, zone),
    )
    return message(line, section(line), context(tr("`/1on1 calendar` gives you an address that shows all of them.")))


def file_words(other: str, starts_at: datetime, zone: str) -> str:
    """Return what stands above the file."""
    return tr(
        "Your 1:1 with {other} on {when}, for your calendar. When it moves, ask for the file again and open it: the "
        "entry moves too.",
        other=esc(other),
        when=appointment(starts_at, zone),
    )


def invitation(manager: Person, rep: Person) -> str:
    """Return what the entry of a 1:1 is called in a connected calendar: plain text, which calendars take as it is."""
    return tr("1:1 {manager} and {rep}", manager=manager.name, rep=rep.name)


def file_refused(why: str) -> Message:
    """Say that no file comes, why, and what helps."""
    opening = tr("*Your next 1:1 as a file couldn't be had.*")
    line = f"{opening} {esc(why, 500)}"
    return message(line, section(line))


def ended() -> Message:
    """Confirm that the address answers nobody any more."""
    line = tr("*Your calendar address has ended.* Remove it from your calendar, which may show old 1:1s until then.")
    return message(line, section(line))
