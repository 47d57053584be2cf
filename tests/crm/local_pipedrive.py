"""A Pipedrive of one's own on localhost, as far as it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

Json = dict[str, Any]


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class LocalPipedrive:
    """Lists are of Pipedrive's own objects; ``changes`` has each deal's changelog, the newest first."""

    token: str
    me: Json = field(default_factory=dict)
    users: list[Json] = field(default_factory=list)
    pipelines: list[Json] = field(default_factory=list)
    stages: list[Json] = field(default_factory=list)
    deals: list[Json] = field(default_factory=list)
    fields: list[Json] = field(default_factory=list)
    activities: list[Json] = field(default_factory=list)
    goals: list[Json] = field(default_factory=list)
    changes: dict[str, list[Json]] = field(default_factory=dict)

    async def answer(self, request: web.Request) -> web.Response:
        if request.headers.get("x-api-token") != self.token:
            return web.json_response({"success": False, "error": "unauthorized access", "errorCode": 401}, status=401)
        path, query = request.path, request.query
        whole = {"/v1/users/me": self.me, "/v1/users": self.users, "/v1/goals/find": {"goals": self.goals}}
        if path in whole:
            return web.json_response({"success": True, "data": whole[path]})
        if path.endswith("/changelog"):
            return _paged(self.changes.get(path.split("/")[3], []), query, most=3)
        lists: dict[str, Callable[[], Iterable[Json]]] = {
            "/api/v2/pipelines": lambda: self.pipelines,
            "/api/v2/stages": lambda: self.stages,
            "/api/v2/dealFields": lambda: self.fields,
            "/api/v2/activities": lambda: self._activities(query),
            "/api/v2/deals": lambda: self._deals(query, archived=False),
            "/api/v2/deals/archived": lambda: self._deals(query, archived=True),
        }
        if path not in lists:
            return web.json_response({"success": False, "error": "Unknown method ."}, status=404)
        return _paged(list(lists[path]()), query, most=500)

    def _deals(self, query: Any, *, archived: bool) -> Iterable[Json]:
        wanted = query.get("status")
        ids = query["ids"].split(",") if "ids" in query else None
        found = [
            one
            for one in self.deals
            if one["is_archived"] == archived
            and (one["status"] == wanted if wanted else one["status"] != "deleted")
            and (ids is None or str(one["id"]) in ids)
            and one["update_time"] >= query.get("updated_since", "")
        ]
        custom = set(query.get("custom_fields", "").split(","))
        shown = [{**one, "custom_fields": _some(one.get("custom_fields"), custom)} for one in found]
        return sorted(shown, key=lambda one: (one[query.get("sort_by", "id")], one["id"]))

    def _activities(self, query: Any) -> Iterable[Json]:
        done = query.get("done") == "true"
        return [one for one in self.activities if one["done"] == done and one["update_time"] >= query["updated_since"]]


def _some(custom: Json | None, wanted: set[str]) -> Json | None:
    """Return the custom fields that were asked for; Pipedrive says null where there are none."""
    return {name: value for name, value in (custom or {}).items() if name in wanted} or None


def _paged(found: list[Json], query: Any, *, most: int) -> web.Response:
    start, size = int(query.get("cursor", "c0")[1:]), min(most, int(query.get("limit", "100")))
    more = f"c{start + size}" if start + size < len(found) else None
    page = found[start : start + size]
    return web.json_response({"success": True, "data": page, "additional_data": {"next_cursor": more}})
