"""A small local HubSpot: the reading half of its CRM API over what it is given, for trying out and for tests."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from bot.sandbox.hubspot_search import BadSearchError, search

VERSION = "2026-09"
LIST_LIMIT = 100
BATCH_LIMIT = 100
ASSOCIATIONS_LIMIT = 1_000
SCOPES = {
    "deals": "crm.objects.deals.read",
    "owners": "crm.objects.owners.read",
    "goal_targets": "crm.objects.goals.read",
    "calls": "crm.objects.contacts.read",
    "meetings": "crm.objects.contacts.read",
    "emails": "sales-email-read",
    "schemas": "crm.schemas.deals.read",
}


def real_now() -> datetime:
    return datetime.now(UTC)


def stamp(at: datetime) -> str:
    """Write an instant as HubSpot does."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class LocalHubSpot:
    """Everything it knows, in HubSpot's own form; change it as you like while it runs.

    ``objects`` holds records by kind ("deals", "calls", …) and id; ``history`` the earlier values of a deal's property,
    oldest first. ``deals_of`` has the deals that an activity is about, by its kind and id. ``scopes`` are those of
    ``token``.
    """

    token: str = "pat-local"  # noqa: S105 - of a local server
    now: Callable[[], datetime] = real_now
    zone: str = "America/New_York"
    currency: str = "USD"
    owners: list[dict[str, Any]] = field(default_factory=list)
    pipelines: list[dict[str, Any]] = field(default_factory=list)
    properties: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    objects: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    history: dict[tuple[str, str], list[tuple[str, datetime]]] = field(default_factory=dict)
    deals_of: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    scopes: set[str] = field(default_factory=lambda: set(SCOPES.values()))

    async def answer(self, request: web.Request) -> web.Response:
        """Answer any request as HubSpot would."""
        given = await self._answer(request)
        given.headers["Date"] = format_datetime(self.now(), usegmt=True)
        return given

    async def _answer(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return refused(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")
        body = json.loads(await request.read() or b"null")
        parts = request.path.strip("/").split("/")
        try:
            return self._route(parts, request, body)
        except BadSearchError as error:
            return refused(400, "VALIDATION_ERROR", str(error))

    def _route(self, parts: list[str], request: web.Request, body: Any) -> web.Response:  # noqa: PLR0911 - a route each
        match parts:
            case ["account-info", _, "details"]:
                return web.json_response(self._details())
            case ["crm", "owners", _]:
                return self._allowed("owners") or self._page(request, self._owners(request))
            case ["crm", "pipelines", _, "deals"]:
                return self._allowed("deals") or web.json_response({"results": self.pipelines})
            case ["crm", "properties", _, kind]:
                needed = "schemas" if kind == "deals" else kind
                return self._allowed(needed) or web.json_response({"results": self.properties.get(kind, [])})
            case ["crm", "objects", _, kind]:
                return self._allowed(kind) or self._list(kind, request)
            case ["crm", "objects", _, kind, "search"]:
                return self._allowed(kind) or self._search(kind, body)
            case ["crm", "objects", _, "deals", "batch", "read"]:
                return self._allowed("deals") or self._batch(body)
            case ["crm", "associations", _, kind, "deals", "batch", "read"]:
                return self._allowed(kind) or self._allowed("deals") or self._associations(kind, body)
        return refused(404, "OBJECT_NOT_FOUND", "There is nothing here.")

    def _allowed(self, kind: str) -> web.Response | None:
        scope = SCOPES.get(kind, "")
        if scope in self.scopes:
            return None
        words = "This app hasn't been granted all required scopes to make this call."
        return refused(403, "MISSING_SCOPES", words, requiredGranularScopes=[scope])

    def _details(self) -> dict[str, Any]:
        return {
            "portalId": 1,
            "accountType": "STANDARD",
            "timeZone": self.zone,
            "companyCurrency": self.currency,
            "additionalCurrencies": [],
            "utcOffset": "-05:00",
            "utcOffsetMilliseconds": -18_000_000,
            "uiDomain": "localhost",
            "dataHostingLocation": "na1",
        }

    def _owners(self, request: web.Request) -> list[dict[str, Any]]:
        archived = request.query.get("archived") == "true"
        return [owner for owner in self.owners if owner["archived"] is archived]

    def _list(self, kind: str, request: web.Request) -> web.Response:
        archived = request.query.get("archived") == "true"
        asked = [name for name in request.query.get("properties", "").split(",") if name]
        records = self.objects.get(kind, {}).values()
        return self._page(request, (one for one in records if one["archived"] is archived), asked)

    def _page(
        self, request: web.Request, found: Iterable[dict[str, Any]], asked: list[str] | None = None
    ) -> web.Response:
        """``after`` is the last id given, so that a record which comes or goes meanwhile moves no other."""
        limit = min(int(request.query.get("limit", "10")), LIST_LIMIT)
        after = int(request.query.get("after", "0"))
        beyond = (one for one in found if int(one["id"]) > after)
        rest = heapq.nsmallest(limit + 1, beyond, key=lambda one: int(one["id"]))
        page = rest[:limit] if asked is None else [with_properties(one, asked) for one in rest[:limit]]
        answer: dict[str, Any] = {"results": page}
        if len(rest) > limit:
            answer["paging"] = {"next": {"after": rest[limit - 1]["id"], "link": "https://api.hubapi.com/next"}}
        return web.json_response(answer)

    def _search(self, kind: str, body: Any) -> web.Response:
        records = [one for one in self.objects.get(kind, {}).values() if not one["archived"]]
        found, total, after = search(records, body)
        asked = body.get("properties", [])
        answer: dict[str, Any] = {"total": total, "results": [with_properties(one, asked) for one in found]}
        if after is not None:
            answer["paging"] = {"next": {"after": str(after)}}
        return web.json_response(answer)

    def _batch(self, body: Any) -> web.Response:
        wanted = [one["id"] for one in body["inputs"]]
        if len(wanted) > BATCH_LIMIT:
            return refused(400, "VALIDATION_ERROR", f"Too many inputs: {BATCH_LIMIT} is the most.")
        deals = self.objects.get("deals", {})
        at = stamp(self.now())
        results = []
        for deal_id in wanted:
            if deal_id not in deals or deals[deal_id]["archived"]:
                continue
            found = with_properties(deals[deal_id], body.get("properties", []))
            named = body.get("propertiesWithHistory", [])
            if named:
                found["propertiesWithHistory"] = {name: self._values(deal_id, name) for name in named}
            results.append(found)
        return web.json_response({"status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at})

    def _associations(self, kind: str, body: Any) -> web.Response:
        """Of those with none HubSpot says nothing but an error beside the others, and the status 207."""
        wanted = [one["id"] for one in body["inputs"]]
        if len(wanted) > ASSOCIATIONS_LIMIT:
            return refused(400, "VALIDATION_ERROR", f"Too many inputs: {ASSOCIATIONS_LIMIT} is the most.")
        known = {one: self.deals_of.get((kind, one), []) for one in wanted}
        results = [
            {"from": {"id": one}, "to": [{"toObjectId": deal, "associationTypes": []} for deal in deals]}
            for one, deals in known.items()
            if deals
        ]
        answer = {"status": "COMPLETE", "results": results}
        return web.json_response(answer, status=200 if len(results) == len(wanted) else 207)

    def _values(self, deal_id: str, name: str) -> list[dict[str, Any]]:
        known = self.history.get((deal_id, name), [])
        return [{"value": value, "timestamp": stamp(at), "sourceType": "CRM_UI"} for value, at in reversed(known)]


def with_properties(record: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return a record with the asked properties only, null where it has none, and those that always come."""
    known = record["properties"]
    always = {name: known.get(name) for name in ("hs_object_id", "createdate", "hs_lastmodifieddate") if name in known}
    return {**record, "properties": {**always, **{name: known.get(name) for name in names}}}


def an_object(object_id: str, made: datetime, changed: datetime, **properties: str | None) -> dict[str, Any]:
    """Return a record of the CRM."""
    return {
        "id": object_id,
        "createdAt": stamp(made),
        "updatedAt": stamp(changed),
        "archived": False,
        "properties": {
            "hs_object_id": object_id,
            "createdate": stamp(made),
            "hs_lastmodifieddate": stamp(changed),
            **properties,
        },
    }


def an_owner(owner_id: str, first: str, last: str, email: str | None, *, archived: bool = False) -> dict[str, Any]:
    at = "2020-01-01T00:00:00.000Z"
    return {
        "id": owner_id,
        "type": "PERSON" if email else "QUEUE",
        "email": email,
        "firstName": first,
        "lastName": last,
        "userId": None if archived else int(owner_id) + 1_000,
        "userIdIncludingInactive": int(owner_id) + 1_000,
        "createdAt": at,
        "updatedAt": at,
        "archived": archived,
    }


def a_stage(stage_id: str, label: str, order: int, probability: str, *, closed: bool) -> dict[str, Any]:
    at = "2020-01-01T00:00:00.000Z"
    return {
        "id": stage_id,
        "label": label,
        "displayOrder": order,
        "archived": False,
        "createdAt": at,
        "updatedAt": at,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        "metadata": {"isClosed": "true" if closed else "false", "probability": probability},
    }


def a_pipeline(pipeline_id: str, label: str, order: int, stages: list[dict[str, Any]]) -> dict[str, Any]:
    at = "2020-01-01T00:00:00.000Z"
    return {
        "id": pipeline_id,
        "label": label,
        "displayOrder": order,
        "archived": False,
        "createdAt": at,
        "updatedAt": at,
        "stages": stages,
    }


def a_property(name: str, label: str, kind: str = "string") -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "type": kind,
        "fieldType": "text",
        "groupName": "dealinformation",
        "description": "",
        "options": [],
        "hidden": False,
        "archived": False,
    }


def refused(status: int, category: str, message: str, **context: list[str]) -> web.Response:
    """Return an error as HubSpot words it."""
    body = {"status": "error", "message": message, "correlationId": "00000000-0000-0000-0000-000000000000"}
    return web.json_response({**body, "category": category, "context": context}, status=status)
