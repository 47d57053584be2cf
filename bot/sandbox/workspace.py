"""What the workspace holds: people, DMs with the bot, messages. Pure state, no network."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.sandbox import inputs
from bot.sandbox.block_check import elements_of
from bot.sandbox.clock import SandboxClock
from bot.sandbox.people import SandboxPerson
from bot.sandbox.refusals import RefusalError
from bot.sandbox.views import Views

Json = dict[str, Any]
MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class App:
    """How the app and its bot are known in the workspace."""

    name: str = "Cadence"
    team: str = "T0SANDBOX"
    team_name: str = "Sandbox"
    id: str = "A0SANDBOX"
    bot_user: str = "U0SANDBOT"
    bot_id: str = "B0SANDBOT"


@dataclass(slots=True)
class Message:
    """One message in a DM. ``seen_by`` is set for an ephemeral one: nobody else has it, history doesn't tell of it."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    seen_by: str | None = None
    files: list[Json] = field(default_factory=list)
    former_blocks: list[list[Json]] = field(default_factory=list)
    values: dict[str, dict[str, Json]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values = inputs.initial_values(self.blocks)

    def to_json(self, app: App, *, all_metadata: bool = True) -> Json:
        """Return Slack's message object."""
        shown: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": app.team}
        if self.user == app.bot_user:
            shown |= {"bot_id": app.bot_id, "app_id": app.id}
        if self.blocks:
            shown["blocks"] = self.blocks
        if self.files:
            shown["files"] = self.files
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        if self.metadata:
            kind = self.metadata["event_type"]
            shown["metadata"] = self.metadata if all_metadata else {"event_type": kind}
        if self.seen_by:
            shown["is_ephemeral"] = True
        return shown

    def rewrite(self, text: str, blocks: list[Json]) -> None:
        self.former_blocks.append(self.blocks)
        self.text, self.blocks = text, blocks
        self.values = inputs.kept_values(blocks, self.values)


def with_ids(blocks: Sequence[Json]) -> list[Json]:
    """Return the blocks with the ids Slack gives to blocks and elements that have none."""
    named: list[Json] = []
    for block in blocks:
        copy = {**block, "block_id": block.get("block_id") or secrets.token_urlsafe(4)}
        for place in ("accessory", "element"):
            if place in copy and elements_of({place: copy[place]}):
                copy[place] = _with_action_id(copy[place])
        for place in ("elements", "actions"):
            if copy.get("type") in {"actions", "context_actions", "card"} and place in copy:
                copy[place] = [_with_action_id(element) for element in copy[place]]
        named.append(copy)
    return named


def _with_action_id(element: Json) -> Json:
    return {**element, "action_id": element.get("action_id") or secrets.token_urlsafe(4)}


class Workspace:
    """The people, their DMs with the bot, and the views on their screens."""

    def __init__(self, people: Sequence[SandboxPerson], app: App, clock: SandboxClock) -> None:
        self.app = app
        self.clock = clock
        self._people: dict[str, SandboxPerson] = {person.id: person for person in people}
        self._opened: set[str] = set()
        self._messages: dict[str, list[Message]] = {person.channel: [] for person in people}
        self._by_channel = {person.channel: person.id for person in people}
        self._last_ts = 0
        self._read_up_to: dict[str, str] = {}
        self.messages_tab = True
        self.views = Views(app.team, app.id, app.bot_id, clock)

    @property
    def people(self) -> Mapping[str, SandboxPerson]:
        return self._people

    def person(self, user: str) -> SandboxPerson:
        """Return the person. Raises RefusalError user_not_found."""
        if user not in self._people:
            raise RefusalError("user_not_found")
        return self._people[user]

    def person_by_email(self, email: str) -> SandboxPerson:
        for person in self._people.values():
            if person.email.lower() == email.lower() and not person.deleted:
                return person
        raise RefusalError("users_not_found")

    def change_person(self, user: str, **changes: Any) -> SandboxPerson:
        changed = replace(self.person(user), **changes)
        self._people[user] = changed
        return changed

    def next_ts(self) -> str:
        """Return an id for a message: the clock's microsecond, later than any before."""
        micros = round(self.clock.now().timestamp() * MICROSECONDS)
        self._last_ts = max(micros, self._last_ts + 1)
        return f"{self._last_ts // MICROSECONDS}.{self._last_ts % MICROSECONDS:06d}"

    def open_dm(self, user: str, *, only_look: bool = False) -> tuple[str, bool]:
        """Return the channel of the DM with the person and whether it was open already."""
        person = self.person(user)
        if person.deleted:
            raise RefusalError("user_disabled")
        self._check_messages_tab()
        already = person.channel in self._opened
        if only_look and not already:
            raise RefusalError("channel_not_found")
        self._opened.add(person.channel)
        return person.channel, already

    def channel_for_posting(self, channel: str) -> str:
        """Return the D channel meant by a D or a U id. A U id opens the DM, as chat.postMessage does."""
        if channel.startswith("U"):
            if channel not in self._people:
                raise RefusalError("channel_not_found")
            return self.open_dm(channel)[0]
        if channel not in self._messages or channel not in self._opened:
            raise RefusalError("channel_not_found")
        if self._people[self._by_channel[channel]].deleted:
            raise RefusalError("user_disabled")
        self._check_messages_tab()
        return channel

    def _check_messages_tab(self) -> None:
        if not self.messages_tab:
            raise RefusalError("messages_tab_disabled")

    def known_channel(self, channel: str) -> str:
        """Return the channel when it is an open DM. Raises RefusalError channel_not_found."""
        if channel not in self._opened:
            raise RefusalError("channel_not_found")
        return channel

    def member_of(self, channel: str) -> str:
        """Return the person whose DM it is."""
        return self._by_channel[channel]

    def post(self, message: Message) -> Message:
        self._messages[message.channel].append(message)
        self._opened.add(message.channel)
        return message

    def delete(self, message: Message) -> None:
        self._messages[message.channel].remove(message)

    def find(self, channel: str, ts: str, *, ephemeral_too: bool = False) -> Message:
        """Return the message. Raises RefusalError message_not_found."""
        for message in reversed(self._messages.get(channel, ())):
            if message.ts == ts and (ephemeral_too or not message.seen_by):
                return message
        raise RefusalError("message_not_found")

    def in_channel(self, channel: str, *, with_ephemeral: bool = False) -> Iterator[Message]:
        """Yield the messages of a DM, oldest first."""
        return (m for m in self._messages[channel] if with_ephemeral or not m.seen_by)

    def read(self, user: str) -> None:
        """Note that the person has seen what is there."""
        messages = self._messages[self._people[user].channel]
        self._read_up_to[user] = max((m.ts for m in messages), default="")

    def unread(self, user: str) -> int:
        seen = self._read_up_to.get(user, "")
        return sum(1 for m in self._messages[self._people[user].channel] if m.ts > seen and m.user != user)

    def now(self) -> datetime:
        return self.clock.now()
