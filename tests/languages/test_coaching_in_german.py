"""What the maths say, as a German reader reads it, also after it was stored."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from bot.coaching.commitment import Fork, GoalTerms
from bot.coaching.goals.convert_goal import Way, nearest_valid
from bot.coaching.goals.goal_test import Situation, check
from bot.coaching.goals.playbook_check import loose_ends
from bot.coaching.pipeline.achievable import Reach, steps
from bot.coaching.pipeline.coverage_average import fit_sentence
from bot.coaching.rhythm.follow_up import consistency
from bot.storage.values import GOAL_TERMS
from bot.views.languages import GERMAN
from tests.coaching.test_own_words import PLAYBOOK

TODAY = date(2026, 6, 29)  # a Monday
SITUATION = Situation(PLAYBOOK, TODAY, "a verifier of your deal", date(2026, 7, 9))
CLOSING = GoalTerms(
    Fork.ASPIRATION, "3 Deals abschließen", "3 Deals abschließen", (), 3, "Deals", date(2026, 7, 3), "", ""
)
CALLS = next(kind for kind in PLAYBOOK.activities if kind.finds)
WAY = Way(CALLS.name, CALLS.unit, SITUATION.serves, rate=0.1, most=20, title="20 Kunden anrufen")


def test_a_goal_that_depends_on_the_customer_is_answered_with_the_nearest_of_the_reps_own() -> None:
    near = nearest_valid(CLOSING, SITUATION, [WAY])
    assert GERMAN.written(check(CLOSING, SITUATION, near)[0].sentence) == (
        "„3 Deals abschließen“ hängt vom Kunden ab; „20 Kunden anrufen“ bis Freitag braucht nur dein Ja."
    )


def test_why_a_goal_is_worth_it_is_kept_with_its_memory() -> None:
    kept = GOAL_TERMS.read(json.loads(json.dumps(GOAL_TERMS.write(nearest_valid(CLOSING, SITUATION, [WAY])[0]))))
    assert GERMAN.written(kept.why) == "Für 3 Deals brauchst du meist 30 Anrufe; was gerade passt: 20."


def test_a_day_that_cannot_be_is_named_as_germans_write_it() -> None:
    late = replace(CLOSING, due=date(2026, 8, 14))
    fault = next(one for one in check(late, SITUATION) if one.field == "due")
    assert GERMAN.written(fault.sentence) == "Der Termin ist der 14. August 2026, also erst in mehr als 31 Tagen."
    assert GERMAN.written(fault.remedy) == "Wähle einen Tag zwischen morgen und dem 30. Juli."


@pytest.mark.parametrize(
    ("said", "german"),
    [
        (
            steps(Reach(5.0, 5.5, 5.5), 6.6, TODAY).sentence,
            (
                "Du hast schon 5,5 pro Woche geschafft, also ist 5,5 ein größerer Schritt, der passt; bis 6,6, wie der "
                "Plan es vorsieht, sind es noch zwei Monatsschritte."
            ),
        ),
        (
            fit_sentence("too much", 2.04),
            (
                "Ein und dasselbe Vielfache für alle würde zu viel von dir verlangen: Deine eigene Zahl ist 2,0x, die "
                "3-4x-Regel trifft sie nicht."
            ),
        ),
        (
            consistency((), 7, TODAY).sentence,
            (
                "Es ist zu früh, um zu sagen, wie regelmäßig wir uns treffen, denn bisher ist noch keines unserer 1:1s "
                "vorbei, und nötig sind 3."
            ),
        ),
        (
            loose_ends(replace(PLAYBOOK, outcomes=(*PLAYBOOK.outcomes, "Wachsen")))[0].sentence,
            "keine Phase führt zum Ergebnis „Wachsen“: Nenne es als outcome einer [[stage]]",
        ),
    ],
)
def test_a_sentence_is_german_as_a_whole(said: str, german: str) -> None:
    assert GERMAN.written(said) == german
