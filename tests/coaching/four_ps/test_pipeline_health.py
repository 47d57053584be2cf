"""How much of an open pipeline can be relied on."""

from dataclasses import replace
from datetime import date

import pytest

from bot.coaching.basis.ground import Ground, OpenDeal
from bot.coaching.basis.ground_book import ground_for
from bot.coaching.four_ps.pipeline_health import PipelineHealth, pipeline_health
from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records
from bot.coaching.settings import Settings
from bot.coaching.winning.verified_stage import Standing

TODAY = date(2026, 3, 31)
ANN = PersonId("ann")


def an_open(name: str, amount: float, *, stale: bool = False, overdue: bool = False) -> OpenDeal:
    deal = Deal(DealId(name), ANN, name, DealStatus.OPEN, TODAY)
    return OpenDeal(deal, 0, amount, stale, ("overdue",) if overdue else ())


def standing(verified: int, crm: int | None) -> Standing:
    return Standing(verified, crm, (), (), ())


def ground(*known: OpenDeal) -> Ground:
    people = (Person(ANN, "Ann", "ann@example.com"),)
    return replace(ground_for(ANN, Records(people=people), TODAY, Settings()), open_deals=known)


def health(*known: OpenDeal, **standings: Standing) -> PipelineHealth:
    return pipeline_health(ground(*known), {DealId(name): stands for name, stands in standings.items()})


def test_stale_is_a_share_of_all_and_the_rest_are_shares_of_what_is_live():
    known = health(
        an_open("old", 50.0, stale=True, overdue=True),
        an_open("a", 30.0, overdue=True),
        an_open("b", 70.0),
        a=standing(1, 1),
        b=standing(1, 3),
        old=standing(0, 4),
    )
    assert (known.open_dollars, known.live_dollars) == (150, 100)
    assert (known.stale, known.over_staged, known.overdue) == (pytest.approx(1 / 3), 0.7, 0.3)
    assert known.sound_stages == 0.5


@pytest.mark.parametrize(("stale", "number"), [(30.0, 0), (31.0, 1)])
def test_more_than_30_percent_stale_is_told(stale, number):
    known = health(an_open("old", stale, stale=True), an_open("a", 100.0 - stale))
    assert len(known.findings) == number
    if number:
        assert known.sentence == (
            "$31 (31%) of your $100 open pipeline is in deals older than nearly all that you win: "
            "which of them are still alive?"
        )


@pytest.mark.parametrize(("over", "number"), [(20.0, 0), (21.0, 1)])
def test_more_than_20_percent_over_staged_is_told(over, number):
    known = health(an_open("a", over), an_open("b", 100.0 - over), a=standing(1, 2), b=standing(2, 2))
    assert len(known.findings) == number
    if number:
        assert known.sentence == (
            "$21 (21%) of your $100 live pipeline is in deals marked further along than their customers have shown: "
            "what would each customer give you next?"
        )


@pytest.mark.parametrize(("late", "number"), [(25.0, 0), (26.0, 1)])
def test_more_than_25_percent_overdue_is_told(late, number):
    known = health(an_open("a", late, overdue=True), an_open("b", 100.0 - late))
    assert len(known.findings) == number
    if number:
        assert known.sentence == (
            "$26 (26%) of your $100 live pipeline was expected to close by now: which day does each customer name?"
        )


def test_a_deal_ahead_of_the_crm_is_not_over_staged():
    known = health(an_open("a", 10.0), a=standing(3, 1))
    assert (known.over_staged, known.sound_stages) == (0, 1)


def test_without_a_known_stage_nothing_is_said_of_stages():
    known = health(an_open("a", 10.0), an_open("b", 10.0), b=standing(1, None))
    assert (known.over_staged, known.sound_stages) == (None, None)


def test_a_healthy_pipeline_is_said_to_be_so():
    assert health(an_open("a", 10_000.0)).sentence == "Your $10k of open pipeline is in good health."


def test_only_stale_deals_leave_no_live_shares():
    known = health(an_open("old", 10.0, stale=True))
    assert (known.stale, known.over_staged, known.overdue, known.sound_stages) == (1, None, None, None)


def test_without_open_deals_there_is_nothing_to_check():
    known = health()
    assert known.stale is None
    assert known.findings == ()
    assert known.sentence == "You have no open deals with a known amount, so there is no pipeline to check."
