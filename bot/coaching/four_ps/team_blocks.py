"""Where the middle half of a team lies in the block that ends today (specification, section 7.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bot.coaching.basis.ground_book import GroundBook
from bot.coaching.four_ps.blocks import Block, blocks
from bot.coaching.records import PersonId
from bot.coaching.said import Said, joined, say, say_many
from bot.coaching.settings import Settings
from bot.coaching.wording import half_up, money, whole


class Metric(StrEnum):
    """What is looked at per block; a driver is the metric of the same name."""

    STARTS = "starts"
    DOLLARS = "dollars in starts"  # no words: a key
    WIN_RATE = "win rate"  # no words: a driver's key
    SIZE = "size"
    CYCLE = "cycle"


METRICS: dict[Metric, Callable[[Block], float | None]] = {
    Metric.STARTS: lambda block: float(block.starts),
    Metric.DOLLARS: lambda block: block.dollars_started,
    Metric.WIN_RATE: lambda block: block.win_rate,
    Metric.SIZE: lambda block: block.deal_size,
    Metric.CYCLE: lambda block: block.cycle,
}


@dataclass(frozen=True, slots=True)
class MiddleHalf:
    """The quartiles of a metric over a team's ``reps``; nobody of them is named or placed."""

    low: float
    median: float
    high: float
    reps: int


TeamMiddle = Mapping[Metric, MiddleHalf]
"""What is known of a team; a metric that too few reps have isn't in it."""


class BlockBook:
    """Everybody's blocks on a day, each computed once, so that a whole organisation costs one pass."""

    def __init__(self, book: GroundBook) -> None:
        self._book = book
        self._blocks: dict[PersonId, tuple[Block, ...]] = {}
        self._middles: dict[str, TeamMiddle] = {}

    def of(self, rep_id: PersonId) -> tuple[Block, ...]:
        """Return the rep's blocks, newest first. KeyError: no such person."""
        if rep_id not in self._blocks:
            self._blocks[rep_id] = blocks(self._book.of(rep_id))
        return self._blocks[rep_id]

    def team(self, rep_id: PersonId) -> TeamMiddle:
        """Return the middle half of the rep's team, the rep with it; empty without a team of enough reps."""
        team = self._book.team_of(rep_id)
        if team not in self._middles:
            members = (self.of(member)[0] for member in self._book.members_of(team))
            self._middles[team] = team_middle(tuple(members), self._book.settings)
        return self._middles[team]


def team_middle(now: Sequence[Block], settings: Settings) -> TeamMiddle:
    """Return the middle half of the reps' newest blocks.

    Only full ones with something in them count, so that neither new reps nor managers move it. A metric needs four
    reps: the middle half of fewer would be somebody's own figure.
    """
    used = [block for block in now if block.is_full and (block.starts or block.closed)]
    found: dict[Metric, MiddleHalf] = {}
    for metric, value_of in METRICS.items():
        values = [value for block in used if (value := value_of(block)) is not None]
        if len(values) >= settings.middle_half_min_reps:
            low, median, high = np.quantile(values, (0.25, 0.5, 0.75)).tolist()
            found[metric] = MiddleHalf(low, median, high, len(values))
    return found


def metric_sentence(metric: Metric, own: Sequence[Block], middle: MiddleHalf | None, currency: str) -> str:
    """Return the sentence on a metric: now, the rep's own quarters before, and the middle half of the team."""
    values = [METRICS[metric](block) for block in own]
    now = values[0]
    if now is None:
        return UNKNOWN[metric]
    shown = [_shown(metric, value, currency) for value in values[1:] if value is not None]
    compared = []
    if shown:
        values_before = joined(shown, ", ")
        compared.append(
            say_many(
                "your own quarter before: {values}",
                "your own quarters before: {values}",
                len(shown),
                values=values_before,
            )
        )
    if middle is not None:
        low, high = (_shown(metric, value, currency) for value in (middle.low, middle.high))
        compared.append(say("the middle half of the team: {low} to {high}", low=low, high=high))
    head = _head(metric, now, currency)
    return (
        say("{head} ({compared}).", head=head, compared=joined(compared, "; "))
        if compared
        else say("{told}.", told=head)
    )


UNKNOWN: Mapping[Metric, Said] = {
    Metric.SIZE: say("There are no wins yet that would tell your deal size."),
    Metric.CYCLE: say("There are no wins yet that would tell your cycle time."),
}
"""What is said of the metrics that may have no value."""


def _head(metric: Metric, now: float, currency: str) -> Said:
    whole_now = half_up(now)
    match metric:
        case Metric.STARTS:
            return say_many(
                "You started {n} deal in the last 91 days",
                "You started {n} deals in the last 91 days",
                whole_now,
                n=whole(now),
            )
        case Metric.DOLLARS:
            return say("The deals you started in the last 91 days hold {amount}", amount=money(now, currency))
        case Metric.WIN_RATE:
            return say("You win about {rate} of 100 in the last 91 days", rate=half_up(100 * now))
        case Metric.SIZE:
            return say("Your typical deal of the last 91 days is {amount}", amount=money(now, currency))
        case Metric.CYCLE:
            return say_many(
                "Your wins of the last 91 days typically took {n} day",
                "Your wins of the last 91 days typically took {n} days",
                whole_now,
                n=whole(now),
            )


def _shown(metric: Metric, value: float, currency: str) -> str:
    if metric in {Metric.DOLLARS, Metric.SIZE}:
        return money(value, currency)
    return str(half_up(100 * value if metric is Metric.WIN_RATE else value))
