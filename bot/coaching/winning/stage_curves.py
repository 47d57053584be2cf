"""When opportunities are won and lost, counted from the day they entered a stage (specification, section 0.4)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from itertools import chain

import numpy as np

from bot.coaching.basis import win_curve
from bot.coaching.basis.ground import Ground
from bot.coaching.basis.win_curve import HORIZON, Counts, WinCurve
from bot.coaching.playbook import Playbook
from bot.coaching.records import Deal, DealId, PersonId, Records, Verifier
from bot.coaching.settings import Settings
from bot.coaching.winning.verified_stage import Standing, crm_position, verified_on


class StageBook:
    """The stage curves of an organisation on a day, counted once so that each rep's are cheap.

    Without stage history it is empty and costs nothing. ``entries`` are the first days in each stage.
    """

    def __init__(
        self,
        records: Records,
        deals: Sequence[Deal],
        playbook: Playbook,
        as_of: date,
        settings: Settings,
        everybody: Mapping[int, Counts] | None = None,
    ) -> None:
        """``deals`` are the cleaned opportunities of ``records`` (``GroundBook.opportunities``).

        ``everybody`` are the ``totals`` of all, where ``records`` are those of some whole teams only.
        """
        self._settings = settings
        self._given = everybody
        self.entries = first_entries(records, playbook, as_of)
        self._team_of: dict[PersonId, str] = {}
        self._members: dict[str, list[PersonId]] = {}
        self._cells: dict[int, dict[PersonId, list[int]]] = {}
        self._teams: dict[tuple[str, int], Counts] = {}
        if not self.entries:
            return
        self._team_of = {person.id: person.team or person.manager_id or "" for person in records.people}
        for person, team in self._team_of.items():
            self._members.setdefault(team, []).append(person)
        first = as_of - timedelta(days=settings.year_days - 1)
        if records.closings_known_since is not None:
            first = max(first, records.closings_known_since)
        known = {deal.id: deal for deal in deals}
        for (deal_id, position), entered in self.entries.items():
            deal = known.get(deal_id)
            if deal is not None and entered >= first:
                cells = self._cells.setdefault(position, {}).setdefault(deal.owner, [])
                cells.append(_cell(deal, entered, as_of))

    @cached_property
    def totals(self) -> Mapping[int, Counts]:
        """The outcomes of the deals by stage, as ``win_curve.counts`` has them."""
        return {position: _table(chain.from_iterable(owners.values())) for position, owners in self._cells.items()}

    def curves(self, ground: Ground) -> dict[int, WinCurve]:
        """Return the rep's curve of each stage with enough pool entries, by the stage's position from 1."""
        found = {}
        for position, everybody in (self.totals if self._given is None else self._given).items():
            own = _table(self._cells.get(position, {}).get(ground.rep.id, ()))
            pool = (self._team(ground.rep.id, position) if ground.pool.is_team else everybody) - own
            if int(pool.sum()) >= self._settings.stage_curve_min_entries:
                curve = win_curve.from_counts(own)
                found[position] = win_curve.mix(curve, curve.records, win_curve.from_counts(pool), ground.m)
        return found

    def _team(self, rep: PersonId, position: int) -> Counts:
        team = self._team_of.get(rep, "")
        if (team, position) not in self._teams:
            owners = self._cells.get(position, {})
            cells = (owners.get(member, ()) for member in self._members.get(team, ()))
            self._teams[team, position] = _table(chain.from_iterable(cells))
        return self._teams[team, position]


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
            known = found.get(key)
            if known is None or entry.entered < known:
                found[key] = entry.entered
    return found


def _cell(deal: Deal, entered: date, as_of: date) -> int:
    """Return where a deal counts in a table: its outcome's row, and the days from entry to the outcome, or to now."""
    age = ((deal.close or as_of) - entered).days
    return win_curve.CODES[deal.status] * (HORIZON + 1) + min(HORIZON, max(0, age))


def _table(cells: Iterable[int]) -> Counts:
    counted = np.bincount(np.fromiter(cells, dtype=np.int64), minlength=3 * (HORIZON + 1))
    return counted.reshape(3, -1).astype(np.int64)


def on_stage_curves(
    ground: Ground,
    curves: Mapping[int, WinCurve],
    standings: Mapping[DealId, Standing],
    verifiers: Mapping[DealId, Sequence[Verifier]],
    own: Container[str],
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
