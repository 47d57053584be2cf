"""Which open deals decide the goal, and what the customer still has to give (specification, section 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.coaching.basis.ground import Ground, OpenDeal
from bot.coaching.basis.win_curve import WinCurve
from bot.coaching.pipeline.fiscal_calendar import block
from bot.coaching.pipeline.periods import Target, goal_period, goals_of
from bot.coaching.records import DealId, Records
from bot.coaching.settings import Settings
from bot.coaching.winning.hit import Stake, goal_odds, usual_pace
from bot.coaching.winning.verified_stage import Standing
from bot.coaching.wording import half_up

NO_GOAL = "no goal"
AWESOME = "awesome"
REVIEWED = 3
"""Deals looked at where no single one decides the goal."""


@dataclass(frozen=True, slots=True)
class DealOutlook:
    """An open deal on a day: where it really stands, and its ``chance`` to be won by the end of the goal period.

    ``verifier_value`` is what its next verifier is worth in dollars, None where nothing shows it; ``swing`` is how much
    the chance of the goal depends on it (0..1), None where it isn't among the likeliest or there is no goal.
    """

    deal: OpenDeal
    standing: Standing
    chance: float
    verifier_value: float | None
    swing: float | None

    @property
    def expected(self) -> float:
        return self.chance * self.deal.amount


@dataclass(frozen=True, slots=True)
class Winnable:
    """The first topic. ``hit`` is the chance of making ``target``, None without a goal; ``days`` are left to its end.

    ``must_wins`` decide the goal, largest swing first; ``reviewed`` is what the 1:1 looks at: those, or the deals whose
    next verifier is worth most. ``likeliest`` holds every open deal, the largest expected dollars first.
    """

    target: Target | None
    ends: date
    days: int
    hit: float | None
    must_wins: tuple[DealOutlook, ...]
    reviewed: tuple[DealOutlook, ...]
    likeliest: tuple[DealOutlook, ...]
    sentence: str
    flags: tuple[str, ...] = ()


def winnable(
    ground: Ground,
    records: Records,
    standings: Mapping[DealId, Standing],
    curves: Mapping[int, WinCurve],
    settings: Settings,
) -> Winnable:
    """Return the first topic of a rep's 1:1.

    ``standings`` are those of the open deals; ``curves`` those of the stages (``StageBook.curves``), empty without
    stage history, on which ``ground`` stands already (``on_stage_curves``).
    """
    target, flags = _target(ground, records, settings)
    ends = target.end if target is not None else block(ground.as_of, settings.goal_period_months, settings)[1]
    days = (ends - ground.as_of).days
    outlooks = [_outlook(known, standings[known.deal.id], ground, curves, days) for known in ground.open_deals]
    outlooks.sort(key=lambda one: (-one.expected, one.deal.deal.id))
    hit = None
    if target is not None:
        stakes = [Stake(one.chance, one.deal.amount) for one in outlooks] + list(usual_pace(ground, days))
        asked = [at for at, one in enumerate(outlooks[: settings.must_win_candidates]) if one.expected > 0]
        odds = goal_odds(target.remaining, stakes, asked, settings)
        hit = odds.chance
        for at, swing in zip(asked, odds.swings, strict=True):
            outlooks[at] = replace(outlooks[at], swing=swing)
    must_wins = sorted(
        (one for one in outlooks if one.swing is not None and one.swing >= settings.must_win_swing),
        key=lambda one: (-(one.swing or 0.0), one.deal.deal.id),
    )[: settings.max_must_wins]
    reviewed = must_wins or sorted(outlooks, key=lambda one: -(one.verifier_value or 0.0))[:REVIEWED]
    return Winnable(
        target=target,
        ends=ends,
        days=days,
        hit=hit,
        must_wins=tuple(must_wins),
        reviewed=tuple(reviewed),
        likeliest=tuple(outlooks),
        sentence=_sentence(target, hit, must_wins, outlooks, flags),
        flags=flags,
    )


def _target(ground: Ground, records: Records, settings: Settings) -> tuple[Target | None, tuple[str, ...]]:
    """Return the goal to reach: once it is reached, the rep's own "awesome" for the year takes its place."""
    goals = goals_of(ground.rep.id, records, ground.as_of, settings)
    target = goal_period(goals, ground.won_between, ground.as_of, settings)
    if target is None:
        return None, (NO_GOAL,)
    awesome = ground.rep.awesome
    if target.remaining > 0 or awesome is None:
        return target, ()
    start, end = block(ground.as_of, 12, settings)
    own = Target(start, end, awesome, ground.won_between(start, ground.as_of))
    return (own, (AWESOME,)) if own.remaining > 0 and end > ground.as_of else (target, ())


def _outlook(
    known: OpenDeal, stands: Standing, ground: Ground, curves: Mapping[int, WinCurve], days: int
) -> DealOutlook:
    chance = ground.chance(known, days)
    value = _verifier_value(known, stands, chance, curves, days, ground.settings.chance_cap)
    return DealOutlook(known, stands, chance, value, None)


def _verifier_value(
    known: OpenDeal, stands: Standing, chance: float, curves: Mapping[int, WinCurve], days: int, cap: float
) -> float | None:
    """Return what reaching the next stage is worth: by its curve, else by the CRM's probabilities, else None.

    Without a verified stage there is no chance of its own to compare with.
    """
    following = stands.next_stage
    if following is None or known.amount <= 0 or not stands.verified:
        return None
    curve = curves.get(stands.verified + 1)
    if curve is not None and stands.verified in curves:
        return known.amount * max(0.0, curve.chance(0, days) - chance)
    now = stands.stages[stands.verified - 1].probability
    if not now or following.probability is None:
        return None
    return known.amount * max(0.0, min(cap, chance * following.probability / now) - chance)


def _sentence(
    target: Target | None,
    hit: float | None,
    must_wins: Sequence[DealOutlook],
    outlooks: Sequence[DealOutlook],
    flags: tuple[str, ...],
) -> str:
    if not outlooks:
        head = "You have no open deal, so there is none to win yet."
    elif target is None or hit is None:
        return "Without a goal we can't say which deals decide it: set your goal first."
    elif target.remaining <= 0:
        return f"Your {target.word}'s goal is reached, so no single deal decides it: what's next?"
    elif must_wins:
        many = "One deal decides" if len(must_wins) == 1 else f"{len(must_wins)} deals decide"
        head = f"{many} your {_period(target, flags)}."
    else:
        head = f"No single deal decides your {_period(target, flags)}."
    if target is None or hit is None or target.remaining <= 0:
        return head
    cases = half_up(100 * hit)
    often = {0: "fewer than 1 of 100 cases", 100: "nearly all cases"}.get(cases, f"about {cases} of 100 cases")
    counted = "Counting open deals and your usual pace" if outlooks else "At your usual pace of new ones"
    return f"{head} {counted}, you make it in {often}."


def _period(target: Target, flags: tuple[str, ...]) -> str:
    return "awesome year" if AWESOME in flags else target.word


def deal_sentence(one: DealOutlook, target: Target | None, flags: tuple[str, ...] = ()) -> str:
    """Return why a deal is talked about: what it decides, and what its customer has and hasn't given."""
    facts = []
    if one.swing is not None and target is not None and half_up(100 * one.swing) >= 1:
        points = half_up(100 * one.swing)
        unit = "point" if points == 1 else "points"
        facts.append(f"moves your chance of making the {_period(target, flags)} by {points} {unit}")
    name = one.deal.deal.name.strip() or "This deal"
    stands = _stands(one)
    return f"{name} {facts[0]}; it {stands}." if facts else f"{name} {stands}."


def _stands(one: DealOutlook) -> str:
    stands, crm = one.standing, one.deal.deal.stage.strip()
    missing = listed([kind.name for kind in stands.next_toll])
    verified = stands.verified_name
    treated = f"we treat it as {verified}" if verified else "no stage is verified yet"
    if stands.gap is not None and stands.gap > 0:
        return f"is marked {crm}, but the customer hasn't given {missing}, so {treated}"
    if stands.gap is not None and stands.gap < 0:
        return f"is marked {crm}, but its customer is further: everything for {verified} is given, so correct the CRM"
    if verified is None:
        known = f"is marked {crm}, which is no stage of the playbook" if crm else "has no stage in the CRM"
        return f"{known}; {treated}, and first the customer would give {missing}"
    if missing:
        return f"is verified as {verified}; next the customer would give {missing}"
    return f"is verified as {verified}, and the customer has given everything"


def listed(things: Sequence[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    *first, last = things or ("",)
    return f"{', '.join(first)} and {last}" if first else last
