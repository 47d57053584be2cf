"""Reads one source into the records: whole at first, then what changed; what is half read is never shown."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from bot.coaching.records import Records
from bot.coaching.said import shortened
from bot.errors import CadenceError
from bot.services.intake import take_in
from bot.services.office import Office
from bot.services.ports import Transaction
from bot.services.ports.sync import Phase, SyncState
from bot.services.source import Need, Source
from bot.services.source_errors import Fault, SourceError
from bot.services.sync_course import Course
from bot.services.sync_lease import Pulse
from bot.services.sync_people import match
from bot.services.sync_reading import Progress, Reading
from bot.services.sync_stages import placed_stages
from bot.services.sync_verifiers import verifiers_of

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=10)
"""What changed is asked for from a little before the marker, for sources show changes late."""
WHOLE_AGAIN = timedelta(days=1)
"""How often everything is read anew, which finds what vanished without a word."""
EVIDENCE_AT_ONCE = 500
LONGEST_REASON = 2_000


class Sync:
    """One run over one source. What it did is kept page by page, so that a new one goes on where this one ended."""

    def __init__(
        self, office: Office, source: Source, *, progress: Progress | None = None, pulse: Pulse | None = None
    ) -> None:
        self._office = office
        self._source = source
        self._course = Course(office, source, pulse or Pulse())
        self._reading = Reading(self._course, progress)

    async def run(self, *, whole: bool = False, accept_vanished: bool = False) -> SyncState:
        """Read the source and show what it gave; returns how it went.

        ``whole`` reads everything though what changed would do; ``accept_vanished`` believes a source from which many
        deals vanished. Raises StaleError while another process reads it, and CadenceError when it can't be read: then
        what is shown stays as it was, and the reason is kept.
        """
        async with self._course.lease.held():
            try:
                state = await self._read(whole=whole, accept_vanished=accept_vanished)
            except CadenceError as error:
                await self._keep_reason(error)
                raise
        log.info("sync.done", extra={"source": self._source.name, "whole": state.whole, "deals": state.read})
        return state

    async def _read(self, *, whole: bool, accept_vanished: bool) -> SyncState:
        self._course.account = await self._source.account()
        state = await self._begin(whole=whole)
        await self._reading.people()
        await self._reading.stages()
        if state.phase is Phase.DEALS:
            state = await self._reading.deals(state)
        if state.phase is Phase.GONE:
            await self._reading.vanished(state, accept=accept_vanished)
            state = await self._reach(state, Phase.HISTORY)
        if state.phase is Phase.HISTORY:
            await self._optional(Need.HISTORY, self._reading.history)
            state = await self._reach(state, Phase.REST)
        # What follows is quick and is read again after an interruption, so that one publishes what it read.
        await self._optional(Need.ACTIVITIES, self._reading.activities)
        await self._optional(Need.GOALS, self._reading.goals)
        return await self._publish(state)

    async def _begin(self, *, whole: bool) -> SyncState:
        """Go on with what was interrupted, or begin anew."""
        now = self._course.account.now
        async with self._office.store.transaction() as tx:
            state = await tx.syncs.state(self._source.name)
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
            self._course.notes.go_on(state)
            await self._course.lease.save(tx, state)
        log.info("sync.began", extra={"source": self._source.name, "whole": state.whole, "again": state.read > 0})
        return state

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
            self._course.notes.leave_out(need, error)

    async def _publish(self, state: SyncState) -> SyncState:
        """Show everything at once, and note that the run is over, in one transaction."""
        today = self._course.today()
        async with self._office.store.transaction() as tx:
            await self._show_people(tx)
            await tx.syncs.publish_deals(self._source.name, today)
            placed = placed_stages(self._office.playbook, await tx.syncs.stages(self._source.name))
            if placed and not self._source.knows_starts:  # without any the playbook is another company's
                await tx.syncs.place_starts(self._source.name, placed, every=state.whole)
            after = ""
            while fresh := await tx.syncs.fresh_evidence(self._source.name, after, EVIDENCE_AT_ONCE):
                after = fresh[-1].id
                given = [
                    one
                    for deal in fresh
                    for one in verifiers_of(deal, self._office.playbook, self._source.title, today)
                ]
                await tx.syncs.put_verifiers(self._source.name, [deal.id for deal in fresh], given, today)
            await tx.syncs.publish_rest(self._source.name, counts=self._course.counted, goals=self._course.goals_read)
            unseen, present = await tx.syncs.unseen(self._source.name, state.run)
            state = replace(
                state,
                read=present - unseen,  # not what the pages had: some may have been read twice
                phase=None,
                cursor=None,
                marker=state.began_at,
                whole_at=state.began_at if state.whole else state.whole_at,
                good_at=self._office.clock.now(),
                failed="",
                notes=self._course.notes.told,
                problems=self._course.notes.problems,
            )
            await self._course.lease.save(tx, state)
        return state

    async def _show_people(self, tx: Transaction) -> None:
        theirs, ours, before = await tx.syncs.people(self._source.name), await tx.people.all(), await tx.people.made()
        matched = match(theirs, ours, self._course.account, before)
        records = Records(people=matched.records)
        if matched.links or matched.records:
            await take_in(tx, records)  # somebody may be new, gone, or another's report
        else:
            await tx.facts.upsert(records)
        await tx.syncs.say_closings(self._source.name, self._course.account.closings_known_since)
        await tx.syncs.link(self._source.name, matched.links, made=matched.made)
        made = {person for who in matched.made if (person := matched.links[who]) is not None}
        await tx.people.keep_made(made, self._source.name)

    async def _reach(self, state: SyncState, phase: Phase) -> SyncState:
        state = replace(state, phase=phase, notes=self._course.notes.told, problems=self._course.notes.problems)
        async with self._office.store.transaction() as tx:
            await self._course.lease.save(tx, state)
        return state

    async def _keep_reason(self, error: CadenceError) -> None:
        log.warning("sync.failed", extra={"source": self._source.name, "error": type(error).__name__})
        async with self._office.store.transaction() as tx:
            state = await tx.syncs.state(self._source.name)
            failed = replace(
                state,
                tried_at=self._office.clock.now(),
                failed=shortened(str(error), LONGEST_REASON),
                retry_at=error.retry_at if isinstance(error, SourceError) else None,
            )
            await self._course.lease.save_if_ours(tx, failed)
