"""The sandbox refuses what Slack refuses, in Slack's words."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from demo_app import ANA, BEN, GONE, MODAL, OFFER, Demo
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import (
    Sandbox,
    dropped_after_accepting,
    dropped_before_accepting,
    fatal_after_posting,
    late,
    rate_limited,
    refused,
)


async def refusal(call: Any) -> Any:
    """Return the answer of a call that Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


@pytest.mark.parametrize(
    ("token", "error"), [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("xapp-sandbox", "not_allowed_token_type")]
)
async def test_a_wrong_token_is_refused(sandbox: Sandbox, token: str, error: str) -> None:
    stranger = AsyncWebClient(token, base_url=sandbox.api_url)
    assert (await refusal(stranger.auth_test()))["error"] == error
    assert (await refusal(stranger.chat_postMessage(channel=ANA.id, text="hi")))["error"] == error


async def test_auth_test_tells_the_scopes(client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert "chat:write" in answer.headers["x-oauth-scopes"]


async def test_a_method_wants_its_scope(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.core.scopes = ("chat:write",)
    answer = await refusal(client.users_list())
    assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")


async def test_messages_go_to_known_and_active_people_only(client: AsyncWebClient) -> None:
    assert (await refusal(client.chat_postMessage(channel="U0NOBODY", text="hi")))["error"] == "channel_not_found"
    assert (await refusal(client.chat_postMessage(channel="D0BEN", text="hi")))["error"] == "channel_not_found"
    assert (await refusal(client.conversations_open(users="U0NOBODY")))["error"] == "user_not_found"
    assert (await refusal(client.conversations_open(users=GONE.id)))["error"] == "user_disabled"
    assert (await refusal(client.users_info(user="U0NOBODY")))["error"] == "user_not_found"
    assert (await client.users_info(user=GONE.id))["user"]["deleted"] is True


async def test_a_dm_is_opened_once_and_can_be_looked_up(client: AsyncWebClient) -> None:
    looked = client.conversations_open(users=ANA.id, prevent_creation=True)
    assert (await refusal(looked))["error"] == "channel_not_found"
    opened = await client.conversations_open(users=ANA.id)
    again = await client.conversations_open(users=ANA.id)
    assert opened["channel"]["id"] == again["channel"]["id"] == "D0ANA"
    assert again["already_open"]


async def test_a_message_needs_text_of_a_fitting_length(client: AsyncWebClient) -> None:
    bare = client.api_call("chat.postMessage", json={"channel": ANA.id})  # the SDK's own method warns
    assert (await refusal(bare))["error"] == "no_text"
    assert (await refusal(client.chat_postMessage(channel=ANA.id, text="x" * 40_001)))["error"] == "msg_too_long"
    posted = await client.chat_postMessage(channel=ANA.id, text="x" * 40_000)
    update = {"channel": posted["channel"], "ts": posted["ts"]}
    assert (await refusal(client.chat_update(**update, text="x" * 4_001)))["error"] == "msg_too_long"
    await client.chat_update(**update, text="x" * 4_000)


async def test_bad_blocks_are_named_with_their_place_and_nothing_is_posted(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    blocks = [*OFFER, {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    answer = await refusal(client.chat_postMessage(channel=ANA.id, text="hi", blocks=blocks))
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/2/text/text]"
    ]
    assert sandbox.messages(ANA.id) == []


async def test_an_update_without_blocks_removes_them_and_keeps_metadata_unless_told(client: AsyncWebClient) -> None:
    metadata = {"event_type": "fork", "event_payload": {"key": "k1"}}
    posted = await client.chat_postMessage(channel=ANA.id, text="hi", blocks=OFFER, metadata=metadata)
    place = {"channel": posted["channel"], "ts": posted["ts"]}
    updated = await client.chat_update(**place, text="settled")
    assert "blocks" not in updated["message"]
    assert updated["message"]["metadata"] == metadata
    cleared = await client.chat_update(**place, text="settled", metadata={})
    assert "metadata" not in cleared["message"]


@pytest.mark.parametrize(
    "metadata",
    [
        {"event_type": "with.dot", "event_payload": {}},
        {"event_type": "nested", "event_payload": {"a": {"b": 1}}},
        {"event_type": "no_payload"},
    ],
)
async def test_metadata_is_flat_and_named_in_snake_case(client: AsyncWebClient, metadata: dict) -> None:
    answer = await refusal(client.chat_postMessage(channel=ANA.id, text="hi", metadata=metadata))
    assert answer["error"] == "invalid_metadata_format"


async def test_only_an_existing_message_of_the_bot_can_be_changed(demo: Demo) -> None:
    client = demo.client
    posted = await demo.offer()
    gone = {"channel": posted["channel"], "ts": "1.000001"}
    assert (await refusal(client.chat_update(**gone, text="hi")))["error"] == "message_not_found"
    await demo.sandbox.say(ANA.id, "mine")
    mine = {"channel": posted["channel"], "ts": demo.sandbox.messages(ANA.id)[-1]["ts"]}
    assert (await refusal(client.chat_update(**mine, text="hi")))["error"] == "cant_update_message"
    assert (await refusal(client.chat_delete(**mine)))["error"] == "cant_delete_message"
    hidden = await client.chat_postEphemeral(channel=posted["channel"], user=ANA.id, text="psst")
    hidden_place = {"channel": posted["channel"], "ts": hidden["message_ts"]}
    assert (await refusal(client.chat_update(**hidden_place, text="hi")))["error"] == "message_not_found"


async def test_history_is_newest_first_bounded_and_tells_metadata_only_when_asked(client: AsyncWebClient) -> None:
    metadata = {"event_type": "fork", "event_payload": {"key": "k1"}}
    posts = [await client.chat_postMessage(channel=ANA.id, text=str(n), metadata=metadata) for n in range(5)]
    stamps = [post["ts"] for post in posts]
    assert stamps == sorted(set(stamps))
    channel = posts[0]["channel"]
    after = await client.conversations_history(channel=channel, oldest=stamps[2])
    assert [m["text"] for m in after["messages"]] == ["4", "3"]
    from_there = await client.conversations_history(channel=channel, oldest=stamps[2], inclusive=True)
    assert [m["text"] for m in from_there["messages"]] == ["4", "3", "2"]
    assert from_there["messages"][0]["metadata"] == {"event_type": "fork"}
    whole = await client.conversations_history(channel=channel, include_all_metadata=True, limit=2)
    assert whole["messages"][0]["metadata"] == metadata
    rest = await client.conversations_history(channel=channel, cursor=whole["response_metadata"]["next_cursor"])
    assert [m["text"] for m in rest["messages"]] == ["2", "1", "0"]


async def test_people_come_in_pages_and_by_email(client: AsyncWebClient) -> None:
    found: list[str] = []
    async for page in await client.users_list(limit=2):
        found.extend(user["id"] for user in page["members"])
    assert found == [ANA.id, BEN.id, GONE.id, "U0SANDBOT"]
    looked_up = await client.users_lookupByEmail(email=BEN.email.upper())
    assert looked_up["user"]["tz"] == "America/New_York"
    assert (await refusal(client.users_lookupByEmail(email="no@example.com")))["error"] == "users_not_found"


async def test_a_trigger_works_once_and_for_three_seconds(demo: Demo) -> None:
    client, tickets = demo.client, demo.sandbox.tickets
    assert (await refusal(client.views_open(trigger_id="made.up", view=MODAL)))["error"] == "invalid_trigger"
    trigger = tickets.trigger(ANA.id)
    await client.views_open(trigger_id=trigger, view=MODAL)
    assert (await refusal(client.views_open(trigger_id=trigger, view=MODAL)))["error"] == "exchanged_trigger_id"
    tickets.trigger_seconds = 0.01
    late = tickets.trigger(ANA.id)
    await asyncio.sleep(0.02)
    assert (await refusal(client.views_open(trigger_id=late, view=MODAL)))["error"] == "expired_trigger_id"


async def test_a_modal_with_inputs_needs_a_submit_and_a_short_title(demo: Demo) -> None:
    view = {key: value for key, value in MODAL.items() if key != "submit"}
    view["title"] = {"type": "plain_text", "text": "x" * 25}
    answer = await refusal(demo.client.views_open(trigger_id=demo.sandbox.tickets.trigger(ANA.id), view=view))
    assert answer["error"] == "invalid_arguments"
    assert len(answer["response_metadata"]["messages"]) == 2


async def test_a_stale_hash_is_a_conflict(demo: Demo) -> None:
    home = {"type": "home", "blocks": OFFER}
    first = await demo.client.views_publish(user_id=ANA.id, view=home)
    await demo.client.views_publish(user_id=ANA.id, view=home, hash=first["view"]["hash"])
    stale = demo.client.views_publish(user_id=ANA.id, view=home, hash=first["view"]["hash"])
    assert (await refusal(stale))["error"] == "hash_conflict"


async def test_a_rate_limit_says_how_long_to_wait_and_posts_nothing(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.next("chat.postMessage", rate_limited(retry_after=7))
    answer = await refusal(client.chat_postMessage(channel=ANA.id, text="hi"))
    assert (answer.status_code, answer["error"], answer.headers["Retry-After"]) == (429, "ratelimited", "7")
    assert sandbox.messages(ANA.id) == []
    sandbox.faults.next("chat.postMessage", rate_limited(retry_after=0))
    patient = AsyncWebClient(
        "xoxb-sandbox", base_url=sandbox.api_url, retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=1)]
    )
    await patient.chat_postMessage(channel=ANA.id, text="hi")
    assert len(sandbox.messages(ANA.id)) == 1


async def test_a_fatal_error_may_come_after_the_message_was_posted(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.next("chat.postMessage", fatal_after_posting())
    assert (await refusal(client.chat_postMessage(channel=ANA.id, text="hi")))["error"] == "fatal_error"
    assert len(sandbox.messages(ANA.id)) == 1


@pytest.mark.parametrize(("fault", "posted"), [(dropped_after_accepting(), 1), (dropped_before_accepting(), 0)])
async def test_a_connection_may_break_before_or_after(
    sandbox: Sandbox, client: AsyncWebClient, fault: Any, posted: int
) -> None:
    sandbox.faults.next("chat.postMessage", fault)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=ANA.id, text="hi")
    assert len(sandbox.messages(ANA.id)) == posted


async def test_a_message_taken_may_appear_when_nobody_waits_any_more(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.next("chat.postMessage", late(0.2))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await client.chat_postMessage(channel=ANA.id, text="hi")
    assert sandbox.messages(ANA.id) == []
    await asyncio.sleep(0.3)
    assert len(sandbox.messages(ANA.id)) == 1


async def test_a_test_can_order_any_refusal(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.next("chat.update", refused("edit_window_closed"))
    answer = await refusal(client.chat_update(channel="D0ANA", ts="1.0", text="hi"))
    assert answer["error"] == "edit_window_closed"


async def test_a_response_url_works_five_times(demo: Demo) -> None:
    posted = await demo.offer()
    await demo.sandbox.click(ANA.id, posted["channel"], posted["ts"], "change")
    url = demo.heard[0]["response_url"]
    async with aiohttp.ClientSession() as session:
        statuses = [(await session.post(url, json={"text": "hi"})).status for _ in range(6)]
    assert statuses == [200] * 5 + [404]
    assert len(demo.sandbox.messages(ANA.id)) == 1
    assert len(demo.sandbox.messages(ANA.id, with_ephemeral=True)) == 6
