"""What is to be said of a run: what wasn't available, and which values couldn't be read."""

from __future__ import annotations

from collections.abc import Iterable

from bot.services.ports.sync import SyncState
from bot.services.source import Need, Problem
from bot.services.source_errors import SourceError

SHOWN = 50
"""A longer list isn't read; the rest is counted."""


class Notes:
    def __init__(self, title: str) -> None:
        self._title = title
        self._told: dict[str, None] = {}
        self.problems = 0

    @property
    def told(self) -> tuple[str, ...]:
        return tuple(self._told)

    def go_on(self, state: SyncState) -> None:
        """Take over what an interrupted run had to say."""
        self._told = dict.fromkeys(state.notes)
        self.problems = state.problems

    def say(self, words: str) -> None:
        self._told[words] = None

    def leave_out(self, need: Need, error: SourceError) -> None:
        self.say(f"Not available from {self._title}: {need}. {error}")  # no words: of the command line

    def add(self, problems: Iterable[Problem]) -> None:
        for one in problems:
            self.problems += 1
            if len(self._told) < SHOWN:
                about = " ".join(part for part in (one.need, one.record, one.field) if part)
                self.say(f"{about}: {one.words}{' (left out)' if one.refused else ''}")  # no words: of the command line
