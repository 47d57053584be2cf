"""Every source gives what its CRM holds, in the same words, and comes to a defined end whatever it is answered.

The stand-ins are real servers on localhost; what we ask of them and what they answer is held against the vendors' own
contracts.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.coaching.records import DealStatus
from bot.services.source import Days, Need, SourceDeal, SourcePerson, StageMove
from bot.services.source_errors import Fault, SourceError
from tests.crm.cases import CASES
from tests.crm.held import NOW, Case, Did, Opened, many_deals, read, some_held
from tests.vendors.vendor_server import Trouble, VendorServer, answering

OVER_HTTP = [case for case in CASES if case.name not in ("csv", "sql")]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@pytest.fixture
async def opened(case: Case, tmp_path: Path) -> AsyncIterator[Opened]:
    """The source over a small organisation."""
    async with case.open(some_held(), tmp_path) as found:
        yield found


@pytest.fixture
async def over_http(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Opened, VendorServer]]:
    async with AsyncExitStack() as stack:
        found = await stack.enter_async_context(request.param.open(some_held(), tmp_path))
        assert found.server is not None
        yield found, found.server


def every_http_source(test: Callable[..., Any]) -> Callable[..., Any]:
    named = pytest.mark.parametrize("over_http", OVER_HTTP, ids=lambda case: case.name, indirect=True)
    found: Callable[..., Any] = named(test)
    return found


def needs(opened: Opened, need: Need) -> None:
    if need not in opened.source.needs:
        pytest.skip(f"{opened.source.title} has no {need}")


async def test_the_account_says_what_its_own_clock_shows(case: Case, opened: Opened) -> None:
    found = await opened.source.account()
    assert case.known("account", [replace(found, now=NOW)]) == case.known("account", [opened.held.account])
    assert found.now.tzinfo is not None


async def test_everybody_comes_those_who_left_too(case: Case, opened: Opened) -> None:
    await opened.source.account()
    found = await read(opened.source.people())
    assert case.known("person", found) == case.known("person", opened.held.people)


async def test_addresses_come_in_lower_case(opened: Opened) -> None:
    opened.held.people[1] = replace(opened.held.people[1], email="Rob.Rep@Example.com")
    await opened.source.account()
    assert "rob.rep@example.com" in [one.email for one in await read(opened.source.people())]


async def test_every_stage_comes_with_what_it_means(case: Case, opened: Opened) -> None:
    await opened.source.account()
    found = (await opened.source.stages()).records
    used = {deal.stage for deal in opened.held.deals.values()}
    held = [stage for stage in opened.held.stages if not case.names_used_stages or stage.id in used]
    assert case.known("stage", found) == case.known("stage", held)


async def test_every_deal_comes_as_it_stands(case: Case, opened: Opened) -> None:
    await opened.source.account()
    await opened.source.stages()
    found = await read(opened.source.deals(None, None))
    assert case.known("deal", found) == case.known("deal", opened.held.deals.values())


async def test_what_a_deal_does_not_say_is_unknown_and_never_nought(opened: Opened) -> None:
    opened.held.deals = {}
    opened.held.moves = []
    bare = opened.held.put(
        SourceDeal("7", "Bare", DealStatus.OPEN, owner="2", stage="11", started=NOW, modified=NOW, stage_since=NOW)
    )
    await opened.source.account()
    await opened.source.stages()
    [found] = await read(opened.source.deals(None, None))
    assert (found.id, found.name, found.status, found.amount) == (bare.id, bare.name, DealStatus.OPEN, None)
    assert (found.closed, found.expected_close, found.list_price, found.lost_reason) == (None, None, None, "")


async def test_a_nought_stays_a_nought(opened: Opened) -> None:
    opened.held.put(replace(opened.held.deals["101"], amount=0.0))
    await opened.source.account()
    await opened.source.stages()
    assert {deal.id: deal.amount for deal in await read(opened.source.deals(None, None))}["101"] == 0.0


async def test_more_deals_than_fit_on_a_page_come_once_each(opened: Opened) -> None:
    many_deals(opened.held, 523)
    await opened.source.account()
    await opened.source.stages()
    found = [deal.id for deal in await read(opened.source.deals(None, None))]
    assert sorted(found) == sorted(opened.held.deals)


async def test_an_empty_source_is_no_error(case: Case, opened: Opened) -> None:
    opened.held.deals, opened.held.moves, opened.held.goals, opened.held.stages = {}, [], [], []
    await opened.source.account()
    assert (await opened.source.stages()).records == ()
    assert await read(opened.source.deals(None, None)) == []
    assert await read(opened.source.deals(LONG_AGO, None)) == []


async def test_what_changed_since_an_instant_comes_at_least(opened: Opened) -> None:
    many_deals(opened.held, 523)
    at = datetime(2026, 10, 1, 0, 5, tzinfo=UTC)
    await opened.source.account()
    await opened.source.stages()
    found = {deal.id for deal in await read(opened.source.deals(at, None))}
    changed = {deal.id for deal in opened.held.deals.values() if deal.modified is not None and deal.modified >= at}
    assert changed <= found


@pytest.mark.parametrize("since", [None, LONG_AGO])
async def test_a_walk_goes_on_from_where_it_was_interrupted(opened: Opened, since: datetime | None) -> None:
    many_deals(opened.held, 523)
    await opened.source.account()
    await opened.source.stages()
    found: set[str] = set()
    cursor = None
    while True:
        async with aclosing(opened.source.deals(since, cursor)) as pages:
            page = await anext(pages)
        found |= {deal.id for deal in page.records}
        cursor = page.cursor
        if cursor is None:
            break
    assert found == set(opened.held.deals)


async def test_a_deleted_deal_is_told_and_no_longer_given(opened: Opened) -> None:
    opened.held.delete("101", NOW)
    await opened.source.account()
    await opened.source.stages()
    assert {deal.id for deal in await read(opened.source.deals(None, None))} == {"102", "103"}
    needs(opened, Need.GONE)
    assert "101" in {deal.id for deal in await read(opened.source.gone(LONG_AGO))}


async def test_every_stage_a_deal_was_in_comes_with_its_instant(case: Case, opened: Opened) -> None:
    needs(opened, Need.HISTORY)
    opened.held.moves.append(StageMove("101", "11", NOW))  # back again
    opened.held.moves.append(StageMove("101", "12", NOW + timedelta(days=1)))
    await opened.source.account()
    await opened.source.stages()
    found = await read(opened.source.history(["101", "103"]))
    held = [move for move in opened.held.moves if move.deal in ("101", "103")]
    assert case.known("move", found) == case.known("move", held)


@pytest.mark.parametrize("kind", ["call", "meeting", "email"])
async def test_activities_are_counted_on_the_owners_own_days(case: Case, opened: Opened, kind: str) -> None:
    needs(opened, Need.ACTIVITIES)
    name = case.activity_types.get(kind)
    if not name:
        pytest.skip(f"{opened.source.title} can't count a {kind}")
    if case.days_only:
        pytest.skip("its days are the owner's already")
    # The night in which New York's clocks go back: 03:59 UTC is still the day before, 04:00 isn't.
    for at in ("2026-11-01T03:59:59Z", "2026-11-01T04:00:00Z", "2026-11-02T04:59:59Z", "2026-11-02T05:00:00Z"):
        opened.held.did.append(Did("2", kind, datetime.fromisoformat(at)))
    opened.held.did.append(Did("3", kind, datetime.fromisoformat("2026-11-01T03:59:59Z")))
    await opened.source.account()
    days = Days(date(2026, 11, 1), date(2026, 11, 1))
    counts: dict[tuple[str, str, date], int] = {}
    for one in await read(opened.source.activities(days, {"2": NEW_YORK})):
        key = one.owner, one.type, one.day
        counts[key] = counts.get(key, 0) + one.count
    assert counts == {("2", name, date(2026, 11, 1)): 2, ("3", name, date(2026, 11, 1)): 1}


async def test_an_activity_about_a_deal_is_counted_with_it(case: Case, opened: Opened) -> None:
    """So that a goal about one deal is filled in from the records."""
    needs(opened, Need.ACTIVITIES)
    if case.days_only:
        pytest.skip("what its files say of deals has tests of its own")
    at = datetime.fromisoformat("2026-11-01T15:00:00Z")
    deal = "006101" if case.name == "salesforce" else "101"  # how its ids of deals begin
    opened.held.did = [Did("2", "call", at, deal), Did("2", "call", at, deal), Did("2", "call", at)]
    await opened.source.account()
    days = Days(date(2026, 11, 1), date(2026, 11, 1))
    found = await read(opened.source.activities(days, {"2": NEW_YORK}))
    assert sorted((one.deal, one.count) for one in found) == [("", 1), (deal, 2)]


async def test_goals_that_touch_the_days_come_with_both_their_ends(case: Case, opened: Opened) -> None:
    needs(opened, Need.GOALS)
    await opened.source.account()
    held = opened.held.goals[0]
    assert case.known("goal", await read(opened.source.goals(Days(held.end, held.end)))) == case.known("goal", [held])
    after = held.end + timedelta(days=1)
    assert await read(opened.source.goals(Days(after, after))) == []


async def test_somebody_without_an_address_comes_without(case: Case, opened: Opened) -> None:
    if case.name in ("csv", "sql"):
        pytest.skip("its people are known by their address")
    opened.held.people.append(SourcePerson("9", "Queue"))
    await opened.source.account()
    assert {one.id: one.email for one in await read(opened.source.people())}["9"] == ""


async def _everything(opened: Opened) -> None:
    source = opened.source
    await source.account()
    await read(source.people())
    await source.stages()
    await read(source.deals(None, None))


ENDS = {
    "401": (Trouble(answering(401, {"message": "no", "correlationId": "x", "category": "X"})), Fault.KEY),
    "403": (Trouble(answering(403, {"message": "no", "correlationId": "x", "category": "X"})), Fault.SCOPE),
    "404": (Trouble(answering(404, {"message": "no", "correlationId": "x", "category": "X"})), Fault.NOT_THERE),
    "410": (Trouble(answering(410, {"success": True})), Fault.NOT_THERE),
    "429": (Trouble(answering(429, {"message": "slow"})), Fault.BUSY),
    "500": (Trouble(answering(500, {"message": "oops"})), Fault.DOWN),
    "503 in HTML": (Trouble(answering(503, "<html>Down</html>")), Fault.DOWN),
    "a redirect": (Trouble(answering(302, "", Location="https://elsewhere.example.com/")), Fault.ANSWER),
    "a web page": (Trouble(answering(200, "<html>Please log in</html>")), Fault.ANSWER),
    "half a document": (Trouble(change=lambda _: b'{"results": [{"id": '), Fault.ANSWER),
    "a list": (Trouble(change=lambda _: [1, 2]), Fault.ANSWER),
    "null": (Trouble(change=lambda _: None), Fault.ANSWER),
    "a broken connection": (Trouble(hang_up=True), Fault.DOWN),
}


@every_http_source
@pytest.mark.parametrize("end", ENDS)
async def test_every_bad_answer_has_a_defined_end(over_http: tuple[Opened, VendorServer], end: str) -> None:
    opened, server = over_http
    trouble, fault = ENDS[end]
    server.troubles.append(replace(trouble, times=1_000_000))
    with pytest.raises(SourceError) as failed:
        await _everything(opened)
    assert failed.value.fault is fault
    assert opened.source.title in str(failed.value)
    assert not any(secret in str(failed.value) for secret in opened.secrets)


@every_http_source
@pytest.mark.parametrize("end", ["429", "500", "503 in HTML", "a web page", "half a document", "a broken connection"])
async def test_what_passes_is_tried_again(over_http: tuple[Opened, VendorServer], end: str) -> None:
    opened, server = over_http
    server.troubles.append(replace(ENDS[end][0], times=2))
    await _everything(opened)
    assert len(opened.pauses) == 2


@every_http_source
async def test_the_pause_a_vendor_asks_for_is_kept(over_http: tuple[Opened, VendorServer]) -> None:
    opened, server = over_http
    server.troubles.append(Trouble(answering(429, {"message": "slow"}, Retry_After="17"), times=1))
    await _everything(opened)
    assert opened.pauses == [17.0]


@every_http_source
async def test_a_pause_of_hours_is_not_waited_for_but_told(over_http: tuple[Opened, VendorServer]) -> None:
    opened, server = over_http
    server.troubles.append(Trouble(answering(429, {"message": "slow"}, Retry_After="7200")))
    with pytest.raises(SourceError) as failed:
        await _everything(opened)
    assert opened.pauses == []
    assert failed.value.fault is Fault.BUSY
    assert failed.value.retry_at is not None


@every_http_source
async def test_no_secret_is_logged(over_http: tuple[Opened, VendorServer], caplog: pytest.LogCaptureFixture) -> None:
    opened, server = over_http
    caplog.set_level(logging.DEBUG, "bot")
    echo = {"message": f"bad token {' '.join(opened.secrets)}", "correlationId": "x", "category": "X"}
    await _everything(opened)
    server.troubles.append(Trouble(answering(401, echo)))
    with pytest.raises(SourceError) as failed:
        await _everything(opened)
    told = str(failed.value) + "".join(str(record.__dict__) for record in caplog.records)
    assert opened.secrets
    assert not any(secret in told for secret in opened.secrets)


@every_http_source
async def test_nothing_but_reading_is_asked(over_http: tuple[Opened, VendorServer]) -> None:
    opened, server = over_http
    await _everything(opened)
    for method in {asked.method for asked in server.asked}:
        assert method in ("GET", "POST")
    posted = {asked.path for asked in server.asked if asked.method == "POST"}
    assert all(path.endswith(("/search", "/batch/read", "/oauth2/token")) for path in posted)
