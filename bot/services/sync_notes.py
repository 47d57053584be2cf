"""What is to be said of a run: what wasn't available, and which values couldn't be read."""

from __future__ import annotations

from collections.abc import Iterable

from bot.coaching.said import joined, say
from bot.services.ports.sync import SyncState
from bot.services.source import Need, Problem
from bot.services.source_errors import SourceError

SHOWN = 50
"""A longer list isn't read; the rest is counted."""

NEEDS = {
    Need.PEOPLE: say("people"),
    Need.STAGES: say("stages"),
    Need.DEALS: say("deals"),
    Need.GONE: say("deleted deals"),
    Need.HISTORY: say("stage history"),
    Need.ACTIVITIES: say("activities"),
    Need.GOALS: say("goals"),
    Need.FIELDS: say("fields"),
}
"""What the things that are asked for are called."""


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

    def tell(self, words: str) -> None:
        self._told[words] = None

    def leave_out(self, need: Need, error: SourceError) -> None:
        missing = say("Not available from {source}: {need}.", source=self._title, need=NEEDS[need])
        self.tell(joined((missing, str(error))))

    def add(self, problems: Iterable[Problem]) -> None:
        for one in problems:
            self.problems += 1
            if len(self._told) < SHOWN:
                about = joined((NEEDS[one.need], one.record, one.field))
                if one.refused:
                    self.tell(say("{about}: {what} (left out)", about=about, what=one.words))
                else:
                    self.tell(joined((about, one.words), ": "))
