"""Whether every view says, in every state, what was last agreed. UPDATE_GOLDEN=1 writes the files anew."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.views.message import Message
from tests.views.cases import Shown, cases

GOLDEN = Path(__file__).parent / "golden"
CASES = cases()


def payload(shown: Shown) -> dict[str, object]:
    return shown.payload() if isinstance(shown, Message) else shown


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_view_says_what_its_golden_file_says(name: str) -> None:
    path = GOLDEN / f"{name}.json"
    shown = payload(CASES[name])
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(json.dumps(shown, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert shown == json.loads(path.read_text(encoding="utf-8"))


def test_a_golden_file_without_its_view_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(CASES)
