"""docs/first-day.md is walked as a newcomer does: its commands run in their order, against a Slack on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import re
import shlex
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from world import buttons, words

from bot.cli import main
from bot.config import PREFIX
from bot.sandbox.hubspot import LocalHubSpot
from bot.sandbox.people import SandboxPerson
from bot.sandbox.server import Sandbox
from bot.slack.manifest import COMMANDS
from bot.views.ids import ActionId

DOCUMENT = (Path(__file__).parent.parent / "docs" / "first-day.md").read_text(encoding="utf-8")
LINES = [
    line.split(" #")[0].strip()
    for block in re.findall(r"^```\n(.*?)^```$", DOCUMENT, flags=re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
NEEDS_A_NETWORK = ("git clone YOUR-COPY cadence && cd cadence", "make install", "source .venv/bin/activate")
MONDAY = datetime(2017, 10, 2, 13, 30, tzinfo=UTC)
FAST = 60
"""A minute of the clock in a second: what the page says comes within a minute comes within a second."""
WITHIN = 60
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_APP_TOKEN": "xapp-sandbox"}
ZONE = "America/New_York"
PEOPLE = (
    SandboxPerson("U1", "Alex Admin", "you@example.com", ZONE),
    SandboxPerson("U2", "Mia Manager", "mia@example.com", ZONE),
    SandboxPerson("U3", "Rob Rep", "rob@example.com", ZONE),
    SandboxPerson("U4", "Ada Rep", "ada@example.com", ZONE),
)
ADMIN, MANAGER, REP, _ = (person.id for person in PEOPLE)


class Walk:
    """A newcomer's terminals, and their Slack. A line of the page is typed once; what it printed is ``printed``."""

    def __init__(self, slack: Sandbox, hubspot: str) -> None:
        self.slack = slack
        self.printed = ""
        self._hubspot = hubspot
        self._left = [line for line in LINES if line not in NEEDS_A_NETWORK]
        self._bot: asyncio.subprocess.Process | None = None

    async def type(self, line: str, *, given: str = "") -> int:
        """Type the next line of the page, which is this one; returns its exit code. ``given`` is what it asks for."""
        assert self._left.pop(0) == line, "each line of the page is typed, in its order"
        if line == "cadence run":
            await self.run()
            return 0
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").partition("=")
            return await self._export(name, value)
        typed, _, file = line.partition(" > ")
        code = await self._cadence(shlex.split(typed)[1:], given)
        if file:
            _write(file, self.printed)
        return code

    async def _export(self, name: str, value: str) -> int:
        inner = re.fullmatch(r'"\$\(cadence (.+)\)"', value)
        if inner is None:
            os.environ[name] = TOKENS.get(name, value)
            return 0
        code = await self._cadence(shlex.split(inner[1]), "")
        os.environ[name] = self.printed.strip()
        return code

    async def _cadence(self, arguments: list[str], given: str) -> int:
        """Run a command of the program; HubSpot is asked at the stand-in's address, and the key comes by a pipe."""
        if given:
            arguments = [*arguments, "--stdin", "--set", f"address={self._hubspot}"]
        self.printed, code = await asyncio.to_thread(_typed, arguments, given)
        return code

    async def run(self) -> None:
        """Start the bot in its own process. Its clock is that of the local Slack, where it is Monday morning."""
        now = self.slack.clock.now().isoformat()
        arguments = ["-m", "bot", "run", "--now", now, "--speed", str(FAST)]
        self._bot = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, stderr=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL
        )

    async def stop(self) -> None:
        """End the bot as Ctrl-C does; it says by its code that all was well."""
        bot, self._bot = self._bot, None
        if bot is not None:
            bot.terminate()
            assert await bot.wait() == 0

    async def until(self, user: str, said: str) -> str:
        """Wait until a message of the person's says this; returns all words of it."""
        for _ in range(WITHIN * 10):
            for message in self.slack.messages(user):
                if said in (shown := f"{message['text']}\n{words(message)}"):
                    return shown
            assert self._bot is None or self._bot.returncode is None, "the bot has ended"
            await asyncio.sleep(0.1)
        raise AssertionError(f"nobody was told {said!r}")

    async def press(self, user: str, action: ActionId) -> None:
        """Press the button where it stands."""
        channel = self.slack.workspace.person(user).channel
        (found,) = [message for message in self.slack.messages(user) if buttons(message, action)]
        (button,) = buttons(found, action)
        assert (await self.slack.click(user, channel, found["ts"], action, button["value"])).acked

    @property
    def untyped(self) -> list[str]:
        return self._left


def _typed(arguments: list[str], given: str) -> tuple[str, int]:
    """Run a command in this process; returns what it printed and its exit code."""
    out = io.StringIO()
    before, sys.stdin = sys.stdin, io.StringIO(given)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            main(arguments)
    except SystemExit as ended:
        return out.getvalue(), int(ended.code or 0)
    finally:
        sys.stdin = before
    raise AssertionError("a command exits")


def _write(file: str, text: str) -> None:
    Path(file).write_text(text, encoding="utf-8")


def _read(file: str) -> str:
    return Path(file).read_text(encoding="utf-8")


def _names(folder: str) -> list[str]:
    return sorted(file.name for file in Path(folder).iterdir())


def a_hubspot() -> LocalHubSpot:
    return LocalHubSpot(now=lambda: MONDAY, zone=ZONE)


@pytest.fixture
async def walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Walk]:
    """An empty folder, no setting of this machine's, a Slack with four people, and a HubSpot."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
    for name in [name for name in os.environ if name.startswith((PREFIX, "SLACK_"))]:
        monkeypatch.delenv(name)
    for line in LINES:  # what is exported ends with the test
        if line.startswith("export "):
            monkeypatch.setenv(line.removeprefix("export ").partition("=")[0], "")
            monkeypatch.delenv(line.removeprefix("export ").partition("=")[0])
    slack = Sandbox(PEOPLE, [command for command, *_ in COMMANDS], now=MONDAY, speed=FAST)
    hubspot = web.Application()
    hubspot.router.add_route("*", "/{path:.*}", a_hubspot().answer)
    runner = web.AppRunner(hubspot, access_log=None)
    await slack.start()
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setenv("SLACK_API_URL", slack.api_url)
    newcomer = Walk(slack, f"http://127.0.0.1:{runner.addresses[0][1]}")
    try:
        yield newcomer
    finally:
        await newcomer.stop()
        await runner.cleanup()
        await slack.stop()


async def test_the_first_day_goes_as_its_page_says(walk: Walk) -> None:
    assert await walk.type("cadence manifest > manifest.json") == 0
    assert json.loads(_read("manifest.json"))["features"]["slash_commands"]
    for line in LINES:
        if line.startswith("export ") and "$(" not in line:
            assert await walk.type(line) == 0

    assert await walk.type("cadence migrate") == 0
    assert await walk.type("cadence doctor") == 1
    bad = [line for line in walk.printed.splitlines() if not line.startswith("ok")]
    assert [line.partition(":")[0] for line in bad] == ["FIX  people"], walk.printed
    assert_said(walk.printed, "FIX  people: nobody is imported yet")

    await walk.type("cadence run")
    guide = await walk.until(ADMIN, "Cadence is installed")
    assert_said(guide, "Cadence is installed; 4 steps left to the first 1:1s.")

    assert await walk.type("cadence example my-data") == 0
    assert _names("my-data") == ["deals.csv", "goals.csv", "people.csv"]
    assert await walk.type("cadence import my-data") == 0
    assert_said(walk.printed, "Imported 3 people, ")
    guide = (await walk.until(ADMIN, "*2. Deals* (done)")).replace("*", "")
    assert_said(guide, "1. People (done)", "2. Deals (done)", "3. Checks")

    await walk.stop()
    assert await walk.type('export CADENCE_SECRET_KEYS="$(cadence keys new)"') == 0
    assert await walk.type("cadence connect hubspot", given=json.dumps({"key": a_hubspot().token})) == 0, walk.printed
    assert walk.untyped == []
    await walk.run()
    assert_said(await walk.until(ADMIN, "HubSpot"), "HubSpot")

    for asked_for, text in (("/cadence doctor", "doctor"), ("/cadence invite @mia", f"invite <@{MANAGER}>")):
        assert f"`{asked_for}`" in DOCUMENT
        assert (await walk.slack.command(ADMIN, "/cadence", text)).acked
    asked = await walk.until(MANAGER, "Shall I prepare your 1:1s")
    assert_said(asked, "Begin with these", "See why then", "Not now")
    assert not walk.slack.messages(REP), "nothing has gone to any rep"
    await walk.press(MANAGER, ActionId.INVITATION_BEGIN)
    await walk.until(REP, "What this is")
    assert_said(await walk.until(ADMIN, "Cadence is set up"), "Cadence is set up")


def assert_said(shown: str, *promised: str) -> None:
    """The page promises these words, and they came."""
    for said in promised:
        assert said.strip() in DOCUMENT.replace("\n", " ")
        assert said in shown
