"""Every golden message on one page, drawn by the code that draws the sandbox."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.async_api import Page

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "views" / "golden"
SCRIPTS = Path(str(resources.files("bot") / "sandbox" / "page"))


def goldens() -> dict[str, Any]:
    """Return what each golden file holds, by name: a message, a modal or a Home."""
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(GOLDEN.glob("*.json"))}


@asynccontextmanager
async def serving(shown: Mapping[str, Any]) -> AsyncIterator[str]:
    """Serve a page that draws ``shown``, and the sandbox's own with one of them under ``phone``; gives the address."""

    async def page(_: web.Request) -> web.FileResponse:
        return web.FileResponse(HERE / "gallery.html")

    async def phone(_: web.Request) -> web.Response:
        page = (SCRIPTS / "index.html").read_text(encoding="utf-8").replace("/app.js", "/phone.js")
        return web.Response(text=page, content_type="text/html")

    async def script(request: web.Request) -> web.FileResponse:
        return web.FileResponse(HERE / request.path[1:])

    async def payloads(_: web.Request) -> web.Response:
        return web.json_response(shown)

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_get("/phone", phone)
    app.router.add_get("/goldens", payloads)
    for ours in ("drawing.js", "phone.js"):
        app.router.add_get(f"/{ours}", script)
    app.router.add_static("/", SCRIPTS)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


async def opened(page: Page, address: str) -> Page:
    """Open the gallery and wait until everything is drawn."""
    await page.goto(address)
    await page.locator("body[data-drawn]").wait_for()
    return page


async def pictures(page: Page, names: Mapping[str, Any], folder: Path) -> None:
    """Write a picture of each message, by its name."""
    for name in names:
        await page.locator(f"#{name}").screenshot(path=folder / f"{name}.png")
