"""What the agenda says of a rep's own "awesome", and what it leaves unsaid."""

from dataclasses import replace
from datetime import date, timedelta

from bot.coaching.aspirations.aspiration import UNSET, aspiration
from bot.coaching.aspirations.drivers import Driver
from bot.coaching.aspirations.run_rate import TEAM_MEAN
from bot.coaching.basis.ground import Ground
from bot.coaching.basis.ground_book import ground_for
from bot.coaching.figure import Figure
from bot.coaching.records import CommissionBand, Person, PersonId, Records
from bot.coaching.settings import Settings

TODAY = date(2026, 3, 31)
CAPS = {Driver.STARTS: 0.10, Driver.WIN_RATE: 0.10, Driver.CYCLE: 0.05}
PLAN = (CommissionBand(0, 0.06), CommissionBand(1, 0.09))
SAID = "The run-rate's own sentence."


def rate(value: float | None, *flags: str) -> Figure[float | None]:
    return Figure(value, "USD", TODAY, 10, SAID, flags)


def ground(*, awesome: float | None = 1_000_000.0, commission=(), quota: float | None = 500_000.0) -> Ground:
    rep = Person(
        PersonId("ann"),
        "Ann",
        "ann@example.com",
        first_day=TODAY - timedelta(days=900),
        quota=quota,
        commission=commission,
        awesome=awesome,
    )
    known = ground_for(rep.id, Records(people=(rep,)), TODAY, Settings())
    return replace(
        known, starts_per_week=120 * 7 / 365, win_rate=replace(known.win_rate, value=0.30), typical_cycle=73.0
    )


def test_the_run_rate_the_path_and_the_smallest_changes_are_said_in_this_order():
    told = aspiration(ground(), rate(800_000.0), CAPS)
    assert (told.awesome, told.run_rate) == (1_000_000.0, 800_000.0)
    assert told.sentences == (
        SAID,
        "Awesome for you is $1.0M: 5.7% more starts and a 5.7% better win rate, two quarters in a row, gets you there.",
        (
            "One more point of win rate is worth about $27k a year and one more start is worth about $6.7k, "
            "if the new ones go like your usual ones."
        ),
        (
            "Winning your deals 5% sooner is worth about $8.0k once, "
            "or $42k a year if you fill the freed time with new starts."
        ),
    )


def test_with_a_plan_each_worth_is_also_told_as_the_reps_own():
    told = aspiration(ground(commission=PLAN), rate(600_000.0), CAPS)
    assert told.sentences[1].endswith("; it is worth $36k to you.")
    assert told.sentences[2] == (
        "One more point of win rate is worth about $20k a year ($1.8k to you) and one more start is worth about "
        "$5.0k ($450 to you), if the new ones go like your usual ones."
    )


def test_without_awesome_the_rep_is_asked_for_it():
    for unset in (None, 0.0, -5.0):
        told = aspiration(ground(awesome=unset), rate(800_000.0), CAPS)
        assert told.awesome is None
        assert told.sentences[1] == UNSET


def test_the_teams_run_rate_leads_the_path_but_is_never_shown_as_the_reps():
    told = aspiration(ground(), rate(800_000.0, TEAM_MEAN), CAPS)
    assert told.run_rate is None
    assert len(told.sentences) == 2
    assert "5.7% more starts" in told.sentences[1]


def test_nobody_is_there_by_the_teams_run_rate():
    told = aspiration(ground(), rate(2_000_000.0, TEAM_MEAN), CAPS)
    assert "you're there" not in " ".join(told.sentences)
    assert "$2.0M" not in " ".join(told.sentences)
    assert aspiration(ground(), rate(2_000_000.0), CAPS).sentences[1].endswith("you're there: what's next?")


def test_without_a_run_rate_there_is_no_way_to_show_yet():
    told = aspiration(ground(), rate(None), CAPS)
    assert told.run_rate is None
    assert told.sentences == (
        SAID,
        "Awesome for you is $1.0M; we show what gets you there as soon as there is a run-rate.",
    )


def test_a_run_rate_of_nothing_leads_by_the_next_win():
    told = aspiration(ground(), rate(0.0), CAPS)
    assert told.run_rate == 0
    assert told.sentences[1:] == (
        "Awesome for you is $1.0M; the way there starts with your next win, and then we show it in steps.",
    )


def test_what_has_no_value_yet_isnt_priced():
    known = replace(ground(), starts_per_week=0.0, typical_cycle=None)
    assert aspiration(known, rate(600_000.0), CAPS).sentences[2:] == (
        "One more point of win rate is worth about $20k a year, if the new ones go like your usual ones.",
    )
    unwon = replace(ground(), win_rate=replace(known.win_rate, value=0.0))
    assert aspiration(unwon, rate(600_000.0), {}).sentences[2:] == (
        "One more start is worth about $5.0k, if the new ones go like your usual ones.",
    )
    assert len(aspiration(replace(unwon, starts_per_week=0.0), rate(600_000.0), {}).sentences) == 2
