"""The weekly question about active goals, answered with one tap each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.coaching.commitment import CoachingGoal, GoalId, GoalState
from bot.coaching.goals.counted import Counted
from bot.coaching.records import Person
from bot.views.blocks import (
    Block,
    View,
    actions,
    button,
    confirm,
    field,
    form,
    message,
    number_input,
    read_field,
    section,
)
from bot.views.goal_words import RESULTS, amount_of, done, plan, title, what
from bot.views.ids import ActionId, BlockId, CallbackId, counted_value, number_form_value, report_value
from bot.views.message import Message
from bot.views.mrkdwn import day, moment, name, number

NOTHING_COUNTED: Mapping[GoalId, Counted] = MappingProxyType({})

PARTLY = "partly"
RESULT_WORDS = {"done": "Done", PARTLY: "Partly", "not_yet": "Not yet", "obsolete": "No longer relevant"}
"""The four answers: how they are kept, and the words on their buttons."""


def weekly(
    goals: tuple[CoachingGoal, ...], week: date, rep: Person, counts: Mapping[GoalId, Counted] = NOTHING_COUNTED
) -> Message:
    """Ask about every goal given, in one message; ``week`` is its Monday in the rep's zone.

    A goal that was reported on since that Monday, or is over, shows what was said instead of buttons. Where ``counts``
    have what the records show, one tap confirms it.
    """
    asked = [goal for goal in goals if not _is_answered(goal, week, rep)]
    greeting = f"{name(rep)}, a minute for what you said yes to (week of {day(week)})."
    if asked:
        opening = f"{greeting} How far {'is this goal' if len(asked) == 1 else f'are these {len(asked)} goals'}?"
    else:
        opening = f"{greeting} All answered, thank you; nothing more this week."
    blocks: list[Block] = [section(opening)]
    for goal in goals[:10]:
        if _is_answered(goal, week, rep):
            blocks.append(section(what(goal.terms), _said(goal, rep)) | _correction(goal, week))
        else:
            count = counts.get(goal.id)
            so_far = f"So far: {done(goal)}." if count is None else _question(goal, count)
            blocks.append(section(what(goal.terms), f"{so_far} {plan(goal.terms)}"))
            blocks.append(_buttons(goal, week, count))
    return message(f"{opening} {'; '.join(title(goal.terms) for goal in goals[:10])}", *blocks)


def _question(goal: CoachingGoal, count: Counted) -> str:
    """Return "*We counted 9 of 12 calls, right?*" with what that came from."""
    reached = f"{number(count.number)} of {amount_of(goal.terms)}"
    latest = f"the last on {day(count.latest)}"
    if count.said is None:
        return f"*We counted {reached}, right?* They are on record, {latest}."
    return (
        f"*We counted {reached}, right?* You said {number(count.said)}; {count.logged:,} more are on record, {latest}."
    )


def _is_answered(goal: CoachingGoal, week: date, rep: Person) -> bool:
    if goal.state is not GoalState.ACTIVE:
        return True
    return goal.reported_at is not None and goal.reported_at.astimezone(ZoneInfo(rep.timezone)).date() >= week


def _said(goal: CoachingGoal, rep: Person) -> str:
    when = moment(goal.reported_at or goal.changed_at, rep.timezone)
    if goal.state in RESULTS:
        return f"{RESULTS[goal.state]}: {done(goal)}. Recorded on {when}."
    if goal.state is GoalState.OBSOLETE:
        return f"No longer relevant, recorded on {when}."
    return f"Reported on {when}: {done(goal) if goal.done else 'not yet'}."


def _correction(goal: CoachingGoal, week: date) -> Block:
    """Return the button with which the last word can still be changed, as long as the goal is active."""
    if goal.state is not GoalState.ACTIVE:
        return {}
    return {"accessory": button("Update number", ActionId.REPORT_PARTLY, report_value(goal, week))}


def _buttons(goal: CoachingGoal, week: date, count: Counted | None) -> Block:
    value = report_value(goal, week)
    sure = confirm(
        "No longer relevant?",
        "This closes the goal for good and makes room for another.",
        "Close the goal",
        "Keep it",
    )
    over = button("No longer relevant", ActionId.REPORT_NOT_RELEVANT, value, confirm=sure)
    if count is None:
        return actions(
            button("Done", ActionId.REPORT_DONE, value, style="primary"),
            button("Partly", ActionId.REPORT_PARTLY, value),
            button("Not yet", ActionId.REPORT_NOT_YET, value),
            over,
        )
    yes = f"Yes, {number(count.number)} of {goal.terms.number:,}"
    return actions(
        button(yes, ActionId.REPORT_COUNTED, counted_value(goal, week, count.number), style="primary"),
        button("Another number", ActionId.REPORT_PARTLY, value),
        button("Done", ActionId.REPORT_DONE, value),
        over,
    )


def number_modal(goal: CoachingGoal, result: str, week: date, count: Counted | None = None) -> View:
    """Return the form that asks how many; ``result`` is one of the keys of ``RESULT_WORDS``.

    It is filled in with what the records show, else with what was said last.
    """
    so_far = goal.done if count is None else count.number
    said = RESULT_WORDS.get(result, "")
    return form(
        CallbackId.REPORT_NUMBER,
        "How far are you?",
        [
            section(f"{f'“{said}”: ' if said else ''}{what(goal.terms)}"),
            field(
                BlockId.NUMBER,
                "How many so far, in all?",
                number_input(number(so_far).replace(",", "") if so_far else "", least="0", decimal=True),
                hint=f"Out of {goal.terms.number:,}.",
            ),
        ],
        submit="Save",
        metadata=number_form_value(goal, week, result),
    )


def parse_number(view: View) -> float | None:
    """Return what was typed, None where it isn't a finite number of zero or more."""
    typed = read_field(view, BlockId.NUMBER, ActionId.NUMBER)
    try:
        value = float(typed)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
