"""Brings what people do to the app: once, or as a test orders, for the way there is not to be relied on."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

Json = dict[str, Any]
ACK_SECONDS = 3.0
EVENT_RETRIES_AFTER = (0.02, 0.1, 0.3)  # Slack: at once, 1 minute, 5 minutes
EVENTS = "events_api"


@dataclass(frozen=True, slots=True)
class Ack:
    """What came back: ``payload`` is the app's answer, empty for a bare acknowledgement."""

    acked: bool
    payload: Json
    elapsed_ms: int
    problem: str = ""


class Way(Protocol):
    """How the app is reached: Socket Mode or its request URL."""

    async def carry(self, kind: str, payload: Json, *, attempt: int, reason: str) -> Ack:
        """Bring one payload once. ``attempt`` above 0 says that it comes again, and ``reason`` why."""


class Mishap(StrEnum):
    """What happens to one payload on its way."""

    LOST = "lost"  # it never arrives
    UNHEARD = "unheard"  # it arrives, and its acknowledgement never does
    TWICE = "twice"  # it arrives twice at the same moment
    OVERTAKEN = "overtaken"  # what comes after it arrives before it


class Courier:
    """Carries clicks, forms, commands and events by the ``way`` the app listens on."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.event_retries_after = EVENT_RETRIES_AFTER
        self._ordered: deque[Mishap] = deque()
        self._overtaken: set[asyncio.Event] = set()
        self._one_waits = asyncio.Event()

    def next(self, mishap: Mishap, *, times: int = 1) -> None:
        """Let the next ``times`` payloads suffer ``mishap``; an event brought again is a payload anew."""
        self._ordered.extend([mishap] * times)

    async def until_one_waits(self) -> None:
        """Return when a payload waits for the next one to arrive before it."""
        await self._one_waits.wait()

    async def interact(self, kind: str, payload: Json) -> Ack:
        """Bring a click or form (``interactive``) or a command (``slash_commands``): once, never again."""
        return await self._bring(kind, payload)

    async def event(self, payload: Json) -> Ack:
        """Bring an event; when it is not acknowledged, three times more."""
        ack = await self._bring(EVENTS, payload)
        for attempt, wait in enumerate(self.event_retries_after, start=1):
            if ack.acked:
                return ack
            await asyncio.sleep(wait)
            ack = await self._bring(EVENTS, payload, attempt=attempt, reason="timeout")
        return ack

    async def _bring(self, kind: str, payload: Json, *, attempt: int = 0, reason: str = "") -> Ack:
        mishap = self._ordered.popleft() if self._ordered else None
        if mishap is Mishap.LOST:
            return _lost("It was lost on the way to the app.")
        if mishap is Mishap.OVERTAKEN:
            await self._wait_to_be_overtaken()
        try:
            acks = [self.way.carry(kind, payload, attempt=attempt, reason=reason)]
            if mishap is Mishap.TWICE:
                acks.append(self.way.carry(kind, payload, attempt=attempt, reason=reason))
            first, *_ = await asyncio.gather(*acks)
        finally:
            for passed in self._overtaken:
                passed.set()
        return _lost("The app's answer was lost on the way.") if mishap is Mishap.UNHEARD else first

    async def _wait_to_be_overtaken(self) -> None:
        passed = asyncio.Event()
        self._overtaken.add(passed)
        self._one_waits.set()
        try:
            await passed.wait()
        finally:
            self._overtaken.discard(passed)


def _lost(problem: str) -> Ack:
    return Ack(acked=False, payload={}, elapsed_ms=0, problem=problem)
