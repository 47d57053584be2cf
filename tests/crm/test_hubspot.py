"""What is HubSpot's own: its cap on searches, its scopes, its days, merged deals, and values that can't be read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.records import DealStatus
from bot.crm.hubspot import searching
from bot.crm.hubspot.searching import Query, windows
from bot.crm.hubspot.values import milliseconds
from bot.sandbox.hubspot import an_object, with_properties
from bot.sandbox.hubspot_search import search
from bot.services.source import Days, Need
from bot.services.source_errors import Fault, SourceError
from bot.vendors.shape import Shape
from tests.crm.held import NOW, Did, Opened, some_held
from tests.crm.hubspot_case import opened
from tests.vendors.vendor_server import Trouble, answering

OCTOBER = Days(date(2026, 10, 1), date(2026, 10, 31))


@pytest.fixture
async def hubspot() -> AsyncIterator[Opened]:
    async with opened(some_held(), fields=["budget_on"]) as found:
        await found.source.account()
        await found.source.stages()
        yield found


async def deals(found: Opened, since: datetime | None = None) -> dict:
    pages = [page async for page in found.source.deals(since, None)]
    return {deal.id: deal for page in pages for deal in page.records}


async def problems(found: Opened) -> list:
    return [problem async for page in found.source.deals(None, None) for problem in page.problems]


class Records:
    """A search over records at hand, with HubSpot's limits."""

    def __init__(self, records: list[dict]) -> None:
        self.records = records
        self.searches = 0

    async def search(self, kind: str, body: dict) -> Shape:
        self.searches += 1
        found, total, after = search(self.records, body)
        paging = {} if after is None else {"paging": {"next": {"after": str(after)}}}
        results = [with_properties(one, body["properties"]) for one in found]
        return Shape({"results": results, "total": total, **paging}, "search")

    async def by_ids(self, ids: list[str], properties: list[str]) -> tuple[Shape, ...]:
        wanted = set(ids)
        return tuple(Shape(with_properties(one, properties), "batch") for one in self.records if one["id"] in wanted)


def records(instants: list[int]) -> list[dict]:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    return [an_object(str(number + 1), first, first + timedelta(milliseconds=at)) for number, at in enumerate(instants)]


@given(
    instants=st.lists(st.integers(0, 40), max_size=60),
    page=st.integers(1, 5),
    pages=st.integers(2, 5),
    cut=st.integers(0, 30),
)
async def test_a_search_beyond_the_cap_misses_nothing_wherever_it_is_interrupted(instants, page, pages, cut) -> None:
    """Several records of one instant are divided by no window, so there may be as many as fit into one query."""
    known = records([at for at in instants if instants.count(at) < page * (pages - 1)])
    reader, found, cursor = Records(known), [], None
    query = Query("deals", "hs_lastmodifieddate", milliseconds(datetime(2026, 1, 1, tzinfo=UTC)), ["dealname"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "PAGE", page)
        patch.setattr(searching, "MOST_RESULTS", page * pages)
        patch.setattr("bot.sandbox.hubspot_search.RESULT_LIMIT", page * pages)
        for number in range(cut + 1):
            async for each in windows(reader, query, cursor):
                found += [one.text("id") for one in each.records]
                cursor = each.cursor
                if number < cut:
                    break  # interrupted after a page
            if cursor is None:
                break
    assert cursor is None
    assert set(found) == {one["id"] for one in known}


async def test_more_records_of_one_instant_than_a_query_gives_have_to_be_listed() -> None:
    reader = Records(records([5] * 30))
    query = Query("deals", "hs_lastmodifieddate", 0, ["dealname"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "PAGE", 5)
        patch.setattr(searching, "MOST_RESULTS", 10)
        query = replace(query, start=milliseconds(datetime(2026, 1, 1, tzinfo=UTC)) + 5)
        with pytest.raises(SourceError) as failed:
            [each async for each in windows(reader, query)]
    assert failed.value.fault is Fault.CURSOR


async def test_with_many_mapped_fields_a_search_stays_below_the_longest_body() -> None:
    reader = Records(records(list(range(30))))
    names = [f"a_field_with_a_rather_long_name_{number:03}" for number in range(120)]
    query = Query("deals", "hs_lastmodifieddate", 0, names)
    [found] = [each async for each in windows(reader, query)]
    assert len(found.records) == 30
    assert set(names) <= set(found.records[0].inner("properties").values())


@pytest.mark.parametrize("cursor", ["", "x:1", "1:x", "17"])
async def test_a_cursor_that_is_not_ours_begins_the_walk_again(cursor: str) -> None:
    with pytest.raises(SourceError) as failed:
        [each async for each in windows(Records([]), Query("deals", "hs_lastmodifieddate", 0, []), cursor)]
    assert failed.value.fault is Fault.CURSOR


async def test_a_close_late_in_the_evening_is_on_that_day_of_the_account(hubspot: Opened) -> None:
    """HubSpot keeps an instant: half past eleven in New York is the next day in UTC."""
    found = await deals(hubspot)
    assert found["101"].expected_close == date(2026, 12, 15)
    assert found["102"].closed == date(2026, 10, 9)


async def test_a_deal_without_computed_status_is_as_its_stage_says(hubspot: Opened) -> None:
    def forget(answer: dict) -> dict:
        for one in answer["results"]:
            one["properties"] |= {"hs_is_closed": None, "hs_is_closed_won": None}
        return answer

    hubspot.server.troubles.append(Trouble(change=forget))
    found = await deals(hubspot)
    assert [found[each].status for each in ("101", "102", "103")] == [
        DealStatus.OPEN,
        DealStatus.WON,
        DealStatus.LOST,
    ]


async def test_a_merged_deal_says_whom_it_absorbed(hubspot: Opened) -> None:
    hubspot.held.put(replace(hubspot.held.deals["101"], absorbed=("77", "78")))
    assert (await deals(hubspot))["101"].absorbed == ("77", "78")


async def test_mapped_fields_come_as_text(hubspot: Opened) -> None:
    hubspot.held.put(replace(hubspot.held.deals["101"], fields={"budget_on": "2026-10-02", "secret_field": "x"}))
    found = await deals(hubspot)
    assert found["101"].fields == {"budget_on": "2026-10-02"}
    assert found["102"].fields == {}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("amount", "12,5", "'12,5' isn't a number"),
        ("amount", "nan", "'nan' isn't a number"),
        ("amount", "1e300", "'1e300' isn't a number"),
        ("closedate", "soon", "'soon' isn't an instant"),
        ("closedate", "99999999999999999", "'99999999999999999' isn't an instant"),
    ],
)
async def test_a_value_that_cannot_be_read_is_unknown_and_named(hubspot: Opened, field: str, value: str, said: str):
    def spoil(answer: dict) -> dict:
        for one in answer["results"]:
            one["properties"][field] = value
        return answer

    hubspot.server.troubles.append(Trouble(change=spoil, path="/deals"))
    told = [(one.need, one.field, one.words) for one in await problems(hubspot) if one.record == "101"]
    assert told == [(Need.DEALS, field, said)]


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda answer: {"results": None}, "results should be a list and is nothing"),
        (lambda answer: {"results": [{"id": None}]}, "results[0].id should be text and is nothing"),
        (lambda answer: {"results": [{"id": 5, "properties": {}}]}, "results[0].id should be text and is a number"),
        (lambda answer: {"results": [{"id": "5", "properties": None}]}, "results[0].properties should be an object"),
    ],
)
async def test_null_where_a_value_is_promised_is_one_loud_error(hubspot: Opened, spoil, place: str) -> None:
    hubspot.server.troubles.append(Trouble(change=spoil, path="/deals"))
    with pytest.raises(SourceError) as failed:
        await deals(hubspot)
    assert failed.value.fault is Fault.ANSWER
    assert place in str(failed.value)


async def test_fields_nobody_knows_are_passed_over(hubspot: Opened) -> None:
    def more(answer: dict) -> dict:
        for one in answer["results"]:
            one |= {"new": {"a": 1}}
            one["properties"]["brand_new"] = "x"
        return answer | {"newer": []}

    hubspot.server.troubles.append(Trouble(change=more))
    assert set(await deals(hubspot)) == {"101", "102", "103"}


async def test_a_list_that_goes_in_a_circle_ends(hubspot: Opened) -> None:
    hubspot.server.troubles.append(Trouble(change=lambda answer: answer | {"paging": {"next": {"after": "1"}}}))
    with pytest.raises(SourceError, match="same page again"):
        await deals(hubspot)


async def test_a_search_that_goes_in_a_circle_ends(hubspot: Opened) -> None:
    hubspot.server.troubles.append(Trouble(change=lambda answer: answer | {"paging": {"next": {"after": "200"}}}))
    with pytest.raises(SourceError, match="same page again"):
        await deals(hubspot, NOW - timedelta(days=400))


MISSING = {
    "message": "This app hasn't been granted all required scopes to make this call.",
    "correlationId": "x",
    "category": "MISSING_SCOPES",
    "errors": [{"context": {"requiredGranularScopes": ["crm.objects.owners.read"]}}],
}


async def test_a_missing_scope_is_named_as_hubspot_names_it(hubspot: Opened) -> None:
    hubspot.server.troubles.append(Trouble(answering(403, MISSING)))
    with pytest.raises(SourceError) as failed:
        [page async for page in hubspot.source.people()]
    assert failed.value.scope == "crm.objects.owners.read"
    assert "Add the scope crm.objects.owners.read to the Service Key" in str(failed.value)


async def test_a_day_that_is_used_up_goes_on_after_the_accounts_midnight(hubspot: Opened) -> None:
    body = {"message": "x", "correlationId": "x", "category": "RATE_LIMITS", "policyName": "DAILY"}
    hubspot.server.troubles.append(Trouble(answering(429, body)))
    asked = len(hubspot.server.asked)
    with pytest.raises(SourceError) as failed:
        await deals(hubspot)
    assert failed.value.retry_at == datetime(2026, 11, 3, 5, tzinfo=UTC)
    assert len(hubspot.server.asked) == asked + 1


async def test_e_mails_that_may_not_be_read_leave_calls_and_meetings(hubspot: Opened) -> None:
    hubspot.held.did = [Did("2", kind, datetime(2026, 10, 5, 15, tzinfo=UTC)) for kind in ("call", "meeting", "email")]
    hubspot.server.troubles.append(Trouble(answering(403, MISSING), path="/emails"))
    pages = [page async for page in hubspot.source.activities(OCTOBER, {})]
    assert {one.type for page in pages for one in page.records} == {"call", "meeting"}
    assert [problem.record for page in pages for problem in page.problems] == ["emails"]


@pytest.mark.parametrize("status", [403, 404])
async def test_where_deals_of_activities_cannot_be_had_they_are_counted_without(hubspot: Opened, status: int) -> None:
    hubspot.held.did = [Did("2", "call", datetime(2026, 10, 5, 15, tzinfo=UTC), "101")]
    hubspot.server.troubles.append(Trouble(answering(status, MISSING), path="/associations"))
    pages = [page async for page in hubspot.source.activities(OCTOBER, {})]
    assert [(one.count, one.deal) for page in pages for one in page.records] == [(1, "")]
    assert any("counted without their deals" in problem.words for page in pages for problem in page.problems)


async def test_of_several_deals_an_activity_is_about_the_oldest(hubspot: Opened) -> None:
    """Counted with each of them it would count twice where deals don't matter."""
    hubspot.held.did = [Did("2", "call", datetime(2026, 10, 5, 15, tzinfo=UTC), "101")]

    def several(answer: dict) -> dict:
        answer["results"][0]["to"] = [{"toObjectId": one, "associationTypes": []} for one in (1001, "102", 101)]
        return answer

    hubspot.server.troubles.append(Trouble(change=several, path="/associations"))
    pages = [page async for page in hubspot.source.activities(OCTOBER, {})]
    assert [(one.count, one.deal) for page in pages for one in page.records] == [(1, "101")]


async def test_where_nothing_may_be_counted_that_is_an_error(hubspot: Opened) -> None:
    hubspot.server.troubles.append(Trouble(answering(403, MISSING)))
    with pytest.raises(SourceError) as failed:
        [page async for page in hubspot.source.activities(OCTOBER, {})]
    assert failed.value.fault is Fault.SCOPE


async def test_bodies_are_never_asked_for(hubspot: Opened) -> None:
    [page async for page in hubspot.source.activities(OCTOBER, {})]
    asked = {name for one in hubspot.server.asked if one.body for name in one.body["properties"]}
    assert asked == {
        "hs_timestamp", "hubspot_owner_id", "hs_call_status", "hs_meeting_outcome", "hs_email_status",
        "hs_email_direction",
    }  # fmt: skip


async def test_meetings_that_were_booked_and_not_held_do_not_count(hubspot: Opened) -> None:
    hubspot.held.did = [Did("2", "meeting", datetime(2026, 10, 5, 15, tzinfo=UTC))]

    def missed(answer: dict) -> dict:
        for one in answer["results"]:
            one["properties"]["hs_meeting_outcome"] = "NO_SHOW"
        return answer

    hubspot.server.troubles.append(Trouble(change=missed, path="/meetings"))
    assert [
        page.records for page in [page async for page in hubspot.source.activities(OCTOBER, {})] if page.records
    ] == []


async def test_goals_without_an_assignee_are_not_guessed(hubspot: Opened) -> None:
    hubspot.server.troubles.append(Trouble(change=lambda _: {"results": []}, path="/properties/"))
    [page] = [page async for page in hubspot.source.goals(OCTOBER)]
    assert page.records == ()
    assert "don't say whose they are" in page.problems[0].words


async def test_hidden_and_archived_fields_cannot_be_mapped(hubspot: Opened) -> None:
    assert [one.name for one in await hubspot.source.fields()] == ["dealname", "budget_on"]
    hubspot.server.troubles.append(
        Trouble(change=lambda answer: {"results": [one | {"hidden": True} for one in answer["results"]]})
    )
    assert await hubspot.source.fields() == []
