"""Brings the catalogues up to date with the sources."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.views.languages import FOLDER, LANGUAGES, Translated
from tests.languages.sources import templates

WIDTH = 110
BEGAN = datetime(2026, 11, 25, tzinfo=UTC)
"""A catalogue's date, which would else change with each update."""


def catalogue(code: str) -> Catalog:
    """Return a language's catalogue; an empty one where it has none yet."""
    path = FOLDER / f"{code}.po"
    if not path.exists():
        return Catalog(locale=code)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def updated(code: str) -> Catalog:
    """Return the catalogue with every template of the sources, new ones empty, and no other."""
    wanted = Catalog(fuzzy=False, creation_date=BEGAN)
    for one in templates():
        wanted.add(one.texts if len(one.texts) > 1 else one.texts[0], locations=[(one.path, one.line)])
    known = catalogue(code)
    known.update(wanted, no_fuzzy_matching=True)
    known.obsolete.clear()
    known.header_comment = f"# What Cadence says in {code!r}; see docs/languages.md."
    known.revision_date, known.creation_date = BEGAN, BEGAN
    known.msgid_bugs_address = ""
    known.project, known.version, known.fuzzy = "Cadence", "1", False
    known.last_translator, known.language_team = "Cadence", "Cadence"
    return known


def written(known: Catalog) -> bytes:
    """Return the catalogue as its file holds it: by module and line, without the line's number."""
    file = BytesIO()
    write_po(file, known, width=WIDTH, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    return file.getvalue().strip() + b"\n"


def update() -> None:
    """Write every catalogue anew, with what is new empty."""
    for language in LANGUAGES:
        if isinstance(language, Translated):
            known = updated(language.code)
            (FOLDER / f"{language.code}.po").write_bytes(written(known))
            empty = sum(not (all(one.string) if one.pluralizable else one.string) for one in known if one.id)
            print(f"{language.code}: {len(known)} texts, {empty} to be translated")  # noqa: T201 - figures are printed


if __name__ == "__main__":
    update()
