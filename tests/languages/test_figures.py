"""Whether a language writes numbers, sums and days as its people do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot import playbook_file
from bot.coaching import wording
from bot.coaching.said import Said, say, say_many
from bot.views import mrkdwn
from bot.views.goal_words import done
from bot.views.languages import ENGLISH, GERMAN, WRITERS, language_of
from bot.views.speaking import speaking, tr_many
from tests.views.builders import a_goal

TUESDAY = date(2017, 10, 3)
CALLS = next(kind.unit for kind in playbook_file.load(None).activities if kind.finds)


@pytest.mark.parametrize(
    ("figure", "english", "german"),
    [
        (wording.money(550), "$550", "550 $"),
        (wording.money(2_940), "$2.9k", "2.900 $"),
        (wording.money(18_333), "$18k", "18.000 $"),
        (wording.money(-4_500), "-$4.5k", "-4.500 $"),
        (wording.money(1_234_567), "$1.2M", "1,2 Mio. $"),
        (wording.money(2_500_000_000, "EUR"), "€2,500.0M", "2,5 Mrd. €"),
        (wording.money(500, "CHF"), "CHF 500", "500 CHF"),
        (wording.number(2.5), "2.5", "2,5"),
        (wording.number(1_200.0), "1,200", "1.200"),
        (wording.whole(12_000), "12,000", "12.000"),
        (wording.fixed(-2, 1, signed=True), "-2.0", "-2,0"),
        (wording.fixed(2, 1, signed=True), "+2.0", "+2,0"),
        (wording.fixed(0.7, 2), "0.70", "0,70"),
        (wording.percent(0.254), "25%", "25 %"),
        (wording.times(3.46), "3.5x", "3,5x"),
        (wording.day(TUESDAY), "3 October", "3. Oktober"),
        (wording.short_day(TUESDAY), "Tue 3 Oct", "Di., 3. Okt."),
        (wording.bare_day(TUESDAY), "3 Oct", "3. Okt."),
        (wording.dated_day(TUESDAY), "Tue 3 Oct 2017", "Di., 3. Okt. 2017"),
        (wording.day_of_year(TUESDAY), "03 Oct 2017", "3. Okt. 2017"),
        (wording.stamp(datetime(2017, 10, 3, 8, 5, tzinfo=UTC)), "2017-10-03 08:05", "03.10.2017, 08:05"),
        (wording.weekday(TUESDAY), "Tuesday", "Dienstag"),
        (wording.month_name(date(2026, 3, 1)), "March", "März"),
        (wording.units(1_200.5, "calls"), "1,200.5 calls", "1.200,5 calls"),
        (wording.units(1_200.5, CALLS), "1,200.5 calls", "1.200,5 Anrufe"),
        (wording.units(1, CALLS), "1 call", "1 Anruf"),
        (wording.share(0.3), "a third", "ein Drittel"),
    ],
)
def test_a_figure_is_written_as_its_readers_write_it(figure: Said, english: str, german: str) -> None:
    assert (figure, ENGLISH.written(figure), GERMAN.written(figure)) == (english, english, german)


def test_what_is_counted_has_its_case_behind_of_and_a_companys_own_stays_as_it_is() -> None:
    units = [kind.unit for kind in playbook_file.load(None).activities]
    assert [GERMAN.behind_of(unit) for unit in units[:4]] == ["Anrufen", "Agenden", "Anfragen", "Zusammenfassungen"]
    assert [GERMAN.behind_of(unit) for unit in ("Anrufe", "calls")] == ["Anrufe", "calls"]
    assert ENGLISH.behind_of(CALLS) == "calls"
    twelve = a_goal(done=5.0)
    with speaking(GERMAN):
        assert done(replace(twelve, terms=replace(twelve.terms, unit=CALLS))) == "5 von 12 Anrufen"
        assert done(replace(twelve, terms=replace(twelve.terms, unit=CALLS, number=1))) == "5 von 1 Anruf"


def test_every_kind_of_figure_has_its_writer() -> None:
    made = [wording.money(1), wording.number(1), wording.fixed(1, 1), wording.fixed(1, 1, signed=True)]
    made += [wording.percent(1), wording.times(1), wording.units(1, "calls"), wording.units(1, CALLS)]
    made += [write(TUESDAY) for write in (wording.day, wording.short_day, wording.dated_day, wording.month)]
    made += [wording.month_name(TUESDAY), wording.bare_day(TUESDAY)]
    made += [wording.weekday(TUESDAY), wording.day_of_year(TUESDAY), wording.stamp(datetime(2017, 10, 3, tzinfo=UTC))]
    assert {getattr(figure, "kind", "") for figure in made} == WRITERS.keys()


def test_a_view_writes_for_its_reader() -> None:
    with speaking(GERMAN):
        assert mrkdwn.money(1_200_000) == "1,2 Mio. $"
        assert (mrkdwn.day(TUESDAY), mrkdwn.number(2.5), mrkdwn.percent(0.25)) == ("Di., 3. Okt.", "2,5", "25 %")
        shown = mrkdwn.moment(datetime(2017, 10, 3, 8, tzinfo=UTC), "Europe/Berlin")
        assert shown == "<!date^1507017600^{date_short} um {time}|Di., 3. Okt. 2017, 10:00 (Europe/Berlin)>"
        assert tr_many("about {n} day", "about {n} days", 2.5) == "etwa 2,5 Tage"
    assert mrkdwn.money(1_200_000) == "$1.2M"


def test_the_point_of_an_abbreviation_also_ends_the_sentence() -> None:
    numbers = say("Numbers as of {day}.", day=wording.bare_day(TUESDAY))
    assert (numbers, GERMAN.written(numbers)) == ("Numbers as of 3 Oct.", "Zahlen vom 3. Okt.")


def test_each_number_has_its_own_form() -> None:
    said = [GERMAN.written(say_many("about {n} day", "about {n} days", number)) for number in (0, 1, 1.0, 1.5, 2)]
    assert said == ["etwa 0 Tage", "etwa 1 Tag", "etwa 1 Tag", "etwa 1,5 Tage", "etwa 2 Tage"]


@pytest.mark.parametrize("locale", ["", "en-US", "en_GB", "fr-FR", "xx", "de"])
def test_who_reads_a_language_that_is_not_offered_reads_english(locale: str) -> None:
    assert language_of(locale) is (GERMAN if locale == "de" and GERMAN.offered else ENGLISH)
