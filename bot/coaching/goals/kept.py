"""What became of a rep's commitments (specification, section 9)."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching.aspirations.worth import two_digits
from bot.coaching.basis.ground import Ground
from bot.coaching.commitment import CoachingGoal, GoalState
from bot.coaching.records import DealId, Verifier
from bot.coaching.said import Said, say, say_many
from bot.coaching.settings import DEFAULTS, Settings
from bot.coaching.wording import money, whole

SETTLED = frozenset({GoalState.KEPT, GoalState.PARTLY, GoalState.MISSED})


@dataclass(frozen=True, slots=True)
class Commitment:
    """A settled commitment: its ``score`` of 0..1 on the day it was ``due``."""

    due: date
    score: float


@dataclass(frozen=True, slots=True)
class KeptRate:
    """``value`` is a share of 0..1: one half without any commitment, and nearer to the record the more there are."""

    value: float
    commitments: int
    sentence: str


@dataclass(frozen=True, slots=True)
class KeptWorth:
    """Dollars that kept commitments were worth when they were made; None where no dollars were claimed for any.

    ``goals`` are the commitments behind it, ``without`` the kept ones for which no dollars could be claimed.
    """

    expected: float | None
    goals: int
    without: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Happened:
    """What came in the same days: never added to a worth, never claimed as caused by it. ``won`` is money."""

    since: date
    verifiers: int
    starts: int
    won: float
    sentence: str


def score(done: float | None, target: float, *, is_skill: bool = False) -> float:
    """Return the share of a commitment that was done, 0..1; a skill was practised as agreed or it wasn't.

    Nothing reported is nothing done. ``target`` is above 0.
    """
    share = min(1.0, max(0.0, (done or 0.0) / target))
    return float(share >= 1) if is_skill else share


def outcome(points: float, settings: Settings = DEFAULTS) -> GoalState:
    """Return what a score makes of a goal: kept, partly or missed."""
    if points >= 1:
        return GoalState.KEPT
    return GoalState.PARTLY if points >= settings.partly_kept else GoalState.MISSED


def due_day(agreed: Sequence[tuple[date, date]]) -> date:
    """Return the day that counts, given (agreed on, due) oldest first: it may move once, before it has come.

    Raises IndexError when nothing was agreed.
    """
    first = agreed[0][1]
    return next((due for on, due in agreed[1:] if due != first and on < first), first)


def commitments(goals: Iterable[CoachingGoal], skills: Collection[str]) -> tuple[Commitment, ...]:
    """Return the settled goals with their scores; open, declined and withdrawn ones are left out.

    ``skills`` are the names of the playbook's skills.
    """
    return tuple(Commitment(goal.terms.due, _goal_score(goal, skills)) for goal in goals if goal.state in SETTLED)


def kept_rate(kept: Iterable[Commitment], today: date, settings: Settings = DEFAULTS) -> KeptRate:
    """Return the kept rate, in which a commitment of 90 days ago weighs half of one due today.

    One kept before its day weighs as one due today.
    """
    known = tuple(kept)
    weights = [2 ** (-max(0, (today - one.due).days) / settings.half_life_days) for one in known]
    points = sum(weight * one.score for weight, one in zip(weights, known, strict=True))
    return KeptRate((points + 1) / (sum(weights) + 2), len(known), _sentence(known, settings))


def kept_worth(goals: Iterable[CoachingGoal], skills: Collection[str], settings: Settings = DEFAULTS) -> KeptWorth:
    """Return what was done of kept and partly kept goals, each at its worth at the time of the commitment.

    More than the agreed number counts too, except with a named deal or a skill: those can be had only once.
    """
    kept = [goal for goal in goals if goal.state in (GoalState.KEPT, GoalState.PARTLY)]
    known = [_worth(goal, skills) for goal in kept]
    dollars = [value for value in known if value is not None]
    without = len(kept) - len(dollars)
    if not kept:
        return KeptWorth(None, 0, 0, say("There is no worth to show: no commitment is kept yet."))
    if not dollars:
        none = say("There is no worth to show: no dollars could honestly be claimed for what you kept.")
        return KeptWorth(None, 0, without, none)
    total = sum(dollars)
    sentence = say(
        "What you kept was worth about {worth} when you committed to it, if the new ones went like your usual ones.",
        worth=money(two_digits(total), settings.currency),
    )
    return KeptWorth(total, len(dollars), without, sentence)


def happened(ground: Ground, verifiers: Iterable[Verifier], since: date, own: Container[str]) -> Happened:
    """Return what came from ``since`` to the ground's day, both included.

    A verifier counts once per deal of the rep's. ``own`` are our own people's names (see ``own_people``).
    """
    ids = {deal.id for deal in ground.deals}
    given = {
        (verifier.deal, verifier.key)
        for verifier in verifiers
        if verifier.deal in ids
        and since <= verifier.given_on <= ground.as_of
        and not (verifier.withdrawn_on is not None and verifier.withdrawn_on <= ground.as_of)
        and verifier.given_by.strip() != ""
        and verifier.given_by.strip().casefold() not in own
    }
    starts = ground.starts_between(since, ground.as_of)
    won = ground.won_between(since, ground.as_of)
    sentence = say(
        "In the same days customers gave {verifiers}, you started {deals} and won {won}; we don't claim that one led "
        "to the other.",
        verifiers=say_many("{n} verifier", "{n} verifiers", len(given), n=whole(len(given))),
        deals=say_many("{n} deal", "{n} deals", starts, n=whole(starts)),
        won=money(won, ground.settings.currency),
    )
    return Happened(since, len(given), starts, won, sentence)


def record(
    goals: Sequence[CoachingGoal],
    skills: Collection[str],
    ground: Ground,
    verifiers: Mapping[DealId, Sequence[Verifier]],
    own: Container[str],
) -> tuple[str, ...]:
    """Return how many commitments were kept and, apart from each other, their worth and what came in 91 days.

    With fewer than three commitments that it's too early to say, and no more. ``goals`` are all of the rep's,
    ``verifiers`` come by deal.
    """
    settings = ground.settings
    rate = kept_rate(commitments(goals, skills), ground.as_of, settings)
    if rate.commitments < settings.willingness_min_commitments:
        return (rate.sentence,)
    since = ground.as_of - timedelta(days=settings.quarter_days - 1)
    worth = kept_worth([goal for goal in goals if goal.terms.due >= since], skills, settings)
    given = [verifier for deal in ground.deals for verifier in verifiers.get(deal.id, ())]
    return (
        rate.sentence,
        _worth_lately(worth, settings),
        happened(ground, given, since, own).sentence,
    )


def _worth_lately(worth: KeptWorth, settings: Settings) -> Said:
    """Return what was kept in the last 91 days, of which ``worth`` is."""
    if worth.expected is not None:
        return say(
            "In the last {n} days: what you kept was worth about {worth} when you committed to it, if the new ones "
            "went like your usual ones.",
            n=settings.quarter_days,
            worth=money(two_digits(worth.expected), settings.currency),
        )
    if worth.without:
        return say(
            "In the last {n} days: there is no worth to show: no dollars could honestly be claimed for what you kept.",
            n=settings.quarter_days,
        )
    return say("None of what you kept was due in the last {n} days.", n=settings.quarter_days)


def _goal_score(goal: CoachingGoal, skills: Collection[str]) -> float:
    if goal.state is GoalState.KEPT:
        return 1.0  # settled by the rep's own word, whatever number was reported before it
    return score(goal.done, goal.terms.number, is_skill=goal.terms.item in skills)


def _worth(goal: CoachingGoal, skills: Collection[str]) -> float | None:
    worth, target = goal.terms.worth, goal.terms.number
    if worth is None:
        return None
    points = _goal_score(goal, skills)
    if goal.terms.deal is not None or goal.terms.item in skills:
        return points * worth.expected
    return max(points, (goal.done or 0.0) / target) * worth.expected


def _sentence(known: Sequence[Commitment], settings: Settings) -> Said:
    least = settings.willingness_min_commitments
    if len(known) < least:
        so_far = say_many("only one has come due", "only {n} have come due", len(known))
        if not known:
            so_far = say("none has come due yet")
        return say(
            "It's too early to say how many of your commitments you keep: {so_far}, and it takes {least}.",
            so_far=so_far,
            least=least,
        )
    kept = sum(one.score >= 1 for one in known)
    partly = sum(outcome(one.score, settings) is GoalState.PARTLY for one in known)
    if partly:
        return say(
            "You kept {kept} of your {n} commitments, and {partly} partly.", kept=kept, n=len(known), partly=partly
        )
    return say("You kept {kept} of your {n} commitments.", kept=kept, n=len(known))
