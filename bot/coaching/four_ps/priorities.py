"""Which drivers a rep's month is about (specification, section 7.2)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.coaching.aspirations.drivers import Driver
from bot.coaching.basis.ground import Ground
from bot.coaching.four_ps.blocks import Block
from bot.coaching.four_ps.team_blocks import Metric, TeamMiddle
from bot.coaching.said import Said, listed, say
from bot.coaching.settings import Settings
from bot.coaching.wording import money, percent

NAMES = {
    Driver.STARTS: say("starts"),
    Driver.WIN_RATE: say("win rate"),
    Driver.SIZE: say("deal size"),
    Driver.CYCLE: say("cycle time"),
}
HEADS = {
    Driver.STARTS: say("Starts"),
    Driver.WIN_RATE: say("Win rate"),
    Driver.SIZE: say("Deal size"),
    Driver.CYCLE: say("Cycle time"),
}
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Priority:
    """A driver of the month: ``room`` (a share of today's value) is worth ``impact`` dollars a quarter.

    For the cycle the dollars come once, as deals arrive sooner. ``aim`` says what the room is measured by;
    ``sentence`` stands alone.
    """

    driver: Driver
    room: float
    impact: float
    aim: str
    sentence: str


def room(own: Sequence[Block], middle: TeamMiddle, settings: Settings) -> Mapping[Driver, float]:
    """Return how much better each driver can incrementally get, as a share of its value now: 0.02 to 0.10.

    ``own`` are the rep's blocks, newest first. A driver that isn't known now has no room and is left out.
    """
    return {
        driver: min(settings.room_max, max(settings.room_min, *_gaps(driver, own, middle)))
        for driver in Driver
        if own[0].driver(driver) is not None
    }


def priorities(ground: Ground, own: Sequence[Block], middle: TeamMiddle) -> tuple[Priority, ...]:
    """Return the month's 2 or 3 drivers, the largest impact first.

    A third one needs more room than the least that everybody has. Ties go in the order of Driver.
    """
    settings = ground.settings
    rooms = room(own, middle, settings)
    impacts = {driver: impact(driver, share, ground, own[0]) for driver, share in rooms.items()}
    ranked = sorted(rooms, key=lambda driver: -impacts[driver])
    chosen = [
        driver
        for place, driver in enumerate(ranked[: settings.max_priorities])
        if place < settings.min_priorities or rooms[driver] > settings.room_min
    ]
    found = []
    for driver in chosen:
        aim = _aim(driver, rooms[driver], own, middle, settings)
        claim = _claim(driver, aim, impacts[driver], settings.currency)
        sentence = say("{driver}: {claim}.", driver=HEADS[driver], claim=claim)
        found.append(Priority(driver, rooms[driver], impacts[driver], aim, sentence))
    return tuple(found)


def impact(driver: Driver, share: float, ground: Ground, now: Block) -> float:
    """Return what improving a driver by ``share`` is worth in a quarter, at the pace of the last 91 days.

    A cycle cut brings its dollars once. 0 where nothing was won.
    """
    won = max(0.0, now.dollars)
    if driver is not Driver.CYCLE:
        return won * share
    return won / ground.settings.quarter_days * share * (ground.typical_cycle or 0.0)


def at_best(own: Sequence[Block], middle: TeamMiddle) -> tuple[Driver, ...]:
    """Return the drivers that neither an own quarter before nor the team's middle shows to be better elsewhere."""
    if len(own) == 1:
        return ()
    return tuple(
        driver for driver in Driver if own[0].driver(driver) is not None and max(_gaps(driver, own, middle)) <= ROUNDING
    )


def month_sentence(chosen: Sequence[Priority], at_their_best: Sequence[Driver], settings: Settings) -> str:
    """Return the sentence of 7.2 for a month's priorities, none of which is no month at all."""
    first = chosen[0]
    head = say(
        "{driver} first: {claim}",
        driver=HEADS[first.driver],
        claim=_claim(first.driver, first.aim, first.impact, settings.currency),
    )
    others = [driver for driver in at_their_best if driver is not first.driver]
    if not others:
        return say("{told}.", told=head)
    names = [NAMES[driver] for driver in others]
    if len(names) == 1 and Driver.STARTS not in others:
        return say("{head}; {driver} is already at its best.", head=head, driver=names[0])
    return say("{head}; {drivers} are already at their best.", head=head, drivers=listed(names))


def _gaps(driver: Driver, own: Sequence[Block], middle: TeamMiddle) -> tuple[float, float]:
    """Return how far now is from the own best block, and half of how far from the team's median."""
    now = own[0].driver(driver) or 0.0
    values = [value for block in own if (value := block.driver(driver)) is not None]
    best = min(values, default=now) if driver is Driver.CYCLE else max(values, default=now)
    team = middle.get(Metric(driver))
    # Starts of a block that the rep has only been here for a part of aren't comparable with whole ones.
    comparable = team is not None and (own[0].is_full or driver is not Driver.STARTS)
    return _gain(driver, now, best), _gain(driver, now, team.median) / 2 if team is not None and comparable else 0.0


def _gain(driver: Driver, now: float, target: float) -> float:
    """Return the share by which now has to get better to be the target; without a bound from nothing."""
    if now <= 0:
        return math.inf if target > now else 0.0
    return 1 - target / now if driver is Driver.CYCLE else target / now - 1


def _aim(driver: Driver, share: float, own: Sequence[Block], middle: TeamMiddle, settings: Settings) -> str:
    best, team = _gaps(driver, own, middle)
    change = say("-{share}", share=percent(share)) if driver is Driver.CYCLE else say("+{share}", share=percent(share))
    if max(best, team) < settings.room_min - ROUNDING:
        if len(own) > 1:
            return say("a small step beyond your own best quarter ({change})", change=change)
        return say("a small step ({change})", change=change)
    capped = max(best, team) > settings.room_max + ROUNDING
    if best >= team:
        if capped:
            return say("a step back towards your own best quarter ({change})", change=change)
        return say("back to your own best quarter ({change})", change=change)
    if capped:
        return say("a step towards the middle half of the team ({change})", change=change)
    return say("half the way to the middle of the team ({change})", change=change)


def _claim(driver: Driver, aim: str, dollars: float, currency: str) -> Said:
    if dollars <= 0:
        return say("{aim}; no dollars are claimed, as the last 91 days won none", aim=aim)
    worth = money(dollars, currency)
    if driver is Driver.CYCLE:
        return say("{aim} is worth about {worth} once", aim=aim, worth=worth)
    return say("{aim} is worth about {worth} a quarter", aim=aim, worth=worth)
