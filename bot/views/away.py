"""What a person is told of the own leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.coaching.meeting import Meeting
from bot.coaching.records import Leave, Person
from bot.views.blocks import Block, View, actions, button, confirm, context, form, message, section, with_button
from bot.views.ids import ActionId, CallbackId, leave_value
from bot.views.message import Message
from bot.views.mrkdwn import appointment, day, esc, name

MOST = 20
"""Leaves shown; nobody says so many."""

WHO_READS = "Whoever you meet reads that you are away on a day, never why."
HOW = "`/1on1 away 3 Dec - 12 Dec` adds one; weekends and public holidays are free anyway."


def noted(leave: Leave, leaves: Sequence[Leave], concerned: Sequence[Person]) -> Message:
    """Confirm a leave and say whose 1:1s move because of it."""
    line = f"*You are away {days(leave.first, leave.last)}.* No 1:1 and no message of mine falls into it."
    if concerned:
        who = _listed([name(person) for person in concerned])
        what = "Your 1:1" if len(concerned) == 1 else "Your 1:1s"
        moves = f"{what} with {who} would: I move {'it' if len(concerned) == 1 else 'them'}, and you both read when."
    else:
        moves = "None of your planned 1:1s was in it."
    return message(line, section(line, moves), *_list(leaves), context(WHO_READS))


def listed(leaves: Sequence[Leave]) -> Message:
    """Show somebody the own leave, each with a button to withdraw it."""
    line = "*You have said no leave.*" if not leaves else "*When you are away:*"
    return message(line, section(line), *_list(leaves), context(HOW, WHO_READS))


def withdrawn(first: date, last: date, leaves: Sequence[Leave]) -> View:
    """Return the form that confirms that a leave is withdrawn, with those that are left."""
    line = f"You are not away {days(first, last)} any more. A 1:1 that moved because of it stays where it is now."
    left = [section("Still away:", *(_line(leave) for leave in leaves[:MOST]))] if leaves else []
    return form(CallbackId.AWAY_WITHDRAWN, "Leave withdrawn", [section(line), *left], close="Close")


def proposed(leave: Leave, meeting: Meeting, person: Person) -> Message:
    """Ask somebody whose status in Slack speaks of leave whether it is meant."""
    when = appointment(meeting.appointment.starts_at, person.timezone)
    asked = f"*Are you away {days(leave.first, leave.last)}?*"
    line = f"{asked} Your status in Slack says so, and your 1:1 of {when} is in it."
    yes = button("Yes, I'm away", ActionId.AWAY_CONFIRM, leave_value(leave.first, leave.last), style="primary")
    return message(
        line,
        section(line, "If so I move it, and both of you read when. If not there's nothing to do."),
        actions(yes),
        context(HOW, WHO_READS),
    )


def endless(meeting: Meeting, person: Person) -> Message:
    """Ask somebody whose status speaks of leave, and doesn't say until when, about the next 1:1."""
    when = appointment(meeting.appointment.starts_at, person.timezone)
    line = f"*Does your 1:1 of {when} take place?* Your status in Slack speaks of leave and doesn't say until when."
    return message(
        line,
        section(line, "Say `/1on1 away until Friday`, or whichever day, and I move it; or move it yourself."),
        actions(button("Move", ActionId.MEETING_MOVE, meeting.id)),
        context(WHO_READS),
    )


def days(first: date, last: date) -> str:
    """Return "on Tue 3 Oct 2017", or "from Tue 3 Oct to Thu 5 Oct 2017"."""
    if first == last:
        return f"on {day(first)} {first.year}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"from {day(first)}{year} to {day(last)} {last.year}"


def _list(leaves: Sequence[Leave]) -> list[Block]:
    sure = confirm("Withdraw this leave?", "1:1s may be planned on these days again.", "Withdraw leave", "Keep it")
    return [
        with_button(
            section(_line(leave)),
            button("Withdraw leave", ActionId.AWAY_WITHDRAW, leave_value(leave.first, leave.last), confirm=sure),
        )
        for leave in leaves[:MOST]
    ]


def _line(leave: Leave) -> str:
    said = days(leave.first, leave.last)
    reason = f" ({esc(leave.reason, 300)})" if leave.reason.strip() else ""
    return f"{said[:1].upper()}{said[1:]}{reason}"


def _listed(names: list[str]) -> str:
    most = 8
    shown = names if len(names) <= most else [*names[:most], f"{len(names) - most} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
