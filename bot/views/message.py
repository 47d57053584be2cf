"""What one person is to read: blocks, and the same in words for notifications and screen readers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """``text`` is escaped mrkdwn that stands for the blocks where Slack can't show them; blocks are Block Kit dicts."""

    text: str
    blocks: list[dict[str, Any]]

    def payload(self) -> dict[str, Any]:
        """Return the arguments of chat.postMessage that a message decides: ``text`` and ``blocks``."""
        return {"text": self.text, "blocks": self.blocks}
