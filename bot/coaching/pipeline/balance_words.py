"""What the rep reads about one horizon (specification, section 4)."""

from __future__ import annotations

from bot.coaching.pipeline.outlook import Outlook
from bot.coaching.pipeline.period_words import NEXT_YEAR, THE, the_period
from bot.coaching.pipeline.periods import Target
from bot.coaching.pipeline.starts import Shut, Window, still_to_win
from bot.coaching.said import Said, capital, say, say_many
from bot.coaching.wording import day, money, times, whole

MONTH, QUARTER, YEAR = "month", "quarter", "year"
NEXT = {
    MONTH: say("the quarter is next"),
    QUARTER: say("the year is next"),
    YEAR: say("next year is yours to shape"),
}
BUILDS = {MONTH: THE[QUARTER], QUARTER: THE[YEAR], YEAR: NEXT_YEAR}
NO_WINS = say("none of the opportunities like yours has been won yet, so nothing is expected of your pipeline so far")


def sentence(
    name: str,
    target: Target | None,
    outlook: Outlook,
    window: Window,
    starts: int | None,
    extra: int | None,
    currency: str,
) -> str:
    """Return the sentence of a horizon called ``name``: what the rep's deals bring by its end, and what is missing.

    ``starts`` and ``extra`` are None without a goal, and where the window is shut.
    """
    end = end_words(name, window)
    worth = NO_WINS if window.shut is Shut.NO_WINS else _worth(outlook, end, currency)
    if target is None:
        return say("Set your goal first, then we can say what is still missing; {worth}.", worth=worth)
    remaining = still_to_win(target)
    if remaining <= 0:
        return _won(name, target, currency)
    if window.shut is Shut.OVER:
        return say(
            "This window ended on {end} with {left} still to win; what you start now builds {next}.",
            end=end,
            left=money(remaining, currency),
            next=BUILDS[name],
        )
    if window.shut is Shut.NO_WINS:
        return capital(say("{worth} and we can't say how many starts close the gap by {end}.", worth=worth, end=end))
    have = outlook.have(remaining)
    if outlook.live > 0 and outlook.need is not None and have is not None:
        worth = say("you need {need} and have {have}: {worth}", need=times(outlook.need), have=times(have), worth=worth)
    return capital(_followed(worth, name, remaining, outlook, window, starts, extra, currency))


def end_words(name: str, window: Window) -> Said:
    """Return "the 31st" where the month is plain, else "31 December", with its year if that isn't this one."""
    ends = window.ends
    if name == MONTH:
        return _ordinal(ends.day)
    return day(ends) if ends.year == window.as_of.year else say("{day} {year}", day=day(ends), year=ends.year)


def _worth(outlook: Outlook, end: str, currency: str) -> Said:
    """Return what the pipeline is worth, as a clause."""
    live, expected = money(outlook.live, currency), money(outlook.expected, currency)
    if not outlook.deals:
        return say("you have no open deals yet")
    if not _is_valued(outlook, currency):
        return say("you have no live deals with an amount")
    if outlook.live <= 0:
        return say(
            "you have no live deals, and your older ones are worth about {expected} by {end}",
            expected=expected,
            end=end,
        )
    if _is_older_valued(outlook, currency):
        return say(
            "your {live} of live pipeline and your older deals are worth about {expected} by {end}",
            live=live,
            expected=expected,
            end=end,
        )
    if outlook.live_expected <= 0:
        return say("at its age your {live} of pipeline is unlikely to bring anything by {end}", live=live, end=end)
    return say("your {live} of pipeline is worth about {expected} by {end}", live=live, expected=expected, end=end)


def _is_valued(outlook: Outlook, currency: str) -> bool:
    """Say whether there is a pipeline to put a worth and a day to."""
    return outlook.live > 0 or _is_older_valued(outlook, currency)


def _is_older_valued(outlook: Outlook, currency: str) -> bool:
    """Say whether deals that aren't live any more bring what a rep would see in the figures."""
    return money(outlook.expected, currency) != money(outlook.live_expected, currency)


def _followed(
    worth: str,
    name: str,
    remaining: float,
    outlook: Outlook,
    window: Window,
    starts: int | None,
    extra: int | None,
    currency: str,
) -> Said:
    """Return the worth of the pipeline with what follows from it."""
    if outlook.expected >= remaining or starts == 0:
        return say("{worth}, which covers the {left} still to win.", worth=worth, left=money(remaining, currency))
    end = end_words(name, window)
    gap = _gap(remaining, outlook, end, currency)
    if window.shut is Shut.NO_SIZE:
        return say(
            "{worth}; no win with an amount is known yet, so we can't say how many starts close {gap}.",
            worth=worth,
            gap=gap,
        )
    if starts is None or extra is None:
        after = say("new starts from now on would be won after that")
        if not _is_valued(outlook, currency):
            after = say("new starts from now on would be won after {end}", end=end)
        if outlook.live_expected > 0:
            return say("{worth}, and {after}; what moves this one is win rate or size.", worth=worth, after=after)
        return say("{worth}, and {after}; they build {next}.", worth=worth, after=after, next=BUILDS[name])
    if not window.within_reach(starts):
        return say(
            "{worth}, and new starts alone can't close {gap}: what moves this one is win rate or size.",
            worth=worth,
            gap=gap,
        )
    pace = say("{n} more than your pace", n=whole(extra)) if extra else say("no more than your usual pace")
    return say_many(
        "{worth}, so {n} start closes {gap}, {pace}.",
        "{worth}, so {n} starts close {gap}, {pace}.",
        starts,
        n=whole(starts),
        worth=worth,
        gap=gap,
        pace=pace,
    )


def _gap(remaining: float, outlook: Outlook, end: str, currency: str) -> Said:
    """Return "the gap" where the sentence has named its parts, else its size and day too."""
    if _is_valued(outlook, currency):
        return say("the gap")
    return say("the {gap} gap by {end}", gap=money(remaining, currency), end=end)


def _won(name: str, target: Target, currency: str) -> Said:
    period = the_period(target)
    if target.goal <= 0:
        return say("There is nothing left to win for {period}; {next}.", period=period, next=NEXT[name])
    return say(
        "You've made your goal for {period}, with {won} won of {goal}; {next}.",
        period=period,
        won=money(target.won, currency),
        goal=money(target.goal, currency),
        next=NEXT[name],
    )


def _ordinal(day: int) -> Said:
    """Return "the 31st", a day of a month that is plain."""
    if day in range(11, 14):
        return say("the {n}th", n=day)
    return {1: say("the {n}st", n=day), 2: say("the {n}nd", n=day), 3: say("the {n}rd", n=day)}.get(
        day % 10, say("the {n}th", n=day)
    )
