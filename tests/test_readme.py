"""What the README shows can be typed, and what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli.command import _parser

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
FENCED = "\n".join(re.findall(r"^```\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE))
QUOTED = re.findall(r"`((?:\.venv/bin/)?cadence [^`]+)`", README)
COMMANDS = [line.partition("#")[0].strip() for line in FENCED.splitlines() if "cadence " in line.partition("#")[0]]


@pytest.mark.parametrize("command", sorted({*COMMANDS, *QUOTED}))
def test_every_command_can_be_typed(command) -> None:
    program, *arguments = command.split()
    assert program in {"cadence", ".venv/bin/cadence"}
    assert _parser().parse_args(arguments).command


@pytest.mark.parametrize("target", sorted(set(re.findall(r"^make (\w+)", FENCED, flags=re.MULTILINE))))
def test_every_make_target_exists(target) -> None:
    assert f"\n{target}:" in MAKEFILE


def test_every_phony_target_exists() -> None:
    (phony,) = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, flags=re.MULTILINE)
    assert [target for target in phony.split() if f"\n{target}:" not in MAKEFILE] == []


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_every_link_leads_somewhere(link) -> None:
    assert (ROOT / link).exists()


def test_the_map_shows_every_room_of_the_house_and_no_other() -> None:
    shown = set(re.findall(r"^\| `([\w/]+)/` \|", README, flags=re.MULTILINE))
    rooms = {folder.relative_to(ROOT).as_posix() for folder in (ROOT / "bot").iterdir() if folder.is_dir()}
    rooms = {room for room in rooms if not room.endswith("__pycache__")}
    assert shown == rooms | {"handlers", "scheduler", "migrations", "tests"}
