"""What is Salesforce's own: sessions that end, a query language, fields that are hidden, several forecasts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import ManualClock
from bot.crm.salesforce import soql
from bot.crm.salesforce.session import Credentials
from bot.crm.salesforce.source import Salesforce
from bot.errors import ConfigurationError
from bot.services.source import Days, StageMove
from bot.services.source_errors import Fault, SourceError
from bot.vendors.budget import Budget
from tests.crm.held import NOW, Did, Held, many_deals, read, some_held
from tests.crm.local_salesforce import LocalSalesforce, _parsed, _value
from tests.crm.salesforce_case import KEY, REASON, SECRET, fill
from tests.vendors.vendor_server import Trouble, VendorServer, answering, serving

QUARTER = Days(date(2026, 10, 1), date(2026, 12, 31))


@asynccontextmanager
async def salesforce(
    change: Callable[[LocalSalesforce], None] = lambda _: None,
    held: Held | None = None,
    *,
    secret: str = SECRET,
    **options: Any,
) -> AsyncIterator[tuple[Salesforce, LocalSalesforce, VendorServer]]:
    """Open a source over a small organisation that ``change`` may alter."""
    local = LocalSalesforce(KEY, SECRET)
    fill(local, held or some_held())
    change(local)

    async def never(_: float) -> None:
        return

    async with serving(VendorServer(local.answer)) as server:
        credentials = Credentials(server.url, KEY, secret)
        source = Salesforce(credentials, ManualClock(NOW), budget=Budget(), sleep=never, **options)
        try:
            yield source, local, server
        finally:
            await source.close()


async def test_a_session_that_ends_is_renewed_once_and_nothing_is_lost() -> None:
    held = some_held()
    many_deals(held, 500)
    async with salesforce(held=held) as (source, local, _):
        found = []
        async for page in source.deals(None, None):
            found += [deal.id for deal in page.records]
            local.end_sessions()
        assert sorted(found) == sorted(held.deals)
        assert local.given == 3, "one for each of the three pages"


async def test_a_key_that_is_refused_says_what_to_look_at() -> None:
    async with salesforce(secret="wrong-secret") as (source, *_):  # noqa: S106 - it is
        with pytest.raises(SourceError, match="consumer key or secret is wrong") as failed:
            await source.account()
        assert failed.value.fault is Fault.KEY
        assert "wrong-secret" not in str(failed.value)


async def test_a_login_that_leads_elsewhere_is_not_followed() -> None:
    def change(local: LocalSalesforce) -> None:
        local.instance_url = "https://salesforce.com.evil.example"

    async with salesforce(change) as (source, *_):
        with pytest.raises(SourceError, match="isn't Salesforce's"):
            await source.account()


def test_the_secret_goes_nowhere_without_encryption() -> None:
    with pytest.raises(ConfigurationError, match="https"):
        Salesforce(Credentials("http://acme.my.salesforce.com", KEY, SECRET), ManualClock(NOW))


async def test_many_deals_of_one_instant_come_once_each() -> None:
    """As after a mass update, which gives thousands of deals one SystemModstamp."""
    held = some_held()
    many_deals(held, 900)
    held.deals = {identity: replace(deal, modified=NOW) for identity, deal in held.deals.items()}
    async with salesforce(held=held) as (source, *_):
        found = [deal.id for deal in await read(source.deals(NOW, None))]
        assert sorted(found) == sorted(held.deals)


async def test_a_hidden_field_is_unknown_and_not_an_error() -> None:
    def change(local: LocalSalesforce) -> None:
        local.hidden = {"Amount", "CurrencyIsoCode", "LastStageChangeDate"}

    async with salesforce(change) as (source, *_):
        assert (await source.account()).currency == ""
        found = {deal.id: deal for deal in await read(source.deals(None, None))}
        assert found["101"].amount is None
        assert found["101"].stage_since == found["101"].started


async def test_a_mapped_field_that_is_not_shown_is_named() -> None:
    async with salesforce(fields=["Sponsor__c", "Missing__c"], lost_reason=REASON) as (source, local, _):
        local.tables["Opportunity"][0]["Sponsor__c"] = "Jane;Joe"
        pages = [page async for page in source.deals(None, None)]
        assert {problem.field for problem in pages[0].problems} == {"Missing__c"}
        by_id = {deal.id: deal for deal in pages[0].records}
        assert (by_id["101"].fields, by_id["103"].lost_reason) == ({"Sponsor__c": "Jane, Joe"}, "Price")


ENDS = {
    "a spent day": (403, "REQUEST_LIMIT_EXCEEDED", Fault.BUSY),
    "no API": (403, "API_DISABLED_FOR_ORG", Fault.SCOPE),
    "a hidden object": (400, "INVALID_TYPE", Fault.SCOPE),
    "a field that was hidden meanwhile": (400, "INVALID_FIELD", Fault.SCOPE),
    "a query of ours that is wrong": (400, "MALFORMED_QUERY", Fault.REQUEST),
}


@pytest.mark.parametrize("end", ENDS)
async def test_each_refusal_of_its_own_has_a_defined_end(end: str) -> None:
    status, code, fault = ENDS[end]
    async with salesforce() as (source, _, server):
        server.troubles.append(Trouble(answering(status, [{"errorCode": code, "message": "no"}]), path="/query"))
        with pytest.raises(SourceError) as failed:
            await read(source.deals(None, None))
        assert failed.value.fault is fault
        assert (failed.value.retry_at == NOW + timedelta(hours=1)) is (fault is Fault.BUSY)


async def test_a_cursor_of_another_kind_begins_anew() -> None:
    async with salesforce() as (source, *_):
        for cursor in ("elsewhere", "2026-10-01T00:00:00Z ' OR Id > '", ""):
            with pytest.raises(SourceError) as failed:
                await read(source.deals(None, cursor))
            assert failed.value.fault is Fault.CURSOR


async def test_only_a_change_of_stage_is_a_move() -> None:
    async with salesforce() as (source, *_):
        moves = await read(source.history(["101"]))
        assert [move.stage for move in moves] == ["11", "12"]
        assert all(isinstance(move, StageMove) for move in moves)


async def test_a_meeting_that_is_still_to_come_does_not_count() -> None:
    held = some_held()
    held.did = [Did("2", "meeting", NOW - timedelta(hours=1)), Did("2", "meeting", NOW + timedelta(hours=1))]
    async with salesforce(held=held) as (source, *_):
        counts = await read(source.activities(Days(NOW.date(), NOW.date()), {}))
        assert [(one.type, one.count) for one in counts] == [("meeting", 1)]


async def test_of_several_kinds_of_forecast_none_is_guessed() -> None:
    def change(local: LocalSalesforce) -> None:
        (quota,) = local.tables["ForecastingQuota"]
        local.tables["ForecastingQuota"].append(quota | {"ForecastingTypeId": "0Db2", "QuotaAmount": 7.0})

    async with salesforce(change) as (source, *_):
        (page,) = [page async for page in source.goals(QUARTER)]
        assert page.records == ()
        assert "0Db1, 0Db2" in page.problems[0].words
    async with salesforce(change, forecast="0Db2") as (source, *_):
        assert [goal.amount for goal in await read(source.goals(QUARTER))] == [7.0]


async def test_quotas_that_an_integration_user_is_not_shown_are_said_to_be_missing() -> None:
    def change(local: LocalSalesforce) -> None:
        del local.tables["ForecastingQuota"]

    async with salesforce(change) as (source, *_):
        with pytest.raises(SourceError, match="doesn't show an object"):
            await read(source.goals(QUARTER))


@given(value=st.text())
def test_no_value_breaks_out_of_its_quotes(value: str) -> None:
    condition = f"Name = {soql.text(value)} AND IsDeleted = false"
    assert _value(soql.text(value)) == value
    if "\n" not in value and value.isprintable():
        test = _parsed(condition)
        assert test({"Name": value, "IsDeleted": False})
        assert not test({"Name": f"{value}!", "IsDeleted": False})


def test_an_instant_is_written_in_utc_to_the_millisecond() -> None:
    at = datetime.fromisoformat("2026-05-01T07:25:37.123456+02:00")
    assert soql.instant(at) == "2026-05-01T05:25:37.123Z"
    assert soql.instant(at.astimezone(UTC)) == soql.instant(at)
