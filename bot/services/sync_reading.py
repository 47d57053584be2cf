"""Reads what a source holds into its staged copy, one kind of thing after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from bot.coaching.said import say
from bot.coaching.wording import whole
from bot.services.ports.sync import Phase, StagedMove, SyncState
from bot.services.roster import is_zone
from bot.services.source import Days, Need, Page, SourceGoal, SourceStage
from bot.services.source_errors import Fault, SourceError
from bot.services.sync_course import Course, closed
from bot.services.sync_days import staged, staged_move
from bot.services.sync_people import shown_names

FIRST_ACTIVITIES = timedelta(days=400)
RECENT_ACTIVITIES = timedelta(days=21)
"""People log late: so many days are counted anew each time."""
GOALS_AROUND = timedelta(days=400)
MOST_VANISHED = 0.3
"""When more than this share vanished at once, the source is likelier to be wrong than the deals to be gone."""
FEW = 10
HISTORY_AHEAD = 5_000
"""How many deals that want their history are looked up at once: each look sorts all that do."""

Progress = Callable[[SyncState], Awaitable[None]]


class Reading:
    def __init__(self, course: Course, progress: Progress | None) -> None:
        self._course = course
        self._progress = progress

    async def people(self) -> None:
        async for page in self._course.source.people():
            self._course.notes.add(page.problems)
            async with self._course.lease.writing() as tx:
                await tx.syncs.keep_people(self._course.name, page.records)
        async with self._course.office.store.transaction() as tx:
            ours = {one.id: one.timezone for one in await tx.people.all()}
            for one in await tx.syncs.people(self._course.name):
                named = (one.person and ours.get(one.person)) or one.who.timezone or self._course.account.timezone
                self._course.zones[one.who.id] = ZoneInfo(named) if is_zone(named) else UTC

    async def stages(self) -> None:
        page: Page[SourceStage] = await self._course.source.stages()
        self._course.notes.add(page.problems)
        async with self._course.lease.writing() as tx:
            await tx.syncs.keep_stages(self._course.name, page.records, shown_names(page.records))

    async def deals(self, state: SyncState) -> SyncState:
        """Read on from the cursor. A source that no longer knows it is read anew, at last whole."""
        while True:
            try:
                return await self._walk(state)
            except SourceError as error:
                async with self._course.office.store.transaction() as tx:
                    state = await tx.syncs.state(self._course.name)
                    if error.fault is not Fault.CURSOR or (state.whole and state.cursor is None):
                        raise
                    if state.cursor is None:
                        state = replace(state, whole=True, since=None)
                    state = replace(state, cursor=None)
                    await self._course.lease.save(tx, state)

    async def _walk(self, state: SyncState) -> SyncState:
        today = self._course.today()
        async with closed(self._course.source.deals(state.since, state.cursor)) as pages:
            async for page in pages:
                self._course.notes.add(page.problems)
                deals = [staged(one, self._course.zone(one.owner), self._course.account) for one in page.records]
                phase = Phase.GONE if page.cursor is None else Phase.DEALS
                state = replace(state, cursor=page.cursor, phase=phase, read=state.read + len(deals))
                async with self._course.office.store.transaction() as tx:
                    await tx.syncs.keep_deals(
                        self._course.name,
                        state.run,
                        deals,
                        at=self._course.office.clock.now(),
                        on=today,
                        has_history=Need.HISTORY in self._course.source.needs,
                    )
                    await self._course.lease.save(tx, state)
                if self._progress is not None:
                    await self._progress(state)
        return state

    async def vanished(self, state: SyncState, *, accept: bool) -> None:
        """Mark what is gone: what the source says it deleted, and what a whole walk didn't see."""
        now = self._course.office.clock.now()
        if Need.GONE in self._course.source.needs and state.marker is not None:
            async with closed(self._course.source.gone(state.since)) as pages:
                async for gone in pages:
                    async with self._course.lease.writing() as tx:
                        await tx.syncs.mark_gone(self._course.name, [one.id for one in gone.records], now)
        if not state.whole:
            return
        async with self._course.lease.writing() as tx:
            missing, present = await tx.syncs.unseen(self._course.name, state.run)
            if missing > max(FEW, present * MOST_VANISHED) and not accept:
                self._course.notes.tell(
                    say(
                        "{missing} of {present} deals are no longer there, more than can be believed at once: they "
                        "are shown as before. If it's right, run `cadence sync --accept-vanished`.",
                        missing=whole(missing),
                        present=whole(present),
                    )
                )
            else:
                await tx.syncs.mark_unseen(self._course.name, state.run, now)

    async def history(self) -> None:
        """Ask for the stages of each deal that is new or moved."""
        while True:
            async with self._course.office.store.transaction() as tx:
                due = await tx.syncs.history_due(self._course.name, HISTORY_AHEAD)
            if not due:
                return
            for at in range(0, len(due), self._course.source.history_batch):
                await self._history_of(due[at : at + self._course.source.history_batch])

    async def _history_of(self, deals: Sequence[str]) -> None:
        async with self._course.office.store.transaction() as tx:
            owners = await tx.syncs.owners_of(self._course.name, deals)
        moves: list[StagedMove] = []
        try:
            async with closed(self._course.source.history(deals)) as pages:
                async for page in pages:
                    self._course.notes.add(page.problems)
                    moves += [staged_move(one, self._course.zone(owners.get(one.deal, ""))) for one in page.records]
        except SourceError:  # each may have cost a call: those that were told aren't asked for again
            await self._keep_history(list(dict.fromkeys(one.deal for one in moves)), moves)
            raise
        await self._keep_history(deals, moves)

    async def _keep_history(self, deals: Sequence[str], moves: Sequence[StagedMove]) -> None:
        async with self._course.lease.writing() as tx:
            await tx.syncs.keep_history(self._course.name, deals, moves)

    async def activities(self) -> None:
        last = self._course.account.now.date() + timedelta(days=1)  # it is tomorrow already in some zone
        async with self._course.lease.writing() as tx:
            back = RECENT_ACTIVITIES if await tx.syncs.has_counts(self._course.name) else FIRST_ACTIVITIES
            days = Days(last - back, last)
            await tx.syncs.clear_counts(self._course.name, days)
        async with closed(self._course.source.activities(days, self._course.zones)) as pages:
            async for page in pages:
                self._course.notes.add(page.problems)
                async with self._course.lease.writing() as tx:
                    await tx.syncs.add_counts(self._course.name, page.records)
        self._course.counted = days

    async def goals(self) -> None:
        today = self._course.account.now.date()
        goals: list[SourceGoal] = []
        async for page in self._course.source.goals(Days(today - GOALS_AROUND, today + GOALS_AROUND)):
            self._course.notes.add(page.problems)
            goals += page.records
        async with self._course.lease.writing() as tx:
            await tx.syncs.clear_goals(self._course.name)
            await tx.syncs.add_goals(self._course.name, goals, self._course.account.currency)
        self._course.goals_read = True
