"""HubSpot under the contract suite of the sources, over the local one that comes with Cadence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.clock import ManualClock
from bot.coaching.records import DealStatus
from bot.crm.hubspot.source import VERSION, HubSpot, unpaced
from bot.sandbox.hubspot import LocalHubSpot, a_pipeline, a_property, a_stage, an_object, an_owner, stamp
from bot.services.source import SourceDeal
from tests.crm.held import NOW, Case, Did, Held, Opened
from tests.vendors.contract import Contract
from tests.vendors.vendor_server import VendorServer, serving

KEY = "pat-na1-0123-secret-4567"
CONTRACT = Contract(
    "hubspot-crm-2026-03.openapi.json",
    {"2026-03": VERSION},
    more=["hubspot-associations-2026-03.openapi.json"],
)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def fill(local: LocalHubSpot, held: Held) -> None:
    """Show what is held as HubSpot has it."""
    zone = ZoneInfo(held.account.timezone)
    local.zone, local.currency = held.account.timezone, held.account.currency
    local.owners = []
    for one in held.people:
        first, _, last = one.name.partition(" ")
        local.owners.append(an_owner(one.id, first, last, one.email or None, archived=not one.active))
    pipelines: defaultdict[tuple[str, str], list] = defaultdict(list)
    for stage in held.stages:
        made = a_stage(stage.id, stage.name, stage.position, str(stage.probability), closed=stage.status != "open")
        pipelines[stage.pipeline, stage.pipeline_name].append(made | {"archived": stage.archived})
    local.pipelines = [a_pipeline(*named, order, stages) for order, (named, stages) in enumerate(pipelines.items())]
    local.properties = {
        "deals": [a_property("dealname", "Deal Name"), a_property("budget_on", "Budget given on", "date")],
        "goal_targets": [a_property("hs_assignee_user_id", "Assignee")],
    }
    local.objects = {"deals": {}, "calls": {}, "meetings": {}, "emails": {}, "goal_targets": {}}
    for deal in held.deals.values():
        local.objects["deals"][deal.id] = _deal(deal, zone)
    for deal_id, at in held.gone.items():
        gone = an_object(deal_id, LONG_AGO, at, dealname="Gone")
        local.objects["deals"][deal_id] = gone | {"archived": True, "archivedAt": stamp(at)}
    local.history = {}
    for move in held.moves:
        local.history.setdefault((move.deal, "dealstage"), []).append((move.stage, move.at))
    for number, did in enumerate(held.did):
        kind, properties = _engagement(did)
        local.objects[kind][str(number + 1)] = an_object(str(number + 1), did.at, did.at, **properties)
        if did.deal:
            local.deals_of[kind, str(number + 1)] = [did.deal]
    for number, goal in enumerate(held.goals):
        end = datetime.combine(goal.end, time(), zone) + timedelta(days=1) - timedelta(milliseconds=1)
        local.objects["goal_targets"][str(number + 1)] = an_object(
            str(number + 1),
            LONG_AGO,
            LONG_AGO,
            hs_goal_type="sales_quota",
            hs_assignee_user_id=str(int(goal.owner) + 1_000),
            hs_created_by_user_id="1001",
            hs_target_amount=f"{goal.amount:.2f}",
            hs_start_datetime=stamp(datetime.combine(goal.start, time(), zone)),
            hs_end_datetime=stamp(end),
        )


def _deal(deal: SourceDeal, zone: ZoneInfo) -> dict:
    closes = deal.closed or deal.expected_close
    return an_object(
        deal.id,
        deal.started or LONG_AGO,
        deal.modified or LONG_AGO,
        dealname=deal.name,
        hubspot_owner_id=deal.owner or None,
        dealstage=deal.stage or None,
        amount=None if deal.amount is None else str(deal.amount),
        deal_currency_code=deal.currency or None,
        closedate=None if closes is None else stamp(datetime.combine(closes, time(23, 30), zone)),
        hs_is_closed="false" if deal.status is DealStatus.OPEN else "true",
        hs_is_closed_won="true" if deal.status is DealStatus.WON else "false",
        hs_v2_date_entered_current_stage=None if deal.stage_since is None else stamp(deal.stage_since),
        closed_lost_reason=deal.lost_reason or None,
        hs_merged_object_ids=";".join(deal.absorbed) or None,
        **deal.fields,
    )


def _engagement(did: Did) -> tuple[str, dict]:
    common = {"hs_timestamp": stamp(did.at), "hubspot_owner_id": did.owner, "hs_body": "never read"}
    if did.type == "call":
        return "calls", common | {"hs_call_status": "COMPLETED"}
    if did.type == "meeting":
        return "meetings", common | {"hs_meeting_outcome": "COMPLETED"}
    return "emails", common | {"hs_email_direction": "EMAIL", "hs_email_status": "SENT"}


@asynccontextmanager
async def opened(held: Held, folder: Path | None = None, *, fields: Collection[str] = ()) -> AsyncIterator[Opened]:
    local = LocalHubSpot(token=KEY, now=lambda: held.account.now)

    async def answer(request: web.Request) -> web.Response:
        fill(local, held)
        return await local.answer(request)

    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async with serving(VendorServer(answer, CONTRACT)) as server:
        clock = ManualClock(NOW)
        source = HubSpot(KEY, clock, fields=fields, address=server.url, budgets=unpaced(), sleep=sleep)
        try:
            yield Opened(source, held, server, (KEY,), pauses)
        finally:
            await source.close()


HUBSPOT = Case(
    "hubspot",
    opened,
    drops=frozenset({"person.timezone", "person.team", "person.manager", "deal.account", "deal.product"}),
)
