"""Every number of each rep with its inputs: `cadence explain`."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from bot import playbook_file
from bot.coaching.book import Book
from bot.coaching.records import Person, Records
from bot.coaching.settings import DEFAULTS
from bot.crm import folder, maven
from bot.errors import UserError
from bot.explain.as_json import document
from bot.explain.page import page
from bot.explain.rep import explained

NEAREST = 3


def explain(
    data: Path, as_of: date, *, rep: str | None = None, as_json: bool = False, playbook: Path | None = None
) -> str:
    """Return every number of each rep on the day ``as_of``, or only of the one called ``rep``.

    ``data`` is a folder in the import format or the public set; ``playbook`` None is the one that comes with Cadence.
    Text is a page for each rep, JSON one object with the numbers unrounded. Raises BadInputError for a folder or
    playbook that can't be read, UserError for a name that nobody has.
    """
    records = folder.read_any(data)
    is_public = maven.is_maven(data)
    settings = maven.SETTINGS if is_public else DEFAULTS
    book = Book(records, playbook_file.load(playbook), as_of, settings)
    stages = settings.default_stages if is_public else len(book.playbook.stages)
    named = names_of(records)
    chosen = named if rep is None else {rep: named[rep] for rep in [_called(rep, named)]}
    found = {name: explained(book, person, stages) for name, person in chosen.items()}
    if as_json:
        return json.dumps(document(book, found), indent=2, allow_nan=False, ensure_ascii=False)
    return "\n\n".join(page(name, one) for name, one in found.items())


def names_of(records: Records) -> dict[str, Person]:
    """Return all who have a manager or a deal, by name; where two share a name their ids tell them apart."""
    owners = {deal.owner for deal in records.deals}
    reps = sorted(
        (one for one in records.people if one.manager_id or one.id in owners), key=lambda one: (one.name, one.id)
    )
    times = Counter(one.name for one in reps)
    return {one.name if times[one.name] == 1 else f"{one.name} ({one.id})": one for one in reps}


def _called(wanted: str, known: Iterable[str]) -> str:
    """Return the known name that ``wanted`` means, however it is capitalised."""
    bare = {" ".join(name.casefold().split()): name for name in known}
    asked = " ".join(wanted.casefold().split())
    if asked in bare:
        return bare[asked]
    near = difflib.get_close_matches(asked, bare, n=NEAREST) or difflib.get_close_matches(asked, bare, 1, cutoff=0.0)
    hint = f": did you mean {' or '.join(bare[name] for name in near)}?" if near else "."
    raise UserError(f"No rep in these records is called {wanted.strip()!r}{hint}")
