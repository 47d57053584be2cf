"""docs/settings.md names every setting with its default and its limits, and none that doesn't exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, get_args, get_origin

import annotated_types
import pytest

from bot.config import Settings, load, variable

DOCUMENT = (Path(__file__).parent.parent / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS = {
    name: (default.strip().strip("`"), does)
    for name, default, does in re.findall(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", DOCUMENT, flags=re.MULTILINE)
}
FIELDS = sorted(Settings.model_fields)


def test_every_setting_has_a_row_and_every_row_a_setting() -> None:
    assert sorted(ROWS) == sorted(map(variable, FIELDS))


def test_every_variable_the_text_names_exists() -> None:
    assert set(re.findall(r"\b(?:CADENCE|SLACK)_[A-Z_]+\b", DOCUMENT)) == set(ROWS)


@pytest.mark.parametrize("field", FIELDS)
def test_the_default_it_names_is_what_is_used_without_the_variable(field: str) -> None:
    written, _ = ROWS[variable(field)]
    default = getattr(load({}, need_slack=False), field)
    if default is None:
        assert written == "none"
    else:
        assert getattr(load({variable(field): written}, need_slack=False), field) == default


def test_every_choice_and_every_limit_is_named() -> None:
    missing = []
    for field in FIELDS:
        _, does = ROWS[variable(field)]
        known = Settings.model_fields[field]
        limits = [str(word) for word in get_args(known.annotation) if get_origin(known.annotation) is Literal]
        for limit in known.metadata:
            if isinstance(limit, (annotated_types.Ge, annotated_types.Gt)):
                limits.append(f"{getattr(limit, 'ge', getattr(limit, 'gt', None))}")
            if isinstance(limit, annotated_types.Le):
                limits.append(f"{limit.le}")
        missing += [(variable(field), limit) for limit in limits if not re.search(rf"\b{limit}\b", does)]
    assert missing == []
