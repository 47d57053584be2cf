"""A vendor's OpenAPI contract, against which requests and answers are held."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS31Validator

FOLDER = Path(__file__).parent / "contracts"


class Contract:
    """``renamed`` replaces parts of the paths: a date version by another of the same shapes.

    ``base`` is what all paths begin with that the contract leaves out; ``also`` are query keys that hold everywhere.
    ``more`` are files with further paths.
    """

    def __init__(
        self,
        file: str,
        renamed: Mapping[str, str] | None = None,
        *,
        base: str = "",
        also: Iterable[str] = (),
        more: Iterable[str] = (),
    ) -> None:
        self._base = base
        self._also = frozenset(also)
        self._document: dict[str, Any] = _read(file, renamed or {})
        for further in more:
            self._document["paths"] |= _read(further, renamed or {})["paths"]
        self._validators: dict[str, Any] = {}

    @cached_property
    def _paths(self) -> list[tuple[re.Pattern[str], dict[str, Any]]]:
        """Literal paths first: /deals/archived is not a deal called archived."""
        paths = sorted(self._document["paths"].items(), key=lambda item: item[0].count("{"))
        return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), methods) for path, methods in paths]

    def request_faults(self, method: str, path: str, query: Iterable[tuple[str, str]], body: Any) -> list[str]:
        """Return what the contract has against a request; a query key that it doesn't know counts too."""
        operation = self._operation(method, path)
        if operation is None:
            return [f"{method} {path} isn't in the contract"]
        known = {one["name"]: one["schema"] for one in operation.get("parameters", ()) if one["in"] == "query"}
        needed = {
            one["name"] for one in operation.get("parameters", ()) if one["in"] == "query" and one.get("required")
        }
        given = dict(query)
        faults = [
            f"{method} {path}: query {name} isn't in the contract"
            for name in given
            if name not in known and name not in self._also
        ]
        faults += [f"{method} {path}: query {name} is missing" for name in sorted(needed - set(given))]
        for name, text in given.items():
            if name in known:
                faults += self._against(known[name], _typed(text, known[name]), f"{method} {path}?{name}")
        wanted = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if wanted is not None:
            faults += self._against(wanted, body, f"{method} {path} body")
        elif body is not None:
            faults.append(f"{method} {path} takes no body")
        return faults

    def answer_faults(self, method: str, path: str, status: int, answer: Any) -> list[str]:
        """Return what the contract has against an answer that our stand-in gives."""
        operation = self._operation(method, path)
        if operation is None:
            return []
        answers = operation["responses"]
        found = answers.get(str(status)) or answers.get(f"{status // 100}XX") or answers.get("default")
        schema = (found or {}).get("content", {}).get("application/json", {}).get("schema")
        return [] if schema is None else self._against(schema, answer, f"{status} to {method} {path}")

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        path = path.removeprefix(self._base)
        for pattern, methods in self._paths:
            if pattern.match(path) and method.lower() in methods:
                found: dict[str, Any] = methods[method.lower()]
                return found
        return None

    def _against(self, schema: Mapping[str, Any], value: Any, place: str) -> list[str]:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            whole = {**schema, "components": self._document["components"]}
            self._validators[key] = OAS31Validator(whole)
        return [
            f"{place}: {'.'.join(map(str, fault.absolute_path))}: {fault.message}"[:300]
            for fault in self._validators[key].iter_errors(value)
        ]


def _read(file: str, renamed: Mapping[str, str]) -> Any:
    text = (FOLDER / file).read_text(encoding="utf-8")
    for old, new in renamed.items():
        text = text.replace(f"/{old}/", f"/{new}/").replace(f'/{old}"', f'/{new}"')
    return json.loads(text)


def _typed(text: str, schema: Mapping[str, Any]) -> Any:
    """Read a query's text as its schema's type, where it can be one."""
    kind = schema.get("type")
    if kind == "array":
        return text.split(",")
    if kind == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    if kind == "number" and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text
