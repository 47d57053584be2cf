"""Reads one source into the records: whole at first, then what changed; what is half read is never shown."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, timedelta, tzinfo
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.coaching.records import Records
from bot.errors import CadenceError, StaleError
from bot.services.office import Office
from bot.services.ports import Transaction
from bot.services.roster import is_zone, take_in
from bot.services.source import Account, Days, Need, Page, Source, SourceGoal, SourceStage
from bot.services.source_errors import Fault, SourceError
from bot.services.sync_days import staged, staged_move
from bot.services.sync_notes import Notes
from bot.services.sync_people import match, shown_names
from bot.services.sync_ports import Phase, StagedMove, SyncState
from bot.services.sync_verifiers import verifiers_of

log = logging.getLogger(__name__)

LEASE_SECONDS = 600.0
"""Longer than one page may take with all its tries; renewed with each."""
OVERLAP = timedelta(minutes=10)
"""What changed is asked for from a little before the marker, for sources show changes late."""
WHOLE_AGAIN = timedelta(days=1)
"""How often everything is read anew, which finds what vanished without a word."""
FIRST_ACTIVITIES = timedelta(days=400)
RECENT_ACTIVITIES = timedelta(days=21)
"""People log late: so many days are counted anew each time."""
GOALS_AROUND = timedelta(days=400)
MOST_VANISHED = 0.3
"""When more than this share vanished at once, the source is likelier to be wrong than the deals to be gone."""
FEW = 10
EVIDENCE_AT_ONCE = 500
HISTORY_AHEAD = 5_000
"""How many deals that want their history are looked up at once: each look sorts all that do."""
LONGEST_REASON = 2_000

Progress = Callable[[SyncState], Awaitable[None]]


Pages = TypeVar("Pages")


@asynccontextmanager
async def _closed(pages: AsyncIterator[Pages]) -> AsyncIterator[AsyncIterator[Pages]]:
    """Close a walk that is left in the middle, and with it the request under way."""
    try:
        yield pages
    finally:
        if isinstance(pages, AsyncGenerator):
            await pages.aclose()


class LeaseLostError(CadenceError):
    """Another process took the source over: it goes on there."""


class Sync:
    """One run over one source. What it did is kept page by page, so that a new one goes on where this one ended."""

    def __init__(self, office: Office, source: Source, *, progress: Progress | None = None) -> None:
        self._office = office
        self._source = source
        self._name = source.name
        self._progress = progress
        self._token = secrets.token_hex(8)
        self._notes = Notes(source.title)
        self._account = Account(office.clock.now())
        self._zones: dict[str, tzinfo] = {}
        self._counted: Days | None = None
        self._goals_read = False

    async def run(self, *, whole: bool = False, accept_vanished: bool = False) -> SyncState:
        """Read the source and show what it gave; returns how it went.

        ``whole`` reads everything though what changed would do; ``accept_vanished`` believes a source from which many
        deals vanished. Raises StaleError while another process reads it, and CadenceError when it can't be read: then
        what is shown stays as it was, and the reason is kept.
        """
        async with self._office.store.transaction() as tx:
            if not await tx.syncs.take(self._name, self._token, LEASE_SECONDS):
                raise StaleError(
                    f"{self._source.title} is being read right now: see `cadence doctor` in a few minutes."
                )
        try:
            state = await self._read(whole=whole, accept_vanished=accept_vanished)
        except CadenceError as error:
            await self._keep_reason(error)
            raise
        finally:
            async with self._office.store.transaction() as tx:
                await tx.syncs.release(self._name, self._token)
        log.info("sync.done", extra={"source": self._name, "whole": state.whole, "deals": state.read})
        return state

    async def _read(self, *, whole: bool, accept_vanished: bool) -> SyncState:
        self._account = await self._source.account()
        state = await self._begin(whole=whole)
        await self._people()
        await self._stages()
        if state.phase is Phase.DEALS:
            state = await self._deals(state)
        if state.phase is Phase.GONE:
            await self._vanished(state, accept=accept_vanished)
            state = await self._reach(state, Phase.HISTORY)
        if state.phase is Phase.HISTORY:
            await self._optional(Need.HISTORY, self._history)
            state = await self._reach(state, Phase.REST)
        # What follows is quick and is read again after an interruption, so that one publishes what it read.
        await self._optional(Need.ACTIVITIES, self._activities)
        await self._optional(Need.GOALS, self._goals)
        return await self._publish(state)

    async def _begin(self, *, whole: bool) -> SyncState:
        """Go on with what was interrupted, or begin anew."""
        now = self._account.now
        async with self._office.store.transaction() as tx:
            state = await tx.syncs.state(self._name)
            state = replace(state, tried_at=self._office.clock.now(), retry_at=None)
            if state.phase is None or (whole and not state.whole):
                due = state.marker is None or state.whole_at is None or now - state.whole_at >= WHOLE_AGAIN
                all_of_it = whole or due
                since = None if all_of_it or state.marker is None else min(state.marker, now) - OVERLAP
                state = replace(
                    state,
                    run=state.run + 1,
                    phase=Phase.DEALS,
                    whole=all_of_it,
                    since=since,
                    cursor=None,
                    began_at=now,
                    read=0,
                    notes=(),
                    problems=0,
                )
            self._notes.go_on(state)
            await self._save(tx, state)
        log.info("sync.began", extra={"source": self._name, "whole": state.whole, "again": state.read > 0})
        return state

    async def _people(self) -> None:
        async for page in self._source.people():
            self._notes.add(page.problems)
            async with self._office.store.transaction() as tx:
                await tx.syncs.keep_people(self._name, page.records)
        async with self._office.store.transaction() as tx:
            ours = {one.id: one.timezone for one in await tx.people.all()}
            for one in await tx.syncs.people(self._name):
                named = (one.person and ours.get(one.person)) or one.who.timezone or self._account.timezone
                self._zones[one.who.id] = ZoneInfo(named) if is_zone(named) else UTC

    async def _stages(self) -> None:
        page: Page[SourceStage] = await self._source.stages()
        self._notes.add(page.problems)
        async with self._office.store.transaction() as tx:
            await tx.syncs.keep_stages(self._name, page.records, shown_names(page.records))

    async def _deals(self, state: SyncState) -> SyncState:
        """Read on from the cursor. A source that no longer knows it is read anew, at last whole."""
        while True:
            try:
                return await self._walk(state)
            except SourceError as error:
                async with self._office.store.transaction() as tx:
                    state = await tx.syncs.state(self._name)
                    if error.fault is not Fault.CURSOR or (state.whole and state.cursor is None):
                        raise
                    if state.cursor is None:
                        state = replace(state, whole=True, since=None)
                    state = replace(state, cursor=None)
                    await self._save(tx, state)

    async def _walk(self, state: SyncState) -> SyncState:
        today = self._today()
        async with _closed(self._source.deals(state.since, state.cursor)) as pages:
            async for page in pages:
                self._notes.add(page.problems)
                deals = [staged(one, self._zone(one.owner), self._account) for one in page.records]
                phase = Phase.GONE if page.cursor is None else Phase.DEALS
                state = replace(state, cursor=page.cursor, phase=phase, read=state.read + len(deals))
                async with self._office.store.transaction() as tx:
                    await tx.syncs.keep_deals(
                        self._name,
                        state.run,
                        deals,
                        at=self._office.clock.now(),
                        on=today,
                        has_history=Need.HISTORY in self._source.needs,
                    )
                    await self._save(tx, state)
                if self._progress is not None:
                    await self._progress(state)
        return state

    async def _vanished(self, state: SyncState, *, accept: bool) -> None:
        """Mark what is gone: what the source says it deleted, and what a whole walk didn't see."""
        now = self._office.clock.now()
        if Need.GONE in self._source.needs and state.marker is not None:
            async with _closed(self._source.gone(state.since)) as pages:
                async for gone in pages:
                    async with self._office.store.transaction() as tx:
                        await tx.syncs.mark_gone(self._name, [one.id for one in gone.records], now)
        if not state.whole:
            return
        async with self._office.store.transaction() as tx:
            missing, present = await tx.syncs.unseen(self._name, state.run)
            if missing > max(FEW, present * MOST_VANISHED) and not accept:
                self._notes.say(
                    f"{missing:,} of {present:,} deals are no longer there, more than can be believed at once: they "
                    "are shown as before. If it's right, run `cadence sync --accept-vanished`."
                )
            else:
                await tx.syncs.mark_unseen(self._name, state.run, now)

    async def _history(self) -> None:
        """Ask for the stages of each deal that is new or moved."""
        while True:
            async with self._office.store.transaction() as tx:
                due = await tx.syncs.history_due(self._name, HISTORY_AHEAD)
            if not due:
                return
            for at in range(0, len(due), self._source.history_batch):
                await self._history_of(due[at : at + self._source.history_batch])

    async def _history_of(self, deals: Sequence[str]) -> None:
        async with self._office.store.transaction() as tx:
            owners = await tx.syncs.owners_of(self._name, deals)
        moves: list[StagedMove] = []
        async for page in self._source.history(deals):
            self._notes.add(page.problems)
            moves += [staged_move(one, self._zone(owners.get(one.deal, ""))) for one in page.records]
        async with self._office.store.transaction() as tx:
            await tx.syncs.keep_history(self._name, deals, moves)
            await self._renew(tx)

    async def _activities(self) -> None:
        last = self._account.now.date() + timedelta(days=1)  # it is tomorrow already in some zone
        async with self._office.store.transaction() as tx:
            back = RECENT_ACTIVITIES if await tx.syncs.has_counts(self._name) else FIRST_ACTIVITIES
            days = Days(last - back, last)
            await tx.syncs.clear_counts(self._name, days)
        async with _closed(self._source.activities(days, self._zones)) as pages:
            async for page in pages:
                self._notes.add(page.problems)
                async with self._office.store.transaction() as tx:
                    await tx.syncs.add_counts(self._name, page.records)
                    await self._renew(tx)
        self._counted = days

    async def _goals(self) -> None:
        today = self._account.now.date()
        goals: list[SourceGoal] = []
        async for page in self._source.goals(Days(today - GOALS_AROUND, today + GOALS_AROUND)):
            self._notes.add(page.problems)
            goals += page.records
        async with self._office.store.transaction() as tx:
            await tx.syncs.clear_goals(self._name)
            await tx.syncs.add_goals(self._name, goals, self._account.currency)
        self._goals_read = True

    async def _optional(self, need: Need, read: Callable[[], Awaitable[None]]) -> None:
        """Leave out what may not be read, and say so; the rest is worth having without it."""
        if need not in self._source.needs:
            return
        try:
            await read()
        except SourceError as error:
            spread = need is Need.HISTORY and error.fault is Fault.BUSY  # a day's budget may be too small for all
            if not spread and error.fault not in (Fault.SCOPE, Fault.NOT_THERE, Fault.REQUEST):
                raise
            self._notes.leave_out(need, error)

    async def _publish(self, state: SyncState) -> SyncState:
        """Show everything at once, and note that the run is over, in one transaction."""
        today = self._today()
        async with self._office.store.transaction() as tx:
            await self._show_people(tx)
            await tx.syncs.publish_deals(self._name, today)
            after = ""
            while fresh := await tx.syncs.fresh_evidence(self._name, after, EVIDENCE_AT_ONCE):
                after = fresh[-1].id
                given = [
                    one
                    for deal in fresh
                    for one in verifiers_of(deal, self._office.playbook, self._source.title, today)
                ]
                await tx.syncs.put_verifiers(self._name, [deal.id for deal in fresh], given, today)
            await tx.syncs.publish_rest(self._name, counts=self._counted, goals=self._goals_read)
            state = replace(
                state,
                phase=None,
                cursor=None,
                marker=state.began_at,
                whole_at=state.began_at if state.whole else state.whole_at,
                good_at=self._office.clock.now(),
                failed="",
                notes=self._notes.told,
                problems=self._notes.problems,
            )
            await self._save(tx, state)
        return state

    async def _show_people(self, tx: Transaction) -> None:
        matched = match(await tx.syncs.people(self._name), await tx.people.all(), self._account)
        records = Records(people=matched.records, closings_known_since=self._account.closings_known_since)
        if matched.links or matched.records:
            await take_in(tx, records)  # somebody may be new, gone, or another's report
        else:
            await tx.facts.upsert(records)
        await tx.syncs.link(self._name, matched.links, made=matched.made)

    async def _reach(self, state: SyncState, phase: Phase) -> SyncState:
        state = replace(state, phase=phase, notes=self._notes.told, problems=self._notes.problems)
        async with self._office.store.transaction() as tx:
            await self._save(tx, state)
        return state

    async def _save(self, tx: Transaction, state: SyncState) -> None:
        """Raises LeaseLostError, and so undoes the transaction, when the source is no longer ours to read."""
        if not await tx.syncs.save(state, self._token, LEASE_SECONDS):
            raise LeaseLostError(f"Another process is reading {self._source.title} now: it goes on there.")

    async def _renew(self, tx: Transaction) -> None:
        await self._save(tx, await tx.syncs.state(self._name))

    async def _keep_reason(self, error: CadenceError) -> None:
        log.warning("sync.failed", extra={"source": self._name, "error": str(error)[:LONGEST_REASON]})
        async with self._office.store.transaction() as tx:
            state = await tx.syncs.state(self._name)
            failed = replace(
                state,
                tried_at=self._office.clock.now(),
                failed=str(error)[:LONGEST_REASON],
                retry_at=error.retry_at if isinstance(error, SourceError) else None,
            )
            await tx.syncs.save(failed, self._token, LEASE_SECONDS)

    def _zone(self, owner: str) -> tzinfo:
        return self._zones.get(owner, UTC)

    def _today(self) -> date:
        zone = ZoneInfo(self._account.timezone) if is_zone(self._account.timezone) else UTC
        return self._account.now.astimezone(zone).date()
