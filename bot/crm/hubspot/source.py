"""HubSpot, read only, as a source."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from bot.coaching.records import DealStatus
from bot.coaching.said import Said, say
from bot.crm.hubspot import goals as goal_targets
from bot.crm.hubspot import records
from bot.crm.hubspot.counting import KINDS, counted
from bot.crm.hubspot.errors import explain
from bot.crm.hubspot.searching import Query, windows
from bot.crm.hubspot.values import milliseconds
from bot.services.ports import Clock
from bot.services.source import (
    Account,
    ActivityCount,
    Days,
    GoneDeal,
    Need,
    Page,
    Problem,
    SourceDeal,
    SourceField,
    SourceGoal,
    SourcePerson,
    SourceStage,
    StageMove,
)
from bot.services.source_errors import Fault, SourceError
from bot.vendors.budget import Budget, Rate
from bot.vendors.http import Api, Vendor, bearer
from bot.vendors.shape import Shape
from bot.vendors.walk import walk

ADDRESS = "https://api.hubapi.com"
VERSION = "2026-09"
"""A new one comes each March and September, and each is supported for at least 18 months."""

PAGE = 100
ASSOCIATIONS_AT_ONCE = 1_000
READ_AT_ONCE = 100
HISTORY_AT_ONCE = 50
"""Asking for history halves what a batch may name."""

DEALS_SCOPE = "crm.objects.deals.read"
SCHEMAS_SCOPE = "crm.schemas.deals.read"
OWNERS_SCOPE = "crm.objects.owners.read"
GOALS_SCOPE = "crm.objects.goals.read"
SCOPES = {"calls": "crm.objects.contacts.read", "meetings": "crm.objects.contacts.read", "emails": "sales-email-read"}
"""Which permission each call needs, for saying what is missing."""


def paced() -> tuple[Budget, Budget]:
    """Return the budgets of all calls and of searches: below what the smallest plan allows, as others search too."""
    return Budget(Rate(90, 10)), Budget(Rate(4, 1))


def unpaced() -> tuple[Budget, Budget]:
    """Return budgets without limits, for a HubSpot of one's own."""
    return Budget(), Budget()


class HubSpot:
    """``fields`` are the deals' properties that the playbook maps. End it with ``close``."""

    name = "hubspot"
    title = "HubSpot"
    needs = frozenset(Need)
    history_batch = HISTORY_AT_ONCE
    knows_starts = False

    def __init__(
        self,
        key: str,
        clock: Clock,
        *,
        fields: Collection[str] = (),
        address: str = ADDRESS,
        version: str = VERSION,
        budgets: tuple[Budget, Budget] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        whole, self._searches = budgets or paced()
        vendor = Vendor(self.title, address, whole, (key,), request_id="x-hubspot-correlation-id")
        read_error = explain(clock, lambda: self._account.timezone if self._account else "")
        self._api = Api(vendor, clock, headers=bearer(key), explain=read_error, sleep=sleep)
        self._version = version
        self._fields = tuple(sorted(set(fields)))
        self._account: Account | None = None
        self._meaning: dict[str, DealStatus] = {}
        self._owner_of_user: dict[str, str] = {}

    async def account(self) -> Account:
        said = await self._get(f"/account-info/{self._version}/details")
        zone = said.maybe_text("timeZone") or ""
        known = zone if zone in available_timezones() else ""
        self._account = Account(self._api.server_now(), known, said.maybe_text("companyCurrency") or "")
        return self._account

    async def people(self) -> AsyncIterator[Page[SourcePerson]]:
        """HubSpot lists those who left apart."""
        for archived in ("false", "true"):
            async for page in walk(self._owners(archived), None, say("HubSpot's list of owners")):
                yield page

    async def stages(self) -> Page[SourceStage]:
        answer = await self._get(f"/crm/pipelines/{self._version}/deals", scope=DEALS_SCOPE)
        problems: list[Problem] = []
        pipelines = sorted(answer.objects("results"), key=lambda one: one.number("displayOrder"))
        found = [stage for pipeline in pipelines for stage in records.stages(pipeline, problems)]
        self._meaning = {stage.id: stage.status for stage in found}
        return Page(tuple(found), None, tuple(problems))

    async def deals(self, since: datetime | None, cursor: str | None) -> AsyncIterator[Page[SourceDeal]]:
        """Everything is listed, which has no cap; what changed is searched, which costs less."""
        if since is None:
            async for page in walk(self._listed, cursor, say("HubSpot's list of deals")):
                yield page
            return
        query = Query("deals", "hs_lastmodifieddate", milliseconds(since), self._properties)
        async for found in windows(self, query, cursor):
            yield self._deals(found.records, found.cursor)

    async def gone(self, since: datetime | None) -> AsyncIterator[Page[GoneDeal]]:
        async def fetch(cursor: str | None) -> Page[GoneDeal]:
            answer = await self._list("deals", cursor, "true", ["hs_object_id"])
            gone = [GoneDeal(one.text("id"), records.deleted_at(one)) for one in answer.objects("results")]
            new = tuple(one for one in gone if since is None or one.at is None or one.at >= since)
            return Page(new, _following(answer))

        async for page in walk(fetch, None, say("HubSpot's list of deleted deals")):
            yield page

    async def history(self, deals: Collection[str]) -> AsyncIterator[Page[StageMove]]:
        body = {
            "inputs": [{"id": deal} for deal in deals],
            "properties": [],
            "propertiesWithHistory": ["dealstage"],
        }
        answer = await self._batch(body)
        yield Page(tuple(move for record in answer.objects("results") for move in records.moves(record)))

    async def activities(self, days: Days, zones: Mapping[str, tzinfo]) -> AsyncIterator[Page[ActivityCount]]:
        """A kind that may not be read is a problem and the others are counted; SourceError if none may be."""
        refused: list[SourceError] = []
        for kind in KINDS:
            try:
                async for page in counted(self, kind, days, zones):
                    yield page
            except SourceError as error:
                if error.fault is not Fault.SCOPE:
                    raise
                refused.append(error)
                yield Page((), None, (Problem(Need.ACTIVITIES, kind.object, "", str(error)),))
        if len(refused) == len(KINDS):
            raise refused[0]

    async def goals(self, days: Days) -> AsyncIterator[Page[SourceGoal]]:
        catalogue = await self._get(f"/crm/properties/{self._version}/goal_targets", scope=GOALS_SCOPE)
        assignee = goal_targets.assignee_of({one.text("name") for one in catalogue.objects("results")})
        if not assignee:
            words = say("HubSpot's goals don't say whose they are in this account: give goals by CSV.")
            yield Page((), None, (Problem(Need.GOALS, "goal_targets", "", words),))
            return
        if not self._owner_of_user:
            async for _ in self.people():
                pass
        account = self._account or await self.account()
        first, _ = days.everywhere()
        wanted = [*goal_targets.PROPERTIES, assignee]
        query = Query("goal_targets", goal_targets.END, milliseconds(first), wanted)
        targets = [record async for found in windows(self, query) for record in found.records]
        yield goal_targets.goals(
            targets,
            days,
            assignee=assignee,
            owner_of_user=self._owner_of_user,
            zone=self._zone(),
            currency=account.currency,
        )

    async def fields(self) -> Sequence[SourceField]:
        answer = await self._get(f"/crm/properties/{self._version}/deals", scope=SCHEMAS_SCOPE)
        return [found for one in answer.objects("results") if (found := records.deal_field(one)) is not None]

    async def close(self) -> None:
        await self._api.close()

    async def search(self, kind: str, body: Mapping[str, Any]) -> Shape:
        await self._searches.take()
        path = f"/crm/objects/{self._version}/{kind}/search"
        scope = GOALS_SCOPE if kind == "goal_targets" else SCOPES.get(kind, DEALS_SCOPE)
        return Shape(await self._api.search(path, body, scope=_worded(scope)), answer=_answer(path))

    async def by_ids(self, ids: Sequence[str], properties: Sequence[str]) -> tuple[Shape, ...]:
        found: list[Shape] = []
        for at in range(0, len(ids), READ_AT_ONCE):
            inputs = [{"id": one} for one in ids[at : at + READ_AT_ONCE]]
            answer = await self._batch({"inputs": inputs, "properties": list(properties)})
            found += answer.objects("results")
        return tuple(found)

    async def deals_of(self, kind: str, ids: Sequence[str]) -> Mapping[str, str]:
        path = f"/crm/associations/{self._version}/{kind}/deals/batch/read"
        found: dict[str, str] = {}
        for at in range(0, len(ids), ASSOCIATIONS_AT_ONCE):
            body = {"inputs": [{"id": one} for one in ids[at : at + ASSOCIATIONS_AT_ONCE]]}
            answer = Shape(await self._api.search(path, body, scope=_worded(DEALS_SCOPE)), answer=_answer(path))
            for one in answer.objects("results"):
                deals = [to.identity("toObjectId") for to in one.objects("to")]
                if deals:
                    found[one.inner("from").identity("id")] = min(deals, key=lambda deal: (len(deal), deal))
        return found

    @property
    def _properties(self) -> tuple[str, ...]:
        return (*records.DEAL_PROPERTIES, *self._fields)

    def _zone(self) -> ZoneInfo:
        return ZoneInfo((self._account.timezone if self._account else "") or "UTC")

    def _deals(self, found: Collection[Shape], cursor: str | None) -> Page[SourceDeal]:
        return records.deals(found, cursor, zone=self._zone(), meaning=self._meaning, fields=self._fields)

    async def _listed(self, cursor: str | None) -> Page[SourceDeal]:
        answer = await self._list("deals", cursor, "false", self._properties)
        return self._deals(answer.objects("results"), _following(answer))

    def _owners(self, archived: str) -> Callable[[str | None], Awaitable[Page[SourcePerson]]]:
        async def fetch(cursor: str | None) -> Page[SourcePerson]:
            params = {"limit": PAGE, "archived": archived} | ({"after": cursor} if cursor else {})
            answer = await self._get(f"/crm/owners/{self._version}", params, scope=OWNERS_SCOPE)
            for one in answer.objects("results"):
                user = one.maybe_identity("userId") or one.maybe_identity("userIdIncludingInactive")
                self._owner_of_user[user] = one.text("id")
            return Page(tuple(map(records.person, answer.objects("results"))), _following(answer))

        return fetch

    async def _list(self, kind: str, cursor: str | None, archived: str, properties: Collection[str]) -> Shape:
        params = {"limit": PAGE, "archived": archived, "properties": ",".join(properties)}
        path = f"/crm/objects/{self._version}/{kind}"
        return await self._get(path, params | ({"after": cursor} if cursor else {}), scope=DEALS_SCOPE)

    async def _batch(self, body: Mapping[str, Any]) -> Shape:
        path = f"/crm/objects/{self._version}/deals/batch/read"
        return Shape(await self._api.search(path, body, scope=_worded(DEALS_SCOPE)), answer=_answer(path))

    async def _get(self, path: str, params: Mapping[str, Any] | None = None, *, scope: str = "") -> Shape:
        return Shape(await self._api.get(path, params, scope=_worded(scope)), answer=_answer(path))


def _worded(scope: str) -> str:
    return say("the scope {scope}", scope=scope) if scope else ""


def _answer(path: str) -> Said:
    return say("{vendor}'s {path}", vendor=HubSpot.title, path=path)


def _following(answer: Shape) -> str | None:
    paging = answer.maybe_inner("paging")
    following = None if paging is None else paging.maybe_inner("next")
    return None if following is None else following.text("after")
