"""One lease of a row, under which calls wait for their turn as long as it lasts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.errors import CadenceError
from bot.services.ports import Claimed
from bot.slack.pace import Pace

SOON_SECONDS = 2.0
"""So soon who is claimed to be posted is to have the turn: who comes then in a hurry waits behind nobody else."""


class PostponedError(CadenceError):
    """Nothing was done now; the row may be claimed again in ``seconds``."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = seconds


@dataclass(slots=True)
class Attempt:
    """One lease of a row; ``latest_start`` is monotonic, ``method`` the last one that had its turn.

    ``in_doubt`` says to look before posting, for earlier attempts may have posted; ``maybe_posted`` that this one may,
    ``at_slack`` that the last turn has come, so that nobody waits behind it.
    """

    row: Claimed
    latest_start: float
    in_doubt: bool
    maybe_posted: bool = False
    method: str = ""
    at_slack: bool = False

    async def turn(self, pace: Pace, method: str, channel: str | None = None) -> None:
        """Wait until ``method`` is free. Raises PostponedError when the lease would run out under the call.

        A post doesn't wait out a rest that Slack asked for: meanwhile its words may change, or its reader leave.
        """
        self.method, self.at_slack = method, False
        waited = False
        while not waited or pace.is_held(method):
            patience = self.latest_start - seconds_now()
            if channel is not None and pace.is_held(method):
                patience = min(patience, SOON_SECONDS)
            wait = pace.reserve(method, channel, patience=max(0.0, patience))
            if patience < 0 or wait > patience:
                raise PostponedError("lease_too_short", wait)
            await asyncio.sleep(wait)
            waited = True
        self.at_slack = True


def seconds_now() -> float:
    """Return what the loop's own clock says: monotonic, and a test may run on a loop whose time it moves."""
    return asyncio.get_running_loop().time()
