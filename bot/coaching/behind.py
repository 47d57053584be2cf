"""What stands behind a topic's numbers and isn't in the agenda itself, for whoever asks how we got them."""

from __future__ import annotations

from bot.coaching.aspirations.drivers import drivers_of
from bot.coaching.four_ps.team_blocks import Metric, metric_sentence
from bot.coaching.numbers import Numbers
from bot.coaching.pipeline.balance import Balance
from bot.coaching.pipeline.period_words import THE
from bot.coaching.pre_read import Behind
from bot.coaching.said import Said, say, say_many
from bot.coaching.wording import day, money, percent, whole

STEP = 0.05
"""The improvement whose worth is told of each driver alike: small enough to be somebody's next step."""


def behind(numbers: Numbers) -> Behind:
    """Return what a rep's numbers say beyond the agenda; a rep's quarters stand beside the own ones before only."""
    ground = numbers.ground
    currency = ground.settings.currency
    own = (metric_sentence(metric, numbers.blocks, None, currency) for metric in Metric)
    return Behind(
        balance=tuple(sentence for one in numbers.horizons for sentence in _of_horizon(one)),
        aspiration=(*_step(numbers, currency), *own),
    )


def _of_horizon(one: Balance) -> tuple[str, ...]:
    """Return how many starts make a horizon sure enough, and the last day on which one is of use for it."""
    said: list[Said] = []
    if one.starts is not None and one.starts_safe is not None and one.starts_safe > one.starts:
        said.append(
            say_many(
                "For {period} to be made in three of four cases it takes {n} start in all.",
                "For {period} to be made in three of four cases it takes {n} starts in all.",
                one.starts_safe,
                n=whole(one.starts_safe),
                period=THE[one.name],
            )
        )
    if one.target is not None and one.last_useful_start is not None and not one.shut:
        said.append(
            say(
                "For {period} {day} is the last useful day to start a deal.",
                period=THE[one.name],
                day=day(one.last_useful_start),
            )
        )
    return tuple(said)


def _step(numbers: Numbers, currency: str) -> tuple[str, ...]:
    rate = numbers.run_rate.value
    if rate is None or rate <= 0:
        return ()
    worth = money(drivers_of(numbers.ground, rate).share_worth(STEP), currency)
    return (
        say(
            "{better} more starts, a {better} better win rate and {better} larger deals are each worth {worth} a year.",
            better=percent(STEP),
            worth=worth,
        ),
    )
