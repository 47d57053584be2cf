"""Everything that is wrong with an import, gathered so that one refusal names it all."""

from __future__ import annotations

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
            self._shown.append(f"{place}: {fault}")

    def refuse_if_any(self, source: str) -> None:
        """Raises BadInputError with the first 50 faults and the number of the others."""
        if not self.count:
            return
        more = (f"and {self.count - SHOWN:,} more",) if self.count > SHOWN else ()
        faults = "1 problem" if self.count == 1 else f"{self.count:,} problems"
        raise BadInputError(f"Nothing was imported from {source}: {faults} to mend first.", (*self._shown, *more))


def quoted(text: str) -> str:
    """Return what stands in a cell the way a problem shows it: on one line, cut after 40 characters."""
    line = " ".join(text.split())
    return f"'{line[:40]}…'" if len(line) > 40 else f"'{line}'"  # noqa: PLR2004 - the docstring says it
