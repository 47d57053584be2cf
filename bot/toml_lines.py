"""The line on which each table, key and element of a TOML document stands, which tomllib doesn't say."""

from __future__ import annotations

from collections import Counter

Place = tuple[str | int, ...]
"""The way to a value as one would index the parsed document: ("stage", 2, "toll", 0, "name")."""


def lines(text: str) -> dict[Place, int]:
    """Return the line, from 1, of every table header, key and array element of ``text``, which tomllib can read.

    The keys of an inline table aren't listed: they stand on the line of its brace.
    """
    return _Scan(text).places


def line_of(place: Place, known: dict[Place, int]) -> int:
    """Return the line of a place, or of the nearest thing around it that has one; the document itself is line 1."""
    while place and place not in known:
        place = place[:-1]
    return known.get(place, 1)


class _Scan:
    """One walk over the document. It trusts that the syntax is right and only tells strings and comments apart."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._line = 1
        self._tables: Counter[Place] = Counter()
        self._inside: Place = ()
        self.places: dict[Place, int] = {}
        while self._at < len(self._text):
            self._statement()

    def _statement(self) -> None:
        self._blanks()
        match self._next():
            case "" | "\n" | "#":
                pass
            case "[":
                self._header()
            case _:
                self._pair()
        self._rest_of_line()

    def _header(self) -> None:
        array = self._text.startswith("[[", self._at)
        self._at += 2 if array else 1
        place: Place = ()
        for name in self._names("]"):
            place = self._newest(place)
            place = (*place, name)
        if array:
            self._tables[place] += 1
            self.places.setdefault(place, self._line)
            place = self._newest(place)
        self.places[place] = self._line
        self._inside = place
        self._at += 2 if array else 1

    def _newest(self, place: Place) -> Place:
        """Return the last element so far of an array of tables; any other place as it is."""
        return (*place, self._tables[place] - 1) if self._tables[place] else place

    def _pair(self) -> None:
        place = (*self._inside, *self._names("="))
        self.places[place] = self._line
        self._at += 1
        self._value(place)

    def _names(self, end: str) -> list[str]:
        """Read a dotted key up to ``end``, which is left unread."""
        names = [""]
        while self._next() not in (end, ""):
            letter = self._next()
            if letter in "\"'":
                names[-1] = self._string()
                continue
            if letter == ".":
                names.append("")
            elif not letter.isspace():
                names[-1] += letter
            self._at += 1
        return names

    def _value(self, place: Place) -> None:
        """Pass over a value, noting where the elements of an array begin."""
        depth = 0
        element = -1
        expected = False
        while letter := self._next():
            if letter == "\n" and depth == 0:
                return
            if letter == "#":
                self._comment()
                continue
            if expected and not letter.isspace() and letter != "]":
                element += 1
                self.places[(*place, element)] = self._line
                expected = False
            if letter in "\"'":
                self._string()
                continue
            depth += (letter in "[{") - (letter in "]}")
            expected = expected or (depth == 1 and self._in_array(letter, element))
            self._line += letter == "\n"
            self._at += 1

    @staticmethod
    def _in_array(letter: str, element: int) -> bool:
        """Say whether the next thing is an element: after the opening bracket, or a comma between elements."""
        return (letter == "[" and element < 0) or (letter == "," and element >= 0)

    def _string(self) -> str:
        """Pass over a string and return what stands between its quotes, escapes as they are."""
        quote = self._next()
        mark = quote * 3 if self._text.startswith(quote * 3, self._at) else quote
        start = self._at = self._at + len(mark)
        while self._at < len(self._text) and not self._text.startswith(mark, self._at):
            self._at += 2 if self._next() == "\\" and quote == '"' else 1
        inner = self._text[start : self._at]
        self._at += len(mark)
        while len(mark) > 1 and self._next() == quote:  # up to two quotes may stand right before the closing three
            self._at += 1
        self._line += inner.count("\n")
        return inner

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _blanks(self) -> None:
        while self._next() in (" ", "\t"):
            self._at += 1

    def _comment(self) -> None:
        end = self._text.find("\n", self._at)
        self._at = len(self._text) if end < 0 else end

    def _rest_of_line(self) -> None:
        self._comment()
        self._line += self._next() == "\n"
        self._at += 1
