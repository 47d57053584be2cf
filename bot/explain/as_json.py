"""The numbers of reps as JSON objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.coaching.book import Book
from bot.coaching.pipeline.balance import Balance
from bot.coaching.pipeline.periods import horizons
from bot.explain.plain import curve_values, plain
from bot.explain.rep import Explained


def document(book: Book, found: Mapping[str, Explained]) -> dict[str, Any]:
    """Return what is true of everybody on the day, with the numbers of each rep by name."""
    anybody = next((one.numbers.ground for one in found.values()), None)
    return {
        "as_of": plain(book.as_of),
        "m": None if anybody is None else anybody.m,
        "size_cap": None if anybody is None else anybody.size_cap,
        "success": plain(book.success),
        "horizon": plain(horizons(book.as_of, book.settings)[1]),
        "reps": {name: numbers(one) for name, one in found.items()},
    }


def numbers(one: Explained) -> dict[str, Any]:
    """Return a rep's numbers by name; those of a horizon are the medium one's, ``p_hit`` is the goal period's."""
    known, cadence = one.numbers, one.cadence
    ground, topic = known.ground, known.winnable
    medium = known.horizons[1]
    is_events = one.inputs.basis == "events"
    swings = [(deal.deal.deal.id, deal.swing) for deal in topic.likeliest if deal.swing is not None]
    values = {
        "closed": ground.closed,
        "won": ground.won,
        "win_rate": ground.win_rate.value,
        "win_rate_80": ground.win_rate_80,
        "deal_size": ground.deal_size,
        "size_var": ground.size_var,
        "starts_per_week": ground.starts_per_week,
        "F": curve_values(ground.curve.F),
        "L": curve_values(ground.curve.L),
        "F_inf": ground.curve.F_inf,
        "typical_cycle": ground.typical_cycle,
        "stale_age": ground.stale_age,
        "goal": None if medium.target is None else medium.target.goal,
        "remaining": None if medium.target is None else medium.target.remaining,
        "open_deals": medium.records,
        "Y": medium.expected,
        "range80": (medium.low, medium.high),
        "live": medium.live,
        "need_x": shown(medium).need,
        "have_x": medium.have,
        "gap": medium.gap,
        "starts": medium.starts,
        "starts_safe": medium.starts_safe,
        "pace": medium.pace,
        "extra": medium.extra,
        "required_starts_per_week": known.required_starts,
        "goal_period": topic.target,
        "p_hit": topic.hit,
        "top_swing": max(swings, key=lambda swing: swing[1], default=None),
        "trend": (cadence.trend, cadence.Z, cadence.M),
        "events_per_week": cadence.activities_per_week if is_events else None,
        "activities_per_week": None if is_events else cadence.activities_per_week,
        "raw_interval": cadence.raw,
        "interval": cadence.interval,
        "horizons": tuple(shown(horizon) for horizon in known.horizons),
        "must_wins": topic.must_wins,
        "run_rate": replace(known.run_rate, value=known.aspiration.run_rate),
        "drivers": one.drivers,
        "room": known.caps,
        "priorities": known.priorities,
        "past": known.past,
        "plan": known.plan,
        "trajectory": one.agenda.heading,
        "path": _own_path(one),
        "forks": one.agenda.offers,
        "flags": ground.flags,
    }
    return {key: plain(value) for key, value in values.items()}


def shown(horizon: Balance) -> Balance:
    """Return a horizon with only what is expected where it has no goal (specification, section 4)."""
    return horizon if horizon.target is not None else replace(horizon, need=None)


def _own_path(one: Explained) -> dict[str, Any] | None:
    """Return the path without the run-rate it starts from where that is the team's: it is somebody else's number."""
    if one.path is None:
        return None
    return {**plain(one.path), "run_rate": one.numbers.aspiration.run_rate}
