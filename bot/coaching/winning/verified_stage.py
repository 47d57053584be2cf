"""How far a customer has really come: the stage whose tolls are paid (specification, section 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching.basis.cleaning import match_name
from bot.coaching.playbook import Playbook, Stage, VerifierKind
from bot.coaching.records import Deal, DealId, Records, Verifier


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a deal stands. Positions count from 1; ``verified`` is 0 where not even the first toll is paid.

    ``crm`` is the position that the CRM claims, None where its name is no stage of the playbook. ``next_toll`` is
    what is unpaid of the stage after the verified one, empty at the last; ``unpaid`` is everything unpaid up to the
    CRM's stage, in order.
    """

    verified: int
    crm: int | None
    stages: tuple[Stage, ...]
    next_toll: tuple[VerifierKind, ...]
    unpaid: tuple[VerifierKind, ...]

    @property
    def gap(self) -> int | None:
        """Stages that the CRM is ahead of the customer (below 0: behind); None where its stage is unknown."""
        return None if self.crm is None else self.crm - self.verified

    @property
    def verified_name(self) -> str | None:
        return self.stages[self.verified - 1].name if self.verified else None

    @property
    def next_stage(self) -> Stage | None:
        return self.stages[self.verified] if self.verified < len(self.stages) else None


class Standings:
    """Where any number of deals stand; what the deals of a stage have in common is looked up once."""

    def __init__(self, playbook: Playbook, verifiers: Mapping[DealId, Sequence[Verifier]], own: Container[str]) -> None:
        """``verifiers`` come by deal; ``own`` are the names of our own people, without case (see ``own_people``).

        What one of our own people wrote isn't given by a customer.
        """
        self.playbook = playbook
        self.verifiers = verifiers
        self.own = own
        self._crm: dict[str, int | None] = {}
        self._without: dict[str, Standing] = {}

    def of(self, deal: Deal, on: date) -> Standing:
        """Return where ``deal`` stands on a day."""
        given = self.verifiers.get(deal.id)
        if given:
            return self._standing(deal.stage, given, on)
        if deal.stage not in self._without:
            self._without[deal.stage] = self._standing(deal.stage, (), on)
        return self._without[deal.stage]

    def verified_on(self, deal: Deal, stands: Standing, on: date) -> date | None:
        """Return the day on which the last toll up to the verified stage was paid; None where nothing had to be."""
        return verified_on(stands, self.verifiers.get(deal.id, ()), on, self.own)

    def verified_name(self, deal: Deal, on: date) -> str | None:
        """Return the name of the stage that ``of`` finds verified, and no more; None where not even one is."""
        given = self.verifiers.get(deal.id)
        if not given:
            return self.of(deal, on).verified_name
        by_key, name = _by_key(given), None
        for stage in self.playbook.stages:
            if not all(is_paid(kind, by_key.get(kind.key, ()), on, self.own) for kind in stage.toll):
                break
            name = stage.name
        return name

    def _standing(self, stage: str, given: Sequence[Verifier], on: date) -> Standing:
        if stage not in self._crm:
            self._crm[stage] = crm_position(stage, self.playbook)
        crm, stages, by_key = self._crm[stage], self.playbook.stages, _by_key(given)
        unpaid_by_stage = [
            tuple(kind for kind in known.toll if not is_paid(kind, by_key.get(kind.key, ()), on, self.own))
            for known in stages
        ]
        verified = next((done for done, unpaid in enumerate(unpaid_by_stage) if unpaid), len(unpaid_by_stage))
        return Standing(
            verified=verified,
            crm=crm,
            stages=stages,
            next_toll=unpaid_by_stage[verified] if verified < len(unpaid_by_stage) else (),
            unpaid=tuple(kind for unpaid in unpaid_by_stage[: crm or 0] for kind in unpaid),
        )


def _by_key(given: Iterable[Verifier]) -> Mapping[str, Sequence[Verifier]]:
    grouped: dict[str, list[Verifier]] = {}
    for verifier in given:
        grouped.setdefault(verifier.key, []).append(verifier)
    return grouped


def standing(deal: Deal, verifiers: Iterable[Verifier], playbook: Playbook, on: date, own: Container[str]) -> Standing:
    """Return where one ``deal`` stands on a day, whosever the ``verifiers`` are; for many make ``Standings`` once."""
    given = [verifier for verifier in verifiers if verifier.deal == deal.id]
    return Standings(playbook, {deal.id: given}, own).of(deal, on)


def verifiers_by_deal(records: Records) -> dict[DealId, list[Verifier]]:
    """Return what was given, grouped by deal."""
    grouped: dict[DealId, list[Verifier]] = defaultdict(list)
    for verifier in records.verifiers:
        grouped[verifier.deal].append(verifier)
    return dict(grouped)


def is_paid(kind: VerifierKind, given: Iterable[Verifier], on: date, own: Container[str]) -> bool:
    """Say whether a customer gave this verifier and it neither expired nor was withdrawn by that day.

    It counts on the day it is given and through its last day; from the day it is withdrawn it doesn't.
    """
    return any(_counts(verifier, kind, on, own) for verifier in given)


def verified_on(stands: Standing, given: Iterable[Verifier], on: date, own: Container[str]) -> date | None:
    """Return the day on which the last toll up to the verified stage was paid; None where nothing had to be paid."""
    known = tuple(given)
    days = [
        min(verifier.given_on for verifier in known if _counts(verifier, kind, on, own))
        for stage in stands.stages[: stands.verified]
        for kind in stage.toll
    ]
    return max(days, default=None)


def _counts(verifier: Verifier, kind: VerifierKind, on: date, own: Container[str]) -> bool:
    if verifier.key != kind.key:
        return False
    author = verifier.given_by.strip()
    return (
        author != ""
        and author.casefold() not in own
        and verifier.given_on <= on <= _last_day(verifier, kind)
        and not (verifier.withdrawn_on is not None and verifier.withdrawn_on <= on)
    )


def crm_position(stage: str, playbook: Playbook) -> int | None:
    """Return the position, from 1, of the stage that the CRM calls ``stage``; None where none is called so."""
    for position, known in enumerate(playbook.stages, start=1):
        if stage.strip() and match_name(stage, (known.name, *known.crm)) is not None:
            return position
    return None


def own_people(records: Records) -> frozenset[str]:
    """Return the ids, names and addresses of our own people, without case."""
    return frozenset(
        word.strip().casefold() for person in records.people for word in (person.id, person.name, person.email)
    ) - {""}


def _last_day(verifier: Verifier, kind: VerifierKind) -> date:
    last = verifier.expires_on or date.max
    if kind.expires_after_days is None:
        return last
    return min(last, verifier.given_on + timedelta(days=kind.expires_after_days))
