"""What a commitment is worth in dollars, and how sure that is."""

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.aspirations.worth import (
    Chain,
    Link,
    activity_link,
    activity_worth,
    for_number,
    skill_worth,
    two_digits,
    win_link,
)
from bot.coaching.basis.ground import Ground
from bot.coaching.basis.ground_book import ground_for
from bot.coaching.basis.rates import rate
from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records
from bot.coaching.settings import Settings

SETTINGS = Settings()
TODAY = date(2026, 3, 31)
STARTS = Link("starts per discovery call", 0.25, 25)
WINS = Link("wins per start", 0.30, 30)
CHAIN = Chain((STARTS, WINS), 20_000)
FEW = Chain((replace(STARTS, seen=2), WINS), 20_000)
LINKS = st.builds(Link, st.sampled_from(("a", "b", "c")), st.floats(0.001, 5), st.floats(1, 1e4))
CHAINS = st.builds(
    Chain, st.lists(LINKS, min_size=1, max_size=3, unique_by=lambda link: link.name).map(tuple), st.floats(1, 1e6)
)


def worth_of(claim):
    assert claim.worth is not None
    assert claim.worth.sentence == claim.sentence
    return claim.worth


def calls(number: int, chain: Chain = CHAIN):
    return activity_worth(number, "discovery calls", chain, SETTINGS)


def test_twelve_more_discovery_calls_are_worth_18k_13k_to_24k():
    worth = worth_of(calls(12))
    factor = math.exp(1.2816 * math.sqrt(0.75 / 25 + 0.70 / 30))
    assert worth.expected == pytest.approx(18_000)
    assert (worth.low, worth.high) == (pytest.approx(18_000 / factor), pytest.approx(18_000 * factor))
    assert worth.sentence == (
        "12 more discovery calls this month are worth about $18k (13k to 24k) if they go like your usual ones."
    )


def test_every_input_is_listed_by_a_name_that_can_be_read():
    assert worth_of(calls(12)).inputs == (
        ("number", 12),
        ("starts per discovery call", 0.25),
        ("starts per discovery call: seen", 25),
        ("wins per start", 0.30),
        ("wins per start: seen", 30),
        ("typical deal size", 20_000),
    )


def test_one_more_is_told_in_the_singular():
    assert calls(1).sentence == (
        "1 more of your discovery calls this month is worth about $1.5k (1.1k to 2.0k) if it goes like your usual ones."
    )


def test_other_currencies_and_times_are_told_as_given():
    said = activity_worth(12, "demos", replace(CHAIN, currency="EUR"), SETTINGS, when="by 14 May").sentence
    assert said == "12 more demos by 14 May are worth about €18k (13k to 24k) if they go like your usual ones."


def test_a_range_too_wide_shows_no_middle_and_says_after_how_many_more():
    worth = worth_of(calls(12, FEW))
    assert worth.expected == pytest.approx(18_000)
    assert worth.high > 2 * worth.expected
    assert worth.sentence == (
        "12 more discovery calls this month are worth between $8.0k and $40k if they go like your usual ones; "
        "we'll know better after 4 more."
    )


def test_a_factor_of_exactly_two_is_still_shown_with_its_middle():
    seen = 0.75 / (math.log(2) / 1.2816) ** 2
    assert "about" in calls(12, Chain((Link("starts per call", 0.25, seen * 1.0001),), 1.0)).sentence
    assert "between" in calls(12, Chain((Link("starts per call", 0.25, seen * 0.9999),), 1.0)).sentence


def test_a_rate_above_one_is_as_doubtful_as_a_count():
    worth = worth_of(calls(1, Chain((Link("meetings per event", 3.0, 16),), 1.0)))
    assert worth.high / worth.expected == pytest.approx(math.exp(1.2816 / 4))


def test_a_rate_of_exactly_one_leaves_no_doubt():
    worth = worth_of(calls(3, Chain((Link("starts per call", 1.0, 5),), 100.0)))
    assert worth.low == worth.expected == worth.high == 300


@pytest.mark.parametrize(
    ("chain", "why"),
    [
        (Chain((STARTS, WINS), 0.0), "nothing has been won yet to know a deal's size from"),
        (Chain((), 1.0), "nothing in the playbook leads from it to a win"),
        (Chain((replace(STARTS, rate=None), WINS), 1.0), "there is too little record yet of starts per discovery call"),
        (Chain((STARTS, replace(WINS, rate=0.0)), 1.0), "there is too little record yet of wins per start"),
        (Chain((STARTS, replace(WINS, seen=0.99)), 1.0), "there is too little record yet of wins per start"),
    ],
)
def test_what_cant_be_priced_claims_no_dollars_and_says_why(chain, why):
    claims = [calls(12, chain), *(skill_worth(5, on.name, 20, "calls", chain, SETTINGS) for on in chain.links)]
    assert {(claim.worth, claim.sentence) for claim in claims} == {(None, f"No dollars are claimed: {why}.")}


def test_asking_for_nothing_more_claims_nothing():
    assert calls(0).worth is None
    assert skill_worth(0, STARTS.name, 20, "discovery calls", CHAIN, SETTINGS).worth is None


def test_a_skill_is_worth_its_points_times_the_other_links():
    claim = skill_worth(5, STARTS.name, 20, "discovery calls", CHAIN, SETTINGS)
    worth = worth_of(claim)
    assert worth.expected == pytest.approx(20 * 0.05 * 0.30 * 20_000)
    assert worth.high / worth.expected == pytest.approx(math.exp(1.2816 * math.sqrt(0.70 / 30)))
    assert claim.sentence == (
        "5 more points on starts per discovery call are worth about $6.0k (4.9k to 7.3k) a month over 20 "
        "discovery calls, if the new ones go like your usual ones."
    )


def test_a_skill_lists_its_points_and_leaves_the_practised_link_out_of_the_inputs():
    assert worth_of(skill_worth(5, STARTS.name, 20, "discovery calls", CHAIN, SETTINGS)).inputs == (
        ("points", 5),
        ("usual discovery calls a month", 20),
        ("wins per start", 0.30),
        ("wins per start: seen", 30),
        ("typical deal size", 20_000),
    )


def test_a_skill_may_work_on_the_last_link():
    worth = worth_of(skill_worth(1, WINS.name, 20, "discovery calls", CHAIN, SETTINGS))
    assert worth.expected == pytest.approx(20 * 0.25 * 0.01 * 20_000)
    assert worth.sentence.startswith("1 more point on wins per start is worth about $1.0k")


def test_a_skill_whose_activity_is_never_done_claims_nothing():
    claim = skill_worth(5, STARTS.name, 0, "discovery calls", CHAIN, SETTINGS)
    assert claim.worth is None
    assert claim.sentence == "No dollars are claimed: the last 28 days have no discovery calls to go by."


def test_a_link_that_the_chain_hasnt_is_a_mistake():
    with pytest.raises(KeyError):
        skill_worth(5, "meetings per email", 20, "emails", CHAIN, SETTINGS)


def test_no_sentence_says_will():
    claims = (calls(1), calls(12), calls(12, FEW), skill_worth(5, WINS.name, 20, "discovery calls", FEW, SETTINGS))
    assert all("will" not in claim.sentence and "like your usual ones" in claim.sentence for claim in claims)


@given(st.integers(1, 500), CHAINS)
def test_the_range_holds_the_expected_and_is_even_on_a_log_scale(number, chain):
    worth = worth_of(activity_worth(number, "calls", chain, SETTINGS))
    assert 0 < worth.low <= worth.expected <= worth.high
    assert worth.low * worth.high == pytest.approx(worth.expected**2)
    assert worth.expected == pytest.approx(number * math.prod(link.rate for link in chain.links) * chain.deal_size)


@given(CHAINS, st.floats(1, 100))
def test_more_evidence_never_widens_the_range(chain, more):
    firmer = replace(chain, links=tuple(replace(link, seen=link.seen * more) for link in chain.links))
    assert worth_of(calls(9, firmer)).high <= worth_of(calls(9, chain)).high * (1 + 1e-9)


@given(CHAINS)
def test_after_the_promised_number_the_range_can_be_told(chain):
    said = worth_of(calls(9, chain)).sentence
    if "between" in said:
        more = int(said.split("after ")[1].split(" more")[0].replace(",", ""))
        assert "between" not in calls(9, after(chain, more)).sentence
        assert "between" in calls(9, after(chain, more - 1)).sentence


def after(chain: Chain, number: int) -> Chain:
    """Return the chain once ``number`` more of the activity went as usual."""
    reached, links = float(number), []
    for link in chain.links:
        reached *= link.rate or 0.0
        links.append(replace(link, seen=link.seen + reached))
    return replace(chain, links=tuple(links))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, 0),
        (13_389, 13_000),
        (24_500, 25_000),
        (99_500, 100_000),
        (104_999, 100_000),
        (7.25, 7.3),
        (-18_499, -18_000),
    ],
)
def test_two_digits_are_shown_halves_up(value, shown):
    assert two_digits(value) == pytest.approx(shown)


def test_a_rate_per_activity_brings_its_priors_outcomes():
    assert activity_link("starts per call", rate(6, 40, 0.20, SETTINGS)) == Link("starts per call", 11 / 65, 11)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def some_deals(owner: str, won: int, lost: int, still_open: int) -> tuple[Deal, ...]:
    """Return deals started 200 days ago; those closed took 30 days."""
    statuses = [DealStatus.WON] * won + [DealStatus.LOST] * lost + [DealStatus.OPEN] * still_open
    return tuple(
        Deal(
            DealId(f"{owner}-{number}"),
            PersonId(owner),
            "deal",
            status,
            ago(200 if status is not DealStatus.OPEN else 20),
            None if status is DealStatus.OPEN else ago(170),
            1_000.0,
        )
        for number, status in enumerate(statuses)
    )


def ground(*deals: Deal) -> Ground:
    people = tuple(Person(PersonId(name), name, f"{name}@example.com") for name in ("ann", "bob"))
    return ground_for(PersonId("ann"), Records(people=people, deals=deals), TODAY, SETTINGS)


def test_behind_a_curve_without_open_deals_are_the_own_wins_and_the_priors():
    known = ground(*some_deals("ann", 8, 12, 0), *some_deals("bob", 30, 70, 0))
    link = win_link(known)
    assert known.m == 20
    assert link.rate == pytest.approx((8 + 20 * 0.3) / 40)
    assert link.seen == pytest.approx(8 + 20 * 0.3)


def test_wins_that_a_curve_only_foresees_of_open_deals_arent_evidence():
    known = ground(*some_deals("ann", 8, 12, 40), *some_deals("bob", 30, 70, 0))
    link = win_link(known)
    assert link.rate == pytest.approx((60 * 0.4 + 20 * 0.3) / 80)
    assert link.seen == pytest.approx(8 + 20 * 0.3)


def test_inside_a_window_only_what_is_won_within_it_counts():
    known = ground(*some_deals("ann", 8, 12, 0), *some_deals("bob", 30, 70, 0))
    assert win_link(known, 29).rate == 0
    assert win_link(known, 30).rate == win_link(known).rate
    assert win_link(known, 30).name == "wins per start within 30 days"


def test_an_assumed_curve_says_so_and_has_only_the_prior_behind_it():
    link = win_link(ground())
    assert link.name == "wins per start (assumed)"
    assert link.seen == pytest.approx(20 * link.rate)


def test_another_number_is_worth_in_proportion_to_what_is_more_than_usual():
    worth = worth_of(calls(12))
    fewer = for_number(worth, 40, 34)
    assert fewer is not None
    assert fewer.expected == pytest.approx(worth.expected / 2)
    assert (fewer.low, fewer.high) == pytest.approx((worth.low / 2, worth.high / 2))
    assert dict(fewer.inputs)["number"] == 6
    assert for_number(fewer, 34, 40).expected == pytest.approx(worth.expected)


def test_with_nothing_more_than_usual_left_no_dollars_are_claimed():
    worth = worth_of(calls(12))
    assert for_number(worth, 40, 28) is None
    assert for_number(worth, 40, 29) is not None


def test_dollars_that_come_from_no_number_stay():
    worth = worth_of(skill_worth(2, WINS.name, 10, "starts", Chain((WINS,), 20_000), SETTINGS))
    assert for_number(worth, 2, 4) is worth
