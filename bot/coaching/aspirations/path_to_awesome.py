"""The fewest quarters of small steps that take a rep to the own "awesome" (specification, section 5)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bot.coaching.aspirations.drivers import Driver
from bot.coaching.said import Said, listed, say
from bot.coaching.settings import Settings
from bot.coaching.wording import half_up, money

ROUNDING = 1e-9
"""A step of exactly the cap is allowed, whatever its last bits are."""

ORDER = tuple(Driver)
NUMBERS = dict(
    enumerate((say("two"), say("three"), say("four"), say("five"), say("six"), say("seven"), say("eight")), start=2)
)


@dataclass(frozen=True, slots=True)
class Step:
    """How much better a driver gets each quarter, as a fraction; for the cycle, how much shorter."""

    driver: Driver
    change: float

    @property
    def factor(self) -> float:
        """What revenue multiplies by in a quarter."""
        return 1 / (1 - self.change) if self.driver is Driver.CYCLE else 1 + self.change


@dataclass(frozen=True, slots=True)
class Path:
    """From ``run_rate`` to ``awesome``, dollars a year, by the ``steps`` in each of ``quarters`` quarters.

    ``reaches`` is ``awesome``, or less where even the longest path ends before it. No steps: the rep is there, or
    no driver has room.
    """

    run_rate: float
    awesome: float
    quarters: int
    steps: tuple[Step, ...]
    reaches: float

    @property
    def is_there(self) -> bool:
        return self.awesome <= self.run_rate

    @property
    def arrives(self) -> bool:
        return self.reaches >= self.awesome


def path_to_awesome(
    run_rate: float,
    awesome: float,
    caps: Mapping[Driver, float],
    settings: Settings,
    *,
    win_rate: float | None = None,
) -> Path | None:
    """Return the first way in quarters, then in drivers, whose step each driver's room allows.

    ``caps`` is the room per driver and quarter as a fraction (7.2), at most 10% being used; a driver without room
    is left alone. A known ``win_rate`` (0..1) isn't asked to pass 1. Where 8 quarters don't arrive, the path is the
    one that gets furthest. None: a run-rate of 0 or less has no percentage to grow by.
    """
    if awesome <= run_rate:
        return Path(run_rate, awesome, 0, (), run_rate)
    if run_rate <= 0:
        return None
    g = awesome / run_rate
    room = {driver: min(caps.get(driver, 0.0), settings.quarterly_cap) for driver in ORDER}
    ranked = sorted((driver for driver in ORDER if room[driver] > 0), key=lambda driver: -room[driver])
    for quarters in range(1, settings.path_max_quarters + 1):
        most = {driver: _most(driver, room[driver], quarters, win_rate) for driver in ranked}
        for number in range(1, settings.path_max_drivers + 1):
            u = math.pow(g, 1 / (number * quarters))
            allowed = [driver for driver in ranked if u <= most[driver] + ROUNDING]
            if len(allowed) >= number:
                return Path(run_rate, awesome, quarters, _steps(allowed[:number], u), awesome)
    return _furthest(run_rate, awesome, {driver: room[driver] for driver in ranked}, settings, win_rate)


def _furthest(
    run_rate: float, awesome: float, room: Mapping[Driver, float], settings: Settings, win_rate: float | None
) -> Path:
    """Return where equal steps of one driver, or of more, get to in the longest time allowed."""
    quarters = settings.path_max_quarters
    most = {driver: _most(driver, cap, quarters, win_rate) for driver, cap in room.items()}
    best = Path(run_rate, awesome, 0, (), run_rate)
    for number, u in enumerate(sorted(most.values(), reverse=True)[: settings.path_max_drivers], 1):
        reaches = run_rate * math.pow(u, number * quarters)
        if reaches > best.reaches:
            drivers = [driver for driver in most if u <= most[driver]][:number]
            best = Path(run_rate, awesome, quarters, _steps(drivers, u), reaches)
    return best


def _most(driver: Driver, cap: float, quarters: int, win_rate: float | None) -> float:
    """Return the largest factor per quarter that a driver's room allows."""
    if driver is Driver.CYCLE:
        return 1 / (1 - cap)
    if driver is Driver.WIN_RATE and win_rate is not None and win_rate > 0:
        return min(1 + cap, math.pow(1 / win_rate, 1 / quarters))
    return 1 + cap


def _steps(drivers: list[Driver], u: float) -> tuple[Step, ...]:
    return tuple(Step(driver, 1 - 1 / u if driver is Driver.CYCLE else u - 1) for driver in drivers)


def path_sentence(path: Path, worth: float | None, currency: str) -> str:
    """Return the sentence of section 5; ``worth`` is what awesome adds to the rep's own income, None if unknown."""
    awesome = money(path.awesome, currency)
    if path.is_there:
        return say(
            "Awesome for you is {awesome}, and you run at {rate}; you're there: what's next?",
            awesome=awesome,
            rate=money(path.run_rate, currency),
        )
    way = _way(path, awesome, currency)
    if worth is not None and worth > 0:
        way = say("{way}; it is worth {worth} to you", way=way, worth=money(worth, currency))
    if not path.steps:
        return say("{way}; which driver has room for it can't be said from your records yet.", way=way)
    return say("{way}.", way=way)


def _way(path: Path, awesome: Said, currency: str) -> Said:
    if not path.steps:
        return say("Awesome for you is {awesome}", awesome=awesome)
    return say(
        "Awesome for you is {awesome}: {steps}, {time}, {result}",
        awesome=awesome,
        steps=listed([_words(step) for step in path.steps]),
        time=_time(path.quarters),
        result=_result(path, currency),
    )


def _result(path: Path, currency: str) -> Said:
    refills = any(step.driver is Driver.CYCLE for step in path.steps)
    if path.arrives:
        if refills:
            return say("gets you there if the time freed by the shorter cycle goes into new starts")
        return say("gets you there")
    reaches = money(path.reaches, currency)
    if refills:
        return say(
            "gets you to {amount} if the time freed by the shorter cycle goes into new starts, so awesome needs more "
            "time than that",
            amount=reaches,
        )
    return say("gets you to {amount}, so awesome needs more time than that", amount=reaches)


def _words(step: Step) -> Said:
    tenths = max(1, half_up(1000 * step.change))
    size = say("{number}%", number=tenths / 10)
    if step.driver is Driver.STARTS:
        return say("{size} more starts", size=size)
    if step.driver is Driver.SIZE:
        return say("{size} larger deals", size=size)
    is_an = tenths // 10 in {8, 11, 18}
    if step.driver is Driver.WIN_RATE:
        return say("an {size} better win rate", size=size) if is_an else say("a {size} better win rate", size=size)
    return say("an {size} shorter cycle", size=size) if is_an else say("a {size} shorter cycle", size=size)


def _time(quarters: int) -> Said:
    if quarters == 1:
        return say("in one quarter")
    return say("{number} quarters in a row", number=NUMBERS.get(quarters, quarters))
