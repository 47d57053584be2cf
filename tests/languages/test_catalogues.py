"""Whether each language says all that the sources say, and the sources say nothing that no language can."""

from __future__ import annotations

import re

import pytest

from bot.views.languages import FOLDER, LANGUAGES, Translated
from tests.languages.catalogues import catalogue, updated, written
from tests.languages.sources import ROOT, Template, bare_words, modules, placeholders, templates

CODES = [language.code for language in LANGUAGES if isinstance(language, Translated)]
TEMPLATES = templates()
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


@pytest.mark.parametrize("path", modules())
def test_a_module_says_nothing_in_english_alone(path: str) -> None:
    assert bare_words(path) == []
