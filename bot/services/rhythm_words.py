"""What people type after /cadence, in any order and in their own words for how often."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import Literal

from bot.coaching.said import joined, say
from bot.coaching.typed_days import NUMBERS, ONE, SHORT_WEEKDAYS, WEEKDAY_OF, any_of
from bot.errors import BadInputError

Wish = Literal["why", "team", "set", "free"]

LONGEST_REASON = 300
HOW = say("Write it like this: /cadence set @rep 14 because the new product needs more practice.")

SET = frozenset({"set", "fix", "change", "make", "meet", "festlegen", "setze"})
FREE = frozenset({"free", "release", "unfix", "unset", "reset", "freigeben"})
WHY = frozenset({"why", "show", "how", "often", "warum", "wie", "so", "oft"})
FILLERS = frozenset({"to", "at", "it", "us", "with", "please", "-", "", "auf", "uns", "es", "bitte", "ab", "jetzt"})

OTHER = {"per": 1, "other": 2, "second": 2, "fourth": 4, "pro": 1, "zweite": 2, "zweiten": 2, "vierte": 4, "vierten": 4}
MANY = NUMBERS | ONE | OTHER
UNITS = {"d": 1, "day": 1, "tag": 1, "w": 7, "week": 7, "woche": 7, "month": 28, "monat": 28}

_EVERY = r"every|each|alle|jede[nr]?"
_ONCE = r"once(?:\s+(?:in|every))?|(?:einmal|ein\s+mal|1\s?(?:x|mal))(?:\s+(?:im|in\s+der|pro|die|am))?"
_WOCH, _TAG = r"w(?:ö|oe)ch(?:entlich|ig)", r"t(?:ä|ae)gig"
OFTEN = re.compile(
    rf"\b(?:(?:{_EVERY}|{_ONCE})\s+)?(?:"
    r"(?P<fortnight>(?:twice|2\s?x)\s+(?:a|per)\s+month|bi-?weekly|fortnightly|fortnight"
    rf"|(?:vierzehn|14)[\s-]?{_TAG}|(?:zwei|2)-?{_WOCH}|(?:zweimal|zwei\s+mal|2\s?(?:x|mal))\s+(?:im|pro)\s+monat)"
    rf"|(?P<month>monthly|monatlich|(?:vier|4)-?{_WOCH})"
    rf"|(?P<week>weekly|{_WOCH})"
    rf"|(?<!few\s)(?<!paar\s)(?:(?P<many>\d{{1,3}}|{any_of(MANY)})[\s-]*)?"
    r"(?:(?P<unit>day|week|month)s?|(?P<german>tag|woche|monat)(?:en|e|n)?)"
    r"|(?P<few>\d{1,3})\s?(?P<letter>[dw])|(?P<bare>\d{1,3}))\b(?:\s+apart\b)?"
    rf"|\b(?:{_EVERY})\s+(?:(?P<nth>{any_of(OTHER)})\s+)?(?:{any_of(WEEKDAY_OF.keys() - set(SHORT_WEEKDAYS))})\b",
    re.IGNORECASE,
)
"""How often: "weekly", "every 2 weeks", "jeden zweiten Montag", "once a month", "14 days", "14"."""

BECAUSE = re.compile(r"\b(?:(?:because|since|denn)\b[\s:,]*|(?=weil\b))", re.IGNORECASE)
"""Where a reason begins; "weil" belongs to it, as the verb behind stands last."""


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
    if often["fortnight"]:
        return 14
    if often["month"]:
        return UNITS["month"]
    if often["bare"]:
        return int(often["bare"])
    many = (often["many"] or often["few"] or often["nth"] or "1").lower()
    unit = often["unit"] or often["german"] or often["letter"] or "week"
    return (MANY.get(many) or int(many)) * UNITS[unit.lower()]
