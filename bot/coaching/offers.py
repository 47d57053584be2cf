"""Which choices a 1:1 puts before the rep, one a topic (specification, sections 2, 3, 4 and 6)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.coaching.aspirations.drivers import Driver
from bot.coaching.aspirations.worth import Chain, Link, activity_link, activity_worth, skill_worth, win_link
from bot.coaching.basis.ground import Ground
from bot.coaching.basis.rates import DAYS_PER_WEEK
from bot.coaching.commitment import CoachingGoal, Fork, GoalTerms, Worth
from bot.coaching.four_ps.priorities import Priority
from bot.coaching.goals.skill_path import path_to
from bot.coaching.pipeline.achievable import most_by, steps
from bot.coaching.pipeline.balance import Balance, closable
from bot.coaching.pipeline.finding import Finding
from bot.coaching.playbook import ActivityKind, Playbook, Skill
from bot.coaching.said import joined, midway, say
from bot.coaching.settings import Settings
from bot.coaching.winning.must_win import DealOutlook, Winnable, deal_sentence
from bot.coaching.wording import day, half_up, money, one_of, units, whole

ORDER = (Fork.VERIFIER, Fork.GAP, Fork.ASPIRATION)

WORKS_ON = {
    Driver.STARTS: say("It works on your starts."),
    Driver.WIN_RATE: say("It works on your win rate."),
    Driver.SIZE: say("It works on your size."),
    Driver.CYCLE: say("It works on your cycle."),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A possible goal of one topic; ``is_first`` marks a must-win deal that misses a verifier."""

    terms: GoalTerms
    is_first: bool = False

    @property
    def dollars(self) -> float:
        return 0.0 if self.terms.worth is None else self.terms.worth.expected


def choose(offers: Sequence[Offer], number: int) -> tuple[Offer, ...]:
    """Return the best ``number`` offers, of different topics: a must-win deal first, then by expected dollars.

    Where no dollars can be claimed the earlier topic goes first.
    """
    chosen: list[Offer] = []
    for offer in sorted(offers, key=lambda one: (not one.is_first, -one.dollars, ORDER.index(one.terms.fork))):
        if len(chosen) < number and all(offer.terms.fork is not other.terms.fork for other in chosen):
            chosen.append(offer)
    return tuple(chosen)


def best_dollars(offers: Sequence[Offer]) -> tuple[float, float, float]:
    """Return the dollars of each topic's best fork, in the fixed order of topics; 0 where none are claimed."""
    win, gap, own = (max((one.dollars for one in offers if one.terms.fork is fork), default=0.0) for fork in ORDER)
    return win, gap, own


def verifier_offers(topic: Winnable, playbook: Playbook, due: date, held: Sequence[CoachingGoal]) -> tuple[Offer, ...]:
    """Return for each reviewed deal the activity that earns its next verifier; deals with a goal already are left out.

    A verifier that no activity earns gives no offer; ``unearned`` names those.
    """
    taken = {goal.terms.deal for goal in held} - {None}
    found = []
    for outlook in topic.reviewed:
        deal = outlook.deal.deal
        activity = _earning(outlook, playbook)
        path = None if activity is None else path_to(playbook, activity.name)
        if activity is None or path is None or deal.id in taken:
            continue
        terms = GoalTerms(
            fork=Fork.VERIFIER,
            title=joined((deal.name, midway(activity.name)), ": "),
            item=activity.name,
            path=path,
            number=1,
            unit=activity.unit,
            due=due,
            plan="",
            why=deal_sentence(outlook, topic.target, topic.flags),
            deal=deal.id,
            worth=_verifier_worth(outlook),
        )
        found.append(Offer(terms, is_first=outlook in topic.must_wins))
    return tuple(found)


def unearned(topic: Winnable, playbook: Playbook) -> tuple[str, ...]:
    """Return the verifiers that reviewed deals need next and no activity of the playbook earns."""
    earned = {key for activity in playbook.activities for key in activity.earns}
    missing = (kind for outlook in topic.reviewed for kind in outlook.standing.next_toll if kind.key not in earned)
    return tuple(dict.fromkeys(kind.name for kind in missing))


def gap_offer(
    horizons: Sequence[Balance],
    finding: Finding | None,
    ground: Ground,
    playbook: Playbook,
    due: date,
    held: Sequence[CoachingGoal],
) -> Offer | None:
    """Return the finding activity that works on the nearest gap which new starts can still close; None without one.

    Its number is the usual one up to ``due`` and, on top, the share of the horizon's extra activities that falls before
    it, never more than fits (7.4); the dollars are those of what is more than usual. Where it isn't known how many
    activities a start takes, it is as many as the extra starts: each takes at least one.
    """
    gap = closable(horizons)
    path = None if finding is None else path_to(playbook, finding.activity.name)
    if gap is None or finding is None or path is None or _is_held(finding.activity.name, held):
        return None
    unit = finding.activity.unit
    task = _task(gap, finding, min((due - ground.as_of).days, gap.days), ground)
    chain = Chain(
        (_starts_link(unit, finding), win_link(ground, gap.days)),
        ground.deal_size,
        ground.settings.currency,
    )
    return Offer(
        GoalTerms(
            fork=Fork.GAP,
            title=finding.activity.name,
            item=finding.activity.name,
            path=path,
            number=task.number,
            unit=unit,
            due=due,
            plan="",
            why=joined((gap.sentence, task.sentence)),
            worth=activity_worth(task.more, unit, chain, ground.settings, when=say("by {day}", day=day(due))).worth,
        )
    )


@dataclass(frozen=True, slots=True)
class _Task:
    """How many of an activity in all, how many of them are ``more`` than usual, and why so many."""

    number: int
    more: int
    sentence: str


def _task(gap: Balance, finding: Finding, days: int, ground: Ground) -> _Task:
    if gap.activities is None:
        number = max(1, math.ceil((gap.extra or 0) * days / gap.days))
        return _Task(
            number, number, say("Each takes at least one of these; how many is known once they are on record.")
        )
    weeks = days / DAYS_PER_WEEK
    more = max(1, math.ceil(gap.activities * days / gap.days))
    if finding.reach is None:
        amount = units(more, finding.activity.unit)
        return _Task(more, more, say("That takes about {amount} by then.", amount=amount))
    usual = half_up(finding.reach.usual * weeks)
    wanted = steps(
        finding.reach,
        finding.reach.usual + gap.activities * DAYS_PER_WEEK / gap.days,
        ground.as_of,
        ground.settings,
    )
    most = most_by(finding.reach, weeks)
    number = usual + more if most is None else min(usual + more, most)
    on_top = say("By then that is {n} more than usual.", n=whole(number - usual))
    return _Task(number, number - usual, joined((wanted.sentence, on_top)))


def _starts_link(unit: str, finding: Finding) -> Link:
    return activity_link(say("starts per {unit}", unit=one_of(unit)), finding.rate)


def aspiration_offer(
    chosen: Sequence[Priority],
    ground: Ground,
    finding: Finding | None,
    playbook: Playbook,
    due: date,
    held: Sequence[CoachingGoal],
) -> Offer | None:
    """Return the skill behind the month's first driver that the playbook has a skill for, practised once a week."""
    for priority in chosen:
        for skill in playbook.skills:
            path = path_to(playbook, skill.name)
            if skill.driver == priority.driver and path is not None and not _is_held(skill.name, held):
                return Offer(practice(skill, path, priority, ground, finding, due))
    return None


def practice(
    skill: Skill, path: tuple[str, ...], priority: Priority | None, ground: Ground, finding: Finding | None, due: date
) -> GoalTerms:
    """Return the terms of practising a skill once a week; without a ``priority`` its driver is none of the month's."""
    number = max(1, (due - ground.as_of).days // DAYS_PER_WEEK)
    return GoalTerms(
        fork=Fork.ASPIRATION,
        title=joined((skill.name, midway(skill.practice)), ": ")
        if skill.practice
        else say("Practise {skill}", skill=midway(skill.name)),
        item=skill.name,
        path=path,
        number=number,
        unit=skill.unit,
        due=due,
        plan="",
        why=WORKS_ON[Driver(skill.driver)] if priority is None else priority.sentence,
        worth=None if priority is None else _skill_worth(priority, ground, finding, ground.settings),
    )


def _skill_worth(priority: Priority, ground: Ground, finding: Finding | None, settings: Settings) -> Worth | None:
    """Return what the driver's room is worth where it is a link of the chain: a start's win, or an activity's start."""
    win = win_link(ground)
    if priority.driver is Driver.WIN_RATE:
        recent = ground.recent_starts(settings.usual_activity_days)
        chain = Chain((win,), ground.deal_size, settings.currency)
        points = 100 * priority.room * (win.rate or 0.0)
        return skill_worth(points, win.name, recent, say("starts"), chain, settings).worth
    if priority.driver is Driver.STARTS and finding is not None and finding.rate.value is not None:
        link = _starts_link(finding.activity.unit, finding)
        chain = Chain((link, win), ground.deal_size, settings.currency)
        points = 100 * priority.room * finding.rate.value
        return skill_worth(points, link.name, finding.usual, finding.activity.unit, chain, settings).worth
    return None


def _verifier_worth(outlook: DealOutlook) -> Worth | None:
    value = outlook.verifier_value
    following = outlook.standing.next_stage
    if value is None or value <= 0 or following is None:
        return None
    return Worth(
        expected=value,
        low=value,
        high=value,
        inputs=((say("amount"), outlook.deal.amount), (say("chance now"), outlook.chance)),
        sentence=say(
            "In {stage} this deal is worth about {worth} more, if it goes like your usual ones.",
            stage=following.name,
            worth=money(value),
        ),
    )


def _earning(outlook: DealOutlook, playbook: Playbook) -> ActivityKind | None:
    wanted = [kind.key for kind in outlook.standing.next_toll]
    earning = [activity for key in wanted for activity in playbook.activities if key in activity.earns]
    # What finds new deals can't be done on one that is there, unless nothing else earns the verifier.
    return min(earning, key=lambda activity: activity.finds, default=None)


def _is_held(item: str, held: Sequence[CoachingGoal]) -> bool:
    return any(goal.terms.item == item and goal.terms.deal is None for goal in held)
