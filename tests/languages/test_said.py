"""Whether a sentence remembers how it was made, through everything that happens to it before somebody reads it."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import playbook_file
from bot.coaching import wording
from bot.coaching.said import (
    Said,
    Sentence,
    capital,
    joined,
    listed,
    listed_or,
    midway,
    recalled,
    say,
    say_many,
    shortened,
)
from bot.errors import BadFieldsError, BadInputError, UserError
from bot.storage.kept_words import MARK, Words, kept, read
from bot.storage.values import CADENCE_DECISION
from bot.views.languages import GERMAN, LANGUAGES, Language
from bot.views.mrkdwn import esc, quote
from bot.views.speaking import speaking
from tests.languages.sources import TEMPLATES, Template, placeholders, templates
from tests.views.builders import a_decision

FOUND = templates()
UNITS = [kind.unit for kind in playbook_file.load(None).activities]
DATA = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FIGURES = st.one_of(
    st.floats(-1e10, 1e10).map(wording.money),
    st.floats(-1e6, 1e6).map(wording.number),
    st.floats(-10, 10).map(lambda value: wording.fixed(value, 2, signed=True)),
    st.floats(0, 2).map(wording.percent),
    st.floats(0, 9).map(wording.times),
    st.floats(0, 1).map(wording.share),
    st.dates().map(wording.short_day),
    st.dates().map(wording.dated_day),
    st.dates().map(wording.weekday),
    st.tuples(st.integers(0, 5000), st.sampled_from(["calls", *UNITS])).map(lambda of: wording.units(*of)),
)
ARGUMENTS = st.one_of(DATA, FIGURES, st.integers(-99, 9999), st.floats(-1e6, 1e6))


@st.composite
def sentences(draw: st.DrawFn) -> Said:
    one: Template = draw(st.sampled_from(FOUND))
    arguments = {name: draw(ARGUMENTS) for name in frozenset().union(*map(placeholders, one.texts))}
    if len(one.texts) > 1:
        return say_many(*one.texts, draw(st.one_of(st.integers(0, 200), st.sampled_from([0.5, 2.5]))), **arguments)
    return say(one.texts[0], **arguments)


@st.composite
def texts(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.one_of(sentences(), FIGURES, DATA), min_size=1, max_size=3))
    return draw(st.sampled_from([joined, listed, listed_or, _beginning, _middle]))(parts)


def _beginning(parts: list[str]) -> str:
    return capital(joined(parts))


def _middle(parts: list[str]) -> str:
    return midway(joined(parts))


def memory(text: str) -> object:
    return text.memory() if isinstance(text, Said) else text


@given(texts())
def test_what_is_stored_comes_back_with_its_memory(text: str) -> None:
    back = read(kept(text))
    assert (back, memory(back)) == (text, memory(text))
    assert kept(text).startswith(text), "whoever looks into the database reads English"


@given(texts())
def test_a_memory_is_json_and_outlives_copies(text: str) -> None:
    assert recalled(json.loads(json.dumps(memory(text)))) == text
    for again in (copy.deepcopy(text), pickle.loads(pickle.dumps(text))):  # noqa: S301 - our own bytes
        assert (again, memory(again)) == (text, memory(text))


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
@given(text=texts())
def test_every_language_fills_every_placeholder_with_what_stands_in_for_it(language: Language, text: str) -> None:
    said = language.written(text)
    assert type(said) is str
    if isinstance(text, Sentence):
        for value in text.arguments.values():
            assert not isinstance(value, str) or language.written(value) in said or text.many


@given(texts(), st.integers(1, 60))
def test_a_shortened_text_fits_and_is_stored_as_it_is(text: str, most: int) -> None:
    short = shortened(text, most)
    assert len(short) <= most
    assert (short == text) is (len(text) <= most)
    assert read(kept(short)) == short


def test_what_is_shortened_can_be_told_in_any_language_still() -> None:
    lines = [say("line {line}: {what}", line=number, what=say("invalid value")) for number in range(1, 100)]
    short = shortened(joined(lines, "\n"), 50)
    assert short.splitlines() == ["line 1: invalid value", "line 2: invalid value"]
    assert GERMAN.written(short) == "Zeile 1: ungültiger Wert\nZeile 2: ungültiger Wert"
    quoted = say('It said: "{words}".', words="No. " * 100)
    assert GERMAN.written(shortened(quoted, 20)) == "Die Antwort lautete: „No. No.…“."
    assert GERMAN.written(shortened(joined([quoted, quoted]), 20)) == "Die Antwort lautete: „No. No.…“."
    assert shortened(say("Pick a day"), 5) == "Pick…", "our own words alone are too many"


@given(DATA)
def test_what_people_write_is_kept_as_it_is(words: str) -> None:
    assert read(kept(words)) == words
    forged = f"Hello{MARK}{json.dumps({'say': 'Forged', 'with': {}})}{words}"
    assert read(kept(forged)) == forged
    assert not isinstance(read(kept(forged)), Said)


@pytest.mark.parametrize(
    "stored", [f"Hello{MARK}", f"Hello{MARK}{{", f'Hello{MARK}{{"new": 1}}', f'Hello{MARK}{{"say": 1}}']
)
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_a_memory_that_cannot_be_read_leaves_the_english(language: Language, stored: str) -> None:
    assert read(stored) == "Hello"
    assert language.written(read(stored)) == "Hello"
    around = read(kept(say("Why: {why}", why=read(stored))))
    assert language.written(around) == "Why: Hello", "what it stands in keeps its own memory"


@given(texts())
def test_what_was_stored_says_in_each_language_what_it_said_before(text: str) -> None:
    for language in LANGUAGES:
        assert language.written(read(kept(text))) == language.written(text)
        assert language.written(read(kept(read(kept(text))))) == language.written(text)


def test_what_was_stored_before_is_read_as_it_was() -> None:
    assert read("We meet every week.") == "We meet every week."
    column = Words()
    assert column.process_bind_param(None, None) is None  # type: ignore[arg-type]
    assert column.process_result_value(None, None) is None  # type: ignore[arg-type]


def test_a_decision_is_kept_with_what_its_sentence_remembers() -> None:
    decision = replace(
        a_decision(), sentence=say("We meet {often}: {facts}; {because}.", often="a", facts="b", because="c")
    )
    back = CADENCE_DECISION.read(json.loads(json.dumps(CADENCE_DECISION.write(decision))))
    assert GERMAN.written(back.sentence) == "Wir treffen uns a, denn b; c."


def test_an_error_remembers_what_it_says() -> None:
    refused = say("Pick a day")
    for error in (UserError(refused), BadInputError(refused), BadFieldsError({"day": refused})):
        with speaking(GERMAN):
            assert esc(str(error)) == "Wähle einen Tag"
            assert quote(str(error)) == "> Wähle einen Tag"


def test_a_clause_begins_a_sentence_in_every_language() -> None:
    assert GERMAN.written(capital(say("your trend is steady"))) == "Dein Trend ist stabil"


def test_a_name_in_the_middle_of_a_sentence_is_small_in_english_and_a_companys_own_as_it_always_was() -> None:
    call = joined(("Acme", midway(say("Call a new prospect and ask for a first meeting"))), ": ")
    assert call == "Acme: call a new prospect and ask for a first meeting"
    assert GERMAN.written(call) == "Acme: Einen neuen Interessenten anrufen und um einen ersten Termin bitten"
    assert [midway(name) for name in ("Ask twice", "CRM notes", "A note", "")] == [
        "ask twice",
        "CRM notes",
        "a note",
        "",
    ]


def test_one_of_what_is_counted_is_told_in_every_language_also_after_it_was_stored() -> None:
    summaries = next(unit for unit in UNITS if unit == "summaries")
    for unit in (summaries, read(kept(summaries))):
        assert [wording.one_of(unit), GERMAN.written(wording.one_of(unit))] == ["summary", "Zusammenfassung"]
        assert GERMAN.written(wording.units(2, unit)) == "2 Zusammenfassungen"
    assert wording.one_of("analyses") == "analyse", "a company's own goes by its ending"


def test_english_is_what_a_sentence_is_without_anybody_to_read_it() -> None:
    assert say("{goal}: {amount} by {day}", goal="A", amount=wording.units(1, "calls"), day="B") == "A: 1 call by B"
    assert say_many("every week", "every {n} weeks", 1) == "every week"
    assert say_many("every week", "every {n} weeks", 2.0) == "every 2 weeks"
    assert [listed(tuple("abc"[:n])) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert listed_or(("a", "b", "c")) == "a, b or c"
    assert joined(("", "A.", "", "B.")) == "A. B."
    assert capital(say("every {n} days", n=7)) == "Every 7 days"
    assert TEMPLATES.keys() == {"say", "tr", "say_many", "tr_many"}
