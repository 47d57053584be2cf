"""What a rep's deals are lost over more often than others like them (specification, section 7.2, loss analysis)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.coaching.basis.cleaning import bare_name
from bot.coaching.basis.ground import Ground
from bot.coaching.basis.ground_book import GroundBook
from bot.coaching.basis.pool_counts import PoolCounts
from bot.coaching.records import Deal, DealStatus, PersonId
from bot.coaching.said import say
from bot.coaching.settings import Settings
from bot.coaching.winning.verified_stage import Standings

Kind = Literal["reason", "verified stage"]

LossKey = tuple[Kind, str | None]

REASON: Kind = "reason"
STAGE: Kind = "verified stage"  # no words: a key

MIN_OF_A_PATTERN = 2
NOT_VERIFIED = ""
ANY = None
"""In place of a reason or stage: all losses in which one is known."""


@dataclass(frozen=True, slots=True)
class LossPattern:
    """``number`` of the rep's ``losses`` share ``what``: a reason, or a last verified stage ("" for none yet).

    ``pool_share`` is how often the pool's losses do.
    """

    kind: Kind
    what: str
    number: int
    losses: int
    pool_share: float
    sentence: str


class LossBook:
    """A year's losses of an organisation, counted once so that each rep's analysis is cheap."""

    def __init__(self, book: GroundBook, standings: Standings, everybody: Mapping[LossKey, int] | None = None) -> None:
        """``everybody`` are the ``totals`` of all, where the book's deals are those of some whole teams only."""
        self._settings = book.settings
        self._counts: PoolCounts[LossKey] = PoolCounts(book, everybody)
        for deal in book.opportunities:
            if deal.close is not None and _is_recent_loss(deal, book.as_of, book.settings):
                reason = bare_name(deal.lost_reason)
                if reason:
                    self._add(deal.owner, REASON, reason)
                self._add(deal.owner, STAGE, standings.verified_name(deal, deal.close) or NOT_VERIFIED)

    @property
    def totals(self) -> Counter[LossKey]:
        """How often each was counted, and in how many losses of its kind."""
        return self._counts.totals

    def of(self, ground: Ground) -> tuple[LossPattern, ...]:
        """Return what stands out, the reason before the stage; empty where nothing does or losses are too few."""
        found = (self._pattern(ground, REASON), self._pattern(ground, STAGE))
        return tuple(pattern for pattern in found if pattern is not None)

    def _add(self, owner: PersonId, kind: Kind, what: str) -> None:
        self._counts.add(owner, (kind, what))
        self._counts.add(owner, (kind, ANY))

    def _pattern(self, ground: Ground, kind: Kind) -> LossPattern | None:
        rep, is_team, settings = ground.rep.id, ground.pool.is_team, self._settings
        own = self._counts.own(rep)
        losses = own.get((kind, ANY), 0)
        pool_losses = self._counts.pool(rep, (kind, ANY), is_team=is_team)
        if min(losses, pool_losses) < settings.loss_min:
            return None
        shares = {
            what: self._counts.pool(rep, (kind, what), is_team=is_team) / pool_losses
            for known, what in own
            if known == kind and what is not ANY
        }
        # Of equally frequent ones that which is rarest elsewhere.
        what = min(shares, key=lambda each: (-own[kind, each], shares[each], each))
        number = own[kind, what]
        if number < MIN_OF_A_PATTERN or number / losses <= settings.loss_ratio * shares[what]:
            return None
        if kind == REASON:
            said = _usual_spelling(what, ground)
            return LossPattern(kind, said, number, losses, shares[what], _reason_sentence(said, number, losses))
        return LossPattern(kind, what, number, losses, shares[what], _stage_sentence(what, number, losses))


def _is_recent_loss(deal: Deal, as_of: date, settings: Settings) -> bool:
    return deal.status is DealStatus.LOST and deal.close is not None and (as_of - deal.close).days < settings.year_days


def _usual_spelling(reason: str, ground: Ground) -> str:
    """Return how the rep's losses spell a reason most often."""
    spelt = Counter(
        deal.lost_reason.strip()
        for deal in ground.closed_deals
        if _is_recent_loss(deal, ground.as_of, ground.settings) and bare_name(deal.lost_reason) == reason
    )
    return min(spelt.items(), key=lambda each: (-each[1], each[0]))[0]


def _reason_sentence(reason: str, number: int, losses: int) -> str:
    return say(
        '{number} of your {losses} losses with a known reason were put down to "{reason}", more often than in deals '
        "like yours.",
        number=number,
        losses=losses,
        reason=reason,
    )


def _stage_sentence(stage: str, number: int, losses: int) -> str:
    if not stage:
        return say(
            "{number} of your {losses} losses had no verified stage yet, more often than in deals like yours.",
            number=number,
            losses=losses,
        )
    return say(
        "{number} of your {losses} losses were last verified at {stage}, more often than in deals like yours.",
        number=number,
        losses=losses,
        stage=stage,
    )
