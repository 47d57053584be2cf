"""Where a rep is heading, from the numbers and from what became of the commitments (specification, section 7.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.coaching.basis.rates import DAYS_PER_WEEK
from bot.coaching.commitment import CoachingGoal, GoalState
from bot.coaching.four_ps.trajectory import Effort, Process, Progress, Trajectory, trajectory
from bot.coaching.goals.kept import commitments, kept_rate
from bot.coaching.numbers import Numbers
from bot.coaching.playbook import Playbook
from bot.coaching.rhythm.trend import TrendWord
from bot.coaching.winning.hit import usual_pace


def heading(
    numbers: Numbers,
    goals: Sequence[CoachingGoal],
    playbook: Playbook,
    trend: TrendWord,
    building_since: date | None,
) -> Trajectory:
    """Return the rep's trajectory. ``goals`` are all of the rep's; ``building_since`` is that of the last one."""
    ground, topic = numbers.ground, numbers.winnable
    skills = {skill.name for skill in playbook.skills}
    return trajectory(
        Progress(
            goal=None if topic.target is None else topic.target.goal,
            won=0.0 if topic.target is None else topic.target.won,
            expected_open=sum(one.expected for one in topic.likeliest),
            expected_new=sum(stake.chance * stake.amount for stake in usual_pace(ground, topic.days)),
        ),
        Process(
            starts=None if numbers.required_starts is None else (_recent_starts(numbers), numbers.required_starts),
            activities=_planned(goals, playbook, ground.as_of),
            sound_stages=numbers.efficiency.health.sound_stages,
        ),
        kept_rate(commitments(goals, skills), ground.as_of, ground.settings),
        trend,
        ground.typical_cycle,
        building_since,
        ground.as_of,
        ground.settings,
    )


def _recent_starts(numbers: Numbers) -> float:
    """Return the starts a week of the last 28 days."""
    ground = numbers.ground
    days = ground.settings.usual_activity_days
    return ground.recent_starts(days) * DAYS_PER_WEEK / days


def _planned(goals: Sequence[CoachingGoal], playbook: Playbook, as_of: date) -> tuple[Effort, ...]:
    """Return the active goals about key activities: what is reported done, of what was due by today at an even pace."""
    key = {kind.name for kind in playbook.activities if kind.key}
    found = []
    for goal in goals:
        if goal.state is GoalState.ACTIVE and goal.terms.item in key and goal.active_since is not None:
            days = max(1, (goal.terms.due - goal.active_since).days)
            passed = min(1.0, max(0, (as_of - goal.active_since).days) / days)
            found.append(Effort(goal.terms.unit, goal.done or 0.0, goal.terms.number * passed))
    return tuple(found)
