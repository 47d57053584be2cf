"""Whose teams hold 1:1s with Cadence by now: everybody's, or those of the managers who were invited and began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.coaching.records import PersonId


class InvitationState(StrEnum):
    """PROPOSED waits for the manager's word, BEGUN is planned for, STOPPED isn't: nobody of the team is written to."""

    PROPOSED = "proposed"
    BEGUN = "begun"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Invitation:
    """Where a manager stands, ``since`` when; ``by`` is who said so, None for the command line and the bot itself."""

    manager: PersonId
    state: InvitationState
    since: datetime
    by: PersonId | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom the bot plans for. ``version`` 0 is an installation in which nobody ever said: it goes on with everybody.

    ``by_choice`` says that an admin opened it to everybody, so that managers are welcomed.
    """

    everybody: bool = True
    by_choice: bool = False
    version: int = 0
    invitations: tuple[Invitation, ...] = ()

    def of(self, manager: PersonId) -> Invitation | None:
        return next((one for one in self.invitations if one.manager == manager), None)

    def includes(self, manager: PersonId) -> bool:
        """Whether the reps of a manager are planned for."""
        found = self.of(manager)
        return self.everybody if found is None else found.state is InvitationState.BEGUN


class Invitations(Protocol):
    async def reach(self) -> Reach:
        """Read once in a transaction, and again after a change of its own."""

    async def widen(self, reach: Reach, *, was: Reach) -> bool:
        """Change for whom it is in general; False if somebody else changed it since ``was`` was read."""

    async def invite(self, one: Invitation) -> bool:
        """Add a manager; False if the manager is there already."""

    async def save(self, one: Invitation, *, was: Invitation) -> bool:
        """Change where a manager stands; False if it isn't as it ``was`` any more."""
