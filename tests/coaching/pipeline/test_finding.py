"""How many new deals a rep's finding activities start."""

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.basis.rates import UNPROVEN
from bot.coaching.pipeline.finding import PLAYBOOK_RATE, Finding, FindingBook, percentile
from bot.coaching.playbook import ActivityKind, Playbook
from bot.coaching.records import Activity, Deal, DealId, DealStatus, PersonId, Records
from bot.coaching.settings import Settings

TODAY = date(2026, 3, 31)
SETTINGS = Settings()
ANN, BOB = PersonId("ann"), PersonId("bob")
CALL = ActivityKind("Call a prospect", "calls", "Demo", finds=True, types=("Call",))
ASK = ActivityKind("Ask for an introduction", "requests", "Demo", finds=True)
DEMO = ActivityKind("Give a demo", "demos", "Demo")


def playbook(*activities: ActivityKind) -> Playbook:
    return Playbook("P", ("Won",), (), activities, (), ())


def did(rep: PersonId, kind: str, number: int, days_ago: int) -> Activity:
    return Activity(rep, kind, TODAY - timedelta(days=days_ago), count=number)


def started(rep: PersonId, number: int, days_ago: int = 10) -> tuple[Deal, ...]:
    start = TODAY - timedelta(days=days_ago)
    return tuple(Deal(DealId(f"{rep}{days_ago}{n}"), rep, "deal", DealStatus.OPEN, start) for n in range(number))


def found(*activities: Activity, deals: tuple[Deal, ...] = (), book: Playbook | None = None) -> Finding | None:
    known = playbook(CALL, ASK, DEMO) if book is None else book
    return FindingBook(Records(activities=activities), deals, known, TODAY, SETTINGS).of(ANN)


def test_the_specifications_example_of_a_shrunk_rate() -> None:
    own, others = did(ANN, "Call", 40, 20), did(BOB, "Call", 100, 20)
    finding = found(own, others, deals=(*started(ANN, 6), *started(BOB, 20)))
    assert finding is not None
    assert finding.rate.value == pytest.approx(11 / 65)
    assert finding.rate.successes == 11


def test_all_finding_activities_count_together_and_the_one_done_most_is_offered() -> None:
    finding = found(
        did(ANN, "call", 10, 5), did(ANN, "Ask for an introduction", 30, 5), deals=started(ANN, 8, days_ago=4)
    )
    assert finding is not None
    assert finding.activity is ASK
    assert finding.rate.value == pytest.approx(8 / 40)
    assert finding.usual == 30


def test_other_activities_find_nothing() -> None:
    finding = found(did(ANN, "Give a demo", 10, 5))
    assert finding is not None
    assert (finding.rate.value, finding.usual, finding.reach) == (None, 0, None)


def test_starts_from_before_the_first_logged_activity_are_not_its_doing() -> None:
    finding = found(did(ANN, "Call", 10, 20), deals=(*started(ANN, 5), *started(ANN, 50, days_ago=21)))
    assert finding is not None
    assert finding.rate.value == pytest.approx(0.5)


def test_starts_of_reps_who_log_nothing_are_not_in_the_pool() -> None:
    finding = found(did(ANN, "Call", 10, 20), deals=(*started(ANN, 2), *started(BOB, 500)))
    assert finding is not None
    assert finding.rate.value == pytest.approx(0.2)
    assert finding.rate.flags == (UNPROVEN,)


def test_without_a_record_the_playbooks_own_rate_counts_and_says_so() -> None:
    kind = ActivityKind("Call a prospect", "calls", "Demo", finds=True, per_start=0.1)
    finding = found(book=playbook(kind))
    assert finding is not None
    assert finding.rate.value == pytest.approx(0.1)
    assert PLAYBOOK_RATE in finding.rate.flags


def test_without_any_record_or_estimate_no_rate_is_made_up() -> None:
    finding = found()
    assert finding is not None
    assert (finding.activity, finding.rate.value) == (CALL, None)


def test_a_playbook_without_a_finding_activity_finds_nothing() -> None:
    assert found(book=playbook(DEMO)) is None


def test_what_fits_a_week_comes_from_the_own_weeks() -> None:
    finding = found(*(did(ANN, "Call", 20, 7 * week) for week in range(8)))
    assert finding is not None
    assert finding.reach is not None
    assert finding.reach.usual == 20
    assert finding.reach.most == pytest.approx(22)


def test_from_zero_what_fits_is_what_others_who_do_it_start_with() -> None:
    finding = found(*(did(BOB, "Call", 8, 7 * week) for week in range(8)))
    assert finding is not None
    assert finding.reach is not None
    assert (finding.reach.usual, finding.reach.most) == (0, 8)


def test_activities_of_more_than_a_year_ago_or_of_tomorrow_do_not_count() -> None:
    finding = found(did(ANN, "Call", 10, 365), did(ANN, "Call", 10, -1), did(ANN, "Call", 4, 364))
    assert finding is not None
    assert finding.rate.value == 0.0
    assert finding.usual == 0


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40), st.floats(0, 1))
def test_a_percentile_of_counted_values_is_that_of_them_all(values, share):
    assert percentile(Counter(values), share) == np.quantile(values, share)


def test_nothing_counted_has_no_percentile():
    assert percentile({}, 0.25) is None
