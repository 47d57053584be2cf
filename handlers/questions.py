"""A slash command as it was typed, and what each command understands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.services.addressing import Grammar
from bot.services.spoken import Reading

MENTION = re.compile(r"<@(?P<user>[UW][A-Z0-9]+)(\|[^>]*)?>")
HELP = frozenset({"help", "hlep", "hepl", "halp", "?", "-h", "--help", "usage"})


def _verbs(**words: str) -> dict[str, str]:
    """Return for each word its verb, from the words that mean each, the verb itself among them."""
    return {word: verb for verb, others in words.items() for word in (verb, *others.split())}


GRAMMARS = (  # no words: what people type
    Grammar("/pipeline", Reading(_verbs(show="deals balance"))),
    Grammar(
        "/1on1",
        Reading(
            _verbs(
                next="when show upcoming",
                why="reason because",
                move="reschedule shift postpone change",
                agenda="preread pre-read topics about prepare",
                calendar="calender ics ical feed subscribe",
                quiet="messages budget hours notifications",
                away="leave vacation holiday pto ooo off urlaub abwesend",
            ),
            free=frozenset({"calendar", "away"}),
            alone=frozenset({"away"}),
        ),
    ),
    Grammar(
        "/goals",
        Reading(
            _verbs(
                list="show all mine",
                new="add create make propose build start",
                report="update done progress tell say",
            ),
            free=frozenset({"new"}),
        ),
    ),
    Grammar(
        "/cadence",
        Reading(
            _verbs(
                why="show how often reason",
                team="everybody all",
                set="fix change make",
                free="release unfix unset",
                invite="begin onboard",
                setup="install start",
                doctor="health check checks checkup",
            ),
            free=frozenset({"", "why", "team", "set", "free"}),
            strictly=True,
        ),
    ),
    Grammar(
        "/awesome",
        Reading(_verbs(show="see", set="make change", path="way how plan drivers"), free=frozenset({"set"})),
    ),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed: ``mentions`` are Slack user ids, each once, ``words`` what else was said."""

    user: str
    trigger: str
    mentions: tuple[str, ...]
    words: str

    @property
    def asks_for_help(self) -> bool:
        return bool(self.words) and self.words.split()[0].lower().rstrip("!.") in HELP

    @classmethod
    def parse(cls, body: dict[str, Any]) -> Question:
        text = body.get("text") or ""
        return cls(
            user=body["user_id"],
            trigger=body.get("trigger_id") or "",
            mentions=tuple(dict.fromkeys(mention["user"] for mention in MENTION.finditer(text))),
            words=" ".join(MENTION.sub(" ", text).split()),
        )
