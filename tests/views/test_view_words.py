"""Whether the bot speaks as the method asks: commit and not comply, no ranking, nobody's average, no blame."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.coaching.records import PersonId
from bot.views import how, pre_read, schedule
from bot.views.ids import ActionId, Topic
from bot.views.message import Message
from bot.views.pipeline import UNKNOWN, balance, horizon_line, horizons_at_a_glance
from bot.views.whole_agenda import whole_agenda
from tests.views.builders import a_deal, a_horizon, a_manager, a_meeting, a_person, a_pre_read
from tests.views.cases import Shown, cases

CASES = cases()
VOICE = (Path(__file__).parents[2] / "docs" / "voice.md").read_text(encoding="utf-8")
NEVER = re.findall(
    r"`([^`]+)`",
    "\n".join(
        line.split("|")[1] for line in VOICE.partition("## Words we never use")[2].splitlines() if line.startswith("|")
    ),
)
"""The words that docs/voice.md rules out, each with its endings."""
EMOJI = re.compile(r":[a-z_]+:|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
OF_NO_QUOTA = "it is yours, not a quota"
OF_SEVERITY = "duty.failed"  # a key of the log, told to admins
GOLDEN = Path(__file__).parent / "golden"


def words(shown: Shown) -> str:
    return json.dumps(shown.payload() if isinstance(shown, Message) else shown, ensure_ascii=False)


def banned(said: str) -> list[str]:
    """Return the words of ``said`` that the page on our voice rules out."""
    said = said.replace(OF_NO_QUOTA, "").replace(OF_SEVERITY, "")
    return [word for word in NEVER if re.search(rf"\b{re.escape(word)}", said, re.IGNORECASE)]


def test_the_page_on_our_voice_rules_out_ranking_averages_and_blame() -> None:
    assert {"rank", "average", "fail", "comply", "quota"} <= set(NEVER)
    assert banned("You are ranked third, below average: you failed to comply with your quota.") == [
        "comply",
        "quota",
        "rank",
        "average",
        "fail",
    ]


@pytest.mark.parametrize("name", sorted(CASES))
def test_no_view_ranks_compares_or_blames(name: str) -> None:
    assert banned(words(CASES[name])) == []


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_no_golden_message_ranks_compares_or_blames(path: Path) -> None:
    assert banned(path.read_text(encoding="utf-8")) == []


def test_no_sentence_that_services_say_ranks_compares_or_blames() -> None:
    """What is refused or told outside of the views stands in string literals of the services."""
    for path in sorted((Path(__file__).parents[2] / "bot" / "services").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        spoken = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and " " in node.value
            and node.value not in docstrings(tree)
        ]
        assert banned(" ".join(spoken)) == [], path.name


def docstrings(tree: ast.Module) -> set[str]:
    """Return what a module says to its reader, not to people: every string that is a statement of its own."""
    return {
        node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }


@pytest.mark.parametrize("name", sorted(CASES))
def test_no_emoji_carries_the_meaning(name: str) -> None:
    assert not EMOJI.search(words(CASES[name]))


@pytest.mark.parametrize("name", sorted(name for name, shown in CASES.items() if isinstance(shown, Message)))
def test_the_notification_begins_as_the_message_does(name: str) -> None:
    shown = CASES[name]
    assert isinstance(shown, Message)
    first = shown.blocks[0]["text"]["text"].split("\n")[0]
    assert shown.text.startswith(first[:80])


def test_a_team_is_listed_by_name_whatever_order_it_comes_in() -> None:
    team = tuple((a_person(id=PersonId(name), name=name), None, "") for name in ("zoe", "Ben", "Anna"))
    assert schedule.team(a_manager(), team) == schedule.team(a_manager(), team[::-1])
    text = words(schedule.team(a_manager(), team))
    assert text.index("Anna") < text.index("Ben") < text.index("zoe")


def test_at_most_one_button_in_a_row_is_primary() -> None:
    for name, shown in CASES.items():
        blocks = shown.blocks if isinstance(shown, Message) else shown["blocks"]
        for block in blocks:
            styles = [part.get("style") for part in block.get("elements", [])]
            assert styles.count("primary") <= 1, name


def test_more_changes_than_are_shown_are_counted() -> None:
    changes = tuple(f"Change {number}." for number in range(1, 15))
    pair = (a_person(), a_manager())
    shown = pre_read.pre_read(a_pre_read(), a_meeting(), pair[0], *pair, answers_shown=False, changes=changes)
    assert "*Changed since:* Change 1. and 13 more" in shown.blocks[0]["text"]["text"]
    whole = whole_agenda(a_pre_read(), a_meeting(), pair[0], *pair, answers_shown=False, changes=changes)
    assert whole["blocks"][1]["text"]["text"].split("\n") == [
        "*All that changed since:*",
        *(f"• {change}" for change in changes[:12]),
        "• 2 more changes; /pipeline shows how things stand.",
    ]


def test_the_reps_words_are_for_the_manager_and_a_button_to_record_for_the_rep() -> None:
    told = {reader: words(CASES[f"pre_read_whole_{reader}"]) for reader in ("rep", "manager")}
    assert "They owe us the closure plan." in told["manager"]
    assert "Anna Snelling answered" in told["manager"]
    assert "They owe us the closure plan." not in told["rep"]
    assert (ActionId.EVIDENCE_RECORD in told["rep"], ActionId.EVIDENCE_RECORD in told["manager"]) == (True, False)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("rep", "See the whole agenda"),
        ("manager", "See the answers and the rest"),
        ("unanswered", "See all; no answers yet"),
    ],
)
def test_the_managers_button_says_whether_the_rep_answered_and_the_words_are_behind_it(name: str, label: str) -> None:
    shown = CASES[f"pre_read_{name}"]
    assert isinstance(shown, Message)
    assert button_of(shown, ActionId.PRE_READ_WHOLE)["text"]["text"] == label
    assert "They owe us" not in words(shown)


def button_of(shown: Message, action: ActionId) -> dict[str, Any]:
    (row,) = [block["elements"] for block in shown.blocks if block["type"] == "actions"]
    (found,) = [button for button in row if button["action_id"] == action]
    return found


def test_the_skeleton_of_the_agenda_is_the_same_for_everybody() -> None:
    heads = {
        name: re.findall(r"\*[^*]+\* \(\d+ min\)", words(shown))
        for name, shown in CASES.items()
        if name.startswith("pre_read_") and isinstance(shown, Message)
    }
    assert len(heads) == 8
    for found in heads.values():
        assert found == [
            "*Past* (3 min)",
            "*Win What's Winnable* (11 min)",
            "*Pipeline Balance* (8 min)",
            "*Performance Aspirations* (8 min)",
        ]


def test_what_more_of_an_activity_goes_with_is_one_click_away_from_its_topic() -> None:
    line = "In weeks with more demos you started 1.4 times as many deals; that's likely, not proven."
    pre = a_pre_read(predictions=(line,))
    assert line in words(how.how(pre, Topic.ASPIRATION))
    assert line in words(how.how(pre))
    assert line not in words(how.how(pre, Topic.WIN))


def test_all_that_the_agenda_cuts_short_is_one_click_away() -> None:
    long = "A word or two more than any line of a phone has room for, "
    pre = a_pre_read(
        past=tuple(f"{long}{number}: 9 of 12 calls, partly done." for number in range(4)),
        deals=tuple(
            a_deal(name=f"{long}deal {number}", verified=f"{long}of {number}", unpaid=(f"{long}owed {number}", "more"))
            for number in range(3)
        ),
        aspiration=replace(a_pre_read().aspiration, sentences=("Run-rate.", f"Awesome. {long * 3}")),
        horizons=(a_horizon(),),
    )
    reasons = words(how.how(pre))
    for said in (*pre.past, pre.deals_sentence, *pre.aspiration.sentences, pre.month, pre.cadence, pre.offers_sentence):
        assert said.strip() in reasons
    for deal in pre.deals:
        assert deal.name.strip()[:80] in reasons
        assert deal.sentence in reasons
    assert "$12k to $45k" in reasons
    assert "The customer still owes" in reasons


@pytest.mark.parametrize(
    "name", sorted(name for name in CASES if name.startswith("pre_read_") and isinstance(CASES[name], Message))
)
def test_the_rest_and_the_reasons_of_every_topic_are_each_behind_one_button(name: str) -> None:
    shown = CASES[name]
    assert isinstance(shown, Message)
    (row,) = [block["elements"] for block in shown.blocks if block["type"] == "actions"]
    assert [(button["action_id"], button["value"]) for button in row[:2]] == [
        (ActionId.PRE_READ_WHOLE, "m-1"),
        (ActionId.PRE_READ_HOW, "m-1"),
    ]
    for behind in ("pre_read_how", "pre_read_whole_rep"):
        for heading in ("Past", "Win What's Winnable", "Pipeline Balance", "Performance Aspirations"):
            assert heading in words(CASES[behind])


def test_the_horizons_of_a_chart_stand_in_the_table_too() -> None:
    shown = CASES["pre_read_rep"]
    assert isinstance(shown, Message)
    (chart,) = [block for block in shown.blocks if block["type"] == "data_visualization"]
    (table,) = [block for block in shown.blocks if block["type"] == "table"]
    heads = [row[0]["text"].split(" ")[0] for row in table["rows"][1:]]
    assert chart["chart"]["axis_config"]["categories"] == heads[:2], "the year has no goal to stand beside"
    assert shown.blocks[-1] is chart, "it says nothing new, so it comes last"
    assert not [block for block in CASES["pre_read_no_data"].blocks if block["type"] == "data_visualization"]


@pytest.mark.parametrize(("extra", "said"), [(0, "your usual pace is enough."), (1, "1 extra start closes the gap.")])
def test_a_horizon_says_what_it_takes(extra: int, said: str) -> None:
    assert horizon_line(a_horizon(extra=extra)).endswith(said)


def test_starts_that_are_no_plan_close_no_gap_and_have_no_number() -> None:
    row = a_horizon(extra=558, within_reach=False)
    assert horizon_line(row).endswith("; new starts alone can't close the gap.")
    (table, *_) = horizons_at_a_glance((row,))
    assert [cell["text"] for cell in table["rows"][1]][-1] == UNKNOWN
    assert "558" not in json.dumps([*horizons_at_a_glance((row,)), *balance((row,))])


@pytest.mark.parametrize("name", ["course_started_rep", "course_started_manager", "pre_read_rep", "pre_read_manager"])
def test_what_must_be_read_is_at_most_two_phone_screens(name: str) -> None:
    """A phone shows about forty lines of forty-four characters between its bars in two screens of such a message."""
    shown = CASES[name]
    assert isinstance(shown, Message)
    assert sum(lines_of(block) for block in shown.blocks) <= 60


def lines_of(block: dict[str, Any]) -> int:
    """Return about how many lines a block takes on a phone; a button beside words stands under them there."""
    text = block.get("text", {}).get("text", "")
    said = sum(-(-len(re.sub(r"<!date[^|]*\|([^>]*)>", r"\1", line)) // 44) for line in text.split("\n")) if text else 1
    return said + ("accessory" in block) + (len(block["rows"]) if block["type"] == "table" else 0)
