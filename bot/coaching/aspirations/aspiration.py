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
from bot.coaching.said import Said, say
from bot.coaching.settings import Settings
from bot.coaching.wording import money, percent

UNSET = say("Say what awesome is for you and we show what gets you there.")


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
    goal = money(awesome, settings.currency)
    if run_rate is None:
        return say(
            "Awesome for you is {awesome}; we show what gets you there as soon as there is a run-rate.", awesome=goal
        )
    path = path_to_awesome(run_rate, awesome, caps, settings, win_rate=ground.win_rate.value)
    if path is None:
        return say(
            "Awesome for you is {awesome}; the way there starts with your next win, and then we show it in steps.",
            awesome=goal,
        )
    if path.is_there and not is_own:
        return say(
            "Awesome for you is {awesome}; we show how far it is as soon as there is a run-rate of your own.",
            awesome=goal,
        )
    return path_sentence(path, worth_to_rep(rep.commission, rep.quota, run_rate, awesome), settings.currency)


def _small_change(drivers: Drivers, rep: Person, settings: Settings) -> str:
    """Return what one more point of win rate and one more start are worth, as far as they're known."""
    point_worth, start_worth = drivers.win_point_worth(), drivers.start_worth()
    point = None if point_worth is None else _yearly(point_worth, drivers, rep, settings)
    start = None if start_worth is None else _once(start_worth, drivers, rep, settings)
    if point is not None and start is not None:
        return say(
            "One more point of win rate is worth {point} and one more start is worth {start}, if the new ones go like "
            "your usual ones.",
            point=point,
            start=start,
        )
    if point is not None:
        return say("One more point of win rate is worth {point}, if the new ones go like your usual ones.", point=point)
    if start is not None:
        return say("One more start is worth {start}, if the new ones go like your usual ones.", start=start)
    return ""


def _yearly(worth: float, drivers: Drivers, rep: Person, settings: Settings) -> Said:
    dollars, own = money(worth, settings.currency), _own(worth, drivers, rep, settings)
    if own is None:
        return say("about {worth} a year", worth=dollars)
    return say("about {worth} a year ({own} to you)", worth=dollars, own=own)


def _once(worth: float, drivers: Drivers, rep: Person, settings: Settings) -> Said:
    dollars, own = money(worth, settings.currency), _own(worth, drivers, rep, settings)
    return (
        say("about {worth}", worth=dollars)
        if own is None
        else say("about {worth} ({own} to you)", worth=dollars, own=own)
    )


def _own(worth: float, drivers: Drivers, rep: Person, settings: Settings) -> Said | None:
    """Return the rep's own part of more revenue; None where there is none."""
    own = worth_to_rep(rep.commission, rep.quota, drivers.run_rate, drivers.run_rate + worth)
    return money(own, settings.currency) if own is not None and own > 0 else None


def _cycle(drivers: Drivers, caps: Mapping[Driver, float], settings: Settings) -> str:
    """Return both worths of a cycle shorter by its room; nothing where room or cycle isn't known."""
    x = min(caps.get(Driver.CYCLE, 0.0), settings.quarterly_cap)
    once, refilled = drivers.cycle_worth_once(x), drivers.cycle_worth_refilled(x)
    if x <= 0 or once is None or refilled is None:
        return ""
    return say(
        "Winning your deals {share} sooner is worth about {once} once, or {yearly} a year if you fill the freed time "
        "with new starts.",
        share=percent(x),
        once=money(once, settings.currency),
        yearly=money(refilled, settings.currency),
    )
