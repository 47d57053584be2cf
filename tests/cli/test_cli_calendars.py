"""A calendar is connected and left from the command line, and nothing is kept of one that doesn't work."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from world import PEOPLE

from bot.cli import main
from bot.clock import ManualClock
from bot.coaching.records import Records
from bot.crm.write_csv import write_folder
from bot.vault import new_key
from tests.calendars.providers import OPENERS, Opened

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def run(*words: str) -> int:
    """Run a command; returns how it exited."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    return int(ended.value.code or 0)


@pytest.fixture(params=sorted(OPENERS))
def opened(request: pytest.FixtureRequest) -> Iterator[Opened]:
    """A calendar of one's own in a thread, for a command has a loop of its own."""
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    found: list[Opened] = []

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            found.append(await stack.enter_async_context(OPENERS[request.param](ManualClock(NOW))))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    yield found[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, sqlite_url: str, tmp_path: Path) -> None:
    monkeypatch.setenv("CADENCE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CADENCE_SECRET_KEYS", new_key())
    folder = write_folder(Records(people=PEOPLE), tmp_path / "records")
    assert run("import", str(folder)) == 0


def connect(opened: Opened, monkeypatch: pytest.MonkeyPatch, **changes: str) -> int:
    said = json.dumps(opened.told | changes)
    monkeypatch.setattr("sys.stdin", _Text(said))
    return run("connect", opened.provider.name, "--stdin")


class _Text:
    def __init__(self, text: str) -> None:
        self._text = text

    def read(self) -> str:
        return self._text

    def isatty(self) -> bool:
        return False


@pytest.mark.usefixtures("settings")
def test_a_calendar_is_tried_connected_and_looked_at_by_the_doctor(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sqlite_url: str
) -> None:
    opened.held.strangers = {"omar@example.com"}
    assert connect(opened, monkeypatch) == 0
    said = capsys.readouterr().out
    assert "3 of your people's can be read" in said
    assert "these can't" in said
    assert "omar@example.com" in said
    run("doctor")
    assert "these can't be read, so nothing avoids their times: omar@example.com" in capsys.readouterr().out
    raw = Path(sqlite_url.removeprefix("sqlite:///")).read_bytes()
    assert not any(secret.encode() in raw for secret in (opened.told.get("secret", "PRIVATE KEY"), "PRIVATE KEY"))
    assert run("disconnect", opened.provider.name) == 0
    assert "isn't connected" in _refused("disconnect", opened.provider.name, capsys=capsys)


@pytest.mark.usefixtures("settings")
def test_a_calendar_of_which_nothing_can_be_read_is_not_kept(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened.held.strangers = {person.email for person in PEOPLE}
    assert connect(opened, monkeypatch) == 1
    assert "isn't connected" in capsys.readouterr().err
    assert "isn't connected" in _refused("disconnect", opened.provider.name, capsys=capsys)


@pytest.mark.usefixtures("settings")
def test_wrong_credentials_are_refused_with_what_to_look_at(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {"google": {"key": "{}"}, "graph": {"secret": "another-secret"}}[opened.provider.name]
    assert connect(opened, monkeypatch, **wrong) != 0
    told = capsys.readouterr()
    assert "service account" in told.err or "may have expired" in told.err
    assert "another-secret" not in told.err + told.out


@pytest.mark.usefixtures("settings")
def test_a_key_may_be_given_by_its_file(opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if "key" not in opened.told:
        pytest.skip("it has no key file")
    (tmp_path / "key.json").write_text(opened.told["key"])
    assert connect(opened, monkeypatch, key=str(tmp_path / "key.json")) == 0


def _refused(*words: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert run(*words) != 0
    return capsys.readouterr().err
