"""The demo organisation's deals in a small local HubSpot that lives in the demo's time."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.app import Bot
from bot.coaching.records import Deal, DealStatus, Person, PersonId, Records
from bot.crm.hubspot.source import VERSION
from bot.sandbox.hubspot import LocalHubSpot, a_pipeline, a_property, a_stage, an_object, an_owner, stamp
from bot.services.ports.sync import Connection
from bot.vault import Vault

SOURCES = ("hubspot",)
_STAGES = {"prospecting": "Prospecting", "engaging": "Engaging", "won": "Closed won", "lost": "Closed lost"}
_WORKING = time(11)
_GOAL = datetime(2016, 1, 1, tzinfo=UTC)
_ZONE = ZoneInfo("America/New_York")
_ELSEWHERE = {PersonId("zane-levy"): "zane.levy@kan-code.example"}
"""Who signs in to HubSpot with another address than in Slack, so that there is somebody to be matched by hand."""
_LOGGED = timedelta(days=90)
"""So far back calls are logged."""


class LivingHubSpot:
    """Shows the organisation as of its clock: what hasn't happened yet isn't there yet.

    The data have no activities: a call on the day each deal began stands in for them.
    """

    def __init__(self, facts: Records, now: Callable[[], datetime]) -> None:
        self._facts = facts
        self._owner = {person.id: str(number) for number, person in enumerate(facts.people, start=1)}
        self._as_of: date | None = None
        self._first_day = min((deal.start for deal in facts.deals if deal.start is not None), default=_GOAL.date())
        self.local = LocalHubSpot(now=now, zone=str(_ZONE))
        self.local.owners = [_owner(self._owner[person.id], person) for person in facts.people if not person.is_admin]
        chances = {"prospecting": "0.1", "engaging": "0.4", "won": "1.0", "lost": "0.0"}
        stages = [
            a_stage(stage, label, order, chances[stage], closed=stage in ("won", "lost"))
            for order, (stage, label) in enumerate(_STAGES.items())
        ]
        self.local.pipelines = [a_pipeline("default", "Sales Pipeline", 0, stages)]
        self.local.properties = {
            "deals": [a_property("dealname", "Deal Name"), a_property("amount", "Amount", "number")],
            "goal_targets": [a_property("hs_assignee_user_id", "Assignee")],
        }
        self.local.objects["goal_targets"] = dict(self._goals())

    async def answer(self, request: web.Request) -> web.Response:
        today = self.local.now().astimezone(_ZONE).date()
        if today != self._as_of:
            self.local.objects["deals"] = dict(self._deals(today))
            self.local.objects["calls"] = dict(self._calls(today))
            self._as_of = today
        return await self.local.answer(request)

    def _deals(self, today: date) -> Iterable[tuple[str, dict[str, Any]]]:
        history: dict[tuple[str, str], list[tuple[str, datetime]]] = {}
        for deal in self._facts.deals:
            shown = self._deal(deal, today, history)
            if shown is not None:
                yield shown["id"], shown
        self.local.history = history

    def _deal(
        self, deal: Deal, today: date, history: dict[tuple[str, str], list[tuple[str, datetime]]]
    ) -> dict[str, Any] | None:
        if deal.start is not None and deal.start > today:
            return None
        deal_id = str(zlib.crc32(deal.id.encode()) + 1)  # HubSpot's ids are numbers, and these stay the same
        closed = deal.close is not None and deal.close <= today and deal.status is not DealStatus.OPEN
        stage = deal.status.value if closed else "prospecting" if deal.start is None else "engaging"
        began = _at(deal.start or self._first_day)
        entered = _at(deal.close) if closed and deal.close is not None else began
        moves = [("engaging", began), (stage, entered)] if closed else [(stage, began)]
        history[deal_id, "dealstage"] = moves
        amount = deal.amount if closed else deal.list_price
        return an_object(
            deal_id,
            began,
            entered,
            dealname=deal.name,
            hubspot_owner_id=self._owner[deal.owner],
            dealstage=stage,
            amount=None if amount is None else f"{amount:.2f}",
            deal_currency_code="USD",
            closedate=stamp(entered) if closed else None,
            hs_is_closed=str(closed).lower(),
            hs_is_closed_won=str(closed and deal.status is DealStatus.WON).lower(),
            hs_v2_date_entered_current_stage=stamp(entered),
        )

    def _calls(self, today: date) -> Iterable[tuple[str, dict[str, Any]]]:
        for number, deal in enumerate(self._facts.deals, start=1):
            if deal.start is not None and today - _LOGGED <= deal.start <= today:
                at = _at(deal.start)
                call = {"hs_timestamp": stamp(at), "hs_call_status": "COMPLETED"}
                yield str(number), an_object(str(number), at, at, hubspot_owner_id=self._owner[deal.owner], **call)

    def _goals(self) -> Iterable[tuple[str, dict[str, Any]]]:
        for number, goal in enumerate(self._facts.goals, start=1):
            ends = datetime.combine(goal.end, time(), _ZONE) + timedelta(days=1)
            yield (
                str(number),
                an_object(
                    str(number),
                    _GOAL,
                    _GOAL,
                    hs_goal_type="sales_quota",
                    hs_assignee_user_id=str(int(self._owner[goal.rep]) + 1_000),
                    hs_target_amount=f"{goal.amount:.2f}",
                    hs_start_datetime=stamp(datetime.combine(goal.start, time(), _ZONE)),
                    hs_end_datetime=stamp(ends - timedelta(milliseconds=1)),
                ),
            )


def _owner(owner_id: str, person: Person) -> dict[str, Any]:
    first, _, last = person.name.partition(" ")
    return an_owner(owner_id, first, last, _ELSEWHERE.get(person.id, person.email))


def _at(day: date) -> datetime:
    return datetime.combine(day, _WORKING, _ZONE)


@asynccontextmanager
async def serving(facts: Records, now: Callable[[], datetime]) -> AsyncIterator[str]:
    """Run the local HubSpot on loopback; gives its address."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", LivingHubSpot(facts, now).answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def connect(bot: Bot, facts: Records, address: str) -> None:
    """Let the bot read everything from the local HubSpot; who manages whom HubSpot can't say, so that is imported."""
    async with bot.database.transaction() as tx:
        await tx.facts.upsert(Records(people=facts.people, closings_known_since=facts.closings_known_since))
    sealed = Vault(bot.settings.vault_keys()).seal({"key": LocalHubSpot().token})
    options = {"address": address, "version": VERSION}
    await bot.syncing.connect(Connection("hubspot", options, sealed, bot.clock.now()))
    await bot.syncing.run("hubspot")
