"""What became of commitments: the score of each, the kept rate, what kept ones were worth, what happened besides."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.basis.ground_book import ground_for
from bot.coaching.commitment import CoachingGoal, Fork, GoalId, GoalState, GoalTerms, Worth
from bot.coaching.goals.kept import (
    Commitment,
    commitments,
    due_day,
    happened,
    kept_rate,
    kept_worth,
    outcome,
    record,
    score,
)
from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records, Verifier
from bot.coaching.settings import Settings

TODAY = date(2026, 6, 30)
REP = PersonId("rep")
SKILLS = frozenset({"Pricing talk"})
SCORES = st.floats(0, 1)
MANY = st.lists(st.builds(Commitment, st.dates(date(2025, 1, 1), date(2026, 12, 31)), SCORES), max_size=15)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def goal(
    state: GoalState,
    done: float | None = None,
    *,
    number: int = 10,
    item: str = "Discovery call",
    deal: str | None = None,
    worth: float | None = 10_000,
) -> CoachingGoal:
    terms = GoalTerms(
        fork=Fork.GAP,
        title="10 discovery calls",
        item=item,
        path=("Revenue", "Discover", item),
        number=number,
        unit="calls",
        due=TODAY,
        plan="Tuesdays at nine, at my desk",
        why="They close the gap.",
        deal=None if deal is None else DealId(deal),
        worth=None if worth is None else Worth(worth, worth / 2, worth * 2, (), ""),
    )
    now = datetime(2026, 6, 30, tzinfo=UTC)
    return CoachingGoal(GoalId("g"), REP, PersonId("m"), "meeting", state, 1, terms, now, done=done)


@pytest.mark.parametrize(
    ("done", "points", "state"),
    [
        (None, 0, GoalState.MISSED),
        (0, 0, GoalState.MISSED),
        (4.9, 0.49, GoalState.MISSED),
        (5, 0.5, GoalState.PARTLY),
        (9, 0.9, GoalState.PARTLY),
        (10, 1, GoalState.KEPT),
        (14, 1, GoalState.KEPT),
    ],
)
def test_a_commitment_is_kept_in_full_partly_from_half_on_or_missed(done, points, state):
    assert score(done, 10) == pytest.approx(points)
    assert outcome(score(done, 10)) is state


@pytest.mark.parametrize(("done", "points"), [(0, 0), (2, 0), (3, 1), (4, 1)])
def test_a_skill_is_practised_as_agreed_or_not(done, points):
    assert score(done, 3, is_skill=True) == points


def test_one_kept_today_and_one_missed_90_days_ago():
    known = kept_rate((Commitment(TODAY, 1), Commitment(days_ago(90), 0)), TODAY)
    assert known.value == pytest.approx(2 / 3.5)
    assert f"{known.value:.2f}" == "0.57"


def test_without_a_commitment_the_rate_is_one_half_and_it_is_too_early_to_say():
    known = kept_rate((), TODAY)
    assert (known.value, known.commitments) == (0.5, 0)
    assert known.sentence == (
        "It's too early to say how many of your commitments you keep: none has come due yet, and it takes 3."
    )
    assert "only one has come due" in kept_rate((Commitment(TODAY, 1),), TODAY).sentence
    assert "only 2 have come due" in kept_rate((Commitment(TODAY, 1),) * 2, TODAY).sentence


def test_the_sentence_counts_what_was_kept_and_what_partly():
    kept = (Commitment(TODAY, 1),) * 4
    assert kept_rate(kept[:3], TODAY).sentence == "You kept 3 of your 3 commitments."
    assert kept_rate(kept, TODAY).sentence == "You kept 4 of your 4 commitments."
    assert kept_rate((*kept, Commitment(TODAY, 0.5), Commitment(TODAY, 0.4)), TODAY).sentence == (
        "You kept 4 of your 6 commitments, and 1 partly."
    )


def test_a_goal_that_is_open_or_was_withdrawn_is_left_out():
    left_out = set(GoalState) - {GoalState.KEPT, GoalState.PARTLY, GoalState.MISSED}
    assert commitments([goal(state, 3) for state in left_out], SKILLS) == ()


def test_a_goal_scores_by_what_was_reported_of_it():
    goals = (
        goal(GoalState.KEPT),
        goal(GoalState.PARTLY, 6),
        goal(GoalState.MISSED, 2),
        goal(GoalState.PARTLY, 6, item="Pricing talk"),
    )
    assert [one.score for one in commitments(goals, SKILLS)] == [1, 0.6, 0.2, 0]


@pytest.mark.parametrize(
    ("agreed", "counts"),
    [
        ([(20, 10)], 10),
        ([(20, 10), (12, 5)], 5),  # moved in time
        ([(20, 10), (12, 5), (8, 1)], 5),  # a second move doesn't count
        ([(20, 10), (10, 5)], 10),  # on the day itself is too late
        ([(20, 10), (15, 10), (12, 3)], 3),  # another change of the goal is no move of its day
    ],
)
def test_the_due_day_moves_once_and_only_before_it_has_come(agreed, counts):
    assert due_day([(days_ago(on), days_ago(due)) for on, due in agreed]) == days_ago(counts)


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ([goal(GoalState.KEPT, 10)], 10_000),
        ([goal(GoalState.KEPT)], 10_000),
        ([goal(GoalState.KEPT, 15)], 15_000),
        ([goal(GoalState.PARTLY, 6), goal(GoalState.KEPT, 10)], 16_000),
        ([goal(GoalState.MISSED, 4), goal(GoalState.KEPT, 10)], 10_000),
        ([goal(GoalState.KEPT, 15, deal="acme")], 10_000),
        ([goal(GoalState.KEPT, 15, item="Pricing talk")], 10_000),
        ([goal(GoalState.PARTLY, 6, item="Pricing talk")], 0),
    ],
)
def test_kept_commitments_are_worth_what_was_done_at_the_worth_of_then(kept, expected):
    assert kept_worth(kept, SKILLS).expected == pytest.approx(expected)


def test_what_was_kept_without_dollars_is_counted_apart():
    known = kept_worth((goal(GoalState.KEPT, worth=None), goal(GoalState.KEPT, 12, worth=15_300)), SKILLS)
    assert (known.goals, known.without) == (1, 1)
    assert known.sentence == (
        "What you kept was worth about $18k when you committed to it, if the new ones went like your usual ones."
    )


def test_without_dollars_the_sentence_says_why():
    assert (kept_worth((), SKILLS).expected, kept_worth((), SKILLS).goals) == (None, 0)
    assert kept_worth((), SKILLS).sentence == "There is no worth to show: no commitment is kept yet."
    assert kept_worth((goal(GoalState.KEPT, worth=None),), SKILLS).sentence == (
        "There is no worth to show: no dollars could honestly be claimed for what you kept."
    )
    assert "$0" in kept_worth((goal(GoalState.KEPT, worth=0),), SKILLS).sentence
    assert "$120k" in kept_worth((goal(GoalState.KEPT, worth=123_456),), SKILLS).sentence


def deal(name: str, start: int, status: DealStatus = DealStatus.OPEN, close: int | None = None) -> Deal:
    return Deal(
        DealId(name),
        REP,
        name,
        status,
        start=days_ago(start),
        close=None if close is None else days_ago(close),
        amount=20_000,
    )


def test_what_happened_is_what_customers_and_records_show_since_then():
    records = Records(
        people=(Person(REP, "Ann", "ann@example.com"),),
        deals=(
            deal("old", 40),
            deal("new", 10),
            deal("today", 0),
            deal("won", 50, DealStatus.WON, 3),
            deal("before", 60, DealStatus.WON, 20),
        ),
    )
    verifiers = [
        Verifier(DealId("old"), "data", "Ms Lee", days_ago(4)),
        Verifier(DealId("old"), "data", "Ms Lee", days_ago(2)),  # once more the same
        Verifier(DealId("won"), "plan", "Mr Roy", days_ago(10)),
        Verifier(DealId("new"), "data", "Ann", days_ago(3)),  # our own word
        Verifier(DealId("new"), "data", " ", days_ago(3)),  # nobody's word
        Verifier(DealId("new"), "plan", "Mr Roy", days_ago(3), withdrawn_on=days_ago(1)),
        Verifier(DealId("old"), "plan", "Ms Lee", days_ago(11)),  # before
        Verifier(DealId("today"), "data", "Ms Lee", TODAY),
        Verifier(DealId("another rep's"), "plan", "Ms Lee", days_ago(1)),
    ]
    known = happened(ground_for(REP, records, TODAY, Settings()), verifiers, days_ago(10), frozenset({"ann"}))
    assert (known.verifiers, known.starts, known.won) == (3, 2, 20_000)
    assert known.sentence == (
        "In the same days customers gave 3 verifiers, you started 2 deals and won $20k; "
        "we don't claim that one led to the other."
    )


def told(*goals: CoachingGoal) -> tuple[str, ...]:
    rep = Person(REP, "Ann", "ann@example.com")
    won = Deal(DealId("won"), REP, "Won", DealStatus.WON, days_ago(91), TODAY, 20_000.0)
    given = Verifier(won.id, "plan", "Ms Lee", days_ago(90))
    ground = ground_for(REP, Records((rep,), (won,)), TODAY, Settings())
    return record(goals, SKILLS, ground, {won.id: (given,), DealId("other"): (given,)}, frozenset({"ann"}))


def test_with_fewer_than_three_commitments_it_is_too_early_and_no_more_is_said():
    kept = goal(GoalState.KEPT)
    (sentence,) = told(kept, kept)
    assert "too early" in sentence


def test_what_was_kept_its_worth_and_what_came_are_told_apart():
    kept = goal(GoalState.KEPT)
    rate, worth, came = told(kept, kept, goal(GoalState.MISSED))
    assert rate == "You kept 2 of your 3 commitments."
    assert worth == (
        "In the last 91 days: what you kept was worth about $20k when you committed to it, "
        "if the new ones went like your usual ones."
    )
    assert came == (
        "In the same days customers gave 1 verifier, you started 0 deals and won $20k; "
        "we don't claim that one led to the other."
    )


def test_the_worth_is_of_what_was_due_in_the_days_that_are_told_of():
    kept = goal(GoalState.KEPT)
    before = [replace(kept, terms=replace(kept.terms, due=days_ago(days))) for days in (90, 91, 400)]
    assert "about $10k" in told(*before)[1]
    assert told(*before[1:], before[1])[1] == "None of what you kept was due in the last 91 days."


@given(MANY)
def test_the_kept_rate_is_a_share(kept):
    assert 0 < kept_rate(kept, TODAY).value < 1


@given(MANY, st.builds(Commitment, st.dates(date(2025, 1, 1), TODAY), SCORES), SCORES)
def test_doing_more_of_a_commitment_never_lowers_the_rate(kept, one, more):
    better = Commitment(one.due, max(one.score, more))
    assert kept_rate((*kept, better), TODAY).value >= kept_rate((*kept, one), TODAY).value


@given(MANY, st.dates(date(2025, 1, 1), TODAY))
def test_one_more_kept_never_lowers_and_one_more_missed_never_raises_it(kept, due):
    rate = kept_rate(kept, TODAY).value
    assert kept_rate((*kept, Commitment(due, 1)), TODAY).value >= rate - 1e-12
    assert kept_rate((*kept, Commitment(due, 0)), TODAY).value <= rate + 1e-12
