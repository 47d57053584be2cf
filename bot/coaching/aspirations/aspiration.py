"""What the agenda says of a rep's own "awesome" (specification, section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.coaching.aspirations.drivers import Driver, Drivers, drivers_of
from bot.coaching.aspirations.income import worth_to_rep
from bot.coaching.aspirations.path_to_awesome import path_sentence, path_to_awesome
from bot.coaching.aspirations.run_rate import TEAM_MEAN
from bot.coaching.basis.ground import Ground
from bot.coaching.figure import Figure
from bot.coaching.records import Person
from bot.coaching.settings import Settings
from bot.coaching.wording import half_up, money

UNSET = "Say what awesome is for you and we show what gets you there."


@dataclass(frozen=True, slots=True)
class Aspiration:
    """The rep's own "awesome" per year, the run-rate, and what it takes (section 5)."""

    awesome: float | None
    run_rate: float | None
    sentences: tuple[str, ...]


def aspiration(ground: Ground, rate: Figure[float | None], caps: Mapping[Driver, float]) -> Aspiration:
    """Return the rep's figure with its path, the run-rate, and what the smallest change of a driver is worth.

    ``caps`` is the room per driver and quarter as a fraction (7.2). The team's run-rate leads the path of a rep
    without an own one, but isn't shown as the rep's: ``run_rate`` is then None, and no dollars are put on a change.
    """
    awesome = ground.rep.awesome if ground.rep.awesome is not None and ground.rep.awesome > 0 else None
    is_own = TEAM_MEAN not in rate.flags
    sentences = [rate.sentence, UNSET if awesome is None else _way(ground, rate.value, awesome, caps, is_own=is_own)]
    if is_own and rate.value is not None and rate.value > 0:
        drivers = drivers_of(ground, rate.value)
        sentences += [_small_change(drivers, ground.rep, ground.settings), _cycle(drivers, caps, ground.settings)]
    return Aspiration(awesome, rate.value if is_own else None, tuple(said for said in sentences if said))


def _way(ground: Ground, run_rate: float | None, awesome: float, caps: Mapping[Driver, float], *, is_own: bool) -> str:
    settings, rep = ground.settings, ground.rep
    goal = f"Awesome for you is {money(awesome, settings.currency)}"
    if run_rate is None:
        return f"{goal}; we show what gets you there as soon as there is a run-rate."
    path = path_to_awesome(run_rate, awesome, caps, settings, win_rate=ground.win_rate.value)
    if path is None:
        return f"{goal}; the way there starts with your next win, and then we show it in steps."
    if path.is_there and not is_own:
        return f"{goal}; we show how far it is as soon as there is a run-rate of your own."
    return path_sentence(path, worth_to_rep(rep.commission, rep.quota, run_rate, awesome), settings.currency)


def _small_change(drivers: Drivers, rep: Person, settings: Settings) -> str:
    """Return what one more point of win rate and one more start are worth, as far as they're known."""

    def dollars(worth: float, per: str = "") -> str:
        own = worth_to_rep(rep.commission, rep.quota, drivers.run_rate, drivers.run_rate + worth)
        yours = f" ({money(own, settings.currency)} to you)" if own is not None and own > 0 else ""
        return f"is worth about {money(worth, settings.currency)}{per}{yours}"

    point, start = drivers.win_point_worth(), drivers.start_worth()
    parts = []
    if point is not None:
        parts.append(f"One more point of win rate {dollars(point, ' a year')}")
    if start is not None:
        parts.append(f"{'one' if parts else 'One'} more start {dollars(start)}")
    return f"{' and '.join(parts)}, if the new ones go like your usual ones." if parts else ""


def _cycle(drivers: Drivers, caps: Mapping[Driver, float], settings: Settings) -> str:
    """Return both worths of a cycle shorter by its room; nothing where room or cycle isn't known."""
    x = min(caps.get(Driver.CYCLE, 0.0), settings.quarterly_cap)
    once, refilled = drivers.cycle_worth_once(x), drivers.cycle_worth_refilled(x)
    if x <= 0 or once is None or refilled is None:
        return ""
    return (
        f"Winning your deals {half_up(100 * x)}% sooner is worth about {money(once, settings.currency)} once, or "
        f"{money(refilled, settings.currency)} a year if you fill the freed time with new starts."
    )
