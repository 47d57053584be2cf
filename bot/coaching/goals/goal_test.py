"""Whether a draft is a coaching goal: the six tests that all have to hold (specification, section 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.coaching import wording
from bot.coaching.commitment import Fork, GoalTerms
from bot.coaching.goals.called import Called, as_written
from bot.coaching.goals.sales_words import begins_with_own_act, customers_words
from bot.coaching.goals.skill_path import nearest as nearest_items
from bot.coaching.goals.skill_path import path_to
from bot.coaching.playbook import Playbook
from bot.coaching.said import Said, joined, midway, say, say_many
from bot.coaching.settings import DEFAULTS, Settings

WEEK = timedelta(days=7)
CUSTOMERS_UNITS = frozenset(
    {
        "$",
        "%",
        "approvals",
        "contracts",
        "customers",
        "deals",
        "dollars",
        "eur",
        "logos",
        "meetings",
        "orders",
        "replies",
        "revenue",
        "sales",
        "signatures",
        "usd",
        "wins",
        "€",
        "£",
    },
)
"""Units that count what customers do, unless the playbook gives them to an activity of the rep's."""


class GoalTest(StrEnum):
    """The six tests, in the order in which they are asked."""

    OWN = "rep's own"  # no words: a key
    RELEVANT = "relevant"
    MEASURABLE = "measurable"
    ACHIEVABLE = "achievable"
    ROOM = "room"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Situation:
    """What a draft is tested against.

    ``serves`` names the must-win verifier, the gap of a horizon or the driver it helps, blank for none of them.
    ``active`` goals are the rep's others. ``most`` is the largest number that fits the rep by 7.4, None where nothing
    is known. ``can_be_shown`` says that some record, the weekly report among them, counts its unit. ``yes`` is None
    as long as the rep hasn't been asked. ``customer`` is the deal or account it is about, blank for none. ``called``
    says what the playbook's names are for whoever types them in another language.
    """

    playbook: Playbook
    today: date
    serves: str
    next_meeting: date | None = None
    active: int = 0
    most: int | None = None
    can_be_shown: bool = True
    yes: bool | None = None
    customer: str = ""
    called: Called = as_written


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that a draft doesn't pass: which, the sentence that says why, and what would pass.

    ``field`` is the one to mend: "number", "unit" or "due", blank where it is none of them.
    """

    test: GoalTest
    sentence: str
    remedy: str
    field: str = ""


def check(
    terms: GoalTerms,
    situation: Situation,
    nearest: Sequence[GoalTerms] = (),
    settings: Settings = DEFAULTS,
) -> tuple[Failure, ...]:
    """Return the tests that the draft fails, in their order; none means it is a coaching goal.

    ``nearest`` are the nearest valid goals, best first (see ``convert_goal.nearest_valid``); the remedies name them.
    """
    return tuple(_failures(terms, situation, nearest, settings))


def is_own(terms: GoalTerms, playbook: Playbook, customer: str = "", called: Called = as_written) -> bool:
    """Say whether the draft's completion reads only what the rep does; ``customer`` and ``called`` as in Situation."""
    return _customers(terms, playbook, customer, called) is None


def goal_path(playbook: Playbook, item: str) -> tuple[str, ...]:
    """Return the path from the outcome to an activity, skill or resource; empty where a goal about it is rogue."""
    path = path_to(playbook, item) or ()
    return path if len(path) > len(("outcome", "stage")) else ()


def last_day(fork: Fork, situation: Situation, settings: Settings = DEFAULTS) -> date:
    """Return the latest day a goal may be due: the next 1:1 for a verifier, else 31 days from today."""
    latest = situation.today + timedelta(days=settings.goal_max_days)
    if fork is Fork.VERIFIER and situation.next_meeting is not None and situation.next_meeting > situation.today:
        return min(latest, situation.next_meeting)
    return latest


def day_words(day: date, today: date) -> Said:
    """Return "Thursday" for a day of the coming week, else "2 July"."""
    return wording.weekday(day) if _is_near(day, today) else wording.day(day)


def _is_near(day: date, today: date) -> bool:
    return timedelta(0) < day - today < WEEK


def _failures(
    terms: GoalTerms,
    situation: Situation,
    nearest: Sequence[GoalTerms],
    settings: Settings,
) -> Iterator[Failure]:
    today = situation.today
    instead = _instead(nearest[0], today) if nearest else None
    words = _customers(terms, situation.playbook, situation.customer, situation.called)
    if words is not None:
        depends = _depends(terms.title, situation.customer.strip())
        if instead is None:
            own = say("Name what you'll do yourself, and how often.")
            yield Failure(GoalTest.OWN, say("{depends} ({words}).", depends=depends, words=words), own)
        else:
            remedy = say("{instead} only needs your yes.", instead=instead)
            yield Failure(GoalTest.OWN, say("{depends}; {remedy}", depends=depends, remedy=remedy), remedy)
    if not goal_path(situation.playbook, terms.item):
        items = nearest_items(situation.playbook, f"{terms.item} {terms.title}", called=situation.called)
        remedy = say("Ask your manager to complete the playbook.")
        if items:
            remedy = say("Nearest in it: {items}.", items=joined(items, ", "))
        leads = say("'{goal}' leads to no outcome in the playbook.", goal=terms.title)
        yield Failure(GoalTest.RELEVANT, leads, remedy)
    elif not situation.serves.strip():
        remedy = say("Choose one that helps a must-win deal, a gap or your own driver.")
        if instead is not None:
            remedy = say("{instead} does.", instead=instead)
        serves = say(
            "'{goal}' serves no verifier of a must-win deal, no gap and no driver on your path right now.",
            goal=terms.title,
        )
        yield Failure(GoalTest.RELEVANT, serves, remedy)
    yield from _unmeasurable(terms, situation, settings)
    if situation.most is not None and terms.number > situation.most:
        yield Failure(
            GoalTest.ACHIEVABLE,
            say(
                "{n} {unit} are more than your own weeks have shown so far.",
                n=wording.whole(terms.number),
                unit=terms.unit,
            ),
            say("Up to {n} are a stretch that fits.", n=wording.whole(situation.most)),
            "number",
        )
    if situation.active >= settings.max_goals:
        yield Failure(
            GoalTest.ROOM,
            say_many(
                "You already hold {n} goal, and more than {most} don't get done.",
                "You already hold {n} goals, and more than {most} don't get done.",
                situation.active,
                most=settings.max_goals,
            ),
            say("Finish one first, or report one as no longer relevant."),
        )
    if situation.yes is False:
        remedy = say("Say yes, change it, or say not now and why.")
        yield Failure(GoalTest.YES, say("It is no goal until you say yes."), remedy)


def _instead(nearest: GoalTerms, today: date) -> Said:
    """Return the goal that would pass, with its day, in quotation marks."""
    day = day_words(nearest.due, today)
    if _is_near(nearest.due, today):
        return say("'{goal} by {weekday}'", goal=nearest.title, weekday=day)
    return say("'{goal} by {day}'", goal=nearest.title, day=day)


def _depends(goal: str, customer: str) -> Said:
    if customer:
        return say("'{goal}' depends on {customer}", goal=goal, customer=customer)
    return say("'{goal}' depends on the customer", goal=goal)


def _unmeasurable(terms: GoalTerms, situation: Situation, settings: Settings) -> Iterator[Failure]:
    latest = last_day(terms.fork, situation, settings)
    if terms.number < 1 or not terms.unit.strip():
        yield Failure(
            GoalTest.MEASURABLE,
            say("Nobody could tell when '{goal}' is done: it needs a number and what is counted.", goal=terms.title),
            say("Say how many, of what."),
            "number",
        )
    elif not situation.can_be_shown:
        yield Failure(
            GoalTest.MEASURABLE,
            say("No record shows how many {unit} were done.", unit=terms.unit),
            say("Count something that is logged or that you can report on Mondays."),
            "unit",
        )
    if situation.today < terms.due <= latest:
        return
    day = say("{day} {year}", day=wording.day(terms.due), year=terms.due.year)
    if terms.due <= situation.today:
        sentence = say("It is due on {day}, which isn't ahead of you.", day=day)
    elif latest == situation.next_meeting:
        sentence = say("It is due on {day}, after our next 1:1 on {meeting}.", day=day, meeting=wording.day(latest))
    else:
        sentence = say("It is due on {day}, more than {n} days from now.", day=day, n=settings.goal_max_days)
    remedy = say("Choose a day from tomorrow to {last}.", last=day_words(latest, situation.today))
    yield Failure(GoalTest.MEASURABLE, sentence, remedy, "due")


def _customers(terms: GoalTerms, playbook: Playbook, customer: str, called: Called) -> str | None:
    """Return the words, item or unit that make the draft depend on the customer; None where it is the rep's own."""
    item = terms.item.strip().casefold()
    verifiers = [kind for stage in playbook.stages for kind in stage.toll]
    theirs = [*playbook.outcomes, *(stage.name for stage in playbook.stages), *(kind.name for kind in verifiers)]
    units = {activity.name.casefold(): activity.unit for activity in playbook.activities}
    units |= {skill.name.casefold(): skill.unit for skill in playbook.skills}
    names = (*units, *(resource.name for resource in playbook.resources))
    if item not in {name.casefold() for name in names}:
        found = next((name for name in theirs if any(one.casefold() == item for one in called(name))), None)
        if found is None and item in {kind.key.casefold() for kind in verifiers}:
            found = terms.item
        if found is not None:
            return midway(found)
    unit = terms.unit.strip().casefold()
    is_theirs = unit in CUSTOMERS_UNITS and unit != units.get(item, "").casefold()
    if is_theirs and not begins_with_own_act(terms.title):
        return unit
    own_units = [units[item]] if units.get(item) else []
    ours = (one for name in (*names, *own_units) for one in called(name))
    return customers_words(terms.title, ours, customer)
