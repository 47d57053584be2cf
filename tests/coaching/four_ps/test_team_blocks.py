"""What the middle half of a team is, and that it gives nobody away."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.coaching.basis.ground_book import GroundBook
from bot.coaching.four_ps.blocks import Block
from bot.coaching.four_ps.team_blocks import BlockBook, Metric, MiddleHalf, metric_sentence, team_middle
from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records
from bot.coaching.settings import Settings

TODAY = date(2026, 3, 31)
SETTINGS = Settings()
BLOCK = Block(
    first=TODAY - timedelta(days=90),
    last=TODAY,
    is_full=True,
    starts=10,
    closed=8,
    won=2,
    won_dollars=20_000.0,
    other_dollars=0.0,
    dollars_started=90_000.0,
    win_rate=0.25,
    deal_size=10_000.0,
    cycle=50.0,
)


def with_starts(*numbers: int) -> tuple[Block, ...]:
    return tuple(replace(BLOCK, starts=number) for number in numbers)


def test_the_middle_half_lies_between_the_quartiles():
    middle = team_middle(with_starts(30, 10, 20, 50, 40), SETTINGS)
    assert middle[Metric.STARTS] == MiddleHalf(20, 30, 40, 5)


def test_three_reps_are_too_few_for_a_middle_half():
    assert team_middle(with_starts(1, 2, 3), SETTINGS) == {}
    assert team_middle(with_starts(1, 2, 3, 4), SETTINGS)[Metric.STARTS].median == 2.5


def test_new_reps_and_people_without_deals_do_not_move_it():
    new = replace(BLOCK, starts=1, is_full=False)
    manager = replace(BLOCK, starts=0, closed=0, won=0)
    assert team_middle((*with_starts(8, 8, 8, 8), new, manager), SETTINGS)[Metric.STARTS] == MiddleHalf(8, 8, 8, 4)


def test_a_rep_whose_only_deals_closed_counts_with_no_starts():
    assert team_middle(with_starts(0, 0, 0, 8), SETTINGS)[Metric.STARTS].reps == 4


def test_a_metric_that_too_few_reps_have_is_left_out():
    unknown = replace(BLOCK, cycle=None)
    middle = team_middle((BLOCK, BLOCK, BLOCK, unknown), SETTINGS)
    assert Metric.CYCLE not in middle
    assert Metric.SIZE in middle


def organisation() -> Records:
    people = tuple(
        Person(
            PersonId(f"{team}{n}"),
            "Somebody",
            f"{team}{n}@example.com",
            PersonId(f"boss of {team}"),
            team,
            first_day=TODAY - timedelta(days=400),
        )
        for team in ("east", "west")
        for n in range(4)
    )
    many = {"east": 3, "west": 7}
    deals = tuple(
        Deal(DealId(f"{who.id} {n}"), who.id, "deal", DealStatus.OPEN, TODAY - timedelta(days=30 + n), amount=100.0)
        for who in people
        for n in range(many[who.team])
    )
    old = Deal(DealId("old"), people[0].id, "deal", DealStatus.OPEN, TODAY - timedelta(days=500))
    alone = Person(PersonId("alone"), "Alone", "alone@example.com")
    return Records(people=(*people, alone), deals=(*deals, old))


def test_each_rep_is_seen_beside_the_own_team_only():
    book = BlockBook(GroundBook(organisation(), TODAY, SETTINGS))
    assert book.team(PersonId("east0"))[Metric.STARTS] == MiddleHalf(3, 3, 3, 4)
    assert book.team(PersonId("west0"))[Metric.STARTS] == MiddleHalf(7, 7, 7, 4)
    assert book.team(PersonId("alone")) == {}
    assert book.of(PersonId("west0"))[0].starts == 7


def test_an_unknown_rep_is_a_key_error():
    with pytest.raises(KeyError):
        BlockBook(GroundBook(organisation(), TODAY, SETTINGS)).of(PersonId("nobody"))


def test_the_book_knows_teams_and_who_is_in_them():
    book = GroundBook(organisation(), TODAY, SETTINGS)
    assert book.team_of(PersonId("east1")) == "east"
    assert book.team_of(PersonId("alone")) == book.team_of(PersonId("nobody")) == ""
    assert book.members_of("west") == tuple(PersonId(f"west{n}") for n in range(4))
    assert book.members_of("") == ()


OWN = (BLOCK, replace(BLOCK, starts=12, win_rate=0.3, deal_size=9_500.0, cycle=61.5), replace(BLOCK, deal_size=None))


@pytest.mark.parametrize(
    ("metric", "middle", "said"),
    [
        (
            Metric.STARTS,
            MiddleHalf(12.25, 14, 19.5, 6),
            (
                "You started 10 deals in the last 91 days "
                "(your own quarters before: 12, 10; the middle half of the team: 12 to 20)."
            ),
        ),
        (
            Metric.DOLLARS,
            None,
            "The deals you started in the last 91 days hold $90k (your own quarters before: $90k, $90k).",
        ),
        (
            Metric.WIN_RATE,
            MiddleHalf(0.2, 0.25, 0.315, 6),
            (
                "You win about 25 of 100 in the last 91 days "
                "(your own quarters before: 30, 25; the middle half of the team: 20 to 32)."
            ),
        ),
        (
            Metric.SIZE,
            None,
            "Your typical deal of the last 91 days is $10k (your own quarter before: $9.5k).",
        ),
        (
            Metric.CYCLE,
            None,
            "Your wins of the last 91 days typically took 50 days (your own quarters before: 62, 50).",
        ),
    ],
)
def test_a_metric_is_told_beside_own_quarters_and_the_team_s_middle_half(metric, middle, said):
    assert metric_sentence(metric, OWN, middle, "USD") == said


def test_a_metric_without_any_comparison_is_told_alone():
    assert metric_sentence(Metric.STARTS, OWN[:1], None, "USD") == "You started 10 deals in the last 91 days."


def test_an_unknown_metric_says_what_is_missing():
    assert metric_sentence(Metric.SIZE, OWN[2:], None, "USD") == "There are no wins yet that would tell your deal size."
