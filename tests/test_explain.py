"""Whether every number is shown as the domain has it, and with what it takes to compute it again."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot import playbook_file
from bot.coaching.basis.win_curve import assumed
from bot.coaching.book import Book
from bot.coaching.records import CommissionBand, Deal, DealId, DealStatus, PeriodGoal, Person, PersonId, Records
from bot.coaching.settings import DEFAULTS
from bot.crm import maven
from bot.crm.write_csv import write_folder
from bot.errors import BadInputError, UserError
from bot.explain import explain
from bot.explain.command import names_of
from bot.explain.lines import number, shown
from bot.explain.plain import CURVE_DAYS, plain
from bot.explain.rep import Explained, explained

DATA = Path(maven.__file__).parents[1] / "sandbox" / "data" / "maven-crm"
GOLDEN = Path(__file__).parent / "golden" / "explain_page.txt"
TODAY = date(2017, 10, 1)
ASKED = """
    closed won win_rate win_rate_80 deal_size size_var starts_per_week F L typical_cycle stale_age goal remaining
    open_deals Y range80 live need_x have_x gap starts starts_safe pace extra p_hit top_swing trend events_per_week
    raw_interval interval horizons must_wins drivers priorities trajectory path forks
"""


@cache
def records() -> Records:
    return maven.read(DATA)


@cache
def document(today: date = TODAY) -> Any:
    return json.loads(explain(DATA, today, as_json=True), parse_constant=pytest.fail)


@cache
def domain(today: date = TODAY) -> dict[str, Explained]:
    book = Book(records(), playbook_file.load(None), today, maven.SETTINGS)
    return {name: explained(book, person, 4) for name, person in names_of(records()).items()}


def won(rep: PersonId, day: int) -> Deal:
    return Deal(DealId(f"w{day}"), rep, "Deal", DealStatus.WON, date(2017, 6, day), date(2017, 8, day), 9_000.0)


def organisation() -> Records:
    """Two reps of one name and their manager; one has a plan, a figure of her own, a goal and deals."""
    bob, ann = PersonId("bob@example.com"), PersonId("ann@example.com")
    plan = (CommissionBand(0.0, 0.06), CommissionBand(1.0, 0.09))
    return Records(
        people=(
            Person(bob, "Bob", bob),
            Person(ann, "Ann Lee", ann, bob, "West", quota=500_000.0, commission=plan, awesome=200_000.0),
            Person(PersonId("al@example.com"), "Ann Lee", "al@example.com", bob, "West"),
        ),
        deals=(
            *(won(ann, day) for day in range(1, 21)),
            Deal(DealId("o"), ann, "Open deal", DealStatus.OPEN, date(2017, 9, 1), None, 40_000.0),
        ),
        goals=(PeriodGoal(ann, date(2017, 10, 1), date(2017, 12, 31), 50_000.0),),
    )


def test_everybody_with_a_manager_is_shown_with_every_key_even_without_deals() -> None:
    assert len(document()["reps"]) == 35
    assert list(document()["reps"]) == sorted(document()["reps"])
    for rep in document()["reps"].values():
        assert set(rep) >= {*ASKED.split()}


def test_what_is_true_of_the_whole_organisation_stands_above_the_reps() -> None:
    known = document()
    assert (known["as_of"], known["m"], known["horizon"]) == ("2017-10-01", 200, "2017-12-31")
    assert known["size_cap"] == next(iter(domain().values())).numbers.ground.size_cap


def test_json_has_the_numbers_of_the_domain_unrounded() -> None:
    for name, rep in document()["reps"].items():
        numbers, cadence = domain()[name].numbers, domain()[name].cadence
        ground, medium = numbers.ground, numbers.horizons[1]
        assert (rep["closed"], rep["won"], rep["win_rate"]) == (ground.closed, ground.won, ground.win_rate.value)
        assert tuple(rep["win_rate_80"]) == ground.win_rate_80
        assert (rep["deal_size"], rep["size_var"]) == (ground.deal_size, ground.size_var)
        assert rep["F"] == {str(day): ground.curve.F(day) for day in CURVE_DAYS}
        assert rep["L"] == {str(day): ground.curve.L(day) for day in CURVE_DAYS}
        assert (rep["typical_cycle"], rep["stale_age"]) == (ground.typical_cycle, ground.stale_age)
        assert (rep["Y"], rep["range80"]) == (medium.expected, [medium.low, medium.high])
        assert (rep["gap"], rep["starts"], rep["starts_safe"]) == (medium.gap, medium.starts, medium.starts_safe)
        assert (rep["pace"], rep["extra"], rep["live"]) == (medium.pace, medium.extra, medium.live)
        assert rep["p_hit"] == numbers.winnable.hit
        assert rep["trend"] == [cadence.trend, cadence.Z, cadence.M]
        assert (rep["raw_interval"], rep["interval"]) == (cadence.raw, cadence.interval)
        assert rep["trajectory"]["sentence"] == domain()[name].agenda.heading.sentence
        assert [one["sentence"] for one in rep["horizons"]] == [one.sentence for one in numbers.horizons]


def test_the_top_swing_is_the_largest_of_all_deals() -> None:
    for name, rep in document()["reps"].items():
        swings = {one.deal.deal.id: one.swing for one in domain()[name].numbers.winnable.likeliest if one.swing}
        if swings:
            deal, swing = rep["top_swing"]
            assert swing == swings[DealId(deal)] == max(swings.values())


def test_a_rep_without_deals_and_goal_has_null_for_what_cannot_be_known() -> None:
    rep = document()["reps"]["Carl Lin"]
    unknown = ("goal", "remaining", "need_x", "have_x", "gap", "starts", "extra", "p_hit", "top_swing", "path")
    assert {rep[key] for key in unknown} == {None}
    assert (rep["closed"], rep["open_deals"], rep["Y"], rep["interval"]) == (0, 0, 0, 14)


def test_a_horizon_without_a_goal_shows_only_what_is_expected() -> None:
    year = document()["reps"]["Zane Levy"]["horizons"][2]
    assert year["expected"] > 0
    assert (year["target"], year["need"], year["have"], year["gap"], year["starts"]) == (None,) * 5


def test_the_chance_is_that_of_the_goal_period_where_the_medium_horizon_is_another() -> None:
    late = document(date(2017, 9, 15))
    rep = late["reps"]["Zane Levy"]
    assert late["horizon"] == rep["horizons"][1]["ends"] == "2017-12-31"
    assert rep["goal_period"]["end"] == "2017-09-30"
    assert rep["p_hit"] == domain(date(2017, 9, 15))["Zane Levy"].numbers.winnable.hit


def test_four_stages_are_taken_for_the_public_set_and_the_playbooks_otherwise(tmp_path: Path) -> None:
    playbook = playbook_file.load(None)
    assert len(playbook.stages) != DEFAULTS.default_stages
    assert "/ 4 stages" in explain(DATA, TODAY, rep="Zane Levy")
    page = explain(write_folder(organisation(), tmp_path), TODAY, rep="ann lee (ann@example.com)")
    assert f"/ {len(playbook.stages)} stages" in page


def test_a_companys_own_playbook_counts_where_it_is_given(tmp_path: Path) -> None:
    own = playbook_file.DEFAULT.with_name("transactional.toml")
    stages = len(playbook_file.load(own).stages)
    assert stages != len(playbook_file.load(None).stages)
    write_folder(organisation(), tmp_path)
    assert f"/ {stages} stages" in explain(tmp_path, TODAY, rep="ann lee (ann@example.com)", playbook=own)


def test_two_of_one_name_are_told_apart_and_both_shown(tmp_path: Path) -> None:
    reps = json.loads(explain(write_folder(organisation(), tmp_path), TODAY, as_json=True))["reps"]
    assert list(reps) == ["Ann Lee (al@example.com)", "Ann Lee (ann@example.com)"]
    assert reps["Ann Lee (ann@example.com)"]["path"]["awesome"] == 200_000


def test_a_new_reps_path_starts_from_the_teams_run_rate_and_does_not_tell_it(tmp_path: Path) -> None:
    known = organisation()
    new = replace(known.people[2], first_day=date(2017, 9, 1), awesome=800_000.0)
    write_folder(replace(known, people=(*known.people[:2], new)), tmp_path)
    reps = json.loads(explain(tmp_path, TODAY, as_json=True))["reps"]
    rep = reps["Ann Lee (al@example.com)"]
    assert rep["run_rate"]["flags"] == ["team mean"]
    assert (rep["run_rate"]["value"], rep["drivers"], rep["path"]["run_rate"]) == (None, None, None)
    assert rep["path"]["reaches"] == 800_000
    team = reps["Ann Lee (ann@example.com)"]["run_rate"]["value"]
    assert number(team) not in explain(tmp_path, TODAY, rep="Ann Lee (al@example.com)")


def test_what_the_teams_run_rate_alone_says_to_be_reached_is_no_path(tmp_path: Path) -> None:
    known = organisation()
    new = replace(known.people[2], first_day=date(2017, 9, 1), awesome=1_000.0)
    write_folder(replace(known, people=(*known.people[:2], new)), tmp_path)
    assert json.loads(explain(tmp_path, TODAY, as_json=True))["reps"]["Ann Lee (al@example.com)"]["path"] is None


def test_a_long_curve_is_shown_for_each_tenth_day(tmp_path: Path) -> None:
    page = explain(write_folder(organisation(), tmp_path), TODAY, rep="Ann Lee (ann@example.com)")
    assert [line.split()[:3] for line in page.splitlines() if line.startswith("day ")] == [["day", "+0", "+10"]]
    assert "F(700)" in page


def test_the_page_of_a_rep_says_what_was_last_agreed() -> None:
    """UPDATE_GOLDEN=1 writes the file anew."""
    page = explain(DATA, TODAY, rep="Garret Kinder") + "\n"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.write_text(page, encoding="utf-8")
    assert page == GOLDEN.read_text(encoding="utf-8")


def test_a_page_has_every_sentence_that_the_rep_reads_and_names_nobody_else() -> None:
    names = set(names_of(records()))
    for name in ("Garret Kinder", "Zane Levy", "Carl Lin"):
        page = " ".join(explain(DATA, TODAY, rep=name).split())
        known = domain()[name]
        agenda, ground = known.agenda, known.numbers.ground
        read = (
            *agenda.stands_on,
            agenda.cadence,
            agenda.past_sentence,
            agenda.heading.sentence,
            *(row.sentence for row in agenda.horizons),
            *agenda.aspiration.sentences,
            *agenda.checks,
            *(terms.why for terms in agenda.offers),
        )
        assert [sentence for sentence in read if f'"{sentence}"' not in page] == []
        assert [other for other in names - {name} if other in page] == []
        assert [deal.deal.id for deal in ground.open_deals if deal.deal.id not in page] == []


def test_without_a_name_there_is_a_page_for_everybody() -> None:
    pages = explain(DATA, TODAY)
    assert [name for name in names_of(records()) if f"{name}, as of 2017-10-01\n=" not in pages] == []


@pytest.mark.parametrize("written", ["Zane Levy", "zane levy", "  ZANE   Levy "])
def test_a_rep_is_found_however_the_name_is_capitalised(written: str) -> None:
    assert list(json.loads(explain(DATA, TODAY, rep=written, as_json=True))["reps"]) == ["Zane Levy"]


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UserError, match=r"No rep in these records is called 'Zaine Levi': did you mean Zane Levy\?"):
        explain(DATA, TODAY, rep="Zaine Levi")
    with pytest.raises(UserError, match=r"called 'x': did you mean "):
        explain(DATA, TODAY, rep="x", as_json=True)


def test_a_folder_that_cannot_be_read_is_refused_in_the_readers_own_words(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"people\.csv"):
        explain(tmp_path, TODAY)


def test_a_value_without_a_form_in_json_is_refused_and_not_shown_by_its_address() -> None:
    with pytest.raises(TypeError, match="Path has no form in JSON"):
        plain({"file": Path("x")})


def test_a_curve_is_shown_by_its_values_on_some_days() -> None:
    known = plain(assumed())
    assert list(known["F"]) == [str(day) for day in CURVE_DAYS]
    assert known["F"]["60"] == pytest.approx(0.125)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, "none"),
        (0.0, "0"),
        (0.62885359, "0.628854"),
        (1338.942061, "1,338.94"),
        (3605166.82, "3,605,167"),
        (-61967.0, "-61,967"),
        (1234, "1,234"),
        (0.00000012345, "0.00000012345"),
        ((0.25, 0.5), "0.25 to 0.5"),
        (date(2017, 10, 1), "2017-10-01"),
        ("flat", "flat"),
    ],
)
def test_a_number_is_read_with_six_digits_and_a_day_as_such(value: object, read: str) -> None:
    assert shown(value) == read


def test_a_hair_below_a_power_of_ten_needs_no_more_digits() -> None:
    assert (number(9.9999999), number(999999.96)) == ("10", "1,000,000")
