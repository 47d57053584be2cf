"""What is Pipedrive's own: two lists of deals, goals in intervals, codes for fields, a day's budget, a firewall."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import ManualClock
from bot.coaching.records import DealStatus
from bot.crm.pipedrive.errors import DAY_LEFT
from bot.crm.pipedrive.goals import goals
from bot.crm.pipedrive.records import stages
from bot.crm.pipedrive.source import Pipedrive
from bot.errors import ConfigurationError
from bot.services.source import Days, SourceDeal
from bot.services.source_errors import Fault, SourceError
from bot.vendors.budget import Budget
from bot.vendors.shape import Shape
from tests.crm.held import NOW, read, some_held
from tests.crm.local_pipedrive import Json, LocalPipedrive
from tests.crm.pipedrive_case import CONTRACT, TOKEN, a_deal, a_goal, fill
from tests.vendors.vendor_server import Trouble, VendorServer, answering, serving

YEAR = Days(date(2026, 1, 1), date(2026, 12, 31))
PLAN, MONEY, WHO = "a" * 40, "b" * 40, "c" * 40


@asynccontextmanager
async def pipedrive(
    change: Callable[[LocalPipedrive], None] = lambda _: None, *fields: str
) -> AsyncIterator[tuple[Pipedrive, VendorServer]]:
    """Open a source over a small organisation that ``change`` may alter."""
    local = LocalPipedrive(TOKEN)
    fill(local, some_held())
    change(local)

    async def never(_: float) -> None:
        return

    async with serving(VendorServer(local.answer, CONTRACT)) as server:
        source = Pipedrive(
            TOKEN, "acme", ManualClock(NOW), fields=fields, address=server.url, budget=Budget(), sleep=never
        )
        try:
            yield source, server
        finally:
            await source.close()


def an_open_deal(**changes: Any) -> Json:
    made = SourceDeal("7", "Acme", DealStatus.OPEN, "2", "11", amount=5.0, started=NOW, modified=NOW, stage_since=NOW)
    return a_deal(made) | changes


def a_field(code: str, name: str, kind: str, options: dict[int, str] | None = None) -> Json:
    listed = [{"id": number, "label": label} for number, label in (options or {}).items()]
    return {
        "field_code": code, "field_name": name, "field_type": kind, "is_custom_field": True,
        "is_optional_response_field": False, "options": listed or None, "subfields": None,
    }  # fmt: skip


async def test_archived_deals_come_after_the_listed_ones_and_have_their_history() -> None:
    def change(local: LocalPipedrive) -> None:
        local.deals[0]["is_archived"] = True

    async with pipedrive(change) as (source, _):
        assert [deal.id for deal in await read(source.deals(None, None))] == ["102", "103", "101"]
        assert {move.deal for move in await read(source.history(["101", "102"]))} == {"101", "102"}


async def test_a_deal_that_never_moved_is_in_its_stage_since_it_was_made() -> None:
    def change(local: LocalPipedrive) -> None:
        local.deals, local.changes = [an_open_deal(stage_change_time=None)], {}

    async with pipedrive(change) as (source, _):
        (move,) = await read(source.history(["7"]))
        assert (move.stage, move.at) == ("11", NOW)


async def test_mapped_fields_are_shown_as_people_see_them() -> None:
    def change(local: LocalPipedrive) -> None:
        local.fields = [
            a_field(PLAN, "Plan", "set", {3: "Budget", 4: "Date"}),
            a_field(MONEY, "Budget", "monetary"),
            a_field(WHO, "Sponsor", "varchar"),
        ]
        shown = {PLAN: [3, 4], MONEY: {"value": 1200.0, "currency": "EUR"}, WHO: "  Jane\nDoe "}
        local.deals = [an_open_deal(custom_fields=shown), an_open_deal(id=8, custom_fields=None)]

    async with pipedrive(change, PLAN, MONEY, WHO) as (source, server):
        with_fields, without = await read(source.deals(None, None))
        assert with_fields.fields == {PLAN: "Budget, Date", MONEY: "1200 EUR", WHO: "Jane Doe"}
        assert without.fields == {}
        assert [one.label for one in await source.fields()] == ["Plan", "Budget", "Sponsor"]
        asked = [dict(one.query) for one in server.asked if one.path == "/api/v2/deals"]
        assert asked[0]["custom_fields"] == ",".join(sorted((PLAN, MONEY, WHO)))


def test_more_fields_than_pipedrive_gives_are_refused_at_once() -> None:
    with pytest.raises(ConfigurationError, match="at most 15"):
        Pipedrive(TOKEN, "acme", ManualClock(NOW), fields=[str(number) for number in range(16)])


@pytest.mark.parametrize("company", ["", "acme.evil.com/", "acme.pipedrive.com", "a b", "a@b"])
def test_the_token_goes_to_no_other_host_than_the_companys(company: str) -> None:
    with pytest.raises(ConfigurationError, match=r"acme of acme\.pipedrive\.com"):
        Pipedrive(TOKEN, company, ManualClock(NOW))


ENDS: dict[str, tuple[Callable[[], web.Response], Fault, bool]] = {
    "a closed account": (answering(402, {"success": False, "error": "closed"}), Fault.KEY, False),
    "the firewall": (answering(403, "<html>cloudflare</html>"), Fault.BUSY, True),
    "a missing scope": (answering(403, {"success": False, "error": "Scope and URL mismatch"}), Fault.SCOPE, False),
    "a spent day": (
        answering(429, {"success": False}, **{DAY_LEFT: "0"}),
        Fault.BUSY,
        True,
    ),
    "a refusal that says 200": (answering(200, {"success": False, "error": "no"}), Fault.REQUEST, False),
}


@pytest.mark.parametrize("end", ENDS)
async def test_each_refusal_of_its_own_has_a_defined_end(end: str) -> None:
    answer, fault, comes_back = ENDS[end]
    async with pipedrive() as (source, server):
        server.troubles.append(Trouble(answer, path="/api/v2/deals"))
        with pytest.raises(SourceError) as failed:
            await read(source.deals(None, None))
        assert failed.value.fault is fault
        assert (failed.value.retry_at is not None and failed.value.retry_at > NOW) is comes_back


async def test_a_scope_that_is_missing_is_named() -> None:
    async with pipedrive() as (source, server):
        server.troubles.append(Trouble(ENDS["a missing scope"][0], path="/v1/goals"))
        with pytest.raises(SourceError, match="goals:read") as failed:
            await read(source.goals(YEAR))
        assert failed.value.said == "Scope and URL mismatch"


async def test_what_cannot_be_read_of_a_deal_is_unknown_and_told() -> None:
    def change(local: LocalPipedrive) -> None:
        local.deals = [an_open_deal(expected_close_date="soon", stage_change_time="?", status="pending")]

    async with pipedrive(change) as (source, _):
        pages = [page async for page in source.deals(None, None)]
        (deal,), problems = pages[0].records, pages[0].problems
        assert (deal.status, deal.expected_close, deal.stage_since) == (DealStatus.OPEN, None, NOW)
        assert {problem.field for problem in problems} == {"status", "expected_close_date", "stage_change_time"}
        assert {problem.record for problem in problems} == {"7"}


async def test_another_type_than_promised_is_an_error_that_names_its_place() -> None:
    async with pipedrive() as (source, server):
        server.troubles.append(
            Trouble(change=lambda told: {**told, "data": [{"id": 1, "status": "open", "value": "much"}]})
        )
        with pytest.raises(SourceError, match=r"/api/v2/deals: data\[0\]\.value should be a number and is text"):
            await read(source.deals(None, None))


def test_a_probability_that_nobody_set_is_not_taken_for_certainty() -> None:
    pipeline = {"id": 5, "name": "Sales", "order_nr": 0, "is_deleted": False, "is_deal_probability_enabled": False}
    stage = {"id": 1, "name": "New", "order_nr": 1, "pipeline_id": 5, "deal_probability": 100, "is_deleted": False}
    (found,) = stages([Shape(pipeline, "")], [Shape(stage, "")], [])
    assert found.probability is None


def found_goals(*made: Json, days: Days = YEAR) -> list[tuple[str, date, date, float]]:
    page = goals([Shape(one, "goal") for one in made], days, "EUR")
    return [(one.owner, one.start, one.end, one.amount) for one in page.records]


def test_a_goal_counts_anew_in_each_of_its_intervals() -> None:
    start, end = date(2026, 1, 15), date(2026, 12, 31)
    assert found_goals(a_goal("1", "2", start, end, 10.0, interval="quarterly")) == [
        ("2", date(2026, 1, 15), date(2026, 3, 31), 10.0),
        ("2", date(2026, 4, 1), date(2026, 6, 30), 10.0),
        ("2", date(2026, 7, 1), date(2026, 9, 30), 10.0),
        ("2", date(2026, 10, 1), date(2026, 12, 31), 10.0),
    ]


def test_goals_of_two_pipelines_add_up_and_those_of_teams_or_counts_are_left_out() -> None:
    days = date(2026, 1, 1), date(2026, 12, 31)
    team = a_goal("3", "2", *days, 9.0, interval="yearly") | {"assignee": {"id": 2, "type": "team"}}
    count = a_goal("4", "2", *days, 9.0, interval="yearly")
    count["expected_outcome"] = {"target": 9, "tracking_metric": "quantity"}
    yearly = [a_goal(str(number), "2", *days, 10.0, interval="yearly") for number in (1, 2)]
    assert found_goals(*yearly, team, count) == [("2", *days, 20.0)]


def test_a_goal_without_an_end_goes_on_to_the_last_day_asked_for() -> None:
    endless = a_goal("1", "2", date(2020, 1, 1), date(2020, 1, 1), 10.0, interval="yearly")
    endless["duration"] = {"start": "2020-01-01", "end": None}
    assert found_goals(endless) == [("2", date(2026, 1, 1), date(2026, 12, 31), 10.0)]


@pytest.mark.parametrize("wrong", [{"duration": {"start": "someday"}}, {"duration": {}}, {"interval": "daily"}])
def test_a_goal_whose_time_cannot_be_read_is_left_out_and_told(wrong: Json) -> None:
    made = a_goal("1", "2", date(2026, 1, 1), date(2026, 12, 31), 10.0) | wrong
    page = goals([Shape(made, "goal")], YEAR, "EUR")
    assert page.records == ()
    assert [(problem.record, problem.refused) for problem in page.problems] == [("1", True)]


@given(
    start=st.dates(date(2015, 1, 1), date(2026, 6, 1)),
    length=st.integers(0, 4000),
    interval=st.sampled_from(["weekly", "monthly", "quarterly", "yearly"]),
)
def test_intervals_follow_one_another_without_gap_or_overlap_and_stay_inside(
    start: date, length: int, interval: str
) -> None:
    end = start + timedelta(days=length)
    found = found_goals(a_goal("1", "2", start, end, 1.0, interval=interval), days=Days(start, end))
    assert (found[0][1], found[-1][2]) == (start, end)
    assert all(after[1] == before[2] + timedelta(days=1) for before, after in pairwise(found))


async def test_a_cursor_of_another_kind_begins_anew() -> None:
    async with pipedrive() as (source, _):
        with pytest.raises(SourceError) as failed:
            await read(source.deals(None, "elsewhere:c3"))
        assert failed.value.fault is Fault.CURSOR


async def test_what_changed_is_asked_for_by_the_second_before() -> None:
    async with pipedrive() as (source, server):
        await read(source.deals(datetime(2026, 10, 1, 8, 0, 0, 999, tzinfo=UTC), None))
        asked = [dict(one.query).get("updated_since") for one in server.asked if "deals" in one.path]
        assert asked == ["2026-10-01T08:00:00Z"] * 2
