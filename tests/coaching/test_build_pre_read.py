"""What the agenda says, from an organisation's records: the same skeleton for everybody, and choices worth a yes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import playbook_file
from bot.coaching.book import Book
from bot.coaching.build_pre_read import Rhythm, build_pre_read
from bot.coaching.commitment import CoachingGoal, Fork, GoalId, GoalState, GoalTerms
from bot.coaching.goals.goal_test import Situation, check
from bot.coaching.numbers import Numbers, numbers_of
from bot.coaching.offers import gap_offer
from bot.coaching.pre_read import PreRead
from bot.coaching.records import (
    Activity,
    Deal,
    DealId,
    DealStatus,
    PeriodGoal,
    Person,
    PersonId,
    Records,
    Verifier,
)
from bot.coaching.settings import Settings
from bot.crm import maven

TODAY = date(2017, 10, 4)
MEETING = date(2017, 10, 5)
SETTINGS = Settings()
PLAYBOOK = playbook_file.load(None)
ANN, BOB = PersonId("ann"), PersonId("bob")
PEOPLE = (
    Person(ANN, "Ann", "ann@example.com", PersonId("mia")),
    Person(BOB, "Bob", "bob@example.com", PersonId("mia")),
)
RHYTHM = Rhythm(14, "flat", "We meet every 2 weeks.")
NOW = datetime(2017, 10, 4, 12, tzinfo=UTC)


def closed(owner: PersonId, number: int = 60) -> tuple[Deal, ...]:
    return tuple(
        Deal(
            DealId(f"{owner}{n}"),
            owner,
            f"Deal {n}",
            DealStatus.WON if n % 2 else DealStatus.LOST,
            TODAY - timedelta(days=300 - 4 * n),
            TODAY - timedelta(days=270 - 4 * n),
            10_000.0,
        )
        for n in range(number)
    )


ACME = Deal(DealId("acme"), ANN, "Acme", DealStatus.OPEN, date(2017, 9, 20), amount=60_000.0, stage="Approved")
SMALL = Deal(DealId("small"), ANN, "Small", DealStatus.OPEN, date(2017, 9, 25), amount=2_000.0, stage="Discovery")
ALL_BUT_THE_PLAN = tuple(
    Verifier(ACME.id, kind.key, "Carla Customer", date(2017, 9, 25))
    for stage in PLAYBOOK.stages[:3]
    for kind in stage.toll
)
GOALS = tuple(PeriodGoal(rep, date(2017, 10, 1), date(2017, 12, 31), 120_000.0) for rep in (ANN, BOB))


def an_organisation(**changes) -> Records:
    facts = {
        "people": PEOPLE,
        "deals": (*closed(ANN), *closed(BOB), ACME, SMALL),
        "goals": GOALS,
        "verifiers": ALL_BUT_THE_PLAN,
    }
    return Records(**facts | changes)


def numbers(records: Records, rep: Person = PEOPLE[0], as_of: date = TODAY) -> Numbers:
    return numbers_of(Book(records, PLAYBOOK, as_of, SETTINGS), rep)


def agenda(
    found: Numbers,
    *goals: CoachingGoal,
    rhythm: Rhythm = RHYTHM,
    meeting: date = MEETING,
    previous: PreRead | None = None,
) -> PreRead:
    return build_pre_read(found, goals, PLAYBOOK, rhythm=rhythm, minutes=30, meeting_day=meeting, previous=previous)


def a_goal(state: GoalState = GoalState.ACTIVE, **terms) -> CoachingGoal:
    usual = {
        "fork": Fork.GAP,
        "title": "Calls",
        "item": "something else",
        "path": (),
        "number": 12,
        "unit": "calls",
        "due": date(2017, 10, 3),
        "plan": "",
        "why": "",
    }
    return CoachingGoal(
        GoalId("g"),
        ANN,
        PersonId("mia"),
        "m",
        state,
        1,
        GoalTerms(**usual | terms),
        NOW,
        active_since=date(2017, 9, 20),
    )


def offers(pre: PreRead) -> dict[Fork, GoalTerms]:
    return {terms.fork: terms for terms in pre.offers}


def the_gap(found: Numbers) -> GoalTerms:
    offer = gap_offer(found.horizons, found.finding, found.ground, PLAYBOOK, MEETING + timedelta(days=13), ())
    assert offer is not None
    return offer.terms


def test_the_must_win_deal_comes_first_with_the_activity_that_earns_its_verifier() -> None:
    first = agenda(numbers(an_organisation())).offers[0]
    assert first.fork is Fork.VERIFIER
    assert first.title == "Acme: send the decision-maker a draft closure plan and ask for edits"
    assert first.path == (
        "Win new customers",
        "Approved",
        "Send the decision-maker a draft closure plan and ask for edits",
    )
    assert (first.number, first.unit, first.deal) == (1, "drafts", ACME.id)
    assert "the customer hasn't given a closure plan, so we treat it as Proposal." in first.why


def test_what_is_chosen_is_due_the_day_before_the_next_meeting() -> None:
    pre = agenda(numbers(an_organisation()))
    assert {terms.due for terms in pre.offers} == {MEETING + timedelta(days=13)}


def test_the_past_ends_with_how_many_commitments_were_kept_once_there_are_three() -> None:
    found = numbers(an_organisation())
    done = [a_goal(GoalState.KEPT), a_goal(GoalState.KEPT), a_goal(GoalState.MISSED)]
    assert agenda(found, *done).past_sentence.endswith(" You kept 2 of your 3 commitments.")
    assert agenda(found, *done[1:]).past_sentence == found.past.figure.sentence


def test_two_choices_of_different_topics_at_most() -> None:
    pre = agenda(numbers(an_organisation()))
    assert len(pre.offers) == 2
    assert len(offers(pre)) == 2


@pytest.mark.parametrize(("active", "offered"), [(0, 2), (1, 1), (2, 0)])
def test_each_active_goal_takes_a_place(active: int, offered: int) -> None:
    pre = agenda(numbers(an_organisation()), *(a_goal() for _ in range(active)))
    assert len(pre.offers) == offered


def test_a_deal_with_a_goal_is_not_offered_again() -> None:
    pre = agenda(numbers(an_organisation()), a_goal(deal=ACME.id))
    assert all(terms.deal != ACME.id for terms in pre.offers)


def test_a_deal_that_is_there_is_not_asked_for_by_calling_new_prospects() -> None:
    pre = agenda(numbers(an_organisation(verifiers=(), deals=(*closed(ANN), *closed(BOB), ACME))))
    assert (
        offers(pre)[Fork.VERIFIER].item
        == "Send the first contact an agenda of three questions and ask for half an hour"
    )


def test_the_gap_asks_for_the_usual_calls_and_on_top_those_that_fall_before_the_due_day() -> None:
    calls = tuple(Activity(ANN, "Call", TODAY - timedelta(days=day), count=1) for day in range(2, 300))
    found = numbers(an_organisation(activities=calls))
    nearest = next(horizon for horizon in found.horizons if horizon.extra and horizon.within_reach)
    assert nearest.activities is not None
    gap = the_gap(found)
    assert found.finding is not None
    assert found.finding.reach is not None
    usual = 2 * found.finding.reach.usual
    assert gap.number == pytest.approx(min(1.1 * usual, usual + nearest.activities * 14 / nearest.days), abs=1)
    assert gap.worth is not None
    assert gap.worth.low < gap.worth.expected < gap.worth.high
    assert dict(gap.worth.inputs)["number"] == gap.number - round(usual), "dollars are those of what is more than usual"
    assert gap.why.endswith("more than usual.")


def test_without_logged_activities_the_gap_asks_for_one_a_start_and_claims_no_dollars() -> None:
    found = numbers(an_organisation())
    gap = the_gap(found)
    nearest = next(horizon for horizon in found.horizons if horizon.extra and horizon.within_reach)
    assert nearest.extra is not None
    assert gap.number == -(-nearest.extra * (gap.due - TODAY).days // nearest.days)
    assert gap.worth is None
    assert gap.why.endswith("Each takes at least one of these; how many is known once they are on record.")


def test_the_gap_never_asks_for_more_than_fits_the_rep() -> None:
    calls = tuple(Activity(ANN, "Call", TODAY - timedelta(days=7 * week), count=2) for week in range(1, 26))
    found = numbers(an_organisation(activities=calls))
    assert found.finding is not None
    assert found.finding.reach is not None
    gap = the_gap(found)
    assert found.finding.reach.most is not None
    usual = round(found.finding.reach.usual * 2)
    assert gap.number == max(usual + 1, int(found.finding.reach.most * 2))
    assert "away" in gap.why


def test_every_offer_on_the_public_data_passes_the_six_tests_of_a_coaching_goal() -> None:
    records = maven.read(Path(maven.__file__).parent.parent / "sandbox" / "data" / "maven-crm")
    book = Book(records, PLAYBOOK, TODAY, SETTINGS)
    tried = 0
    for rep in records.people:
        if rep.manager_id is None:
            continue
        found = numbers_of(book, rep)
        for terms in agenda(found).offers:
            most = None if found.finding is None or found.finding.reach is None else found.finding.reach.most
            situation = Situation(
                playbook=PLAYBOOK,
                today=MEETING,
                serves=terms.why,
                next_meeting=MEETING + timedelta(days=14),
                most=None if most is None or terms.fork is not Fork.GAP else round(2 * most),
            )
            assert check(terms, situation) == (), terms
            tried += 1
    assert tried > 60


def test_every_agenda_has_the_same_parts_also_that_of_somebody_without_any_deal() -> None:
    bare = agenda(numbers(Records(people=PEOPLE)))
    assert [row.name for row in bare.horizons] == ["month", "quarter", "year"]
    assert bare.deals == ()
    assert bare.deals_sentence.startswith("You have no open deal")
    assert bare.minutes.past + bare.minutes.win + bare.minutes.balance + bare.minutes.aspiration == 30
    assert all(sentence for sentence in (bare.past_sentence, bare.month, bare.offers_sentence, *bare.stands_on))
    assert bare.heading.sentence


def test_the_past_has_a_line_for_each_commitment_held_or_settled_in_a_month() -> None:
    old = replace(a_goal(GoalState.KEPT, title="Old"), changed_at=NOW - timedelta(days=31))
    kept = replace(a_goal(GoalState.KEPT), done=12.0)
    pre = agenda(numbers(an_organisation()), a_goal(GoalState.OFFERED), kept, old, a_goal(title="Pipeline", number=1))
    assert pre.past == ("Calls: 12 of 12 calls, kept.", "Pipeline: 0 of 1 call, under way.")


def test_the_months_priorities_stay_what_they_were_first() -> None:
    records = an_organisation()
    first = agenda(numbers(records))
    later = numbers(records, as_of=date(2017, 10, 30))
    other = replace(first, month="What was said first.", priorities=first.priorities[:1])
    assert agenda(later, previous=other, meeting=date(2017, 10, 31)).month == "What was said first."
    november = numbers(records, as_of=date(2017, 11, 1))
    assert agenda(november, previous=other, meeting=date(2017, 11, 2)).month == november.month


def test_what_is_being_built_goes_on_from_the_agenda_before() -> None:
    first = agenda(numbers(an_organisation()))
    since = date(2017, 9, 1)
    before = replace(first, heading=replace(first.heading, building_since=since))
    found = agenda(numbers(an_organisation()), previous=before)
    if found.heading.status == "building":
        assert found.heading.building_since == since


def test_where_a_conversation_is_needed_first_nothing_is_offered() -> None:
    missed = tuple(replace(a_goal(GoalState.MISSED), id=GoalId(str(n))) for n in range(4))
    pre = agenda(numbers(an_organisation(deals=(*closed(ANN, 20), *closed(BOB), SMALL))), *missed)
    assert pre.heading.status == "conversation needed"
    assert pre.offers == ()
    assert pre.offers_sentence.endswith("Nothing asks for a choice this time.")


def test_a_verifier_that_no_activity_earns_asks_for_the_playbook_to_be_completed() -> None:
    bare = replace(PLAYBOOK, activities=tuple(kind for kind in PLAYBOOK.activities if "closure_plan" not in kind.earns))
    found = numbers_of(Book(an_organisation(), bare, TODAY, SETTINGS), PEOPLE[0])
    pre = build_pre_read(found, (), bare, rhythm=RHYTHM, minutes=30, meeting_day=MEETING, previous=None)
    assert pre.deals_sentence.endswith("No activity in the playbook earns a closure plan: your manager can add one.")


def test_a_years_goal_says_what_the_month_has_to_bring() -> None:
    year = PeriodGoal(ANN, date(2017, 1, 1), date(2017, 12, 31), 400_000.0)
    found = numbers(an_organisation(goals=(*GOALS, year)))
    assert found.plan is not None
    assert sum(month.amount for month in found.plan.months) == pytest.approx(400_000.0)
    assert agenda(found).plan.startswith(
        "Each month gets its part of what is left of the year's goal, by its working days."
    )
    assert "October's part is $" in agenda(found).plan
    assert agenda(numbers(an_organisation())).plan == ""


def test_a_minute_goes_to_the_topic_whose_fork_is_worth_most() -> None:
    calls = tuple(Activity(ANN, "Call", TODAY - timedelta(days=day), count=10) for day in range(2, 300))
    pre = agenda(numbers(an_organisation(activities=calls)))
    assert pre.minutes.past == 3
    assert min(pre.minutes.win, pre.minutes.balance, pre.minutes.aspiration) >= 5


def test_where_nobody_ever_recorded_a_verifier_no_deal_counts_as_over_staged() -> None:
    without, recorded = numbers(an_organisation(verifiers=())), numbers(an_organisation())
    assert without.efficiency.health.over_staged is None
    assert recorded.efficiency.health.over_staged is not None
    assert all("marked further along" not in check for check in agenda(without).checks)


def test_beside_what_the_meeting_looks_at_come_the_likeliest_deals_up_to_ten_in_all() -> None:
    rep = PEOPLE[0].id
    many = tuple(
        Deal(DealId(f"more-{n:02}"), rep, f"More {n}", DealStatus.OPEN, date(2017, 9, 1), amount=1_000.0 + n)
        for n in range(12)
    )
    records = an_organisation()
    found = numbers(replace(records, deals=(*records.deals, *many)))
    pre = agenda(found)
    reviewed = {one.deal for one in pre.deals}
    others = [one.deal.deal.id for one in found.winnable.likeliest if one.deal.deal.id not in reviewed]
    assert len(pre.deals) + len(pre.more_deals) == 10
    assert [one.deal for one in pre.more_deals] == others[: len(pre.more_deals)]
