"""Everything that is wrong with an import, gathered so that one refusal names it all."""

from __future__ import annotations

from bot.coaching.said import joined, say, say_many
from bot.coaching.wording import whole
from bot.errors import BadInputError

SHOWN = 50
"""A longer list isn't read; the rest is counted."""


class Problems:
    """A list of faults, each with its place and its remedy."""

    def __init__(self) -> None:
        self._shown: list[str] = []
        self.count = 0

    def add(self, place: str, fault: str) -> None:
        self.count += 1
        if len(self._shown) < SHOWN:
            self._shown.append(joined((place, fault), ": "))

    def refuse_if_any(self, source: str) -> None:
        """Raises BadInputError with the first 50 faults and the number of the others."""
        if not self.count:
            return
        more = (say("and {n} more", n=whole(self.count - SHOWN)),) if self.count > SHOWN else ()
        summary = say_many(
            "Nothing was imported from {source}: 1 problem to mend first.",
            "Nothing was imported from {source}: {n} problems to mend first.",
            self.count,
            source=source,
            n=whole(self.count),
        )
        raise BadInputError(summary, (*self._shown, *more))


def quoted(text: str) -> str:
    """Return what stands in a cell the way a problem shows it: on one line, cut after 40 characters."""
    line = " ".join(text.split())
    return say("'{text}'", text=f"{line[:40]}…" if len(line) > 40 else line)  # noqa: PLR2004 - the docstring says it
