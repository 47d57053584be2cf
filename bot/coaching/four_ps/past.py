"""What changed a rep's won dollars against the quarter before (specification, section 7.1, Past)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from typing import Literal

from bot.coaching.basis.ground import Ground
from bot.coaching.figure import Figure
from bot.coaching.four_ps.blocks import Block, blocks
from bot.coaching.said import Said, listed, say
from bot.coaching.settings import Settings
from bot.coaching.wording import half_up, money, share

Factor = Literal["starts", "closing", "closed", "win rate", "size", "other"]

WIN_RATE: Factor = "win rate"  # no words: a key

NAMES: dict[Factor, Said] = {
    "starts": say("your starts"),
    "closing": say("the share of starts that closed"),
    "closed": say("the number of deals that closed"),
    WIN_RATE: say("your win rate"),
    "size": say("your deal size"),
    "other": say("credits and wins without a start"),
}

NEARLY_ALL = 0.995


@dataclass(frozen=True, slots=True)
class Part:
    """What one factor brought (below 0: took), in dollars, as it went from ``before`` to ``now``.

    ``starts`` and ``closed`` are counts, ``closing`` is closed per start, ``win rate`` won per closed, ``size``
    dollars per win; ``other`` is won money that is neither win nor start, itself in dollars.
    """

    factor: Factor
    before: float
    now: float
    dollars: float


@dataclass(frozen=True, slots=True)
class Past:
    """Dollars ``won`` in the last 91 days and ``before`` them; ``before`` is None where records don't reach back.

    ``parts`` add up to the change and are empty without one to explain; ``key`` are its key drivers, largest first.
    ``figure`` has the change, None like ``before``.
    """

    won: float
    before: float | None
    parts: tuple[Part, ...]
    key: tuple[Factor, ...]
    figure: Figure[float | None]


def past(ground: Ground) -> Past:
    """Return what the last 91 days brought against the 91 before, and which factors made the difference."""
    found = blocks(ground, 2)
    now, old = found[0], found[1] if len(found) > 1 else None
    currency = ground.settings.currency
    if old is None:
        records = _records(ground, now.first)
        sentence: str = say(
            "You won {amount} in the last 91 days; your records don't cover the 91 days before yet, so there is "
            "nothing to compare with.",
            amount=money(now.dollars, currency),
        )
        return Past(now.dollars, None, (), (), Figure(None, currency, ground.as_of, records, sentence, ground.flags))
    parts = _parts(old, now, ground)
    key = key_drivers(parts, ground.settings)
    change = now.dollars - old.dollars
    sentence = _sentence(now.dollars, change, parts, key, currency)
    figure: Figure[float | None] = Figure(
        change, currency, ground.as_of, _records(ground, old.first), sentence, ground.flags
    )
    return Past(now.dollars, old.dollars, parts, key, figure)


def shapley(before: Sequence[float], now: Sequence[float]) -> tuple[float, ...]:
    """Return each factor's part in the change of their product.

    It is the mean over all orders of replacing old factors by new, so that no factor gains by being first.
    """
    parts = [0.0] * len(before)
    orders = tuple(permutations(range(len(before))))
    for order in orders:
        mixed = list(before)
        product = math.prod(mixed)
        for factor in order:
            mixed[factor] = now[factor]
            changed = math.prod(mixed)
            parts[factor] += changed - product
            product = changed
    return tuple(part / len(orders) for part in parts)


def key_drivers(parts: Iterable[Part], settings: Settings) -> tuple[Factor, ...]:
    """Return the factors with at least a quarter of the parts' absolute sum, largest first."""
    known = sorted(parts, key=lambda part: -half_up(abs(part.dollars)))  # whole dollars: ties keep the factors' order
    total = sum(abs(part.dollars) for part in known)
    return tuple(
        part.factor for part in known if part.dollars and abs(part.dollars) >= settings.key_driver_share * total
    )


def _parts(old: Block, now: Block, ground: Ground) -> tuple[Part, ...]:
    """Return the parts of the product's change, and of money outside it where there is any."""
    with_starts = bool(old.starts and now.starts)
    before, after = _factors(old, ground, with_starts=with_starts), _factors(now, ground, with_starts=with_starts)
    dollars = shapley(tuple(before.values()), tuple(after.values()))
    parts = tuple(
        Part(factor, before[factor], after[factor], part) for factor, part in zip(before, dollars, strict=True)
    )
    if old.other_dollars or now.other_dollars:
        change = now.other_dollars - old.other_dollars
        parts += (Part("other", old.other_dollars, now.other_dollars, change),)
    return parts


def _factors(block: Block, ground: Ground, *, with_starts: bool) -> dict[Factor, float]:
    """Return factors whose product is what the block's wins brought; undefined ones have the rep's shrunk value."""
    head: dict[Factor, float] = {"closed": float(block.closed)}
    if with_starts:
        head = {"starts": float(block.starts), "closing": block.closed / block.starts}
    return {
        **head,
        WIN_RATE: block.won / block.closed if block.closed else ground.win_rate.value,
        "size": block.won_dollars / block.won if block.won else ground.deal_size,
    }


def _records(ground: Ground, first: date) -> int:
    """Return how many deals started or closed since ``first``."""
    deals = (*ground.deals, *ground.revenue_only)
    return sum(
        (deal.start is not None and deal.start >= first) or (deal.close is not None and deal.close >= first)
        for deal in deals
    )


def _sentence(won: float, change: float, parts: Sequence[Part], key: Sequence[Factor], currency: str) -> str:
    if half_up(abs(change)):
        amount = money(abs(change), currency)
        head = (
            say("You won {amount} more than the quarter before", amount=amount)
            if change > 0
            else say("You won {amount} less than the quarter before", amount=amount)
        )
    elif half_up(abs(won)):
        head = say("You won {amount}, as much as the quarter before", amount=money(won, currency))
    else:
        return say("Nothing was won in the last 91 days or the 91 before, so there is no change to explain yet.")
    by_factor = {part.factor: part.dollars for part in parts}
    if not any(half_up(abs(dollars)) for dollars in by_factor.values()):
        return say("{told}.", told=head)
    if len(key) == 1 and change and 0 < by_factor[key[0]] / change <= 2 - NEARLY_ALL:
        return _mostly(head, by_factor[key[0]] / change, NAMES[key[0]])
    # What went the same way as the change comes first: it is what the sentence is about.
    same_way = sorted(key, key=lambda factor: (by_factor[factor] > 0) != (change > 0))
    told = [_did(NAMES[factor], by_factor[factor], currency) for factor in same_way]
    rest = change - sum(by_factor[factor] for factor in key)
    if half_up(abs(rest)):
        told.append(_did(say("the rest"), rest, currency))
    return say("{head}: {parts}.", head=head, parts=listed(told))


def _mostly(head: Said, part: float, factor: Said) -> Said:
    if part >= NEARLY_ALL:
        return say("{head}, and all of it came from {factor}.", head=head, factor=factor)
    portion = share(part)
    if portion == "all":
        return say("{head}, and nearly all of it came from {factor}.", head=head, factor=factor)
    return say("{head}, and {portion} of it came from {factor}.", head=head, portion=portion, factor=factor)


def _did(factor: Said, dollars: float, currency: str) -> Said:
    amount = money(abs(dollars), currency)
    if dollars > 0:
        return say("{factor} brought {amount}", factor=factor, amount=amount)
    return say("{factor} took {amount}", factor=factor, amount=amount)
