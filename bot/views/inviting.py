"""How a manager is invited and begins: the first 1:1s to look over, and the admin's forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.meeting import Appointment
from bot.coaching.records import Person, PersonId
from bot.coaching.said import say
from bot.views.blocks import (
    MOST_OPTIONS,
    Block,
    View,
    actions,
    button,
    context,
    divider,
    field,
    form,
    menu,
    message,
    packed,
    read_choice,
    section,
    unmarked,
)
from bot.views.ids import ActionId, BlockId, CallbackId, invitation_value
from bot.views.message import Message
from bot.views.mrkdwn import appointment, bold, esc, moment, name
from bot.views.speaking import tr, tr_many

WHAT_THIS_IS = (
    say("• *When*: I work out how often you and each of your reps meet, weekly to monthly, and say why."),
    say("• *Before*: your rep answers three short questions; a working day before, both of you get the same agenda."),
    say("• *In it*: your rep chooses what to commit to, and you approve with a button. Each week I ask how it goes."),
    say("• *Never*: nobody is held against anybody else. You see your reps, they see themselves, an admin no notes."),
)
MOST_SECTIONS = 6
MOST_IN_FORM = 3
"""Of the two lists of a form each: Slack takes one of 250 kB."""
MOST_ABOVE = 2
"""First 1:1s that stand on the first screen of a phone; the others are behind the button that says why then."""


@dataclass(frozen=True, slots=True)
class FirstOne:
    """A rep's first 1:1. Without one ``why`` says what stands in its way, else what the rhythm comes from.

    ``interval`` is in days.
    """

    rep: Person
    appointment: Appointment | None
    interval: int | None
    why: str


def proposal(manager: Person, by: Person | None, version: int, first: Sequence[FirstOne]) -> Message:
    """Ask a manager to look over the first 1:1s, before any rep is written to; ``by`` is the admin who invites."""
    who = tr("{admin} invited you.", admin=name(by)) if by is not None else tr("You are invited.")
    line = tr(
        "*Shall I prepare your 1:1s, {manager}?* {who} None of your reps has heard from me yet.",
        manager=name(manager),
        who=who,
    )
    times = any(one.appointment for one in first)
    value = invitation_value(manager.id, version)
    begin = [button(tr("Begin with these"), ActionId.INVITATION_BEGIN, value, style="primary")] if times else []
    first = sorted(first, key=_by_name)
    left = len(first) - MOST_ABOVE
    more = [tr_many("{n} more is behind the button.", "{n} more are behind the button.", left)] if left > 0 else []
    label = tr("See all, and why then") if more else tr("See why then")
    why = [button(label, ActionId.INVITATION_WHY, value)] if times or more else []
    return message(
        line,
        section(line),
        section(*WHAT_THIS_IS),
        section(tr("*The first 1:1s I would plan*"), *_lines_of(first[:MOST_ABOVE], manager), *more),
        actions(*begin, *why, button(tr("Not now"), ActionId.INVITATION_LATER, value)),
        divider(),
        context(
            tr("Once you begin, each rep hears of it in their working hours. Every one of these can be moved then.")
        ),
    )


def begun(manager: Person, at: datetime, first: Sequence[FirstOne]) -> Message:
    """Show a manager who began the first 1:1s as they are planned."""
    planned = sum(one.appointment is not None for one in first)
    line = tr_many(
        "*You began on {when}.* {n} first 1:1 of {all} is planned; your reps hear of it in their own working hours.",
        "*You began on {when}.* {n} first 1:1s of {all} are planned; your reps hear of it in their own working hours.",
        planned,
        all=len(first),
        when=moment(at, manager.timezone),
    )
    hint = tr(
        "`/1on1` shows all of them at any time, `/1on1 move Ruth` moves one, `/1on1 away 3 Dec - 12 Dec` is for leave."
    )
    return message(line, section(line), *_lines(first, manager), context(hint))


def ended(manager: Person, at: datetime, by: Person | None) -> Message:
    """Say that it isn't begun, or goes no further: ``by`` is who said so, None for whoever runs the bot."""
    when = moment(at, manager.timezone)
    if by is not None and by.id == manager.id:
        line = tr(
            "*You said “not now” on {when}.* Nobody of your team is written to. An admin can invite you again.",
            when=when,
        )
    else:
        line = tr(
            "*{who} stopped your team's 1:1s with Cadence on {when}.* Nobody is written to. An admin can start again.",
            who=name(by) if by is not None else tr("Whoever runs Cadence"),
            when=when,
        )
    return message(line, section(line))


def _lines(first: Sequence[FirstOne], manager: Person) -> list[Block]:
    return packed(_lines_of(sorted(first, key=_by_name), manager), sections=MOST_SECTIONS)


def _lines_of(first: Sequence[FirstOne], manager: Person) -> list[str]:
    return [_line(one, manager) for one in first] or [tr("Nobody who reports to you is in the records.")]


def _by_name(one: FirstOne) -> tuple[str, str]:
    return (one.rep.name.casefold(), one.rep.id)


def _line(one: FirstOne, manager: Person) -> str:
    if one.appointment is None:
        return tr("• {rep}: no time yet. {why}", rep=bold(one.rep.name), why=esc(one.why, 300))
    when = appointment(one.appointment.starts_at, manager.timezone)
    return tr("• {rep}: {when}, then {rhythm}", rep=bold(one.rep.name), when=when, rhythm=rhythm(one.interval))


def rhythm(interval: int | None) -> str:
    weeks = round((interval or 0) / 7)
    return tr_many("every week", "every {n} weeks", weeks) if weeks else tr("as your numbers say")


def why(first: Sequence[FirstOne], manager: Person) -> View:
    """Show all first 1:1s, what the rhythm of each rep comes from, and how a time was found."""
    ordered = sorted(first, key=_by_name)
    lines = [
        tr("{rep} reads: “{sentence}”", rep=bold(one.rep.name), sentence=esc(one.why, 600))
        for one in ordered
        if one.appointment is not None
    ]
    return form(
        CallbackId.INVITATION_WHY,
        tr("Why then"),
        [
            section(tr("*The first 1:1s I would plan*")),
            *packed(_lines_of(ordered, manager), sections=MOST_IN_FORM),
            section(
                tr(
                    "Each rep gets a place of their own in your week, in your 1:1 hours. The first 1:1 is three "
                    "working "
                    "days from now or later, in the week with the fewest of them; for who just joined, as soon as can "
                    "be. Public holidays, leave and, where one is connected, calendars are kept free."
                )
            ),
            *packed(lines, sections=MOST_IN_FORM),
        ],
        close=tr("Close"),
    )


def invite_form(managers: Sequence[tuple[Person, int]]) -> View:
    """Ask an admin whom to invite: managers who haven't begun, each with how many reps; there is one at least."""
    return form(
        CallbackId.INVITATION,
        tr("Invite a manager"),
        [
            section(
                tr(
                    "The manager gets a message in their working hours: what this is, and the first 1:1s to look over. "
                    "Only when the manager begins does any rep hear from me."
                )
            ),
            *_more(managers),
            field(BlockId.CHOICE, tr("Whom?"), menu(tr("Choose a manager"), _options(managers))),
        ],
        submit=tr("Invite"),
    )


def stop_form(managers: Sequence[tuple[Person, int]]) -> View:
    """Ask an admin with whom to stop; there is one at least."""
    return form(
        CallbackId.INVITATION_STOP,
        tr("Stop with a manager"),
        [
            section(
                tr(
                    "Open 1:1s of this manager's reps are left out with a word to both, and then nobody of the team is "
                    "written to. What was agreed is kept; inviting the manager again goes on from there."
                )
            ),
            *_more(managers),
            field(BlockId.CHOICE, tr("With whom?"), menu(tr("Choose a manager"), _options(managers))),
        ],
        submit=tr("Stop"),
    )


def _options(managers: Sequence[tuple[Person, int]]) -> list[tuple[str, str]]:
    return [
        (tr_many("{manager}, {n} rep", "{manager}, {n} reps", reps, manager=unmarked(one.name)), one.id)
        for one, reps in managers
    ]


def _more(managers: Sequence[tuple[Person, int]]) -> list[Block]:
    more = len(managers) - MOST_OPTIONS
    if more <= 0:
        return []
    return [
        context(tr("The first {most} by name; of {n} more: `/cadence invite @manager`.", most=MOST_OPTIONS, n=more))
    ]


def parse(view: View) -> PersonId:
    """Return which manager was chosen, "" where none was."""
    return PersonId(read_choice(view, BlockId.CHOICE))


def invited(manager: Person, when: datetime, admin: Person) -> View:
    """Tell an admin that somebody was invited, and when the message goes out."""
    line = tr(
        "{manager} is invited; my message goes out {when}.",
        manager=bold(manager.name),
        when=moment(when, admin.timezone),
    )
    return form(
        CallbackId.INVITATION_DONE,
        tr("Invited"),
        [section(line), context(tr("Your home tab shows who has begun, and stops it again."))],
        close=tr("Close"),
    )


def stopped(manager: Person) -> View:
    """Tell an admin that it is over with a manager for now."""
    line = tr("It is over with {manager} for now; open 1:1s are left out within a minute.", manager=bold(manager.name))
    return form(CallbackId.INVITATION_DONE, tr("Stopped"), [section(line)], close=tr("Close"))


def invited_notice(manager: Person, when: datetime, admin: Person) -> Message:
    """Say the same where a command was typed."""
    line = tr(
        "*{manager} is invited.* My message goes out {when}.",
        manager=name(manager),
        when=moment(when, admin.timezone),
    )
    return message(line, section(line), context(tr("Your home tab shows who has begun, and stops it again.")))
