"""How a page of numbers is laid out as plain text."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.coaching.figure import Figure
from bot.coaching.wording import count

WIDTH = 110
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A quantity: ``value`` in ``unit``, what it came ``of`` (inputs, so that a reader can compute it again).

    ``records`` is how many records were used, None where none are counted; ``said`` is the one sentence about it.
    """

    name: str
    value: Any
    unit: str = ""
    of: str = ""
    said: str = ""
    records: int | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section of the specification; ``table`` is a heading row with its rows, empty without one."""

    title: str
    lines: tuple[Line, ...]
    table: tuple[tuple[str, ...], ...] = ()


def said(sentence: str, flags: tuple[str, ...] = ()) -> Line:
    """Return the line of a sentence without a quantity of its own."""
    return Line("", None, said=sentence, flags=flags)


def figure_line(name: str, figure: Figure[Any], of: str = "") -> Line:
    """Return the line of a figure, which brings its own sentence, unit, records and flags."""
    return Line(name, figure.value, figure.unit, of, figure.sentence, figure.records, figure.flags)


def shown(value: Any) -> str:
    """Return a value for reading: six digits of a fraction, "none" for what can't be computed."""
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return " to ".join(shown(part) for part in value)
    if isinstance(value, int):
        return f"{value:,}"
    return number(value) if isinstance(value, float) else str(value)


def number(value: float) -> str:
    """Return "0.628854", "1,338.94" or "3,605,167": six digits, and never fewer than a whole number has."""
    if value == 0:
        return "0"
    decimals = max(0, DIGITS - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{min(decimals, 2 * DIGITS)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def laid_out(heading: Sequence[str], chapters: Iterable[Chapter]) -> str:
    """Return the page: ``heading`` underlined, then each chapter, wrapped for a terminal."""
    first, *rest = heading
    page = [first, "=" * len(first), *(_wrapped(line, "") for line in rest)]
    for chapter in chapters:
        page += ["", chapter.title, "-" * len(chapter.title)]
        for line in chapter.lines:
            page += _line(line)
        page += _table(chapter.table)
    return "\n".join(page)


def _line(line: Line) -> list[str]:
    told = (*(() if line.records is None else (count(line.records, "record"),)), *line.flags)
    noted = f"  ({', '.join(told)})" if told else ""
    if not line.name:
        return [_wrapped(f'"{line.said}"{noted}', "    ")]
    unit = f" {line.unit}" if line.unit and line.value is not None else ""
    parts = [_wrapped(f"{line.name}: {shown(line.value)}{unit}{noted}", "")]
    parts += [_wrapped(f"= {line.of}", "    ")] if line.of else []
    parts += [_wrapped(f'"{line.said}"', "    ")] if line.said else []
    return parts


def _wrapped(text: str, indent: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False)


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["", *(_row(row, widths) for row in rows)]


def _row(row: Sequence[str], widths: Sequence[int]) -> str:
    """Return a row whose numbers stand right; what comes first and last are words."""
    last = len(row) - 1
    cells = (
        cell.rjust(width) if 0 < column < last else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()
