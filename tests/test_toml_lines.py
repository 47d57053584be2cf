"""On which line the parts of a TOML document stand."""

import string
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.toml_lines import Place, line_of, lines

DOCUMENT = '''\
# [[stage]] in a comment is none
name = "a # and a [[stage]] in a string"

[[stage]]
text = """
[[stage]]
""\\" name = 5
"""
literal = \'\'\'
it's [[stage]]\'\'\'
toll = [
    # a comment, with commas, and a "quote
    { key = "a, b", name = 'c' }, { key = "d" },
    { list = [1, 2], name = "]" },
]
[[ "stage" ]] # the second
"a.b" = 1
[[stage.toll]]
c . d = [[1],
  [2, 3]]
[[stage.toll]]
[other.'e"f']
g = 2000-01-01 00:00:00
'''

PLACES: dict[Place, int] = {
    ("name",): 2,
    ("stage",): 4,
    ("stage", 0): 4,
    ("stage", 0, "text"): 5,
    ("stage", 0, "literal"): 9,
    ("stage", 0, "toll"): 11,
    ("stage", 0, "toll", 0): 13,
    ("stage", 0, "toll", 1): 13,
    ("stage", 0, "toll", 2): 14,
    ("stage", 1): 16,
    ("stage", 1, "a.b"): 17,
    ("stage", 1, "toll"): 18,
    ("stage", 1, "toll", 0): 18,
    ("stage", 1, "toll", 0, "c", "d"): 19,
    ("stage", 1, "toll", 0, "c", "d", 0): 19,
    ("stage", 1, "toll", 0, "c", "d", 1): 20,
    ("stage", 1, "toll", 1): 21,
    ("other", 'e"f'): 22,
    ("other", 'e"f', "g"): 23,
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_headers_keys_and_elements_have_their_lines_and_strings_and_comments_have_none(newline: str) -> None:
    text = DOCUMENT.replace("\n", newline)
    tomllib.loads(text)
    assert lines(text) == PLACES


def test_a_place_without_a_line_has_that_of_the_nearest_thing_around_it() -> None:
    assert line_of(("stage", 0, "toll", 1, "name"), PLACES) == 13
    assert line_of(("stage", 1, "outcome"), PLACES) == 16
    assert line_of(("activity", 0), PLACES) == 1


def test_a_document_may_end_anywhere() -> None:
    assert lines("") == {}
    assert lines("a = 1") == {("a",): 1}
    assert lines("\n[a]") == {("a",): 2}
    assert lines("# only a comment") == {}


WORDS = st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=3)
TEXTS = st.text(alphabet="ab #[]{},='\n", max_size=8)
PADDING = st.lists(st.sampled_from(["", "# [[t]]", "  "]), max_size=3)


@given(st.lists(st.tuples(PADDING, st.dictionaries(WORDS, st.lists(TEXTS, max_size=3), max_size=3)), max_size=4))
def test_every_value_begins_on_the_line_that_is_said(tables: list[tuple[list[str], dict[str, list[str]]]]) -> None:
    written: list[str] = []
    expected: dict[Place, int] = {}
    for number, (padding, table) in enumerate(tables):
        written += [*padding, "[[t]]"]
        expected.setdefault(("t",), len(written))
        expected[("t", number)] = len(written)
        for key, values in table.items():
            written.append(f"{key} = [")
            expected[("t", number, key)] = len(written)
            for position, value in enumerate(values):
                expected[("t", number, key, position)] = len(written) + 1
                written += f'"""\n{value}""", # ,'.split("\n")
            written.append("]")
    text = "\n".join(written)
    parsed: Any = tomllib.loads(text)
    assert parsed.get("t", []) == [table for _, table in tables]
    assert lines(text) == expected
