"""The way to a vendor: what is repeated, how fast, how far, and what never gets out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import ManualClock
from bot.crm.paged import paged
from bot.errors import ConfigurationError
from bot.services.source import Page
from bot.services.source_errors import Fault, SourceError
from bot.vendors.budget import Budget, Rate
from bot.vendors.http import TRIES, Api, Vendor
from bot.vendors.secrets_out import HIDDEN, Redaction
from bot.vendors.shape import Shape
from bot.vendors.walk import walk
from tests.vendors.vendor_server import Trouble, VendorServer, answering, serving

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SECRET = "s3cret/key"  # noqa: S105 - of the test


class Timepiece:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


@pytest.fixture
async def server() -> AsyncIterator[VendorServer]:
    async def yes(_: web.Request) -> web.Response:
        return web.json_response({"good": True})

    async with serving(VendorServer(yes)) as running:
        yield running


@pytest.fixture
async def api(server: VendorServer) -> AsyncIterator[Api]:
    time = Timepiece()
    vendor = Vendor("Acme CRM", server.url, Budget(Rate(1_000, 1)), secrets=(SECRET,))
    async with Api(vendor, ManualClock(NOW), headers={"Authorization": f"Bearer {SECRET}"}, sleep=time.sleep) as way:
        yield way


async def test_the_key_travels_in_a_header_and_the_answer_comes_back(server: VendorServer, api: Api) -> None:
    assert await api.get("/things", {"limit": 1}) == {"good": True}
    assert server.asked[0].headers["Authorization"] == f"Bearer {SECRET}"
    assert server.asked[0].query == (("limit", "1"),)


async def test_a_search_is_repeated_like_a_get(server: VendorServer, api: Api) -> None:
    server.troubles.append(Trouble(answering(502), times=TRIES - 1))
    assert await api.search("/find", {"a": 1}) == {"good": True}
    assert [asked.body for asked in server.asked] == [{"a": 1}] * TRIES


async def test_it_is_given_up_after_some_tries(server: VendorServer, api: Api) -> None:
    server.troubles.append(Trouble(answering(502)))
    with pytest.raises(SourceError):
        await api.get("/things")
    assert len(server.asked) == TRIES


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
async def test_what_would_be_refused_again_is_not_repeated(server: VendorServer, api: Api, status: int) -> None:
    server.troubles.append(Trouble(answering(status, {"message": "no"})))
    with pytest.raises(SourceError, match='It said: "no"'):
        await api.get("/things")
    assert len(server.asked) == 1


async def test_a_missing_scope_is_named_in_the_vendors_words_and_ours(server: VendorServer, api: Api) -> None:
    server.troubles.append(Trouble(answering(403, {"message": "requires one of [deals-read]"})))
    with pytest.raises(SourceError) as failed:
        await api.get("/deals", scope="the scope crm.deals.read")
    assert (failed.value.scope, failed.value.said) == ("the scope crm.deals.read", "requires one of [deals-read]")
    assert "It needs the scope crm.deals.read." in str(failed.value)


async def test_new_credentials_are_fetched_once_and_only_once(server: VendorServer) -> None:
    renewals = []

    async def renew() -> dict[str, str]:
        renewals.append(1)
        return {"Authorization": f"Bearer new{len(renewals)}"}

    vendor = Vendor("Acme CRM", server.url, Budget())
    async with Api(vendor, ManualClock(NOW), renew=renew) as way:
        server.troubles.append(Trouble(answering(401), times=1))
        assert await way.get("/things") == {"good": True}
        assert server.asked[-1].headers["Authorization"] == "Bearer new1"
        server.troubles.append(Trouble(answering(401)))
        with pytest.raises(SourceError) as failed:
            await way.get("/things")
    assert (failed.value.fault, len(renewals)) == (Fault.KEY, 2)


async def test_a_date_to_wait_for_is_compared_with_the_vendors_own_clock(server: VendorServer, api: Api) -> None:
    """Ours may be hours off: what counts is how far its date is from its now."""
    date, until = "Mon, 02 Nov 2026 03:00:00 GMT", "Mon, 02 Nov 2026 05:00:00 GMT"
    server.troubles.append(Trouble(answering(429, {}, Retry_After=until, Date=date)))
    with pytest.raises(SourceError) as failed:
        await api.get("/things")
    assert failed.value.retry_at == NOW + timedelta(hours=2)


async def test_the_vendors_clock_is_read_from_its_answers(server: VendorServer, api: Api) -> None:
    assert api.server_now() == NOW
    server.troubles.append(Trouble(answering(200, {}, Date="Mon, 02 Nov 2026 03:00:00 GMT"), times=1))
    await api.get("/things")
    assert api.server_now() == datetime(2026, 11, 2, 3, tzinfo=UTC)


async def test_a_link_to_another_host_is_not_followed(server: VendorServer, api: Api) -> None:
    with pytest.raises(SourceError, match="another host"):
        await api.get("https://elsewhere.example.com/next")
    assert await api.get(f"{server.url}/next") == {"good": True}
    assert len(server.asked) == 1


async def test_nobody_there_is_said_without_the_address(api: Api) -> None:
    vendor = Vendor("Acme CRM", "http://127.0.0.1:9", Budget())
    async with Api(vendor, ManualClock(NOW), sleep=Timepiece().sleep) as way:
        with pytest.raises(SourceError, match="Acme CRM couldn't be reached") as failed:
            await way.get("/things")
    assert failed.value.fault is Fault.DOWN


def test_a_key_travels_over_https_only() -> None:
    with pytest.raises(ConfigurationError, match="https://"):
        Api(Vendor("Acme CRM", "http://crm.example.com", Budget()), ManualClock(NOW))


@given(
    takes=st.lists(st.tuples(st.integers(1, 5), st.integers(0, 12).map(lambda quarters: quarters / 4)), max_size=40),
    rates=st.lists(st.builds(Rate, st.integers(1, 8), st.sampled_from([1.0, 2.0, 10.0])), min_size=1, max_size=3),
)
async def test_no_window_ever_holds_more_than_its_rate(takes: list[tuple[int, float]], rates: list[Rate]) -> None:
    time = Timepiece()
    budget = Budget(*rates, now=time, sleep=time.sleep)
    spent: list[tuple[float, int]] = []
    for cost, pause in takes:
        time.now += pause
        await budget.take(cost)
        spent.append((time.now, cost))
    for rate in rates:
        for at, cost in spent:
            within = [each for moment, each in spent if at - rate.seconds < moment <= at]
            assert sum(within) <= max(rate.count, cost) + 1e-9


async def test_a_budget_on_hold_lets_nothing_through() -> None:
    time = Timepiece()
    budget = Budget(now=time, sleep=time.sleep)
    budget.hold(10)
    await budget.take()
    assert time.now == 10


async def _gather(pages: AsyncIterator[Page[int]], seen: set[int]) -> None:
    async for page in pages:
        seen.update(page.records)


@given(steps=st.integers(0, 30), circle=st.integers(1, 30))
async def test_any_circle_of_cursors_ends(steps: int, circle: int) -> None:
    async def fetch(cursor: str | None) -> Page[int]:
        at = int(cursor or 0)
        following = at + 1 if at + 1 < steps + circle else steps
        return Page((at,), str(following))

    seen: set[int] = set()
    with pytest.raises(SourceError, match="same page again"):
        await _gather(walk(fetch, None, "Acme CRM's deals"), seen)
    assert seen == set(range(steps + circle))


async def test_a_walk_without_end_ends() -> None:
    async def fetch(cursor: str | None) -> Page[int]:
        return Page((), str(int(cursor or 0) + 1))

    with pytest.raises(SourceError, match="after 50 pages"):
        await _gather(walk(fetch, None, "Acme CRM's deals", most=50), set())


@given(count=st.integers(0, 20), size=st.integers(1, 7))
def test_pages_hold_everything_once(count: int, size: int) -> None:
    pages = list(paged(range(count), size))
    assert [record for page in pages for record in page.records] == list(range(count))
    for page in pages[:-1]:
        assert [each for later in paged(range(count), size, page.cursor) for each in later.records] == list(
            range(int(page.cursor or 0), count)
        )


@pytest.mark.parametrize("secret", ["s3cret/key", "longer s3cret/key"])
def test_known_secrets_are_taken_out_in_every_form(secret: str) -> None:
    redact = Redaction(["s3cret/key", "longer s3cret/key"])
    assert redact(f"say {secret}!") == f"say {HIDDEN}!"
    assert redact("q=s3cret%2Fkey") == f"q={HIDDEN}"


@pytest.mark.parametrize(
    "text", ["Bearer abcdefgh123", "pat-na1-0123-4567-89ab", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig"]
)
def test_what_looks_like_a_token_is_taken_out_too(text: str) -> None:
    assert Redaction()(f"was {text} !") == f"was {HIDDEN} !"


@pytest.mark.parametrize(
    ("read", "place"),
    [
        (lambda shape: shape.text("nothing"), "deals.nothing should be text and is nothing"),
        (lambda shape: shape.text("number"), "deals.number should be text and is a number"),
        (lambda shape: shape.number("word"), "deals.word should be a number and is text"),
        (lambda shape: shape.objects("word"), "deals.word should be a list and is text"),
        (lambda shape: shape.objects("list"), "deals.list[0] should be an object and is a number"),
        (lambda shape: shape.inner("word"), "deals.word should be an object and is text"),
        (lambda shape: shape.identity("flag"), "deals.flag should be an id and is true or false"),
    ],
)
def test_what_is_not_as_promised_is_named_by_its_place_and_never_by_its_value(read, place: str) -> None:
    shape = Shape({"number": 1, "word": "private", "list": [1], "flag": True}, "deals")
    with pytest.raises(SourceError) as failed:
        read(shape)
    assert str(failed.value).startswith(place)
    assert "private" not in str(failed.value)
    assert failed.value.fault is Fault.ANSWER
