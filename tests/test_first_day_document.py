"""docs/first-day.md names commands, settings and words that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from bot.cli.command import _parser
from bot.config import Settings, variable

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "first-day.md").read_text(encoding="utf-8")
FENCED = "\n".join(re.findall(r"^```\n(.*?)^```$", DOCUMENT, flags=re.MULTILINE | re.DOTALL))
COMMANDS = re.findall(r"(?:^|\()cadence ([a-z][^#>)\n]*)", FENCED, flags=re.MULTILINE)
GOLDEN = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "views" / "golden").glob("*.json"))
SHOWN = (
    "Invite a manager",
    "Begin with these",
    "See why then",
    "Not now",
    "See the ways",
    "Check again",
    "1. People",
    "no time yet",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_it_shows_is_one_of_the_programs(command: str) -> None:
    assert _parser().parse_args(shlex.split(command)).command


def test_the_whole_way_is_in_its_commands() -> None:
    assert {command.split()[0] for command in COMMANDS} >= {"manifest", "migrate", "doctor", "run", "example", "import"}


def test_every_variable_it_names_is_a_setting() -> None:
    known = set(map(variable, Settings.model_fields))
    assert set(re.findall(r"\b(?:CADENCE|SLACK)_[A-Z_]+\b", DOCUMENT)) <= known


@pytest.mark.parametrize("words", SHOWN)
def test_what_it_says_one_sees_is_what_is_shown(words: str) -> None:
    assert words in DOCUMENT
    assert words in GOLDEN
