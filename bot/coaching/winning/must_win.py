"""Which open deals decide the goal, and what the customer still has to give (specification, section 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.coaching.basis.ground import Ground, OpenDeal
from bot.coaching.basis.win_curve import WinCurve
from bot.coaching.pipeline.fiscal_calendar import block
from bot.coaching.pipeline.period_words import periods_goal, the_period, your_period
from bot.coaching.pipeline.periods import Target, goal_period, goals_of
from bot.coaching.records import DealId, Records
from bot.coaching.said import Said, joined, listed, say, say_many
from bot.coaching.settings import Settings
from bot.coaching.winning.hit import Stake, goal_odds, usual_pace
from bot.coaching.winning.verified_stage import Standing
from bot.coaching.wording import half_up

NO_GOAL = "no goal"  # no words: a flag
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
        head = say("You have no open deal, so there is none to win yet.")
    elif target is None or hit is None:
        return say("Without a goal we can't say which deals decide it: set your goal first.")
    elif target.remaining <= 0:
        return say("{goal} is reached, so no single deal decides it: what's next?", goal=periods_goal(target))
    else:
        period = say("your awesome year") if AWESOME in flags else your_period(target)
        head = say("No single deal decides {period}.", period=period)
        if must_wins:
            head = say_many("One deal decides {period}.", "{n} deals decide {period}.", len(must_wins), period=period)
    if target is None or hit is None or target.remaining <= 0:
        return head
    often = _often(half_up(100 * hit))
    if outlooks:
        chance = say("Counting open deals and your usual pace, you make it in {often}.", often=often)
    else:
        chance = say("At your usual pace of new ones, you make it in {often}.", often=often)
    return joined((head, chance))


def _often(cases: int) -> Said:
    if cases == 0:
        return say("fewer than 1 of 100 cases")
    return say("nearly all cases") if cases == 100 else say("about {n} of 100 cases", n=cases)  # noqa: PLR2004 - all


def deal_sentence(one: DealOutlook, target: Target | None, flags: tuple[str, ...] = ()) -> str:
    """Return why a deal is talked about: what it decides, and what its customer has and hasn't given."""
    name = one.deal.deal.name.strip() or say("This deal")
    stands = _stands(one)
    points = 0 if one.swing is None or target is None else half_up(100 * one.swing)
    if target is None or points < 1:
        return say("{deal} {stands}.", deal=name, stands=stands)
    return say_many(
        "{deal} moves your chance of making {period} by {n} point; it {stands}.",
        "{deal} moves your chance of making {period} by {n} points; it {stands}.",
        points,
        deal=name,
        period=say("the awesome year") if AWESOME in flags else the_period(target),
        stands=stands,
    )


def _stands(one: DealOutlook) -> Said:
    """Return where a deal stands, as a clause whose subject is the deal."""
    stands, crm = one.standing, one.deal.deal.stage.strip()
    missing = listed([kind.name for kind in stands.next_toll])
    verified = stands.verified_name
    if stands.gap is not None and stands.gap < 0:
        return say(
            "is marked {crm}, but its customer is further: everything for {stage} is given, so correct the CRM",
            crm=crm,
            stage=str(verified),
        )
    if verified is None:
        return _unverified(crm, missing, is_behind=stands.gap is not None and stands.gap > 0)
    if stands.gap is not None and stands.gap > 0:
        return say(
            "is marked {crm}, but the customer hasn't given {missing}, so we treat it as {stage}",
            crm=crm,
            missing=missing,
            stage=verified,
        )
    if missing:
        return say("is verified as {stage}; next the customer would give {missing}", stage=verified, missing=missing)
    return say("is verified as {stage}, and the customer has given everything", stage=verified)


def _unverified(crm: str, missing: str, *, is_behind: bool) -> Said:
    if is_behind:
        return say(
            "is marked {crm}, but the customer hasn't given {missing}, so no stage is verified yet",
            crm=crm,
            missing=missing,
        )
    if crm:
        return say(
            "is marked {crm}, which is no stage of the playbook; no stage is verified yet, and first the customer "
            "would give {missing}",
            crm=crm,
            missing=missing,
        )
    return say(
        "has no stage in the CRM; no stage is verified yet, and first the customer would give {missing}",
        missing=missing,
    )
