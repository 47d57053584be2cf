"""What a commitment is worth in dollars, with the honest range around it (specification, section 6)."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from bot.coaching.basis.ground import ASSUMED, Ground
from bot.coaching.basis.rates import Rate
from bot.coaching.commitment import Worth
from bot.coaching.said import Said, say, say_many
from bot.coaching.settings import Settings
from bot.coaching.wording import half_up, money, number, whole

POINT = 0.01
NUMBER = say("number")
THIS_MONTH = say("this month")


@dataclass(frozen=True, slots=True)
class Link:
    """A step of the chain from an activity to a win: ``rate`` outcomes of each one before, None where unknown.

    ``name`` reads as a ratio ("starts per discovery call"); ``seen`` are the outcomes behind the rate, k of
    section 6, those that its prior stands for included.
    """

    name: str
    rate: float | None
    seen: float


@dataclass(frozen=True, slots=True)
class Chain:
    """From one activity to dollars: the ``links`` in order, the share of starts won (F) last, then the deal size A."""

    links: tuple[Link, ...]
    deal_size: float
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Claim:
    """The dollars claimed for a commitment, or None; ``sentence`` says them, or why there are none."""

    worth: Worth | None
    sentence: str


def activity_link(name: str, rate: Rate) -> Link:
    """Return the link of a rate per activity (0.6); its successes count the prior's five outcomes."""
    return Link(name, rate.value, rate.successes)


def win_link(ground: Ground, days: int | None = None) -> Link:
    """Return the link from a start to a win: F within ``days`` inside a window, else F of all time.

    F = (n F_rep + m F_pool)/(n + m), so behind it are n F_rep + m F_pool wins, as behind every other shrunk rate.
    But n F_rep also counts wins that the curve foresees of deals still open. Only seen ones are evidence, so the
    rep's own part is at most the wins of the last year.
    """
    curve, pool = ground.curve, ground.pool.curve
    rate = curve.F_inf if days is None else curve.F(days)
    prior = ground.m * (pool.F_inf if days is None else pool.F(days))
    starts = curve.records - pool.records
    own = max(0.0, (starts + ground.m) * rate - prior)
    name = say("wins per start") if days is None else say("wins per start within {n} days", n=days)
    name = say("{link} (assumed)", link=name) if ASSUMED in curve.flags else name
    return Link(name, rate, min(own, ground.won) + prior)


def activity_worth(more: int, activity: str, chain: Chain, settings: Settings, *, when: str = THIS_MONTH) -> Claim:
    """Return what ``more`` of an activity are worth; ``activity`` is its plural ("discovery calls").

    ``chain`` starts with what one of them leads to. No dollars: none is asked for, or the chain can't be priced.
    """
    gap = _gap(chain) if more > 0 else say("no {activity} more than usual are asked for", activity=activity)
    if gap is not None:
        return _no_claim(gap)
    expected = more * _product(chain.links) * chain.deal_size
    inputs = ((NUMBER, float(more)), *_inputs(chain.links, chain))
    said = say_many(
        "{n} more of your {activity} {when} is worth {dollars} if it goes like your usual ones",
        "{n} more {activity} {when} are worth {dollars} if they go like your usual ones",
        more,
        n=whole(more),
        activity=activity,
        when=when,
        dollars=_dollars(expected, _factor(chain.links, settings), chain, settings),
    )
    return _claim(said, expected, chain.links, chain, inputs, settings)


def skill_worth(points: float, on: str, usual_number: float, activity: str, chain: Chain, settings: Settings) -> Claim:
    """Return what ``points`` more (of 100) on the link called ``on`` are worth a month.

    ``usual_number`` is N_usual: how many of the ``activity`` (its plural) the rep did in the last four weeks, taken
    as a month's. The practised link isn't in the product, so its doubt isn't in the range. No dollars: nothing is
    gained, nothing usually done, or the chain can't be priced. KeyError: the chain has no such link.
    """
    practised = {link.name: link for link in chain.links}[on]
    others = tuple(link for link in chain.links if link is not practised)
    gap = _gap(chain)
    if usual_number <= 0:
        gap = say("the last {n} days have no {activity} to go by", n=settings.usual_activity_days, activity=activity)
    elif points <= 0:
        gap = say("nothing more than usual is asked for on {link}", link=on)
    if gap is not None:
        return _no_claim(gap)
    expected = usual_number * points * POINT * _product(others) * chain.deal_size
    usual = say("usual {activity} a month", activity=activity)
    inputs = ((say("points"), points), (usual, usual_number), *_inputs(others, chain))
    said = say_many(
        "{n} more point on {link} is worth {dollars} a month over {usual} {activity}, if the new ones go like your "
        "usual ones",
        "{n} more points on {link} are worth {dollars} a month over {usual} {activity}, if the new ones go like your "
        "usual ones",
        half_up(points * 10) / 10,
        link=on,
        dollars=_dollars(expected, _factor(others, settings), chain, settings),
        usual=number(usual_number, 6),
        activity=activity,
    )
    return _claim(said, expected, others, chain, inputs, settings)


def for_number(worth: Worth, was: int, wanted: int) -> Worth | None:
    """Return the worth of the same goal with ``wanted`` in the place of ``was``: linear in what is more than usual.

    Dollars that don't come from a number of activities stay. None where nothing more than usual is left.
    """
    priced = dict(worth.inputs).get(NUMBER)
    if priced is None or priced <= 0:
        return worth
    more = priced + wanted - was
    if more <= 0:
        return None
    factor = more / priced
    inputs = ((NUMBER, more), *(pair for pair in worth.inputs if pair[0] != NUMBER))
    return Worth(worth.expected * factor, worth.low * factor, worth.high * factor, inputs, "")


def two_digits(value: float) -> float:
    """Return the value as it is shown: rounded to 2 significant digits, halves up."""
    if value == 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    return math.copysign(half_up(abs(value) / unit) * unit, value)


def _factor(doubtful: Sequence[Link], settings: Settings) -> float:
    """Return by how much the delta method's 80% range over the ``doubtful`` links is off to either side."""
    return math.exp(settings.z_80 * math.sqrt(sum(_doubt(link, link.seen) for link in doubtful)))


def _dollars(expected: float, factor: float, chain: Chain, settings: Settings) -> Said:
    """Return the dollars as surely as they are known."""
    low, high = two_digits(expected / factor), two_digits(expected * factor)
    least, most = money(low, chain.currency), money(high, chain.currency)
    if factor > settings.worth_max_factor:
        return say("between {low} and {high}", low=least, high=most)
    amount = money(two_digits(expected), chain.currency)
    if least == most:
        return say("about {worth}", worth=amount)
    return say(
        "about {amount} ({low} to {high})",
        amount=amount,
        low=money(low, chain.currency, bare=True),
        high=money(high, chain.currency, bare=True),
    )


def _claim(
    said: Said,
    expected: float,
    doubtful: Sequence[Link],
    chain: Chain,
    inputs: tuple[tuple[str, float], ...],
    settings: Settings,
) -> Claim:
    """Return the worth that is ``said``, with its range and with what it takes to know it better where that is wide."""
    factor = _factor(doubtful, settings)
    if factor > settings.worth_max_factor:
        more = whole(_more_to_know(chain.links, doubtful, settings))
        sentence = say("{claim}; we'll know better after {more} more.", claim=said, more=more)
    else:
        sentence = say("{claim}.", claim=said)
    return Claim(Worth(expected, expected / factor, expected * factor, inputs, sentence), sentence)


def _no_claim(gap: str) -> Claim:
    return Claim(None, say("No dollars are claimed: {gap}.", gap=gap))


def _gap(chain: Chain) -> str | None:
    """Return why the chain can't be priced; None if it can.

    Below one outcome, prior included, the range would span whole powers of ten and say nothing.
    """
    if chain.deal_size <= 0:
        return say("nothing has been won yet to know a deal's size from")
    if not chain.links:
        return say("nothing in the playbook leads from it to a win")
    for link in chain.links:
        if link.rate is None or link.rate <= 0 or link.seen < 1:
            return say("there is too little record yet of {link}", link=link.name)
    return None


def _product(links: Sequence[Link]) -> float:
    return math.prod(link.rate or 0.0 for link in links)


def _inputs(links: Sequence[Link], chain: Chain) -> tuple[tuple[str, float], ...]:
    """Return rate and outcomes seen of each link, then the deal size."""
    rates = tuple(
        pair
        for link in links
        for pair in ((link.name, link.rate or 0.0), (say("{link}: seen", link=link.name), link.seen))
    )
    return (*rates, (say("typical deal size"), chain.deal_size))


def _doubt(link: Link, seen: float) -> float:
    """Return the variance of the rate's logarithm: binomial, or Poisson where there are more outcomes than causes."""
    rate = link.rate or 0.0
    return (1.0 if rate > 1 else 1 - rate) / seen


def _more_to_know(links: Sequence[Link], doubtful: Sequence[Link], settings: Settings) -> int:
    """Return after how many more of the activity, going as usual, the range's factor is down to the largest shown."""
    enough = (math.log(settings.worth_max_factor) / settings.z_80) ** 2

    def is_enough(acts: int) -> bool:
        total, reached = 0.0, float(acts)
        for link in links:
            reached *= link.rate or 0.0
            if link in doubtful:
                total += _doubt(link, link.seen + reached)
        return total <= enough

    most = 1
    while not is_enough(most):
        most *= 2
    return 1 + bisect_left(range(1, most), True, key=is_enough)  # noqa: FBT003 - what the key answers
