"""Whether records come back from the files they were written to."""

import csv
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
from bot.crm import maven
from bot.crm.csv_files import read_folder
from bot.crm.import_format import LAYOUTS
from bot.crm.write_csv import write_folder
from bot.demo.organisation import DATA

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
MAYBE_DAY = st.none() | DAYS
AMOUNTS = st.floats(-9e14, 9e14, allow_subnormal=False)
MAYBE_AMOUNT = st.none() | AMOUNTS
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from("'=+-@\",;\t\n\r")
TEXT = st.text(LETTERS, max_size=12).map(str.strip)
WORDS = TEXT.filter(bool)
CURRENCIES = st.sampled_from(["", "EUR", "USD"])


@st.composite
def organisations(draw: st.DrawFn) -> Records:
    people: list[Person] = []
    for number, code in enumerate(draw(st.lists(WORDS, min_size=1, max_size=4, unique=True))):
        first, last = draw(MAYBE_DAY), draw(MAYBE_DAY)
        starts = draw(st.lists(st.floats(0.01, 5), unique=True, max_size=2))
        people.append(
            Person(
                id=code,
                name=draw(WORDS),
                email=f"{draw(st.sampled_from(['', '=', '-', '+']))}{number}@example.com",
                manager_id=draw(st.sampled_from([None, *(person.id for person in people)])),
                team=draw(TEXT),
                first_day=first,
                last_day=last if first is None or last is None else max(first, last),
                timezone=draw(st.sampled_from(["UTC", "America/New_York"])),
                country=draw(st.sampled_from([None, "US-CA"])),
                quota=draw(MAYBE_AMOUNT),
                commission=tuple(CommissionBand(at, draw(st.floats(0, 1))) for at in (0, *sorted(starts))),
                awesome=draw(MAYBE_AMOUNT),
                is_admin=draw(st.booleans()),
                active=draw(st.booleans()),
            ),
        )
    owners = st.sampled_from([person.id for person in people])
    deals = tuple(draw(deals_of(owners, code)) for code in draw(st.lists(WORDS, max_size=4, unique=True)))
    codes = st.sampled_from([deal.id for deal in deals]) if deals else st.nothing()
    goals = st.builds(PeriodGoal, owners, DAYS, DAYS, AMOUNTS, CURRENCIES).filter(lambda goal: goal.start <= goal.end)
    activities = st.builds(Activity, owners, WORDS, DAYS, st.none() | codes, TEXT, st.integers(1, 1_000_000))
    entries = st.builds(StageEntry, codes, WORDS, DAYS)
    ends = st.none() | st.just(date(2150, 12, 31))
    verifiers = st.builds(Verifier, codes, WORDS, WORDS, DAYS, TEXT, ends, ends)
    return Records(
        people=tuple(people),
        deals=deals,
        goals=tuple(draw(st.lists(goals, max_size=3, unique_by=lambda goal: (goal.rep, goal.start, goal.end)))),
        activities=tuple(draw(st.lists(activities, max_size=3))),
        stage_history=tuple(draw(st.lists(entries, max_size=3, unique=True))) if deals else (),
        verifiers=tuple(draw(st.lists(verifiers, max_size=3, unique_by=lambda one: (one.deal, one.key, one.given_on))))
        if deals
        else (),
        closings_known_since=draw(MAYBE_DAY),
    )


def deals_of(owners: st.SearchStrategy[str], code: str) -> st.SearchStrategy[Deal]:
    known = {
        "id": st.just(code),
        "owner": owners,
        "name": WORDS,
        "start": MAYBE_DAY,
        "amount": MAYBE_AMOUNT,
        "currency": CURRENCIES,
        "stage": TEXT,
        "account": TEXT,
        "product": TEXT,
        "list_price": MAYBE_AMOUNT,
        "expected_close": MAYBE_DAY,
        "lost_reason": TEXT,
        "modified": MAYBE_DAY,
    }
    is_open = st.builds(Deal, **known, status=st.just(DealStatus.OPEN))
    return is_open | st.builds(Deal, **known, status=st.sampled_from([DealStatus.WON, DealStatus.LOST]), close=DAYS)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(organisations())
def test_what_is_written_is_read_again(records):
    with TemporaryDirectory() as place:
        assert read_folder(write_folder(records, Path(place) / "import")) == records


def test_the_public_set_comes_through_as_an_import_folder(tmp_path):
    original = maven.read(DATA)
    assert read_folder(write_folder(original, tmp_path)) == original


def test_every_file_is_written_with_its_columns_in_order(tmp_path):
    write_folder(Records(), tmp_path)
    for name, layout in LAYOUTS.items():
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            assert next(csv.reader(file)) == [column.name for column in layout]
    assert read_folder(tmp_path) == Records()


def test_no_cell_starts_as_a_formula_would(tmp_path):
    ann = Person("=1+1", "@SUM(A1)", "ann@example.com", team="-2")
    write_folder(Records(people=(ann,)), tmp_path)
    text = (tmp_path / "people.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[1] == "ann@example.com,'@SUM(A1),,'-2,,UTC,'=1+1,,,,,,no,yes"


def test_an_older_export_in_the_folder_is_replaced_whole(tmp_path):
    ann = Person("ann@example.com", "Ann", "ann@example.com")
    write_folder(Records(people=(ann,), activities=(Activity(ann.id, "call", date(2017, 3, 1)),)), tmp_path)
    write_folder(Records(), tmp_path)
    assert read_folder(tmp_path) == Records()
