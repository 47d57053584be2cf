"""Both calendar providers keep the same promises, whatever their vendor answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.calendars.google.account import ServiceAccount
from bot.clock import ManualClock
from bot.errors import ConfigurationError
from bot.services.ports.calendars import Invitation, Taken
from bot.services.source_errors import Fault, SourceError
from tests.calendars.providers import OPENERS, Opened
from tests.vendors.vendor_server import Trouble, answering

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
MIA, ROB = "mia@example.com", "rob@example.com"
ONE = Invitation("m0123456789ab", MIA, ROB, "Rob Rep", "1:1 Mia Boss and Rob Rep", NOW + timedelta(days=8), 30)


@pytest.fixture(params=sorted(OPENERS))
async def opened(request: pytest.FixtureRequest) -> AsyncIterator[Opened]:
    async with OPENERS[request.param](ManualClock(NOW)) as found:
        yield found


async def test_an_entry_says_who_meets_and_when_and_nothing_else(opened: Opened) -> None:
    await opened.provider.put(ONE, "")
    (entry,) = opened.held.live()
    assert ROB in str(entry["attendees"])
    assert "1:1 Mia Boss and Rob Rep" in (entry.get("summary"), entry.get("subject"))
    assert not {"description", "body"} & set(entry)


async def test_an_entry_made_twice_is_one(opened: Opened) -> None:
    first = await opened.provider.put(ONE, "")
    assert await opened.provider.put(ONE, "") == first
    assert len(opened.held.live()) == 1


async def test_an_entry_moves_and_stays_the_same(opened: Opened) -> None:
    ref = await opened.provider.put(ONE, "")
    later = replace(ONE, starts_at=ONE.starts_at + timedelta(days=1))
    assert await opened.provider.put(later, ref) == ref
    shown = await opened.provider.look(MIA, ref)
    assert shown is not None
    assert (shown.starts_at, shown.minutes) == (later.starts_at, 30)
    assert len(opened.held.live()) == 1


async def test_what_a_person_moved_is_seen(opened: Opened) -> None:
    ref = await opened.provider.put(ONE, "")
    opened.held.move(ref, ONE.starts_at + timedelta(hours=2))
    shown = await opened.provider.look(MIA, ref)
    assert shown is not None
    assert shown.starts_at == ONE.starts_at + timedelta(hours=2)


async def test_what_is_removed_is_gone_and_removing_it_again_is_no_error(opened: Opened) -> None:
    ref = await opened.provider.put(ONE, "")
    await opened.provider.remove(MIA, ref)
    await opened.provider.remove(MIA, ref)
    assert await opened.provider.look(MIA, ref) is None
    assert opened.held.live() == []


async def test_a_deleted_entry_is_made_anew_when_it_moves(opened: Opened) -> None:
    ref = await opened.provider.put(ONE, "")
    await opened.provider.remove(MIA, ref)
    again = await opened.provider.put(replace(ONE, starts_at=ONE.starts_at + timedelta(days=2)), ref)
    assert await opened.provider.look(MIA, again) is not None


async def test_when_people_are_taken_comes_for_each_and_unknown_is_not_free(opened: Opened) -> None:
    opened.held.busy[MIA] = [(NOW + timedelta(hours=1), NOW + timedelta(hours=2), "busy")]
    opened.held.strangers = {"leo@example.com"}
    found = await opened.provider.busy([MIA, ROB, "leo@example.com"], NOW, NOW + timedelta(days=7))
    assert found == {MIA: (Taken(*opened.held.busy[MIA][0][:2]),), ROB: (), "leo@example.com": None}


async def test_out_of_office_is_told_apart_from_busy(opened: Opened) -> None:
    opened.held.busy[MIA] = [(NOW, NOW + timedelta(days=3), "oof")]
    found = (await opened.provider.busy([MIA], NOW, NOW + timedelta(days=7)))[MIA]
    assert Taken(NOW, NOW + timedelta(days=3), away=True) in (found or ())


async def test_what_is_free_by_microsofts_word_is_free() -> None:
    async with OPENERS["graph"](ManualClock(NOW)) as opened:
        hour = NOW + timedelta(hours=1)
        opened.held.busy[MIA] = [(NOW, hour, "free"), (NOW, hour, "workingElsewhere")]
        assert (await opened.provider.busy([MIA], NOW, NOW + timedelta(days=7)))[MIA] == ()


async def test_more_people_than_one_request_may_ask_for_are_all_asked_for() -> None:
    emails = [f"rep{number}@example.com" for number in range(47)]
    async with OPENERS["graph"](ManualClock(NOW)) as opened:
        assert set(await opened.provider.busy(emails, NOW, NOW + timedelta(days=7))) == set(emails)
        assert len([one for one in opened.server.asked if one.path.endswith("getSchedule")]) == 3


async def test_a_session_that_ends_is_renewed(opened: Opened) -> None:
    ref = await opened.provider.put(ONE, "")
    opened.server.troubles.append(Trouble(answering(401, {"error": {"code": 401, "message": "expired"}}), times=1))
    assert await opened.provider.look(MIA, ref) is not None


ENDS = {
    "a missing permission": (answering(403, {"error": {"code": "ErrorAccessDenied", "message": "no"}}), Fault.SCOPE),
    "too many": (answering(429, {"error": {"message": "slow"}}), Fault.BUSY),
    "a broken server": (answering(503, "<html>down</html>"), Fault.DOWN),
    "a web page": (answering(200, "<html>log in</html>"), Fault.ANSWER),
}


@pytest.mark.parametrize("end", ENDS)
async def test_every_bad_answer_has_a_defined_end(opened: Opened, end: str) -> None:
    answer, fault = ENDS[end]
    ref = await opened.provider.put(ONE, "")
    opened.server.troubles.append(Trouble(answer))
    with pytest.raises(SourceError) as failed:
        await opened.provider.look(MIA, ref)
    assert failed.value.fault is fault
    assert opened.provider.title in str(failed.value)


async def test_googles_403_for_too_many_is_no_missing_permission() -> None:
    error = {"code": 403, "message": "Rate Limit Exceeded", "errors": [{"reason": "rateLimitExceeded"}]}
    async with OPENERS["google"](ManualClock(NOW)) as opened:
        await opened.provider.put(ONE, "")
        opened.server.troubles.append(Trouble(answering(403, {"error": error}), times=2))
        assert len(opened.held.live()) == 1
        await opened.provider.put(replace(ONE, minutes=45), "")


LOGINS = {
    "google": ({"error": "unauthorized_client"}, "Domain-wide delegation"),
    "graph": ({"error": "invalid_client"}, "may have expired"),
}


async def test_a_refused_login_says_what_to_look_at(opened: Opened) -> None:
    told, words = LOGINS[opened.provider.name]
    opened.login.troubles.append(Trouble(answering(401, told)))
    with pytest.raises(SourceError, match=words) as failed:
        await opened.provider.put(ONE, "")
    assert failed.value.fault is Fault.KEY


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"private_key": "no", "client_email": "x"}', "not json s3cret"])
def test_what_is_no_key_file_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(ConfigurationError, match="service account") as refused:
        ServiceAccount.read(text)
    assert "s3cret" not in str(refused.value)
