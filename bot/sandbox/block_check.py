"""Reading blocks and views against the table of limits, with Slack's own words for what is wrong."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from bot.sandbox import limits
from bot.sandbox.rules import (
    MESSAGE,
    MODAL,
    Anything,
    Flag,
    Listed,
    Number,
    OneOf,
    Record,
    Rule,
    Str,
    Text,
    Typed,
)

TYPED_COMMON = frozenset({"type"})
BLOCK_COMMON = frozenset({"type", "block_id"})


def _fault(what: str, pointer: str) -> str:
    return f"[ERROR] {what} [json-pointer:{pointer}]"


def problems_of_blocks(blocks: Any, surface: str, pointer: str = "/blocks") -> list[str]:
    """Return what Slack would refuse in ``blocks`` on this surface, one sentence for each fault."""
    if not isinstance(blocks, list):
        return [_fault("must be an array", pointer)]
    at_most = limits.BLOCKS_AT_MOST[surface]
    found: list[str] = []
    if len(blocks) > at_most:
        found.append(_fault(f"no more than {at_most} items allowed", pointer))
    for index, block in enumerate(blocks):
        found.extend(_block(block, surface, f"{pointer}/{index}"))
    if not found:
        found.extend(_across(blocks, surface, pointer))
    return found


def problems_of_view(view: Any) -> list[str]:
    """Return what Slack would refuse in a modal or Home view."""
    if not isinstance(view, dict):
        return [_fault("must provide an object", "/view")]
    kind = view.get("type")
    if not isinstance(kind, str) or kind not in limits.VIEWS:
        return [_fault(f"unsupported type: {kind}", "/view/type")]
    found = list(_record(view, limits.VIEWS[kind], kind, "/view", TYPED_COMMON))
    blocks = view.get("blocks")
    found.extend(problems_of_blocks(blocks, kind, "/view/blocks"))
    if kind == MODAL and not blocks:
        found.append(_fault("no less than 1 items allowed", "/view/blocks"))
    has_input = isinstance(blocks, list) and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
    if kind == MODAL and has_input and "submit" not in view:
        found.append(_fault("missing required field: submit", "/view"))
    return found


def is_too_large(view: Any) -> bool:
    return len(json.dumps(view).encode()) > limits.VIEW_BYTES


def elements_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the interactive elements of a block in reading order."""
    found = [
        block.get("accessory"),
        block.get("element"),
        *(block.get("elements") or []),
        *(block.get("actions") or []),
    ]
    return [e for e in found if isinstance(e, dict) and e.get("type") in limits.INTERACTIVE]


def _block(block: Any, surface: str, pointer: str) -> Iterator[str]:
    if not isinstance(block, dict):
        yield _fault("must provide an object", pointer)
        return
    kind = block.get("type")
    rule = limits.BLOCKS.get(kind) if isinstance(kind, str) else None
    if rule is None or surface not in rule.surfaces:
        yield _fault(f"unsupported type: {kind}", f"{pointer}/type")
        return
    if "block_id" in block:
        yield from _value(block["block_id"], Str(255), surface, f"{pointer}/block_id")
    yield from _record(block, rule, surface, pointer, BLOCK_COMMON)
    names = Counter(e["action_id"] for e in elements_of(block) if "action_id" in e)
    for name, times in names.items():
        if times > 1:
            yield _fault(f"`action_id` already exists: {name}", pointer)


def _across(blocks: Sequence[dict[str, Any]], surface: str, pointer: str) -> Iterator[str]:
    names = Counter(b["block_id"] for b in blocks if "block_id" in b)
    for name, times in names.items():
        if times > 1:
            yield _fault(f"`block_id` already exists: {name}", pointer)
    kinds = Counter(b["type"] for b in blocks)
    if surface == MESSAGE:
        for kind, at_most in limits.AT_MOST_IN_A_MESSAGE.items():
            if kinds[kind] > at_most:
                yield _fault(f"no more than {at_most} {kind} blocks allowed", pointer)
    if sum(len(b["text"]) for b in blocks if b["type"] == "markdown") > limits.MARKDOWN_CHARACTERS:
        yield _fault(f"markdown must be less than {limits.MARKDOWN_CHARACTERS + 1} characters", pointer)
    for index, block in enumerate(blocks):
        if block["type"] == "table" and len(json.dumps(block["rows"])) > limits.TABLE_CHARACTERS * 4:
            yield _fault("table is too large", f"{pointer}/{index}")


def _record(value: dict[str, Any], rule: Record, surface: str, pointer: str, common: frozenset[str]) -> Iterator[str]:
    for name in value.keys() - rule.fields.keys() - common:
        yield _fault(f"invalid additional property: {name}", pointer)
    for name, inner in rule.fields.items():
        if name in value:
            yield from _value(value[name], inner, surface, f"{pointer}/{name}")
        elif inner.required:
            yield _fault(f"missing required field: {name}", pointer)
    if rule.any_of and not any(value.get(name) for name in rule.any_of):
        yield _fault(f"must define one of: {', '.join(rule.any_of)}", pointer)
    if len([name for name in rule.not_both if name in value]) > 1:
        yield _fault(f"must define only one of: {', '.join(rule.not_both)}", pointer)
    yield from _initial(value, pointer)


def _initial(element: dict[str, Any], pointer: str) -> Iterator[str]:
    """Slack wants what is chosen at first to be one of the options, letter for letter."""
    if element.get("type") not in {"static_select", "multi_static_select", "radio_buttons", "checkboxes"}:
        return
    groups = element.get("option_groups") or []
    offered = [*(element.get("options") or []), *(o for g in groups for o in g.get("options", []))]
    chosen = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    if any(option not in offered for option in chosen):
        yield _fault("initial option must be one of the options", pointer)


def _value(value: Any, rule: Rule, surface: str, pointer: str) -> Iterator[str]:  # noqa: C901, PLR0912 - a dispatch
    match rule:
        case Str():
            yield from _string(value, rule.min, rule.max, pointer)
        case Text():
            yield from _text(value, rule, pointer)
        case Flag():
            if not isinstance(value, bool):
                yield _fault("must be a boolean", pointer)
        case Number():
            if isinstance(value, bool) or not isinstance(value, int):
                yield _fault("must be an integer", pointer)
            elif not rule.min <= value <= rule.max:
                yield _fault(f"must be between {rule.min} and {rule.max}", pointer)
        case OneOf():
            if value not in rule.values:
                yield _fault(f"must be one of: {', '.join(sorted(rule.values))}", pointer)
        case Listed():
            yield from _list(value, rule, surface, pointer)
        case Typed():
            yield from _typed(value, rule, surface, pointer)
        case Record():
            if isinstance(value, dict):
                yield from _record(value, rule, surface, pointer, frozenset())
            else:
                yield _fault("must provide an object", pointer)
        case Anything():
            if value is None:
                yield _fault("must not be null", pointer)


def _string(value: Any, at_least: int, at_most: int, pointer: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield _fault("must provide a string", pointer)
    elif len(value) > at_most:
        yield _fault(f"must be less than {at_most + 1} characters", pointer)
    elif len(value) < at_least:
        yield _fault(f"must be more than {at_least - 1} characters", pointer)


def _text(value: Any, rule: Text, pointer: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _fault("must provide an object", pointer)
        return
    kind = value.get("type")
    allowed = {"plain_text", "mrkdwn"} if rule.mrkdwn else {"plain_text"}
    if kind not in allowed:
        yield _fault(f"unsupported type: {kind}", f"{pointer}/type")
        return
    for name in value.keys() - limits.ELEMENTS[kind].fields.keys() - TYPED_COMMON:
        yield _fault(f"invalid additional property: {name}", pointer)
    if "text" in value:
        yield from _string(value["text"], 1, rule.max, f"{pointer}/text")
    else:
        yield _fault("missing required field: text", pointer)


def _list(value: Any, rule: Listed, surface: str, pointer: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield _fault("must be an array", pointer)
        return
    if len(value) > rule.at_most:
        yield _fault(f"no more than {rule.at_most} items allowed", pointer)
    if len(value) < rule.at_least:
        yield _fault(f"no less than {rule.at_least} items allowed", pointer)
    for index, item in enumerate(value):
        yield from _value(item, rule.item, surface, f"{pointer}/{index}")


def _typed(value: Any, rule: Typed, surface: str, pointer: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _fault("must provide an object", pointer)
        return
    kind = value.get("type")
    known = limits.ELEMENTS.get(kind) if isinstance(kind, str) else None
    misplaced = kind in limits.MODAL_ONLY_ELEMENTS and surface != MODAL
    if known is None or kind not in rule.types or surface not in known.surfaces or misplaced:
        yield _fault(f"unsupported type: {kind}", f"{pointer}/type")
        return
    yield from _record(value, known, surface, pointer, TYPED_COMMON)
