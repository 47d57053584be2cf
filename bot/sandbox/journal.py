"""The log of everything said and done in the sandbox, in order: the source of transcripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bot.sandbox.clock import SandboxClock

Entry = dict[str, Any]


class Journal:
    """Entries ``{"at": iso UTC, "to": user, "method": ...}`` of the app and ``{"at", "by", "act": ...}`` of people."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self.entries: list[Entry] = []
        self._listeners: list[Callable[[Entry], None]] = []

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, index: int) -> Entry:
        return self.entries[index]

    def said(self, method: str, to: str, **what: Any) -> Entry:
        """Note what the app showed to the person ``to``."""
        return self._add({"to": to, "method": method, **what})

    def done(self, act: str, by: str, **what: Any) -> Entry:
        """Note what the person ``by`` did; the act's outcome is added to the entry when it is known."""
        return self._add({"by": by, "act": act, **what})

    def subscribe(self, listener: Callable[[Entry], None]) -> Callable[[], None]:
        """Call ``listener`` with each new entry; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _add(self, entry: Entry) -> Entry:
        stamped = {"at": self._clock.now().isoformat(), **entry}
        self.entries.append(stamped)
        for listener in tuple(self._listeners):
            listener(stamped)
        return stamped
