"""What became of a post of unknown end, found out before anything is posted again (reliability, 1.3)."""

from __future__ import annotations

import logging
from datetime import timedelta

from bot.services.ports import Claimed, Clock
from bot.slack.attempt import Attempt, PostponedError, seconds_now
from bot.slack.errors import Outcome, SlackFailureError
from bot.slack.messages import Messages
from bot.slack.pace import Pace

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(seconds=60)
LOOK_AGAIN_SECONDS = 20.0
UNREADABLE_SECONDS = 30.0
PAGES_NEWEST = 3
PAGES_BOUNDED = 10


class LookUp:
    """Reads the history of DMs for messages that an earlier attempt may have posted.

    ``channels`` are the DMs that are known, by person. ``quarantine`` is the seconds after which a post has to be
    visible; ``trust_slack_clock`` says that Slack's times, the database's clock and ``clock`` are the same time.
    """

    def __init__(
        self,
        messages: Messages,
        pace: Pace,
        clock: Clock,
        channels: dict[str, str],
        *,
        quarantine: float,
        trust_slack_clock: bool,
    ) -> None:
        self._messages = messages
        self._pace = pace
        self._clock = clock
        self._channels = channels
        self._quarantine = quarantine
        self._trust_slack_clock = trust_slack_clock
        self._tried: dict[str, float] = {}

    def posting(self, key: str) -> None:
        """Remember that a post under ``key`` begins now."""
        self._tried[key] = seconds_now()

    def settled(self, key: str) -> None:
        """Forget it: nothing is in doubt about ``key`` any more."""
        self._tried.pop(key, None)

    async def found(self, attempt: Attempt) -> tuple[str, str | None]:
        """Return the DM, and the ts of what an earlier attempt posted there; None when it is safe to post again.

        Raises PostponedError as long as nobody can know, and SlackFailureError.
        """
        channel = await self._channel(attempt)
        return channel, await self._look(attempt, channel)

    async def _channel(self, attempt: Attempt) -> str:
        user = attempt.row.user
        if user not in self._channels:
            await attempt.turn(self._pace, "conversations.open")
            self._channels[user] = await self._messages.open(user)
        return self._channels[user]

    async def _look(self, attempt: Attempt, channel: str) -> str | None:
        """Return the ts of the message an earlier attempt posted, or None when it is safe to post again."""
        row = attempt.row
        bounded = self._trust_slack_clock and row.suspect_since is not None
        oldest = row.suspect_since - LOOK_BACK if bounded and row.suspect_since else None
        await attempt.turn(self._pace, "conversations.history")
        try:
            found = await self._messages.find(
                channel,
                row.key,
                newer_than=row.ts,
                oldest=oldest,
                pages=PAGES_BOUNDED if bounded else PAGES_NEWEST,
            )
        except SlackFailureError as failed:
            # To post again unseen might say it twice: it stays, and the operator is told.
            log.error("delivery.history_unreadable", extra={"key": row.key, "error": failed.code})  # noqa: TRY400  no traceback helps
            if failed.outcome is Outcome.STOP and failed.code != "missing_scope":
                raise
            if failed.retry_after is not None:
                self._pace.hold("conversations.history", failed.retry_after)
            raise PostponedError(failed.code, failed.retry_after or UNREADABLE_SECONDS) from failed
        if found is None and (left := self._quarantine_left(row)) > 0:
            raise PostponedError("quarantine", min(left, LOOK_AGAIN_SECONDS))
        log.info("delivery.looked_up", extra={"key": row.key, "found": found is not None})
        return found

    def _quarantine_left(self, row: Claimed) -> float:
        """Return the seconds since when, at the latest, an earlier post would have to be visible; 0 when they are over.

        Counted from the last post that this process or, where its time can be compared with ours, the database knows
        of. Where neither does, counting begins now.
        """
        now = seconds_now()
        known = [self._tried[row.key]] if row.key in self._tried else []
        if self._trust_slack_clock and row.suspect_until is not None:
            known.append(now - max(0.0, (self._clock.now() - row.suspect_until).total_seconds()))
        last = self._tried[row.key] = max(known, default=now)
        return max(0.0, last + self._quarantine - now)
