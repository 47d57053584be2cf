"""How Slack says no: an error code in a 200 answer, sometimes with messages or headers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class RefusalError(Exception):
    """A Web API method answers ``{"ok": false, "error": code}``."""

    def __init__(
        self,
        code: str,
        messages: Sequence[str] = (),
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code, *messages)
        self.code = code
        self.messages = tuple(messages)
        self.status = status
        self.headers = headers or {}
        self.extra = extra or {}

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            answer["errors"] = [message.removeprefix("[ERROR] ") for message in self.messages]
            answer["response_metadata"] = {"messages": list(self.messages)}
        return answer


class NotThereError(LookupError):
    """A person tried to use something that is not on their screen."""
