"""What goal somebody's own words mean, and the nearest ones that only need a yes (specification, section 8).

People write in the language they speak, whatever they are told things in: English and German are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.coaching.aspirations.worth import for_number, win_link
from bot.coaching.choices import Choice, most_fitting
from bot.coaching.commitment import Fork, GoalTerms
from bot.coaching.draft import Draft
from bot.coaching.goals.called import Called, as_written
from bot.coaching.goals.convert_goal import Way, nearest_valid
from bot.coaching.goals.goal_test import Situation, is_own
from bot.coaching.goals.skill_path import likeness
from bot.coaching.numbers import Numbers
from bot.coaching.playbook import Playbook
from bot.coaching.said import joined
from bot.coaching.settings import Settings
from bot.coaching.wording import one_of

WINS = frozenset({"deal", "win", "sale", "order", "contract", "customer", "logo", "signature", "renewal"})
WINS |= {
    "abschluss",
    "abschlüsse",
    "auftrag",
    "aufträge",
    "kunde",
    "kunden",
    "vertrag",
    "verträge",
    "gewinn",
    "gewinne",
}
STARTS = frozenset({"meeting", "appointment", "start", "opportunity", "opportunities", "demo", "lead", "prospect"})
STARTS |= {"termin", "termine", "interessent", "interessenten"}

IN_ENGLISH = {"anruf": "call", "anrufe": "call", "telefonate": "call", "rollenspiele": "role-play", "angebote": "offer"}
"""How what a rep counts in German is counted in a playbook in English."""


def meant(draft: Draft, known: Sequence[Choice], called: Called = as_written) -> Choice | None:
    """Return the choice that the words name: by its own name, or as the only one that counts the same unit.

    ``called`` says what names are in the languages that people write in.
    """
    plain = draft.title.casefold()
    standing = [choice for choice in known if choice.terms.deal is None]
    named = [one for one in standing if any(name.casefold() in plain for name in called(one.terms.item))]
    if named:
        return max(named, key=lambda choice: len(choice.terms.item))
    same = [choice for choice in standing if draft.unit and _counts(choice.terms.unit, draft.unit, called)]
    return same[0] if len(same) == 1 else None


def _counts(unit: str, typed: str, called: Called) -> bool:
    """Say whether what somebody typed is a unit of the playbook's, many or one of it, in any language."""
    return _one(typed) in {_one(name) for form in (unit, one_of(unit)) for name in called(form)}


def terms_of(draft: Draft, choice: Choice | None) -> GoalTerms:
    """Return the draft as terms to be tested, of the choice it means, or of nothing in the model."""
    if choice is None:
        return asked_of(draft)
    number = draft.number or choice.terms.number
    worth = choice.terms.worth
    if worth is not None and number != choice.terms.number:
        worth = for_number(worth, choice.terms.number, number)
    return replace(choice.terms, title=draft.title, number=number, due=draft.due or choice.terms.due, worth=worth)


def asked_of(draft: Draft) -> GoalTerms:
    """Return the words alone as terms: about nothing in the model."""
    unit = draft.unit or ("time" if draft.number == 1 else "times")
    return GoalTerms(
        Fork.ASPIRATION, draft.title, draft.title, (), draft.number or 1, unit, draft.due or date.min, "", ""
    )


def customer_of(title: str, numbers: Numbers) -> str:
    """Return the open deal or its account that a title names, blank for none; the longest name wins."""
    plain = title.casefold()
    names = {
        name.strip()
        for known in numbers.ground.open_deals
        for name in (known.deal.name, known.deal.account, known.deal.name.partition(":")[0])
        if len(name.strip()) > 1
    }
    return max(
        (name for name in names if re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", plain)), key=len, default=""
    )


def nearest_choices(
    draft: Draft,
    known: Sequence[Choice],
    numbers: Numbers,
    playbook: Playbook,
    next_meeting: date | None,
    settings: Settings,
    most: int = 3,
    called: Called = as_written,
) -> tuple[Choice, ...]:
    """Return the valid goals nearest to the words, each with as many acts as they ask for and no more than fit.

    First comes what is about the customer they name, then what brings the outcome they name at the rep's own rate, then
    what they name in any language and can't be as they say it. Of the rest, words that depend on a customer get what
    the rep would be offered first, others what is worded most alike.
    """
    customer = customer_of(draft.title, numbers).casefold()
    rate = _rate(draft, numbers)
    wanted = asked_of(draft)
    is_theirs = not is_own(wanted, playbook, customer, called)
    named = meant(draft, known, called)
    ranked = sorted(
        enumerate(known),
        key=lambda one: (
            not (customer and one[1].terms.deal is not None and customer in one[1].terms.title.casefold()),
            not (rate is not None and one[1].terms.deal is None and _finds(one[1], playbook)),
            one[1] is not named,
            one[0] if is_theirs else -likeness(draft.title, joined((one[1].terms.title, one[1].terms.unit)), called),
        ),
    )
    found: list[Choice] = []
    for one in _varied([one for _, one in ranked], rate is not None):
        way = Way(
            item=one.terms.item,
            unit=one.terms.unit,
            serves=one.serves,
            rate=rate if one.terms.deal is None and _finds(one, playbook) else None,
            number=one.terms.number,
            most=one.most,
            title=one.terms.title,
        )
        situation = Situation(playbook, numbers.ground.as_of, one.serves, next_meeting, most=one.most, called=called)
        asked = replace(one.terms, title=draft.title, item="", number=draft.number or 1, unit=draft.unit or "times")
        valid = nearest_valid(asked, situation, (way,), settings)
        found += [replace(one, terms=_priced(terms, one.terms, converted=way.rate is not None)) for terms in valid[-1:]]
        if len(found) == most:
            break
    return tuple(found)


def _varied(ranked: Sequence[Choice], converted: bool) -> list[Choice]:  # noqa: FBT001 - the two are what it is about
    """Return the first of each topic before a second of any, so that three aren't one thing about three deals."""
    if converted:
        return list(ranked)
    first = list({choice.terms.fork: choice for choice in reversed(ranked)}.values())
    heads = [choice for choice in ranked if choice in first]
    return [*heads, *(choice for choice in ranked if choice not in heads)]


def with_number(choice: Choice, numbers: Numbers, playbook: Playbook, number: int, due: date) -> Choice:
    """Return a choice with another number and day, what they are worth, and what fits until then."""
    terms = _priced(replace(choice.terms, number=number, due=due), choice.terms, converted=False)
    return replace(choice, terms=terms, most=most_fitting(numbers, playbook, terms.item, due))


def _priced(terms: GoalTerms, usual: GoalTerms, *, converted: bool) -> GoalTerms:
    worth = usual.worth
    if worth is not None and terms.number != usual.number:
        worth = for_number(worth, usual.number, terms.number)
    why = joined((terms.why, usual.why)) if converted else usual.why
    return replace(terms, why=why, worth=worth)


def _rate(draft: Draft, numbers: Numbers) -> float | None:
    """Return how much of the draft's outcome one finding activity of the rep's brings; None where unknown."""
    if numbers.finding is None or numbers.finding.rate.value is None or draft.number is None:
        return None
    starts, unit = numbers.finding.rate.value, _one(draft.unit)
    if unit in {_one(word) for word in STARTS}:
        return starts
    wins = win_link(numbers.ground).rate
    if not wins:
        return None
    if unit in WINS:
        return starts * wins
    return starts * wins * numbers.ground.deal_size if unit == "dollar" and numbers.ground.deal_size > 0 else None


def _finds(choice: Choice, playbook: Playbook) -> bool:
    return any(kind.finds and kind.name == choice.terms.item for kind in playbook.activities)


def _one(unit: str) -> str:
    plain = unit.casefold()
    return IN_ENGLISH.get(plain) or plain.removesuffix("s")
