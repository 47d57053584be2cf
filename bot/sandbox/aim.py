"""Finding on the screen what a person means to use, and writing the use down as Slack does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from bot.sandbox import inputs
from bot.sandbox.block_check import elements_of
from bot.sandbox.refusals import NotThereError

Json = dict[str, Any]
Values: TypeAlias = Mapping[str, Mapping[str, Any]]  # {block_id: {action_id: value}}
NOTHING: Values = {}


def find(versions: list[list[Json]], action_id: str, value: Any, block_id: str | None) -> tuple[Json, Json]:
    """Return the element and its block. Among several buttons of one action_id the value decides."""
    found = [
        (element, block)
        for blocks in versions
        for block in blocks
        for element in elements_of(block)
        if element.get("action_id") == action_id and block_id in (None, block["block_id"])
    ]
    if not found:
        raise NotThereError(f"nothing to click with action_id {action_id!r}")
    if found[0][0]["type"] == "button" and value is not None:
        found = [pair for pair in found if pair[0].get("value") == value]
        if not found:
            raise NotThereError(f"no button {action_id!r} has the value {value!r}")
    return found[0]


def action(element: Json, block: Json, value: Any) -> Json:
    """Return the entry of ``actions`` for this element used with this value."""
    action: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    if element["type"] == "button":
        return action | {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    if element["type"] == "overflow":
        chosen = inputs.state_of({**element, "type": "static_select"}, value)["selected_option"]
        if chosen is None:
            raise NotThereError(f"choose an option of {element['action_id']}")
        return action | {"selected_option": chosen}
    placeholder = {"placeholder": element["placeholder"]} if "placeholder" in element else {}
    return action | inputs.state_of(element, value) | placeholder


def with_used(values: Values, element: Json, block: Json, value: Any) -> Values:
    """Return what stands in the inputs once this element is used."""
    if element["type"] in inputs.STATELESS:
        return values
    block_id = block["block_id"]
    return {**values, block_id: {**values.get(block_id, {}), element["action_id"]: value}}


def told(action: Json) -> Json:
    """Return what the journal says of an action: its ids, its label and what was chosen."""
    told = {key: value for key, value in action.items() if key not in {"type", "text", "placeholder", "style"}}
    if "text" in action:
        told["label"] = action["text"]["text"]
    return told
