"""One CSV file as rows of named cells."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from bot.coaching.said import say
from bot.coaching.wording import whole
from bot.crm.cells import CellError, amount, amount_among_semicolons
from bot.crm.csv_header import Column, places_of
from bot.crm.problems import Problems, quoted
from bot.file_faults import reason_of

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000
MAX_TEXT = 2_000
DELIMITERS = ",;\t"
_BROKEN_OFF = {  # no words: the keys are the reader's own
    "unexpected end of data": say("unexpected end of data"),
    **{f"'{mark}' expected after '\"'": say("'{mark}' expected after '\"'", mark=mark) for mark in DELIMITERS},
}
FORMULA = re.compile(r"'*[=+\-@]")
"""How text starts that a spreadsheet would evaluate; exports put a single quote before it, which reading removes."""
T = TypeVar("T")


def without_formula_guard(text: str) -> str:
    return text[1:] if text.startswith("'") and FORMULA.match(text, 1) else text


class Row:
    """A row's cells by our names of the columns. A cell that can't be read is a problem, and makes the row ``failed``.

    ``number`` is the spreadsheet's: the header is row 1.
    """

    def __init__(self, table: Table, number: int, cells: Mapping[str, str], problems: Problems) -> None:
        self._table = table
        self._cells = cells
        self._problems = problems
        self.number = number
        self.failed = False

    def text(self, column: str) -> str:
        """Return what stands there without blanks around it, nor the quote that keeps it from being a formula."""
        text = without_formula_guard(self._cells.get(column, ""))
        if len(text) > MAX_TEXT:
            fault = say(
                "{text} has {n} characters: shorten it to {most}",
                text=quoted(text),
                n=whole(len(text)),
                most=whole(MAX_TEXT),
            )
            self.refuse(column, fault)
            return ""
        return text

    def read(self, column: str, reader: Callable[[str], T]) -> T | None:
        """Return the cell's value; None if it is blank or a problem."""
        text = self.text(column)
        if not text:
            return None
        try:
            return reader(text)
        except CellError as fault:
            self.refuse(column, str(fault))
            return None

    def need(self, column: str, reader: Callable[[str], T]) -> T | None:
        """Return the cell's value; None only if there is a problem, and a blank is one."""
        if not self._cells.get(column):
            self.refuse(column, say("is blank: fill it in"))
            return None
        return self.read(column, reader)

    def amount(self, column: str) -> float | None:
        return self.read(column, self._table.read_amount)

    def need_amount(self, column: str) -> float | None:
        return self.need(column, self._table.read_amount)

    def refuse(self, column: str, fault: str) -> None:
        self.failed = True
        self._problems.add(self.place(column), fault)

    def place(self, column: str) -> str:
        return self._table.place(self.number, column)


class Table:
    """A file's rows. ``columns`` are our names of the columns it has; ``own_names`` what the file calls them."""

    def __init__(self, file: str, own_names: Mapping[str, str], delimiter: str) -> None:
        self.file = file
        self.own_names = own_names
        self.columns = tuple(own_names)
        self.rows: list[Row] = []
        self.read_amount = amount_among_semicolons if delimiter == ";" else amount

    def place(self, number: int, column: str) -> str:
        own = self.own_names.get(column, column)
        return say("{file} row {row}, column {column}", file=self.file, row=number, column=own)


def read_table(path: Path, layout: Sequence[Column], problems: Problems, *, prefix: str = "") -> Table | None:
    """Read the file at ``path``; None if it can't be read as a table, which is then among ``problems``.

    Columns whose name starts with ``prefix`` are kept under their own name; others that ``layout`` doesn't have are
    passed over, unless they look like a misspelling of one.
    """
    text = _text(path, problems)
    if text is None:
        return None
    delimiter = _delimiter(text)
    records = _records(text, delimiter, path.name, problems)
    header = next(records, None)
    if header is None:
        if not problems.count or not text.strip():
            problems.add(path.name, say("has no first row with the names of the columns: add it"))
        return None
    places = places_of(
        header[1],
        layout,
        path.name,
        problems,
        prefix,
        place=_row(path.name, 1),
        remedy=say("add it to the first row and to each row"),
    )
    if places is None:
        return None
    table = Table(path.name, {name: header[1][at].strip() for name, at in places.items()}, delimiter)
    for number, cells in records:
        if len(table.rows) == MAX_ROWS:
            problems.add(path.name, say("has more than {most} rows: split it", most=whole(MAX_ROWS)))
            break
        if len(cells) != len(header[1]):
            fault = say(
                "has {n} cells where the first row has {wanted}: "
                "put a cell that contains the separator in double quotes, or add what is missing",
                n=len(cells),
                wanted=len(header[1]),
            )
            problems.add(_row(path.name, number), fault)
            continue
        named = {name: cells[at].strip() for name, at in places.items()}
        table.rows.append(Row(table, number, named, problems))
    return table


def _row(file: str, number: int) -> str:
    return say("{file} row {row}", file=file, row=number)


def _text(path: Path, problems: Problems) -> str | None:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as fault:
        why = reason_of(fault)
        problems.add(path.name, say("can't be read ({why}): allow it or put the file there again", why=why))
        return None
    if len(content) > MAX_BYTES:
        problems.add(path.name, say("is larger than {most} MB: split it", most=MAX_BYTES // 1024**2))
        return None
    text = _decoded(content)
    if text is None or "\0" in text:
        words = say("is no text in UTF-8, UTF-16 or Windows-1252: save it as CSV (UTF-8)")
        if content.startswith(b"PK"):
            words = say("is a workbook or archive: save it as CSV (UTF-8)")
        problems.add(path.name, words)
        return None
    return text


def _decoded(content: bytes) -> str | None:
    """Decode as UTF-8, then as UTF-16 if a byte order mark says so, then as Windows-1252."""
    if content.startswith(codecs.BOM_UTF8):
        encodings = ["utf-8-sig"]
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _delimiter(text: str) -> str:
    """Return the separator that the first row with something in it has most of; a comma if it has none."""
    header = next((line for line in io.StringIO(text) if line.strip()), "")
    counted = Counter(header)
    return max(DELIMITERS, key=lambda mark: counted[mark])


def _records(text: str, delimiter: str, file: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Give each row that isn't blank with its number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as fault:
            why = _BROKEN_OFF.get(str(fault), str(fault))
            words = say("breaks off ({why}): look for a double quote that isn't closed", why=why)
            problems.add(_row(file, number), words)
            return
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield number, cells
