"""What messy records mean, and what was known on a past day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.basis.cleaning import Exchange, clean, match_name, rewind
from bot.coaching.records import Activity, Deal, DealId, DealStatus, PersonId, Records, StageEntry, Verifier
from bot.coaching.settings import ExchangeRate, Settings

TODAY = date(2026, 3, 31)
SETTINGS = Settings()
OPEN, WON, LOST = DealStatus.OPEN, DealStatus.WON, DealStatus.LOST


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def a_deal(name: str = "d", status: DealStatus = OPEN, **changes) -> Deal:
    closed = {} if status is OPEN else {"close": ago(10)}
    known = {"start": ago(40), "amount": 1_000.0, **closed, **changes}
    return Deal(DealId(name), PersonId("ann"), name, status, **known)


def cleaned(*deals: Deal, settings: Settings = SETTINGS):
    return clean(Records(deals=deals), TODAY, settings)


def test_a_deal_without_start_is_no_opportunity_yet():
    result = cleaned(a_deal(start=None))
    assert result.opportunities == ()
    assert result.flags["d"] == ("unstarted",)


def test_a_win_without_start_is_revenue_only():
    result = cleaned(a_deal(status=WON, start=None))
    assert (len(result.opportunities), len(result.revenue_only)) == (0, 1)


def test_a_close_before_the_start_is_flagged_and_kept():
    result = cleaned(a_deal(status=LOST, start=ago(5), close=ago(9)))
    assert len(result.opportunities) == 1
    assert result.flags["d"] == ("dates reversed",)
    assert "d" not in cleaned(a_deal(status=LOST, start=ago(5), close=ago(5))).flags


@pytest.mark.parametrize("amount", [None, 0, 0.0])
def test_a_win_without_amount_counts_as_a_win(amount):
    result = cleaned(a_deal(status=WON, amount=amount))
    assert len(result.opportunities) == 1
    assert result.flags["d"] == ("won without amount",)


def test_a_negative_win_is_a_credit_and_neither_win_nor_start():
    result = cleaned(a_deal(status=WON, amount=-50))
    assert result.opportunities == ()
    assert [deal.amount for deal in result.revenue_only] == [-50]
    assert result.flags["d"] == ("credit",)


@pytest.mark.parametrize("amount", [None, 0, -5, float("nan"), float("inf")])
def test_an_open_amount_that_cannot_be_is_unknown(amount):
    assert cleaned(a_deal(amount=amount)).opportunities[0].amount is None


@pytest.mark.parametrize(("days_ago", "flagged"), [(1, True), (0, False), (-1, False)])
def test_an_expected_close_day_is_overdue_once_it_has_passed(days_ago, flagged):
    assert ("overdue" in cleaned(a_deal(expected_close=ago(days_ago))).flags.get("d", ())) is flagged


def test_of_the_same_id_the_record_last_modified_counts():
    old, new = a_deal(amount=1, modified=ago(9)), a_deal(amount=2, modified=ago(3))
    for order in ((old, new), (new, old)):
        result = cleaned(*order)
        assert [deal.amount for deal in result.opportunities] == [2]
        assert result.flags["d"] == ("duplicate",)


def test_a_closed_deal_without_close_day_is_left_out():
    result = cleaned(a_deal(status=WON, close=None))
    assert (result.opportunities, result.revenue_only) == ((), ())
    assert result.flags["d"] == ("no close day",)


RATES = replace(
    SETTINGS,
    exchange_rates=(ExchangeRate("EUR", ago(300), 1.1), ExchangeRate("EUR", ago(5), 1.2)),
)


def test_closed_deals_take_the_rate_of_the_close_day_and_open_ones_todays():
    closed, still_open = cleaned(
        a_deal("a", WON, currency="eur"), a_deal("b", currency="EUR", list_price=100.0), settings=RATES
    ).opportunities
    assert closed.amount == pytest.approx(1_100)
    assert (still_open.amount, still_open.list_price) == (pytest.approx(1_200), pytest.approx(120))
    assert {closed.currency, still_open.currency} == {"USD"}


def test_without_a_rate_a_deal_counts_and_its_money_does_not():
    result = cleaned(a_deal(status=WON, currency="CHF"), settings=RATES)
    assert [(deal.amount, deal.currency) for deal in result.opportunities] == [(None, "CHF")]
    assert result.flags["d"] == ("no rate",)


def test_a_credit_without_a_rate_is_still_no_win():
    assert cleaned(a_deal(status=WON, currency="CHF", amount=-5)).opportunities == ()


def test_a_rate_holds_from_its_day_on():
    exchange = Exchange(RATES)
    assert [exchange.rate("EUR", ago(days)) for days in (301, 300, 6, 5)] == [None, 1.1, 1.1, 1.2]


def test_names_match_without_case_blanks_and_punctuation():
    assert match_name("GTXPro", ("GTX Pro", "GTX Plus Pro")) == "GTX Pro"
    assert match_name(" gtx-pro ", ("GTX Pro",)) == "GTX Pro"
    assert match_name("GTK Pro", ("GTX Pro",)) is None


def test_a_past_day_knows_no_later_starts():
    records = Records(deals=(a_deal(start=ago(40)),))
    assert rewind(records, ago(41)).deals == ()
    assert len(rewind(records, ago(40)).deals) == 1


def test_a_deal_closed_later_was_open_then_and_what_it_brought_unknown():
    sold = a_deal(status=WON, amount=900.0, list_price=1_000.0, stage="Won", lost_reason="x")
    then = rewind(Records(deals=(sold,)), ago(11)).deals[0]
    assert (then.status, then.close, then.amount, then.stage, then.lost_reason) == (OPEN, None, None, "", "")
    assert rewind(Records(deals=(replace(sold, list_price=None),)), ago(11)).deals[0].amount == 900
    assert rewind(Records(deals=(sold,)), ago(10)).deals[0] == sold


def test_a_past_day_has_the_stage_of_then():
    history = (StageEntry(DealId("d"), "demo", ago(30)), StageEntry(DealId("d"), "offer", ago(20)))
    records = Records(deals=(a_deal(stage="offer"),), stage_history=history)
    assert [rewind(records, ago(days)).deals[0].stage for days in (31, 21, 20)] == ["", "demo", "offer"]


def test_a_past_day_knows_no_later_activities_verifiers_and_withdrawals():
    verifier = Verifier(DealId("d"), "plan", "Bob", ago(20), withdrawn_on=ago(10))
    records = Records(activities=(Activity(PersonId("ann"), "call", ago(20)),), verifiers=(verifier,))
    assert rewind(records, ago(21)) == replace(records, activities=(), verifiers=())
    assert rewind(records, ago(11)).verifiers == (replace(verifier, withdrawn_on=None),)
    assert rewind(records, ago(10)) == records


@settings(max_examples=50)
@given(
    st.lists(
        st.builds(
            a_deal,
            st.sampled_from("abc"),
            st.sampled_from(DealStatus),
            start=st.none() | st.integers(-400, 400).map(ago),
            close=st.none() | st.integers(-400, 400).map(ago),
            amount=st.none() | st.floats(),
            list_price=st.none() | st.floats(),
            currency=st.sampled_from(("USD", "EUR", "")),
        ),
        max_size=8,
    ),
    st.integers(-500, 500).map(ago),
    st.randoms(use_true_random=False),
)
def test_the_order_of_records_changes_nothing_and_rewinding_twice_neither(deals, day, shuffle):
    # repr, because a nan equals nothing, not even itself
    records, other = Records(deals=tuple(deals)), deals.copy()
    shuffle.shuffle(other)
    assert repr(clean(records, day, RATES)) == repr(clean(Records(deals=tuple(other)), day, RATES))
    assert repr(rewind(rewind(records, day), day)) == repr(rewind(records, day))
