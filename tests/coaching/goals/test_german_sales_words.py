"""Which goals typed in German depend on the customer: both sides of the rule."""

from __future__ import annotations

import pytest

from bot.coaching.goals.sales_words import begins_with_own_act, customers_words

THE_CUSTOMERS = (
    "3 Deals abschließen",
    "Acme gewinnen",
    "Den Acme-Deal gewinnen",
    "Ich will Acme gewinnen",
    "Schließe drei neue Deals ab",
    "5 Termine",
    "Termin mit dem CFO",
    "5 Termine vereinbaren",
    "Einen Termin mit dem CFO bekommen",
    "Mache 3 Termine aus",
    "2 neue Kunden gewinnen",
    "3 unterschriebene Verträge",
    "Zwei Aufträge holen",
    "Meine Quote erreichen",
    "Mein Quartalsziel schaffen",
    "50.000 Umsatz",
    "Mehr Umsatz machen",
    "Die Unterschrift von Frau Lee bekommen",
    "Acme überzeugen",
    "Acme anrufen, bis sie unterschreiben",
    "20 Kunden anrufen und drei Termine vereinbaren",
    "Dafür sorgen, dass Acme unterschreibt",
    "5 Anrufe, die zu einem Termin führen",
    "Acme anrufen, bis sie antworten",
    "Verlängerung von Globex",
    "Zwei Abschlüsse bis Freitag",
    "Eine Zusage von Acme bekommen",
    "Acme zum Kauf bewegen",
    "Deal mit Acme closen",
    "Den Vertrag mit Acme unterschreiben lassen",
    "3 Deals zumachen",
    "Den Deal mit Acme dichtmachen",
    "Mehr Neugeschaeft",
    "Zwei Abschluesse diese Woche",
)

THE_REPS_OWN = (
    "20 Anrufe",
    "10 zusätzliche Anrufe pro Woche",
    "20 Kunden anrufen",
    "Rufe 20 Kunden an",
    "Ich will 20 Kunden anrufen",
    "Acme den Abschlussplan schicken",
    "Schicke Acme einen Abschlussplan",
    "Abschlussfragen üben",
    "3 Rollenspiele zum Abschluss",
    "3 Rollenspiele zum Abschluss üben",
    "Gewonnene Deals durchsehen",
    "5 Deals prüfen",
    "Prüfe 5 Deals",
    "Angebot und Vertrag vorbereiten",
    "Den Termin mit dem CFO vorbereiten",
    "Acme anrufen, um einen Termin zu bekommen",
    "Schicke den Plan, damit Acme unterschreibt",
    "Acme fragen, ob sie kaufen",
    "Um den Auftrag bitten",
    "10 Anrufe bei Kunden, die letztes Jahr gekauft haben",
    "Den Kurs zur Preisverhandlung abschließen",
    "Zwei Module des Trainings abschließen",
    "Analyse verlorener Deals",
    "Jeden Morgen eine Stunde blocken",
    "Den CFO zu einer Demo einladen",
    "Drei Termine vorschlagen",
    "Notizen für 5 Kunden schreiben",
    "20 neue Kunden suchen",
    "Uebe die Preisfrage",
    "5 Gespraeche fuehren",
    "Abschlussfragen ueben",
)


@pytest.mark.parametrize("title", THE_CUSTOMERS)
def test_a_german_goal_that_a_customer_decides_is_a_sales_goal(title: str) -> None:
    assert customers_words(title) is not None


@pytest.mark.parametrize("title", THE_REPS_OWN)
def test_a_german_goal_that_only_needs_the_reps_yes_is_none(title: str) -> None:
    assert customers_words(title) is None


def test_the_german_words_found_are_told() -> None:
    assert customers_words("Einen Termin mit dem CFO bekommen") == "termin bekommen"
    assert customers_words("Mein Quartalsziel schaffen") == "quartalsziel schaffen"


def test_what_is_counted_is_what_is_done_with_it() -> None:
    assert begins_with_own_act("5 Deals prüfen")
    assert begins_with_own_act("Prüfe 5 Deals")
    assert not begins_with_own_act("5 Deals gewinnen")


def test_a_customer_with_a_german_name_and_the_companys_own_words_are_no_decision() -> None:
    assert customers_words("Verkauf & Gewinn GmbH anrufen", customer="Verkauf & Gewinn GmbH") is None
    assert customers_words("5 Auftragsklärungen für Acme machen", ["Auftragsklärung"]) is None
