"""A slash command as it was typed, and what each command understands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.services.addressing import Grammar
from bot.services.spoken import Reading, plain

SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
MENTION = re.compile(r"<@(?P<user>[UW][A-Z0-9]+)(\|[^>]*)?>")
HELP = frozenset({"help", "hlep", "hepl", "halp", "?", "-h", "--help", "usage", "hilfe"})


def _verbs(**words: str) -> dict[str, str]:
    """Return for each word its verb, from the words that mean each in English and German, the verb itself among them.

    The words are kept as ``plain`` makes what is typed; German ones with umlauts are also known as "ae" and "ue".
    """
    known = {verb: (verb, *others.split()) for verb, others in words.items()}
    return {plain(way): verb for verb, all_ in known.items() for word in all_ for way in (word, word.translate(SPELT))}


GRAMMARS = (  # no words: what people type
    Grammar("/pipeline", Reading(_verbs(show="deals balance zeig zeige zeigen gleichgewicht"))),
    Grammar(
        "/1on1",
        Reading(
            _verbs(
                next="when show upcoming wann zeig zeige zeigen nächstes nächste",
                why="reason because warum wieso weshalb",
                move="reschedule shift postpone change verschieben verschiebe verlegen verlege umlegen ändern",
                agenda="preread pre-read topics about prepare themen vorbereiten vorbereitung",
                calendar="calender ics ical feed subscribe kalender",
                quiet="messages budget hours notifications ruhe ruhezeit nachrichten benachrichtigungen",
                away="leave vacation holiday pto ooo off urlaub abwesend abwesenheit ferien krank weg",
            ),
            free=frozenset({"calendar", "away"}),
            alone=frozenset({"away"}),
            dated=frozenset({"move"}),
        ),
    ),
    Grammar(
        "/goals",
        Reading(
            _verbs(
                list="show all mine zeig zeige zeigen liste alle meine",
                new="add create make propose build start neu neues hinzufügen anlegen vorschlagen",
                report="update done progress tell say melden melde berichten fortschritt geschafft erledigt",
            ),
            free=frozenset({"new"}),
        ),
    ),
    Grammar(
        "/cadence",
        Reading(
            _verbs(
                why="show how often reason warum wieso weshalb wie zeig zeige zeigen",
                team="everybody all",
                set="fix change make setze setzen festlegen ändern ändere",
                free="release unfix unset freigeben lösen",
                invite="begin onboard einladen",
                setup="install start einrichten einrichtung",
                doctor="health check checks checkup prüfen prüfung",
            ),
            free=frozenset({"", "why", "team", "set", "free"}),
            strictly=True,
        ),
    ),
    Grammar(
        "/awesome",
        Reading(
            _verbs(
                show="see zeig zeige zeigen",
                set="make change setze setzen festlegen ändern",
                path="way how plan drivers weg wie hebel",
            ),
            free=frozenset({"set"}),
        ),
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
