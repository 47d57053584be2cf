"""Salesforce under the contract suite of the sources."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot.clock import ManualClock
from bot.coaching.records import DealStatus
from bot.crm.salesforce.session import Credentials
from bot.crm.salesforce.source import Salesforce
from bot.services.source import SourceDeal
from bot.vendors.budget import Budget
from tests.crm.held import NOW, Case, Did, Held, Opened
from tests.crm.local_salesforce import Json, LocalSalesforce, stamp
from tests.vendors.vendor_server import VendorServer, serving

KEY, SECRET = "3MVGsecretkey0123456789", "SECRET0123456789ABCDEF"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
REASON = "Loss_Reason__c"


def fill(local: LocalSalesforce, held: Held) -> None:
    """Show what is held as Salesforce has it."""
    account = held.account
    local.tables = {
        "Organization": [{"TimeZoneSidKey": account.timezone}],
        "CurrencyType": [{"IsoCode": account.currency, "IsCorporate": True}, {"IsoCode": "JPY", "IsCorporate": False}],
        "User": [
            {"Id": one.id, "Name": one.name, "Email": one.email or None, "IsActive": one.active, "UserType": "Standard",
             "ManagerId": one.manager or None, "TimeZoneSidKey": one.timezone or None}
            for one in held.people
        ] + [{"Id": "999", "Name": "Robot", "Email": None, "IsActive": True, "UserType": "AutomatedProcess"}],
        "OpportunityStage": [
            {"ApiName": stage.id, "MasterLabel": stage.name, "IsActive": not stage.archived,
             "SortOrder": stage.position, "IsClosed": stage.status is not DealStatus.OPEN,
             "IsWon": stage.status is DealStatus.WON,
             "DefaultProbability": None if stage.probability is None else stage.probability * 100}
            for stage in held.stages
        ],
        "Opportunity": [a_deal(deal) for deal in held.deals.values()],
        "OpportunityHistory": _history(held),
        "Task": [_task(number, did) for number, did in enumerate(held.did) if did.type != "meeting"],
        "Event": [_event(number, did) for number, did in enumerate(held.did) if did.type == "meeting"],
        "Period": [],
        "ForecastingQuota": [],
    }  # fmt: skip
    for gone, at in held.gone.items():
        was = SourceDeal(gone, "Gone", DealStatus.OPEN, "2", "11", started=LONG_AGO, modified=at)
        local.tables["Opportunity"].append(a_deal(was) | {"IsDeleted": True})
    for number, goal in enumerate(held.goals):
        local.tables["Period"].append(a_period(str(number), goal.start, goal.end))
        local.tables["ForecastingQuota"].append(
            {"QuotaOwnerId": goal.owner, "PeriodId": str(number), "QuotaAmount": goal.amount, "IsAmount": True,
             "ForecastingTypeId": "0Db1", "CurrencyIsoCode": goal.currency, "StartDate": goal.start.isoformat()}
        )  # fmt: skip


def a_period(identity: str, start: date, end: date) -> Json:
    return {"Id": identity, "StartDate": start.isoformat(), "EndDate": end.isoformat(), "IsForecastPeriod": True}


def a_deal(deal: SourceDeal) -> Json:
    closes = deal.closed or deal.expected_close
    return {
        "Id": deal.id, "Name": deal.name, "OwnerId": deal.owner or None, "StageName": deal.stage, "Amount": deal.amount,
        "CurrencyIsoCode": deal.currency or None, "CloseDate": None if closes is None else closes.isoformat(),
        "CreatedDate": stamp(_at(deal.started)), "SystemModstamp": stamp(deal.modified or LONG_AGO),
        "LastStageChangeDate": None if deal.stage_since is None else stamp(_at(deal.stage_since)),
        "IsClosed": deal.status is not DealStatus.OPEN, "IsWon": deal.status is DealStatus.WON, "IsDeleted": False,
        "Account.Name": deal.account or None, REASON: deal.lost_reason or None, **deal.fields,
    }  # fmt: skip


def _at(when: datetime | date | None) -> datetime:
    return when if isinstance(when, datetime) else LONG_AGO


def _history(held: Held) -> list[Json]:
    """Each move, and after it a change of the amount, which writes the same stage once more."""
    return [
        {"OpportunityId": move.deal, "StageName": move.stage, "CreatedDate": stamp(at)}
        for move in held.moves
        for at in (_at(move.at), _at(move.at) + timedelta(hours=1))
    ]


def _task(number: int, did: Did) -> Json:
    return {
        "Id": f"00T{number}", "OwnerId": did.owner, "TaskSubtype": did.type.title(), "WhatId": did.deal or None,
        "CompletedDateTime": stamp(did.at), "IsClosed": True, "IsDeleted": False, "Description": "never read",
    }  # fmt: skip


def _event(number: int, did: Did) -> Json:
    row = {"OwnerId": did.owner, "StartDateTime": stamp(did.at), "WhatId": did.deal or None, "IsDeleted": False}
    return row | {"Id": f"00U{number}", "IsChild": False}


@asynccontextmanager
async def opened(held: Held, folder: Path | None = None, *, fields: Collection[str] = ()) -> AsyncIterator[Opened]:
    local = LocalSalesforce(KEY, SECRET)

    async def answer(request: web.Request) -> web.Response:
        fill(local, held)
        return await local.answer(request)

    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async with serving(VendorServer(answer)) as server:
        source = Salesforce(
            Credentials(server.url, KEY, SECRET),
            ManualClock(NOW),
            fields=fields,
            lost_reason=REASON,
            budget=Budget(),
            sleep=sleep,
        )
        try:
            yield Opened(source, held, server, (KEY, SECRET), pauses)
        finally:
            await source.close()


SALESFORCE = Case(
    "salesforce",
    opened,
    drops=frozenset({"person.team", "stage.pipeline", "stage.pipeline_name", "deal.product", "deal.list_price"}),
)
