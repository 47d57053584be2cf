"""Which files can be read as a table, whatever program wrote them."""

import io
import zipfile

import pytest

from bot.crm.csv_header import Column
from bot.crm.csv_table import read_table
from bot.crm.problems import Problems
from bot.errors import BadInputError
from tests.crm.import_folders import DEALS, DEALS_HEADER, GOALS, PEOPLE, a_deal, problems, read

UMLAUT = PEOPLE.replace("Rob Rep", "Röb Rep")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_that_spreadsheets_save_are_read(tmp_path, encoding):
    assert read(tmp_path, people=UMLAUT.encode(encoding)).people[1].name == "Röb Rep"


@pytest.mark.parametrize("separator", [";", "\t"])
def test_semicolons_and_tabs_may_divide_cells(tmp_path, separator):
    assert read(tmp_path, deals=DEALS.replace(",", separator)) == read(tmp_path, deals=DEALS)


def test_line_ends_blank_rows_and_blanks_around_cells_dont_matter(tmp_path):
    messy = PEOPLE.replace(",", " , ").replace("\n", "\r\n\r\n,,\r\n")
    assert read(tmp_path, people=messy) == read(tmp_path, people=PEOPLE)


def test_a_cell_in_double_quotes_may_hold_separators_quotes_and_line_ends(tmp_path):
    deals = read(tmp_path, deals=DEALS.replace("Acme", '"Acme, ""Inc""\nBerlin"')).deals
    assert deals[0].name == 'Acme, "Inc"\nBerlin'


def test_columns_may_stand_in_any_order_and_case_among_others(tmp_path):
    people = "Phone,Manager Email,NAME,Email\n1,,Mia Boss,mia@example.com\n2,mia@example.com,Rob Rep,rob@example.com\n"
    assert read(tmp_path, people=people) == read(tmp_path, people=PEOPLE)


def test_a_missing_column_is_named_with_its_other_names(tmp_path):
    without = "\n".join(",".join(line.split(",")[:5] + line.split(",")[6:]) for line in DEALS.split("\n"))
    assert problems(tmp_path, deals=without) == (
        "deals.csv: column start or started_at or created_at is missing: add it to the first row and to each row",
    )


def test_a_misspelt_column_is_refused_with_the_name_it_looks_like(tmp_path):
    people = PEOPLE.replace("manager_email", "manager_email,time_zone").replace(",\n", ",,\n")
    people = people.replace("Rep,mia@example.com", "Rep,mia@example.com,UTC")
    assert problems(tmp_path, people=people) == (
        "people.csv row 1: column time_zone isn't known: rename it to timezone, or remove it",
    )


def test_a_column_that_is_there_twice_is_refused(tmp_path):
    twice = GOALS.replace("amount", "amount,Amount").replace("5000", "5000,6000")
    assert problems(tmp_path, goals=twice) == ("goals.csv row 1: column amount is there 2 times: keep one",)
    both = GOALS.replace("amount", "amount,owner_email").replace("5000", "5000,rob@example.com")
    assert problems(tmp_path, goals=both) == (
        "goals.csv row 1: columns rep_email and owner_email mean the same: keep one",
    )


@pytest.mark.parametrize(("cells", "count"), [("1,rob@example.com,Acme, Inc,won,Closed,,2017-04-01,5", 9), ("1,x", 2)])
def test_a_row_with_other_than_the_headers_cells_is_refused(tmp_path, cells, count):
    (found,) = problems(tmp_path, deals=f"{DEALS_HEADER}\n{cells}\n")
    assert found == (
        f"deals.csv row 2: has {count} cells where the first row has 8: "
        "put a cell that contains the separator in double quotes, or add what is missing"
    )


def test_a_double_quote_that_isnt_closed_is_refused_where_it_breaks_off(tmp_path):
    found = problems(tmp_path, deals=DEALS.replace("Acme", '"Acme'))
    assert len(found) == 1
    assert found[0].startswith("deals.csv row 2: breaks off (")
    assert found[0].endswith("): look for a double quote that isn't closed")


def test_an_empty_file_has_no_first_row(tmp_path):
    assert problems(tmp_path, goals="\n\n") == ("goals.csv: has no first row with the names of the columns: add it",)


def test_a_workbook_saved_under_our_name_is_refused(tmp_path):
    workbook = io.BytesIO()
    with zipfile.ZipFile(workbook, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert problems(tmp_path, goals=workbook.getvalue()) == (
        "goals.csv: is a workbook or archive: save it as CSV (UTF-8)",
    )


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf\xff", b"rep\x81_email", b"a\0b"])
def test_what_is_no_text_is_refused(tmp_path, content):
    assert problems(tmp_path, goals=content) == (
        "goals.csv: is no text in UTF-8, UTF-16 or Windows-1252: save it as CSV (UTF-8)",
    )


def test_a_file_over_20_megabytes_is_refused_unread(tmp_path):
    assert problems(tmp_path, goals=b"x" * (20 * 1024 * 1024 + 1)) == ("goals.csv: is larger than 20 MB: split it",)


@pytest.mark.parametrize(("rows", "faults"), [(100_000, 0), (100_001, 1)])
def test_a_file_may_have_100000_rows_and_no_more(tmp_path, rows, faults):
    gathered = Problems()
    (tmp_path / "x.csv").write_text("n\n" + "1\n" * rows)
    table = read_table(tmp_path / "x.csv", [Column("n")], gathered)
    assert (len(table.rows), gathered.count) == (100_000, faults)


def test_a_text_of_2000_characters_is_read_and_a_longer_one_refused(tmp_path):
    assert read(tmp_path, deals=a_deal(account="x" * 2_000)).deals[0].account == "x" * 2_000
    assert problems(tmp_path, deals=a_deal(account="x" * 2_001)) == (
        f"deals.csv row 2, column account: '{'x' * 40}…' has 2,001 characters: shorten it to 2,000",
    )


def test_the_place_is_named_in_the_files_own_words_and_by_its_row_in_a_spreadsheet(tmp_path):
    deals = f"\n{DEALS}\n".replace("start,close", "Created At,close").replace("2017-03-01", "1/3/17")
    assert problems(tmp_path, deals=deals) == (
        "deals.csv row 3, column Created At: '1/3/17' isn't an ISO date: write year-month-day, such as 2017-03-31",
    )


def test_a_formula_is_text_and_its_guard_is_taken_off(tmp_path):
    assert read(tmp_path, deals=a_deal(account="=1+1")).deals[0].account == "=1+1"
    assert read(tmp_path, deals=a_deal(account="'=1+1")).deals[0].account == "=1+1"
    assert read(tmp_path, deals=a_deal(account="'t Hooft")).deals[0].account == "'t Hooft"


def test_fifty_problems_are_listed_and_the_others_counted(tmp_path):
    gathered = Problems()
    (tmp_path / "x.csv").write_text("n\n" + "a\n" * 61)
    table = read_table(tmp_path / "x.csv", [Column("n")], gathered)
    for row in table.rows:
        row.amount("n")
    with pytest.raises(BadInputError) as refused:
        gathered.refuse_if_any("x")
    assert refused.value.summary == "Nothing was imported from x: 61 problems to mend first."
    assert len(refused.value.problems) == 51
    assert refused.value.problems[-1] == "and 11 more"
