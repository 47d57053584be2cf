"""What somebody typed after a slash command: what to do, about whom, and the rest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.coaching.records import Person

LONG = 5
"""From so many letters on a word may hold two slips, and any slip; a shorter one would soon be another word."""

LEAST_OF_A_NAME = 3
"""Letters that are enough to mean a longer name."""

FEW = 3
"""Words after which the last one is no verb any more: it ends a sentence."""

LOOKED_THROUGH = 40
"""Words among which a name is looked for. Whoever types more tells a story, and all others wait while it is read."""

FILLERS = frozenset(
    {"", "a", "an", "about", "at", "for", "from", "i", "me", "mine", "my", "of", "on", "one", "please", "to", "with"}
    | {"am", "auf", "bitte", "by", "den", "fur", "fuer", "mein", "meine", "meinen", "mich", "mir", "mit", "um", "von"}
    | {"zum", "zur"}
)
"""Words that say nothing about what is wanted, as ``plain`` makes them."""

BECAUSE = re.compile(r"\b(?:because|since|weil|denn|wegen)\b", re.IGNORECASE)
UMLAUT = re.compile(r"(?<=[aou])e")
"""How an umlaut is written where the keyboard has none: "Mueller"."""
MARKS = ".,:;!?()'\"`"

_Means = Callable[[Sequence[str], Person], bool]


@dataclass(frozen=True, slots=True)
class Spoken:
    """``verb`` is one of the command's, "" for none; ``rest`` are the words that are neither it nor a name.

    ``people`` are all whom a typed name may mean; ``sure`` says that it was typed as it is, if only in part.
    """

    verb: str
    people: tuple[Person, ...]
    rest: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """How a command's words are read. ``verbs`` gives for each word that means something to do what that is.

    ``free`` are the verbs after which any words may follow; "" stands for none. ``alone`` are those of them that are
    about the asker, with whom nobody can be named. After ``dated`` ones a day may follow, which a form asks for anyway.
    ``strictly`` takes no name cut short or mistyped, where it stands among words of any kind.
    """

    verbs: Mapping[str, str]
    free: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    dated: frozenset[str] = frozenset()
    strictly: bool = False


def spoken(words: str, reading: Reading, people: Sequence[Person]) -> Spoken:
    """Read what was typed.

    The verb is the first word, or the last of a few. What is typed right goes before what only looks like it, and a
    name before a mistyped verb. After "because" nobody is looked for. A verb that stands alone is looked for first, at
    either end of however many words, and the others are left as they were typed: a month may be somebody's name.
    """
    tokens = words.split()
    verb, rest = _alone(tokens, reading)
    if verb:
        return Spoken(verb, (), " ".join(rest))
    verbs = {word: verb for word, verb in reading.verbs.items() if verb not in reading.alone}
    strictly = reading.strictly
    verb, tokens = _verb(tokens, verbs, exactly=True)
    called = _is_called if strictly else _is_meant
    found, tokens = _named(tokens, people, called)
    if not verb:
        verb, tokens = _verb(tokens, verbs, exactly=False)
    if found or strictly:
        return Spoken(verb, found, " ".join(tokens))
    found, tokens = _named(tokens, people, _looks_like)
    return Spoken(verb, found, " ".join(tokens), sure=not found)


def is_slip(typed: str, meant: str) -> bool:
    """Whether ``typed`` is ``meant`` with a letter too few, too many or two swapped; long words take two and any."""
    if typed == meant or min(len(typed), len(meant)) < 2:  # noqa: PLR2004 - one letter is no word
        return typed == meant
    if abs(len(typed) - len(meant)) > 2:  # noqa: PLR2004 - the docstring's two: a whole page has no distance
        return False
    distance = _distance(typed, meant)
    if len(meant) > LONG:
        return distance <= 2  # noqa: PLR2004 - the docstring's two
    return distance == 1 and (len(typed) != len(meant) or sorted(typed) == sorted(meant) or len(meant) == LONG)


def plain(word: str) -> str:
    """Return a word without case, accents, and the marks around it."""
    bare = unicodedata.normalize("NFKD", word.strip(MARKS).lstrip(f"@{MARKS}"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold()


def _verb(tokens: list[str], verbs: Mapping[str, str], *, exactly: bool) -> tuple[str, list[str]]:
    ends = dict.fromkeys((0, len(tokens) - 1)) if len(tokens) <= FEW else (0,)
    for place in ends if tokens else ():
        typed = plain(tokens[place])
        found = verbs.get(typed) if exactly else next((verbs[known] for known in verbs if is_slip(typed, known)), None)
        if found is not None:
            return found, tokens[:place] + tokens[place + 1 :]
    return "", tokens


def _alone(tokens: list[str], reading: Reading) -> tuple[str, list[str]]:
    """The words that follow another free verb are its own; of a verb that stands alone only its name may be a slip."""
    ends = (0, len(tokens) - 1) if tokens and reading.alone else ()
    for place in ends:
        typed = plain(tokens[place])
        found = reading.verbs.get(typed)
        if place == 0 and found in reading.free - reading.alone:
            break
        if found not in reading.alone:
            found = next((verb for verb in sorted(reading.alone) if is_slip(typed, verb)), None)
        if found is not None:
            return found, tokens[:place] + tokens[place + 1 :]
    return "", tokens


def _named(tokens: list[str], people: Sequence[Person], means: _Means) -> tuple[tuple[Person, ...], list[str]]:
    """Return whom the longest run of words that is a name may mean, and the words without it."""
    end = next((place for place, token in enumerate(tokens) if BECAUSE.fullmatch(token.strip(MARKS))), len(tokens))
    for first, last in _runs(min(end, LOOKED_THROUGH)):
        run = tokens[first:last]
        found = tuple(person for person in people if means(run, person))
        if found:
            return _closest(run, found), tokens[:first] + tokens[last:]
    return (), tokens


def _runs(length: int, most: int = 4) -> Iterator[tuple[int, int]]:
    """The longest first, and of those the first."""
    for size in range(min(most, length), 0, -1):
        yield from ((first, first + size) for first in range(length - size + 1))


def _closest(run: Sequence[str], found: tuple[Person, ...]) -> tuple[Person, ...]:
    """Of several, those of whose name the most words are whole: "Ana L." means Ana Lopez and not Anabel Lund."""
    typed = _parts(" ".join(run))
    whole = [sum(word in _parts(person.name) for word in typed) for person in found]
    return tuple(person for person, count in zip(found, whole, strict=True) if count == max(whole))


def _is_meant(run: Sequence[str], person: Person) -> bool:
    """Whether a run of words is the person's address, or parts of the name in any order, cut short or not."""
    return _names(run, person, LEAST_OF_A_NAME)


def _is_called(run: Sequence[str], person: Person) -> bool:
    """The same, but one part of the name at least is whole."""
    return _names(run, person, None)


def _names(run: Sequence[str], person: Person, least: int | None) -> bool:
    if len(run) == 1 and "@" in run[0].strip("@"):
        return run[0].strip(MARKS).casefold() == person.email.casefold()
    typed, rest = _parts(" ".join(run)), [*_parts(person.name)]
    enough = False
    for word in typed:
        part = next((part for part in rest if _spelt(part) == _spelt(word)), None)
        enough = enough or part is not None or (least is not None and len(word) >= least)
        part = part or min((part for part in rest if part.startswith(word)), key=len, default=None)
        if part is None:
            return len(run) == 1 and typed == _parts(person.email.partition("@")[0])
        rest.remove(part)
    return enough


def _looks_like(run: Sequence[str], person: Person) -> bool:
    """Whether every word of a run is, but for a slip, a part of the name."""
    typed, parts = _parts(" ".join(run)), _parts(person.name)
    return bool(typed) and all(
        len(word) >= LEAST_OF_A_NAME and any(is_slip(word, part) for part in parts) for word in typed
    )


@lru_cache(maxsize=1024)  # each run of words is held against each person, and each person against each run
def _parts(name: str) -> tuple[str, ...]:
    return tuple(part for part in map(plain, re.split(r"[\s._\-]+", name.replace("'s", ""))) if part)


def _spelt(part: str) -> str:
    """Return a part of a name with its umlauts as letters without dots, however they were typed."""
    return UMLAUT.sub("", part)


def _distance(one: str, other: str) -> int:
    """Return how many letters have to be put in, taken out, changed, or swapped with their neighbour."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
