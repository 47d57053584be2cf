"""Whether a draft is a coaching goal: the six tests that all have to hold (specification, section 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.coaching import wording
from bot.coaching.commitment import Fork, GoalTerms
from bot.coaching.goals.sales_words import begins_with_own_act, customers_words
from bot.coaching.goals.skill_path import nearest as nearest_items
from bot.coaching.goals.skill_path import path_to
from bot.coaching.playbook import Playbook
from bot.coaching.settings import DEFAULTS, Settings
from bot.coaching.wording import count

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

    OWN = "rep's own"
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
    as long as the rep hasn't been asked. ``customer`` is the deal or account it is about, blank for none.
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


def is_own(terms: GoalTerms, playbook: Playbook, customer: str = "") -> bool:
    """Say whether the draft's completion reads only what the rep does; ``customer`` as in Situation."""
    return _customers(terms, playbook, customer) is None


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


def day_words(day: date, today: date) -> str:
    """Return "Thursday" for a day of the coming week, else "2 July"."""
    return f"{day:%A}" if timedelta(0) < day - today < WEEK else wording.day(day)


def _failures(
    terms: GoalTerms,
    situation: Situation,
    nearest: Sequence[GoalTerms],
    settings: Settings,
) -> Iterator[Failure]:
    today = situation.today
    instead = None
    if nearest:
        by = day_words(nearest[0].due, today)
        instead = f"'{nearest[0].title} by {by}'"
    quoted = f"'{terms.title}'"
    words = _customers(terms, situation.playbook, situation.customer)
    if words is not None:
        depends = f"{quoted} depends on {situation.customer.strip() or 'the customer'}"
        if instead is None:
            yield Failure(GoalTest.OWN, f"{depends} ({words}).", "Name what you'll do yourself, and how often.")
        else:
            remedy = f"{instead} only needs your yes."
            yield Failure(GoalTest.OWN, f"{depends}; {remedy}", remedy)
    if not goal_path(situation.playbook, terms.item):
        items = nearest_items(situation.playbook, f"{terms.item} {terms.title}")
        remedy = f"Nearest in it: {', '.join(items)}." if items else "Ask your manager to complete the playbook."
        yield Failure(GoalTest.RELEVANT, f"{quoted} leads to no outcome in the playbook.", remedy)
    elif not situation.serves.strip():
        remedy = f"{instead} does." if instead else "Choose one that helps a must-win deal, a gap or your own driver."
        yield Failure(
            GoalTest.RELEVANT,
            f"{quoted} serves no verifier of a must-win deal, no gap and no driver on your path right now.",
            remedy,
        )
    yield from _unmeasurable(terms, situation, settings)
    if situation.most is not None and terms.number > situation.most:
        yield Failure(
            GoalTest.ACHIEVABLE,
            f"{terms.number:,} {terms.unit} are more than your own weeks have shown so far.",
            f"Up to {situation.most:,} are a stretch that fits.",
            "number",
        )
    if situation.active >= settings.max_goals:
        yield Failure(
            GoalTest.ROOM,
            f"You already hold {count(situation.active, 'goal')}, and more than {settings.max_goals} don't get done.",
            "Finish one first, or report one as no longer relevant.",
        )
    if situation.yes is False:
        yield Failure(GoalTest.YES, "It is no goal until you say yes.", "Say yes, change it, or say not now and why.")


def _unmeasurable(terms: GoalTerms, situation: Situation, settings: Settings) -> Iterator[Failure]:
    latest = last_day(terms.fork, situation, settings)
    if terms.number < 1 or not terms.unit.strip():
        yield Failure(
            GoalTest.MEASURABLE,
            f"Nobody could tell when '{terms.title}' is done: it needs a number and what is counted.",
            "Say how many, of what.",
            "number",
        )
    elif not situation.can_be_shown:
        yield Failure(
            GoalTest.MEASURABLE,
            f"No record shows how many {terms.unit} were done.",
            "Count something that is logged or that you can report on Mondays.",
            "unit",
        )
    day = f"{wording.day(terms.due)} {terms.due.year}"
    remedy = f"Choose a day from tomorrow to {day_words(latest, situation.today)}."
    if terms.due <= situation.today:
        yield Failure(GoalTest.MEASURABLE, f"It is due on {day}, which isn't ahead of you.", remedy, "due")
    elif terms.due > latest:
        limit = f"more than {settings.goal_max_days} days from now"
        if latest == situation.next_meeting:
            limit = f"after our next 1:1 on {wording.day(latest)}"
        yield Failure(GoalTest.MEASURABLE, f"It is due on {day}, {limit}.", remedy, "due")


def _customers(terms: GoalTerms, playbook: Playbook, customer: str) -> str | None:
    """Return the words, item or unit that make the draft depend on the customer; None where it is the rep's own."""
    item = terms.item.strip().casefold()
    verifiers = [kind for stage in playbook.stages for kind in stage.toll]
    theirs = [*playbook.outcomes, *(stage.name for stage in playbook.stages), *(kind.name for kind in verifiers)]
    units = {activity.name.casefold(): activity.unit for activity in playbook.activities}
    units |= {skill.name.casefold(): skill.unit for skill in playbook.skills}
    names = (*units, *(resource.name for resource in playbook.resources))
    if item not in {name.casefold() for name in names}:
        found = next((name for name in theirs if name.casefold() == item), None)
        if found is None and item in {kind.key.casefold() for kind in verifiers}:
            found = terms.item
        if found is not None:
            return found.lower()
    unit = terms.unit.strip().casefold()
    is_theirs = unit in CUSTOMERS_UNITS and unit != units.get(item, "").casefold()
    if is_theirs and not begins_with_own_act(terms.title):
        return unit
    own_units = [units[item]] if units.get(item) else []
    return customers_words(terms.title, (*names, *own_units), customer)
