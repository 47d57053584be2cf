"""Sentences that remember how they were made, so that each reader can be told them in their own language.

A ``Said`` is the English text, and works wherever a str does; what shows it asks it for its parts (record 16). Any
operation on it but ``joined``, ``listed``, ``capital`` and ``midway`` gives a plain str, which everybody then reads in
English.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any, Self

ELLIPSIS = "…"

Argument = str | float
"""What stands in for a placeholder: data, a number as it is, or another Said."""


class Said(str):
    """English text with a memory: ``Sentence``, ``Joined``, one of the others here, or what ``recall`` makes one."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return itself: ``str(error)`` keeps the memory of what the error says."""
        return self

    def memory(self) -> dict[str, Any]:
        """Return what ``recalled`` makes it from again, as JSON."""
        raise NotImplementedError

    def recall(self) -> str:
        """Return it with its parts, which what was stored has only from here on; a plain str where they are lost."""
        return self


class Sentence(Said):
    """A template with what stands in for its placeholders; ``many`` is its plural, "" where nothing is counted.

    ``number`` decides between the two.
    """

    __slots__ = ("arguments", "many", "number", "template")
    template: str
    many: str
    number: float
    arguments: Mapping[str, Argument]

    def __new__(cls, template: str, arguments: Mapping[str, Argument], many: str = "", number: float = 1) -> Self:
        chosen = many if many and number != 1 else template
        self = super().__new__(cls, chosen.format(**{name: as_english(value) for name, value in arguments.items()}))
        self.template, self.arguments, self.many, self.number = template, arguments, many, number
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.template, self.arguments, self.many, self.number

    def memory(self) -> dict[str, Any]:
        held = {name: _memory(value) for name, value in self.arguments.items()}
        return {"say": self.template, "with": held} | ({"many": self.many, "n": self.number} if self.many else {})


class Joined(Said):
    """Texts one after another, in the same order in every language."""

    __slots__ = ("by", "parts")
    by: str
    parts: tuple[str, ...]

    def __new__(cls, by: str, parts: tuple[str, ...]) -> Self:
        self = super().__new__(cls, by.join(parts))
        self.by, self.parts = by, parts
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.by, self.parts

    def memory(self) -> dict[str, Any]:
        return {"join": self.by, "of": [_memory(part) for part in self.parts]}


class Capital(Said):
    """A clause that begins a sentence, whatever its first word is in another language."""

    __slots__ = ("clause",)
    clause: str

    def __new__(cls, clause: str) -> Self:
        self = super().__new__(cls, as_opening(clause))
        self.clause = clause
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.clause,)

    def memory(self) -> dict[str, Any]:
        return {"capital": _memory(self.clause)}


class Midway(Said):
    """A name in the middle of a sentence, as a language writes it there: English with a small letter."""

    __slots__ = ("name",)
    name: str

    def __new__(cls, name: str) -> Self:
        self = super().__new__(cls, as_midway(name))
        self.name = name
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.name,)

    def memory(self) -> dict[str, Any]:
        return {"midway": _memory(self.name)}


class Figure(Said):
    """A number, a sum or a day as English writes it: ``kind`` says how, ``values`` what (bot.coaching.wording)."""

    __slots__ = ("kind", "values")
    kind: str
    values: tuple[Any, ...]

    def __new__(cls, text: str, kind: str, *values: Any) -> Self:
        self = super().__new__(cls, text)
        self.kind, self.values = kind, values
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return str.__str__(self), self.kind, *self.values

    def memory(self) -> dict[str, Any]:
        held = [_memory(value) if isinstance(value, Said) else value for value in self.values]
        return {"figure": self.kind, "as": str.__str__(self), "of": held}


def say(template: str, /, **arguments: Argument) -> Said:
    """Return a sentence: ``say("You win about {rate} of 100", rate=25)``. The template is a literal."""
    return Sentence(template, arguments)


def say_many(one: str, many: str, number: float, /, **arguments: Argument) -> Said:
    """Return what is said of ``number`` things; it stands in for ``{n}`` unless the arguments have their own ``n``."""
    return Sentence(one, {"n": number} | arguments, many, number)


def joined(parts: Iterable[str], by: str = " ") -> str:
    """Return the parts that aren't empty, one after another; ``by`` is punctuation, never a word."""
    kept = tuple(part for part in parts if part)
    return kept[0] if len(kept) == 1 else Joined(by, kept)


def capital(clause: str) -> Said:
    """Return a clause as the beginning of a sentence: with a capital, in every language."""
    return Capital(clause)


def named(text: str) -> str:
    """Return a name that stands in a file of ours, not in the source, so that it is told in every language."""
    return Sentence(text, {}) if text else text


def counted(one: str, many: str) -> Said:
    """Return the name of what is counted, a plural, that knows what one of it is called; both are of a file of ours."""
    return Sentence(one, {}, many, 0)


def midway(name: str) -> str:
    """Return a name for the middle of a sentence; one in capitals ("CRM") stays as it is."""
    return Midway(name) if isinstance(name, Said) else as_midway(name)


def as_midway(text: str) -> str:
    """Return a text with a small first letter, a plain str; as it is where a capital or none follows."""
    text = str.__str__(text)
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def as_opening(text: str) -> str:
    """Return a text with a capital as its first letter, a plain str."""
    return text[:1].upper() + text[1:]


def listed(parts: Sequence[str]) -> str:
    """Return "a", "a and b", "a, b and c"; "" of none."""
    if len(parts) < 2:  # noqa: PLR2004 - one thing is no list
        return parts[0] if parts else ""
    return say("{most} and {last}", most=joined(parts[:-1], ", "), last=parts[-1])


def listed_or(parts: Sequence[str]) -> str:
    """Return "a", "a or b", "a, b or c"; "" of none."""
    if len(parts) < 2:  # noqa: PLR2004 - one thing is no list
        return parts[0] if parts else ""
    return say("{most} or {last}", most=joined(parts[:-1], ", "), last=parts[-1])


def shortened(text: str, most: int) -> str:
    """Return a text of at most ``most`` characters, counted in English, that can be told in any language still.

    Of lines the first ones that fit are kept, and of a sentence what is longest in it is shortened. Only one whose own
    words are too many is cut itself, and is English from then on.
    """
    if len(text) <= most:
        return text
    text = text.recall() if isinstance(text, Said) else text
    if isinstance(text, Joined):
        kept = list(takewhile(lambda many: len(Joined(text.by, text.parts[:many])) <= most, range(1, len(text.parts))))
        return joined(text.parts[: len(kept)], text.by) if kept else shortened(text.parts[0], most)
    if isinstance(text, Sentence):
        long = {name: value for name, value in text.arguments.items() if isinstance(value, str)}
        name = max(long, key=lambda one: len(long[one]), default="")
        room = len(long.get(name, "")) - (len(text) - most)
        if room > 0:
            less = {**text.arguments, name: shortened(long[name], room)}
            told = Sentence(text.template, less, text.many, text.number)
            if len(told) <= most:  # what is said twice in it takes twice the room
                return told
    cut = str.__str__(text)[:most]
    return cut[:-1] + ELLIPSIS if cut else cut


def altered(text: str, change: Callable[[str], str]) -> str:
    """Return a text with ``change`` made of all data in it, at any depth; what is said of the data stays our own words.

    A figure that holds what is to be changed is data from then on.
    """
    whole = text.recall() if isinstance(text, Said) else text
    if isinstance(whole, Sentence):
        arguments = {
            name: altered(value, change) if isinstance(value, str) else value for name, value in whole.arguments.items()
        }
        return Sentence(whole.template, arguments, whole.many, whole.number)
    if isinstance(whole, Joined):
        return Joined(whole.by, tuple(altered(part, change) for part in whole.parts))
    if isinstance(whole, Capital):
        return Capital(altered(whole.clause, change))
    if isinstance(whole, Midway):
        return Midway(altered(whole.name, change))
    if isinstance(whole, Figure):
        held = (str.__str__(whole), *(value for value in whole.values if isinstance(value, str)))
        return whole if all(change(one) == one for one in held) else change(held[0])
    return change(str.__str__(whole))


def as_english(value: Argument) -> str:
    """Return how a number stands in an English sentence: as it is, 7.0 as "7"."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def recalled(memory: Any) -> str:
    """Return the text that ``memory`` was of. Raises KeyError, TypeError or ValueError for what is no memory."""
    if not isinstance(memory, dict):
        return str(memory)
    if "say" in memory:
        arguments = {name: _argument(value) for name, value in memory["with"].items()}
        return Sentence(memory["say"], arguments, memory.get("many", ""), memory.get("n", 1))
    if "capital" in memory:
        return Capital(recalled(memory["capital"]))
    if "midway" in memory:
        return Midway(recalled(memory["midway"]))
    if "join" in memory:
        return Joined(memory["join"], tuple(map(recalled, memory["of"])))
    held = (recalled(value) if isinstance(value, dict) else value for value in memory["of"])
    return Figure(memory["as"], memory["figure"], *held)


def _memory(value: Argument) -> Any:
    whole = value.recall() if isinstance(value, Said) else value
    return whole.memory() if isinstance(whole, Said) else whole


def _argument(value: Any) -> Argument:
    return value if isinstance(value, int | float) else recalled(value)
