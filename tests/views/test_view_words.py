"""Whether the bot speaks as the method asks: commit and not comply, no ranking, nobody's average, no blame."""

from __future__ import annotations

import json
import re

import pytest

from bot.coaching.records import PersonId
from bot.views import pre_read, schedule
from bot.views.message import Message
from tests.views.builders import a_manager, a_meeting, a_person, a_pre_read
from tests.views.cases import Shown, cases

CASES = cases()
RANKING = (
    r"\brank|leaderboard|\btop (rep|performer)|\bbottom|\baverage|\bbest rep|\bworst|percentile|compared (to|with)"
)
BLAME = (
    r"\bcompl(y|iance)|\bfail(ed|ure)?\b|\bfault\b|should have|\bpoor|\blazy|\bbad\b|\bexcuses\b|underperform|\bquota"
)
EMOJI = re.compile(r":[a-z_]+:|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
OF_NO_QUOTA = "it is yours, not a quota"


def words(shown: Shown) -> str:
    return json.dumps(shown.payload() if isinstance(shown, Message) else shown, ensure_ascii=False)


@pytest.mark.parametrize("name", sorted(CASES))
def test_no_view_ranks_compares_or_blames(name: str) -> None:
    said = words(CASES[name]).replace(OF_NO_QUOTA, "")
    assert not re.search(f"{RANKING}|{BLAME}", said, re.IGNORECASE)


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
    changes = tuple(f"Change {number}." for number in range(1, 9))
    shown = pre_read.pre_read(
        a_pre_read(), a_meeting(), a_person(), a_person(), a_manager(), answers_shown=False, changes=changes
    )
    said = shown.blocks[1]["text"]["text"].split("\n")
    assert said[0] == "*Changed since this was sent:*"
    assert said[1:] == [
        *(f"• {change}" for change in changes[:6]),
        "• 2 more changes; /pipeline shows how things stand.",
    ]


def test_the_skeleton_of_the_agenda_is_the_same_for_everybody() -> None:
    heads = {
        name: [block["text"]["text"] for block in CASES[name].blocks if block["type"] == "header"]
        for name in CASES
        if name.startswith("pre_read_") and isinstance(CASES[name], Message)
    }
    assert len(heads) == 5
    for found in heads.values():
        assert found == [
            "Past (3 min)",
            "Win What's Winnable (11 min)",
            "Pipeline Balance (8 min)",
            "Performance Aspirations (8 min)",
        ]


def test_what_more_of_an_activity_goes_with_is_said_in_the_agenda_and_in_how_we_got_this() -> None:
    line = "In weeks with more demos you started 1.4 times as many deals; that's likely, not proven."
    pre, meeting, rep, manager = a_pre_read(predictions=(line,)), a_meeting(), a_person(), a_manager()
    agenda = pre_read.pre_read(pre, meeting, rep, rep, manager, answers_shown=False)
    for said in (words(agenda), words(pre_read.how(pre))):
        assert said.index("Performance Aspirations") < said.index(line)
