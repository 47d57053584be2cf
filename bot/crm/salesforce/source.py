"""Salesforce, read only, as a source."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, tzinfo
from zoneinfo import available_timezones

from bot.coaching.said import say
from bot.crm.salesforce import quotas, records, soql
from bot.crm.salesforce.counting import KINDS, counted, query
from bot.crm.salesforce.errors import TITLE
from bot.crm.salesforce.session import Credentials, Session
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
from bot.vendors.shape import Shape
from bot.vendors.walk import walk

VERSION = "66.0"
"""Spring '26; each is supported for at least three years."""
HISTORY_AT_ONCE = 200
"""More ids would make an address longer than Salesforce reads."""
DEALS = "Opportunity"  # no words: Salesforce's name for them
_READ_DEALS, _ALL_DEALS = say("read permission on opportunities"), say("View All on opportunities")
_ORGANISATION = "SELECT TimeZoneSidKey FROM Organization LIMIT 1"  # no words: SOQL
_CURRENCY = "SELECT IsoCode FROM CurrencyType WHERE IsCorporate = true LIMIT 1"  # no words: SOQL
_PERIODS = "SELECT Id, StartDate, EndDate FROM Period WHERE IsForecastPeriod = true"  # no words: SOQL


def paced() -> Budget:
    """Return a pace that leaves the day's calls to the others who ask: Salesforce counts a rolling day for all."""
    return Budget(Rate(25, 5))


class Salesforce:
    """``fields`` are the names of deals' fields that the playbook maps, ``lost_reason`` of the one with that.

    ``forecast`` is the id of the kind of forecast whose quotas count, where there are several. End it with ``close``.
    """

    name = "salesforce"
    title = TITLE
    needs = frozenset(Need)
    history_batch = HISTORY_AT_ONCE
    knows_starts = False

    def __init__(
        self,
        credentials: Credentials,
        clock: Clock,
        *,
        fields: Collection[str] = (),
        lost_reason: str = "",
        forecast: str = "",
        version: str = VERSION,
        budget: Budget | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._session = Session(credentials, clock, version=version, budget=budget or paced(), sleep=sleep)
        self._wanted = tuple(sorted(set(fields)))
        self._lost_reason = lost_reason
        self._forecast = forecast
        self._shown: frozenset[str] | None = None

    async def account(self) -> Account:
        """The currency of an organisation with but one isn't told; every amount is in it then."""
        organisation, _ = await self._session.query(_ORGANISATION)
        zone = (organisation[0].maybe_text("TimeZoneSidKey") if organisation else "") or ""
        currency = ""
        if "CurrencyIsoCode" in await self._names():
            corporate, _ = await self._session.query(_CURRENCY)
            currency = corporate[0].text("IsoCode") if corporate else ""
        now = (await self._session.open()).server_now()
        return Account(now, zone if zone in available_timezones() else "", currency)

    async def people(self) -> AsyncIterator[Page[SourcePerson]]:
        """Robots and guests have other types."""
        names = "Id, Name, Email, IsActive, ManagerId, TimeZoneSidKey"  # no words: fields
        asked = f"SELECT {names} FROM User WHERE UserType = 'Standard' ORDER BY Id"  # noqa: S608 # no words: SOQL of our own
        found = [records.person(one) async for one in self._session.every(asked, needs=say("read permission on users"))]
        yield Page(tuple(found))

    async def stages(self) -> Page[SourceStage]:
        """Which of them a sales process uses isn't told: all count as of one pipeline."""
        names = "ApiName, MasterLabel, IsActive, IsClosed, IsWon, SortOrder, DefaultProbability"  # no words: fields
        problems: list[Problem] = []
        asked = f"SELECT {names} FROM OpportunityStage ORDER BY SortOrder"  # noqa: S608 # no words: SOQL of our own
        found = [one async for one in self._session.every(asked, needs=_READ_DEALS)]
        return Page(tuple(records.stage(one, at, problems) for at, one in enumerate(found)), None, tuple(problems))

    async def deals(self, since: datetime | None, cursor: str | None) -> AsyncIterator[Page[SourceDeal]]:
        names, problems = await self._selected()
        changed = "" if since is None else f"SystemModstamp >= {soql.instant(since)}"

        async def fetch(place: str | None) -> Page[SourceDeal]:
            found, following = await self._page(names, "", changed, place)
            told = [*problems] if place is None else []
            deals = tuple(records.deal(one, self._mapped(), self._reason(), told) for one in found)
            return Page(deals, following, tuple(told))

        async for page in walk(fetch, cursor, say("{vendor}'s deals", vendor=TITLE)):
            yield page

    async def gone(self, since: datetime | None) -> AsyncIterator[Page[GoneDeal]]:
        """The recycle bin forgets after 15 days."""
        changed = "" if since is None else f"SystemModstamp >= {soql.instant(since)}"

        async def fetch(place: str | None) -> Page[GoneDeal]:
            bare = ("Id", "SystemModstamp")  # no words: fields
            found, following = await self._page(bare, "IsDeleted = true", changed, place, deleted=True)
            gone = tuple(GoneDeal(one.text("Id"), records.instant(one.text("SystemModstamp"))) for one in found)
            return Page(gone, following)

        async for page in walk(fetch, None, say("{vendor}'s recycle bin", vendor=TITLE)):
            yield page

    async def history(self, deals: Collection[str]) -> AsyncIterator[Page[StageMove]]:
        """Salesforce writes a row whenever stage, amount, probability or close date changes, without being set up."""
        asked = (  # no words: SOQL
            "SELECT OpportunityId, StageName, CreatedDate FROM OpportunityHistory "  # noqa: S608 - SOQL
            f"WHERE OpportunityId IN {soql.listed(sorted(deals))} ORDER BY OpportunityId, CreatedDate"
        )
        found, problems = records.moves([one async for one in self._session.every(asked, needs=_READ_DEALS)])
        yield Page(tuple(found), None, tuple(problems))

    async def activities(self, days: Days, zones: Mapping[str, tzinfo]) -> AsyncIterator[Page[ActivityCount]]:
        now = (await self._session.open()).server_now()
        for kind in KINDS:
            needs = say("View All on {objects}", objects=f"{kind.table}s")
            found = self._session.every(query(kind, days, now), needs=needs, deleted=True)  # old ones are archived
            async for page in counted(kind, found, days, zones):
                yield page

    async def goals(self, days: Days) -> AsyncIterator[Page[SourceGoal]]:
        problems: list[Problem] = []
        touching = f"EndDate >= {soql.day(days.first)} AND StartDate <= {soql.day(days.last)}"  # no words: SOQL
        asked = f"{_PERIODS} AND {touching}"  # no words: SOQL
        periods = [one async for one in self._session.every(asked)]
        known = quotas.periods(periods, problems)
        if not known:
            yield Page((), None, tuple(problems))
            return
        money = ", CurrencyIsoCode" if "CurrencyIsoCode" in await self._names() else ""
        names = f"QuotaOwnerId, PeriodId, QuotaAmount, IsAmount, ForecastingTypeId{money}"  # no words: fields
        earliest = min(first for first, _ in known.values())
        asked = f"SELECT {names} FROM ForecastingQuota WHERE StartDate >= {soql.day(earliest)}"  # noqa: S608 # no words: SOQL
        found = [one async for one in self._session.every(asked, needs=say("View All Forecasts for a standard user"))]
        yield quotas.quotas(found, known, days, self._forecast, problems)

    async def fields(self) -> Sequence[SourceField]:
        return [records.deal_field(one) for one in (await self._described()).objects("fields")]

    async def close(self) -> None:
        await self._session.close()

    async def _page(
        self, names: Collection[str], kept: str, changed: str, cursor: str | None, *, deleted: bool = False
    ) -> tuple[tuple[Shape, ...], str | None]:
        """Return the records after a cursor and the cursor of what follows them."""
        try:
            after = "" if cursor is None else soql.Place.read(cursor).after()
        except ValueError as error:
            words = say("Where {vendor} was read to isn't known any more: it is read anew.", vendor=TITLE)
            raise SourceError(Fault.CURSOR, words) from error
        asked = soql.walk_query(names, DEALS, kept, changed, after)
        found, complete = await self._session.query(asked, needs=_ALL_DEALS, deleted=deleted)
        return found, None if complete and len(found) < soql.AT_ONCE else _following(found)

    async def _selected(self) -> tuple[tuple[str, ...], list[Problem]]:
        """Return what to select: all that the Run As user is shown, and a problem for each mapped field it isn't."""
        shown = await self._names()
        wished = [name for name in records.WISHED if name in shown]
        account = [records.ACCOUNT] if "AccountId" in shown else []
        mapped = [*self._wanted, *([self._lost_reason] if self._lost_reason else [])]
        words = say("it isn't there or isn't shown to the Run As user: let its permission set read it")
        problems = [Problem(Need.FIELDS, "", name, words) for name in mapped if name not in shown]
        there = [name for name in mapped if name in shown]
        return tuple(dict.fromkeys((*records.BASE, *wished, *account, *there))), problems

    def _mapped(self) -> tuple[str, ...]:
        return tuple(name for name in self._wanted if name in (self._shown or ()))

    def _reason(self) -> str:
        return self._lost_reason if self._lost_reason in (self._shown or ()) else ""

    async def _names(self) -> frozenset[str]:
        if self._shown is None:
            self._shown = frozenset(one.text("name") for one in (await self._described()).objects("fields"))
        return self._shown

    async def _described(self) -> Shape:
        return await self._session.get(f"/sobjects/{DEALS}/describe", needs=_READ_DEALS)


def _following(found: Sequence[Shape]) -> str | None:
    """Return where the page after these begins; None without any."""
    if not found:
        return None
    last = found[-1]
    return soql.Place(soql.instant(records.instant(last.text("SystemModstamp"))), last.text("Id")).cursor()
