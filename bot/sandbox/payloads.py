"""The payloads Slack sends for what people do, field by field."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from bot.sandbox.core import Core
from bot.sandbox.people import SandboxPerson
from bot.sandbox.views import View
from bot.sandbox.workspace import Message

Json = dict[str, Any]
VERIFICATION_TOKEN = "sandbox"  # noqa: S105 - Slack's deprecated field; nothing checks it
DM_NAME = "directmessage"


@dataclass(frozen=True, slots=True)
class Payloads:
    """Builds payloads, issuing the trigger ids and response urls that stand in them."""

    core: Core

    def click_in_message(self, person: SandboxPerson, message: Message, action: Json) -> Json:
        ephemeral = message.seen_by is not None
        payload = self._interaction("block_actions", person) | {
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": message.channel,
                "is_ephemeral": ephemeral,
            },
            "trigger_id": self.core.tickets.trigger(person.id),
            "channel": {"id": message.channel, "name": DM_NAME},
            "state": {"values": message.values},
            "response_url": self._response_url(person.id, message.channel, message.ts),
            "actions": [self._action(action)],
        }
        if not ephemeral:
            payload["message"] = message.to_json(self.core.workspace.app)
        return payload

    def click_in_view(self, person: SandboxPerson, view: View, action: Json) -> Json:
        shown = self.core.workspace.views.to_json(view)
        origin = view.id if view.kind == "modal" else None
        return self._interaction("block_actions", person) | {
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": self.core.tickets.trigger(person.id, origin),
            "view": shown,
            "state": shown["state"],
            "actions": [self._action(action)],
        }

    def submission(self, person: SandboxPerson, view: View) -> Json:
        return self._interaction("view_submission", person) | {
            "trigger_id": self.core.tickets.trigger(person.id, view.id),
            "view": self.core.workspace.views.to_json(view),
            "response_urls": [],
        }

    def closing(self, person: SandboxPerson, view: View, *, cleared: bool) -> Json:
        return self._interaction("view_closed", person) | {
            "view": self.core.workspace.views.to_json(view),
            "is_cleared": cleared,
        }

    def command(self, person: SandboxPerson, command: str, text: str) -> Json:
        app = self.core.workspace.app
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": app.team,
            "team_domain": "sandbox",
            "channel_id": person.channel,
            "channel_name": DM_NAME,
            "user_id": person.id,
            "user_name": person.handle,
            "command": command,
            "text": text,
            "api_app_id": app.id,
            "is_enterprise_install": "false",
            "response_url": self._response_url(person.id, person.channel, None),
            "trigger_id": self.core.tickets.trigger(person.id),
        }

    def event(self, event: Json) -> Json:
        app = self.core.workspace.app
        now = self.core.clock.now().timestamp()
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": app.team,
            "api_app_id": app.id,
            "event": {**event, "event_ts": f"{now:.6f}"},
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(now),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": app.team,
                    "user_id": app.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_hex(12)}",
        }

    def _interaction(self, kind: str, person: SandboxPerson) -> Json:
        app = self.core.workspace.app
        return {
            "type": kind,
            "user": {"id": person.id, "username": person.handle, "name": person.handle, "team_id": app.team},
            "api_app_id": app.id,
            "token": VERIFICATION_TOKEN,
            "team": {"id": app.team, "domain": "sandbox"},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _action(self, action: Json) -> Json:
        return {**action, "action_ts": self.core.workspace.next_ts()}

    def _response_url(self, user: str, channel: str, ts: str | None) -> str:
        return f"{self.core.url}/response/{self.core.tickets.response(user, channel, ts)}"
