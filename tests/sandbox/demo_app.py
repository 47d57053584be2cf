"""A sandbox with three people and a tiny app in it, built on the real slack-bolt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, SandboxPerson

NOW = datetime(2017, 10, 2, 9, 0, tzinfo=UTC)
ANA = SandboxPerson("U0ANA", "Ana Ruiz", "ana.ruiz@example.com", "Europe/Madrid", "Account executive")
BEN = SandboxPerson("U0BEN", "Ben Cole", "ben.cole@example.com", "America/New_York", "Manager", is_admin=True)
GONE = SandboxPerson("U0GONE", "Gus Lee", "gus.lee@example.com", "Asia/Tokyo", deleted=True)

MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "plan",
    "title": {"type": "plain_text", "text": "Plan"},
    "submit": {"type": "plain_text", "text": "Save"},
    "private_metadata": "goal-7",
    "blocks": [
        {
            "type": "input",
            "block_id": "when",
            "label": {"type": "plain_text", "text": "When"},
            "element": {"type": "plain_text_input", "action_id": "text", "max_length": 50},
        },
        {
            "type": "input",
            "block_id": "how_many",
            "optional": True,
            "label": {"type": "plain_text", "text": "How many"},
            "element": {
                "type": "number_input",
                "action_id": "number",
                "is_decimal_allowed": False,
                "min_value": "1",
                "max_value": "9",
            },
        },
    ],
}
OFFER: list[dict[str, Any]] = [
    {"type": "section", "block_id": "key-1", "text": {"type": "mrkdwn", "text": "*Shall we?*"}},
    {
        "type": "actions",
        "block_id": "choice",
        "elements": [
            {"type": "button", "action_id": "yes", "text": {"type": "plain_text", "text": "Yes"}, "value": "7"},
            {"type": "button", "action_id": "change", "text": {"type": "plain_text", "text": "Change it"}},
            {"type": "button", "action_id": "deaf", "text": {"type": "plain_text", "text": "Nobody listens"}},
        ],
    },
]


@dataclass
class Demo:
    """The tiny app, connected; ``heard`` are the bodies its listeners got, in order."""

    sandbox: Sandbox
    client: AsyncWebClient
    app: AsyncApp
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def offer(self, to: str = ANA.id) -> dict[str, Any]:
        posted = await self.client.chat_postMessage(channel=to, text="Shall we?", blocks=OFFER)
        data = posted.data
        assert isinstance(data, dict)
        return data
