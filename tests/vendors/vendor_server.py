"""A real HTTP server on localhost that stands in for a vendor: it notes what is asked, and can misbehave on purpose."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from tests.vendors.contract import Contract

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: Any


@dataclass(slots=True)
class Trouble:
    """What goes wrong at the next ``times`` requests whose path has ``path`` in it.

    ``answer`` is given instead of the true one; ``change`` takes the true one's JSON and returns other JSON, or bytes
    to send as they are; ``hang_up`` breaks the connection in the middle of the true one.
    """

    answer: Callable[[], web.Response] | None = None
    change: Callable[[Any], Any] | None = None
    hang_up: bool = False
    path: str = ""
    times: int = 1_000_000


def answering(status: int, body: Any = None, **headers: str) -> Callable[[], web.Response]:
    """Return a maker of an answer: text and bytes as they are, anything else as JSON."""
    named = CIMultiDict({name.replace("_", "-"): value for name, value in headers.items()})

    def make() -> web.Response:
        if isinstance(body, str):
            return web.Response(status=status, text=body, content_type="text/html", headers=named)
        return web.json_response(body, status=status, headers=named)

    return make


@dataclass
class VendorServer:
    """``handler`` answers like the vendor; ``contract`` is what both sides are held to, if there is one."""

    handler: Handler
    contract: Contract | None = None
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        body = json.loads(raw) if raw and request.content_type == "application/json" else None
        asked = Asked(request.method, request.path, tuple(request.query.items()), dict(request.headers), body)
        self.asked.append(asked)
        if self.contract is not None:
            self.broken += self.contract.request_faults(asked.method, asked.path, asked.query, body)
        trouble = next((one for one in self.troubles if one.times > 0 and one.path in request.path), None)
        if trouble is not None:
            trouble.times -= 1
            if trouble.answer is not None:
                return trouble.answer()
        answer = await self.handler(request)
        if not isinstance(answer, web.Response) or not isinstance(answer.body, bytes):
            return answer
        if self.contract is not None and answer.content_type == "application/json":
            told = json.loads(answer.body)
            self.broken += self.contract.answer_faults(asked.method, asked.path, answer.status, told)
        if trouble is not None and trouble.hang_up:
            return await _half(request, answer.body)
        if trouble is not None and trouble.change is not None:
            changed = trouble.change(json.loads(answer.body))
            body = changed if isinstance(changed, bytes) else json.dumps(changed).encode()
            return web.Response(body=body, content_type="application/json")
        return answer


async def _half(request: web.Request, body: bytes) -> web.StreamResponse:
    half = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return half


@asynccontextmanager
async def serving(server: VendorServer) -> AsyncIterator[VendorServer]:
    """Run the server; afterwards both sides must have kept to the contract."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
    assert server.broken == []
