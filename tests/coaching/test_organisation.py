"""That an organisation read in pieces has the very numbers of one that is held whole."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot import playbook_file
from bot.coaching.book import Book
from bot.coaching.numbers import numbers_of
from bot.coaching.organisation import Organisation
from bot.coaching.records import (
    Activity,
    Deal,
    DealId,
    DealStatus,
    PeriodGoal,
    Person,
    PersonId,
    Records,
    StageEntry,
    Verifier,
)
from bot.coaching.rhythm.cadence_inputs import inputs_for
from bot.coaching.settings import ExchangeRate, Settings
from bot.coaching.winning.verified_stage import own_people

TODAY = date(2026, 3, 31)
PLAYBOOK = playbook_file.load(None)
EUR = (ExchangeRate("EUR", date(2020, 1, 1), 1.07),)
EASY = Settings(
    exchange_rates=EUR,
    pool_min_starts=6,
    pool_min_closed=3,
    curve_min_starts=4,
    stage_curve_min_entries=3,
    size_cap_min_wins=5,
    size_variance_min_wins=3,
    prior_min_reps=3,
    prior_min_closed=2,
    loss_min=1,
)
"""Small organisations pass the thresholds that usually take hundreds of deals."""


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def random_organisation(random: Random) -> Records:
    """Return teams of any size with everything that records can hold, and owners whom nobody knows."""
    people = [
        Person(
            PersonId(f"{team}{number}"),
            f"Person {team}{number}",
            f"{team}{number}@example.com",
            PersonId(f"boss of {team}") if team else None,
            team if random.random() < 0.8 else "",
            first_day=random.choice((None, ago(40), ago(800))),
            awesome=random.choice((None, 90_000.0)),
        )
        for team in ("east", "west", "north", "")
        for number in range(random.randrange(7))
    ]
    owners = [*(person.id for person in people), PersonId("gone")]
    told = Records(tuple(people), closings_known_since=random.choice((None, ago(300))))
    deals, history, verifiers = [], [], []
    for number in range(random.randrange(12) * len(owners)):
        deal = _deal(random, DealId(f"{number:03d}"), random.choice(owners))
        deals += [deal] * (1 + (random.random() < 0.05))
        stages = PLAYBOOK.stages[: random.randrange(len(PLAYBOOK.stages) + 1)]
        history += [StageEntry(deal.id, stage.name, ago(random.randrange(-5, 500))) for stage in stages]
        givers = ("Carla Customer", *(person.name for person in people[:2]))
        verifiers += [
            Verifier(deal.id, kind.key, random.choice(givers), ago(random.randrange(-5, 400)))
            for stage in stages
            for kind in stage.toll
            if random.random() < 0.6
        ]
    logged = [kind for activity in PLAYBOOK.activities for kind in activity.types]
    return replace(
        told,
        deals=tuple(deals),
        goals=tuple(PeriodGoal(owner, date(2026, 4, 1), date(2026, 6, 30), 40_000.0) for owner in owners[::2]),
        activities=tuple(
            Activity(owner, random.choice(logged), ago(random.randrange(-3, 400)), count=random.randrange(4))
            for owner in owners
            for _ in range(random.choice((0, 0, 20)))
        ),
        stage_history=tuple(history),
        verifiers=tuple(verifiers),
    )


def _deal(random: Random, key: DealId, owner: PersonId) -> Deal:
    start = random.randrange(-3, 800)
    return Deal(
        key,
        owner,
        f"Deal {key}",
        random.choice(tuple(DealStatus)),
        random.choice((ago(start), ago(start), ago(start), None)),
        ago(start - random.randrange(-2, 120)),
        random.choice((None, -5.0, 1_000.0, random.lognormvariate(9, 1), random.lognormvariate(9, 1))),
        random.choice(("USD", "EUR", "CHF")),
        random.choice(("", *(stage.name for stage in PLAYBOOK.stages))),
        list_price=random.choice((None, 2_000.0)),
        expected_close=ago(random.randrange(-60, 60)),
        lost_reason=random.choice(("", "Price", "price!", "Timing")),
        modified=random.choice((None, ago(9))),
    )


def in_pieces(whole: Records) -> Iterable[Records]:
    """Give each team by itself, then whoever has none, then the deals of owners whom nobody knows."""
    team_of = {person.id: person.team or person.manager_id or "" for person in whole.people}
    owner_of = {deal.id: deal.owner for deal in whole.deals}
    for team in (*sorted({*team_of.values()}), None):

        def here(owner: PersonId, team: str | None = team) -> bool:
            return team_of.get(owner) == team

        yield replace(
            whole,
            people=tuple(person for person in whole.people if here(person.id)),
            deals=tuple(deal for deal in whole.deals if here(deal.owner)),
            goals=tuple(goal for goal in whole.goals if here(goal.rep)),
            activities=tuple(activity for activity in whole.activities if here(activity.rep)),
            stage_history=tuple(entry for entry in whole.stage_history if here(owner_of[entry.deal])),
            verifiers=tuple(verifier for verifier in whole.verifiers if here(owner_of[verifier.deal])),
        )


def plain(value: object) -> object:
    """Return the value with arrays as lists, so that curves are compared number by number."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, tuple | list) else value


def all_numbers(books: Iterable[Book]) -> dict[PersonId, object]:
    return {
        person.id: (
            plain(numbers_of(book, person)),
            plain(inputs_for(book.grounds.of(person.id), book.feed, TODAY, book.settings)),
        )
        for book in books
        for person in book.records.people
    }


def organisation(read: Callable[[], Iterable[Records]], ours: frozenset[str], constants: Settings) -> Organisation:
    return Organisation(read, ours, PLAYBOOK, TODAY, constants)


@pytest.mark.parametrize("constants", [EASY, Settings(exchange_rates=EUR)], ids=["easy", "usual"])
@given(random=st.randoms(use_true_random=True))
@hypothesis_settings(max_examples=15, deadline=None)
def test_numbers_read_in_pieces_are_equal_to_the_last_bit(random: Random, constants: Settings) -> None:
    whole = random_organisation(random)
    pieces = organisation(lambda: in_pieces(whole), own_people(whole), constants)
    assert all_numbers(pieces.books()) == all_numbers([Book(whole, PLAYBOOK, TODAY, constants)])


def test_thousands_of_different_amounts_are_read_once_more_and_are_equal_too() -> None:
    amounts = np.random.default_rng(3).lognormal(9.5, 0.8, 4_500).tolist()
    people = tuple(Person(PersonId(f"{n}"), "P", "p@example.com", team=f"team {n}") for n in range(3))
    deals = tuple(
        Deal(DealId(f"{n}"), people[n % 3].id, "deal", DealStatus.WON, ago(30 + n % 200), ago(n % 30), amount)
        for n, amount in enumerate(amounts)
    )
    whole = Records(people, deals)
    readings = []

    def read() -> Iterable[Records]:
        readings.append(1)
        return in_pieces(whole)

    found = all_numbers(organisation(read, frozenset(), Settings()).books())
    assert len(readings) == 3
    assert found == all_numbers([Book(whole, PLAYBOOK, TODAY, Settings())])


def test_an_organisation_of_nobody_has_no_books_to_read() -> None:
    nobody = organisation(lambda: [Records()], frozenset(), Settings())
    assert [book.records for book in nobody.books()] == [Records()]
    assert nobody.everybody().deals.tally.closed == 0
