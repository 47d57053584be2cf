"""Which deals decide the goal, and what their customers still have to give."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from bot.coaching.basis.ground import Ground, OpenDeal
from bot.coaching.basis.ground_book import ground_for
from bot.coaching.basis.win_curve import HORIZON, WinCurve
from bot.coaching.playbook import Playbook, Stage, VerifierKind
from bot.coaching.records import Deal, DealId, DealStatus, PeriodGoal, Person, PersonId, Records, Verifier
from bot.coaching.settings import Settings
from bot.coaching.winning.must_win import Winnable, deal_sentence, listed, winnable
from bot.coaching.winning.stage_curves import on_stage_curves
from bot.coaching.winning.verified_stage import own_people, standing, verifiers_by_deal

TODAY = date(2026, 2, 19)
QUARTER_END = date(2026, 3, 31)
ANN = PersonId("ann")
SETTINGS = Settings(spread=0.0, chance_cap=1.0)
TOLLS = {
    "Discover": "a first meeting",
    "Demo": "their own data",
    "Proposal": "access to the decision-maker",
    "Approved": "a closure plan",
}
PLAYBOOK = Playbook(
    name="Article",
    outcomes=("Won",),
    stages=tuple(
        Stage(name, "Won", (VerifierKind(verifier, verifier),), probability=(number + 1) * 0.2)
        for number, (name, verifier) in enumerate(TOLLS.items())
    ),
    activities=(),
    skills=(),
    resources=(),
)
GOAL = PeriodGoal(ANN, date(2026, 1, 1), QUARTER_END, 80_000)


def flat(chance: float) -> WinCurve:
    """A curve on which every deal open on day 0 is won by day 1 with ``chance``, and nothing happens after."""
    won = np.full(HORIZON + 1, chance)
    won[0] = 0.0
    return WinCurve(won, np.zeros(HORIZON + 1))


def an_open(name: str, amount: float, *, stage: str = "Approved", age: int = 0) -> OpenDeal:
    deal = Deal(DealId(name.lower()), ANN, name, DealStatus.OPEN, TODAY - timedelta(days=age), stage=stage)
    return OpenDeal(deal, age, amount, stale=False)


def a_ground(*deals: OpenDeal, curve: WinCurve, awesome: float | None = None, won: Sequence[Deal] = ()) -> Ground:
    rep = Person(ANN, "Ann Rep", "ann@example.com", awesome=awesome)
    bare = ground_for(ANN, Records(people=(rep,)), TODAY, SETTINGS)
    return replace(bare, rep=rep, curve=curve, open_deals=deals, closed_deals=tuple(won), starts_per_week=0.0)


def given(deal: str, *verifiers: str) -> tuple[Verifier, ...]:
    return tuple(Verifier(DealId(deal), key, "Carla Customer", date(2026, 2, 1)) for key in verifiers)


def topic(
    ground: Ground,
    *verifiers: Verifier,
    goals: tuple[PeriodGoal, ...] = (GOAL,),
    curves: dict[int, WinCurve] | None = None,
    playbook: Playbook = PLAYBOOK,
) -> Winnable:
    records = Records(people=(ground.rep,), goals=goals, verifiers=verifiers)
    by_deal, own = verifiers_by_deal(records), own_people(records)
    standings = {
        known.deal.id: standing(known.deal, by_deal.get(known.deal.id, ()), playbook, TODAY, own)
        for known in ground.open_deals
    }
    sighted = on_stage_curves(ground, curves or {}, standings, by_deal, own)
    return winnable(sighted, records, standings, curves or {}, SETTINGS)


ALL_BUT_THE_PLAN = given("acme", "a first meeting", "their own data", "access to the decision-maker")


def test_the_articles_sentence_comes_out_word_for_word() -> None:
    found = topic(a_ground(an_open("Acme", 80_000), curve=flat(0.25)), *ALL_BUT_THE_PLAN)
    (acme,) = found.must_wins
    assert deal_sentence(replace(acme, swing=0.25), found.target) == (
        "Acme moves your chance of making the quarter by 25 points; it is marked Approved, but the customer "
        "hasn't given a closure plan, so we treat it as Proposal."
    )


def test_the_deal_that_decides_the_goal_is_a_must_win() -> None:
    ground = a_ground(an_open("Acme", 80_000), an_open("Tiny", 100), curve=flat(0.5))
    found = topic(ground)
    assert [one.deal.deal.name for one in found.must_wins] == ["Acme"]
    assert found.must_wins[0].swing == pytest.approx(1.0)
    assert found.hit == pytest.approx(0.5)
    assert found.sentence == (
        "One deal decides your quarter. Counting open deals and your usual pace, you make it in about 50 of 100 cases."
    )


def test_a_swing_of_ten_points_is_enough_and_less_is_not() -> None:
    for swing, decides in ((0.1001, True), (0.0999, False)):
        certain = a_ground(an_open("Big", 80_000), an_open("Other", 80_000), curve=flat(1 - swing))
        assert bool(topic(certain).must_wins) is decides, swing


def test_at_most_three_deals_are_must_wins_largest_swing_first() -> None:
    deals = [an_open(f"Deal {number}", 20_000 + number) for number in range(5)]
    found = topic(a_ground(*deals, curve=flat(0.9)))
    swings = [one.swing for one in found.must_wins]
    assert len(swings) == 3
    assert swings == sorted(swings, reverse=True)


def test_where_no_deal_decides_those_with_the_most_valuable_next_verifier_are_reviewed() -> None:
    deals = [an_open(f"Deal {number}", 1_000.0 * number, stage="Demo") for number in range(1, 6)]
    verifiers = [verifier for number in range(1, 6) for verifier in given(f"deal {number}", "a first meeting")]
    found = topic(a_ground(*deals, curve=flat(0.1)), *verifiers)
    assert found.must_wins == ()
    assert [one.deal.deal.name for one in found.reviewed] == ["Deal 5", "Deal 4", "Deal 3"]
    assert found.sentence.startswith("No single deal decides your quarter.")


def test_without_a_goal_no_deal_decides_and_the_rep_is_asked_to_set_one() -> None:
    found = topic(a_ground(an_open("Acme", 80_000), curve=flat(0.5)), goals=())
    assert (found.target, found.hit, found.must_wins, found.flags) == (None, None, (), ("no goal",))
    assert found.ends == QUARTER_END, "chances then run to the end of the quarter"
    assert found.sentence == "Without a goal we can't say which deals decide it: set your goal first."


NOTHING_YET = "no stage is verified yet, and first the customer would give a first meeting"
CORRECT = "everything for Demo is given, so correct the CRM"


def a_win(amount: float) -> Deal:
    return Deal(DealId("won"), ANN, "Won", DealStatus.WON, date(2026, 1, 2), date(2026, 2, 2), amount)


def test_a_reached_goal_gives_way_to_the_reps_own_awesome() -> None:
    ground = a_ground(an_open("Acme", 500_000), curve=flat(0.5), awesome=400_000, won=(a_win(90_000),))
    found = topic(ground)
    assert found.flags == ("awesome",)
    assert found.target is not None
    assert (found.target.end, found.target.remaining) == (date(2026, 12, 31), 310_000)
    assert found.sentence.startswith("One deal decides your awesome year.")


def test_a_reached_goal_without_an_awesome_is_certain() -> None:
    found = topic(a_ground(an_open("Acme", 500_000), curve=flat(0.5), won=(a_win(90_000),)))
    assert (found.hit, found.must_wins) == (1.0, ())
    assert found.sentence == "Your quarter's goal is reached, so no single deal decides it: what's next?"


def test_the_next_verifier_is_worth_what_the_crms_probabilities_say() -> None:
    found = topic(a_ground(an_open("Acme", 80_000), curve=flat(0.3)), *ALL_BUT_THE_PLAN)
    (acme,) = found.likeliest
    assert acme.verifier_value == pytest.approx(80_000 * 0.3 * (0.8 / 0.6 - 1))


def test_with_stage_curves_a_deal_uses_that_of_its_verified_stage() -> None:
    ground = a_ground(an_open("Acme", 80_000), curve=flat(0.3))
    found = topic(ground, *ALL_BUT_THE_PLAN, curves={3: flat(0.0), 4: flat(0.6)})
    (acme,) = found.likeliest
    assert acme.chance == 0.0, "18 days after it was verified nothing is won on this curve"
    assert acme.verifier_value == pytest.approx(80_000 * 0.6)


def test_a_deal_without_a_verified_stage_stays_on_the_reps_own_curve_and_claims_no_dollars() -> None:
    found = topic(a_ground(an_open("Acme", 80_000), curve=flat(0.3)), curves={1: flat(0.6), 2: flat(0.7)})
    assert (found.likeliest[0].chance, found.likeliest[0].verifier_value) == (0.3, None)


def test_without_curves_or_probabilities_no_dollars_are_claimed() -> None:
    bare = replace(PLAYBOOK, stages=tuple(replace(stage, probability=None) for stage in PLAYBOOK.stages))
    found = topic(a_ground(an_open("Acme", 80_000), curve=flat(0.3)), *ALL_BUT_THE_PLAN, playbook=bare)
    assert found.likeliest[0].verifier_value is None


def test_the_last_stage_has_no_next_verifier() -> None:
    found = topic(a_ground(an_open("Acme", 80_000), curve=flat(0.3)), *given("acme", *TOLLS.values()))
    (acme,) = found.likeliest
    assert acme.verifier_value is None
    assert deal_sentence(acme, None) == "Acme is verified as Approved, and the customer has given everything."


@pytest.mark.parametrize(
    ("stage", "paid", "sentence"),
    [
        ("Demo", 1, "is marked Demo, but the customer hasn't given their own data, so we treat it as Discover"),
        ("Demo", 0, "is marked Demo, but the customer hasn't given a first meeting, so no stage is verified yet"),
        ("Discover", 1, "is verified as Discover; next the customer would give their own data"),
        ("Discover", 2, f"is marked Discover, but its customer is further: {CORRECT}"),
        ("Limbo", 0, f"is marked Limbo, which is no stage of the playbook; {NOTHING_YET}"),
        ("", 0, f"has no stage in the CRM; {NOTHING_YET}"),
    ],
)
def test_each_deal_says_what_its_customer_has_and_has_not_given(stage: str, paid: int, sentence: str) -> None:
    ground = a_ground(an_open("Acme", 80_000, stage=stage), curve=flat(0.3))
    found = topic(ground, *given("acme", *list(TOLLS.values())[:paid]), goals=())
    assert deal_sentence(found.likeliest[0], found.target) == f"Acme {sentence}."


def test_without_open_deals_there_is_none_to_win() -> None:
    found = topic(a_ground(curve=flat(0.5)))
    assert found.reviewed == ()
    assert found.hit == 0.0
    assert found.sentence.startswith("You have no open deal, so there is none to win yet.")


def test_things_are_listed_as_people_do() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
