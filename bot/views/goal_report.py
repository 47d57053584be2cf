"""How a goal goes, said by the rep at any time: the form, and what it says when it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.coaching.commitment import CoachingGoal, GoalId, GoalState
from bot.coaching.records import Person
from bot.coaching.said import say
from bot.errors import BadInputError
from bot.views.blocks import (
    Block,
    View,
    field,
    form,
    number_input,
    radio,
    read_choice,
    read_field,
    section,
)
from bot.views.goal_words import RESULTS, plan, progress, what
from bot.views.goal_words import done as done_words
from bot.views.ids import ActionId, BlockId, CallbackId, goal_value, split_goal
from bot.views.mrkdwn import esc, name, number
from bot.views.reminders import RESULT_WORDS, parse_number, typed
from bot.views.speaking import tr

LONGEST_OPTION = 75

EXPLAINED = {
    "done": say("It closes the goal as kept"),
    "partly": say("Say how many below; the goal goes on"),
    "not_yet": say("Nothing is wrong with that; the goal goes on"),
    "obsolete": say("It closes the goal for good and makes room for another"),
}


@dataclass(frozen=True, slots=True)
class Filled:
    """What was chosen. ``goal`` is id and version; ``number`` is None where nothing or no number was typed."""

    goal: tuple[GoalId, int] | None
    result: str
    number: float | None
    number_typed: bool


def modal(goals: Sequence[CoachingGoal]) -> View:
    """Return the form for one active goal or the choice of several, the newest first."""
    first = goals[0]
    whole: list[Block] = [section(progress(first), plan(first.terms))]
    if len(goals) > 1:
        options = [(_option(goal), goal_value(goal), "") for goal in goals]
        whole = [field(BlockId.CHOICE, tr("Which goal?"), radio(options, chosen=goal_value(first)))]
    so_far = typed(first.done) if first.done and len(goals) == 1 else ""
    only = tr("Only for “Partly”.")
    if len(goals) == 1:
        only = tr("Only for “Partly”: out of {number}.", number=number(first.terms.number))
    return form(
        CallbackId.GOAL_REPORT,
        tr("How does it go?"),
        [
            *whole,
            field(
                BlockId.RESULT,
                tr("Where does it stand?"),
                radio([(words, result, EXPLAINED[result]) for result, words in RESULT_WORDS.items()]),
            ),
            field(
                BlockId.NUMBER,
                tr("How many so far, in all?"),
                number_input(so_far, least="0", decimal=True),
                hint=only,
                optional=True,
            ),
        ],
        submit=tr("Save"),
        metadata=goal_value(first) if len(goals) == 1 else "",
    )


def _option(goal: CoachingGoal) -> str:
    far = f" ({tr('{done} of {amount}', done=number(goal.done or 0), amount=number(goal.terms.number))})"
    return f"{esc(goal.terms.title, LONGEST_OPTION - len(far))}{far}"


def parse(view: View) -> Filled:
    """Return what was filled in; a form about one goal carries which."""
    value = read_choice(view, BlockId.CHOICE) or view.get("private_metadata", "")
    try:
        goal = split_goal(value)
    except BadInputError:
        goal = None
    has_number = bool(read_field(view, BlockId.NUMBER, ActionId.NUMBER))
    return Filled(goal, read_choice(view, BlockId.RESULT), parse_number(view), has_number)


def done(goal: CoachingGoal, manager: Person) -> View:
    """Say what is kept now, and who reads it."""
    if goal.state is GoalState.ACTIVE:
        said = tr("So far: {done}. It goes on, and I ask again on Monday.", done=done_words(goal))
    elif goal.state is GoalState.OBSOLETE:
        said = tr("Closed: no longer relevant. There is room for another goal.")
    else:
        result = RESULTS[goal.state]
        said = tr("{result}: {done}. There is room for another goal.", result=result, done=done_words(goal))
    seen = tr("{manager} sees it too.", manager=name(manager))
    return form(CallbackId.GOAL_REPORTED, tr("Saved"), [section(what(goal.terms), said, seen)], close=tr("Close"))
