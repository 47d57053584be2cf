"""A page's first part: what every formula about a rep stands on (specification, sections 0 and 1)."""

from __future__ import annotations

import math

from bot.coaching.basis.ground import Ground
from bot.coaching.basis.win_curve import HORIZON
from bot.coaching.records import DealStatus
from bot.coaching.wording import count
from bot.explain.lines import Chapter, Line, figure_line, number, shown
from bot.explain.rep import Explained

PER_ROW = 10
EACH_DAY = 200
"""A curve longer than this is shown for each tenth day."""


def win_rate(ground: Ground) -> Chapter:
    pool, settings = ground.pool, ground.settings
    own = f"({ground.won:,} won + m x {number(pool.win_rate)}) / ({ground.closed:,} closed + m)"
    few = f"{number(settings.prior_few_reps)} with fewer than {settings.prior_min_reps} reps"
    return Chapter(
        "Win rate (0.3)",
        (
            Line(f"closed in the last {settings.year_days} days", ground.closed, "deals"),
            Line("of these won", ground.won, "deals"),
            Line(f"win rate of the pool, {_pool(ground)}", pool.win_rate, "share", records=pool.closed),
            Line("m, what the pool's record weighs", ground.m, "deals", f"how little all reps' rates differ; {few}"),
            figure_line("win rate", ground.win_rate, own),
            Line(
                "80% interval",
                ground.win_rate_80,
                "share",
                f"Wilson score with n = {number(ground.closed + ground.m)} and z = {settings.z_80}",
            ),
        ),
    )


def curve(ground: Ground) -> Chapter:
    known = ground.curve
    own, others = known.records - ground.pool.curve.records, ground.pool.curve.records
    mixed = f"({own:,} own starts x own curve + m x the pool's curve of {others:,} starts) / ({own:,} + m)"
    first, half, last = (known.day(q) for q in (0.25, 0.5, 0.75))
    trimean = f"({first} + 2 x {half} + {last}) / 4, the days by which 25, 50 and 75% of all wins are in"
    return Chapter(
        "Win curve (0.4)",
        (
            figure_line(f"F({HORIZON}), starts that become wins", ground.curve_figure, mixed),
            Line(
                "typical cycle",
                ground.typical_cycle,
                "days",
                trimean if last is not None else "nothing is won on record",
            ),
            Line("stale age", ground.stale_age, "days", "the day by which 95% of all wins are in"),
        ),
        _by_day(ground),
    )


def _by_day(ground: Ground) -> tuple[tuple[str, ...], ...]:
    """Return both curves in rows of ten values, up to the first day of the final ones."""
    known = ground.curve
    curves = (("F", known.F), ("L", known.L))
    ends = [next(day for day in range(HORIZON + 1) if share(day) == share(HORIZON)) for _, share in curves]
    step = 1 if max(ends) <= EACH_DAY else PER_ROW
    rows = [("day", *(f"+{step * column}" for column in range(PER_ROW)), "")]
    for (letter, share), end in zip(curves, ends, strict=True):
        for first in range(0, end + 1, PER_ROW * step):
            days = range(first, first + PER_ROW * step, step)
            rows.append((f"{letter}({first})", *(f"{share(day):.6f}" for day in days), ""))
    return tuple(rows)


def deal_size(ground: Ground) -> Chapter:
    settings, pool = ground.settings, ground.pool.deal_size
    cap = math.inf if ground.size_cap is None else ground.size_cap
    wins = [
        min(deal.amount, cap)
        for deal in ground.closed_deals
        if deal.status is DealStatus.WON
        and deal.close is not None
        and (ground.as_of - deal.close).days < settings.year_days
        and deal.amount is not None
        and deal.amount > 0
    ]
    prior = number(settings.size_prior_wins)
    own = f"{number(sum(wins))} in {len(wins):,} own wins at the cap at most"
    mixed = "" if pool is None else f"({own} + {prior} x {number(pool)}) / ({len(wins):,} + {prior})"
    whose = "the rep's own" if len(wins) >= settings.size_variance_min_wins else "the pool's"
    return Chapter(
        "Typical deal size (0.5)",
        (
            Line("cap", ground.size_cap, settings.currency, "95th percentile of everybody's won amounts of a year"),
            Line("mean win of the pool", pool, settings.currency, "each win at the cap at most"),
            figure_line("A, typical deal size", ground.deal_size_figure, mixed),
            Line("v, variance of a win", ground.size_var, f"{settings.currency} squared", f"from {whose} capped wins"),
        ),
    )


def pace(ground: Ground) -> Chapter:
    days = ground.settings.quarter_days
    recent = ground.recent_starts(days)
    weeks = recent / ground.starts_per_week if ground.starts_per_week else float(ground.settings.quarter_weeks)
    how = f"{count(recent, 'start')} in the last {days} days / {number(weeks)} weeks"
    return Chapter("Pace (0.6)", (Line("lambda, starts", ground.starts_per_week, "a week", how, records=recent),))


def cadence(one: Explained) -> Chapter:
    inputs, decision, settings = one.inputs, one.cadence, one.numbers.ground.settings
    shortest, _, longest = settings.cadence_steps
    asked = []
    if decision.activities_per_week and decision.k:
        a, k = decision.activities_per_week, decision.k
        asked.append(f"I_A = 7 x {number(k)} / {number(a)} = {number(7 * k / a)}")
    if decision.typical_cycle is not None:
        c, stages = decision.typical_cycle, decision.stages
        asked.append(f"I_C = {number(c)} / {stages} stages = {number(c / stages)}")
    within = f"geometric mean of {' and '.join(asked)}, each kept within {shortest} to {longest}"
    steps = ", ".join(str(step) for step in settings.cadence_steps)
    tests = ", ".join(f"{name} z = {number(z)}" for name, z in inputs.trend.signals)
    return Chapter(
        "Cadence (1)",
        (
            Line(
                "deal events" if inputs.basis == "events" else "key activities",
                decision.activities_per_week,
                "a week",
                f"those of the last {settings.key_activity_days} days / {settings.key_activity_days // 7}",
            ),
            Line(
                "raw interval", decision.raw, "days", within if asked else "nothing is known of activity or cycle yet"
            ),
            Line("its step", decision.base, "days", f"the nearest of {steps} on a log scale"),
            Line(
                "trend",
                decision.trend,
                "",
                f"{tests}; Z = {shown(decision.Z)}, size M = {shown(decision.M)}"
                if tests
                else "too little is known of the last 91 days or of those before to compare them",
            ),
            Line("days between 1:1s", decision.interval, "days", "", decision.sentence, None, decision.flags),
        ),
    )


def _pool(ground: Ground) -> str:
    return "the team without the rep" if ground.pool.is_team else "everybody else"
