"""What people type after /cadence, in any order and in their own words for how often."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import Literal

from bot.coaching.said import joined, say
from bot.errors import BadInputError

Wish = Literal["why", "team", "set", "free"]

LONGEST_REASON = 300
HOW = say("Write it like this: /cadence set @rep 14 because the new product needs more practice.")

SET = frozenset({"set", "fix", "change", "make", "meet"})
FREE = frozenset({"free", "release", "unfix", "unset", "reset"})
WHY = frozenset({"why", "show", "how", "often"})
FILLERS = frozenset({"to", "at", "it", "us", "with", "please", "-", ""})

NUMBERS = {"a": 1, "per": 1, "one": 1, "two": 2, "other": 2, "second": 2, "three": 3, "four": 4, "fourth": 4}
NUMBERS |= {"pro": 1, "zwei": 2, "zweite": 2, "drei": 3, "vier": 4}
DAYS = {"d": 1, "day": 1, "tag": 1, "w": 7, "week": 7, "woche": 7, "month": 28, "monat": 28}
PHRASES = {  # no words: what people type
    "weekly": 7,
    "biweekly": 14,
    "fortnightly": 14,
    "fortnight": 14,
    "monthly": 28,
    "twice a month": 14,
    "wöchentlich": 7,
    "vierzehntägig": 14,
    "14tägig": 14,
    "zweimal im monat": 14,
    "monatlich": 28,
}

OFTEN = re.compile(
    r"\b(?:every\s+|each\s+|alle\s+|jede[nr]?\s+|once\s+(?:in\s+|every\s+)?|einmal\s+(?:im\s+|in\s+der\s+)?)?"
    r"(?:(?P<phrase>twice\s+a\s+month|bi-?weekly|fortnightly|fortnight|weekly|monthly"
    r"|wöchentlich|vierzehntägig|14-?tägig|zweimal\s+im\s+monat|monatlich)"
    rf"|(?:(?P<many>\d{{1,3}}|{'|'.join(NUMBERS)})[\s-]*)?(?:(?P<unit>day|week|month)s?|(?P<german>tag|woche|monat)(?:en|e|n)?)"
    r"|(?P<few>\d{1,3})\s?(?P<letter>[dw])|(?P<bare>\d{1,3}))\b(?:\s+apart\b)?",
    re.IGNORECASE,
)
"""How often: "weekly", "every 2 weeks", "once a month", "14 days", "14"."""

BECAUSE = re.compile(r"\b(?:because|since|weil)\b[\s:,]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants of a cadence; ``interval`` in days and ``reason`` are there only to set it."""

    wish: Wish
    interval: int = 0
    reason: str = ""


def asked(words: str) -> Asked:
    """Read what stands after /cadence, mentions left out. Raises BadInputError when it can't be understood."""
    before, because, after = _parts(words)
    known = {word.strip(".,:;!?").lower() for word in before.split()}
    often = OFTEN.search(before) or _last(after)
    if known & FREE and not often:
        return Asked("free")
    if often or known & SET or because:
        return _to_set(before, after, often)
    if known <= {"team"} and known:
        return Asked("team")
    if known <= WHY:
        return Asked("why")
    said = textwrap.shorten(words, 80, placeholder="…")
    raise BadInputError(say("I don't know '{said}' here. Mention somebody with @, or type /cadence help.", said=said))


def _to_set(before: str, after: str, often: re.Match[str] | None) -> Asked:
    if often is None:
        raise BadInputError(joined((say("Say how often: 7, 14 or 28 days."), HOW)))
    if often.string is before:
        reason = after or _trimmed(f"{before[: often.start()]} {before[often.end() :]}".split())
    else:
        reason = re.sub(r"[\s,;:.]*(?:\b(?:set|fix|make)\b[\s,:]*(?:it\s*)?)?$", "", after[: often.start()])
    if len(reason) > LONGEST_REASON:
        raise BadInputError(
            say(
                "Say why in at most {n} characters: the rep reads it with every date.",
                n=LONGEST_REASON,
            )
        )
    return Asked("set", _interval(often), reason.strip(" ,;:"))


def _trimmed(words: list[str]) -> str:
    """Return the words without those at either end that only say what to do."""
    kept = [word for word in words if word.strip(",:;.")]
    for end in (0, -1):
        while kept and kept[end].strip(",:;.").lower() in SET | FILLERS:
            del kept[end]
    return " ".join(kept)


def _parts(words: str) -> tuple[str, bool, str]:
    """Return what stands before and after "because", and whether it stands there at all."""
    found = BECAUSE.search(words)
    return (words, False, "") if found is None else (words[: found.start()], True, words[found.end() :])


def _last(text: str) -> re.Match[str] | None:
    """Return how often, where a text ends with it."""
    return next((found for found in OFTEN.finditer(text) if found.end() == len(text.rstrip(" .!"))), None)


def _interval(often: re.Match[str]) -> int:
    if often["phrase"]:
        return PHRASES[" ".join(often["phrase"].lower().replace("-", "").split())]
    if often["bare"]:
        return int(often["bare"])
    many = (often["many"] or often["few"] or "1").lower()
    return (NUMBERS.get(many) or int(many)) * DAYS[(often["unit"] or often["german"] or often["letter"]).lower()]
