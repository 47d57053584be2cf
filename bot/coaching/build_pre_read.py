"""Puts a rep's numbers into the fixed skeleton of the agenda (specification, section 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching import agenda
from bot.coaching.behind import behind
from bot.coaching.commitment import HELD_BY_REP, CoachingGoal, GoalState
from bot.coaching.four_ps import predictions
from bot.coaching.four_ps.priorities import Priority
from bot.coaching.goals.kept import commitments, kept_rate
from bot.coaching.heading import heading
from bot.coaching.numbers import Numbers
from bot.coaching.offers import (
    Offer,
    aspiration_offer,
    best_dollars,
    choose,
    gap_offer,
    unearned,
    verifier_offers,
)
from bot.coaching.pipeline import balance
from bot.coaching.pipeline.coverage_average import against_average, fit_sentence
from bot.coaching.playbook import Playbook
from bot.coaching.pre_read import AgendaMinutes, DealReview, PreRead
from bot.coaching.rhythm.trend import TrendWord
from bot.coaching.said import joined, listed, say
from bot.coaching.winning.must_win import DealOutlook, Winnable, deal_sentence
from bot.coaching.wording import money, month_name, units

PAST_DAYS = 31
"""Commitments settled longer ago than the longest time between two 1:1s aren't news."""

MOST_DEALS = 10
"""Deals carried in all, those that the 1:1 looks at first."""

RESULTS = {
    GoalState.KEPT: say("kept"),
    GoalState.PARTLY: say("partly done"),
    GoalState.MISSED: say("not done"),
    GoalState.OBSOLETE: say("no longer relevant"),
    GoalState.ACTIVE: say("under way"),
    GoalState.ACCEPTED: say("waits for your manager's approval"),
    GoalState.SENT_BACK: say("waits for your answer"),
}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a rep and the manager meet: the interval in days, the trend it was decided on, and its sentence."""

    interval: int
    trend: TrendWord = "flat"
    sentence: str = ""


def build_pre_read(
    numbers: Numbers,
    goals: Sequence[CoachingGoal],
    playbook: Playbook,
    *,
    rhythm: Rhythm,
    minutes: int,
    meeting_day: date,
    previous: PreRead | None,
    average_need: float | None = None,
) -> PreRead:
    """Return the agenda of the 1:1 on ``meeting_day``; ``goals`` are all of the rep's, newest first.

    What is chosen there is due the day before the 1:1 after it. ``previous`` is the rep's agenda before this one: the
    priorities of a month stay what they were first, and what is being built goes on from there. Where a conversation
    is needed first, nothing is offered. ``average_need`` is the multiple over all reps, None where it isn't known.
    """
    ground = numbers.ground
    held = [goal for goal in goals if goal.state in HELD_BY_REP]
    due = max(meeting_day, ground.as_of) + timedelta(days=rhythm.interval - 1)
    since = None if previous is None else previous.heading.building_since
    heads = heading(numbers, goals, playbook, rhythm.trend, since)
    month = numbers if previous is None or not _same_month(previous.as_of, ground.as_of) else previous
    possible = _possible(numbers, month.priorities, playbook, held, due) if heads.offers_goal else ()
    chosen = choose(possible, agenda.offer_count(len(held)))
    shared = agenda.minutes(minutes, best_dollars(possible), ground.settings)
    topic = numbers.winnable
    return PreRead(
        rep=ground.rep.id,
        as_of=ground.as_of,
        minutes=shared,
        cadence=rhythm.sentence,
        stands_on=stands_on(numbers),
        past=past_lines(goals, ground.as_of),
        past_sentence=_past_sentence(numbers, goals, playbook),
        heading=heads,
        deals=tuple(_review(one, topic) for one in topic.reviewed),
        deals_sentence=joined((topic.sentence, _unearned(topic, playbook))),
        horizons=tuple(balance.row(horizon) for horizon in numbers.horizons),
        aspiration=numbers.aspiration,
        priorities=month.priorities,
        month=month.month,
        checks=numbers.efficiency.sentences,
        offers=tuple(offer.terms for offer in chosen),
        offers_sentence=_choices(shared, len(chosen), len(held)),
        more_deals=tuple(_review(one, topic) for one in _others(topic)),
        predictions=predictions.said(numbers.predictions),
        coverage=_coverage(numbers, average_need),
        plan=_plan(numbers),
        behind=behind(numbers),
    )


def _unearned(topic: Winnable, playbook: Playbook) -> str:
    loose = unearned(topic, playbook)
    if not loose:
        return ""
    return say("No activity in the playbook earns {verifiers}: your manager can add one.", verifiers=listed(loose))


def _plan(numbers: Numbers) -> str:
    """Return how the year's goal spreads, with the part of the month that goes on."""
    plan = numbers.plan
    if plan is None:
        return ""
    now = next(month for month in plan.months if not month.is_over)
    amount = money(now.amount, numbers.ground.settings.currency)
    return joined((plan.sentence, say("{month}'s part is {amount}.", month=month_name(now.start), amount=amount)))


def _coverage(numbers: Numbers, average: float | None) -> str:
    """Return the rule of thumb beside the rep's own need: without a goal there is none to stand beside."""
    quarter = numbers.horizons[1]
    if quarter.target is None:
        return ""
    return fit_sentence(against_average(quarter.need, average, numbers.ground.settings), quarter.need)


def _others(topic: Winnable) -> tuple[DealOutlook, ...]:
    """Return the likeliest of the deals that aren't reviewed, so many that there are ten in all."""
    reviewed = {one.deal.deal.id for one in topic.reviewed}
    return tuple(one for one in topic.likeliest if one.deal.deal.id not in reviewed)[: MOST_DEALS - len(reviewed)]


def _possible(
    numbers: Numbers, month: Sequence[Priority], playbook: Playbook, held: Sequence[CoachingGoal], due: date
) -> tuple[Offer, ...]:
    ground, finding = numbers.ground, numbers.finding
    others = (
        gap_offer(numbers.horizons, finding, ground, playbook, due, held),
        aspiration_offer(month, ground, finding, playbook, due, held),
    )
    return (
        *verifier_offers(numbers.winnable, playbook, due, held),
        *(offer for offer in others if offer is not None),
    )


def _choices(shared: AgendaMinutes, offered: int, held: int) -> str:
    said = agenda.sentence(shared, held)
    return said if offered or held else joined((said, say("Nothing asks for a choice this time.")))


def _review(one: DealOutlook, topic: Winnable) -> DealReview:
    stands = one.standing
    missing = stands.unpaid or stands.next_toll
    return DealReview(
        deal=one.deal.deal.id,
        name=one.deal.deal.name,
        amount=one.deal.amount or None,
        crm_stage=one.deal.deal.stage,
        verified=stands.verified_name,
        unpaid=tuple(kind.name for kind in missing),
        chance=one.chance,
        swing=one.swing,
        sentence=deal_sentence(one, topic.target, topic.flags),
        flags=one.deal.flags,
    )


def stands_on(numbers: Numbers) -> tuple[str, ...]:
    """Return the sentences on what every formula stands on (0.3 to 0.6)."""
    ground = numbers.ground
    return (ground.win_rate.sentence, ground.curve_figure.sentence, ground.deal_size_figure.sentence)


def _same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)


def past_lines(goals: Sequence[CoachingGoal], as_of: date) -> tuple[str, ...]:
    """Return a line for each commitment still held or settled in the last month, the newest first."""
    since = as_of - timedelta(days=PAST_DAYS)
    return tuple(
        _past_line(goal)
        for goal in goals
        if goal.state in HELD_BY_REP or (goal.state in RESULTS and goal.changed_at.date() > since)
    )


def _past_sentence(numbers: Numbers, goals: Sequence[CoachingGoal], playbook: Playbook) -> str:
    """Return what changed won dollars and, once there are enough commitments to say, how many were kept."""
    ground = numbers.ground
    rate = kept_rate(commitments(goals, {skill.name for skill in playbook.skills}), ground.as_of, ground.settings)
    enough = rate.commitments >= ground.settings.willingness_min_commitments
    return joined((numbers.past.figure.sentence, rate.sentence if enough else ""))


def _past_line(goal: CoachingGoal) -> str:
    return say(
        "{goal}: {done} of {amount}, {result}.",
        goal=goal.terms.title,
        done=goal.done or 0,
        amount=units(goal.terms.number, goal.terms.unit),
        result=RESULTS[goal.state],
    )
