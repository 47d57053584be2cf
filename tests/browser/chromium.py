"""Where Chromium is on this machine, and how it is started for tests and pictures."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
NEEDED = "TEST_NEEDS_BROWSER"
QUIET = (
    "--no-sandbox",  # CI runs as root, and only the page of our own sandbox is opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def path() -> str | None:
    """Return the path of an installed Chromium, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def needed() -> bool:
    """Whether a missing Chromium is a failure and no reason to skip."""
    return bool(os.environ.get(NEEDED))


@asynccontextmanager
async def started(executable: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(QUIET))
        try:
            yield browser
        finally:
            await browser.close()
