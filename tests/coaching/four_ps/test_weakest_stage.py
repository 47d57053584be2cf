"""At which stage a rep loses the most dollars, as far as stage history can tell."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.basis.ground_book import GroundBook
from bot.coaching.four_ps.efficiency import EfficiencyBook
from bot.coaching.four_ps.weakest_stage import ConversionBook, WeakestStage
from bot.coaching.playbook import Playbook, Stage
from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records, StageEntry
from bot.coaching.settings import Settings
from bot.coaching.winning.stage_curves import first_entries
from bot.coaching.winning.verified_stage import Standings

TODAY = date(2026, 3, 31)
SETTINGS = Settings()
OPEN, WON, LOST = DealStatus.OPEN, DealStatus.WON, DealStatus.LOST
ANN, BOB = PersonId("ann"), PersonId("bob")
PEOPLE = (Person(ANN, "Ann", "ann@example.com"), Person(BOB, "Bob", "bob@example.com"))
NAMES = ("Need", "Proposal", "Approval")
PLAYBOOK = Playbook("Ours", ("revenue",), tuple(Stage(name, name) for name in NAMES), (), (), ())

Told = tuple[Deal, tuple[StageEntry, ...]]


def told(owner: PersonId, number: int, status: DealStatus, *stages: str, entered: int = 60) -> tuple[Told, ...]:
    found = []
    for n in range(number):
        key = DealId(f"{owner} {status} {stages} {entered} {n}")
        close = None if status is OPEN else TODAY - timedelta(days=10)
        deal = Deal(key, owner, "deal", status, TODAY - timedelta(days=entered), close, 10_000.0)
        found.append((deal, tuple(StageEntry(key, stage, TODAY - timedelta(days=entered)) for stage in stages)))
    return tuple(found)


def weakest(*groups: tuple[Told, ...], settings: Settings = SETTINGS) -> WeakestStage | None:
    known = [one for group in groups for one in group]
    records = Records(
        PEOPLE,
        tuple(deal for deal, _ in known),
        stage_history=tuple(entry for _, entries in known for entry in entries),
    )
    book = GroundBook(records, TODAY, settings)
    return ConversionBook(book, first_entries(records, PLAYBOOK, TODAY), PLAYBOOK).weakest(book.of(ANN))


THEIRS = (
    *told(BOB, 20, WON, "Need", "Proposal", "Approval"),
    *told(BOB, 10, LOST, "Need", "Proposal", "Approval"),
    *told(BOB, 10, LOST, "Need"),
)
"""30 of 40 went on from Need, 30 of 30 from Proposal; 20 of 30 were won from Approval."""


def test_the_stage_s_dollars_are_the_missing_deals_at_their_later_chance_and_size():
    found = weakest(THEIRS, told(ANN, 12, LOST, "Need"), told(ANN, 8, WON, "Need", "Proposal", "Approval"))
    assert found is not None
    assert (found.position, found.stage, found.decided, found.passed) == (1, "Need", 20, 8)
    assert found.conversion == pytest.approx((8 + 20 * 0.75) / 40)
    assert found.pool == 0.75
    won_after = (8 + 20 * 20 / 30) / 28
    assert found.dollars == pytest.approx(20 * (0.75 - found.conversion) * won_after * 10_000)
    assert found.sentence == (
        "Need is where most can be won back: 8 of your 20 deals went on from there, fewer than of deals like yours, "
        "and closing that gap is worth about $27k a year."
    )


def test_of_two_weak_stages_the_one_that_costs_more_is_told():
    found = weakest(
        THEIRS,
        told(ANN, 3, LOST, "Need"),
        told(ANN, 9, LOST, "Need", "Proposal"),
        told(ANN, 3, WON, "Need", "Proposal", "Approval"),
    )
    assert found is not None
    assert found.stage == "Proposal"


def test_a_rep_who_is_behind_nowhere_has_no_weakest_stage():
    assert weakest(THEIRS, told(ANN, 20, WON, "Need", "Proposal", "Approval")) is None


def test_without_stage_history_there_is_none():
    assert weakest(told(ANN, 20, LOST), told(BOB, 40, WON)) is None


def test_four_decided_deals_are_too_few_and_five_are_enough():
    theirs = told(BOB, 40, WON, "Need", "Proposal", "Approval")
    own_word = Settings(prior_few_reps=5)  # a few own deals say so much that four could be worth one
    assert weakest(theirs, told(ANN, 4, LOST, "Need"), settings=replace(own_word, loss_min=4)) is not None
    assert weakest(theirs, told(ANN, 4, LOST, "Need"), settings=own_word) is None
    assert weakest(theirs, told(ANN, 5, LOST, "Need"), settings=own_word) is not None


def test_a_stage_that_costs_less_than_one_typical_deal_a_year_is_not_told():
    theirs = told(BOB, 40, WON, "Need", "Proposal", "Approval")
    exactly = weakest(theirs, told(ANN, 5, LOST, "Need"))
    assert exactly is not None, "5 deals, each a fifth less likely to go on, are one deal"
    assert exactly.dollars == pytest.approx(10_000)
    assert weakest(THEIRS, told(ANN, 5, LOST, "Need")) is None, "three quarters of theirs went on: half a deal"


def test_thirty_decided_deals_of_the_pool_are_needed():
    mine = told(ANN, 9, LOST, "Need", "Proposal", "Approval")
    assert weakest(mine, told(BOB, 29, WON, "Approval")) is None
    assert weakest(mine, told(BOB, 30, WON, "Approval")) is not None


def test_a_deal_that_is_still_open_in_a_stage_is_not_decided_there():
    mine = told(ANN, 12, LOST, "Need")
    assert weakest(THEIRS, mine, told(ANN, 50, OPEN, "Need")) == weakest(THEIRS, mine)
    moved = weakest(THEIRS, mine, told(ANN, 2, OPEN, "Need", "Proposal"))
    assert moved is not None
    assert (moved.decided, moved.passed) == (14, 2)


def test_a_deal_that_fell_back_counts_by_the_furthest_stage_it_reached():
    found = weakest(THEIRS, told(ANN, 9, LOST, "Need", "Approval", "Proposal"))
    assert found is not None
    assert (found.stage, found.decided, found.passed) == ("Approval", 9, 0)


def test_entries_of_a_year_count():
    assert weakest(THEIRS, told(ANN, 12, LOST, "Need", entered=364)) is not None
    assert weakest(THEIRS, told(ANN, 12, LOST, "Need", entered=365)) is None


def test_stages_that_the_playbook_does_not_know_are_left_out():
    assert weakest(THEIRS, told(ANN, 9, LOST, "Somewhere")) is None


def test_all_that_stands_out_is_told_with_the_dollars_first():
    known = [*THEIRS, *told(ANN, 12, LOST, "Need")]
    records = Records(
        PEOPLE,
        tuple(replace(deal, lost_reason="Price" if deal.owner == ANN else "Timing") for deal, _ in known),
        stage_history=tuple(entry for _, entries in known for entry in entries),
    )
    book = GroundBook(records, TODAY, SETTINGS)
    checks = EfficiencyBook(book, Standings(PLAYBOOK, {}, frozenset()), first_entries(records, PLAYBOOK, TODAY))
    found = checks.of(book.of(ANN), {})
    assert found.weakest_stage is not None
    assert found.sentences == (found.weakest_stage.sentence, found.losses[0].sentence)
    nothing = checks.of(book.of(BOB), {})
    assert nothing.weakest_stage is None


ROWS = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from([OPEN, WON, LOST]), st.sets(st.sampled_from(NAMES))),
    min_size=10,
    max_size=60,
)


@settings(max_examples=30)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing_and_dollars_are_at_least_a_deal(rows, shuffle):
    known = []
    for n, (person, status, stages) in enumerate(rows):
        ((deal, entries),) = told(person.id, 1, status, *sorted(stages))
        key = DealId(str(n))
        known.append((replace(deal, id=key), tuple(replace(entry, deal=key) for entry in entries)))
    turned = known.copy()
    shuffle.shuffle(turned)
    found = weakest(THEIRS, tuple(known))
    assert found == weakest(tuple(turned), THEIRS)
    if found is not None:
        assert found.dollars >= 10_000 - 1e-5
        assert found.passed / found.decided < found.pool
