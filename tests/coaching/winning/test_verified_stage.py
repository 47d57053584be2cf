"""How far a customer has really come, whatever the CRM claims."""

from dataclasses import replace
from datetime import date, timedelta

import hypothesis
import pytest
from hypothesis import strategies as st

from bot.coaching.playbook import Playbook, Stage, VerifierKind
from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records, Verifier
from bot.coaching.winning.verified_stage import Standing, Standings, crm_position, own_people, standing, verified_on

TODAY = date(2026, 3, 31)
ACME = Deal(DealId("acme"), PersonId("ann"), "Acme", DealStatus.OPEN, stage="Approved")
TOLLS = {
    "Discover": ("meeting",),
    "Demo": ("data supplied",),
    "Proposal": ("access",),
    "Approved": ("closure plan",),
}
PLAYBOOK = Playbook(
    name="Article",
    outcomes=("Won",),
    stages=tuple(
        Stage(name, "Won", tuple(VerifierKind(key, key) for key in toll), crm=(name.upper() + "!",))
        for name, toll in TOLLS.items()
    ),
    activities=(),
    skills=(),
    resources=(),
)


def given(key: str, **known) -> Verifier:
    return Verifier(
        **{"deal": ACME.id, "key": key, "given_by": "Carla Customer", "given_on": date(2026, 3, 1), **known}
    )


ALL_BUT_THE_PLAN = (given("meeting"), given("data supplied"), given("access"))


def stand(*verifiers: Verifier, deal: Deal = ACME, on: date = TODAY, own: frozenset[str] = frozenset()) -> Standing:
    return standing(deal, verifiers, PLAYBOOK, on, own)


def test_the_articles_example_marked_approved_without_a_closure_plan_is_proposal() -> None:
    found = stand(*ALL_BUT_THE_PLAN)
    assert (found.verified, found.verified_name) == (3, "Proposal")
    assert found.gap == 1
    assert [kind.name for kind in found.next_toll] == ["closure plan"]
    assert found.next_stage is not None
    assert found.next_stage.name == "Approved"


def test_with_every_toll_paid_nothing_is_missing() -> None:
    found = stand(*ALL_BUT_THE_PLAN, given("closure plan"))
    assert (found.verified, found.gap, found.next_toll, found.unpaid) == (4, 0, (), ())
    assert found.next_stage is None


def test_a_skipped_toll_holds_the_deal_back_and_later_ones_are_listed_with_it() -> None:
    found = stand(given("meeting"), given("access"))
    assert found.verified_name == "Discover"
    assert [kind.name for kind in found.unpaid] == ["data supplied", "closure plan"]


def test_without_the_first_toll_no_stage_is_verified() -> None:
    found = stand(given("access"))
    assert (found.verified, found.verified_name) == (0, None)


def test_a_customer_ahead_of_the_crm_is_a_negative_gap() -> None:
    found = stand(*ALL_BUT_THE_PLAN, deal=replace(ACME, stage="Demo"))
    assert found.gap == -1
    assert found.unpaid == ()


def test_a_stage_the_playbook_does_not_know_has_no_gap() -> None:
    found = stand(given("meeting"), deal=replace(ACME, stage="Limbo"))
    assert (found.crm, found.gap, found.unpaid) == (None, None, ())


def test_an_empty_toll_is_paid() -> None:
    free = replace(PLAYBOOK, stages=(replace(PLAYBOOK.stages[0], toll=()), *PLAYBOOK.stages[1:]))
    assert standing(ACME, (), free, TODAY, frozenset()).verified_name == "Discover"


def test_a_reps_own_note_is_no_verifier() -> None:
    people = (Person(PersonId("ann"), "Ann Rep", "ann@example.com"),)
    own = own_people(Records(people=people))
    for author in ("Ann Rep", "ANN@example.com ", "ann", " "):
        assert stand(given("meeting", given_by=author), own=own).verified == 0, author
    assert stand(given("meeting"), own=own).verified == 1


@pytest.mark.parametrize(
    ("known", "last_good_day"),
    [
        ({"expires_on": TODAY}, TODAY),
        ({"withdrawn_on": TODAY}, TODAY - timedelta(days=1)),
    ],
)
def test_an_expired_or_withdrawn_verifier_reopens_the_toll(known: dict, last_good_day: date) -> None:
    verifier = given("meeting", **known)
    assert stand(verifier, on=last_good_day).verified == 1
    assert stand(verifier, on=last_good_day + timedelta(days=1)).verified == 0


def test_a_verifier_counts_from_the_day_it_is_given() -> None:
    verifier = given("meeting", given_on=TODAY)
    assert stand(verifier, on=TODAY).verified == 1
    assert stand(verifier, on=TODAY - timedelta(days=1)).verified == 0


def test_the_playbook_may_say_how_long_a_kind_of_verifier_lasts() -> None:
    kind = replace(PLAYBOOK.stages[0].toll[0], expires_after_days=30)
    short = replace(PLAYBOOK, stages=(replace(PLAYBOOK.stages[0], toll=(kind,)), *PLAYBOOK.stages[1:]))
    verifier = given("meeting", given_on=TODAY - timedelta(days=30))
    assert standing(ACME, (verifier,), short, TODAY, frozenset()).verified == 1
    assert standing(ACME, (verifier,), short, TODAY + timedelta(days=1), frozenset()).verified == 0


def test_another_deals_verifier_does_not_count() -> None:
    assert stand(given("meeting", deal=DealId("other"))).verified == 0


def test_crm_names_match_without_case_blanks_and_punctuation() -> None:
    assert crm_position(" pro-posal ", PLAYBOOK) == 3
    assert crm_position("APPROVED!", PLAYBOOK) == 4
    assert crm_position("", PLAYBOOK) is None


def test_a_stage_is_verified_on_the_day_its_last_toll_was_paid() -> None:
    late = (given("meeting"), given("data supplied", given_on=date(2026, 3, 20)), given("access"))
    found = stand(*late)
    assert verified_on(found, late, TODAY, frozenset()) == date(2026, 3, 20)
    assert verified_on(stand(), (), TODAY, frozenset()) is None


def test_evidence_given_twice_pays_on_the_first_day() -> None:
    twice = (given("meeting", given_on=date(2026, 3, 20)), given("meeting"))
    assert verified_on(stand(*twice), twice, TODAY, frozenset()) == date(2026, 3, 1)


@hypothesis.given(st.lists(st.sampled_from([key for toll in TOLLS.values() for key in toll]), max_size=4))
def test_the_name_asked_for_alone_is_that_of_the_whole_standing(keys: list[str]) -> None:
    known = Standings(PLAYBOOK, {ACME.id: [given(key) for key in keys]}, frozenset())
    name = stand(*map(given, keys)).verified_name
    assert known.verified_name(ACME, TODAY) == known.of(ACME, TODAY).verified_name == name
