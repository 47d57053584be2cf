"""What a person is told of the own leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.coaching.meeting import Meeting
from bot.coaching.records import Leave, Person
from bot.coaching.said import listed as enumerated
from bot.coaching.said import say
from bot.coaching.wording import dated_day, short_day
from bot.views.blocks import Block, View, actions, button, confirm, context, form, message, section, with_button
from bot.views.ids import ActionId, CallbackId, leave_value
from bot.views.message import Message
from bot.views.mrkdwn import appointment, esc, name
from bot.views.speaking import shown, tr, tr_many

MOST = 20
"""Leaves shown; nobody says so many."""
MOST_NAMED = 8

WHO_READS = say("Whoever you meet reads that you are away on a day, never why.")
HOW = say("`/1on1 away 3 Dec - 12 Dec` adds one; weekends and public holidays are free anyway.")


def noted(leave: Leave, leaves: Sequence[Leave], concerned: Sequence[Person]) -> Message:
    """Confirm a leave and say whose 1:1s move because of it."""
    line = tr("*You are away {days}.* No 1:1 and no message of mine falls into it.", days=days(leave.first, leave.last))
    if concerned:
        moves = tr_many(
            "Your 1:1 with {who} would: I move it, and you both read when.",
            "Your 1:1s with {who} would: I move them, and you both read when.",
            len(concerned),
            who=_names([name(person) for person in concerned]),
        )
    else:
        moves = tr("None of your planned 1:1s was in it.")
    return message(line, section(line, moves), *_list(leaves), context(WHO_READS))


def listed(leaves: Sequence[Leave]) -> Message:
    """Show somebody the own leave, each with a button to withdraw it."""
    line = tr("*When you are away:*") if leaves else tr("*You have said no leave.*")
    return message(line, section(line), *_list(leaves), context(HOW, WHO_READS))


def withdrawn(first: date, last: date, leaves: Sequence[Leave]) -> View:
    """Return the form that confirms that a leave is withdrawn, with those that are left."""
    line = tr(
        "You are not away {days} any more. A 1:1 that moved because of it stays where it is now.",
        days=days(first, last),
    )
    left = [section(tr("Still away:"), *(_line(leave) for leave in leaves[:MOST]))] if leaves else []
    return form(CallbackId.AWAY_WITHDRAWN, tr("Leave withdrawn"), [section(line), *left], close=tr("Close"))


def proposed(leave: Leave, meeting: Meeting, person: Person) -> Message:
    """Ask somebody whose status in Slack speaks of leave whether it is meant."""
    when = appointment(meeting.appointment.starts_at, person.timezone)
    line = tr(
        "*Are you away {days}?* Your status in Slack says so, and your 1:1 of {when} is in it.",
        days=days(leave.first, leave.last),
        when=when,
    )
    yes = button(tr("Yes, I'm away"), ActionId.AWAY_CONFIRM, leave_value(leave.first, leave.last), style="primary")
    return message(
        line,
        section(line, tr("If so I move it, and both of you read when. If not there's nothing to do.")),
        actions(yes),
        context(HOW, WHO_READS),
    )


def endless(meeting: Meeting, person: Person) -> Message:
    """Ask somebody whose status speaks of leave, and doesn't say until when, about the next 1:1."""
    when = appointment(meeting.appointment.starts_at, person.timezone)
    line = tr(
        "*Does your 1:1 of {when} take place?* Your status in Slack speaks of leave and doesn't say until when.",
        when=when,
    )
    return message(
        line,
        section(line, tr("Say `/1on1 away until Friday`, or whichever day, and I move it; or move it yourself.")),
        actions(button(tr("Move"), ActionId.MEETING_MOVE, meeting.id)),
        context(WHO_READS),
    )


def days(first: date, last: date) -> str:
    """Return "on Tue 3 Oct 2017", or "from Tue 3 Oct to Thu 5 Oct 2017"."""
    if first == last:
        return tr("on {day}", day=dated_day(first))
    begins = short_day(first) if first.year == last.year else dated_day(first)
    return tr("from {first} to {last}", first=begins, last=dated_day(last))


def _list(leaves: Sequence[Leave]) -> list[Block]:
    sure = confirm(
        tr("Withdraw this leave?"),
        tr("1:1s may be planned on these days again."),
        tr("Withdraw leave"),
        tr("Keep it"),
    )
    return [
        with_button(
            section(_line(leave)),
            button(tr("Withdraw leave"), ActionId.AWAY_WITHDRAW, leave_value(leave.first, leave.last), confirm=sure),
        )
        for leave in leaves[:MOST]
    ]


def _line(leave: Leave) -> str:
    said = days(leave.first, leave.last)
    reason = f" ({esc(leave.reason, 300)})" if leave.reason.strip() else ""
    return f"{said[:1].upper()}{said[1:]}{reason}"


def _names(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return shown(enumerated(names if more <= 0 else [*names[:MOST_NAMED], say("{n} more", n=more)]))
