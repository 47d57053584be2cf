"""Block Kit dicts, each cut to what Slack accepts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from bot.coaching.said import say
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.message import Message
from bot.views.mrkdwn import ELLIPSIS, clip
from bot.views.speaking import shown as said
from bot.views.speaking import tr

Block = dict[str, Any]
View = dict[str, Any]

ANSWER_LENGTH = 1000
"""How many characters a person may type into one field; it keeps what is shown later inside a section."""
NOTICE_LENGTH = 1500
CANCEL = say("Cancel")
MOST_OPTIONS = 100
MOST_RADIOS = 10
MOST_IN_A_GROUP = 30
"""Slack takes a hundred; nobody looks through more than these."""


def plain(text: str, limit: int) -> Block:
    """Plain text holds only our own words and typed values: Slack doesn't read markup there, so nothing is escaped."""
    words = said(text)
    shown = words if len(words) <= limit else words[: limit - 1] + ELLIPSIS
    return {"type": "plain_text", "text": shown, "emoji": False}


def mrkdwn(text: str, limit: int = 3000) -> Block:
    return {"type": "mrkdwn", "text": clip(text, limit)}


def section(*lines: str) -> Block:
    return {"type": "section", "text": mrkdwn("\n".join(said(line) for line in lines if line))}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, 150)}


def context(*lines: str) -> Block:
    return {"type": "context", "elements": [mrkdwn("\n".join(said(line) for line in lines if line), 2000)]}


def divider() -> Block:
    return {"type": "divider"}


def actions(*buttons: Block) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def button(text: str, action: ActionId, value: str, *, style: str | None = None, confirm: Block | None = None) -> Block:
    """``style`` is "primary", at most one in a row, or "danger"; ``confirm`` asks once more before a final act."""
    built: Block = {"type": "button", "text": plain(text, 75), "action_id": action.value, "value": value}
    if style:
        built["style"] = style
    if confirm:
        built["confirm"] = confirm
    return built


def with_button(block: Block, shown: Block) -> Block:
    """Return a section with a button beside it."""
    return block | {"accessory": shown}


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    return {"title": plain(title, 100), "text": plain(text, 300), "confirm": plain(yes, 30), "deny": plain(no, 30)}


def packed(lines: Iterable[str], *, sections: int) -> list[Block]:
    """Put short lines into as few sections as hold them, at most ``sections``, and say how many are left out."""
    full: list[list[str]] = [[]]
    left = 0
    for line in filter(None, lines):
        short = clip(line, 1400)
        if sum(len(kept) + 1 for kept in full[-1]) + len(short) > 2900:  # noqa: PLR2004 - a section holds 3000
            full.append([])
        if len(full) > sections:
            left += 1
        else:
            full[-1].append(short)
    built = [section(*kept) for kept in full[:sections] if kept]
    return [*built, context(tr("{n} more not shown here.", n=left))] if left else built


def table(rows: Sequence[Sequence[str]], align: Sequence[str]) -> Block:
    """Return a table; the first row is its heading. Cells are shown as they are, never read as markup."""
    return {
        "type": "table",
        "column_settings": [{"align": side} for side in align],
        "rows": [[{"type": "raw_text", "text": said(cell) or "–"} for cell in row] for row in rows],  # noqa: RUF001 - a dash
    }


def bars(title: str, categories: Sequence[str], series: Mapping[str, Sequence[float]], axis: str) -> Block:
    """Return a chart with a bar for each category in each series, whose values are in the categories' order.

    Its numbers must stand in the message as text, too: a chart is not read out, and old clients don't show it.
    """
    labels = [said(label) for label in categories]
    return {
        "type": "data_visualization",
        "title": said(title),
        "chart": {
            "type": "bar",
            "series": [
                {
                    "name": said(name),
                    "data": [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)],
                }
                for name, values in series.items()
            ],
            "axis_config": {"categories": labels, "y_label": said(axis)},
        },
    }


def field(block: BlockId, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    built: Block = {
        "type": "input",
        "block_id": block.value,
        "label": plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    if hint:
        built["hint"] = plain(hint, 2000)
    return built


def text_input(initial: str = "", *, multiline: bool = True, placeholder: str = "") -> Block:
    built: Block = {
        "type": "plain_text_input",
        "action_id": ActionId.TEXT.value,
        "multiline": multiline,
        "max_length": ANSWER_LENGTH,
    }
    if initial:
        built["initial_value"] = said(initial)[:ANSWER_LENGTH]
    if placeholder:
        built["placeholder"] = plain(placeholder, 150)
    return built


def number_input(initial: str = "", *, least: str, decimal: bool) -> Block:
    built: Block = {
        "type": "number_input",
        "action_id": ActionId.NUMBER.value,
        "is_decimal_allowed": decimal,
        "min_value": least,
    }
    if initial:
        built["initial_value"] = initial
    return built


def date_input(initial: date) -> Block:
    return {
        "type": "datepicker",
        "action_id": ActionId.DAY.value,
        "initial_date": initial.isoformat(),
        "placeholder": plain(tr("Pick a day"), 150),
    }


def link_input(placeholder: str) -> Block:
    return {"type": "url_text_input", "action_id": ActionId.LINK.value, "placeholder": plain(placeholder, 150)}


def menu(placeholder: str, options: Sequence[tuple[str, str]]) -> Block:
    """Return a menu of (text, value), of which Slack takes a hundred; at first nothing is chosen."""
    return {
        "type": "static_select",
        "action_id": ActionId.CHOICE.value,
        "placeholder": plain(placeholder, 150),
        "options": [{"text": plain(text, 75), "value": value} for text, value in options[:MOST_OPTIONS]],
    }


def user_input(placeholder: str) -> Block:
    """Return a menu of everybody in the workspace."""
    return {
        "type": "users_select",
        "action_id": ActionId.USER.value,
        "placeholder": plain(placeholder, 150),
    }


def grouped_menu(placeholder: str, groups: Sequence[tuple[str, Sequence[tuple[str, str, str]]]]) -> Block:
    """Return a menu of (text, value, description) under the labels of their groups; at first nothing is chosen."""
    return {
        "type": "static_select",
        "action_id": ActionId.CHOICE.value,
        "placeholder": plain(placeholder, 150),
        "option_groups": [
            {
                "label": plain(label, 75),
                "options": [
                    {"text": plain(unmarked(text), 75), "value": value, "description": plain(unmarked(more), 75)}
                    for text, value, more in options[:MOST_IN_A_GROUP]
                ],
            }
            for label, options in groups[:MOST_OPTIONS]
        ],
    }


def unmarked(text: str) -> str:
    """Return words of people for plain text: nothing in it looks like a mention."""
    return " ".join(said(text).replace("<", "‹").replace(">", "›").split()) or tr("(no name)")  # noqa: RUF001 - look-alikes


def radio(options: Sequence[tuple[str, str, str]], *, chosen: str = "") -> Block:
    """Return radio buttons of (text, value, description), of which Slack takes ten; ``chosen`` is the first value.

    The text is markup, so that words of people can stand there, escaped.
    """
    built = [
        {"text": mrkdwn(text, 75), "value": value} | ({"description": plain(more, 75)} if more else {})
        for text, value, more in options[:MOST_RADIOS]
    ]
    first = next((option for option in built if option["value"] == chosen), None)
    return {"type": "radio_buttons", "action_id": ActionId.CHOICE.value, "options": built} | (
        {"initial_option": first} if first else {}
    )


def form(
    callback: CallbackId,
    title: str,
    blocks: list[Block],
    *,
    submit: str = "",
    close: str = CANCEL,
    metadata: str = "",
) -> View:
    built: View = {
        "type": "modal",
        "callback_id": callback.value,
        "title": plain(title, 24),
        "close": plain(close, 24),
        "private_metadata": metadata,
        "blocks": blocks,
    }
    if submit:
        built["submit"] = plain(submit, 24)
    return built


def message(text: str, *blocks: Block) -> Message:
    return Message(text=clip(text, NOTICE_LENGTH), blocks=list(blocks))


def read_field(view: View, block: BlockId, action: ActionId, key: str = "value") -> str:
    """Return what a form's field holds, stripped; "" where it is missing or empty."""
    values = view.get("state", {}).get("values", {})
    held = values.get(block.value, {}).get(action.value, {}).get(key)
    return held.strip() if isinstance(held, str) else ""


def read_choice(view: View, block: BlockId) -> str:
    """Return the value chosen in a form's menu or among its radio buttons; "" where there is none."""
    held = view.get("state", {}).get("values", {}).get(block.value, {}).get(ActionId.CHOICE.value, {})
    value = (held.get("selected_option") or {}).get("value")
    return value if isinstance(value, str) else ""


def read_day(view: View, block: BlockId) -> date | None:
    """Return the day picked in a form; None where none is."""
    try:
        return date.fromisoformat(read_field(view, block, ActionId.DAY, "selected_date"))
    except ValueError:
        return None
