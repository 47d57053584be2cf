"""The Home tab: what is next, for a rep and for a manager."""

from __future__ import annotations

from bot.coaching.commitment import CoachingGoal
from bot.coaching.meeting import Meeting
from bot.coaching.pre_read import DealReview
from bot.coaching.records import Person
from bot.views.blocks import Block, context, header, message, packed, section
from bot.views.evidence import recordable
from bot.views.goal_words import progress, what
from bot.views.message import Message
from bot.views.mrkdwn import appointment, bold, esc, name, plural
from bot.views.schedule import team_lines

MOST_DEALS = 10
FOOTER = "`/pipeline`, `/1on1`, `/goals`, `/cadence` and `/awesome` answer only to you; add `help` to any of them."


def _home(first: str, *blocks: Block) -> Message:
    return message(first, *blocks, context(FOOTER))


def rep(
    rep: Person,
    meeting: Meeting | None,
    cadence_sentence: str,
    goals: tuple[CoachingGoal, ...],
    deals: tuple[DealReview, ...] | None = None,
    manager: Person | None = None,
) -> Message:
    """Return the blocks of a rep's page: next 1:1 and its rhythm, goals, and the deals that want a verifier.

    Deals that want nothing are left out; None for ``deals``, when no agenda names any, leaves out their heading too.
    Beside each the rep can record what the customer gave.
    """
    if meeting is None:
        line = "*No 1:1 is planned yet.*"
    else:
        who = f" with {name(manager)}" if manager else ""
        line = f"*Your next 1:1{who}*: {appointment(meeting.appointment.starts_at, rep.timezone)}"
    return _home(
        line,
        section(line, esc(cadence_sentence, 600)),
        header("Your goals"),
        *(packed((progress(goal) for goal in goals), sections=1) or [section("None now.")]),
        *([] if deals is None else _wanting(deals)),
    )


def _wanting(deals: tuple[DealReview, ...]) -> list[Block]:
    wanting = [deal for deal in deals if deal.unpaid]
    shown = [
        recordable(
            section(f"{bold(deal.name)}: {', '.join(esc(item, 80) for item in deal.unpaid[:6])}"),
            deal.deal,
        )
        for deal in wanting[:MOST_DEALS]
    ]
    if len(wanting) > MOST_DEALS:
        shown.append(context(f"{plural(len(wanting) - MOST_DEALS, 'more deal')} in /pipeline."))
    return [header("Deals that want something from the customer"), *(shown or [section("None now.")])]


def manager(
    manager: Person,
    rows: tuple[tuple[Person, Meeting | None, str], ...],
    waiting: tuple[CoachingGoal, ...] = (),
    consistency: str | None = None,
    figures: tuple[str, ...] = (),
) -> Message:
    """Return the blocks of a manager's page: the own consistency first, goals to answer, the reps by name."""
    names = {rep.id: name(rep) for rep, _, _ in rows}
    asked = [f"{names.get(goal.rep, 'A rep who left your team')}, {what(goal.terms)}" for goal in waiting]
    line = f"*{name(manager)}, your own consistency first*"
    return _home(
        line,
        section(line, esc(consistency or "", 600) or "It shows here after your first 1:1s."),
        header("Waiting for your answer"),
        *(packed(asked, sections=1) or [section("Nothing now.")]),
        header("Your 1:1s"),
        *(packed(team_lines(rows), sections=4) or [section("Nobody reports to you yet.")]),
        context(f"{plural(len(rows), 'rep')}, by name.", *figures),
    )
