"""People are matched with Slack by e-mail address, and by nothing else."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from slack_fakes import Fault

from bot.coaching.records import Person, PersonId
from bot.services.ports import SlackAccount
from bot.slack.directory import SlackDirectory, SlackUser, match, slack_user, users
from bot.slack.errors import Outcome, SlackFailureError


def member(number: int, **more):
    return {"id": f"U{number}", "tz": "Europe/Paris", "profile": {"email": f"P{number}@Example.com"}} | more


def person(number: int, name: str = "Ana") -> Person:
    return Person(PersonId(f"p{number}"), name, f"p{number}@example.com")


async def test_every_page_of_users_is_read(slack, client) -> None:
    slack.members = [member(number) for number in range(7)]
    found = [user async for user in users(client, page=3)]
    assert [user.id for user in found] == [f"U{number}" for number in range(7)]
    assert len(slack.made("users.list")) == 3


async def test_reading_is_repeated_after_a_429_and_a_dropped_connection(slack, client) -> None:
    slack.members = [member(1)]
    limited = Fault(does=False, status=429, error="ratelimited", after=1)
    slack.break_next("users.list", limited, Fault(does=False, status=503))
    assert len([user async for user in users(client)]) == 1


async def test_nobody_sleeps_through_a_long_rest_while_others_wait_for_what_falls_due(slack, client) -> None:
    slack.break_next("users.list", Fault(does=False, status=429, error="ratelimited", after=600))
    async with asyncio.timeout(5):
        with pytest.raises(SlackFailureError) as caught:
            await SlackDirectory(client).accounts([person(1)], patient=False)
    assert (caught.value.outcome, caught.value.retry_after) == (Outcome.LATER, 600)


async def test_a_missing_scope_is_told_at_once(slack, client) -> None:
    slack.break_next("users.list", Fault(does=False, error="missing_scope"))
    with pytest.raises(SlackFailureError) as caught:
        [user async for user in users(client)]
    assert caught.value.outcome is Outcome.STOP
    assert len(slack.made("users.list")) == 1


def test_a_user_is_read_as_slack_writes_it() -> None:
    assert slack_user(member(1)) == SlackUser("U1", "p1@example.com", "Europe/Paris", deleted=False, is_bot=False)


def test_a_user_says_when_it_was_changed() -> None:
    at = datetime(2017, 10, 2, 7, 0, 1, tzinfo=UTC)
    assert slack_user(member(1, updated=int(at.timestamp()))).of(PersonId("p1")).as_of == at


@pytest.mark.parametrize("given", [{"tz": None}, {"tz": ""}, {"tz": "Mars/Olympus"}, {"tz": "../etc/passwd"}])
def test_a_zone_that_is_none_is_none(given) -> None:
    assert slack_user(member(1, **given)).zone is None


def test_the_language_is_read_where_slack_says_it() -> None:
    assert [slack_user(member(1, locale=said)).locale for said in ("de-DE", "", None)] == ["de-DE", None, None]


def test_a_deleted_user_lacks_nearly_everything() -> None:
    assert slack_user({"id": "U1", "deleted": True}) == SlackUser("U1", "", None, deleted=True, is_bot=False)


def test_slackbot_is_a_bot_though_slack_says_no() -> None:
    assert slack_user(member(1, id="USLACKBOT", is_bot=False)).is_bot


def test_people_match_by_address_in_any_case_and_the_rest_is_named() -> None:
    accounts, missing = match([person(1), person(2)], [slack_user(member(1))])
    assert accounts == (SlackAccount(PersonId("p1"), "U1", zone="Europe/Paris"),)
    assert missing == (person(2),)


def test_nobody_matches_by_name_or_by_a_hidden_address() -> None:
    hidden = slack_user({"id": "U1", "real_name": "Ana", "profile": {}})
    assert match([Person(PersonId("p1"), "Ana", "")], [hidden]) == ((), (Person(PersonId("p1"), "Ana", ""),))


def test_a_bot_with_a_persons_address_is_nobody() -> None:
    assert match([person(1)], [slack_user(member(1, is_bot=True))])[0] == ()


@pytest.mark.parametrize("order", [1, -1])
def test_a_live_account_goes_before_a_deactivated_one(order) -> None:
    both = [slack_user(member(1, id="UOLD", deleted=True)), slack_user(member(1, id="UNEW"))][::order]
    accounts, _ = match([person(1)], both)
    assert (accounts[0].user, accounts[0].deleted) == ("UNEW", False)


def test_somebody_only_deactivated_is_matched_as_such() -> None:
    accounts, _ = match([person(1)], [slack_user(member(1, deleted=True))])
    assert accounts[0].deleted
