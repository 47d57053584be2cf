"""Pipedrive under the contract suite of the sources."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

from aiohttp import web

from bot.clock import ManualClock
from bot.coaching.records import DealStatus
from bot.crm.pipedrive.source import Pipedrive
from bot.services.source import SourceDeal
from bot.vendors.budget import Budget
from tests.crm.held import NOW, Case, Did, Held, Opened
from tests.crm.local_pipedrive import Json, LocalPipedrive, stamp
from tests.vendors.contract import Contract
from tests.vendors.vendor_server import VendorServer, serving

TOKEN = "f00dfeedf00dfeedf00dfeedf00dfeedf00dfeed"  # noqa: S105 - a key of nothing
CONTRACT = Contract("pipedrive.openapi.json")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def fill(local: LocalPipedrive, held: Held) -> None:
    """Show what is held as Pipedrive has it."""
    account = held.account
    local.me = {"id": 1, "default_currency": account.currency, "timezone_name": account.timezone, "is_you": True}
    local.users = [
        {"id": int(one.id), "name": one.name, "email": one.email, "active_flag": one.active, "is_deleted": False}
        | ({"timezone_name": one.timezone} if one.timezone else {})
        for one in held.people
    ]
    pipelines = dict.fromkeys((stage.pipeline, stage.pipeline_name) for stage in held.stages)
    local.pipelines = [
        {"id": int(pipeline), "name": name, "order_nr": order, "is_deleted": False, "is_deal_probability_enabled": True}
        for order, (pipeline, name) in enumerate(pipelines)
    ]
    local.stages = [
        {"id": int(stage.id), "name": stage.name, "order_nr": stage.position + 1, "pipeline_id": int(stage.pipeline),
         "deal_probability": round((stage.probability or 0) * 100), "is_deleted": stage.archived}
        for stage in held.stages
    ]  # fmt: skip
    local.deals = [a_deal(deal) for deal in held.deals.values()]
    local.deals += [
        a_deal(SourceDeal(gone, "Gone", DealStatus.OPEN, "2", "11", started=LONG_AGO, modified=at))
        | {"status": "deleted"}
        for gone, at in held.gone.items()
    ]
    local.changes = {deal: _changes(held, deal) for deal in held.deals}
    local.activities = [_activity(number, did) for number, did in enumerate(held.did, start=1)]
    local.goals = [
        a_goal(str(number), goal.owner, goal.start, goal.end, goal.amount) for number, goal in enumerate(held.goals)
    ]


def a_deal(deal: SourceDeal) -> Json:
    """A deal as version 2 gives it; what isn't known isn't there."""
    closed = None if deal.closed is None else stamp(datetime.combine(deal.closed, time(12), UTC))
    made: Json = {
        "id": int(deal.id),
        "title": deal.name,
        "owner_id": int(deal.owner),
        "stage_id": int(deal.stage),
        "status": deal.status.value,
        "add_time": stamp(deal.started if isinstance(deal.started, datetime) else LONG_AGO),
        "update_time": stamp(deal.modified or LONG_AGO),
        "stage_change_time": stamp(deal.stage_since) if isinstance(deal.stage_since, datetime) else None,
        "close_time": closed,
        "won_time": closed if deal.status is DealStatus.WON else None,
        "lost_time": closed if deal.status is DealStatus.LOST else None,
        "lost_reason": deal.lost_reason or None,
        "expected_close_date": None if deal.expected_close is None else deal.expected_close.isoformat(),
        "is_deleted": False,
        "is_archived": False,
        "custom_fields": dict(deal.fields),
    }
    made |= {} if deal.amount is None else {"value": deal.amount}
    return made | ({"currency": deal.currency} if deal.currency else {})


def a_goal(identity: str, owner: str, start: date, end: date, amount: float, *, interval: str = "quarterly") -> Json:
    return {
        "id": identity, "owner_id": 1, "title": "Revenue", "is_active": True, "report_ids": [], "interval": interval,
        "type": {"name": "deals_won", "params": {"pipeline_id": [5]}},
        "assignee": {"id": int(owner), "type": "person"},
        "duration": {"start": start.isoformat(), "end": end.isoformat()},
        "expected_outcome": {"target": amount, "tracking_metric": "sum"},
    }  # fmt: skip


def _changes(held: Held, deal: str) -> list[Json]:
    """The changelog of one deal, among other things the stages it moved through, the newest first."""
    moves = sorted((move for move in held.moves if move.deal == deal), key=lambda move: str(move.at))
    changed = [
        {"field_key": "stage_id", "old_value": before.stage, "new_value": after.stage, "actor_user_id": 1,
         "time": _old_stamp(after.at)}
        for before, after in pairwise(moves)
    ]  # fmt: skip
    other = {"field_key": "value", "old_value": "1", "new_value": "2", "actor_user_id": 1, "time": _old_stamp(NOW)}
    return [other, *reversed(changed), other]


def _old_stamp(at: datetime | date) -> str:
    """An instant as version 1 writes it."""
    assert isinstance(at, datetime)
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _activity(number: int, did: Did) -> Json:
    return {
        "id": number, "type": did.type, "owner_id": int(did.owner), "done": True, "is_deleted": False,
        "marked_as_done_time": stamp(did.at), "update_time": stamp(did.at + timedelta(minutes=5)),
        "note": "never read",
    } | ({"deal_id": int(did.deal)} if did.deal else {})  # fmt: skip


@asynccontextmanager
async def opened(held: Held, folder: Path | None = None, *, fields: Collection[str] = ()) -> AsyncIterator[Opened]:
    local = LocalPipedrive(TOKEN)

    async def answer(request: web.Request) -> web.Response:
        fill(local, held)
        return await local.answer(request)

    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async with serving(VendorServer(answer, CONTRACT)) as server:
        clock = ManualClock(NOW)
        source = Pipedrive(TOKEN, "acme", clock, fields=fields, address=server.url, budget=Budget(), sleep=sleep)
        try:
            yield Opened(source, held, server, (TOKEN,), pauses)
        finally:
            await source.close()


PIPEDRIVE = Case(
    "pipedrive",
    opened,
    drops=frozenset(
        {"person.team", "person.manager", "stage.status", "deal.account", "deal.product", "deal.list_price"}
    ),
    as_days=frozenset({"deal.closed"}),
    activity_types={"call": "call", "meeting": "meeting", "email": ""},
)
