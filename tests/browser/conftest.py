"""A small organisation in the demo, running by itself, and a real Chromium to look at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import chromium
import databases
import pytest
from slack_page import SlackPage
from world import PEOPLE, START, some_records

from bot.demo.interactive import playing
from bot.demo.stage import Stage


@pytest.fixture
def executable() -> str:
    found = chromium.path()
    if found is None:
        say = pytest.fail if chromium.needed() else pytest.skip
        say("Chromium is not installed: apt-get install chromium")
    return found


@pytest.fixture
async def demo(executable: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """The demo as `cadence demo` runs it, with two reps and their manager."""
    databases.new_sqlite(tmp_path / "cadence.sqlite3")
    facts = some_records(people=PEOPLE[:3])
    async with playing(tmp_path, START, facts=facts, tick_seconds=0.1) as demo:
        yield demo


@pytest.fixture
async def slack(demo: Stage, executable: str) -> AsyncIterator[SlackPage]:
    """A desktop window on the page; at the end the console has told of no error."""
    async with chromium.started(executable) as browser:
        page = SlackPage(await browser.new_page(viewport={"width": 1200, "height": 800}), demo)
        yield page
        assert page.problems == []


@pytest.fixture
async def phone(demo: Stage, executable: str) -> AsyncIterator[SlackPage]:
    """The page on a narrow phone."""
    async with chromium.started(executable) as browser:
        page = SlackPage(await browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True), demo)
        yield page
        assert page.problems == []
