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
from bot.coaching.said import say
from bot.coaching.wording import number as in_english
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
from bot.views.goal_words import RESULTS, done, plan, reached_of, title, what
from bot.views.ids import ActionId, BlockId, CallbackId, counted_value, number_form_value, report_value
from bot.views.message import Message
from bot.views.mrkdwn import day, moment, name, number
from bot.views.speaking import tr, tr_many

NOTHING_COUNTED: Mapping[GoalId, Counted] = MappingProxyType({})

PARTLY = "partly"
RESULT_WORDS = {
    "done": say("Done"),
    PARTLY: say("Partly"),
    "not_yet": say("Not yet"),
    "obsolete": say("No longer relevant"),
}
"""The four answers: how they are kept, and the words on their buttons."""


def weekly(
    goals: tuple[CoachingGoal, ...], week: date, rep: Person, counts: Mapping[GoalId, Counted] = NOTHING_COUNTED
) -> Message:
    """Ask about every goal given, in one message; ``week`` is its Monday in the rep's zone.

    A goal that was reported on since that Monday, or is over, shows what was said instead of buttons. Where ``counts``
    have what the records show, one tap confirms it.
    """
    asked = [goal for goal in goals if not _is_answered(goal, week, rep)]
    greeting = tr("{rep}, a minute for what you said yes to (week of {day}).", rep=name(rep), day=day(week))
    if asked:
        question = tr_many("How far is this goal?", "How far are these {n} goals?", len(asked))
    else:
        question = tr("All answered, thank you; nothing more this week.")
    opening = f"{greeting} {question}"
    blocks: list[Block] = [section(opening)]
    for goal in goals[:10]:
        if _is_answered(goal, week, rep):
            blocks.append(section(what(goal.terms), _said(goal, rep)) | _correction(goal, week))
        else:
            count = counts.get(goal.id)
            so_far = tr("So far: {done}.", done=done(goal)) if count is None else _question(goal, count)
            blocks.append(section(what(goal.terms), f"{so_far} {plan(goal.terms)}"))
            blocks.append(_buttons(goal, week, count))
    return message(f"{opening} {'; '.join(title(goal.terms) for goal in goals[:10])}", *blocks)


def _question(goal: CoachingGoal, count: Counted) -> str:
    """Return "*We counted 9 of 12 calls, right?*" with what that came from."""
    reached = reached_of(goal.terms, count.number)
    if count.said is None:
        return tr(
            "*We counted {reached}, right?* They are on record, the last on {day}.",
            reached=reached,
            day=day(count.latest),
        )
    return tr(
        "*We counted {reached}, right?* You said {said}; {logged} more are on record, the last on {day}.",
        reached=reached,
        said=number(count.said),
        logged=number(count.logged),
        day=day(count.latest),
    )


def _is_answered(goal: CoachingGoal, week: date, rep: Person) -> bool:
    if goal.state is not GoalState.ACTIVE:
        return True
    return goal.reported_at is not None and goal.reported_at.astimezone(ZoneInfo(rep.timezone)).date() >= week


def _said(goal: CoachingGoal, rep: Person) -> str:
    when = moment(goal.reported_at or goal.changed_at, rep.timezone)
    if goal.state in RESULTS:
        return tr("{result}: {done}. Recorded on {when}.", result=RESULTS[goal.state], done=done(goal), when=when)
    if goal.state is GoalState.OBSOLETE:
        return tr("No longer relevant, recorded on {when}.", when=when)
    if goal.done:
        return tr("Reported on {when}: {done}.", when=when, done=done(goal))
    return tr("Reported on {when}: not yet.", when=when)


def _correction(goal: CoachingGoal, week: date) -> Block:
    """Return the button with which the last word can still be changed, as long as the goal is active."""
    if goal.state is not GoalState.ACTIVE:
        return {}
    return {"accessory": button(tr("Update number"), ActionId.REPORT_PARTLY, report_value(goal, week))}


def _buttons(goal: CoachingGoal, week: date, count: Counted | None) -> Block:
    value = report_value(goal, week)
    sure = confirm(
        tr("No longer relevant?"),
        tr("This closes the goal for good and makes room for another."),
        tr("Close the goal"),
        tr("Keep it"),
    )
    over = button(RESULT_WORDS["obsolete"], ActionId.REPORT_NOT_RELEVANT, value, confirm=sure)
    if count is None:
        return actions(
            button(RESULT_WORDS["done"], ActionId.REPORT_DONE, value, style="primary"),
            button(RESULT_WORDS[PARTLY], ActionId.REPORT_PARTLY, value),
            button(RESULT_WORDS["not_yet"], ActionId.REPORT_NOT_YET, value),
            over,
        )
    yes = tr("Yes, {done} of {number}", done=number(count.number), number=number(goal.terms.number))
    return actions(
        button(yes, ActionId.REPORT_COUNTED, counted_value(goal, week, count.number), style="primary"),
        button(tr("Another number"), ActionId.REPORT_PARTLY, value),
        button(RESULT_WORDS["done"], ActionId.REPORT_DONE, value),
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
        tr("How far are you?"),
        [
            section(tr("“{answer}”: {goal}", answer=said, goal=what(goal.terms)) if said else what(goal.terms)),
            field(
                BlockId.NUMBER,
                tr("How many so far, in all?"),
                number_input(typed(so_far) if so_far else "", least="0", decimal=True),
                hint=tr("Out of {number}.", number=number(goal.terms.number)),
            ),
        ],
        submit=tr("Save"),
        metadata=number_form_value(goal, week, result),
    )


def typed(value: float) -> str:
    """Return a number as a form's field takes it, in every language the same: "1200.5"."""
    return in_english(value).replace(",", "")


def parse_number(view: View) -> float | None:
    """Return what was typed, None where it isn't a finite number of zero or more."""
    try:
        value = float(read_field(view, BlockId.NUMBER, ActionId.NUMBER))
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
