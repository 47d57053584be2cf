"""How often a rep and a manager meet, on which weekday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Protocol

from bot.coaching.records import PersonId
from bot.coaching.rhythm.cadence import CadenceDecision
from bot.coaching.rhythm.market import MarketProposal


@dataclass(frozen=True, slots=True)
class Standing:
    """A rep's fixed weekday (Monday 0) and wall time for 1:1s, in ``zone``, which is the manager's."""

    rep: PersonId
    manager: PersonId
    weekday: int
    at: time
    zone: str


class Cadences(Protocol):
    async def latest(self, rep: PersonId) -> CadenceDecision | None: ...
    async def add(self, rep: PersonId, decision: CadenceDecision) -> None: ...


class MarketProposals(Protocol):
    async def get(self, proposal: str) -> MarketProposal | None: ...
    async def latest(self, manager: PersonId) -> MarketProposal | None:
        """The one asked last."""

    async def add(self, one: MarketProposal) -> bool:
        """False: this manager was asked on that day already."""

    async def save(self, one: MarketProposal, *, was: MarketProposal) -> bool:
        """Compare-and-set on answer and version; ``one`` is stored as given. False: somebody else was faster."""


class Standings(Protocol):
    async def get(self, rep: PersonId) -> Standing | None: ...
    async def of_manager(self, manager: PersonId) -> tuple[Standing, ...]: ...
    async def put(self, standing: Standing) -> None: ...
