"""What the rep reads about one horizon (specification, section 4)."""

from __future__ import annotations

from bot.coaching.pipeline.outlook import Outlook
from bot.coaching.pipeline.periods import Target
from bot.coaching.pipeline.starts import Shut, Window, still_to_win
from bot.coaching.wording import count, day, half_up, money

MONTH, QUARTER, YEAR = "month", "quarter", "year"
NEXT = {MONTH: "the quarter is next", QUARTER: "the year is next", YEAR: "next year is yours to shape"}
BUILDS = {MONTH: "the quarter", QUARTER: "the year", YEAR: "next year"}
SUFFIXES = {1: "st", 2: "nd", 3: "rd"}
NO_WINS = "none of the opportunities like yours has been won yet, so nothing is expected of your pipeline so far"


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
        return f"Set your goal first, then we can say what is still missing; {worth}."
    remaining = still_to_win(target)
    if remaining <= 0:
        return _won(name, target, currency)
    if window.shut is Shut.OVER:
        left = money(remaining, currency)
        return f"This window ended on {end} with {left} still to win; what you start now builds {BUILDS[name]}."
    if window.shut is Shut.NO_WINS:
        return _capital(f"{worth} and we can't say how many starts close the gap by {end}.")
    have = outlook.have(remaining)
    if outlook.live > 0 and outlook.need is not None and have is not None:
        worth = f"you need {_times(outlook.need)} and have {_times(have)}: {worth}"
    return _capital(f"{worth}{_rest(name, remaining, outlook, window, starts, extra, currency)}.")


def end_words(name: str, window: Window) -> str:
    """Return "the 31st" where the month is plain, else "31 December", with its year if that isn't this one."""
    ends = window.ends
    if name == MONTH:
        return f"the {_ordinal(ends.day)}"
    return day(ends) + (f" {ends.year}" if ends.year != window.as_of.year else "")


def _worth(outlook: Outlook, end: str, currency: str) -> str:
    """Return what the pipeline is worth, as a clause."""
    live, expected = money(outlook.live, currency), money(outlook.expected, currency)
    if not outlook.deals:
        return "you have no open deals yet"
    if not _is_valued(outlook, currency):
        return "you have no live deals with an amount"
    if outlook.live <= 0:
        return f"you have no live deals, and your older ones are worth about {expected} by {end}"
    if _is_older_valued(outlook, currency):
        return f"your {live} of live pipeline and your older deals are worth about {expected} by {end}"
    if outlook.live_expected <= 0:
        return f"at its age your {live} of pipeline is unlikely to bring anything by {end}"
    return f"your {live} of pipeline is worth about {expected} by {end}"


def _is_valued(outlook: Outlook, currency: str) -> bool:
    """Say whether there is a pipeline to put a worth and a day to."""
    return outlook.live > 0 or _is_older_valued(outlook, currency)


def _is_older_valued(outlook: Outlook, currency: str) -> bool:
    """Say whether deals that aren't live any more bring what a rep would see in the figures."""
    return money(outlook.expected, currency) != money(outlook.live_expected, currency)


def _rest(
    name: str,
    remaining: float,
    outlook: Outlook,
    window: Window,
    starts: int | None,
    extra: int | None,
    currency: str,
) -> str:
    """Return what follows from the worth of the pipeline."""
    if outlook.expected >= remaining or starts == 0:
        return f", which covers the {money(remaining, currency)} still to win"
    end = end_words(name, window)
    gap = _gap(remaining, outlook, end, currency)
    if window.shut is Shut.NO_SIZE:
        return f"; no win with an amount is known yet, so we can't say how many starts close {gap}"
    if starts is None or extra is None:
        after = f", and new starts from now on would be won after {'that' if _is_valued(outlook, currency) else end}"
        if outlook.live_expected > 0:
            return f"{after}; what moves this one is win rate or size"
        return f"{after}; they build {BUILDS[name]}"
    if not window.within_reach(starts):
        return f", and new starts alone can't close {gap}: what moves this one is win rate or size"
    pace = f"{extra:,} more than your pace" if extra else "no more than your usual pace"
    return f", so {count(starts, 'start')} {'closes' if starts == 1 else 'close'} {gap}, {pace}"


def _gap(remaining: float, outlook: Outlook, end: str, currency: str) -> str:
    """Return "the gap" where the sentence has named its parts, else its size and day too."""
    if _is_valued(outlook, currency):
        return "the gap"
    return f"the {money(remaining, currency)} gap by {end}"


def _won(name: str, target: Target, currency: str) -> str:
    if target.goal <= 0:
        return f"There is nothing left to win for the {target.word}; {NEXT[name]}."
    won, goal = money(target.won, currency), money(target.goal, currency)
    return f"You've made your goal for the {target.word}, with {won} won of {goal}; {NEXT[name]}."


def _times(multiple: float) -> str:
    return f"{half_up(multiple * 10) / 10:,.1f}x"


def _ordinal(day: int) -> str:
    teens = range(11, 14)
    return f"{day}{'th' if day in teens else SUFFIXES.get(day % 10, 'th')}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
