"""Where a rep is heading, from three points (specification, section 7.1, Trajectory)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.coaching.goals.kept import KeptRate
from bot.coaching.rhythm.trend import TrendWord
from bot.coaching.said import say, say_many
from bot.coaching.settings import Settings
from bot.coaching.wording import half_up, percent, whole

Level = Literal["high", "middle", "low", "unknown"]
Status = Literal["on course", "coasting risk", "building", "conversation needed", "ready to change"]
Direction = Literal["up", "level", "down"]

STARTS = say("starts")
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Point:
    """``value`` is a share, None where unknown."""

    value: float | None
    level: Level


@dataclass(frozen=True, slots=True)
class Progress:
    """Towards a goal, in dollars: won so far, expected from open deals (Y) and from the usual pace of new ones."""

    goal: float | None
    won: float
    expected_open: float
    expected_new: float


@dataclass(frozen=True, slots=True)
class Effort:
    """``actual`` of what is ``required``, in one unit; ``what`` is a plural: "starts", "demos"."""

    what: str
    actual: float
    required: float


@dataclass(frozen=True, slots=True)
class Process:
    """What the goal takes. None or empty where nothing is known or planned.

    ``starts`` are a week's: (actual of the last 28 days, required by section 4). ``activities`` are the key ones
    with a planned number; ``sound_stages`` is the share of live deals that aren't over-staged.
    """

    starts: tuple[float, float] | None = None
    activities: tuple[Effort, ...] = ()
    sound_stages: float | None = None


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The three points and what they say. ``status`` is None where a missing point would decide it.

    ``building_since`` is the first day of work without its result yet; store it and give it back next time. It
    stays after a full cycle, when the status is no longer "building".
    """

    progress: Point
    process: Point
    willingness: Point
    status: Status | None
    direction: Direction
    building_since: date | None
    as_of: date
    sentence: str

    @property
    def offers_goal(self) -> bool:
        """Say whether a new goal may be offered: not before the conversation that is needed."""
        return self.status != "conversation needed"


def trajectory(
    progress: Progress,
    process: Process,
    kept: KeptRate,
    trend: TrendWord,
    cycle: float | None,
    building_since: date | None,
    as_of: date,
    settings: Settings,
) -> Trajectory:
    """Return the trajectory on a day.

    ``cycle`` is the typical cycle in days, None without wins; ``building_since`` is the stored one, None at first.
    """
    to_goal = progress_to_goal(progress, settings)
    efforts = _efforts(process, settings)
    to_requirement = process_to_requirement(process, settings)
    to_change = willingness_to_change(kept, settings)
    is_building = to_requirement.level == "high" and to_goal.level in {"middle", "low"}
    since = (building_since or as_of) if is_building else None
    is_over = since is not None and cycle is not None and (as_of - since).days >= cycle
    status = _status(to_goal.level, to_requirement.level, to_change.level, is_over=is_over)
    return Trajectory(
        progress=to_goal,
        process=to_requirement,
        willingness=to_change,
        status=status,
        direction=_direction(trend, to_requirement.level, to_change.level),
        building_since=since,
        as_of=as_of,
        sentence=_missing(to_goal) if status is None else _sentence(status, efforts, cycle, settings, is_over=is_over),
    )


def progress_to_goal(progress: Progress, settings: Settings) -> Point:
    """Return Progress to Goal; unknown without a goal above 0."""
    if progress.goal is None or progress.goal <= 0:
        return Point(None, "unknown")
    value = (progress.won + progress.expected_open + progress.expected_new) / progress.goal
    return _point(value, settings.progress_low, settings.progress_high)


def process_to_requirement(process: Process, settings: Settings) -> Point:
    """Return Process to Requirement, the mean of how far each requirement is met; unknown without any."""
    met = [_met(effort) for effort in _efforts(process, settings)]
    return _point(sum(met) / len(met) if met else None, settings.process_low, settings.process_high)


def willingness_to_change(kept: KeptRate, settings: Settings) -> Point:
    """Return Willingness to Change; unknown with fewer than 3 commitments."""
    known = kept.value if kept.commitments >= settings.willingness_min_commitments else None
    return _point(known, settings.willingness_low, settings.willingness_high)


def _efforts(process: Process, settings: Settings) -> tuple[Effort, ...]:
    """Return the requirements that are known: an activity without a planned number isn't one."""
    starts = () if process.starts is None else (Effort(STARTS, *process.starts),)
    planned = tuple(effort for effort in process.activities if effort.required > 0)
    sound = process.sound_stages
    stages = () if sound is None else (Effort(say("verified stages"), sound, settings.sound_stage_share),)
    return (*starts, *planned, *stages)


def _met(effort: Effort) -> float:
    """Return the share met, 1 at most; where nothing is required all of it is."""
    return min(1.0, max(0.0, effort.actual) / effort.required) if effort.required > 0 else 1.0


def _point(value: float | None, low: float, high: float) -> Point:
    if value is None:
        return Point(None, "unknown")
    if value >= high - ROUNDING:  # nine tenths added up may be a hair below .90
        return Point(value, "high")
    return Point(value, "low" if value < low - ROUNDING else "middle")


def _status(progress: Level, process: Level, willingness: Level, *, is_over: bool) -> Status | None:
    """Return the status; both progress and process have to be known."""
    if "unknown" in {progress, process}:
        return None
    if progress == "high":
        return "on course" if process == "high" else "coasting risk"  # no words: keys
    if process == "high" and not is_over:
        return "building"
    return "conversation needed" if willingness == "low" else "ready to change"  # no words: keys


def _direction(trend: TrendWord, process: Level, willingness: Level) -> Direction:
    if trend == "negative" or process == willingness == "low":
        return "down"
    if trend == "positive" or process == willingness == "high":
        return "up"
    return "level"


def _missing(progress: Point) -> str:
    if progress.value is None:
        return say("Set your goal first: without one we can't say how far along you are.")
    if progress.level == "high":
        return say(
            "You're on the way to your goal; what it takes isn't known yet, as no starts, activities or stages say so."
        )
    return say(
        "Your goal is still some way off; what it takes isn't known yet, as no starts, activities or stages say so."
    )


def _sentence(
    status: Status, efforts: Sequence[Effort], cycle: float | None, settings: Settings, *, is_over: bool
) -> str:
    if status == "on course":
        return say("You're on course: the result is in reach, and the work behind it is there.")
    if status == "coasting risk":
        weakest = min(efforts, key=_met)
        return say(
            "There's a coasting risk: the result is in reach, but your {what} are at {share} of what the next one "
            "takes.",
            what=weakest.what,
            share=percent(_met(weakest)),
        )
    if status == "building":
        return _building(efforts, cycle, settings)
    if status == "conversation needed":
        return say("A conversation is needed before any new goal: what is in the way?")
    if is_over:
        return say(
            "You're ready to change: the work has been there for a full cycle and the results haven't followed, "
            "so which part of the work would you do differently?"
        )
    return say("You're ready to change: the goal takes more than the work so far, so which step would you take first?")


def _building(efforts: Sequence[Effort], cycle: float | None, settings: Settings) -> str:
    later = say("later")
    if cycle is not None:
        days = half_up(cycle)
        later = say_many("about {n} day later", "about {n} days later", days, n=whole(days))
    starts = [_met(effort) for effort in efforts if effort.what == STARTS]
    if starts and starts[0] >= settings.process_high:
        return say("You're building: the starts you need are there, results follow {later}.", later=later)
    return say("You're building: the work you need is there, results follow {later}.", later=later)
