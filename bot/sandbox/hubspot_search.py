"""HubSpot's search with its limits, over records in its own form."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

PAGE_LIMIT = 200
RESULT_LIMIT = 10_000
BODY_LIMIT = 3_000
GROUPS, FILTERS, FILTERS_IN_ALL = 5, 6, 18


class BadSearchError(Exception):
    """A search that HubSpot refuses with 400."""


def search(records: list[dict[str, Any]], body: dict[str, Any]) -> tuple[list[dict[str, Any]], int, int | None]:
    """Return the page that is asked for, how many match in all, and where the next page begins.

    Raises BadSearchError beyond one of the limits.
    """
    _check(body)
    groups = body.get("filterGroups") or [{"filters": []}]
    found = [one for one in records if any(all(_matches(one, f) for f in group["filters"]) for group in groups)]
    name = (body.get("sorts") or ["hs_object_id"])[0]
    found.sort(key=lambda one: (_number(one["properties"].get(name)), int(one["id"])))
    limit, after = int(body.get("limit", 10)), int(body.get("after") or 0)
    if after + limit > RESULT_LIMIT:
        raise BadSearchError(f"Paging beyond {RESULT_LIMIT} results isn't possible.")
    following = after + limit
    return found[after:following], len(found), following if following < len(found) else None


def _check(body: dict[str, Any]) -> None:
    if len(json.dumps(body)) > BODY_LIMIT:
        raise BadSearchError(f"The body has more than {BODY_LIMIT} characters.")
    groups = body.get("filterGroups") or []
    counts = [len(group["filters"]) for group in groups]
    if len(groups) > GROUPS or max(counts, default=0) > FILTERS or sum(counts) > FILTERS_IN_ALL:
        raise BadSearchError("There are too many filters.")
    if int(body.get("limit", 10)) > PAGE_LIMIT:
        raise BadSearchError(f"The limit is {PAGE_LIMIT} at most.")


def _matches(record: dict[str, Any], wanted: dict[str, Any]) -> bool:
    given = record["properties"].get(wanted["propertyName"])
    operator = wanted["operator"]
    if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return (given not in (None, "")) is (operator == "HAS_PROPERTY")
    if given in (None, ""):
        return False
    if operator in ("IN", "NOT_IN"):
        return (given in wanted["values"]) is (operator == "IN")
    if operator == "BETWEEN":
        return _number(wanted["value"]) <= _number(given) <= _number(wanted["highValue"])
    compare = _COMPARE.get(operator)
    if compare is None:
        raise BadSearchError(f"The operator {operator} isn't understood here.")
    if operator in ("EQ", "NEQ"):
        return compare(given, wanted["value"])
    return compare(_number(given), _number(wanted["value"]))


def _number(text: str | None) -> float:
    """Read a number or an instant, as milliseconds, for comparing; nothing comes first."""
    if text in (None, ""):
        return float("-inf")
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return round(datetime.fromisoformat(text).timestamp() * 1000)
    except ValueError:
        return 0.0


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "EQ": lambda given, wanted: given == wanted,
    "NEQ": lambda given, wanted: given != wanted,
    "GT": lambda given, wanted: given > wanted,
    "GTE": lambda given, wanted: given >= wanted,
    "LT": lambda given, wanted: given < wanted,
    "LTE": lambda given, wanted: given <= wanted,
}
