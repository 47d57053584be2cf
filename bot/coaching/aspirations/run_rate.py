"""What a rep wins a year at the pace of the last quarter (specification, section 5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.coaching.basis.cleaning import CREDIT, NO_RATE, WON_WITHOUT_AMOUNT
from bot.coaching.basis.ground import Ground
from bot.coaching.figure import Figure
from bot.coaching.records import Deal, DealStatus
from bot.coaching.said import say
from bot.coaching.settings import Settings
from bot.coaching.wording import money

TEAM_MEAN = say("team mean")
"""The flag of a run-rate that is the team's and not the rep's own."""


def run_rate(ground: Ground, team_mean: float | None) -> Figure[float | None]:
    """Return Rev: dollars per year at the pace of the last 91 days.

    A rep known for a shorter time gets ``team_mean``, flagged; that sentence names no amount, because it would be
    other reps' number. None: neither is known. Credits can bring the rep's own value to 0 or below.
    """
    settings = ground.settings
    own = _own(ground)
    if own is not None:
        wins = _wins(ground)
        return Figure(
            own, settings.currency, ground.as_of, len(wins), _own_sentence(own, settings), _flags(wins, ground)
        )
    if team_mean is not None:
        said = say(
            "Your own run-rate shows after {days} days; until then we go by your team's record.",
            days=settings.quarter_days,
        )
        return Figure(team_mean, settings.currency, ground.as_of, 0, said, (TEAM_MEAN,))
    known = _days_known(ground)
    said = say("There are no records yet to compute a run-rate from.")
    if known is not None:
        said = say(
            "A run-rate needs {days} days of records, and there are {known} so far.",
            days=settings.quarter_days,
            known=known,
        )
    return Figure(None, settings.currency, ground.as_of, 0, said)


def team_run_rate(grounds: Iterable[Ground]) -> float | None:
    """Return the mean of the run-rates of those known for 91 days; None if nobody is."""
    known = [own for own in map(_own, grounds) if own is not None]
    return sum(known) / len(known) if known else None


def _own(ground: Ground) -> float | None:
    settings = ground.settings
    known = _days_known(ground)
    if known is None or known < settings.quarter_days:
        return None
    first = ground.as_of - timedelta(days=settings.quarter_days - 1)
    return ground.won_between(first, ground.as_of) * settings.year_days / settings.quarter_days


def _days_known(ground: Ground) -> int | None:
    """Return for how long the rep's closings are known; None without records.

    Where closings are known only since a day, a longer tenure has nothing to show for the time before.
    """
    if ground.closings_since is None:
        return None
    since = max(ground.rep.first_day or ground.closings_since, ground.closings_since)
    return max(0, (ground.as_of - since).days)


def _own_sentence(own: float, settings: Settings) -> str:
    days = settings.quarter_days
    if own < 0:
        return say(
            "Credits were larger than what you won in the last {days} days, so there is no run-rate to build on yet.",
            days=days,
        )
    if own == 0:
        return say("Nothing was won in the last {days} days, so there is no run-rate to build on yet.", days=days)
    return say(
        "You won {won} in the last {days} days, which makes {rate} a year.",
        won=money(own * settings.quarter_days / settings.year_days, settings.currency),
        days=days,
        rate=money(own, settings.currency),
    )


def _wins(ground: Ground) -> list[Deal]:
    """Return the won deals and credits of the last 91 days."""
    return [
        deal
        for deal in (*ground.closed_deals, *ground.revenue_only)
        if deal.status is DealStatus.WON
        and deal.close is not None
        and 0 <= (ground.as_of - deal.close).days < ground.settings.quarter_days
    ]


def _flags(wins: Iterable[Deal], ground: Ground) -> tuple[str, ...]:
    """Return why money may be missing in the sum, and that credits are in it."""
    amounts = [deal.amount for deal in wins]
    flags = {CREDIT} if any(amount is not None and amount < 0 for amount in amounts) else set()
    if not all(amounts):
        flags |= {WON_WITHOUT_AMOUNT, NO_RATE} & {*ground.flags}
    return tuple(sorted(flags))
