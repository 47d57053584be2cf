"""What a folder of CSV files says, and which folders are refused whole."""

from datetime import date

import pytest

from bot.calendars.public_holidays import known_country
from bot.coaching.records import (
    Activity,
    CommissionBand,
    Deal,
    DealStatus,
    PeriodGoal,
    Person,
    Records,
    StageEntry,
    Verifier,
)
from bot.crm.csv_files import read_folder
from bot.errors import BadInputError
from tests.crm.import_folders import DEALS, GOALS, PEOPLE, a_deal, a_folder, problems, read

MIA, ROB = "mia@example.com", "rob@example.com"
NEW_YORKERS = (
    f"email,name,manager_email,timezone\n{MIA},Mia Boss,,Europe/Berlin\n{ROB},Rob Rep,{MIA},America/New_York\n"
)
ACTIVITIES = "owner_email,type,at,count,deal_id,contact\n"
STAGES = "deal_id,stage,entered_at\n"
VERIFIERS = "deal_id,verifier,given_by,given_on,link,expires_on,withdrawn_on\n"


def test_the_three_required_files_are_an_import(tmp_path):
    assert read(tmp_path) == Records(
        people=(Person(MIA, "Mia Boss", MIA), Person(ROB, "Rob Rep", ROB, MIA)),
        deals=(
            Deal(
                id="1",
                owner=ROB,
                name="Acme",
                status=DealStatus.WON,
                start=date(2017, 3, 1),
                close=date(2017, 4, 1),
                amount=1200.5,
                currency="",
                stage="Closed",
            ),
        ),
        goals=(PeriodGoal(ROB, date(2017, 4, 1), date(2017, 6, 30), 5000, ""),),
    )


def test_every_column_of_a_person_is_read(tmp_path):
    header = (
        "email,name,manager_email,team,first_day,timezone,id,last_day,country,quota,awesome,commission,is_admin,active"
    )
    mia = "Mia@Example.com,Mia Boss,,North,2015-01-02,Europe/Berlin,007,2018-01-31,DE-BY,9000,150000,0:0.06,yes,no"
    people = f"{header}\n{mia}\nrob@example.com,Rob Rep,MIA@example.com,,,,8,,,,,,,\n"
    bands = (CommissionBand(0, 0.06),)
    days = {"first_day": date(2015, 1, 2), "last_day": date(2018, 1, 31)}
    money = {"quota": 9000, "awesome": 150_000, "commission": bands}
    where = {"timezone": "Europe/Berlin", "country": "DE-BY"}
    mia_read, rob_read = read(tmp_path, people=people).people
    assert mia_read == Person(
        "007", "Mia Boss", MIA, None, "North", **days, **where, **money, is_admin=True, active=False
    )
    assert rob_read == Person("8", "Rob Rep", ROB, "007")


def test_every_column_of_a_deal_is_read(tmp_path):
    more = {
        "currency": "eur",
        "account": "Acme Corp",
        "product": "GTX",
        "list_price": "1300",
        "close_date": "2017-05-01",
        "lost_reason": "price",
        "updated_at": "2017-04-30T10:00Z",
    }
    (deal,) = read(tmp_path, deals=a_deal(**more)).deals
    assert (deal.currency, deal.account, deal.product, deal.list_price) == ("EUR", "Acme Corp", "GTX", 1300)
    assert (deal.expected_close, deal.lost_reason, deal.modified) == (date(2017, 5, 1), "price", date(2017, 4, 30))


@pytest.mark.parametrize(("word", "status"), [("WON", "won"), ("Lost", "lost")])
def test_status_words_are_read_in_any_case(tmp_path, word, status):
    assert read(tmp_path, deals=a_deal(status=word, close="2017-04-01")).deals[0].status == DealStatus(status)


def test_an_amount_that_is_blank_stays_unknown_and_isnt_0(tmp_path):
    assert read(tmp_path, deals=a_deal(amount="")).deals[0].amount is None
    assert read(tmp_path, deals=a_deal(amount="0")).deals[0].amount == 0


def test_a_deal_may_be_unstarted_or_have_its_days_reversed(tmp_path):
    assert read(tmp_path, deals=a_deal(start="")).deals[0].start is None
    reversed_days = read(tmp_path, deals=a_deal(status="won", start="2017-04-02", close="2017-04-01")).deals[0]
    assert (reversed_days.start, reversed_days.close) == (date(2017, 4, 2), date(2017, 4, 1))


def test_times_fall_on_the_owners_day_in_every_file(tmp_path):
    late = "2017-03-02T02:00Z"
    found = read(
        tmp_path,
        people=NEW_YORKERS,
        deals=a_deal(start=late),
        activities=f"{ACTIVITIES}{ROB},call,{late},,,\n{MIA},call,{late},,,\n",
        stage_history=f"{STAGES}1,Proposal,{late}\n",
        verifiers=f"{VERIFIERS}1,budget,Jane Doe,{late},,,\n",
    )
    first, second = date(2017, 3, 1), date(2017, 3, 2)
    assert found.deals[0].start == first
    assert [activity.on for activity in found.activities] == [first, second]
    assert found.stage_history[0].entered == first
    assert found.verifiers[0].given_on == first


def test_an_activity_counts_once_unless_it_says_how_often(tmp_path):
    rows = f"{ROB},call,2017-03-01,,,\n{ROB},call,2017-03-01,4,1,Jane Doe\n"
    assert read(tmp_path, activities=ACTIVITIES + rows).activities == (
        Activity(ROB, "call", date(2017, 3, 1)),
        Activity(ROB, "call", date(2017, 3, 1), "1", "Jane Doe", 4),
    )


def test_entering_a_stage_twice_on_a_day_is_entering_it(tmp_path):
    rows = "1,Demo,2017-03-02T08:00\n1,Proposal,2017-03-02\n1,Demo,2017-03-02T16:00\n"
    assert read(tmp_path, stage_history=STAGES + rows).stage_history == (
        StageEntry("1", "Demo", date(2017, 3, 2)),
        StageEntry("1", "Proposal", date(2017, 3, 2)),
    )


def test_about_says_since_when_closings_are_known(tmp_path):
    assert read(tmp_path, about="closings_known_since\n2017-03-01\n").closings_known_since == date(2017, 3, 1)
    assert read(tmp_path, about="closings_known_since\n").closings_known_since is None
    assert problems(tmp_path, about="closings_known_since\n2017-03-01\n2017-04-01\n") == (
        "about.csv row 3, column closings_known_since: is a second day: keep one row",
    )


def test_verifiers_have_a_file_of_their_own(tmp_path):
    rows = "1,budget,Jane Doe,2017-03-05,https://x.example.com,2017-09-05,2017-04-01\n1,date,Jane Doe,2017-03-06,,,\n"
    assert read(tmp_path, verifiers=VERIFIERS + rows).verifiers == (
        Verifier(
            "1", "budget", "Jane Doe", date(2017, 3, 5), "https://x.example.com", date(2017, 9, 5), date(2017, 4, 1)
        ),
        Verifier("1", "date", "Jane Doe", date(2017, 3, 6)),
    )


def test_an_evidence_column_says_when_who_and_where(tmp_path):
    cells = {
        "evidence.budget": "2017-03-05 Jane Doe https://x.example.com/1",
        "Evidence.Need Agreed": "2017-03-06 Dr. J. Doe CFO",
        "evidence.date": "",
    }
    assert read(tmp_path, deals=a_deal(**cells)).verifiers == (
        Verifier("1", "budget", "Jane Doe", date(2017, 3, 5), "https://x.example.com/1"),
        Verifier("1", "need_agreed", "Dr. J. Doe CFO", date(2017, 3, 6)),
    )


@pytest.mark.parametrize("cell", ["2017-03-05", "yes", "2017-03-05 https://x.example.com/1"])
def test_evidence_without_a_customers_name_is_refused(tmp_path, cell):
    assert problems(tmp_path, deals=a_deal(**{"evidence.budget": cell})) == (
        (
            f"deals.csv row 2, column evidence.budget: '{cell}' doesn't say which customer gave it: write day, "
            "name and perhaps a link, such as 2017-03-31 Jane Doe https://mail.example.com/1"
        ),
    )


@pytest.mark.parametrize("column", ["evidence", "evidence.", "evidence_budget"])
def test_an_evidence_column_without_a_key_isnt_passed_over(tmp_path, column):
    assert problems(tmp_path, deals=a_deal(**{column: "2017-03-05 Jane Doe"})) == (
        f"deals.csv row 1: column {column} isn't known: write evidence. and a key, or remove it",
    )


def test_evidence_begins_with_an_iso_day(tmp_path):
    assert problems(tmp_path, deals=a_deal(**{"evidence.budget": "Jane Doe 2017-03-05"})) == (
        "deals.csv row 2, column evidence.budget: 'Jane' isn't an ISO date: write year-month-day, such as 2017-03-31",
    )


def test_the_same_verifier_twice_on_a_day_is_refused_and_on_two_days_given_anew(tmp_path):
    deals = a_deal(**{"evidence.budget": "2017-03-05 Jane Doe"})
    assert problems(tmp_path, deals=deals, verifiers=f"{VERIFIERS}1,budget,Joe,2017-03-05,,,\n") == (
        (
            "deals.csv row 2, column evidence.budget: was given on 2017-03-05 in verifiers.csv row 2, column verifier "
            "already: keep one"
        ),
    )
    assert len(read(tmp_path, deals=deals, verifiers=f"{VERIFIERS}1,budget,Joe,2017-03-06,,,\n").verifiers) == 2


@pytest.mark.parametrize("column", ["expires_on", "withdrawn_on"])
def test_a_verifier_doesnt_end_before_it_is_given(tmp_path, column):
    ends = {"expires_on": "2017-03-04,", "withdrawn_on": ",2017-03-04"}[column]
    assert problems(tmp_path, verifiers=f"{VERIFIERS}1,budget,Jane,2017-03-05,,{ends}\n") == (
        (
            f"verifiers.csv row 2, column {column}: 2017-03-04 is before 2017-03-05, when it was given: "
            "mend one of the two"
        ),
    )


def test_an_address_or_id_that_two_people_have_is_refused(tmp_path):
    assert problems(tmp_path, people=f"{PEOPLE}Rob@example.com,Bob,{MIA}\n") == (
        "people.csv row 4, column email: 'rob@example.com' is in row 3 already: keep one of the two rows",
    )
    people = f"id,email,name,manager_email\n7,{MIA},Mia,\n7,{ROB},Rob,{MIA}\n"
    assert problems(tmp_path, people=people) == (
        "people.csv row 3, column id: '7' is in row 2 already: keep one of the two rows",
    )
    taken = f"id,email,name,manager_email\n,{MIA},Mia,\n{MIA},{ROB},Rob,\n"
    assert problems(tmp_path, people=taken) == (
        "people.csv row 3, column id: 'mia@example.com' is in row 2 already: keep one of the two rows",
    )


def test_a_manager_nobody_knows_is_refused(tmp_path):
    assert problems(tmp_path, people=PEOPLE.replace(f"Rep,{MIA}", "Rep,max@example.com")) == (
        (
            "people.csv row 3, column manager_email: 'max@example.com' isn't in people.csv: "
            "add it there, or write one that is"
        ),
    )


def test_a_circle_of_managers_is_refused_once(tmp_path):
    people = PEOPLE.replace("Mia Boss,", f"Mia Boss,{ROB}") + f"eve@example.com,Eve,{MIA}\n"
    assert problems(tmp_path, people=people) == (
        (
            f"people.csv row 2, column manager_email: {MIA} reports to {ROB} reports to {MIA}: "
            "leave it blank for the one at the top"
        ),
    )
    assert problems(tmp_path, people=PEOPLE.replace("Mia Boss,", f"Mia Boss,{MIA}")) == (
        f"people.csv row 2, column manager_email: {MIA} reports to {MIA}: leave it blank for the one at the top",
    )


def test_a_last_day_before_the_first_is_refused(tmp_path):
    people = f"email,name,manager_email,first_day,last_day\n{MIA},Mia,,2017-03-02,2017-03-01\n{ROB},Rob,,,\n"
    assert problems(tmp_path, people=people) == (
        "people.csv row 2, column last_day: 2017-03-01 is before the first day, 2017-03-02: mend one of the two",
    )


def test_an_owner_or_rep_nobody_knows_is_refused_in_every_file(tmp_path):
    stranger = "joe@example.com"
    found = problems(
        tmp_path,
        deals=a_deal(owner_email=stranger),
        goals=GOALS.replace(ROB, stranger),
        activities=f"{ACTIVITIES}{stranger},call,2017-03-01,,,\n",
    )
    wrong = f"'{stranger}' isn't in people.csv: add it there, or write one that is"
    assert found == (
        f"deals.csv row 2, column owner_email: {wrong}",
        f"goals.csv row 2, column rep_email: {wrong}",
        f"activities.csv row 2, column owner_email: {wrong}",
    )


def test_a_deal_nobody_knows_is_refused_in_every_file(tmp_path):
    found = problems(
        tmp_path,
        activities=f"{ACTIVITIES}{ROB},call,2017-03-01,,2,\n",
        stage_history=f"{STAGES}2,Demo,2017-03-01\n",
        verifiers=f"{VERIFIERS}2,budget,Jane,2017-03-01,,,\n",
    )
    wrong = "'2' isn't in deals.csv: add it there, or write one that is"
    assert found == tuple(
        f"{name}.csv row 2, column deal_id: {wrong}" for name in ("activities", "stage_history", "verifiers")
    )


def test_one_fault_is_said_once_and_not_again_by_every_row_that_refers_to_it(tmp_path):
    assert problems(tmp_path, people=f"email,name,manager_email,timezone\n{ROB},Rob Rep,,Mars\n") == (
        "people.csv row 2, column timezone: 'Mars' isn't a time zone: write an IANA name such as Europe/Berlin",
    )
    assert problems(tmp_path, people="email\n") == (
        "people.csv: column name is missing: add it to the first row and to each row",
        "people.csv: column manager_email is missing: add it to the first row and to each row",
    )


@pytest.mark.parametrize("status", ["won", "lost"])
def test_a_closed_deal_needs_the_day_it_closed(tmp_path, status):
    assert problems(tmp_path, deals=a_deal(status=status)) == (
        f"deals.csv row 2, column close: is blank though the deal is {status}: write the day on which it was {status}",
    )


def test_an_open_deal_has_no_day_it_closed(tmp_path):
    assert problems(tmp_path, deals=a_deal(close="2017-05-01")) == (
        (
            "deals.csv row 2, column close: 2017-05-01 is given though the deal is open: "
            "write it in expected_close, or mend the status"
        ),
    )


def test_a_status_is_open_won_or_lost(tmp_path):
    assert problems(tmp_path, deals=a_deal(status="Negotiation")) == (
        "deals.csv row 2, column status: 'Negotiation' isn't a status: write open, won or lost",
    )


def test_a_deals_id_twice_is_refused_unless_the_rows_say_which_is_newer(tmp_path):
    twice = f"{DEALS}{DEALS.splitlines()[1].replace('Acme', 'Acme II')}\n"
    assert problems(tmp_path, deals=twice) == (
        (
            "deals.csv row 3, column id: '1' is in row 2 already: keep one of the two rows, "
            "or write in modified when each was changed, and the later one counts"
        ),
    )
    header, *rows = twice.splitlines()
    dated = "\n".join((f"{header},modified", f"{rows[1]},2017-05-02", f"{rows[0]},2017-05-01"))
    assert [deal.name for deal in read(tmp_path, deals=dated).deals] == ["Acme", "Acme II"]


def test_only_the_newer_row_of_a_deal_gives_its_evidence(tmp_path):
    old = a_deal(**{"modified": "2017-05-01", "evidence.budget": "2017-03-05 Jane"})
    new = a_deal(**{"modified": "2017-05-02", "evidence.budget": "2017-03-05 Jane Doe"}).splitlines()[1]
    assert read(tmp_path, deals=f"{old}{new}\n").verifiers == (Verifier("1", "budget", "Jane Doe", date(2017, 3, 5)),)


def test_a_period_ends_on_its_first_day_or_later(tmp_path):
    assert read(tmp_path, goals=GOALS.replace("2017-06-30", "2017-04-01")).goals[0].end == date(2017, 4, 1)
    assert problems(tmp_path, goals=GOALS.replace("2017-06-30", "2017-03-31")) == (
        "goals.csv row 2, column period_end: 2017-03-31 is before the period's start, 2017-04-01: mend one of the two",
    )


def test_two_goals_for_one_period_are_refused_and_a_month_within_a_quarter_is_fine(tmp_path):
    assert problems(tmp_path, goals=f"{GOALS}{ROB},2017-04-01,2017-06-30,6000\n") == (
        "goals.csv row 3, column rep_email: rob@example.com has a goal for this period in row 2 already: keep one",
    )
    assert len(read(tmp_path, goals=f"{GOALS}{ROB},2017-04-01,2017-04-30,1500\n").goals) == 2


def test_a_blank_in_a_column_that_must_be_filled_is_refused(tmp_path):
    assert problems(tmp_path, people=PEOPLE.replace("Rob Rep", ""), goals=GOALS.replace("5000", "")) == (
        "people.csv row 3, column name: is blank: fill it in",
        "goals.csv row 2, column amount: is blank: fill it in",
    )


def test_countries_are_checked_against_the_holidays_that_are_known(tmp_path):
    people = f"email,name,manager_email,country\n{MIA},Mia,,ZZ\n{ROB},Rob,,US\n"
    a_folder(tmp_path, people=people)
    assert read_folder(tmp_path).people[0].country == "ZZ"
    with pytest.raises(BadInputError) as refused:
        read_folder(tmp_path, known_country=known_country)
    assert refused.value.problems == (
        (
            "people.csv row 2, column country: 'ZZ' is a country whose holidays aren't known: "
            "write another or leave it blank"
        ),
    )


def test_a_required_file_that_is_missing_is_named_with_its_first_row(tmp_path):
    assert problems(tmp_path, goals=None) == (
        "goals.csv: is missing: add it, if only with its first row, rep_email,period_start,period_end,amount",
    )


def test_a_workbook_in_place_of_a_file_is_to_be_saved_as_csv(tmp_path):
    (tmp_path / "goals.xlsx").write_bytes(b"PK")
    assert problems(tmp_path, goals=None) == ("goals.csv: is missing: save goals.xlsx as CSV (UTF-8)",)


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("deal.csv", "deals.csv"),
        ("Deals.csv", "deals.csv"),
        ("deals (1).csv", "deals.csv"),
        ("activity.csv", "activities.csv"),
        ("stage-history.CSV", "stage_history.csv"),
        ("verifier.csv", "verifiers.csv"),
    ],
)
def test_a_misspelt_file_isnt_passed_over(tmp_path, name, ours):
    (tmp_path / name).write_text("")
    assert problems(tmp_path) == (f"{name}: isn't one of our files: rename it to {ours}, or move it out of the folder",)


def test_other_files_are_passed_over(tmp_path):
    for name in ("accounts.csv", "notes.txt", "deals.bak"):
        (tmp_path / name).write_text("?")
    assert read(tmp_path).people != ()


def test_a_folder_that_isnt_there_is_named(tmp_path):
    with pytest.raises(BadInputError) as refused:
        read_folder(tmp_path / "nowhere")
    assert str(refused.value) == (
        f"{tmp_path / 'nowhere'} isn't a folder: name the one that holds people.csv, deals.csv, goals.csv."
    )
    with pytest.raises(BadInputError):
        read_folder(a_folder(tmp_path) / "deals.csv")


def test_everything_wrong_in_a_folder_is_said_at_once(tmp_path):
    a_folder(tmp_path, people=PEOPLE.replace(MIA, "mia"), deals=a_deal(start="03/04/2017", amount='"1,5"'), goals=None)
    with pytest.raises(BadInputError) as refused:
        read_folder(tmp_path)
    assert refused.value.summary == f"Nothing was imported from {tmp_path}: 5 problems to mend first."
    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        "goals.csv",
        "people.csv row 2, column email",
        "people.csv row 3, column manager_email",
        "deals.csv row 2, column start",
        "deals.csv row 2, column amount",
    ]
