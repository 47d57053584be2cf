"""Modals and Home tabs: each person's stack of views, their hashes, and what stands in their inputs."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import inputs
from bot.sandbox.block_check import is_too_large, problems_of_view
from bot.sandbox.clock import SandboxClock
from bot.sandbox.refusals import RefusalError

Json = dict[str, Any]
STACK_AT_MOST = 3


@dataclass(slots=True)
class View:
    """One view on one person's screen. ``values`` are Slack's state values: {block_id: {action_id: {...}}}."""

    id: str
    user: str
    definition: Json
    blocks: list[Json]
    hash: str
    root: str
    previous: str | None = None
    values: dict[str, dict[str, Json]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(self.definition["type"])

    @property
    def external_id(self) -> str:
        return str(self.definition.get("external_id") or "")


class Views:
    """All views in the workspace. A check of what the app sends comes before every change."""

    def __init__(self, team: str, app_id: str, bot_id: str, clock: SandboxClock) -> None:
        self._team, self._app_id, self._bot_id, self._clock = team, app_id, bot_id, clock
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def home(self, user: str) -> View | None:
        return self._homes.get(user)

    def top(self, user: str) -> View | None:
        """Return the modal in front, or None."""
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def stack(self, user: str) -> Sequence[View]:
        return tuple(self._stacks.get(user, ()))

    def on_screen(self, user: str, view_id: str) -> View | None:
        """Return a view the person can see or go back to."""
        home = self._homes.get(user)
        return next((v for v in (*self.stack(user), *((home,) if home else ())) if v.id == view_id), None)

    def open(self, user: str, definition: Json, blocks: list[Json]) -> View:
        """Show a modal as the root of a new stack."""
        self._check_external_id(definition)
        view = self._new(user, definition, blocks)
        self._stacks[user] = [view]
        return view

    def push(self, user: str, definition: Json, blocks: list[Json]) -> View:
        """Show a modal over the one in front. Raises RefusalError push_limit_reached above three."""
        stack = self._stacks.get(user)
        if not stack:
            raise RefusalError("not_found")
        if len(stack) >= STACK_AT_MOST:
            raise RefusalError("push_limit_reached")
        self._check_external_id(definition)
        view = self._new(user, definition, blocks)
        view.root, view.previous = stack[0].id, stack[-1].id
        stack.append(view)
        return view

    def find(self, *, view_id: str = "", external_id: str = "") -> View:
        """Return an open view. Raises RefusalError not_found."""
        everywhere = [*self._homes.values(), *(view for stack in self._stacks.values() for view in stack)]
        for view in everywhere:
            if (view_id and view.id == view_id) or (external_id and view.external_id == external_id):
                return view
        raise RefusalError("not_found")

    def update(self, view: View, definition: Json, blocks: list[Json], expected_hash: str = "") -> View:
        """Replace what a view shows; inputs whose block_id and action_id stay keep what was typed."""
        if expected_hash and expected_hash != view.hash:
            raise RefusalError("hash_conflict")
        if definition["type"] != view.kind:
            raise RefusalError("invalid_arguments", ["[ERROR] a view can't change its type [json-pointer:/view/type]"])
        if definition.get("external_id", "") != view.external_id:
            self._check_external_id(definition)
        view.values = inputs.kept_values(blocks, view.values)
        view.definition, view.blocks, view.hash = definition, blocks, self._new_hash()
        return view

    def publish(self, user: str, definition: Json, blocks: list[Json], expected_hash: str = "") -> View:
        """Set the Home tab of a person."""
        home = self._homes.get(user)
        if home is None:
            self._homes[user] = self._new(user, definition, blocks)
            return self._homes[user]
        return self.update(home, definition, blocks, expected_hash)

    def close(self, view: View) -> None:
        """Take a modal and those over it off the screen."""
        stack = self._stacks.get(view.user, [])
        if view in stack:
            del stack[stack.index(view) :]

    def close_all(self, user: str) -> None:
        self._stacks.pop(user, None)

    def to_json(self, view: View) -> Json:
        """Return Slack's view object."""
        shown = view.definition
        return {
            "id": view.id,
            "team_id": self._team,
            "type": view.kind,
            "blocks": view.blocks,
            "private_metadata": shown.get("private_metadata", ""),
            "callback_id": shown.get("callback_id", ""),
            "state": {"values": deepcopy(view.values)},
            "hash": view.hash,
            "title": shown.get("title"),
            "submit": shown.get("submit"),
            "close": shown.get("close"),
            "clear_on_close": shown.get("clear_on_close", False),
            "notify_on_close": shown.get("notify_on_close", False),
            "previous_view_id": view.previous,
            "root_view_id": view.root,
            "app_id": self._app_id,
            "external_id": view.external_id,
            "app_installed_team_id": self._team,
            "bot_id": self._bot_id,
        }

    def _new(self, user: str, definition: Json, blocks: list[Json]) -> View:
        view_id = f"V{secrets.token_hex(5).upper()}"
        values = inputs.initial_values(blocks)
        return View(view_id, user, definition, blocks, self._new_hash(), view_id, values=values)

    def _new_hash(self) -> str:
        return f"{int(self._clock.now().timestamp())}.{secrets.token_hex(4)}"

    def _check_external_id(self, definition: Json) -> None:
        wanted = definition.get("external_id")
        if wanted and any(v.external_id == wanted for stack in self._stacks.values() for v in stack):
            raise RefusalError("duplicate_external_id")


def checked_view(definition: Any) -> Json:
    """Return the view when Slack would take it. Raises RefusalError invalid_arguments or view_too_large."""
    problems = problems_of_view(definition)
    if problems:
        raise RefusalError("invalid_arguments", problems)
    if is_too_large(definition):
        raise RefusalError("view_too_large")
    view: Json = definition
    return view
