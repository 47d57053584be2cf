"""What the public data set holds, and whether it is read as what its notes say."""

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.coaching.records import DealStatus, PeriodGoal, Person, Records
from bot.crm import maven
from bot.crm.folder import read_any
from bot.demo.organisation import DATA
from bot.errors import BadInputError
from tests.crm.import_folders import a_folder, read

OPEN, WON, LOST = DealStatus.OPEN, DealStatus.WON, DealStatus.LOST


@pytest.fixture(scope="module")
def records() -> Records:
    return maven.read(DATA)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "copy"))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def refused(folder: Path) -> tuple[str, ...]:
    with pytest.raises(BadInputError) as error:
        maven.read(folder)
    return error.value.problems


def test_there_are_35_reps_of_6_managers_and_30_have_deals(records):
    managers = {person.manager_id for person in records.people} - {None}
    assert (len(records.people), len(managers)) == (41, 6)
    assert {person.id for person in records.people if person.manager_id is None} == managers
    assert len({deal.owner for deal in records.deals}) == 30


def test_a_person_is_who_the_team_list_says_in_the_offices_zone(records):
    people = {person.id: person for person in records.people}
    assert people["mei-mei-johns"] == Person(
        id="mei-mei-johns",
        name="Mei-Mei Johns",
        email="mei-mei.johns@example.com",
        manager_id="melvin-marxen",
        team="Melvin Marxen",
        timezone="America/Chicago",
        country="US",
    )
    assert (people["cara-losch"].team, people["cara-losch"].timezone) == ("Cara Losch", "America/New_York")
    assert people["carl-lin"].timezone == "America/Los_Angeles"
    assert len({person.email for person in records.people}) == 41


def test_all_8800_deals_are_there_with_their_outcomes(records):
    assert len(records.deals) == len({deal.id for deal in records.deals}) == 8_800
    assert Counter(deal.stage for deal in records.deals) == {
        "Won": 4_238,
        "Lost": 2_473,
        "Engaging": 1_589,
        "Prospecting": 500,
    }
    assert Counter(deal.status for deal in records.deals) == {WON: 4_238, LOST: 2_473, OPEN: 2_089}


def test_exactly_the_500_prospects_have_no_start(records):
    assert sum(deal.start is None for deal in records.deals) == 500
    assert all((deal.start is None) == (deal.stage == "Prospecting") for deal in records.deals)


def test_every_gtxpro_is_the_gtx_pro_of_the_price_list(records):
    products = Counter(deal.product for deal in records.deals)
    assert (products["GTX Pro"], products["GTXPro"], len(products)) == (1_480, 0, 7)
    assert {deal.list_price for deal in records.deals if deal.product == "GTX Pro"} == {4_821}


def test_only_won_deals_have_an_amount_and_all_have_a_list_price(records):
    assert all((deal.amount is not None) == (deal.status is WON) for deal in records.deals)
    assert all(deal.list_price is not None for deal in records.deals)
    assert sum(deal.amount or 0 for deal in records.deals) == 10_005_534


def test_closed_deals_have_a_close_day_and_open_ones_none(records):
    assert all((deal.close is None) == (deal.status is OPEN) for deal in records.deals)
    closings = [deal.close for deal in records.deals if deal.close is not None]
    assert (min(closings), max(closings)) == (date(2017, 3, 1), date(2017, 12, 31))
    assert records.closings_known_since == date(2017, 3, 1)


def test_a_deal_is_named_after_its_account_and_product_or_the_product_alone(records):
    names = {deal.id: deal.name for deal in records.deals}
    assert names["Z063OYW0"] == "Isdom: GTX Pro"
    assert names["HAXMC4IX"] == "MG Advanced"


def test_goals_are_the_reps_of_the_file_beside_the_set(records):
    assert len(records.goals) == 90
    assert records.goals[0] == PeriodGoal("anna-snelling", date(2017, 4, 1), date(2017, 6, 30), 51_928.80)


def test_the_set_is_complete_without_goals(copy):
    (copy / "goals.csv").unlink()
    assert maven.read(copy).goals == ()


def test_a_product_that_isnt_on_the_list_keeps_its_name_and_has_no_price(copy):
    change(copy / "sales_pipeline.csv", "Moses Frase,GTX Plus Basic", "Moses Frase,GTX Minus")
    deal = maven.read(copy).deals[0]
    assert (deal.product, deal.list_price) == ("GTX Minus", None)


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "sales_pipeline.csv",
            "Moses Frase",
            "Moses Phrase",
            "row 2, column sales_agent: 'Moses Phrase' isn't in sales_teams.csv: add it there, or write one that is",
        ),
        (
            "sales_pipeline.csv",
            "Cancity,Won",
            "Cancity,Closed",
            "row 2, column deal_stage: 'Closed' isn't a stage of this set: write Won, Lost, Engaging or Prospecting",
        ),
        (
            "sales_pipeline.csv",
            "2017-03-01",
            "01.03.2017",
            (
                "row 2, column close_date: '01.03.2017' isn't an ISO date: write 2017-01-03 or 2017-03-01, "
                "whichever is meant"
            ),
        ),
        (
            "sales_pipeline.csv",
            "2017-03-01",
            "",
            "row 2, column close_date: is blank though the deal is won: write the day on which it was won",
        ),
        (
            "sales_pipeline.csv",
            "Z063OYW0",
            "1C1I7A6R",
            "row 3, column opportunity_id: '1C1I7A6R' is in row 2 already: keep one of the two rows",
        ),
        (
            "sales_teams.csv",
            "Central",
            "North",
            "row 2, column regional_office: 'North' isn't one of the offices: write Central, East, West",
        ),
        ("products.csv", "4821", "4.8k", "row 3, column sales_price: '4.8k' isn't a number: write 4.8"),
        (
            "goals.csv",
            "Anna Snelling",
            "Anna",
            "row 2, column rep: 'Anna' isn't in sales_teams.csv: add it there, or write one that is",
        ),
    ],
)
def test_a_fault_is_refused_with_its_row_column_and_remedy(copy, file, old, new, problem):
    change(copy / file, old, new)
    assert refused(copy) == (f"{file} {problem}",)


def test_a_missing_file_is_named_and_not_again_by_each_row_that_refers_to_it(copy):
    (copy / "sales_teams.csv").unlink()
    assert refused(copy) == ("sales_teams.csv: is missing: put it back from the original data set",)


def test_a_folder_is_read_in_the_format_it_is_in(tmp_path, records):
    assert read_any(DATA) == records
    assert read_any(a_folder(tmp_path)) == read(tmp_path)
    assert (maven.is_maven(DATA), maven.is_maven(tmp_path)) == (True, False)
