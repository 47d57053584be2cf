"""What goal somebody's own words mean, and the nearest ones that only need a yes (specification, section 8).

People write in the language they speak, whatever they are told things in: English and German are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.coaching.aspirations.worth import for_number, win_link
from bot.coaching.basis.rates import DAYS_PER_WEEK
from bot.coaching.choices import Choice, most_fitting
from bot.coaching.commitment import Fork, GoalTerms
from bot.coaching.goals.convert_goal import DOLLARS, Way, nearest_valid
from bot.coaching.goals.goal_test import Situation, is_own
from bot.coaching.goals.skill_path import likeness
from bot.coaching.numbers import Numbers
from bot.coaching.playbook import Playbook
from bot.coaching.said import joined
from bot.coaching.settings import Settings

NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
NUMBERS |= {"zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10}
WEEKDAYS = {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6}
WEEKDAYS |= {"montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5, "sonntag": 6}
MOST_NUMBER = 10**6
BETWEEN = frozenset({"more", "extra", "new", "other", "additional", "of", "the", "my"})
BETWEEN |= {"mehr", "neue", "neuen", "andere", "weitere", "zusätzliche", "von", "der", "die", "meine", "meiner"}
"""Words that may stand between a number and what it counts."""

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

_COUNTED = re.compile(
    rf"(?<![\w.,$€£-])(?P<number>\d{{1,3}}(?:[.,]\d{{3}})+|\d{{1,7}}|{'|'.join(NUMBERS)})(?![\w.,%])", re.IGNORECASE
)
_MONEY = re.compile(
    r"[$€£]\s?(?P<sign>[\d.,]*\d)(?P<k>[kKmM]?)\b"
    r"|\b(?P<bare>\d[\d.,]*)(?P<unit>[kKmM]\b|\s?Tsd\b|\s?Mio\b)"
    r"|\b(?P<before>\d[\d.,]*)\s?(?:[$€£]|(?:Euro|Dollar)\b)"
)
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
"""A German number of thousands."""

_BY = re.compile(
    rf"\s*\b(?:by|until|till|before|on|bis(?: zum)?|vor|am)\s+(?:next\s+|nächsten\s+)?(?P<day>{'|'.join(WEEKDAYS)})\b",
    re.IGNORECASE,
)
_WEEK = re.compile(
    r"\s*\b(?:(?:this|in a|within a|per|a) week|(?:diese|in dieser|in einer|pro|die) Woche)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What was meant: the words without their day, how many of what, by when; None where it wasn't said."""

    title: str
    number: int | None
    unit: str
    due: date | None


def read_draft(words: str, today: date) -> Draft:
    """Read "close 3 deals by Friday": the first number counts, with the word it stands before."""
    title = " ".join(words.split())
    due = None
    by = _BY.search(title)
    if by is not None:
        ahead = (WEEKDAYS[by["day"].lower()] - today.weekday() - 1) % DAYS_PER_WEEK + 1
        due, title = today + timedelta(days=ahead), f"{title[: by.start()]}{title[by.end() :]}".strip(" ,.")
    elif (week := _WEEK.search(title)) is not None:
        due, title = today + timedelta(days=DAYS_PER_WEEK), f"{title[: week.start()]}{title[week.end() :]}".strip(" ,.")
    dollars = _MONEY.search(title)
    if dollars is not None:
        return Draft(title, _amount(dollars), DOLLARS, due)
    counted = _COUNTED.search(title)
    if counted is None:
        return Draft(title, None, "", due)
    typed = counted["number"].lower()
    number = NUMBERS.get(typed) or int(re.sub(r"[.,]", "", typed))
    after = re.findall(r"[^\W\d_][\w-]*", title[counted.end() :])
    return Draft(
        title, min(number, MOST_NUMBER), next((word for word in after if word.lower() not in BETWEEN), ""), due
    )


def meant(draft: Draft, known: Sequence[Choice]) -> Choice | None:
    """Return the choice that the words name: by its own name, or as the only one that counts the same unit."""
    plain = draft.title.casefold()
    named = [choice for choice in known if choice.terms.deal is None and choice.terms.item.casefold() in plain]
    if named:
        return max(named, key=lambda choice: len(choice.terms.item))
    same = [one for one in known if draft.unit and _one(one.terms.unit) == _one(draft.unit) and one.terms.deal is None]
    return same[0] if len(same) == 1 else None


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
) -> tuple[Choice, ...]:
    """Return the valid goals nearest to the words, each with as many acts as they ask for and no more than fit.

    First comes what is about the customer they name, then what brings the outcome they name at the rep's own rate. Of
    the rest, words that depend on a customer get what the rep would be offered first, others what is worded most alike.
    """
    customer = customer_of(draft.title, numbers).casefold()
    rate = _rate(draft, numbers)
    wanted = asked_of(draft)
    is_theirs = not is_own(wanted, playbook, customer)
    ranked = sorted(
        enumerate(known),
        key=lambda one: (
            not (customer and one[1].terms.deal is not None and customer in one[1].terms.title.casefold()),
            not (rate is not None and one[1].terms.deal is None and _finds(one[1], playbook)),
            one[0] if is_theirs else -likeness(draft.title, f"{one[1].terms.title} {one[1].terms.unit}"),
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
        situation = Situation(playbook, numbers.ground.as_of, one.serves, next_meeting, most=one.most)
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


def _amount(found: re.Match[str]) -> int:
    typed = found["sign"] or found["bare"] or found["before"]
    scale = {"k": 1e3, "t": 1e3, "m": 1e6}.get((found["k"] or found["unit"] or "").strip().lower()[:1], 1.0)
    is_german = re.fullmatch(r"\d+,\d{1,2}", typed) or (scale == 1 and _DOTTED.fullmatch(typed))
    digits = typed.replace(".", "").replace(",", ".") if is_german else typed.replace(",", "")
    try:
        return max(1, round(float(digits) * scale))
    except ValueError:
        return 1
