"""Socket Mode: hello, envelopes to one of several connections in turn, their acknowledgements."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.core import Core
from bot.sandbox.courier import ACK_SECONDS, EVENTS, Ack

Json = dict[str, Any]
CONNECTIONS_AT_MOST = 10
CONNECTION_SECONDS = 18060.0


class SocketMode:
    """The connections of the app."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._links: list[web.WebSocketResponse] = []
        self._turn = 0
        self._arrival = asyncio.Event()  # set when a connection comes or goes
        self._leaving: set[web.WebSocketResponse] = set()
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._deaf: set[web.WebSocketResponse] = set()
        self._frozen: set[web.WebSocketResponse] = set()
        self.ack_seconds = ACK_SECONDS
        self.connection_seconds = CONNECTION_SECONDS

    @property
    def connections(self) -> int:
        return len(self._links)

    async def until_connected(self, count: int = 1, *, within: float = 5.0) -> None:
        """Return when the app has ``count`` connections. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while len(self._links) < count:
                self._arrival.clear()
                await self._arrival.wait()

    async def until_replaced(self, *, within: float = 5.0) -> None:
        """Return when the connections asked to come anew are gone and one has come. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while self._leaving & set(self._links) or not self._links:
                self._arrival.clear()
                await self._arrival.wait()

    async def link(self, request: web.Request) -> web.StreamResponse:
        """GET /link/?ticket=: one connection, for as long as it lasts."""
        name = request.query.get("ticket", "")
        if name not in self._core.link_names:
            return web.Response(status=403, text="unknown or used ticket")
        self._core.link_names.discard(name)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if len(self._links) >= CONNECTIONS_AT_MOST:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._links.append(socket)
        self._arrival.set()
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._links),
                "connection_info": {"app_id": self._core.workspace.app.id},
                "debug_info": {"host": "sandbox", "approximate_connection_time": self.connection_seconds},
            }
        )
        try:
            async for frame in socket:
                if socket in self._frozen:
                    continue
                if frame.type is WSMsgType.PING:
                    await socket.pong(frame.data)
                elif frame.type is WSMsgType.TEXT and socket not in self._deaf:
                    self._acknowledged(frame.data)
        finally:
            self._links.remove(socket)
            self._leaving.discard(socket)
            self._deaf.discard(socket)
            self._frozen.discard(socket)
            self._arrival.set()
        return socket

    async def carry(self, kind: str, payload: Json, *, attempt: int, reason: str) -> Ack:
        """Send an envelope to one connection and wait for its acknowledgement."""
        envelope: Json = {"type": kind, "accepts_response_payload": kind != EVENTS, "payload": payload}
        if kind == EVENTS:
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        return await self._deliver(envelope)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to come anew, as Slack does every few hours."""
        for socket in tuple(self._links):
            self._leaving.add(socket)
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})

    def deafen(self) -> None:
        """Let nothing more get through the connections there are, both ways, but pings: they look healthy."""
        self._deaf |= set(self._links)

    def freeze(self) -> None:
        """Let nothing at all get through the connections there are, as where a router forgot them: half-open."""
        self._frozen |= set(self._links)

    async def close(self) -> None:
        """Close every connection and give up what still waits for an acknowledgement."""
        for future in self._waiting.values():
            future.cancel()
        await asyncio.gather(*(socket.close() for socket in tuple(self._links)))

    async def _deliver(self, envelope: Json) -> Ack:
        start = time.monotonic()
        socket = self._next_link()
        if socket is None:
            return Ack(acked=False, payload={}, elapsed_ms=0, problem="The app is not connected.")
        name = secrets.token_hex(16)
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[name] = future
        try:
            if socket not in self._deaf | self._frozen:
                await socket.send_str(json.dumps({"envelope_id": name, **envelope}))
            async with asyncio.timeout(self.ack_seconds):
                payload = await future
        except (TimeoutError, ConnectionError):
            problem = f"The app did not answer within {self.ack_seconds:g} seconds."
            return Ack(acked=False, payload={}, elapsed_ms=_since(start), problem=problem)
        finally:
            del self._waiting[name]
        return Ack(acked=True, payload=payload, elapsed_ms=_since(start))

    def _next_link(self) -> web.WebSocketResponse | None:
        usable = [socket for socket in self._links if not socket.closed and socket not in self._leaving]
        if not usable:
            return None
        self._turn += 1
        return usable[self._turn % len(usable)]

    def _acknowledged(self, data: str) -> None:
        try:
            frame = json.loads(data)
        except ValueError:
            return
        if not isinstance(frame, dict):
            return
        future = self._waiting.get(str(frame.get("envelope_id")))
        payload = frame.get("payload")
        if future is not None and not future.done():
            future.set_result(payload if isinstance(payload, dict) else {})


def _since(start: float) -> int:
    return round((time.monotonic() - start) * 1000)
