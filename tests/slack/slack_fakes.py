"""A Slack that breaks on order, and an outbox in memory that keeps the contract of ``Deliveries``."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from bot.coaching.records import PersonId
from bot.services.ports import Claimed, Clock, Surface
from bot.views.announcement import Announcement
from bot.views.message import Message

BOT = "B1"
NEVER_LEASED = datetime.min.replace(tzinfo=UTC)


class RealClock:
    """The bot's clock and the database's are one in these tests."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class Fault:
    """``does`` says whether Slack does the work before it fails."""

    does: bool
    status: int = 200
    error: str | None = None
    drop: bool = False
    after: float | None = None
    slow: float = 0
    html: bool = False
    text: tuple[str, str] | None = None
    """Another body than Slack's, as a proxy answers: its content type, and itself."""


@dataclass
class FakeSlack:
    """Keeps what was posted in each channel; ``lag`` is how long a message stays out of the history."""

    lag: float = 0
    ts_offset: float = 0
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    channels: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    homes: dict[str, Any] = field(default_factory=dict)
    members: list[dict[str, Any]] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    url: str = ""
    page: int = 200

    def break_next(self, method: str, *faults: Fault) -> None:
        self.faults[method].extend(faults)

    def made(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == method]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.content_type == "application/json":
            arguments = await request.json()
        else:
            arguments = {**request.query, **await request.post()}
        for name in ("blocks", "metadata", "view"):
            if isinstance(arguments.get(name), str):
                arguments[name] = json.loads(arguments[name])
        self.calls.append((method, arguments))
        fault = self.faults[method].popleft() if self.faults[method] else Fault(does=True)
        body = getattr(self, method.replace(".", "_"))(arguments) if fault.does else {"ok": False}
        if fault.slow:
            await asyncio.sleep(fault.slow)
        if fault.drop:
            request.transport.abort()
        if fault.text:
            return web.Response(content_type=fault.text[0], text=fault.text[1], status=fault.status)
        if fault.html:
            return web.Response(text="<html>bad gateway</html>", content_type="text/html", status=fault.status)
        if fault.error:
            body = {"ok": False, "error": fault.error}
        headers = {"Retry-After": str(fault.after)} if fault.after is not None else {}
        return web.json_response(body, status=fault.status, headers=headers)

    def auth_test(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "bot_id": BOT}

    def conversations_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "channel": {"id": "D" + arguments["users"]}}

    def chat_postMessage(self, arguments: dict[str, Any]) -> dict[str, Any]:  # noqa: N802  Slack's name
        to = arguments["channel"]
        channel = to if to.startswith("D") else f"D{to}"
        posted = self.channels[channel]
        at = datetime.now(UTC).timestamp() + self.ts_offset
        ts = f"{int(at)}.{len(self.calls):06d}"
        entry = {"ts": ts, "bot_id": BOT, "at": at - self.ts_offset}
        posted.append(entry | {name: arguments.get(name) for name in ("text", "blocks", "metadata")})
        return {"ok": True, "ts": ts, "channel": channel}

    def chat_update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        for entry in self.channels[arguments["channel"]]:
            if entry["ts"] == arguments["ts"]:
                entry |= {name: arguments.get(name) for name in ("text", "blocks")}
                return {"ok": True, "ts": entry["ts"]}
        return {"ok": False, "error": "message_not_found"}

    def views_publish(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self.homes[arguments["user_id"]] = arguments["view"]
        return {"ok": True}

    def conversations_history(self, arguments: dict[str, Any]) -> dict[str, Any]:
        oldest = float(arguments.get("oldest") or 0)
        seen_before = datetime.now(UTC).timestamp() - self.lag
        everything = [
            entry
            for entry in reversed(self.channels[arguments["channel"]])
            if float(entry["ts"]) > oldest and entry.get("at", 0) <= seen_before
        ]
        start = int(arguments.get("cursor") or 0)
        end = start + min(self.page, int(arguments["limit"]))
        cursor = str(end) if end < len(everything) else ""
        return {"ok": True, "messages": everything[start:end], "response_metadata": {"next_cursor": cursor}}

    def users_list(self, arguments: dict[str, Any]) -> dict[str, Any]:
        start = int(arguments.get("cursor") or 0)
        end = start + int(arguments["limit"])
        cursor = str(end) if end < len(self.members) else ""
        return {"ok": True, "members": self.members[start:end], "response_metadata": {"next_cursor": cursor}}


@dataclass
class Row:
    claimed: Claimed
    state: str = "pending"
    free_at: datetime = NEVER_LEASED
    began: datetime = NEVER_LEASED
    error: str = ""

    def doubt(self) -> None:
        """Nobody knows whether the attempt under way posted."""
        if self.claimed.surface is Surface.MESSAGE:
            since = self.claimed.suspect_since or self.began
            self.claimed = replace(self.claimed, suspect_since=since, suspect_until=self.began)


class MemoryDeliveries:
    """Rows in the order they were put, urgent ones first. ``expire`` ends the leases, as time does after a kill."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.rows: dict[str, Row] = {}
        self.urgent: set[str] = set()
        self.lose_leases = False
        self._clock = clock or RealClock()

    def put(
        self,
        key: str,
        message: Message | Announcement,
        *,
        user: str = "U1",
        surface: Surface = Surface.MESSAGE,
        urgent: bool = False,
    ) -> Row:
        if urgent:
            self.urgent.add(key)
        old = self.rows.get(key)
        if old is None:
            claimed = Claimed(
                id=len(self.rows), key=key, to=PersonId(user), kind="fork", surface=surface, content=message,
                revision=1, attempt=0, user=user, channel=None, ts=None, suspect_since=None, suspect_until=None,
                due_at=datetime.now(UTC),
            )  # fmt: skip
            self.rows[key] = Row(claimed)
        else:
            old.claimed = replace(old.claimed, content=message, revision=old.claimed.revision + 1)
            old.state = "pending"
        return self.rows[key]

    def unsent(self) -> bool:
        return any(row.state != "sent" for row in self.rows.values())

    def expire(self) -> None:
        for row in self.rows.values():
            row.free_at = NEVER_LEASED

    async def claim(
        self,
        now: datetime,
        limit: int,
        lease_seconds: float,
        *,
        rewrites: int | None = None,
        posts: int | None = None,
    ) -> tuple[Claimed, ...]:
        clock = self._clock.now()
        free = (row for row in self.rows.values() if row.state in {"pending", "sending"} and row.free_at <= clock)
        in_order = sorted(free, key=lambda row: row.claimed.key not in self.urgent)
        too_many = [row.claimed.key for row in in_order if row.claimed.ts][limit if rewrites is None else rewrites :]
        unsaid = [row.claimed.key for row in in_order if not row.claimed.ts and row.claimed.surface is Surface.MESSAGE]
        too_many += unsaid[limit if posts is None else posts :]
        taken = [row for row in in_order if row.claimed.key not in too_many][:limit]
        for row in taken:
            if row.state == "sending":
                row.doubt()
            row.state = "sending"
            row.began = clock
            row.free_at = clock + timedelta(seconds=lease_seconds)
            row.claimed = replace(row.claimed, attempt=row.claimed.attempt + 1)
        return tuple(row.claimed for row in taken)

    def _own(self, claimed: Claimed) -> Row | None:
        row = self.rows[claimed.key]
        mine = row.state == "sending" and row.claimed.attempt == claimed.attempt and not self.lose_leases
        return row if mine else None

    async def sent(self, claimed: Claimed, channel: str, ts: str) -> bool:
        if (row := self._own(claimed)) is None:
            return False
        row.state = "sent" if row.claimed.revision == claimed.revision else "pending"
        row.claimed = replace(row.claimed, channel=channel, ts=ts, suspect_since=None, suspect_until=None)
        row.free_at = NEVER_LEASED
        return True

    async def retry_at(self, claimed: Claimed, seconds: float, error: str, *, sent_maybe: bool) -> bool:
        if (row := self._own(claimed)) is None:
            return False
        if sent_maybe:
            row.doubt()
        row.state, row.error = "pending", error
        row.free_at = self._clock.now() + timedelta(seconds=seconds)
        return True

    async def give_up(self, claimed: Claimed, error: str) -> bool:
        if (row := self._own(claimed)) is None:
            return False
        row.state, row.error = "failed", error
        return True

    async def next_due(self) -> datetime | None:
        return None

    async def depth(self) -> dict[str, int]:
        return {}
