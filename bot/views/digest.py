"""What a manager reads at the start of the week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.coaching.commitment import CoachingGoal
from bot.coaching.meeting import Meeting
from bot.coaching.records import Person
from bot.views.blocks import Block, View, actions, button, context, divider, form, header, message, packed, section
from bot.views.goal_words import done, title, what
from bot.views.ids import ActionId, CallbackId
from bot.views.message import Message
from bot.views.mrkdwn import appointment, bold, esc, name, number
from bot.views.speaking import shown, tr, tr_many

MOST_ABOVE = 2
"""Lines of each part that stand in the message; the others are behind its button."""
OfRep = tuple[Person, CoachingGoal]


def digest(
    manager: Person,
    monday: date,
    consistency: str,
    waiting: Sequence[OfRep],
    kept: Sequence[OfRep],
    meetings: Sequence[tuple[Person, Meeting]],
) -> Message:
    """Tell a manager the own consistency first, what waits for a yes, whom to congratulate, and the week's 1:1s.

    Reps stand by name, never by number; ``meetings`` stand as they are given, by date.
    """
    line = _line(manager, waiting, kept, meetings)
    parts = _parts(waiting, kept, meetings)
    left = any(len(lines) > MOST_ABOVE for _, lines in parts)
    whole = button(tr("See the whole week"), ActionId.DIGEST_WHOLE, monday.isoformat())
    where = tr("Approve or send back where each one stands, or see all of them in my Home tab.")
    return message(
        line,
        section(line, esc(consistency, 600)),
        *(block for heading, lines in parts for block in _first(heading, lines)),
        *([actions(whole)] if left else []),
        *([divider()] if left and waiting else []),
        *([context(where)] if waiting else []),
    )


def whole_week(
    manager: Person,
    consistency: str,
    waiting: Sequence[OfRep],
    kept: Sequence[OfRep],
    meetings: Sequence[tuple[Person, Meeting]],
) -> View:
    """Return the modal with all of a manager's week as it stands now."""
    parts = [part for part in _parts(waiting, kept, meetings) if part[1]]
    said = [block for heading, lines in parts for block in (header(heading), *packed(lines, sections=3))]
    line = _line(manager, waiting, kept, meetings)
    return form(
        CallbackId.DIGEST_WHOLE,
        tr("The whole week"),
        [section(line, tr("This is how it stands now."), esc(consistency, 600)), *said],
        close=tr("Close"),
    )


def _parts(
    waiting: Sequence[OfRep], kept: Sequence[OfRep], meetings: Sequence[tuple[Person, Meeting]]
) -> list[tuple[str, list[str]]]:
    asked = [f"{bold(rep.name or rep.email)}: {what(goal.terms)}" for rep, goal in by_name(waiting)]
    praised = [
        tr("{rep} kept {goal}, {done}", rep=bold(rep.name or rep.email), goal=title(goal.terms), done=done(goal))
        for rep, goal in by_name(kept)
    ]
    planned = [f"{appointment(one.appointment.starts_at, one.appointment.zone)}: {name(rep)}" for rep, one in meetings]
    return [
        (tr("Waiting for your yes"), asked),
        (tr("To congratulate"), praised),
        (tr("Your 1:1s this week"), planned),
    ]


def _line(
    manager: Person, waiting: Sequence[OfRep], kept: Sequence[OfRep], meetings: Sequence[tuple[Person, Meeting]]
) -> str:
    asks = _asks(len(waiting), len(kept), len(meetings))
    return tr("*Your week, {manager}*: {asks}.", manager=name(manager), asks=asks)


def by_name(pairs: Sequence[OfRep]) -> list[OfRep]:
    """Return them in alphabetical order whatever the numbers are."""
    return sorted(pairs, key=lambda pair: (pair[0].name.casefold(), pair[0].id, shown(pair[1].terms.title).casefold()))


def _asks(waiting: int, kept: int, meetings: int) -> str:
    parts = []
    if waiting:
        parts.append(tr_many("{n} goal waits for your yes", "{n} goals wait for your yes", waiting, n=number(waiting)))
    if kept:
        count = tr_many("{n} commitment to congratulate on", "{n} commitments to congratulate on", kept, n=number(kept))
        parts.append(count)
    if meetings:
        parts.append(tr_many("{n} 1:1", "{n} 1:1s", meetings, n=number(meetings)))
    return ", ".join(parts) or tr("nothing waits for you")


def _first(heading: str, lines: Sequence[str]) -> list[Block]:
    """Return the lines that a phone's first screen has room for, and how many more there are."""
    if not lines:
        return []
    left = len(lines) - MOST_ABOVE
    more = [tr("and {n} more", n=number(left))] if left > 0 else []
    return [section(f"*{heading}*", *lines[:MOST_ABOVE], *more)]
