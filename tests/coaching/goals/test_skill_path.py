"""Which way leads from an outcome to an item, and which items are near a rogue goal's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.goals.skill_path import nearest, path_to
from bot.coaching.playbook import ActivityKind, Playbook, Resource, Skill, Stage

PLAYBOOK = Playbook(
    name="Ours",
    outcomes=("Win", "Grow"),
    stages=(Stage("Talk", "Win"), Stage("Offer", "Grow"), Stage("Adrift", "No such outcome")),
    activities=(
        ActivityKind("Send an offer", "sent", "Offer"),
        ActivityKind("Call a prospect", "calls", "Talk"),
        ActivityKind("Wander", "walks", "Adrift"),
        ActivityKind("Dream", "naps", "No such stage"),
    ),
    skills=(
        Skill("Pricing role-play", ("Send an offer", "Call a prospect"), "size", "Practise it"),
        Skill("Hiking", ("Wander",), "cycle", "Practise it"),
    ),
    resources=(Resource("Boots", ("Hiking",)), Resource("Price list", ("Pricing role-play",))),
)


@pytest.mark.parametrize(
    ("item", "path"),
    [
        ("Win", ("Win",)),
        ("Offer", ("Grow", "Offer")),
        ("Send an offer", ("Grow", "Offer", "Send an offer")),
        ("Pricing role-play", ("Win", "Talk", "Call a prospect", "Pricing role-play")),
        ("Price list", ("Win", "Talk", "Call a prospect", "Pricing role-play", "Price list")),
    ],
)
def test_an_item_has_the_first_path_that_leads_to_it_from_an_outcome(item: str, path: tuple[str, ...]) -> None:
    assert path_to(PLAYBOOK, item) == path


def test_case_blanks_and_punctuation_dont_make_a_goal_rogue() -> None:
    assert path_to(PLAYBOOK, " price-LIST ") == path_to(PLAYBOOK, "Price list")


@pytest.mark.parametrize("item", ["World peace", "", "Adrift", "Wander", "Dream", "Hiking", "Boots"])
def test_an_item_that_no_outcome_leads_to_is_rogue(item: str) -> None:
    assert path_to(PLAYBOOK, item) is None


def test_of_two_items_called_the_same_the_one_nearer_to_the_outcome_is_meant() -> None:
    playbook = Playbook("Ours", ("Win",), (Stage("Call", "Win"),), (ActivityKind("Call", "calls", "Call"),), (), ())
    assert path_to(playbook, "call") == ("Win", "Call")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("roleplay pricing twice", "Pricing role-play"),
        ("calling prospects", "Call a prospect"),
        ("the prices", "Price list"),
        ("ofer", "Send an offer"),
    ],
)
def test_the_nearest_item_shares_the_most_with_the_words(words: str, first: str) -> None:
    assert nearest(PLAYBOOK, words)[0] == first


def test_a_rogue_goal_is_offered_three_items_unless_there_are_fewer() -> None:
    assert len(nearest(PLAYBOOK, "world peace")) == 3
    assert len(nearest(PLAYBOOK, "world peace", 9)) == 4
    assert nearest(PLAYBOOK, "world peace", 0) == ()


def test_words_like_nothing_keep_the_files_order() -> None:
    assert nearest(PLAYBOOK, "!", 2) == ("Call a prospect", "Send an offer")


@given(words=st.text(max_size=30), n=st.integers(0, 9))
def test_whatever_is_offered_has_a_path_to_something_a_rep_can_do(words: str, n: int) -> None:
    offered = nearest(PLAYBOOK, words, n)
    assert len(set(offered)) == len(offered) <= n
    for item in offered:
        path = path_to(PLAYBOOK, item)
        assert path is not None
        assert len(path) >= 3
