"""Every point of the bot's life at which a run kills, from what the bot listens to and what it writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.services.ports import DutyKind
from bot.views.ids import ONE_TAP, ActionId, CallbackId
from handlers import register
from handlers.complete_forms import COMPLETE

STARTING = ("start.", "users.list.", "apps.connections.open.")

NEVER_SHOWN = frozenset({ActionId.MARKET_MORE_OFTEN, ActionId.MARKET_LEAVE})
"""Buttons that nobody here presses: the market of these records doesn't fall."""

WRITES_NOTHING = frozenset(
    {"event.message", "event.app_uninstalled", "event.tokens_revoked", f"form.{CallbackId.GOAL_NEW}"}
)
"""What the bot takes note of, or answers, without writing anything."""


class _Register:
    """Stands where Bolt's app does, and notes what is listened to."""

    def __init__(self) -> None:
        self.requests: set[str] = set()

    def action(self, name: str) -> Callable[[Any], None]:
        return self._note(f"click.{name}")

    def view(self, name: str) -> Callable[[Any], None]:
        return self._note(f"form.{name}")

    def command(self, _: str) -> Callable[[Any], None]:
        return self._note("command")

    def event(self, of: str | dict[str, str]) -> Callable[[Any], None]:
        return self._note(f"event.{of if isinstance(of, str) else of['type']}")

    def use(self, _: Any) -> None:
        """What comes before every listener is no request of its own."""

    def error(self, _: Any) -> None:
        """Nor is what comes after one that broke."""

    def _note(self, request: str) -> Callable[[Any], None]:
        self.requests.add(request)
        return lambda _: None


def _listened_to() -> frozenset[str]:
    noted: Any = _Register()
    nothing: Any = None
    register(noted, nothing, nothing, wake=lambda: None)
    return frozenset(noted.requests) - {f"click.{action}" for action in NEVER_SHOWN}


REQUESTS = _listened_to()
_LATE = REQUESTS & {*(f"click.{action}" for action in ONE_TAP), *(f"form.{form}" for form in COMPLETE)}
"""What may be written down in a rush, and done later."""

_WRITERS = (
    "start",
    "rush",
    *(f"duty.{kind}" for kind in DutyKind),
    "delivery.claim",
    "delivery.sent",
    "delivery.retry_at",
)
_POSTS = ("chat.postMessage", "chat.update", "views.publish")
_QUESTIONS = ("conversations.open", "conversations.history", "users.list", "apps.connections.open")
_WRITING = ("writing", "written", "committed")

KNOWN = frozenset(
    {f"{what}.{step}" for what in REQUESTS for step in ("arrived", "answered", "receipt_sent")}
    | {f"{what}.{step}" for what in REQUESTS - WRITES_NOTHING for step in _WRITING}
    | {f"late.{what}.{step}" for what in _LATE for step in ("arrived", *_WRITING, "answered")}
    | {f"{what}.{step}" for what in _WRITERS for step in _WRITING}
    | {f"{what}.{step}" for what in _POSTS for step in ("before", "in_flight", "after")}
    | {f"{what}.{step}" for what in _QUESTIONS for step in ("before", "after")}
    | {"tick.writing", "views.open.in_flight"},
)
"""What a process passes beyond these is added."""
