"""What Pipedrive's refusals mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from bot.coaching.said import say
from bot.services.ports import Clock
from bot.services.source_errors import Fault, SourceError
from bot.vendors.answers import Answer

CLOSED = 402
FORBIDDEN = 403
TOO_MANY = 429
DAY_LEFT = "x-daily-ratelimit-token-remaining"


def explain(clock: Clock) -> Callable[[Answer, SourceError], SourceError]:
    """Return the reader of Pipedrive's errors."""

    def read(answer: Answer, plain: SourceError) -> SourceError:
        if answer.status == CLOSED:
            words = say("Pipedrive says that this company's account is closed or unpaid (402): its admin can tell.")
            return SourceError(Fault.KEY, words, said=plain.said)
        if answer.status == FORBIDDEN and answer.body.lstrip()[:1] == b"<":
            # Whoever goes on asking after 429 is shut out by the firewall in front, which speaks HTML.
            words = say("Pipedrive's firewall refuses us for a while (403), for too much was asked: it goes on later.")
            return SourceError(Fault.BUSY, words, retry_at=clock.now() + timedelta(hours=1))
        if answer.status == TOO_MANY and answer.headers.get(DAY_LEFT, "").strip() == "0":
            words = say("Pipedrive's calls for today are used up, perhaps by another integration: it goes on tomorrow.")
            return SourceError(Fault.BUSY, words, said=plain.said, retry_at=_tomorrow(clock.now()))
        return plain

    return read


def _tomorrow(now: datetime) -> datetime:
    """Return the next midnight in UTC: Pipedrive counts by its own servers' days and doesn't say where they stand."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
