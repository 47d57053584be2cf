"""What a manager reads at the start of the week."""

from __future__ import annotations

from collections.abc import Sequence

from bot.coaching.commitment import CoachingGoal
from bot.coaching.meeting import Meeting
from bot.coaching.records import Person
from bot.views.blocks import Block, context, header, message, packed, section
from bot.views.goal_words import done, title, what
from bot.views.message import Message
from bot.views.mrkdwn import appointment, bold, esc, name, number
from bot.views.speaking import tr, tr_many

OfRep = tuple[Person, CoachingGoal]


def digest(
    manager: Person,
    consistency: str,
    waiting: Sequence[OfRep],
    kept: Sequence[OfRep],
    meetings: Sequence[tuple[Person, Meeting]],
) -> Message:
    """Tell a manager the own consistency first, what waits for a yes, whom to congratulate, and the week's 1:1s.

    Reps stand by name, never by number; ``meetings`` stand as they are given, by date.
    """
    asks = _asks(len(waiting), len(kept), len(meetings))
    line = tr("*Your week, {manager}*: {asks}.", manager=name(manager), asks=asks)
    asked = [f"{bold(rep.name or rep.email)}: {what(goal.terms)}" for rep, goal in by_name(waiting)]
    praised = [
        tr("{rep} kept {goal}, {done}", rep=bold(rep.name or rep.email), goal=title(goal.terms), done=done(goal))
        for rep, goal in by_name(kept)
    ]
    planned = [f"{appointment(one.appointment.starts_at, one.appointment.zone)}: {name(rep)}" for rep, one in meetings]
    return message(
        line,
        section(line, esc(consistency, 600)),
        *_part(tr("Waiting for your yes"), asked),
        *(
            [context(tr("Approve or send back where each one stands, or see all of them in my Home tab."))]
            if asked
            else []
        ),
        *_part(tr("To congratulate"), praised),
        *_part(tr("Your 1:1s this week"), planned),
    )


def by_name(pairs: Sequence[OfRep]) -> list[OfRep]:
    """Return them in alphabetical order whatever the numbers are."""
    return sorted(pairs, key=lambda pair: (pair[0].name.casefold(), pair[0].id, pair[1].terms.title.casefold()))


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


def _part(heading: str, lines: Sequence[str]) -> list[Block]:
    return [header(heading), *packed(lines, sections=3)] if lines else []
