"""When opportunities are won and lost, counted from the day they entered a stage (specification, section 0.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.coaching import win_curve
from bot.coaching.ground import Ground
from bot.coaching.playbook import Playbook
from bot.coaching.records import Deal, DealId, PersonId, Records, Verifier
from bot.coaching.settings import Settings
from bot.coaching.verified_stage import Standing, crm_position, verified_on
from bot.coaching.win_curve import HORIZON, WinCurve

Key = TypeVar("Key")
Counts = NDArray[np.int64]


class StageBook:
    """The stage curves of an organisation on a day, counted once so that each rep's are cheap.

    Without stage history it is empty and costs nothing.
    """

    def __init__(
        self, records: Records, deals: Sequence[Deal], playbook: Playbook, as_of: date, settings: Settings
    ) -> None:
        """``deals`` are the cleaned opportunities of ``records`` (``GroundBook.opportunities``)."""
        self._settings = settings
        self.entries = first_entries(records, playbook, as_of)
        self._own: dict[tuple[PersonId, int], Counts] = {}
        self._all: dict[int, Counts] = {}
        self._teams: dict[tuple[str, int], Counts] = {}
        if not self.entries:
            return
        self._team_of = {person.id: person.team or person.manager_id or "" for person in records.people}
        first = as_of - timedelta(days=settings.year_days - 1)
        if records.closings_known_since is not None:
            first = max(first, records.closings_known_since)
        known = {deal.id: deal for deal in deals}
        grouped: dict[tuple[PersonId, int], list[tuple[int, int]]] = defaultdict(list)
        for (deal_id, position), entered in self.entries.items():
            deal = known.get(deal_id)
            if deal is not None and entered >= first:
                grouped[deal.owner, position].append(_outcome(deal, entered, as_of))
        for (owner, position), outcomes in grouped.items():
            table = _table(outcomes)
            self._own[owner, position] = table
            _add(self._all, position, table)
            _add(self._teams, (self._team_of.get(owner, ""), position), table)

    def curves(self, ground: Ground) -> dict[int, WinCurve]:
        """Return the rep's curve of each stage with enough pool entries, by the stage's position from 1."""
        rep = ground.rep.id
        found = {}
        for position, everybody in self._all.items():
            own = self._own.get((rep, position), _EMPTY)
            team = self._team_of.get(rep, "")
            whole = self._teams.get((team, position), _EMPTY) if ground.pool.is_team else everybody
            pool = whole - own
            if int(pool.sum()) >= self._settings.stage_curve_min_entries:
                curve = win_curve.from_counts(own)
                found[position] = win_curve.mix(curve, curve.records, win_curve.from_counts(pool), ground.m)
        return found


_EMPTY: Counts = np.zeros((3, HORIZON + 1), dtype=np.int64)


def first_entries(records: Records, playbook: Playbook, as_of: date) -> dict[tuple[DealId, int], date]:
    """Return when each deal first entered each of the playbook's stages, up to a day; other stages are left out."""
    positions: dict[str, int | None] = {}
    found: dict[tuple[DealId, int], date] = {}
    for entry in records.stage_history:
        if entry.entered > as_of:
            continue
        if entry.stage not in positions:
            positions[entry.stage] = crm_position(entry.stage, playbook)
        position = positions[entry.stage]
        if position is not None:
            key = (entry.deal, position)
            found[key] = min(entry.entered, found.get(key, entry.entered))
    return found


def _outcome(deal: Deal, entered: date, as_of: date) -> tuple[int, int]:
    """Return days from entry to the outcome, or to now, and the outcome's code."""
    return max(0, ((deal.close or as_of) - entered).days), win_curve.CODES[deal.status]


def _table(outcomes: Sequence[tuple[int, int]]) -> Counts:
    ages, codes = zip(*outcomes, strict=True)
    return win_curve.counts(np.array(ages, dtype=np.int64), np.array(codes, dtype=np.int64))


def _add(sums: dict[Key, Counts], key: Key, table: Counts) -> None:
    sums[key] = sums[key] + table if key in sums else table


def on_stage_curves(
    ground: Ground,
    curves: Mapping[int, WinCurve],
    standings: Mapping[DealId, Standing],
    verifiers: Mapping[DealId, Sequence[Verifier]],
    own: frozenset[str],
) -> Ground:
    """Return the ground with each open deal on the curve of its verified stage, from the day that was verified.

    A deal stays on the rep's one curve where its stage has none, or where nothing had to be given for it.
    """
    if not curves:
        return ground
    deals = []
    for known in ground.open_deals:
        stands = standings[known.deal.id]
        since = verified_on(stands, verifiers.get(known.deal.id, ()), ground.as_of, own)
        curve = curves.get(stands.verified)
        if curve is not None and since is not None:
            deals.append(replace(known, stage_curve=curve, stage_age=(ground.as_of - since).days))
        else:
            deals.append(known)
    return replace(ground, open_deals=tuple(deals))
