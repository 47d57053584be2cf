"""A rep's typical deal, which one giant can't set (specification, section 0.5)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.coaching.basis.exact_sums import Sums, sums
from bot.coaching.said import say, say_many
from bot.coaching.settings import Settings
from bot.coaching.wording import money, whole


@dataclass(frozen=True, slots=True)
class DealSize:
    """``value`` is A and ``variance`` v; ``wins`` are the rep's own, ``at_cap`` those of them above the cap."""

    value: float
    variance: float
    wins: int
    at_cap: int


def cap_position(wins: int, settings: Settings) -> int | None:
    """Return at which place, from 1, the cap stands among the sorted amounts; None with too few wins to say."""
    if wins < settings.size_cap_min_wins:
        return None
    # Without the rounding 0.95 * 20 would be a hair above 19 and give the 20th.
    return math.ceil(round(settings.size_cap_share * wins, 9))


def size_cap(amounts: Sequence[float], settings: Settings) -> float | None:
    """Return the amount above which a win counts as this much; None with too few wins to say."""
    position = cap_position(len(amounts), settings)
    return None if position is None else sorted(amounts)[position - 1]


def typical_deal_size(
    own: Sequence[float],
    pool: Sequence[float],
    cap: float | None,
    settings: Settings,
) -> DealSize:
    """Return the mean of the rep's ``own`` capped wins, mixed with ten wins at the ``pool``'s mean.

    Amounts are positive and in the reporting currency.
    """
    limit = math.inf if cap is None else cap
    at_cap = sum(amount > limit for amount in own)
    return deal_size(capped(own, cap), at_cap, capped(pool, cap), settings)


def capped(amounts: Sequence[float], cap: float | None) -> Sums:
    """Return the sums of amounts that count as the cap if they are above it."""
    return sums(amounts if cap is None else [min(amount, cap) for amount in amounts])


def deal_size(own: Sums, at_cap: int, pool: Sums, settings: Settings) -> DealSize:
    """Return the typical deal of capped wins, ``at_cap`` of the own ones being above the cap.

    Without any win in the pool the own mean stands alone; without any win at all the size is 0, and then nothing that
    needs a size can be said.
    """
    prior = settings.size_prior_wins if pool.count else 0.0
    weight = own.count + prior
    value = (own.amount + prior * (pool.mean or 0.0)) / weight if weight else 0.0
    spread = own if own.count >= settings.size_variance_min_wins else pool
    return DealSize(value, spread.variance or 0.0, own.count, at_cap)


def sentence(size: DealSize, currency: str, others: str) -> str:
    """Return the sentence; ``others`` says whose record the rest comes from ("your team's record")."""
    if size.value <= 0:
        return say("Nothing has been won yet, so we can't say how large your typical deal is.")
    worth = money(size.value, currency)
    if size.at_cap:
        return say_many(
            "Your typical deal is {worth}; one unusually large deal counts at the cap so that it can't set your plan.",
            "Your typical deal is {worth}; {n} unusually large deals count at the cap so that they can't set your "
            "plan.",
            size.at_cap,
            worth=worth,
        )
    if size.wins == 0:
        return say(
            "Your typical deal is {worth}, going by {others} until you have wins of your own.",
            worth=worth,
            others=others,
        )
    return say_many(
        "Your typical deal is {worth}, from your own {n} win and {others}.",
        "Your typical deal is {worth}, from your own {n} wins and {others}.",
        size.wins,
        n=whole(size.wins),
        worth=worth,
        others=others,
    )
