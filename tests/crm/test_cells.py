"""What may stand in a cell, and what to write instead."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars.public_holidays import known_country
from bot.coaching.records import CommissionBand
from bot.crm import cells
from bot.crm.cells import CellError

NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("03/04/2017", "write 2017-03-04 or 2017-04-03, whichever is meant"),
        ("13/04/2017", "write 2017-04-13"),
        ("04.04.2017", "write 2017-04-04"),
        ("31-31-2017", "write year-month-day, such as 2017-03-31"),
        ("March 4", "write year-month-day, such as 2017-03-31"),
        ("42798", "write year-month-day, such as 2017-03-31"),
    ],
)
def test_a_day_in_another_notation_is_refused_with_what_it_may_mean(text, remedy):
    with pytest.raises(CellError) as refused:
        cells.day(text)
    assert str(refused.value) == f"'{text}' isn't an ISO date: {remedy}"


@pytest.mark.parametrize("text", ["2017-02-29", "2017-13-01", "0217-03-01", "2917-03-01"])
def test_a_day_that_never_was_or_is_far_off_is_refused(text):
    with pytest.raises(CellError):
        cells.day(text)


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)))
def test_every_iso_day_is_read_as_itself(day):
    assert cells.day(day.isoformat()) == day
    assert cells.day_in(NEW_YORK)(day.isoformat()) == day


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("2017-03-01T04:59:59Z", NEW_YORK, date(2017, 2, 28)),
        ("2017-03-01T05:00:00Z", NEW_YORK, date(2017, 3, 1)),
        ("2017-03-01 23:30+00:00", BERLIN, date(2017, 3, 2)),
        ("2017-03-01T23:30", BERLIN, date(2017, 3, 1)),
        ("2017-03-01T23:30:00.123Z", NEW_YORK, date(2017, 3, 1)),
    ],
)
def test_a_time_counts_on_its_day_in_the_owners_zone(text, zone, day):
    assert cells.day_in(zone)(text) == day


@given(st.datetimes(datetime(1960, 1, 1), datetime(2140, 1, 1)), st.timezones())  # noqa: DTZ001 - st adds the zone
def test_a_time_in_utc_falls_on_the_day_that_clocks_in_the_zone_show(moment, zone):
    at = moment.replace(tzinfo=UTC)
    assert cells.day_in(zone)(at.isoformat()) == at.astimezone(zone).date()


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("1234,50", "write 1234.50"),
        ("1.234,50", "write 1234.50"),
        ("1,234.50", "write 1234.50"),
        ("1,234", "write 1234 or 1.2340, whichever is meant"),
        ("1.234.567", "write 1234567"),
        ("$5,000.00", "write 5000.00"),
        ("5e3", "write it out with digits and a decimal point, such as 1234.50"),
        ("12%", "write it out with digits and a decimal point, such as 1234.50"),
        ("n/a", "write it out with digits and a decimal point, such as 1234.50"),
    ],
)
def test_a_number_in_another_notation_is_refused_with_what_it_may_mean(text, remedy):
    with pytest.raises(CellError) as refused:
        cells.amount(text)
    assert str(refused.value) == f"'{text}' isn't a number: {remedy}"


@given(st.decimals(-(10**14), 10**14, allow_nan=False, places=2))
def test_digits_with_a_decimal_point_are_a_number(number):
    assert cells.amount(f"{number:f}") == float(number)


def test_amounts_stay_below_a_quadrillion():
    assert cells.amount("999999999999999") == 999_999_999_999_999
    with pytest.raises(CellError, match="too large"):
        cells.amount("1000000000000000")


def test_a_point_before_three_digits_has_two_readings_where_the_comma_is_decimal():
    with pytest.raises(CellError, match=r"'1\.234' has two readings: write 1234 or 1\.2340"):
        cells.amount_among_semicolons("1.234")
    assert cells.amount_among_semicolons("1.2340") == 1.234
    assert cells.amount("1.234") == 1.234


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "three", "1000001"])
def test_a_count_is_a_whole_number_from_1(text):
    assert cells.count("1") == 1
    with pytest.raises(CellError):
        cells.count(text)


def test_an_address_is_compared_in_lower_case():
    assert cells.email("Jane.Doe@Example.COM") == "jane.doe@example.com"


@pytest.mark.parametrize("text", ["Jane Doe", "jane@", "@example.com", "a@b, c@d", "<jane@example.com>"])
def test_what_is_no_single_address_is_refused(text):
    with pytest.raises(CellError, match="isn't an e-mail address"):
        cells.email(text)


@pytest.mark.parametrize(("text", "is_yes"), [("yes", True), ("TRUE", True), ("1", True), ("No", False), ("0", False)])
def test_yes_and_no_may_be_written_in_three_ways(text, is_yes):
    assert cells.flag(text) is is_yes
    with pytest.raises(CellError, match="neither yes nor no"):
        cells.flag("perhaps")


def test_a_time_zone_is_an_iana_name_and_a_near_miss_is_named():
    assert cells.timezone("Europe/Berlin") == "Europe/Berlin"
    with pytest.raises(CellError, match="write America/New_York"):
        cells.timezone("America/New York")
    with pytest.raises(CellError, match="such as Europe/Berlin"):
        cells.timezone("???")


def test_a_country_must_have_known_holidays_where_that_can_be_told():
    assert cells.country(known_country)("us-ca") == "US-CA"
    assert cells.country(None)("XX") == "XX"
    with pytest.raises(CellError, match="holidays aren't known"):
        cells.country(known_country)("XX")
    with pytest.raises(CellError, match="isn't a country"):
        cells.country(None)("Germany")


def test_a_currency_has_three_letters():
    assert cells.currency("eur") == "EUR"
    with pytest.raises(CellError, match="isn't a currency"):
        cells.currency("€")


def test_a_commission_plan_is_bands_of_quota_multiple_and_rate():
    assert cells.commission("0:0.06; 1:0.09") == (CommissionBand(0, 0.06), CommissionBand(1, 0.09))


@pytest.mark.parametrize("text", ["6%", "1:0.06", "0:0.06;0:0.09", "0:0.06;2:0.1;1:0.2", "0:6", "0:-0.1", "0:0.06;"])
def test_a_commission_plan_with_gaps_disorder_or_percentages_is_refused(text):
    with pytest.raises(CellError):
        cells.commission(text)
