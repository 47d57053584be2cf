"""What a person does reaches a real slack-bolt app, and what the app answers reaches the person."""

from __future__ import annotations

import asyncio

import pytest
from demo_app import ANA, BEN, OFFER, Demo

from bot.sandbox import NotThereError


async def test_a_click_reaches_the_app_and_its_answer_replaces_the_message(demo: Demo) -> None:
    posted = await demo.offer()
    outcome = await demo.sandbox.click(ANA.id, posted["channel"], posted["ts"], "yes")
    assert outcome.acked
    assert outcome.elapsed_ms < 500
    assert [message["text"] for message in demo.sandbox.messages(ANA.id)] == ["Agreed"]


async def test_a_click_carries_what_slack_sends(demo: Demo) -> None:
    posted = await demo.offer()
    await demo.sandbox.click(ANA.id, posted["channel"], posted["ts"], "yes", "7")
    body = demo.heard[0]
    assert body["type"] == "block_actions"
    assert body["user"] == {"id": ANA.id, "username": "ana.ruiz", "name": "ana.ruiz", "team_id": "T0SANDBOX"}
    assert body["channel"] == {"id": "D0ANA", "name": "directmessage"}
    assert body["message"]["ts"] == body["container"]["message_ts"] == posted["ts"]
    assert body["actions"][0]["value"] == "7"
    assert body["actions"][0]["block_id"] == "choice"
    assert float(body["actions"][0]["action_ts"]) > float(posted["ts"])
    assert body["response_url"].startswith(demo.sandbox.url)


async def test_a_click_opens_a_modal_and_an_accepted_submit_closes_it(demo: Demo) -> None:
    posted = await demo.offer()
    await demo.sandbox.click(ANA.id, posted["channel"], posted["ts"], "change")
    view = demo.sandbox.open_view(ANA.id)
    assert view is not None
    outcome = await demo.sandbox.submit(ANA.id, view["id"], {"when": {"text": "Friday"}, "how_many": {"number": 3}})
    assert (outcome.acked, outcome.errors) == (True, {})
    submitted = demo.heard[-1]["view"]
    assert submitted["private_metadata"] == "goal-7"
    assert submitted["state"]["values"]["when"]["text"] == {"type": "plain_text_input", "value": "Friday"}
    assert submitted["state"]["values"]["how_many"]["number"] == {"type": "number_input", "value": "3"}
    assert demo.sandbox.open_view(ANA.id) is None


async def test_an_app_s_errors_stay_under_the_inputs_of_the_open_modal(demo: Demo) -> None:
    view_id = await opened(demo)
    outcome = await demo.sandbox.submit(ANA.id, view_id, {"when": {"text": "never"}})
    assert outcome.errors == {"when": "Never is too late."}
    assert demo.sandbox.open_view(ANA.id) is not None


async def test_errors_for_something_that_is_no_input_are_an_error_of_the_app(demo: Demo) -> None:
    outcome = await demo.sandbox.submit(ANA.id, await opened(demo), {"when": {"text": "wrong key"}})
    assert "trouble connecting" in outcome.problem


async def test_an_update_keeps_the_view_and_what_was_typed(demo: Demo) -> None:
    view_id = await opened(demo)
    await demo.sandbox.submit(ANA.id, view_id, {"when": {"text": "again"}})
    view = demo.sandbox.open_view(ANA.id)
    assert view is not None
    assert (view["id"], view["title"]["text"]) == (view_id, "Again")
    assert view["state"]["values"]["when"]["text"]["value"] == "again"


async def test_a_modal_stack_holds_three_views(demo: Demo) -> None:
    view_id = await opened(demo)
    for _ in range(2):
        assert not (await demo.sandbox.submit(ANA.id, view_id, {"when": {"text": "more"}})).problem
        top = demo.sandbox.open_view(ANA.id)
        assert top is not None
        view_id = top["id"]
    outcome = await demo.sandbox.submit(ANA.id, view_id, {"when": {"text": "more"}})
    assert "push_limit_reached" in outcome.problem


@pytest.mark.parametrize(
    ("typed", "block"),
    [
        ({"when": {"text": ""}}, "when"),
        ({"when": {"text": "x" * 51}}, "when"),
        ({"when": {"text": "ok"}, "how_many": {"number": "ten"}}, "how_many"),
        ({"when": {"text": "ok"}, "how_many": {"number": "2.5"}}, "how_many"),
        ({"when": {"text": "ok"}, "how_many": {"number": "10"}}, "how_many"),
        ({"when": {"text": "ok"}, "how_many": {"number": "0"}}, "how_many"),
    ],
)
async def test_slack_s_own_client_keeps_an_unfinished_form_back(demo: Demo, typed: dict, block: str) -> None:
    outcome = await demo.sandbox.submit(ANA.id, await opened(demo), typed)
    assert not outcome.sent
    assert list(outcome.errors) == [block]
    assert [body["type"] for body in demo.heard] == ["block_actions"]


async def test_a_command_answers_only_to_the_one_who_asked(demo: Demo) -> None:
    outcome = await demo.sandbox.command(ANA.id, "/pipeline", "for @ben.cole")
    assert outcome.response["text"] == "You asked: for <@U0BEN|ben.cole>"
    assert demo.sandbox.messages(ANA.id) == []
    shown = demo.sandbox.messages(ANA.id, with_ephemeral=True)
    assert [message["text"] for message in shown] == ["You asked: for <@U0BEN|ben.cole>"]
    assert demo.sandbox.messages(BEN.id, with_ephemeral=True) == []


async def test_opening_the_home_tab_lets_the_app_publish_it(demo: Demo) -> None:
    outcome = await demo.sandbox.open_home(ANA.id)
    assert outcome.acked
    home = demo.sandbox.home(ANA.id)
    assert home is not None
    clicked = await demo.sandbox.click_in_view(ANA.id, home["id"], "change")
    assert clicked.acked
    assert "message" not in demo.heard[-1]
    assert demo.heard[-1]["view"]["hash"] == home["hash"]


async def test_a_click_nobody_acknowledges_shows_the_person_an_error_and_is_not_sent_again(demo: Demo) -> None:
    posted = await demo.offer()
    outcome = await demo.sandbox.click(ANA.id, posted["channel"], posted["ts"], "deaf")
    assert not outcome.acked
    assert "did not answer" in outcome.problem


async def test_an_event_nobody_acknowledges_comes_three_times_more(demo: Demo) -> None:
    seen = []

    @demo.app.use
    async def count(body: dict, next_: object, req: object) -> None:
        seen.append(body["event_id"])

    outcome = await demo.sandbox.say(ANA.id, "hello")
    assert not outcome.acked
    assert len(seen) == 4
    assert len(set(seen)) == 1


async def test_two_fast_clicks_are_two_payloads(demo: Demo) -> None:
    posted = await demo.offer()
    click = demo.sandbox.click(ANA.id, posted["channel"], posted["ts"], "change")
    again = demo.sandbox.click(ANA.id, posted["channel"], posted["ts"], "change")
    await asyncio.gather(click, again)
    assert len({body["trigger_id"] for body in demo.heard}) == 2


async def test_a_person_can_only_use_what_is_on_the_screen(demo: Demo) -> None:
    posted = await demo.offer()
    with pytest.raises(NotThereError):
        await demo.sandbox.click(BEN.id, posted["channel"], posted["ts"], "yes")
    await demo.client.chat_update(channel=posted["channel"], ts=posted["ts"], text="Too late")
    with pytest.raises(NotThereError):
        await demo.sandbox.click(ANA.id, posted["channel"], posted["ts"], "yes")
    stale = await demo.sandbox.click(ANA.id, posted["channel"], posted["ts"], "yes", even_if_gone=True)
    assert stale.acked


async def test_the_journal_tells_acts_and_messages_in_order(demo: Demo) -> None:
    told = []
    demo.sandbox.journal.subscribe(lambda entry: told.append(entry.get("act") or entry["method"]))
    posted = await demo.offer()
    await demo.sandbox.click(ANA.id, posted["channel"], posted["ts"], "yes")
    assert told == ["chat.postMessage", "click", "response_url.replace"]
    assert demo.sandbox.journal[1]["acked"] is True
    assert demo.sandbox.journal[1]["label"] == "Yes"


async def test_a_click_brings_what_stands_in_the_inputs_beside_it(demo: Demo) -> None:
    number = {"type": "number_input", "action_id": "n", "is_decimal_allowed": False}
    field = {
        "type": "input",
        "block_id": "count",
        "label": {"type": "plain_text", "text": "How many"},
        "element": number,
    }
    posted = await demo.client.chat_postMessage(channel=ANA.id, text="How many?", blocks=[field, OFFER[1]])
    place = (ANA.id, str(posted["channel"]), str(posted["ts"]))
    await demo.sandbox.click(*place, "yes", values={"count": {"n": "4"}})
    assert demo.heard[0]["state"]["values"] == {"count": {"n": {"type": "number_input", "value": "4"}}}


async def test_the_journal_keeps_what_was_typed_at_the_time(demo: Demo) -> None:
    view_id = await opened(demo)
    await demo.sandbox.submit(ANA.id, view_id, {"when": {"text": "never"}})
    await demo.sandbox.submit(ANA.id, view_id, {"when": {"text": "Friday"}})
    typed = [e["values"]["when"]["text"]["value"] for e in demo.sandbox.journal if e.get("act") == "submit"]
    assert typed == ["never", "Friday"]


async def test_a_changed_person_is_told_to_the_app(demo: Demo) -> None:
    heard: list[dict] = []

    @demo.app.event("user_change")
    async def changed(event: dict) -> None:
        heard.append(event["user"])

    await demo.sandbox.change_person(ANA.id, tz="Asia/Tokyo")
    await demo.sandbox.change_person(BEN.id, deleted=True)
    assert [(user["id"], user["deleted"], user.get("tz")) for user in heard] == [
        (ANA.id, False, "Asia/Tokyo"),
        (BEN.id, True, None),
    ]


async def opened(demo: Demo) -> str:
    """Return the id of the modal that the button Change it opens for Ana."""
    posted = await demo.offer()
    await demo.sandbox.click(ANA.id, posted["channel"], posted["ts"], "change")
    view = demo.sandbox.open_view(ANA.id)
    assert view is not None
    return str(view["id"])
