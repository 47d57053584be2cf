"""Whether what people type is understood: a verb, a name, slips in both, and nothing read into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.records import Person, PersonId
from bot.services.spoken import Reading, is_slip, plain, spoken

VERBS = {"next": "next", "when": "next", "move": "move", "why": "why", "agenda": "agenda", "list": "list", "set": "set"}
READING, STRICTLY = Reading(VERBS), Reading(VERBS, strictly=True)
LEAVE = {"away": "away", "off": "away", "leave": "away", "calendar": "calendar"}
ALONE = Reading(VERBS | LEAVE, free=frozenset({"away", "calendar"}), alone=frozenset({"away"}))
ANA, ANABEL, RUTH, JOSE, MOVES = PEOPLE = tuple(
    Person(PersonId(name), name, email)
    for name, email in (
        ("Ana Lopez", "ana.l@example.com"),
        ("Anabel Lund", "bell@example.com"),
        ("Ruth Adler", "ruth@example.com"),
        ("José Díaz-Cruz", "jd@example.com"),
        ("Theo Moves", "theo@example.com"),
    )
)


@pytest.mark.parametrize(
    ("typed", "verb", "who"),
    [
        ("", "", ()),
        ("why", "why", ()),
        ("WHY?", "why", ()),
        ("when", "next", ()),
        ("ruth", "", (RUTH,)),
        ("@ruth", "", (RUTH,)),
        ("Adler", "", (RUTH,)),
        ("adler ruth", "", (RUTH,)),
        ("Ana", "", (ANA,)),
        ("Ana L.", "", (ANA,)),
        ("anab", "", (ANABEL,)),
        ("ana.lopez", "", (ANA,)),
        ("ana.l@example.com", "", (ANA,)),
        ("bell", "", (ANABEL,)),
        ("lu", "", ()),
        ("jose", "", (JOSE,)),
        ("diaz", "", (JOSE,)),
        ("José's agenda", "agenda", (JOSE,)),
        ("move ruth", "move", (RUTH,)),
        ("ruth move", "move", (RUTH,)),
        ("mvoe ruth", "move", (RUTH,)),
        ("agneda", "agenda", ()),
        ("agendas rut", "agenda", (RUTH,)),
        ("nxt", "next", ()),
        ("moves", "", (MOVES,)),
        ("l", "", ()),
    ],
)
def test_verbs_and_names_are_read_in_any_order_and_form(typed: str, verb: str, who: tuple[Person, ...]) -> None:
    said = spoken(typed, READING, PEOPLE)
    assert (said.verb, said.people) == (verb, who)
    assert said.sure
    assert not said.rest or not who


@pytest.mark.parametrize(("typed", "who"), [("ruht", RUTH), ("Alder", RUTH), ("lopes", ANA)])
def test_a_name_with_a_slip_is_taken_and_said_to_be_unsure(typed: str, who: Person) -> None:
    said = spoken(typed, READING, PEOPLE)
    assert said.people == (who,)
    assert not said.sure


def test_all_whom_a_name_may_mean_are_returned() -> None:
    twins = tuple(Person(PersonId(name), name, "x@example.com") for name in ("Ana Lopez", "Ana Lund"))
    assert spoken("ana", READING, twins).people == twins
    assert spoken("ana l", READING, twins).people == twins
    assert spoken("ana lu", READING, twins).people == twins[1:]


def test_what_is_neither_verb_nor_name_is_left_as_it_was_typed() -> None:
    said = spoken("set Ruth 14 because Ana asked for  a move", READING, PEOPLE)
    assert (said.verb, said.people, said.rest) == ("set", (RUTH,), "14 because Ana asked for a move")


def test_among_words_of_any_kind_a_name_has_to_be_whole() -> None:
    for words in ("14 the new product", "14 ruht", "14 thematic work"):
        assert spoken(words, STRICTLY, PEOPLE).people == ()
        assert spoken(words, STRICTLY, PEOPLE).rest == words
    assert spoken("14 Ruth A. needs practice", STRICTLY, PEOPLE).people == (RUTH,)


@pytest.mark.parametrize(
    ("typed", "meant", "slip"),
    [("lst", "list", True), ("lsit", "list", True), ("listt", "list", True), ("lisa", "list", False)],
)
def test_a_short_word_with_another_letter_is_another_word(typed: str, meant: str, *, slip: bool) -> None:
    assert is_slip(typed, meant) is slip


@pytest.mark.parametrize(
    ("typed", "verb", "rest"),
    [
        ("away 4 May", "away", "4 May"),
        ("awya 4 May - 6 May because May is here", "away", "4 May - 6 May because May is here"),
        ("from 4 May to 6 May off", "away", "from 4 May to 6 May"),
        ("next week off", "away", "next week"),
        ("leave", "away", ""),
        ("calendar off", "calendar", "off"),
        ("next", "next", ""),
        ("", "", ""),
    ],
)
def test_a_verb_that_stands_alone_takes_all_words_and_nobody_is_looked_for_in_them(
    typed: str, verb: str, rest: str
) -> None:
    may = Person(PersonId("may"), "May Day", "may@example.com")
    said = spoken(typed, ALONE, (*PEOPLE, may))
    assert (said.verb, said.people, said.rest) == (verb, (), rest)


@pytest.mark.parametrize("typed", ["of", "why of", "leaves may", "offf may"])
def test_only_the_verb_itself_may_be_a_slip_where_it_stands_alone(typed: str) -> None:
    assert spoken(typed, ALONE, PEOPLE).verb != "away"


class Team(list[Person]):
    """Counts how often everybody is gone through: each time takes a moment in which nobody else is answered."""

    def __init__(self) -> None:
        super().__init__(PEOPLE)
        self.gone_through = 0

    def __iter__(self) -> Iterator[Person]:
        self.gone_through += 1
        return super().__iter__()


class Page(str):
    """A word that nobody reads letter by letter."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        raise AssertionError


@pytest.mark.parametrize("strictly", [False, True])
def test_however_much_is_typed_a_name_is_looked_for_among_the_first_words(strictly: bool) -> None:  # noqa: FBT001
    team = Team()
    said = spoken(f"set Ruth {'14 days ' * 900}", replace(READING, strictly=strictly), team)
    assert (said.verb, said.people) == ("set", (RUTH,))
    spoken("a story " * 900, replace(READING, strictly=strictly), team)
    assert team.gone_through < 1000


def test_a_word_as_long_as_a_page_is_no_slip_of_a_short_one_at_a_glance() -> None:
    assert not is_slip(Page("reschedule" * 400), "reschedule")


@given(words=st.text(max_size=60), strictly=st.booleans())
def test_whatever_is_typed_nothing_is_invented(words: str, *, strictly: bool) -> None:
    said = spoken(words, replace(ALONE, strictly=strictly), PEOPLE)
    assert said.verb in {"", *ALONE.verbs.values()}
    assert set(said.rest.split()) <= set(words.split())


@given(st.text(max_size=20))
def test_a_word_is_plain_once_it_was_made_plain(word: str) -> None:
    assert plain(plain(word)) == plain(word)


@pytest.mark.parametrize("typed", ["Müller", "mueller", "Muller", "jörg", "Joerg Mueller", "JÖRG M.", "für Jörg"])
@pytest.mark.parametrize("strictly", [False, True])
def test_a_name_with_umlauts_is_known_without_them(typed: str, strictly: bool) -> None:  # noqa: FBT001 - both ways
    other, jorg = RUTH, Person(PersonId("jorg"), "Jörg Müller", "jm@example.com")
    assert spoken(typed, Reading(VERBS, strictly=strictly), (other, jorg)).people == (jorg,)


def test_a_letter_e_makes_no_other_name() -> None:
    nolan = Person(PersonId("nolan"), "Nolan Reid", "nr@example.com")
    assert spoken("Noel", STRICTLY, (nolan,)).people == ()
    assert spoken("set 7 denn Nolan lernt", STRICTLY, (nolan,)).people == ()
