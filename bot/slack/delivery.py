"""Sending the outbox so that each message is said once, whatever breaks (reliability, 1.3 a to f).

A row is leased, posted with its key inside, and marked. If the end of a post is unknown, the history is read for the
key before anything is posted again. What remains: Slack shows a message later than ``quarantine`` after its post.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TypeVar
from weakref import WeakValueDictionary

from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import CadenceError
from bot.services.ports import Clock, Deliveries, Surface, Waking
from bot.services.watch import UNWATCHED, Watch
from bot.slack.attempt import SOON_SECONDS, Attempt, PostponedError, seconds_now
from bot.slack.errors import Outcome, SlackFailureError
from bot.slack.layouts import PROCESSING_SECONDS, Layouts
from bot.slack.lookup import LookUp
from bot.slack.messages import Messages
from bot.slack.pace import Pace
from bot.slack.pictures import Pictures
from bot.views.message import Message

log = logging.getLogger(__name__)

HOME = "home"
POST = "chat.postMessage"
FIRST_LOOK_SECONDS = 5.0
LONGEST_BACKOFF_SECONDS = 300.0
STOPPED_SECONDS = 60.0

Answer = TypeVar("Answer")


class _AsleepError(CadenceError):
    """Nothing was posted: the reader is to have it later, at an instant of the bot's clock."""

    def __init__(self, until: datetime) -> None:
        super().__init__("asleep")
        self.until = until


class Delivery:
    """Sends what is due. Several may run, in one process or many: the leases are in the database.

    Durations are in seconds. ``trust_slack_clock`` says that Slack's message times, the database's clock and ``clock``
    are the same time; the sandbox has a time of its own. ``look_after`` is how soon a post of unknown end is looked up,
    ``picture_waits`` are the pauses while Slack processes a picture, ``longest_backoff`` is the last one between
    attempts that failed.
    ``waking`` is asked before each post whether its reader is to have it now; without it all are.
    """

    def __init__(  # noqa: PLR0913  every duration of the protocol is a choice of the one who wires it
        self,
        deliveries: Deliveries,
        client: AsyncWebClient,
        *,
        clock: Clock,
        pace: Pace,
        in_flight: int = 8,
        lease: float = 60,
        quarantine: float = 120,
        timeout: float = 10,
        poll: float = 1,
        look_after: float = FIRST_LOOK_SECONDS,
        longest_backoff: float = LONGEST_BACKOFF_SECONDS,
        picture_waits: Sequence[float] = PROCESSING_SECONDS,
        trust_slack_clock: bool = True,
        watch: Watch = UNWATCHED,
        waking: Waking | None = None,
    ) -> None:
        self._deliveries = deliveries
        self._messages = Messages(client, timeout)
        self._layouts = Layouts(Pictures(self._messages, pace), picture_waits)
        self._clock = clock
        self._pace = pace
        self._in_flight = in_flight
        self._rewrites_in_flight = max(1, in_flight // 2)
        self._lease = lease
        self._timeout = timeout
        self._poll = poll
        self._look_after = look_after
        self._longest_backoff = longest_backoff
        self._watch = watch
        self._waking = waking
        self._channels: dict[str, str] = {}
        self._lookup = LookUp(
            self._messages, pace, clock, self._channels, quarantine=quarantine, trust_slack_clock=trust_slack_clock
        )
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._woken = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()
        self._rewriting: set[asyncio.Task[None]] = set()
        self._posting: dict[asyncio.Task[None], Attempt] = {}
        self._ask_again = 0.0
        self._stopped_on = Surface.MESSAGE
        self.stopped_because: str | None = None

    def wake(self) -> None:
        """Look for due rows at once, for instance after a commit."""
        self._woken.set()

    async def run_once(self) -> int:
        """Claim and handle one batch; returns how many rows it had. In order for each person, else concurrently."""
        tasks = await self._start(self._in_flight)
        if tasks:
            await asyncio.wait(tasks)
        return len(tasks)

    async def run(self, stop: asyncio.Event) -> None:
        """Send what falls due until ``stop``, then let calls under way end. Raises what ``deliveries`` raises."""
        watch = asyncio.create_task(self._wake_at(stop))
        try:
            while not stop.is_set():
                self._woken.clear()
                if not await self._start(self._in_flight - len(self._sending)):
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._poll):
                            await self._woken.wait()
        finally:
            watch.cancel()
            if self._sending:
                await asyncio.wait(self._sending)

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._woken.set()

    async def _start(self, free: int) -> tuple[asyncio.Task[None], ...]:
        free = await self._allowed(free)
        if free <= 0:
            return ()
        latest_start = seconds_now() + self._lease - self._timeout
        # Slack lets rewrite far less than post: who waits for that mustn't keep those from being sent who needn't.
        rewrites = self._rewrites_in_flight - len(self._rewriting)
        posts = self._posts_in_time()
        rows = await self._deliveries.claim(self._clock.now(), free, self._lease, rewrites=rewrites, posts=posts)
        if not rows and posts != 0:
            self._took(self._stopped_on)  # the token works, and nothing is left that could show more
        return tuple(self._begin(Attempt(row, latest_start, row.suspect_since is not None)) for row in rows)

    def _posts_in_time(self) -> int | None:
        """Return how many more may be claimed so that the last is posted soon; None is without limit."""
        most = self._pace.queue(POST, within=SOON_SECONDS)
        return None if most is None else max(0, most - sum(not one.at_slack for one in self._posting.values()))

    def _begin(self, attempt: Attempt) -> asyncio.Task[None]:
        task = asyncio.create_task(self._deliver(attempt))
        self._sending.add(task)
        if attempt.row.ts:
            self._rewriting.add(task)
        elif attempt.row.surface is Surface.MESSAGE:
            self._posting[task] = attempt
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._rewriting.discard(task)
        self._posting.pop(task, None)
        self._woken.set()
        if not task.cancelled() and (error := task.exception()):
            # The row keeps its lease and comes back as a suspect when that runs out.
            log.error("delivery.broke", exc_info=error)

    async def _allowed(self, free: int) -> int:
        """Return how many may be sent now: after a refusal of everything one in a while, to see whether it lasts."""
        if self.stopped_because is None:
            return free
        if free <= 0 or seconds_now() < self._ask_again:
            return 0
        self._ask_again = seconds_now() + STOPPED_SECONDS
        return int(await self._messages.token_works())

    def _took(self, surface: Surface) -> None:
        """Go on once Slack takes what it had refused: a Home tab taken says nothing of messages."""
        if self.stopped_because is not None and surface is self._stopped_on:
            log.warning("delivery.resumed")
            self.stopped_because = None
            self._woken.set()

    async def _deliver(self, attempt: Attempt) -> None:
        row = attempt.row
        turn = self._turns.setdefault(row.user, asyncio.Lock())
        async with turn:
            try:
                channel, ts = await (self._show(attempt) if row.surface is Surface.HOME else self._say(attempt))
            except PostponedError as wait:
                await self._retry(attempt, wait.seconds, wait.reason)
            except _AsleepError as asleep:
                log.info("delivery.asleep", extra={"key": row.key, "until": asleep.until.isoformat()})
                await self._deliveries.put_off(row, asleep.until)
            except SlackFailureError as failed:
                await self._failed(attempt, failed)
            else:
                self._took(row.surface)
                if await self._deliveries.sent(row, channel, ts):
                    self._lookup.settled(row.key)  # a lease that is lost reckons from this post
                    self._watch.sent(row.kind, attempt.method, self._clock.now() - row.due_at)
                    log.info("delivery.sent", extra={"key": row.key, "kind": row.kind, "attempt": row.attempt})
                else:
                    log.warning("delivery.lease_lost", extra={"key": row.key, "attempt": row.attempt})

    async def _show(self, attempt: Attempt) -> tuple[str, str]:
        user = attempt.row.user
        await self._write(attempt, "views.publish", None, lambda message: self._messages.publish(user, message))
        return HOME, HOME

    async def _say(self, attempt: Attempt) -> tuple[str, str]:
        row = attempt.row
        if row.channel and row.ts:
            try:
                await self._rewrite(attempt, row.channel, row.ts)
            except SlackFailureError as failed:
                if failed.outcome is not Outcome.VANISHED and failed.code != "channel_not_found":
                    raise
                log.info("delivery.posts_anew", extra={"key": row.key, "error": failed.code})
                self._channels.pop(row.user, None)
            else:
                return row.channel, row.ts
        if attempt.in_doubt:
            channel, found = await self._lookup.found(attempt)
            if found:
                # What was posted may be an older wording: make it this one.
                try:
                    await self._rewrite(attempt, channel, found)
                except SlackFailureError as failed:
                    if failed.outcome is not Outcome.VANISHED:
                        raise
                return channel, found
        return await self._post(attempt)

    async def _rewrite(self, attempt: Attempt, channel: str, ts: str) -> None:
        key = attempt.row.key
        await self._write(attempt, "chat.update", None, lambda words: self._messages.update(channel, ts, key, words))

    async def _post(self, attempt: Attempt) -> tuple[str, str]:
        """Post to the DM, by the person where its channel isn't known: opening 1,000 of them would take 20 minutes."""
        key, user = attempt.row.key, attempt.row.user
        until = None if self._waking is None else await self._waking.sleeps_until(attempt.row)
        if until is not None:
            raise _AsleepError(until)

        async def post(message: Message) -> tuple[str, str]:
            attempt.maybe_posted = True
            self._lookup.posting(key)
            try:
                return await self._messages.post(self._channels.get(user, user), key, message)
            except SlackFailureError as failed:
                attempt.maybe_posted = failed.outcome is Outcome.UNKNOWN
                if not attempt.maybe_posted:
                    self._lookup.settled(key)
                if failed.code == "channel_not_found" and user in self._channels:
                    del self._channels[user]
                    raise PostponedError(failed.code, 0) from failed  # the next time by the person
                raise

        channel, ts = await self._write(attempt, POST, user, post)
        self._channels[user] = channel
        return channel, ts

    async def _write(
        self,
        attempt: Attempt,
        method: str,
        channel: str | None,
        write: Callable[[Message], Awaitable[Answer]],
    ) -> Answer:
        """Call ``write`` when it is its turn and the lease lasts, with the form of the message that Slack takes."""

        async def in_turn(form: Message) -> Answer:
            await attempt.turn(self._pace, method, channel)
            return await write(form)

        return await self._layouts.shown(attempt, in_turn)

    async def _failed(self, attempt: Attempt, failed: SlackFailureError) -> None:
        row, outcome = attempt.row, failed.outcome
        if failed.code == "account_inactive" and await self._messages.token_works():
            outcome = Outcome.UNREACHABLE  # Slack says the same of a person's account and of the bot's
        match outcome:
            case Outcome.REFUSED | Outcome.LAYOUT | Outcome.UNREACHABLE:
                log.error("delivery.given_up", extra={"key": row.key, "kind": row.kind, "error": failed.code})
                self._watch.given_up(row.kind, failed.code)
                self._lookup.settled(row.key)
                self._took(row.surface)
                await self._deliveries.give_up(row, failed.code)
            case Outcome.STOP:
                self._stop(row.surface, failed)
                await self._retry(attempt, STOPPED_SECONDS / 2, failed.code)
            case Outcome.UNKNOWN if attempt.maybe_posted:
                await self._retry(attempt, self._look_after, failed.code)
            case Outcome.LATER | Outcome.UNKNOWN | Outcome.VANISHED:
                if failed.retry_after is not None:
                    self._pace.hold(attempt.method, failed.retry_after)
                await self._retry(attempt, failed.retry_after or self._backoff(row.attempt), failed.code)

    def _stop(self, surface: Surface, failed: SlackFailureError) -> None:
        if self.stopped_because is None:
            log.error("delivery.stopped", extra={"error": failed.code, "remedy": failed.remedy})
        self.stopped_because = f"Slack answered {failed.code}. {failed.remedy}"  # no words: of the health page
        self._stopped_on = surface
        self._ask_again = seconds_now() + STOPPED_SECONDS

    async def _retry(self, attempt: Attempt, seconds: float, reason: str) -> None:
        row = attempt.row
        self._watch.put_off(reason)
        log.info("delivery.later", extra={"key": row.key, "seconds": round(seconds, 1), "reason": reason})
        await self._deliveries.retry_at(row, seconds, reason, sent_maybe=attempt.maybe_posted)

    def _backoff(self, attempt: int) -> float:
        return float(min(self._longest_backoff, 2 ** min(attempt, 10)))
