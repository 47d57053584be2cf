"""What is asked of a process over HTTP from outside: whether it can do its work, and its figures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from bot.metrics import CONTENT_TYPE
from bot.web_door import WebDoor

PATH = "/healthz"
METRICS_PATH = "/metrics"


@dataclass(frozen=True, slots=True)
class Health:
    """``live`` False asks for a restart; ``ready`` False says that work waits. ``details`` names why, no secrets."""

    live: bool
    ready: bool
    details: Mapping[str, object] = field(default_factory=dict)


Report = Callable[[], Awaitable[Health]]
Figures = Callable[[], Awaitable[bytes]]
"""Give a page in the text format of Prometheus."""


def add_health(app: web.Application, report: Report) -> None:
    """Answer PATH on ``app``: JSON, 200 when live and ready and 503 when not. ``?live`` asks for life only."""

    async def answer(request: web.Request) -> web.Response:
        health = await report()
        good = health.live and (health.ready or "live" in request.query)
        return web.json_response(
            {"live": health.live, "ready": health.ready, **health.details},
            status=200 if good else 503,
        )

    app.router.add_get(PATH, answer)


def add_metrics(app: web.Application, figures: Figures) -> None:
    """Answer METRICS_PATH on ``app``."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=await figures(), headers={"Content-Type": CONTENT_TYPE})

    app.router.add_get(METRICS_PATH, answer)


class HealthServer(WebDoor):
    """A server for both paths. ``port`` 0 takes a free one, then in ``port``."""

    def __init__(self, report: Report, figures: Figures, *, host: str = "127.0.0.1", port: int = 8080) -> None:
        app = web.Application()
        add_health(app, report)
        add_metrics(app, figures)
        super().__init__(app, host=host, port=port, settings="CADENCE_HEALTH_HOST and CADENCE_HEALTH_PORT")
