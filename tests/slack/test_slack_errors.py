"""Every way a call can fail says what to do about the message."""

from __future__ import annotations

import aiohttp
import pytest
from multidict import CIMultiDict
from slack_sdk.errors import SlackApiError, SlackObjectFormationError

from bot.slack import errors
from bot.slack.errors import OUTCOMES, Outcome, failure


class Answer:
    def __init__(self, status_code: int = 200, headers=None, **data) -> None:
        self.status_code = status_code
        self.headers = CIMultiDict(headers or {})
        self.data = data


def refused(*answer, **more) -> SlackApiError:
    return SlackApiError("no", Answer(*answer, **more))


def test_no_code_stands_twice_in_the_table() -> None:
    listed = [code for codes in errors._CODES.values() for code in codes]
    assert sorted(listed) == sorted(OUTCOMES)


@pytest.mark.parametrize("code", sorted(OUTCOMES))
def test_every_code_means_what_the_table_says(code: str) -> None:
    assert failure(refused(error=code)).outcome is OUTCOMES[code]


def test_a_code_nobody_knows_may_have_been_done() -> None:
    assert failure(refused(error="invented_tomorrow")).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("given", "seconds"),
    [({"Retry-After": "7"}, 7), ({"retry-after": "7"}, 7), ({}, 30), ({"Retry-After": "soon"}, 30)],
)
def test_429_waits_as_long_as_slack_says(given, seconds) -> None:
    failed = failure(refused(429, given, error="ratelimited"))
    assert (failed.outcome, failed.retry_after) == (Outcome.LATER, seconds)


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("0", 1), ("-5", 1), ("1.5", 1.5), ("nan", 30), ("inf", 3600), ("1e400", 3600), ("99999999999", 3600)],
)
def test_no_429_silences_the_bot_for_longer_than_an_hour(given, seconds) -> None:
    assert failure(refused(429, {"Retry-After": given}, error="ratelimited")).retry_after == seconds


@pytest.mark.parametrize(
    ("told", "about_file"),
    [
        ({"errors": ["invalid slack file [json-pointer:/blocks/0/slack_file]"]}, True),
        ({"response_metadata": {"messages": ["[ERROR] invalid slack file [json-pointer:/blocks/3/slack_file]"]}}, True),
        ({"errors": ["unsupported type: data_visualization [json-pointer:/blocks/0/type]"]}, False),
        ({"response_metadata": "none"}, False),
        ({}, False),
    ],
)
def test_refused_blocks_say_whether_it_was_for_a_file_in_them(told, about_file) -> None:
    failed = failure(refused(error="invalid_blocks", **told))
    assert (failed.outcome, failed.about_file) == (Outcome.LAYOUT, about_file)


def test_a_429_without_json_is_a_429() -> None:
    assert failure(refused(429)).outcome is Outcome.LATER


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_may_have_been_done(status) -> None:
    assert failure(refused(status)).outcome is Outcome.UNKNOWN
    assert failure(refused(status, error="invalid_blocks")).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (TimeoutError(), Outcome.UNKNOWN),
        (aiohttp.ServerDisconnectedError(), Outcome.UNKNOWN),
        (aiohttp.ClientOSError(104, "reset"), Outcome.UNKNOWN),
        (aiohttp.ClientPayloadError(), Outcome.UNKNOWN),
        (ConnectionResetError(), Outcome.UNKNOWN),
        (aiohttp.ConnectionTimeoutError(), Outcome.LATER),
        (SlackObjectFormationError("bad"), Outcome.REFUSED),
    ],
)
def test_only_a_connection_that_never_was_proves_that_nothing_was_done(error, outcome) -> None:
    assert isinstance(error, errors.FAILURES)
    assert failure(error).outcome is outcome


async def test_a_refused_connection_was_never_one() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError) as caught:
            await session.get("http://127.0.0.1:1/")
    assert failure(caught.value).outcome is Outcome.LATER


def test_a_failure_names_a_remedy_and_no_text() -> None:
    failed = failure(refused(error="missing_scope", text="secret"))
    assert "manifest" in failed.remedy
    assert "secret" not in str(failed)
