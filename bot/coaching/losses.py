"""What a rep's deals are lost over more often than others like them (specification, section 7.2, loss analysis)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.coaching.ground import Ground, GroundBook
from bot.coaching.playbook import Playbook
from bot.coaching.pool_counts import PoolCounts
from bot.coaching.records import Deal, DealId, DealStatus, PersonId, Records, Verifier
from bot.coaching.verified_stage import own_people, standing

Kind = Literal["reason", "verified stage"]

MIN_OF_A_PATTERN = 2
NOT_VERIFIED = ""


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

    def __init__(self, book: GroundBook, records: Records, playbook: Playbook) -> None:
        self._settings = book.settings
        self._counts: PoolCounts[tuple[Kind, str]] = PoolCounts(book)
        self._totals: PoolCounts[Kind] = PoolCounts(book)
        self._spellings: dict[tuple[PersonId, str], Counter[str]] = defaultdict(Counter)
        stages = _LastVerified(records, playbook)
        for deal in book.opportunities:
            if deal.status is not DealStatus.LOST or deal.close is None:
                continue
            if (book.as_of - deal.close).days >= book.settings.year_days:
                continue
            reason = _bare(deal.lost_reason)
            if reason:
                self._spellings[deal.owner, reason][deal.lost_reason.strip()] += 1
                self._add(deal.owner, "reason", reason)
            self._add(deal.owner, "verified stage", stages.of(deal))

    def of(self, ground: Ground) -> tuple[LossPattern, ...]:
        """Return what stands out, the reason before the stage; empty where nothing does or losses are too few."""
        found = (self._pattern(ground, "reason"), self._pattern(ground, "verified stage"))
        return tuple(pattern for pattern in found if pattern is not None)

    def _add(self, owner: PersonId, kind: Kind, what: str) -> None:
        self._counts.add(owner, (kind, what))
        self._totals.add(owner, kind)

    def _pattern(self, ground: Ground, kind: Kind) -> LossPattern | None:
        rep, is_team, settings = ground.rep.id, ground.pool.is_team, self._settings
        losses = self._totals.own(rep).get(kind, 0)
        pool_losses = self._totals.pool(rep, kind, is_team=is_team)
        if min(losses, pool_losses) < settings.loss_min:
            return None
        shares = {
            what: self._counts.pool(rep, (kind, what), is_team=is_team) / pool_losses
            for known, what in self._counts.own(rep)
            if known == kind
        }
        own: Mapping[tuple[Kind, str], int] = self._counts.own(rep)
        # Of equally frequent ones that which is rarest elsewhere.
        what = min(shares, key=lambda each: (-own[kind, each], shares[each], each))
        number = own[kind, what]
        if number < MIN_OF_A_PATTERN or number / losses <= settings.loss_ratio * shares[what]:
            return None
        if kind == "reason":
            what_said = min(self._spellings[rep, what].items(), key=lambda spelt: (-spelt[1], spelt[0]))[0]
            return LossPattern(
                kind, what_said, number, losses, shares[what], _reason_sentence(what_said, number, losses)
            )
        return LossPattern(kind, what, number, losses, shares[what], _stage_sentence(what, number, losses))


class _LastVerified:
    """The stage that a deal's customer had last verified when it was lost."""

    def __init__(self, records: Records, playbook: Playbook) -> None:
        self._playbook = playbook
        self._own = own_people(records)
        self._given: dict[DealId, list[Verifier]] = defaultdict(list)
        for verifier in records.verifiers:
            self._given[verifier.deal].append(verifier)
        self._without: str | None = None

    def of(self, deal: Deal) -> str:
        given = self._given.get(deal.id)
        if given:
            return self._stage(deal, given)
        if self._without is None:  # the same for every deal that nothing was given for
            self._without = self._stage(deal, [])
        return self._without

    def _stage(self, deal: Deal, given: list[Verifier]) -> str:
        if deal.close is None:
            return NOT_VERIFIED
        return standing(deal, given, self._playbook, deal.close, self._own).verified_name or NOT_VERIFIED


def _bare(reason: str) -> str:
    return "".join(letter for letter in reason.casefold() if letter.isalnum())


def _reason_sentence(reason: str, number: int, losses: int) -> str:
    of = f"{number} of your {losses} losses with a known reason"
    return f'{of} were put down to "{reason}", more often than in deals like yours.'


def _stage_sentence(stage: str, number: int, losses: int) -> str:
    where = f"were last verified at {stage}" if stage else "had no verified stage yet"
    return f"{number} of your {losses} losses {where}, more often than in deals like yours."
