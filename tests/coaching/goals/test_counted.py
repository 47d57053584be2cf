"""What the records show of a goal is asked about; what a rep said is never counted over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.commitment import Fork, GoalTerms
from bot.coaching.goals.counted import Counted, Said, counted
from bot.coaching.playbook import ActivityKind, Playbook
from bot.coaching.records import Activity, DealId, PersonId

REP = PersonId("anna")
CALL = ActivityKind("Discovery call", "calls", "Qualify", types=("call", "Anruf"))
PLAYBOOK = Playbook("ours", (), (), (CALL, ActivityKind("Demo", "demos", "Show")), (), ())
GOAL = GoalTerms(Fork.GAP, "More calls", CALL.name, (), 12, "calls", date(2017, 10, 31), "", "")
START, TODAY = date(2017, 10, 3), date(2017, 10, 16)


def done(on: date, kind: str = "call", count: int = 1, deal: str | None = None) -> Activity:
    return Activity(REP, kind, on, None if deal is None else DealId(deal), count=count)


def test_activities_count_from_the_day_the_goal_was_agreed_under_each_of_their_names() -> None:
    found = counted(
        GOAL,
        PLAYBOOK,
        [
            done(START - timedelta(days=1)),
            done(START, count=2),
            done(date(2017, 10, 9), "ANRUF", 3),
            done(date(2017, 10, 10), "discovery-call"),
            done(date(2017, 10, 11), "demo", 9),
            done(TODAY + timedelta(days=1)),
        ],
        START,
        TODAY,
        None,
    )
    assert found == Counted(6.0, 6, date(2017, 10, 10))


def test_after_a_number_was_given_only_what_came_after_that_day_is_added_to_it() -> None:
    said = Said(7.0, date(2017, 10, 9))
    activities = [done(date(2017, 10, 8), count=5), done(date(2017, 10, 9), count=5), done(date(2017, 10, 10), count=2)]
    assert counted(GOAL, PLAYBOOK, activities, START, TODAY, said) == Counted(9.0, 2, date(2017, 10, 10), said=7.0)
    assert counted(GOAL, PLAYBOOK, activities[:2], START, TODAY, said) is None, "nothing new: nothing to confirm"


def test_a_goal_about_a_deal_counts_what_was_done_on_it() -> None:
    on_acme = replace(GOAL, deal=DealId("acme"))
    activities = [done(START), done(START, deal="acme"), done(START, deal="other")]
    assert counted(on_acme, PLAYBOOK, activities, START, TODAY, None) == Counted(1.0, 1, START)


def test_a_skill_and_what_nobody_logs_are_asked_about_as_ever() -> None:
    assert counted(replace(GOAL, item="Listening"), PLAYBOOK, [done(START)], START, TODAY, None) is None
    assert counted(GOAL, PLAYBOOK, [done(START, "e-mail"), done(START, count=0)], START, TODAY, None) is None


@given(
    days=st.lists(st.tuples(st.integers(-5, 40), st.integers(0, 9)), max_size=30),
    given_on=st.none() | st.tuples(st.integers(0, 20), st.floats(0, 50)),
    ahead=st.integers(0, 30),
)
def test_a_count_is_never_below_what_was_said_and_never_counts_a_day_twice(
    days: list[tuple[int, int]], given_on: tuple[int, float] | None, ahead: int
) -> None:
    said = None if given_on is None else Said(given_on[1], START + timedelta(days=given_on[0]))
    activities = [done(START + timedelta(days=day), count=count) for day, count in days]
    today = START + timedelta(days=ahead)
    found = counted(GOAL, PLAYBOOK, activities, START, today, said)
    after = START if said is None else said.on + timedelta(days=1)
    expected = sum(count for day, count in days if after <= START + timedelta(days=day) <= today)
    assert (0 if found is None else found.logged) == expected
    if found is not None:
        assert found.number == (said.number if said else 0.0) + expected
        assert after <= found.latest <= today
