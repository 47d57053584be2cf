"""What a rep loses deals over, told only where it stands out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.basis.ground_book import GroundBook
from bot.coaching.four_ps.losses import LossBook, LossPattern
from bot.coaching.playbook import Playbook, Stage, VerifierKind
from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records, Verifier
from bot.coaching.settings import Settings
from bot.coaching.winning.verified_stage import Standings, own_people, verifiers_by_deal

TODAY = date(2026, 3, 31)
SETTINGS = Settings()
ANN, BOB, CY = PersonId("ann"), PersonId("bob"), PersonId("cy")
PEOPLE = (
    Person(ANN, "Ann", "ann@example.com", team="east"),
    Person(BOB, "Bob", "bob@example.com", team="east"),
    Person(CY, "Cy", "cy@example.com", team="west"),
)
PLAYBOOK = Playbook(
    name="Ours",
    outcomes=("revenue",),
    stages=(
        Stage("Need", "a need", (VerifierKind("need", "need named"),)),
        Stage("Proposal", "a proposal", (VerifierKind("budget", "budget named"),)),
    ),
    activities=(),
    skills=(),
    resources=(),
)


def lost(owner: PersonId, number: int, reason: str, close: int = 10) -> tuple[Deal, ...]:
    return tuple(
        Deal(
            DealId(f"{owner} {reason} {close} {n}"),
            owner,
            "deal",
            DealStatus.LOST,
            TODAY - timedelta(days=close + 30),
            TODAY - timedelta(days=close),
            lost_reason=reason,
        )
        for n in range(number)
    )


def patterns(*groups: tuple[Deal, ...], verifiers: tuple[Verifier, ...] = ()) -> tuple[LossPattern, ...]:
    records = Records(PEOPLE, tuple(deal for group in groups for deal in group), verifiers=verifiers)
    book = GroundBook(records, TODAY, SETTINGS)
    standings = Standings(PLAYBOOK, verifiers_by_deal(records), own_people(records))
    return LossBook(book, standings).of(book.of(ANN))


def reason(*groups: tuple[Deal, ...]) -> LossPattern | None:
    return next((found for found in patterns(*groups) if found.kind == "reason"), None)


def test_a_reason_that_stands_out_is_told_without_naming_anybody():
    found = reason(lost(ANN, 6, "Price"), lost(ANN, 2, "Timing"), lost(BOB, 2, "Price"), lost(CY, 8, "Timing"))
    assert found == LossPattern(
        "reason",
        "Price",
        6,
        8,
        0.2,
        '6 of your 8 losses with a known reason were put down to "Price", more often than in deals like yours.',
    )


@pytest.mark.parametrize(("theirs", "stands_out"), [(5, False), (4, True)])
def test_a_reason_stands_out_above_one_and_a_half_times_the_pool_s_share(theirs, stands_out):
    found = reason(lost(ANN, 6, "Price"), lost(ANN, 2, "A"), lost(BOB, theirs, "Price"), lost(BOB, 10 - theirs, "B"))
    assert (found is not None) == stands_out


def test_four_losses_are_too_few_and_five_are_enough():
    theirs = lost(BOB, 10, "Timing")
    assert reason(lost(ANN, 4, "Price"), theirs) is None
    assert reason(lost(ANN, 5, "Price"), theirs) is not None


def test_five_losses_of_the_pool_are_needed_to_compare_with():
    assert reason(lost(ANN, 5, "Price"), lost(BOB, 4, "Timing")) is None


def test_losses_without_a_reason_say_nothing_of_reasons():
    theirs = lost(BOB, 10, "Timing")
    assert reason(lost(ANN, 4, "Price"), lost(ANN, 9, " "), theirs) is None


def test_losses_of_a_year_count():
    theirs = lost(BOB, 10, "Timing")
    assert reason(lost(ANN, 5, "Price", close=364), theirs) is not None
    assert reason(lost(ANN, 5, "Price", close=365), theirs) is None


def test_reasons_are_the_same_whatever_their_case_blanks_and_punctuation():
    found = reason(lost(ANN, 3, "Too expensive"), lost(ANN, 2, "too-expensive!"), lost(BOB, 10, "Timing"))
    assert found is not None
    assert (found.what, found.number) == ("Too expensive", 5)


def test_five_losses_over_five_things_are_no_pattern():
    groups = [lost(ANN, 1, word) for word in ("a", "b", "c", "d", "e")]
    assert reason(*groups, lost(BOB, 10, "Timing")) is None


def test_of_two_equally_frequent_reasons_the_rarer_elsewhere_is_told():
    found = reason(lost(ANN, 3, "Price"), lost(ANN, 3, "Timing"), lost(BOB, 3, "Price"), lost(BOB, 7, "Other"))
    assert found is not None
    assert found.what == "Timing"


def test_a_large_enough_team_is_what_a_rep_is_compared_with():
    team = lost(BOB, 100, "Price")
    assert reason(lost(ANN, 5, "Price"), team, lost(CY, 900, "Timing")) is None
    assert reason(lost(ANN, 5, "Price"), team[1:], lost(CY, 900, "Timing")) is not None


def given_for(deals: tuple[Deal, ...], key: str, close: int = 10) -> tuple[Verifier, ...]:
    return tuple(Verifier(deal.id, key, "a customer", TODAY - timedelta(days=close + 5)) for deal in deals)


def test_the_last_verified_stage_stands_out_as_of_the_day_of_the_loss():
    mine, theirs = lost(ANN, 6, ""), lost(BOB, 12, "")
    need = given_for(mine, "need")
    (found,) = patterns(mine, theirs, verifiers=need)
    assert (found.kind, found.what, found.number, found.losses, found.pool_share) == ("verified stage", "Need", 6, 6, 0)
    assert found.sentence == "6 of your 6 losses were last verified at Need, more often than in deals like yours."
    late = tuple(replace(verifier, given_on=TODAY) for verifier in need)
    assert patterns(mine, theirs, verifiers=late) == ()


def test_losing_before_anything_is_verified_can_stand_out_too():
    mine, theirs = lost(ANN, 6, ""), lost(BOB, 12, "")
    (found,) = patterns(mine, theirs, verifiers=given_for(theirs[:6], "need"))
    assert found.what == ""
    assert found.sentence == "6 of your 6 losses had no verified stage yet, more often than in deals like yours."


def test_without_verifiers_no_stage_stands_out():
    assert patterns(lost(ANN, 6, ""), lost(BOB, 12, "")) == ()


ROWS = st.lists(
    st.tuples(st.sampled_from([ANN, BOB, CY]), st.sampled_from(["Price", "price", "Timing", ""])), max_size=40
)


@settings(max_examples=30)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_losses_changes_nothing(rows, shuffle):
    deals = [replace(lost(owner, 1, reason)[0], id=DealId(str(n))) for n, (owner, reason) in enumerate(rows)]
    turned = deals.copy()
    shuffle.shuffle(turned)
    assert patterns(tuple(deals)) == patterns(tuple(turned))
