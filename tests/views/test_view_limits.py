"""Whether Slack takes what we send, whatever people typed: by our own table and by the sandbox's."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.sandbox.block_check import problems_of_blocks, problems_of_view
from bot.views import limits
from bot.views.blocks import actions, bars, button, form, header, section, table, text_input
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.limits import LimitsError, check, check_view
from bot.views.message import Message
from tests.views.cases import Shown, cases

CASES = cases()


def problems(name: str, shown: Shown) -> list[str]:
    """Return what either table refuses; a home page is checked as the view that it becomes."""
    if name.startswith("home_") and isinstance(shown, Message):
        shown = {"type": "home", "blocks": shown.blocks}
    try:
        if isinstance(shown, Message):
            check(shown)
            return problems_of_blocks(shown.blocks, "message")
        check_view(shown)
        return problems_of_view(shown)
    except LimitsError as error:
        return list(error.problems)


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_view_keeps_slacks_limits(name: str) -> None:
    assert problems(name, CASES[name]) == []


@settings(max_examples=25, deadline=None)
@given(text=st.text(max_size=40), times=st.integers(0, 400), many=st.integers(1, 60))
@example(text="&<>", times=2000, many=60)
@example(text=" \n\t", times=3, many=1)
@example(text="", times=1, many=1)
@example(text="\x1b", times=2000, many=60)
@example(text="\U0001f4a5", times=2000, many=60)
def test_a_text_of_any_length_passes(text: str, times: int, many: int) -> None:
    for name, shown in cases(text * times, many).items():
        assert problems(name, shown) == [], name


FINE = section("fine")
CHART = bars("Title", ["Month"], {"Still to win": [1.0]}, "Dollars")
TITLE = {"type": "plain_text", "text": "t"}
INPUT = {"type": "input", "block_id": "b", "label": TITLE, "element": text_input()}


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ([FINE] * 51, "51 blocks, at most 50"),
        ([FINE | {"block_id": "b"}] * 2, "block_id 'b' stands 2 times"),
        ([section("")], "/blocks/0/text: 0 characters"),
        ([{"type": "section"}], "a section needs text or fields"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}], "3001 characters, not 1 to 3000"),
        ([{"type": "section", "fields": [TITLE] * 11}], "11 items, not 1 to 10"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "plain text only"),
        ([{"type": "header", "text": "x"}], "not a text object"),
        ([{"type": "alert", "text": TITLE}], "'alert' may not stand on a message"),
        ([actions(*[button("Yes", ActionId.FORK_YES, "g:1")] * 2)], "action_id 'fork_yes' stands 2 times"),
        ([actions(button("Yes", ActionId.FORK_YES, ""))], "/value: 0 characters"),
        ([actions(button("Yes", ActionId.FORK_YES, "g:1", style="loud"))], "neither primary nor danger"),
        ([actions({"type": "button", "text": TITLE})], "/action_id: missing"),
        ([actions()], "0 items, not 1 to 25"),
        ([actions(text_input())], "'plain_text_input' may not stand in actions"),
        ([table([["a"]], ["left"])] * 2, "more than 1 table"),
        ([CHART] * 3, "more than 2 data_visualization"),
        ([CHART | {"title": "x" * 51}], "/title: not 1 to 50"),
        ([bars("t", ["x" * 21], {"a": [1]}, "y")], "has not 1 to 20 characters"),
        ([bars("t", ["x", "x"], {"a": [1, 2]}, "y")], "'x' stands 2 times"),
        ([bars("t", ["x"], {str(number): [1] for number in range(7)}, "y")], "7 items, not 1 to 6"),
        ([bars("t", ["x"], {"a": [float("nan")]}, "y")], "a value that is no number"),
        ([bars("t", [], {"a": []}, "y")], "0 items, not 1 to 20"),
        ([table([["a"] * 21], ["left"])], "21 cells, not 1 to 20"),
        ([table([["a" * 5001, "a" * 5000]], ["left"])], "more than 10000 characters"),
    ],
)
def test_a_message_that_slack_would_refuse_is_refused_before(blocks: list[dict[str, object]], said: str) -> None:
    with pytest.raises(LimitsError) as refused:
        check(Message(text="x", blocks=blocks))
    assert said in str(refused.value)


@pytest.mark.parametrize("text", ["", "x" * 4001])
def test_a_message_needs_a_text_of_at_most_4000_characters(text: str) -> None:
    with pytest.raises(LimitsError, match="/text"):
        check(Message(text=text, blocks=[FINE]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"blocks": [INPUT]}, "/submit"),
        ({"blocks": []}, "a view needs at least one"),
        ({"blocks": [FINE] * 101}, "101 blocks, at most 100"),
        ({"blocks": [table([["a"]], ["left"])]}, "'table' may not stand on a modal"),
        ({"title": {"type": "plain_text", "text": "x" * 25}}, "/title: 25 characters, not 1 to 24"),
        ({"private_metadata": "x" * 3001}, "/private_metadata: 3001 characters"),
        ({"type": "sheet"}, "is no view"),
    ],
)
def test_a_form_that_slack_would_refuse_is_refused_before(change: dict[str, object], said: str) -> None:
    shown = form(CallbackId.PROBLEM, "Title", [FINE], close="Close")
    with pytest.raises(LimitsError, match=said):
        check_view(shown | change)


def test_a_button_of_75_characters_passes_and_one_more_does_not() -> None:
    exact = actions(button("x" * 75, ActionId.FORK_YES, "v"))
    assert check(Message("x", [exact])).blocks == [exact]
    exact["elements"][0]["text"]["text"] += "x"
    with pytest.raises(LimitsError, match="76 characters, not 1 to 75"):
        check(Message("x", [exact]))


def test_every_table_names_only_blocks_and_fields_that_exist() -> None:
    assert set(limits.REQUIRED) >= {"header", "input", "modal"}
    assert header("x" * 200)["text"]["text"] == "x" * 149 + "…"
    assert {block.value for block in BlockId} == set(BlockId)
