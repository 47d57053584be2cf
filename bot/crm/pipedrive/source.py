"""Pipedrive, read only, as a source."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any
from zoneinfo import available_timezones

from bot.coaching.said import Said, joined, say
from bot.crm.pipedrive import goals as goal_targets
from bot.crm.pipedrive import records
from bot.crm.pipedrive.counting import counted
from bot.crm.pipedrive.errors import explain
from bot.crm.pipedrive.values import CustomFields
from bot.errors import ConfigurationError
from bot.services.ports import Clock
from bot.services.source import (
    Account,
    ActivityCount,
    Days,
    GoneDeal,
    Need,
    Page,
    SourceDeal,
    SourceField,
    SourceGoal,
    SourcePerson,
    SourceStage,
    StageMove,
)
from bot.services.source_errors import Fault, SourceError
from bot.vendors.answers import quote
from bot.vendors.budget import Budget, Rate
from bot.vendors.http import Api, Vendor
from bot.vendors.shape import Shape
from bot.vendors.walk import walk

PAGE = 500
MOST_FIELDS = 15
"""How many custom fields Pipedrive gives with a list of deals."""
HISTORY_AT_ONCE = 100
"""How many deals may be named by id; each costs a call of its own all the same."""

LISTED, ARCHIVED = "listed", "archived"
"""Pipedrive lists archived deals apart; a cursor says in which of the two lists it is."""
_LISTS = {LISTED: say("Pipedrive's list of deals"), ARCHIVED: say("Pipedrive's list of archived deals")}

Fetch = Callable[[str | None], Awaitable[Page[Any]]]


def paced() -> Budget:
    """Return the burst that the smallest plan allows, with room for who else asks."""
    return Budget(Rate(15, 2))


class Pipedrive:
    """``company`` is the first part of its address, "acme" of acme.pipedrive.com; ``fields`` are codes of deal fields.

    The token should be an admin's: others see only the deals that are visible to them. End it with ``close``.
    """

    name = "pipedrive"
    title = "Pipedrive"  # no words: a name
    needs = frozenset(Need)
    history_batch = HISTORY_AT_ONCE
    knows_starts = False

    def __init__(
        self,
        token: str,
        company: str,
        clock: Clock,
        *,
        fields: Collection[str] = (),
        address: str = "",
        budget: Budget | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Raises ConfigurationError for more fields than Pipedrive gives, or a company that can't be part of a host."""
        if len(set(fields)) > MOST_FIELDS:
            raise ConfigurationError(
                say("Pipedrive gives at most {most} mapped fields; the playbook has more.", most=MOST_FIELDS)
            )
        if not address and not company.replace("-", "").isalnum():
            raise ConfigurationError(say("Name the company as its address begins: acme of acme.pipedrive.com."))
        where = address or f"https://{company.lower()}.pipedrive.com"
        vendor = Vendor(self.title, where, budget or paced(), (token,))
        self._api = Api(vendor, clock, headers={"x-api-token": token}, explain=explain(clock), sleep=sleep)
        self._wanted = tuple(sorted(set(fields)))
        self._shown: CustomFields | None = None
        self._currency = ""

    async def account(self) -> Account:
        me = (await self._get("/v1/users/me")).inner("data")
        self._currency = (me.maybe_text("default_currency") or "").upper()
        zone = me.maybe_text("timezone_name") or ""
        return Account(self._api.server_now(), zone if zone in available_timezones() else "", self._currency)

    async def people(self) -> AsyncIterator[Page[SourcePerson]]:
        answer = await self._get("/v1/users", scope="users:read")
        yield Page(tuple(map(records.person, answer.maybe_objects("data"))))

    async def stages(self) -> Page[SourceStage]:
        pipelines = [one async for one in self._all("/api/v2/pipelines")]
        found = [one async for one in self._all("/api/v2/stages")]
        problems: list[Any] = []
        return Page(records.stages(pipelines, found, problems), None, tuple(problems))

    async def deals(self, since: datetime | None, cursor: str | None) -> AsyncIterator[Page[SourceDeal]]:
        fields = await self._fields()
        begin, _, place = (cursor or LISTED).partition(":")
        if begin not in (LISTED, ARCHIVED):
            words = say("Where {vendor} was read to isn't known any more: it is read anew.", vendor=self.title)
            raise SourceError(Fault.CURSOR, words)
        for which in (LISTED, ARCHIVED)[begin == ARCHIVED :]:
            pages = walk(self._listed(which, since, fields), place or None, _LISTS[which])
            place = ""
            async for page in pages:
                more = f"{which}:{page.cursor}" if page.cursor else ARCHIVED if which == LISTED else None
                yield Page(page.records, more, page.problems)

    async def gone(self, since: datetime | None) -> AsyncIterator[Page[GoneDeal]]:
        """Pipedrive forgets a deletion after 30 days."""

        async def fetch(cursor: str | None) -> Page[GoneDeal]:
            params = {"status": records.DELETED} | self._since(since)
            answer = await self._page("/api/v2/deals", params, cursor, scope="deals:read")
            return records.gone(answer.maybe_objects("data"), _following(answer))

        async for page in walk(fetch, None, say("Pipedrive's list of deleted deals")):
            yield page

    async def history(self, deals: Collection[str]) -> AsyncIterator[Page[StageMove]]:
        """Each deal costs a call: the sync asks for those whose stage moved."""
        for path in ("/api/v2/deals", "/api/v2/deals/archived"):
            async for deal in self._all(path, {"ids": ",".join(sorted(deals))}, scope="deals:read"):
                changes = [one async for one in self._all(f"/v1/deals/{deal.identity('id')}/changelog")]
                found, problems = records.moves(deal, changes)
                yield Page(tuple(found), None, tuple(problems))

    async def activities(self, days: Days, zones: Mapping[str, tzinfo]) -> AsyncIterator[Page[ActivityCount]]:
        """What was marked as done on a day was changed then or later, which is all that can be asked for."""
        since, _ = days.everywhere()

        async def fetch(cursor: str | None) -> Page[ActivityCount]:
            params = {"done": "true"} | self._since(since)
            answer = await self._page("/api/v2/activities", params, cursor, scope="activities:read")
            return counted(answer.maybe_objects("data"), _following(answer), days, zones)

        async for page in walk(fetch, None, say("Pipedrive's list of activities")):
            yield page

    async def goals(self, days: Days) -> AsyncIterator[Page[SourceGoal]]:
        answer = await self._get("/v1/goals/find", {"is_active": "true"}, scope="goals:read")
        yield goal_targets.goals(answer.inner("data").maybe_objects("goals"), days, self._currency)

    async def fields(self) -> Sequence[SourceField]:
        return [records.deal_field(one) async for one in self._all("/api/v2/dealFields")]

    async def close(self) -> None:
        await self._api.close()

    async def _fields(self) -> CustomFields:
        """Return how the mapped fields are shown; what their options are called is asked once."""
        if self._shown is None:
            known = [one async for one in self._all("/api/v2/dealFields")] if self._wanted else []
            self._shown = CustomFields(self._wanted, records.labels(known))
        return self._shown

    def _listed(self, which: str, since: datetime | None, fields: CustomFields) -> Fetch:
        path = "/api/v2/deals" if which == LISTED else "/api/v2/deals/archived"
        custom = {"custom_fields": ",".join(fields.names)} if fields.names else {}
        order = {"sort_by": "update_time" if since else "id", "sort_direction": "asc"}

        async def fetch(cursor: str | None) -> Page[SourceDeal]:
            answer = await self._page(path, order | custom | self._since(since), cursor, scope="deals:read")
            return records.deals(answer.maybe_objects("data"), _following(answer), fields)

        return fetch

    async def _all(
        self, path: str, params: Mapping[str, str] | None = None, *, scope: str = ""
    ) -> AsyncIterator[Shape]:
        """Yield every record of a list that is short, or cut short by ``params``."""
        fetch = partial(self._shapes, path, params or {}, scope)
        async for page in walk(fetch, None, self._answer(path)):
            for one in page.records:
                yield one

    async def _shapes(self, path: str, params: Mapping[str, str], scope: str, cursor: str | None) -> Page[Shape]:
        answer = await self._page(path, params, cursor, scope=scope)
        return Page(answer.maybe_objects("data"), _following(answer))

    async def _page(self, path: str, params: Mapping[str, str], cursor: str | None, *, scope: str = "") -> Shape:
        paging = {"limit": str(PAGE)} | ({"cursor": cursor} if cursor else {})
        return await self._get(path, {**params, **paging}, scope=scope)

    async def _get(self, path: str, params: Mapping[str, str] | None = None, *, scope: str = "") -> Shape:
        worded = say("the scope {scope} or an admin's token", scope=scope) if scope else ""
        answer = Shape(await self._api.get(path, params, scope=worded), answer=self._answer(path))
        if not answer.flag("success", default=True):
            said = self._api.redact(answer.maybe_text("error") or "no reason")  # no words: as Pipedrive's are
            words = say("Pipedrive refuses GET {path}.", path=path)
            raise SourceError(Fault.REQUEST, joined((words, quote(said))), said=said)
        return answer

    def _answer(self, path: str) -> Said:
        return say("{vendor}'s {path}", vendor=self.title, path=path)

    @staticmethod
    def _since(since: datetime | None) -> dict[str, str]:
        return {} if since is None else {"updated_since": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


def _following(answer: Shape) -> str | None:
    more = answer.maybe_inner("additional_data")
    return None if more is None else more.maybe_text("next_cursor") or None
