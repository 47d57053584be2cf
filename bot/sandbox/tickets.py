"""What an interaction gives the app to answer with: a trigger_id for 3 s, a response_url for 5 uses in 30 minutes.

Both run on real time, not on the sandbox's clock: moving the clock on must not spoil an answer under way.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from bot.sandbox.refusals import RefusalError

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 1800.0
RESPONSE_USES = 5
KEPT_SECONDS = 3600.0


@dataclass(slots=True)
class _Trigger:
    user: str
    view: str | None
    born: float
    used: bool = False


@dataclass(slots=True)
class ResponseTicket:
    """Where an answer by response_url belongs. ``ts`` is None for a slash command."""

    user: str
    channel: str
    ts: str | None
    born: float
    uses: int = 0


class Tickets:
    """Issues trigger ids and response urls, and takes them back."""

    def __init__(self) -> None:
        self._triggers: dict[str, _Trigger] = {}
        self._responses: dict[str, ResponseTicket] = {}
        self.trigger_seconds = TRIGGER_SECONDS

    def trigger(self, user: str, view: str | None = None) -> str:
        """Return a new trigger_id for what ``user`` just did (in ``view``, when in a modal)."""
        self._forget_old()
        name = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[name] = _Trigger(user, view, time.monotonic())
        return name

    def use_trigger(self, name: str | None) -> tuple[str, str | None]:
        """Return the user and the view of the trigger. Raises RefusalError when unknown, used or older than 3 s."""
        trigger = self._triggers.get(name or "")
        if trigger is None:
            raise RefusalError("invalid_trigger")
        if trigger.used:
            raise RefusalError("exchanged_trigger_id")
        if time.monotonic() - trigger.born > self.trigger_seconds:
            raise RefusalError("expired_trigger_id")
        trigger.used = True
        return trigger.user, trigger.view

    def response(self, user: str, channel: str, ts: str | None) -> str:
        """Return the name of a new response url."""
        name = secrets.token_urlsafe(18)
        self._responses[name] = ResponseTicket(user, channel, ts, time.monotonic())
        return name

    def use_response(self, name: str) -> ResponseTicket:
        ticket = self._responses.get(name)
        if ticket is None:
            raise RefusalError("no_such_url", status=404)
        if ticket.uses >= RESPONSE_USES:
            raise RefusalError("used_url", status=404)
        if time.monotonic() - ticket.born > RESPONSE_SECONDS:
            raise RefusalError("expired_url", status=404)
        ticket.uses += 1
        return ticket

    def _forget_old(self) -> None:
        """Drop what is an hour old. Insertion order is age, so only the front is looked at."""
        before = time.monotonic() - KEPT_SECONDS
        while self._triggers and next(iter(self._triggers.values())).born < before:
            del self._triggers[next(iter(self._triggers))]
        while self._responses and next(iter(self._responses.values())).born < before:
            del self._responses[next(iter(self._responses))]
