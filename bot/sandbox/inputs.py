"""What stands in inputs: their first values, Slack's shape of a value, and what Slack's own client won't submit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.block_check import elements_of
from bot.sandbox.refusals import NotThereError

Json = dict[str, Any]
STATELESS = frozenset({"button", "overflow", "feedback_buttons", "icon_button"})
ONE_OPTION = frozenset({"static_select", "radio_buttons", "external_select"})
OPTIONS = frozenset({"multi_static_select", "checkboxes", "multi_external_select"})
# element type -> (key in the state, key of its first value in the block)
PLAIN = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
}
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ASK_FOR_VALUE = "Please complete this required field."


def initial_values(blocks: Sequence[Json]) -> dict[str, dict[str, Json]]:
    """Return Slack's state values for freshly shown blocks (which have all their ids)."""
    found: dict[str, dict[str, Json]] = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] not in STATELESS:
                found.setdefault(block["block_id"], {})[element["action_id"]] = _first(element)
    return found


def kept_values(blocks: Sequence[Json], typed: Mapping[str, Mapping[str, Json]]) -> dict[str, dict[str, Json]]:
    """Return the state values of new blocks; an input keeps what was typed if its ids and its type stay."""
    fresh = initial_values(blocks)
    for block_id, actions in fresh.items():
        for action_id, state in actions.items():
            before = typed.get(block_id, {}).get(action_id)
            if before and before["type"] == state["type"]:
                actions[action_id] = before
    return fresh


def fill(blocks: Sequence[Json], state: dict[str, dict[str, Json]], values: Mapping[str, Mapping[str, Any]]) -> None:
    """Put ``values`` ({block_id: {action_id: value}}) into ``state``. Raises NotThereError for an unknown input."""
    elements = {(block["block_id"], e["action_id"]): e for block in blocks for e in elements_of(block)}
    for block_id, actions in values.items():
        for action_id, value in actions.items():
            element = elements.get((block_id, action_id))
            if element is None or element["type"] in STATELESS:
                raise NotThereError(f"there is no input {block_id}/{action_id}")
            state[block_id][action_id] = state_of(element, value)


def options_of(element: Json) -> list[Json]:
    """Return the options an element offers, in order, groups flattened."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(option for group in groups for option in group["options"])]


def state_of(element: Json, value: Any) -> Json:
    """Return Slack's state for ``value``: a string, an option or its value, or a list of those.

    Raises NotThereError for an option that is not offered, TypeError for what nobody can type.
    """
    kind = element["type"]
    if kind in ONE_OPTION:
        chosen = None if value in (None, "") else _option(element, value)
        return {"type": kind, "selected_option": chosen}
    if kind in OPTIONS:
        return {"type": kind, "selected_options": [_option(element, one) for one in value or ()]}
    key, _ = PLAIN[kind]
    if not isinstance(value, str | int | float | None):
        raise TypeError(f"a {kind} takes text or a number, not {value!r}")
    if key == "value":
        value = str(value) if value not in (None, "") else None
    return {"type": kind, key: value}


def problems(blocks: Sequence[Json], values: Mapping[str, Mapping[str, Json]]) -> dict[str, str]:
    """Return what Slack's own client says under the inputs instead of submitting, by block_id."""
    found: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = values.get(block["block_id"], {}).get(element["action_id"], {})
        value = next((v for k, v in state.items() if k != "type"), None)
        if value in (None, "", []):
            if not block.get("optional"):
                found[block["block_id"]] = ASK_FOR_VALUE
        elif problem := _problem(element, value):
            found[block["block_id"]] = problem
    return found


def _problem(element: Json, value: Any) -> str | None:
    match element["type"]:
        case "plain_text_input":
            if len(value) > element.get("max_length", 3000):
                return f"Please use {element.get('max_length', 3000)} characters or fewer."
            if len(value) < element.get("min_length", 0):
                return f"Please use {element['min_length']} characters or more."
        case "number_input":
            return _number_problem(element, value)
        case "email_text_input" if not EMAIL.fullmatch(value):
            return "Please enter a valid email address."
        case "url_text_input" if not value.startswith(("https://", "http://")):
            return "Please enter a valid link."
    return None


def _number_problem(element: Json, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite():
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return None


def _first(element: Json) -> Json:
    kind = element["type"]
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    key, initial = PLAIN.get(kind, ("value", "initial_value"))
    return {"type": kind, key: element.get(initial)}


def _option(element: Json, value: Any) -> Json:
    wanted = value["value"] if isinstance(value, dict) else value
    for option in options_of(element):
        if option["value"] == wanted:
            return option
    raise NotThereError(f"{element['action_id']} offers no option {wanted!r}")
