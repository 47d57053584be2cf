"""Slack's limits as a table, and the check that every message and view passes before it leaves.

Slack refuses a whole payload for one fault, and its SDK's models miss many of them: a 51st block, two blocks with one
id, a form without a submit button, a block on a surface where it may not stand.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeVar

from bot.views.message import Message

Part = dict[str, Any]
Payload = TypeVar("Payload")

MESSAGE, MODAL, HOME = "message", "modal", "home"
MOST_BLOCKS = {MESSAGE: 50, MODAL: 100, HOME: 100}
MESSAGE_TEXT = 4000
VIEW_BYTES = 250_000
ID_LENGTH = 255
OPTION_LENGTH = 75

SURFACES = {
    "section": {MESSAGE, MODAL, HOME},
    "header": {MESSAGE, MODAL, HOME},
    "divider": {MESSAGE, MODAL, HOME},
    "context": {MESSAGE, MODAL, HOME},
    "actions": {MESSAGE, MODAL, HOME},
    "input": {MESSAGE, MODAL, HOME},
    "image": {MESSAGE, MODAL, HOME},
    "table": {MESSAGE, HOME},
    "data_visualization": {MESSAGE},
}
"""The blocks that we use, and where each may stand; any other is a fault until it is entered here."""

TEXT_LIMITS = {
    ("section", "text"): 3000,
    ("header", "text"): 150,
    ("input", "label"): 2000,
    ("input", "hint"): 2000,
    ("button", "text"): 75,
    ("confirm", "title"): 100,
    ("confirm", "text"): 300,
    ("confirm", "confirm"): 30,
    ("confirm", "deny"): 30,
    ("option", "text"): OPTION_LENGTH,
    ("option", "description"): OPTION_LENGTH,
    ("option_group", "label"): OPTION_LENGTH,
    ("plain_text_input", "placeholder"): 150,
    ("number_input", "placeholder"): 150,
    ("datepicker", "placeholder"): 150,
    ("static_select", "placeholder"): 150,
    ("users_select", "placeholder"): 150,
    ("url_text_input", "placeholder"): 150,
    ("modal", "title"): 24,
    ("modal", "submit"): 24,
    ("modal", "close"): 24,
}
"""Longest text by (kind of part, field); every text has at least one character."""

MARKUP_ALLOWED = {("section", "text"), ("option", "text"), ("option", "description")}
"""Elsewhere in the table Slack takes plain text only. Context and section fields hold either."""

STRING_LIMITS = {
    ("button", "value"): 2000,
    ("button", "url"): 3000,
    ("button", "accessibility_label"): 75,
    ("option", "value"): OPTION_LENGTH,
    ("image", "alt_text"): 2000,
    ("image", "image_url"): 3000,
    ("plain_text_input", "initial_value"): 3000,
    ("modal", "private_metadata"): 3000,
    ("modal", "callback_id"): ID_LENGTH,
    ("modal", "external_id"): ID_LENGTH,
    ("home", "private_metadata"): 3000,
    ("home", "callback_id"): ID_LENGTH,
}
MAY_BE_EMPTY = {("modal", "private_metadata"), ("home", "private_metadata")}

REQUIRED = {
    "header": ("text",),
    "context": ("elements",),
    "actions": ("elements",),
    "input": ("label", "element"),
    "image": ("alt_text",),
    "table": ("rows",),
    "button": ("text", "action_id"),
    "radio_buttons": ("options", "action_id"),
    "checkboxes": ("options", "action_id"),
    "overflow": ("options", "action_id"),
    "static_select": ("action_id",),
    "users_select": ("action_id",),
    "option_group": ("label", "options"),
    "number_input": ("is_decimal_allowed", "action_id"),
    "option": ("text", "value"),
    "confirm": ("title", "text", "confirm", "deny"),
    "modal": ("title", "blocks"),
    "home": ("blocks",),
}
EITHER = {"static_select": ("options", "option_groups"), "image": ("image_url", "slack_file")}
"""Of these exactly one."""
MOST_ITEMS = {
    ("context", "elements"): 10,
    ("actions", "elements"): 25,
    ("section", "fields"): 10,
    ("radio_buttons", "options"): 10,
    ("checkboxes", "options"): 10,
    ("overflow", "options"): 5,
    ("static_select", "options"): 100,
    ("static_select", "option_groups"): 100,
    ("option_group", "options"): 100,
    ("table", "rows"): 100,
    ("table", "column_settings"): 20,
}
CONTROLS = {
    "button",
    "overflow",
    "static_select",
    "users_select",
    "radio_buttons",
    "checkboxes",
    "datepicker",
    "timepicker",
}
ALLOWED_ELEMENTS = {
    "actions": CONTROLS,
    "context": {"mrkdwn", "plain_text", "image"},
    "input": (CONTROLS - {"button", "overflow"}) | {"plain_text_input", "number_input", "url_text_input"},
    "section": CONTROLS | {"image"},
}
TABLE_COLUMNS = 20
TABLE_CHARACTERS = 10_000
MOST_OF_A_KIND = {"table": 1, "data_visualization": 2}
CHART_TITLE = 50
CHART_LABEL = 20
CHART_SERIES = 6
CHART_CATEGORIES = 20
"""As Slack's own page has it; later clients take more series, which isn't relied on."""


class LimitsError(ValueError):
    """A payload Slack would refuse, which is ours to mend; ``problems`` name the place of each fault."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("Slack would refuse this: " + "; ".join(problems))
        self.problems = problems


def check(message: Message) -> Message:
    """Return ``message`` as it is. Raises LimitsError for what chat.postMessage would refuse."""
    problems = [*_blocks(message.blocks, MESSAGE)]
    if not 0 < len(message.text) <= MESSAGE_TEXT:
        problems.append(f"/text: {len(message.text)} characters, not 1 to {MESSAGE_TEXT}")
    return _passed(message, problems)


def check_view(view: Part) -> Part:
    """Return ``view`` as it is. Raises LimitsError for what views.open or views.publish would refuse."""
    surface = view.get("type")
    if surface not in {MODAL, HOME}:
        raise LimitsError((f"/type: {surface!r} is no view",))
    problems = [*_part(view, surface, ""), *_blocks(view.get("blocks") or [], surface)]
    if not view.get("blocks"):
        problems.append("/blocks: a view needs at least one")
    if surface == MODAL and "submit" not in view and any(b.get("type") == "input" for b in view.get("blocks") or []):
        problems.append("/submit: a form with inputs needs it")
    size = len(json.dumps(view).encode())
    if size > VIEW_BYTES:
        problems.append(f"/: {size} bytes, at most {VIEW_BYTES}")
    return _passed(view, problems)


def _passed(payload: Payload, problems: list[str]) -> Payload:
    if problems:
        raise LimitsError(tuple(problems))
    return payload


def _blocks(blocks: list[Part], surface: str) -> Iterator[str]:
    if len(blocks) > MOST_BLOCKS[surface]:
        yield f"/blocks: {len(blocks)} blocks, at most {MOST_BLOCKS[surface]} on a {surface}"
    yield from _twice([block["block_id"] for block in blocks if "block_id" in block], "/blocks: block_id")
    for kind, most in MOST_OF_A_KIND.items():
        if sum(block.get("type") == kind for block in blocks) > most:
            yield f"/blocks: more than {most} {kind}"
    for index, block in enumerate(blocks):
        yield from _block(block, surface, f"/blocks/{index}")


def _block(block: Part, surface: str, at: str) -> Iterator[str]:
    kind = block.get("type", "")
    if surface not in SURFACES.get(kind, set()):
        yield f"{at}: {kind!r} may not stand on a {surface}"
        return
    if "block_id" in block and not 0 < len(block["block_id"]) <= ID_LENGTH:
        yield f"{at}/block_id: not 1 to {ID_LENGTH} characters"
    if kind == "section" and "text" not in block and "fields" not in block:
        yield f"{at}: a section needs text or fields"
    yield from _part(block, kind, at)
    if kind == "table":
        yield from _table(block, at)
    elif kind == "data_visualization":
        yield from _chart(block, at)
    else:
        yield from _elements(block, kind, at)


def _elements(block: Part, kind: str, at: str) -> Iterator[str]:
    held = [block[key] for key in ("accessory", "element") if key in block] + list(block.get("elements", []))
    yield from _twice([part["action_id"] for part in held if "action_id" in part], f"{at}: action_id")
    for index, part in enumerate(held):
        here = f"{at}/elements/{index}"
        inner = part.get("type", "")
        if inner not in ALLOWED_ELEMENTS.get(kind, set()):
            yield f"{here}: {inner!r} may not stand in {kind}"
        elif inner in {"mrkdwn", "plain_text"}:
            yield from _text(part, 3000, here, markup=True)
        else:
            yield from _part(part, inner, here)
    for index, part in enumerate(block.get("fields", [])):
        yield from _text(part, 2000, f"{at}/fields/{index}", markup=True)


def _part(part: Part, kind: str, at: str) -> Iterator[str]:
    """Check one block, element, option, confirmation or view against the tables above."""
    for key in REQUIRED.get(kind, ()):
        if key not in part:
            yield f"{at}/{key}: missing"
    if "action_id" in part and not 0 < len(part["action_id"]) <= ID_LENGTH:
        yield f"{at}/action_id: not 1 to {ID_LENGTH} characters"
    for key, value in part.items():
        yield from _value(value, (kind, key), f"{at}/{key}")
    for index, option in enumerate(part.get("options", [])):
        yield from _part(option, "option", f"{at}/options/{index}")
    for index, group in enumerate(part.get("option_groups", [])):
        yield from _part(group, "option_group", f"{at}/option_groups/{index}")
    if kind in EITHER and sum(key in part for key in EITHER[kind]) != 1:
        yield f"{at}: either {' or '.join(EITHER[kind])}"
    if "confirm" in part and kind != "confirm":
        yield from _part(part["confirm"], "confirm", f"{at}/confirm")
    if part.get("style") not in {None, "primary", "danger"}:
        yield f"{at}/style: neither primary nor danger"


def _value(value: Any, place: tuple[str, str], at: str) -> Iterator[str]:
    if place in TEXT_LIMITS:
        yield from _text(value, TEXT_LIMITS[place], at, markup=place in MARKUP_ALLOWED)
    least = 0 if place in MAY_BE_EMPTY else 1
    if place in STRING_LIMITS and not least <= len(value) <= STRING_LIMITS[place]:
        yield f"{at}: {len(value)} characters, not {least} to {STRING_LIMITS[place]}"
    if place in MOST_ITEMS and not 0 < len(value) <= MOST_ITEMS[place]:
        yield f"{at}: {len(value)} items, not 1 to {MOST_ITEMS[place]}"


def _text(text: Any, limit: int, at: str, *, markup: bool) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in {"plain_text", "mrkdwn"}:
        yield f"{at}: not a text object"
        return
    if text["type"] == "mrkdwn" and not markup:
        yield f"{at}: plain text only"
    if not 0 < len(text.get("text", "")) <= limit:
        yield f"{at}: {len(text.get('text', ''))} characters, not 1 to {limit}"


def _table(block: Part, at: str) -> Iterator[str]:
    rows = block.get("rows", [])
    for index, row in enumerate(rows):
        if not 0 < len(row) <= TABLE_COLUMNS:
            yield f"{at}/rows/{index}: {len(row)} cells, not 1 to {TABLE_COLUMNS}"
    cells = [cell.get("text", "") for row in rows for cell in row if cell.get("type") == "raw_text"]
    if not all(cells):
        yield f"{at}/rows: an empty cell"
    if sum(map(len, cells)) > TABLE_CHARACTERS:
        yield f"{at}/rows: more than {TABLE_CHARACTERS} characters"


def _chart(block: Part, at: str) -> Iterator[str]:
    """Check a chart of series: one finite value for each category in each of them."""
    if not 0 < len(block.get("title", "")) <= CHART_TITLE:
        yield f"{at}/title: not 1 to {CHART_TITLE} characters"
    chart = block.get("chart", {})
    series, categories = chart.get("series", []), chart.get("axis_config", {}).get("categories", [])
    if not 0 < len(series) <= CHART_SERIES:
        yield f"{at}/chart/series: {len(series)} items, not 1 to {CHART_SERIES}"
    if not 0 < len(categories) <= CHART_CATEGORIES:
        yield f"{at}/chart/axis_config/categories: {len(categories)} items, not 1 to {CHART_CATEGORIES}"
    names = [one.get("name", "") for one in series]
    yield from _twice(categories, f"{at}/chart/axis_config/categories:")
    yield from _twice(names, f"{at}/chart/series:")
    for words in (*names, *categories):
        if not 0 < len(words) <= CHART_LABEL:
            yield f"{at}/chart: {words!r} has not 1 to {CHART_LABEL} characters"
    for one in series:
        points = one.get("data", [])
        if [point.get("label") for point in points] != categories:
            yield f"{at}/chart/series: {one.get('name')!r} has not one value for each category"
        if not all(math.isfinite(point.get("value", math.nan)) for point in points):
            yield f"{at}/chart/series: {one.get('name')!r} has a value that is no number"


def _twice(ids: list[str], what: str) -> Iterator[str]:
    for repeated, count in Counter(ids).items():
        if count > 1:
            yield f"{what} {repeated!r} stands {count} times"
