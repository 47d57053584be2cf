"""Whether each language says all that the sources say, and the sources say nothing that no language can."""

from __future__ import annotations

import re

import pytest

from bot.views.languages import FOLDER, LANGUAGES, Translated
from tests.languages.catalogues import MODULES_NOT_YET, VIEWS_NOT_YET, catalogue, not_yet, updated, written
from tests.languages.sources import ROOT, Template, bare_words, modules, placeholders, templates

CODES = [language.code for language in LANGUAGES if isinstance(language, Translated)]
TEMPLATES = templates()
NOT_YET = not_yet(MODULES_NOT_YET)
NEVER = re.findall(
    r"`([^`]+)`", (ROOT / "docs" / "languages.md").read_text(encoding="utf-8").partition("## Never in German")[2]
)


@pytest.mark.parametrize("one", TEMPLATES, ids=lambda one: f"{one.path}:{one.line}")
def test_every_placeholder_of_a_template_is_given(one: Template) -> None:
    wanted = frozenset().union(*map(placeholders, one.texts))
    assert wanted | {"n"} == one.given | {"n"} if len(one.texts) > 1 else wanted == one.given


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_is_as_make_words_leaves_it(code: str) -> None:
    assert (FOLDER / f"{code}.po").read_bytes() == written(updated(code)), "run make words"


@pytest.mark.parametrize("code", CODES)
def test_every_text_is_translated_with_its_placeholders(code: str) -> None:
    for text in catalogue(code):
        if not text.id:
            continue
        ids, strings = (text.id, text.string) if text.pluralizable else ((text.id,), (text.string,))
        assert not text.fuzzy and all(strings), text.id  # noqa: PT018 - one fault of one text
        wanted = frozenset().union(*map(placeholders, ids))
        for said in strings:
            assert placeholders(said) | {"n"} == wanted | {"n"}, text.id
        assert text.pluralizable or placeholders(text.string) == wanted, text.id
        assert all(said == said.strip() for said in strings) or text.id != text.id.strip(), text.id


def test_german_ranks_nobody_and_blames_nobody() -> None:
    assert {"Durchschnitt", "Schuld"} <= set(NEVER)
    for text in catalogue("de"):
        for said in text.string if text.pluralizable else (text.string,):
            assert [word for word in NEVER if re.search(rf"\b{word}", said if text.id else "", re.IGNORECASE)] == []


@pytest.mark.parametrize("path", sorted(set(modules()) - set(NOT_YET)))
def test_a_module_says_nothing_in_english_alone(path: str) -> None:
    """``modules_not_yet.txt`` names those that do. It only ever gets shorter, by ``make words``."""
    assert bare_words(path) == []


def test_a_module_that_is_converted_is_off_the_list() -> None:
    assert sorted(set(NOT_YET)) == NOT_YET
    assert [path for path in NOT_YET if path not in modules() or not bare_words(path)] == []


def test_a_language_is_offered_only_when_nothing_is_left_to_be_converted() -> None:
    offered = [language.code for language in LANGUAGES if language.offered and isinstance(language, Translated)]
    assert not offered or not (NOT_YET or not_yet(VIEWS_NOT_YET))
