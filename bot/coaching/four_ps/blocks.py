"""What a rep did in each block of 91 days (specification, sections 7.1 and 7.2)."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.coaching.aspirations.drivers import Driver
from bot.coaching.basis import deal_size, win_rate
from bot.coaching.basis.cleaning import Exchange
from bot.coaching.basis.ground import Ground
from bot.coaching.records import Deal, DealStatus


@dataclass(frozen=True, slots=True)
class Block:
    """The days ``first`` to ``last``, both included; money in the reporting currency.

    ``starts``, ``closed`` and ``won`` count deals; ``won_dollars`` is what those wins brought and
    ``other_dollars`` won money that is neither win nor start. ``dollars_started`` is what the starts are worth.
    ``win_rate`` (share), ``deal_size`` and ``cycle`` (days) are shrunk towards the pool; the last two are None where
    neither rep nor pool has a win. ``is_full`` says that rep and records reach back to its first day.
    """

    first: date
    last: date
    is_full: bool
    starts: int
    closed: int
    won: int
    won_dollars: float
    other_dollars: float
    dollars_started: float
    win_rate: float
    deal_size: float | None
    cycle: float | None

    @property
    def dollars(self) -> float:
        """All that was won, less credits."""
        return self.won_dollars + self.other_dollars

    def driver(self, driver: Driver) -> float | None:
        """Return the driver's value; None where it isn't known."""
        return {
            Driver.STARTS: float(self.starts),
            Driver.WIN_RATE: self.win_rate,
            Driver.SIZE: self.deal_size,
            Driver.CYCLE: self.cycle,
        }[driver]


def blocks(ground: Ground, number: int | None = None) -> tuple[Block, ...]:
    """Return the block that ends today and the full ones before it, newest first: ``number``, or 4, at most."""
    settings = ground.settings
    wanted = 1 + settings.room_blocks if number is None else number
    span = timedelta(days=settings.quarter_days)
    since = known_since(ground)
    gathered = [_Gathered() for _ in range(wanted)]
    _gather(ground, gathered)
    found = []
    for back, known in enumerate(gathered):
        last = ground.as_of - back * span
        first = last - span + timedelta(days=1)
        is_full = since is not None and since <= first
        if back and not is_full:
            break
        found.append(_block(ground, first, last, known, is_full=is_full))
    return tuple(found)


def known_since(ground: Ground) -> date | None:
    """Return the first day from which a rep's records tell the whole story; None without records.

    Starts from before the first known closings are only those that closed late, so both have to be known.
    """
    rep_since = ground.rep.first_day or min(
        (deal.start for deal in ground.deals if deal.start is not None), default=None
    )
    if rep_since is None or ground.records_since is None or ground.closings_since is None:
        return None
    return max(rep_since, ground.records_since, ground.closings_since)


@dataclass(slots=True)
class _Gathered:
    starts: int = 0
    dollars_started: float = 0.0
    closed: int = 0
    won: int = 0
    won_dollars: float = 0.0
    other_dollars: float = 0.0
    sizes: list[float] = field(default_factory=list)
    days_to_win: list[int] = field(default_factory=list)


def _gather(ground: Ground, gathered: list[_Gathered]) -> None:
    days = ground.settings.quarter_days
    exchange = Exchange(ground.settings)
    none = _Gathered()

    def block_of(day: date | None) -> _Gathered:
        back = -1 if day is None else (ground.as_of - day).days // days
        return gathered[back] if 0 <= back < len(gathered) else none

    for known in ground.open_deals:
        block = block_of(known.deal.start)
        block.starts += 1
        block.dollars_started += known.amount
    for deal in ground.closed_deals:
        block = block_of(deal.start)
        block.starts += 1
        block.dollars_started += _worth_at_start(deal, ground, exchange)
        block = block_of(deal.close)
        block.closed += 1
        if deal.status is DealStatus.WON:
            _add_win(deal, block)
    for deal in ground.revenue_only:
        block_of(deal.close).other_dollars += deal.amount or 0.0


def _add_win(deal: Deal, block: _Gathered) -> None:
    block.won += 1
    block.won_dollars += deal.amount or 0.0
    if deal.amount is not None and deal.amount > 0:
        block.sizes.append(deal.amount)
    if deal.start is not None and deal.close is not None:
        block.days_to_win.append(max(0, (deal.close - deal.start).days))


def _worth_at_start(deal: Deal, ground: Ground, exchange: Exchange) -> float:
    """Return a closed deal's amount; without one the typical deal, as for an open deal, or old blocks look poorer."""
    if not exchange.is_reporting(deal.currency):
        return 0.0
    return deal.amount if deal.amount is not None and deal.amount > 0 else ground.deal_size


def _block(ground: Ground, first: date, last: date, known: _Gathered, *, is_full: bool) -> Block:
    settings, pool = ground.settings, ground.pool
    pool_sizes = [] if pool.deal_size is None else [pool.deal_size]
    size = deal_size.typical_deal_size(known.sizes, pool_sizes, ground.size_cap, settings)
    return Block(
        first=first,
        last=last,
        is_full=is_full,
        starts=known.starts,
        closed=known.closed,
        won=known.won,
        won_dollars=known.won_dollars,
        other_dollars=known.other_dollars,
        dollars_started=known.dollars_started,
        win_rate=win_rate.shrunk_win_rate(known.won, known.closed, ground.m, pool.win_rate, settings).value,
        deal_size=size.value if size.value > 0 else None,
        cycle=_cycle(known.days_to_win, pool.curve.day(0.5), settings.size_prior_wins),
    )


def _cycle(days_to_win: list[int], pool_days: int | None, prior_wins: float) -> float | None:
    """Return the median days to win, mixed with ten wins at the pool's median."""
    prior = 0.0 if pool_days is None else prior_wins
    own = statistics.median(days_to_win) if days_to_win else 0.0
    weight = len(days_to_win) + prior
    return (len(days_to_win) * own + prior * (pool_days or 0)) / weight if weight else None
