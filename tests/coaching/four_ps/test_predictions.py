"""What more of each key activity goes with in a rep's own weeks, told from an organisation's records."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bot.coaching.book import Book
from bot.coaching.four_ps.predict import Grade
from bot.coaching.four_ps.predictions import Prediction, said
from bot.coaching.playbook import ActivityKind, Playbook, Stage, VerifierKind
from bot.coaching.records import (
    Activity,
    Deal,
    DealId,
    DealStatus,
    Person,
    PersonId,
    Records,
    StageEntry,
    Verifier,
)
from bot.coaching.settings import Settings

TODAY = date(2026, 6, 28)  # a Sunday: the weeks counted are Monday to Sunday
ANN, BOB, EVE = PersonId("ann"), PersonId("bob"), PersonId("eve")
PEOPLE = (
    Person(ANN, "Ann", "ann@example.com", team="East"),
    Person(BOB, "Bob", "bob@example.com", team="East"),
    Person(EVE, "Eve", "eve@example.com", team="West"),
)
PLAYBOOK = Playbook(
    name="Small",
    outcomes=("Revenue",),
    stages=(
        Stage("Discovery", "Revenue", (VerifierKind("problem", "a problem"),)),
        Stage("Proposal", "Revenue", (VerifierKind("criteria", "criteria"),)),
    ),
    activities=(
        ActivityKind("Cold call", "calls", "Discovery", finds=True, key=True, types=("Call",)),
        ActivityKind("Demo", "demos", "Proposal", earns=("criteria",), key=True),
        ActivityKind("Lunch", "lunches", "Proposal", earns=("criteria",)),
        ActivityKind("Thinking", "thoughts", "Proposal", key=True),
    ),
    skills=(),
    resources=(),
)


def week(ago: int, day: int = 2) -> date:
    """Return a day of a week, 0 being the one that ends today."""
    return TODAY - timedelta(days=7 * ago + day)


def activities(rep: PersonId, kind: str, weeks: int, *, high: int = 9, low: int = 1) -> tuple[Activity, ...]:
    """Return a rep's weeks with much (the even ones) and with little of an activity."""
    return tuple(Activity(rep, kind, week(ago), count=high if ago % 2 == 0 else low) for ago in range(weeks))


def starts(rep: PersonId, weeks: int, *, high: int = 3, low: int = 1, later: int = 0) -> Iterator[Deal]:
    """Return deals started ``later`` weeks after the weeks with much and with little."""
    for ago in range(weeks):
        for number in range(high if ago % 2 == 0 else low):
            if ago - later >= 0:
                yield Deal(DealId(f"{rep}{ago}-{number}"), rep, "Deal", DealStatus.OPEN, week(ago - later))


def a_book(**facts) -> Book:
    return Book(Records(people=PEOPLE, **facts), PLAYBOOK, TODAY, Settings())


def of(book: Book, activity: str, rep: PersonId = ANN) -> Prediction:
    (found,) = (one for one in book.predictions(rep) if one.activity == activity)
    return found


def test_an_activity_that_finds_is_held_against_the_deals_started() -> None:
    found = of(a_book(activities=activities(ANN, "Call", 30), deals=tuple(starts(ANN, 30))), "Cold call")
    assert found.effect.grade is Grade.CLEAR
    assert found.effect.ratio == pytest.approx(3)
    assert (
        found.sentence == "In weeks with more calls you started 3.0 times as many deals; that's clear from your weeks."
    )


def test_without_an_activity_feed_nothing_is_predicted() -> None:
    assert a_book(deals=tuple(starts(ANN, 30))).predictions(ANN) == ()


def test_only_key_activities_with_a_next_outcome_are_looked_at() -> None:
    logged = (*activities(ANN, "Lunch", 30), *activities(ANN, "Thinking", 30))
    assert a_book(activities=logged, deals=tuple(starts(ANN, 30))).predictions(ANN) == ()


def test_what_earns_a_verifier_is_held_against_the_verifiers_customers_gave() -> None:
    deals = tuple(starts(ANN, 30))
    given = tuple(Verifier(deal.id, "criteria", "Carla Customer", deal.start) for deal in deals if deal.start)
    ours = tuple(Verifier(deal.id, "criteria", "Ann", deal.start + timedelta(7)) for deal in deals if deal.start)
    others = tuple(Verifier(deal.id, "problem", "Carla Customer", TODAY) for deal in deals)
    found = of(a_book(activities=activities(ANN, "Demo", 30), deals=deals, verifiers=(*given, *ours, *others)), "Demo")
    assert found.effect.ratio == pytest.approx(3)
    assert found.sentence.startswith("In weeks with more demos you were given 3.0 times as many verifiers of Proposal;")


def test_where_nobody_records_verifiers_entries_into_their_stage_stand_for_them() -> None:
    deals = tuple(starts(ANN, 30))
    history = tuple(StageEntry(deal.id, "Proposal", deal.start) for deal in deals if deal.start)
    found = of(a_book(activities=activities(ANN, "Demo", 30), deals=deals, stage_history=history), "Demo")
    assert found.effect.ratio == pytest.approx(3)
    assert found.sentence.startswith("In weeks with more demos you moved 3.0 times as many deals into Proposal;")


def test_outcomes_come_as_much_later_as_the_deals_of_the_activities_say() -> None:
    deals = tuple(starts(ANN, 30, later=2))
    linked = tuple(Activity(ANN, "Call", deal.start - timedelta(days=14), deal=deal.id) for deal in deals if deal.start)
    found = of(a_book(activities=(*activities(ANN, "Call", 30), *linked), deals=deals), "Cold call")
    assert found.delay == 2
    assert "you started 3.0 times as many deals 2 weeks later;" in found.sentence


def test_weeks_before_the_first_activity_on_record_are_no_weeks_with_little() -> None:
    deals = (*starts(ANN, 10, high=1, low=1), *starts(BOB, 1))
    quiet_before = tuple(Deal(DealId(f"old{ago}"), ANN, "Deal", DealStatus.OPEN, week(ago)) for ago in range(10, 50))
    found = of(a_book(activities=activities(ANN, "Call", 10), deals=(*deals, *quiet_before)), "Cold call")
    assert found.effect.weeks == 10


def test_the_team_draws_a_reps_own_ratio_and_other_teams_do_not() -> None:
    alone = {"activities": activities(ANN, "Call", 12), "deals": tuple(starts(ANN, 12, high=2, low=2))}
    own = of(a_book(**alone), "Cold call").effect.ratio

    def with_other(rep: PersonId) -> float | None:
        return of(
            a_book(
                activities=(*alone["activities"], *activities(rep, "Call", 50)),
                deals=(*alone["deals"], *starts(rep, 50, high=4)),
            ),
            "Cold call",
        ).effect.ratio

    assert own == pytest.approx(1)
    assert with_other(EVE) == pytest.approx(1)
    drawn = with_other(BOB)
    assert drawn is not None
    assert 1.2 < drawn < 4


def test_activities_that_share_a_unit_are_told_apart_by_their_names() -> None:
    shared = Playbook(
        name="Two",
        outcomes=("Revenue",),
        stages=PLAYBOOK.stages,
        activities=(
            ActivityKind("Cold call", "calls", "Discovery", finds=True, key=True, types=("Call",)),
            ActivityKind("Warm call", "calls", "Discovery", finds=True, key=True),
        ),
        skills=(),
        resources=(),
    )
    records = Records(people=PEOPLE, activities=activities(ANN, "Call", 30), deals=tuple(starts(ANN, 30)))
    (found,) = Book(records, shared, TODAY, Settings()).predictions(ANN)
    assert "In weeks with more calls (“Cold call”) you started" in found.sentence


def test_an_agenda_says_at_most_two_and_none_that_is_not_shown() -> None:
    flat = a_book(activities=activities(ANN, "Call", 30), deals=tuple(starts(ANN, 30, high=2, low=2)))
    assert flat.predictions(ANN)
    assert said(flat.predictions(ANN)) == ()
    shown = a_book(activities=activities(ANN, "Call", 30), deals=tuple(starts(ANN, 30))).predictions(ANN)
    assert said(shown * 3) == (shown[0].sentence,) * 2


def test_the_surest_is_said_first() -> None:
    clear = of(a_book(activities=activities(ANN, "Call", 30), deals=tuple(starts(ANN, 30))), "Cold call")
    likely = of(a_book(activities=activities(ANN, "Call", 4), deals=tuple(starts(ANN, 4, high=8))), "Cold call")
    assert likely.effect.grade is Grade.LIKELY
    assert said((likely, clear)) == (clear.sentence, likely.sentence)
