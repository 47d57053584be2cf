"""What is put to a manager when most of a team turns down at once: a market matter, not theirs (section 1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.coaching.records import PersonId
from bot.coaching.rhythm.cadence import CadenceDecision, CadenceState, worded
from bot.coaching.rhythm.trend import TrendWord
from bot.coaching.said import say
from bot.coaching.settings import DEFAULTS, Settings

MARKET_WIDE = "market wide"  # no words: a flag

FEWEST = 2
"""Trends that have to point down: one rep's own is no market."""


class MarketAnswer(StrEnum):
    OPEN = "open"
    MORE_OFTEN = "more_often"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Shortening:
    """A rep whose 1:1s would be ``to`` days apart, and are ``was`` days apart until the manager decides."""

    rep: PersonId
    was: int
    to: int


@dataclass(frozen=True, slots=True)
class MarketProposal:
    """What one manager is asked once in an evaluation period; ``asked_on`` is a day of the manager's calendar.

    ``down`` of the ``team``'s reps have a negative trend. ``changes`` are for those whom it would give more 1:1s.
    """

    id: str
    manager: PersonId
    asked_on: date
    down: int
    team: int
    changes: tuple[Shortening, ...]
    answer: MarketAnswer = MarketAnswer.OPEN
    version: int = 1
    answered_at: datetime | None = None

    def stands_on(self, day: date, settings: Settings = DEFAULTS) -> bool:
        """Say whether nothing more is asked on ``day``, because the evaluation period isn't over."""
        return (day - self.asked_on).days < settings.evaluate_every_days

    def names(self, rep: PersonId) -> bool:
        return any(change.rep == rep for change in self.changes)


def market_wide(words: Iterable[TrendWord], settings: Settings = DEFAULTS) -> bool:
    """Say whether more than half of a team, and more than one rep, is negative in one evaluation."""
    known = list(words)
    down = known.count("negative")
    return down >= FEWEST and down > settings.market_wide_share * len(known)


def held_for_market(decision: CadenceDecision, previous: CadenceState | None) -> CadenceDecision:
    """Return ``decision`` without its change, for the manager to decide; ``decision`` itself is the proposal.

    What isn't negative, or fixed by the manager anyway, or no change, is returned as it is.
    """
    interval = decision.base if previous is None else previous.interval
    if decision.trend != "negative" or decision.fixed_by_manager or decision.interval >= interval:
        return decision
    held = replace(decision, interval=interval, flags=(*decision.flags, MARKET_WIDE))
    return worded(
        held, say("most of your team's trends point down at once, so your manager decides whether we meet more often")
    )


def left_as_it_is(held: CadenceDecision) -> CadenceDecision:
    """Return a held decision once the manager has decided to change nothing."""
    return worded(held, say("most of your team's trends point down at once, and your manager keeps it as it is"))


def more_often(decision: CadenceDecision) -> CadenceDecision:
    """Return the proposed decision once the manager has decided to meet more often."""
    return worded(
        decision,
        say("most of your team's trends point down at once, and your manager meets you more often until it turns"),
    )
