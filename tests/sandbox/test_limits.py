"""Each limit of the Block Kit reference: just below passes, just above is refused."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.block_check import problems_of_blocks, problems_of_view

Block = dict[str, Any]


def plain(length: int) -> Block:
    return {"type": "plain_text", "text": "x" * length}


def option(number: int, length: int = 5) -> Block:
    return {"text": plain(length), "value": str(number)}


def section(length: int) -> list[Block]:
    return [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * length}}]


def fields(length: int) -> list[Block]:
    return [{"type": "section", "fields": [plain(length)]}]


def many_fields(count: int) -> list[Block]:
    return [{"type": "section", "fields": [plain(5)] * count}]


def header(length: int) -> list[Block]:
    return [{"type": "header", "text": plain(length)}]


def context(count: int) -> list[Block]:
    return [{"type": "context", "elements": [plain(5)] * count}]


def buttons(count: int) -> list[Block]:
    made = [{"type": "button", "action_id": f"a{n}", "text": plain(5)} for n in range(count)]
    return [{"type": "actions", "elements": made}]


def label(length: int) -> list[Block]:
    return [{"type": "actions", "elements": [{"type": "button", "action_id": "a", "text": plain(length)}]}]


def value(length: int) -> list[Block]:
    return [{"type": "actions", "elements": [{"type": "button", "text": plain(5), "value": "x" * length}]}]


def overflow(count: int) -> list[Block]:
    return [{"type": "actions", "elements": [{"type": "overflow", "options": [option(n) for n in range(count)]}]}]


def radio(count: int) -> list[Block]:
    return [{"type": "actions", "elements": [{"type": "radio_buttons", "options": [option(n) for n in range(count)]}]}]


def select(count: int) -> list[Block]:
    return [{"type": "actions", "elements": [{"type": "static_select", "options": [option(n) for n in range(count)]}]}]


def block_id(length: int) -> list[Block]:
    return [{"type": "divider", "block_id": "x" * length}]


def dividers(count: int) -> list[Block]:
    return [{"type": "divider"}] * count


def markdown(length: int) -> list[Block]:
    return [
        {"type": "markdown", "text": "x" * (length // 2)},
        {"type": "markdown", "text": "x" * (length - length // 2)},
    ]


LIMITS = [
    (section, 3000),
    (fields, 2000),
    (many_fields, 10),
    (header, 150),
    (context, 10),
    (buttons, 25),
    (label, 75),
    (value, 2000),
    (overflow, 5),
    (radio, 10),
    (select, 100),
    (block_id, 255),
    (dividers, 50),
    (markdown, 12_000),
]


@pytest.mark.parametrize(("build", "limit"), LIMITS, ids=lambda part: getattr(part, "__name__", str(part)))
def test_a_limit_holds_at_its_edge(build: Any, limit: int) -> None:
    assert problems_of_blocks(build(limit), "message") == []
    assert len(problems_of_blocks(build(limit + 1), "message")) == 1


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ([{"type": "unknown"}], "unsupported type: unknown"),
        ([{"type": "section"}], "must define one of: text, fields"),
        ([{"type": "divider", "text": "x"}], "invalid additional property: text"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "unsupported type: mrkdwn"),
        ([{"type": "header", "text": plain(0)}], "must be more than 0 characters"),
        ([{"type": "divider", "block_id": "a"}] * 2, "`block_id` already exists: a"),
        (
            [{"type": "actions", "elements": [{"type": "button", "action_id": "a", "text": plain(3)}] * 2}],
            "`action_id`",
        ),
        ([{"type": "image", "image_url": "https://example.com/a.png"}], "missing required field: alt_text"),
        ([{"type": "actions", "elements": [{"type": "plain_text_input"}]}], "unsupported type: plain_text_input"),
        ([{"type": "alert", "text": plain(3)}], "unsupported type: alert"),
        ([None], "must provide an object"),
        ("text", "must be an array"),
    ],
)
def test_what_is_wrong_is_said_in_slack_s_words(blocks: Any, said: str) -> None:
    (problem,) = problems_of_blocks(blocks, "message")
    assert said in problem


def test_what_is_chosen_at_first_must_be_offered() -> None:
    element = {"type": "static_select", "options": [option(1)], "initial_option": option(2)}
    assert problems_of_blocks([{"type": "actions", "elements": [element]}], "message")


def test_a_block_stands_only_where_slack_allows_it() -> None:
    alert = [{"type": "alert", "text": plain(3)}]
    table = [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}]
    assert problems_of_blocks(alert, "modal") == []
    assert problems_of_blocks(table, "home") == []
    assert problems_of_blocks(table, "modal")
    assert problems_of_blocks(dividers(100), "home") == []
    assert problems_of_blocks(dividers(101), "home")


def test_a_home_view_takes_no_title() -> None:
    view = {"type": "home", "blocks": dividers(1)}
    assert problems_of_view(view) == []
    assert problems_of_view({**view, "title": plain(3)})
