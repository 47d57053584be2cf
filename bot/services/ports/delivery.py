"""What is to be sent to Slack, leased row by row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.coaching.records import PersonId
from bot.services.ports.messages import Surface
from bot.views.announcement import Announcement, made
from bot.views.languages import language_of
from bot.views.message import Message


@dataclass(frozen=True, slots=True)
class Claimed:
    """An outbox row leased for sending.

    ``ts`` and ``channel`` are set when the message was posted before: then it is updated. ``suspect_since`` is when the
    first attempt began whose end is unknown, ``suspect_until`` when the last one did: before anything is posted
    again the history is read from the first, and a quarantine since the last has to pass. Both are None without such.
    ``revision`` is the payload's; a newer payload put meanwhile keeps the row pending.
    ``locale`` is the reader's in Slack, "" where Slack said none.
    ``due_at``, ``awaited_until`` and ``latest`` are by the bot's clock; the last two are those of ``Outgoing``.
    """

    id: int
    key: str
    to: PersonId
    kind: str
    surface: Surface
    content: Message | Announcement
    revision: int
    attempt: int
    user: str
    channel: str | None
    ts: str | None
    suspect_since: datetime | None
    suspect_until: datetime | None
    due_at: datetime
    awaited_until: datetime | None = None
    latest: datetime | None = None
    locale: str = ""

    @property
    def message(self) -> Message:
        """What is to be shown, with its words made now where it has none."""
        return made(self.content, language_of(self.locale))


class Deliveries(Protocol):
    """The lease protocol of delivery; each method is one short transaction of its own."""

    async def claim(
        self,
        now: datetime,
        limit: int,
        lease_seconds: float,
        *,
        rewrites: int | None = None,
        posts: int | None = None,
    ) -> tuple[Claimed, ...]:
        """Lease due rows of active people with a live Slack account, urgent first, then oldest.

        At most ``rewrites`` of them rewrite what Slack shows already, and at most ``posts`` are messages said for the
        first time; None sets no such limit.

        ``now`` is the bot's clock (it decides what is due); leases run on the database's own clock, so that a frozen
        or sped-up bot clock can't break them. Rows past ``expires_at`` never posted become "expired" here, and due
        rows of somebody who left "withdrawn", with the reason.
        """

    async def sent(self, claimed: Claimed, channel: str, ts: str) -> bool:
        """Record success of this attempt; False if the lease was lost meanwhile (then nothing changes)."""

    async def retry_at(self, claimed: Claimed, seconds: float, error: str, *, sent_maybe: bool) -> bool:
        """Release for a later attempt, ``seconds`` from the database's now.

        ``sent_maybe`` says that this very attempt may have posted. What earlier ones left in doubt stays so anyway.
        """

    async def put_off(self, claimed: Claimed, due_at: datetime) -> bool:
        """Release what this attempt didn't post, to be due later; what was put meanwhile keeps its own instant."""

    async def give_up(self, claimed: Claimed, error: str) -> bool:
        """A permanent failure, visible to the operator."""

    async def next_due(self) -> datetime | None:
        """The earliest ``due_at`` of rows that still want sending (bot's clock); leased ones count as due."""

    async def depth(self) -> dict[str, int]:
        """How many rows are pending, sending and failed, each named also with 0.

        What was sent, expired or withdrawn isn't counted: that is the whole outbox, and probes ask every few seconds.
        """


class Waking(Protocol):
    """Says who may be written to now."""

    async def sleeps_until(self, claimed: Claimed) -> datetime | None:
        """Return when a message that would be posted now is to be posted instead; None says now."""
