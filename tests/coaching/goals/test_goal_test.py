"""The six tests of a coaching goal, and the nearest goal that passes them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.commitment import Fork, GoalTerms, Worth
from bot.coaching.goals.convert_goal import Way, acts_for, nearest_valid
from bot.coaching.goals.goal_test import GoalTest, Situation, check, day_words, goal_path, is_own, last_day
from bot.coaching.playbook import ActivityKind, Playbook, Resource, Skill, Stage, VerifierKind
from bot.coaching.records import DealId

TODAY = date(2026, 6, 29)  # a Monday
THURSDAY = TODAY + timedelta(days=3)
PLAN = VerifierKind("closure_plan", "Closure plan agreed", "CFO")
MEETING = VerifierKind("meeting", "Meeting booked")
PLAYBOOK = Playbook(
    name="Ours",
    outcomes=("New revenue",),
    stages=(Stage("Discover", "New revenue", (MEETING,)), Stage("Approved", "New revenue", (PLAN,))),
    activities=(
        ActivityKind("Cold call", "calls", "Discover", earns=("meeting",), finds=True),
        ActivityKind("Discovery call", "calls", "Discover"),
        ActivityKind("Closure plan", "plans", "Approved", earns=("closure_plan",)),
        ActivityKind("Coffee meeting", "meetings", "Discover"),
    ),
    skills=(
        Skill("Closing questions", ("Closure plan",), "win rate", "role-play"),
        Skill("Pricing role-play", ("Discovery call",), "size", ""),
    ),
    resources=(Resource("Win room", ("Closing questions",)),),
)
CALLS_PATH = ("New revenue", "Discover", "Cold call")
PLAN_PATH = ("New revenue", "Approved", "Closure plan")
DRAFT = GoalTerms(
    fork=Fork.GAP,
    title="20 calls",
    item="Cold call",
    path=CALLS_PATH,
    number=20,
    unit="calls",
    due=TODAY + timedelta(days=28),
    plan="Tuesdays at nine, at my desk",
    why="They close the gap of the quarter.",
    worth=Worth(18_000, 13_000, 24_000, (), ""),
)
SITUATION = Situation(PLAYBOOK, TODAY, "the gap of the quarter")
CALLS = Way("Cold call", "calls", "the gap of the quarter", rate=0.12)
SEND_PLAN = Way("Closure plan", "plans", "the closure plan of Acme", title="send Acme a closure plan")


def failed(terms: GoalTerms, situation: Situation = SITUATION) -> list[GoalTest]:
    return [failure.test for failure in check(terms, situation)]


def test_a_goal_that_passes_all_six_has_no_failure():
    assert check(DRAFT, SITUATION) == ()
    assert check(DRAFT, replace(SITUATION, yes=True, active=1, most=20)) == ()


def test_close_acme_depends_on_acme_and_the_closure_plan_only_on_your_yes():
    draft = replace(
        DRAFT,
        fork=Fork.VERIFIER,
        title="Close Acme",
        item="Acme",
        number=1,
        unit="deals",
        due=THURSDAY,
        deal=DealId("acme"),
    )
    situation = replace(SITUATION, customer="Acme", next_meeting=THURSDAY)
    (goal,) = nearest_valid(draft, situation, (SEND_PLAN,))
    own = check(draft, situation, (goal,))[0]
    assert own.test is GoalTest.OWN
    assert own.sentence == "'Close Acme' depends on Acme; 'send Acme a closure plan by Thursday' only needs your yes."
    assert own.remedy == "'send Acme a closure plan by Thursday' only needs your yes."


def test_five_meetings_at_12_per_100_calls_are_42_calls():
    draft = replace(DRAFT, title="5 meetings", item="Meeting booked", number=5, unit="meetings")
    (goal,) = nearest_valid(draft, SITUATION, (CALLS,))
    assert (goal.title, goal.number, goal.unit, goal.item, goal.worth) == ("42 calls", 42, "calls", "Cold call", None)
    assert goal.why == "5 meetings usually take you 42 calls."
    assert check(goal, SITUATION) == ()


def test_a_conversion_asks_for_no_more_than_fits():
    draft = replace(DRAFT, title="5 meetings", item="Meeting booked", number=5, unit="meetings")
    (goal,) = nearest_valid(draft, SITUATION, (replace(CALLS, most=23),))
    assert (goal.title, goal.number) == ("23 calls", 23)
    assert goal.why == "5 meetings usually take you 42 calls; 23 are what fits for now."


@pytest.mark.parametrize(
    ("target", "rate", "acts"),
    [(5, 0.12, 42), (3, 0.1, 30), (6, 0.12, 50), (1, 2, 1), (0.5, 1, 1), (7, 0.07, 100), (10, 1, 10)],
)
def test_acts_are_the_target_over_the_own_rate_rounded_up(target, rate, acts):
    assert acts_for(target, rate) == acts


@pytest.mark.parametrize("rate", [None, 0.0, -1.0])
def test_without_an_own_rate_the_ways_own_number_is_offered(rate):
    draft = replace(DRAFT, title="One meeting", item="Meeting booked", number=1, unit="meetings")
    (goal,) = nearest_valid(draft, SITUATION, (replace(CALLS, rate=rate, number=6),))
    assert (goal.title, goal.why) == ("6 calls", "It serves the gap of the quarter.")
    assert nearest_valid(draft, SITUATION, (replace(SEND_PLAN, rate=rate),))[0].number == 1


def test_one_meeting_at_half_a_meeting_a_call_is_two_calls():
    draft = replace(DRAFT, title="One meeting", item="Meeting booked", number=1, unit="meetings")
    (goal,) = nearest_valid(draft, SITUATION, (replace(CALLS, rate=0.5),))
    assert (goal.title, goal.why) == ("2 calls", "1 meeting usually takes you 2 calls.")
    (goal,) = nearest_valid(draft, SITUATION, (replace(CALLS, rate=1.0),))
    assert (goal.title, goal.number) == ("1 call", 1)


def test_a_draft_without_a_number_begins_with_one():
    (goal,) = nearest_valid(replace(DRAFT, title="Calls", number=0), SITUATION)
    assert (goal.title, goal.number) == ("1 call", 1)


def test_a_unit_is_needed_as_well_as_a_number():
    assert failed(replace(DRAFT, unit=" ")) == failed(replace(DRAFT, number=0)) == [GoalTest.MEASURABLE]


@pytest.mark.parametrize("rate", [0, -1, float("nan")])
def test_no_number_of_acts_brings_anything_at_a_rate_of_nothing(rate):
    with pytest.raises(ValueError, match="brings nothing"):
        acts_for(5, rate)


@given(st.integers(1, 1000), st.integers(1, 1000))
def test_acts_bring_the_target_and_one_less_does_not(target, per_thousand):
    acts = acts_for(target, per_thousand / 1000)
    assert acts * per_thousand >= target * 1000
    assert acts == 1 or (acts - 1) * per_thousand < target * 1000


@pytest.mark.parametrize(
    ("title", "item", "unit", "own"),
    [
        ("Close Acme", "Acme", "deals", False),
        ("send closure plan to Acme's CFO by Fri and ask for edits", "Closure plan", "plans", True),
        ("make 10 extra discovery calls a week for 4 weeks", "Discovery call", "calls", True),
        ("run 3 recorded pricing role-plays by 30 Nov, rubric ≥ 3/5", "Pricing role-play", "sessions", True),
        ("Practise closing questions", "Closing questions", "sessions", True),
        ("Win plan review", "Win room", "reviews", True),
        ("3 win rooms", "Win room", "visits", True),
        ("One more of it", "closure_plan", "plans", False),
        ("A closure plan", "Closure plan agreed", "plans", False),
        ("Be in it", "Approved", "times", False),
        ("More of it", "New revenue", "times", False),
        ("Grow Acme", "Cold call", "USD", False),
        ("Three with Acme", "Cold call", "meetings", False),
        ("Review 5 deals", "Win room", "deals", True),
        ("3 coffee meetings", "Coffee meeting", "meetings", True),
        ("3 meetings", "Coffee meeting", "meetings", True),
    ],
)
def test_completion_may_read_only_what_the_rep_does(title, item, unit, own):
    draft = replace(DRAFT, title=title, item=item, unit=unit)
    assert is_own(draft, PLAYBOOK) is own
    assert (GoalTest.OWN in failed(draft)) is not own


def test_a_deals_name_may_hold_any_word():
    draft = replace(DRAFT, title="Globex renewal: closure plan", item="Closure plan", unit="plans", number=1)
    assert GoalTest.OWN in failed(draft)
    assert failed(draft, replace(SITUATION, customer="Globex renewal")) == []
    assert GoalTest.OWN in failed(
        replace(draft, title="Close Globex renewal"), replace(SITUATION, customer="Globex renewal")
    )


@pytest.mark.parametrize("item", ["New revenue", "Discover", "Acme", "Loose skill"])
def test_a_path_has_to_end_in_something_a_rep_works_on(item):
    loose = replace(PLAYBOOK, skills=(*PLAYBOOK.skills, Skill("Loose skill", ("Unknown",), "size", "")))
    assert goal_path(loose, item) == ()
    assert GoalTest.RELEVANT in failed(replace(DRAFT, item=item), replace(SITUATION, playbook=loose))


def test_without_a_nearest_goal_the_customers_word_is_told():
    (failure,) = check(replace(DRAFT, title="Close Acme"), replace(SITUATION, customer="Acme"))
    assert failure.sentence == "'Close Acme' depends on Acme (close)."
    (failure,) = check(replace(DRAFT, title="Close Acme"), SITUATION)
    assert failure.sentence == "'Close Acme' depends on the customer (close)."


def test_becoming_a_world_class_negotiator_has_no_path_and_no_measure():
    draft = replace(DRAFT, title="become a world-class negotiator", item="Negotiator", number=0, unit="")
    relevant, measurable = check(draft, SITUATION)
    assert relevant.test is GoalTest.RELEVANT
    assert relevant.sentence == "'become a world-class negotiator' leads to no outcome in the playbook."
    assert relevant.remedy.startswith("Nearest in it: ")
    assert relevant.remedy.count(",") == 2
    assert measurable.test is GoalTest.MEASURABLE
    assert measurable.sentence == (
        "Nobody could tell when 'become a world-class negotiator' is done: it needs a number and what is counted."
    )
    empty = replace(SITUATION, playbook=Playbook("Empty", (), (), (), (), ()))
    assert check(draft, empty)[0].remedy == "Ask your manager to complete the playbook."


def test_a_path_alone_is_not_enough_it_has_to_serve_something():
    (failure,) = check(DRAFT, replace(SITUATION, serves=" "))
    assert failure.test is GoalTest.RELEVANT
    assert "serves no verifier" in failure.sentence
    (failure,) = check(DRAFT, replace(SITUATION, serves=""), (replace(DRAFT, title="23 calls", due=THURSDAY),))
    assert failure.remedy == "'23 calls by Thursday' does."


@pytest.mark.parametrize(
    ("fork", "next_meeting", "days", "passes"),
    [
        (Fork.GAP, None, 0, False),
        (Fork.GAP, None, 1, True),
        (Fork.GAP, 7, 31, True),
        (Fork.GAP, 7, 32, False),
        (Fork.ASPIRATION, 7, 31, True),
        (Fork.VERIFIER, 7, 7, True),
        (Fork.VERIFIER, 7, 8, False),
        (Fork.VERIFIER, None, 31, True),
        (Fork.VERIFIER, 0, 31, True),
        (Fork.VERIFIER, 40, 32, False),
    ],
)
def test_a_verifier_goal_is_due_by_the_next_1_on_1_and_others_within_31_days(fork, next_meeting, days, passes):
    meeting = None if next_meeting is None else TODAY + timedelta(days=next_meeting)
    situation = replace(SITUATION, next_meeting=meeting)
    draft = replace(DRAFT, fork=fork, due=TODAY + timedelta(days=days))
    assert failed(draft, situation) == ([] if passes else [GoalTest.MEASURABLE])


def test_the_sentence_says_which_limit_a_day_breaks():
    verifier = replace(DRAFT, fork=Fork.VERIFIER, due=date(2026, 7, 9))
    (late,) = check(verifier, replace(SITUATION, next_meeting=date(2026, 7, 7)))
    assert late.sentence == "It is due on 9 July 2026, after our next 1:1 on 7 July."
    assert late.remedy == "Choose a day from tomorrow to 7 July."
    (far,) = check(replace(DRAFT, due=date(2026, 8, 9)), SITUATION)
    assert far.sentence == "It is due on 9 August 2026, more than 31 days from now."
    (past,) = check(replace(DRAFT, due=TODAY), SITUATION)
    assert past.sentence == "It is due on 29 June 2026, which isn't ahead of you."


def test_what_no_record_can_show_is_not_measurable():
    assert failed(DRAFT, replace(SITUATION, can_be_shown=False)) == [GoalTest.MEASURABLE]


def test_more_than_fits_is_not_achievable():
    (failure,) = check(replace(DRAFT, number=30), replace(SITUATION, most=23))
    assert failure.test is GoalTest.ACHIEVABLE
    assert failure.remedy == "Up to 23 are a stretch that fits."


def test_a_third_goal_finds_no_room():
    (failure,) = check(DRAFT, replace(SITUATION, active=2))
    assert failure.test is GoalTest.ROOM
    assert nearest_valid(DRAFT, replace(SITUATION, active=2), (CALLS,)) == ()


def test_silence_is_no_yes_once_the_rep_was_asked():
    assert failed(DRAFT, replace(SITUATION, yes=False)) == [GoalTest.YES]
    assert failed(DRAFT, replace(SITUATION, yes=None)) == []


def test_several_failures_come_in_the_order_of_the_tests():
    draft = replace(DRAFT, title="Win Acme", item="Acme", number=30, due=TODAY)
    situation = replace(SITUATION, active=2, most=1, yes=False)
    assert failed(draft, situation) == list(GoalTest)


def test_a_number_that_is_too_high_becomes_one_that_fits():
    nearest = nearest_valid(replace(DRAFT, title="Make 30 calls", number=30), replace(SITUATION, most=23))
    assert [(goal.title, goal.number, goal.worth) for goal in nearest] == [("Make 23 calls", 23, None)]
    nearest = nearest_valid(replace(DRAFT, title="Thirty calls", number=30), replace(SITUATION, most=1))
    assert nearest[0].title == "1 call"
    assert nearest_valid(replace(DRAFT, number=30), replace(SITUATION, most=0)) == ()


def test_a_day_too_far_or_past_becomes_the_last_one_that_fits():
    for days in (-3, 0, 90):
        (nearest,) = nearest_valid(replace(DRAFT, due=TODAY + timedelta(days=days)), SITUATION)
        assert nearest == replace(DRAFT, due=TODAY + timedelta(days=31))


def test_a_valid_goal_is_its_own_nearest():
    assert nearest_valid(DRAFT, SITUATION)[0] == DRAFT


def test_a_rogue_goal_is_answered_with_the_ways_that_lead_somewhere():
    draft = replace(DRAFT, title="Paint the office", item="Paint")
    nowhere = replace(CALLS, item="Paint")
    nearest = nearest_valid(draft, SITUATION, (nowhere, replace(CALLS, rate=None, number=3)))
    assert [(goal.title, goal.why) for goal in nearest] == [("3 calls", "It serves the gap of the quarter.")]


def test_days_of_the_coming_week_are_called_by_name():
    assert day_words(THURSDAY, TODAY) == "Thursday"
    assert day_words(TODAY + timedelta(days=1), TODAY) == "Tuesday"
    assert day_words(TODAY, TODAY) == "29 June"
    assert day_words(TODAY + timedelta(days=6), TODAY) == "Sunday"
    assert day_words(TODAY + timedelta(days=7), TODAY) == "6 July"


@given(
    st.sampled_from(list(Fork)),
    st.integers(-5, 500),
    st.integers(-40, 400),
    st.none() | st.integers(0, 60),
    st.none() | st.integers(0, 40),
    st.sampled_from(("20 calls", "Close Acme", "5 meetings", "Send 5 letters")),
    st.integers(0, 3),
)
def test_what_is_offered_passes_every_test(fork, number, days, most, next_meeting, title, active):
    meeting = None if next_meeting is None else TODAY + timedelta(days=next_meeting)
    situation = replace(SITUATION, most=most, next_meeting=meeting, active=active)
    draft = replace(DRAFT, fork=fork, title=title, number=number, due=TODAY + timedelta(days=days))
    ways = (replace(CALLS, most=most), SEND_PLAN)
    for goal in nearest_valid(draft, situation, ways):
        here = replace(situation, most=None if goal.item == "Closure plan" else most)
        assert goal.path == (PLAN_PATH if goal.item == "Closure plan" else CALLS_PATH)
        assert check(goal, here) == ()
        assert TODAY < goal.due <= last_day(fork, situation)
