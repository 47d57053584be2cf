"""Whether the page on importing says what the format is."""

import re
from pathlib import Path

import pytest

from bot.crm.csv_files import read_folder
from bot.crm.import_format import EVIDENCE, LAYOUTS, REQUIRED

PAGE = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")
HEADINGS = re.split(r"^## (.+)\n", PAGE, flags=re.MULTILINE)
SECTIONS = dict(zip(HEADINGS[1::2], HEADINGS[2::2], strict=True))
EXAMPLE = re.compile(r"(?:^    .+\n)+", re.MULTILINE)


def example(file: str) -> str:
    return "".join(line.removeprefix("    ") for line in EXAMPLE.findall(SECTIONS[file])[0].splitlines(keepends=True))


@pytest.mark.parametrize("file", LAYOUTS)
def test_every_column_has_a_row_in_its_files_table_and_no_other_has(file):
    rows = re.findall(r"^\| `(\w+)` \| (yes)?.*?\| (.+) \|$", SECTIONS[file], flags=re.MULTILINE)
    assert [(name, needed == "yes") for name, needed, _ in rows] == [
        (column.name, column.required) for column in LAYOUTS[file]
    ]
    meanings = {name: meaning for name, _, meaning in rows}
    for column in LAYOUTS[file]:
        assert all(f"`{name}`" in meanings[column.name] for name in column.also)


def test_every_file_is_listed_with_whether_it_is_needed():
    listed = re.findall(r"^\| `([\w.]+)` \| (yes|no) \|", SECTIONS["The files"], flags=re.MULTILINE)
    assert listed == [(name, "yes" if name in REQUIRED else "no") for name in LAYOUTS]


def test_the_examples_are_an_import(tmp_path):
    for file in LAYOUTS:
        (tmp_path / file).write_text(example(file), encoding="utf-8")
    verifiers = (tmp_path / "verifiers.csv").read_text(encoding="utf-8")
    (tmp_path / "verifiers.csv").write_text(verifiers.replace("budget", "date"), encoding="utf-8")
    found = read_folder(tmp_path)
    assert (len(found.people), len(found.deals), len(found.goals), len(found.activities)) == (2, 2, 1, 2)
    assert sorted((one.key, one.given_by) for one in found.verifiers) == [("budget", "Jane Doe"), ("date", "Jane Doe")]
    assert found.stage_history
    assert found.closings_known_since is not None


def test_the_evidence_cell_of_the_page_is_read(tmp_path):
    cell = re.search(r"^    (2017-03-20 Jane Doe, CFO .+)$", PAGE, flags=re.MULTILINE)
    assert cell is not None
    for file in REQUIRED:
        (tmp_path / file).write_text(example(file), encoding="utf-8")
    deals = (tmp_path / "deals.csv").read_text(encoding="utf-8").replace("2017-03-20 Jane Doe", f'"{cell[1]}"')
    (tmp_path / "deals.csv").write_text(deals, encoding="utf-8")
    (verifier,) = read_folder(tmp_path).verifiers
    assert (verifier.given_by, verifier.link) == ("Jane Doe, CFO", "https://mail.example.com/1")
    assert f"`{EVIDENCE}" in PAGE
