"""A Salesforce of one's own on localhost, as far as it is read: it understands the queries we ask, and no more."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.vendors.contract import FOLDER

Json = dict[str, Any]
Test = Callable[[Json], bool]

STANDARD: dict[str, Any] = json.loads((Path(FOLDER) / "salesforce-standard-objects.json").read_text())["objects"]
BEYOND = {
    "Opportunity": {"CurrencyIsoCode", "LastStageChangeDate", "Account.Name", "Loss_Reason__c", "Sponsor__c"},
    "Task": {"CompletedDateTime"},
    "CurrencyType": {"IsoCode", "IsCorporate"},
    "ForecastingQuota": {
        "QuotaOwnerId", "PeriodId", "QuotaAmount", "IsAmount", "ForecastingTypeId", "CurrencyIsoCode", "StartDate"
    },
}  # fmt: skip
"""What exists beyond the standard objects' list: documented elsewhere, or made by the organisation."""

QUERY = re.compile(
    r"SELECT (?P<names>.+?) FROM (?P<table>\w+)(?: WHERE (?P<where>.+?))?(?: ORDER BY (?P<order>[\w, ]+?))?"
    r"(?: LIMIT (?P<limit>\d+))?"
)
TOKEN = re.compile(r"\s*(\(|\)|,|!=|>=|<=|=|>|<|'(?:\\.|[^'\\])*'|[\w.:+-]+)")
COMPARE = {
    "=": operator.eq, "!=": operator.ne, ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le
}  # fmt: skip


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


@dataclass
class LocalSalesforce:
    """``tables`` has the rows of each object; ``hidden`` are the fields that the Run As user isn't shown."""

    key: str
    secret: str
    page: int = 200
    tables: dict[str, list[Json]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    given: int = 0
    cursors: dict[str, tuple[list[Json], int]] = field(default_factory=dict)
    instance_url: str = ""

    def end_sessions(self) -> None:
        self.tokens.clear()

    async def answer(self, request: web.Request) -> web.Response:
        if request.path == "/services/oauth2/token":
            return await self._login(request)
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return _refused(401, "INVALID_SESSION_ID", "Session expired or invalid")
        *_, last = request.path.split("/")
        if last == "describe":
            return web.json_response({"fields": self._described()})
        if last in self.cursors:
            rows, start = self.cursors.pop(last)
            return self._found(rows, start)
        if last in ("query", "queryAll"):
            return self._query(request.query["q"], deleted=last == "queryAll")
        return _refused(400, "INVALID_QUERY_LOCATOR", "invalid query locator")

    async def _login(self, request: web.Request) -> web.Response:
        given = await request.post()
        if (given.get("client_id"), given.get("client_secret")) != (self.key, self.secret):
            told = {"error": "invalid_client", "error_description": "invalid client credentials"}
            return web.json_response(told, status=401)
        self.given += 1
        token = f"00Dsession!{self.given:08}"
        self.tokens.add(token)
        where = self.instance_url or f"http://{request.host}"
        return web.json_response({"access_token": token, "instance_url": where, "token_type": "Bearer"})

    def _described(self) -> list[Json]:
        names = (set(STANDARD["Opportunity"]["fields"]) | BEYOND["Opportunity"]) - self.hidden - {"Account.Name"}
        return [{"name": name, "label": name, "type": "string"} for name in sorted(names)]

    def _query(self, text: str, *, deleted: bool) -> web.Response:
        query = QUERY.fullmatch(text)
        assert query is not None, f"not understood: {text}"
        names, table = query["names"].split(", "), query["table"]
        known = set(STANDARD.get(table, {"fields": {}})["fields"]) | BEYOND.get(table, set())
        asked = {*names, *(name for name in (query["order"] or "").split(", ") if name)}
        assert asked <= known, f"{asked - known} isn't of {table}"
        for name in asked & self.hidden:
            return _refused(400, "INVALID_FIELD", f"No such column '{name}' on entity '{table}'")
        if table not in self.tables:
            return _refused(400, "INVALID_TYPE", f"sObject type '{table}' is not supported.")
        keep = _parsed(query["where"]) if query["where"] else lambda _: True
        rows = [row for row in self.tables[table] if keep(row) and (deleted or not row.get("IsDeleted"))]
        for name in reversed([name for name in (query["order"] or "").split(", ") if name]):
            rows.sort(key=lambda row, name=name: _comparable(row.get(name)))
        shown = [_shown(row, table, names) for row in rows[: int(query["limit"] or len(rows))]]
        return self._found(shown, 0)

    def _found(self, rows: list[Json], start: int) -> web.Response:
        end = start + self.page
        answer: Json = {"totalSize": len(rows), "done": end >= len(rows), "records": rows[start:end]}
        if end < len(rows):
            cursor = f"01gcursor-{len(self.cursors)}-{end}"
            self.cursors[cursor] = rows, end
            answer["nextRecordsUrl"] = f"/services/data/v66.0/query/{cursor}"
        return web.json_response(answer)


def _shown(row: Json, table: str, names: list[str]) -> Json:
    shown: Json = {"attributes": {"type": table}}
    for name in names:
        parent, _, inner = name.partition(".")
        if inner:
            shown[parent] = None if row.get(name) is None else {"attributes": {"type": parent}, inner: row[name]}
        else:
            shown[name] = row.get(name)
    return shown


def _refused(status: int, code: str, message: str) -> web.Response:
    return web.json_response([{"errorCode": code, "message": message}], status=status)


def _comparable(value: Any) -> Any:
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value):
        return datetime.fromisoformat(value)
    return value


def _parsed(text: str) -> Test:
    """Read a condition: comparisons, IN, AND, OR and brackets."""
    tokens = [found[1] for found in TOKEN.finditer(text)]
    test = _either(tokens)
    assert not tokens, f"not understood: {text}"
    return test


def _either(tokens: list[str]) -> Test:
    tests = [_all_of(tokens)]
    while tokens and tokens[0] == "OR":
        tokens.pop(0)
        tests.append(_all_of(tokens))
    return lambda row: any(test(row) for test in tests)


def _all_of(tokens: list[str]) -> Test:
    tests = [_one(tokens)]
    while tokens and tokens[0] == "AND":
        tokens.pop(0)
        tests.append(_one(tokens))
    return lambda row: all(test(row) for test in tests)


def _one(tokens: list[str]) -> Test:
    first = tokens.pop(0)
    if first == "(":
        inner = _either(tokens)
        assert tokens.pop(0) == ")"
        return inner
    compare = tokens.pop(0)
    if compare == "IN":
        end = tokens.index(")")
        wanted = [_value(token) for token in tokens[:end] if token not in {"(", ","}]
        del tokens[: end + 1]
        return lambda row: row.get(first) in wanted
    value = _value(tokens.pop(0))
    if compare in ("=", "!="):
        return lambda row: COMPARE[compare](_comparable(row.get(first)), value)
    return lambda row: row.get(first) is not None and COMPARE[compare](_comparable(row[first]), value)


def _value(token: str) -> Any:
    if token.startswith("'"):
        return token[1:-1].replace("\\'", "'").replace("\\\\", "\\")
    return {"true": True, "false": False}.get(token, _comparable(token))
