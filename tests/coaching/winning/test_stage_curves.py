"""When deals are won and lost once they have entered a stage."""

from datetime import date, timedelta

import pytest

from bot.coaching.basis.ground_book import GroundBook
from bot.coaching.basis.win_curve import WinCurve
from bot.coaching.playbook import Playbook, Stage
from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records, StageEntry
from bot.coaching.settings import Settings
from bot.coaching.winning.stage_curves import StageBook, first_entries

TODAY = date(2026, 3, 31)
SETTINGS = Settings()
ANN, BOB = PersonId("ann"), PersonId("bob")
PEOPLE = (Person(ANN, "Ann", "ann@example.com"), Person(BOB, "Bob", "bob@example.com"))
PLAYBOOK = Playbook("P", ("Won",), (Stage("Demo", "Won"), Stage("Proposal", "Won")), (), (), ())


def history(owner: PersonId, number: int, entered: int = 60, won_after: int = 20):
    deals = [
        Deal(
            DealId(f"{owner}{n}"),
            owner,
            "deal",
            DealStatus.WON if n % 2 else DealStatus.LOST,
            TODAY - timedelta(days=entered + 10),
            TODAY - timedelta(days=entered - won_after),
            1_000.0,
        )
        for n in range(number)
    ]
    return deals, [StageEntry(deal.id, "Demo", TODAY - timedelta(days=entered)) for deal in deals]


def curves(pool: int, own: int = 0, **known) -> dict[int, WinCurve]:
    theirs, their_entries = history(BOB, pool, **known)
    mine, my_entries = history(ANN, own, **known)
    facts = Records(people=PEOPLE, deals=(*theirs, *mine), stage_history=(*their_entries, *my_entries))
    book = GroundBook(facts, TODAY, SETTINGS)
    return StageBook(facts, book.opportunities, PLAYBOOK, TODAY, SETTINGS).curves(book.of(ANN))


def test_a_stage_has_a_curve_from_thirty_pool_entries_on() -> None:
    assert curves(29, own=10) == {}
    assert set(curves(30)) == {1}


def test_days_count_from_the_entry_into_the_stage() -> None:
    curve = curves(40)[1]
    assert curve.F(19) == 0.0
    assert curve.F(20) == pytest.approx(0.5)


def test_the_reps_own_entries_are_mixed_with_the_pools() -> None:
    assert curves(40, own=10)[1].records == 50


def test_entries_of_more_than_a_year_ago_are_left_out() -> None:
    assert set(curves(40, entered=364)) == {1}
    assert curves(40, entered=365) == {}


def test_the_first_entry_counts_and_stages_of_no_playbook_do_not() -> None:
    deal = DealId("d")
    entries = (
        StageEntry(deal, "demo", date(2026, 3, 5)),
        StageEntry(deal, "Demo", date(2026, 3, 1)),
        StageEntry(deal, "Limbo", date(2026, 2, 1)),
        StageEntry(deal, "Proposal", TODAY + timedelta(days=1)),
    )
    assert first_entries(Records(stage_history=entries), PLAYBOOK, TODAY) == {(deal, 1): date(2026, 3, 1)}


def test_without_stage_history_there_is_no_curve() -> None:
    facts = Records(people=PEOPLE)
    book = GroundBook(facts, TODAY, SETTINGS)
    assert StageBook(facts, book.opportunities, PLAYBOOK, TODAY, SETTINGS).curves(book.of(ANN)) == {}
