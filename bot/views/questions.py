"""The buttons that put a goal before the one who has to answer, the same wherever it is shown."""

from __future__ import annotations

from bot.coaching.commitment import CoachingGoal
from bot.views.blocks import Block, actions, button
from bot.views.ids import ActionId, goal_value
from bot.views.speaking import tr


def fork_buttons(goal: CoachingGoal) -> Block:
    """Return the rep's three answers; they name the version that is shown."""
    value = goal_value(goal)
    return actions(
        button(tr("Yes"), ActionId.FORK_YES, value, style="primary"),
        button(tr("Change it"), ActionId.FORK_CHANGE, value),
        button(tr("Not now"), ActionId.FORK_NOT_NOW, value),
    )


def approval_buttons(goal: CoachingGoal) -> Block:
    """Return the manager's two answers; they name the version that is shown."""
    value = goal_value(goal)
    return actions(
        button(tr("Approve"), ActionId.GOAL_APPROVE, value, style="primary"),
        button(tr("Send back"), ActionId.GOAL_SEND_BACK, value),
    )
