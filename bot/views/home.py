"""The Home tab: what is next, for a rep and for a manager."""

from __future__ import annotations

from bot.coaching.commitment import CoachingGoal
from bot.coaching.meeting import Meeting
from bot.coaching.pre_read import DealReview
from bot.coaching.records import Person
from bot.views.blocks import Block, View, context, header, packed, section
from bot.views.commands import team_lines
from bot.views.goal_words import progress, what
from bot.views.mrkdwn import bold, esc, moment, name, plural

FOOTER = "`/pipeline`, `/1on1`, `/goals` and `/awesome` answer only to you; add `help` to any of them."


def _home(*blocks: Block) -> View:
    return {"type": "home", "blocks": [*blocks, context(FOOTER)]}


def rep(
    rep: Person,
    manager: Person | None,
    meeting: Meeting | None,
    cadence_sentence: str,
    goals: tuple[CoachingGoal, ...],
    deals: tuple[DealReview, ...],
) -> View:
    """Return a rep's page: next 1:1 and its rhythm, goals, and those of the deals that want a verifier."""
    if meeting is None:
        line = "*No 1:1 is planned yet.*"
    else:
        who = f" with {name(manager)}" if manager else ""
        line = f"*Your next 1:1{who}*: {moment(meeting.appointment.starts_at, rep.timezone)}"
    return _home(
        section(line, esc(cadence_sentence, 600)),
        header("Your goals"),
        *(packed((progress(goal) for goal in goals), sections=1) or [section("None now.")]),
        header("Deals that want something from the customer"),
        *(packed((_wants(deal) for deal in deals if deal.unpaid), sections=2) or [section("None now.")]),
    )


def _wants(deal: DealReview) -> str:
    return f"{bold(deal.name)}: {', '.join(esc(item, 80) for item in deal.unpaid[:6])}"


def manager(
    manager: Person,
    rows: tuple[tuple[Person, Meeting | None, str], ...],
    waiting: tuple[tuple[CoachingGoal, Person], ...] = (),
    consistency: str | None = None,
) -> View:
    """Return a manager's page: the own consistency first, goals to answer, the reps by name."""
    asked = [f"{name(rep)}, {what(goal.terms)}" for goal, rep in waiting]
    line = f"*{name(manager)}, your own consistency first*"
    return _home(
        section(line, esc(consistency or "", 600) or "It shows here after your first 1:1s."),
        header("Waiting for your answer"),
        *(packed(asked, sections=1) or [section("Nothing now.")]),
        header("Your 1:1s"),
        *(packed(team_lines(rows), sections=4) or [section("Nobody reports to you yet.")]),
        context(f"{plural(len(rows), 'rep')}, by name."),
    )
