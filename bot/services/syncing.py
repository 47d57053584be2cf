"""Connected sources: which is due to be read, and how each does."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from bot.coaching.playbook import Playbook
from bot.coaching.records import Person, Records
from bot.coaching.said import shortened
from bot.errors import CadenceError, UserError
from bot.services import access
from bot.services.data_age import title_of
from bot.services.office import Office, new_id
from bot.services.ports import Transaction
from bot.services.ports.sync import Connection, Sources, SyncedPerson, SyncState
from bot.services.source import SourceStage
from bot.services.sync import LONGEST_REASON, Sync
from bot.services.sync_people import unmatched
from bot.services.sync_stages import unplaced_stages
from bot.services.sync_verifiers import mapped_fields

log = logging.getLogger(__name__)

Progress = Callable[[SyncState], Awaitable[None]]


class Syncing:
    """``every`` is how long after one sync the next is due."""

    def __init__(self, office: Office, sources: Sources, *, every: timedelta) -> None:
        self._office = office
        self._sources = sources
        self._every = every

    async def connect(self, connection: Connection) -> None:
        """Keep a connection that was tested; its first sync is due at once.

        Raises UserError while another CRM is connected: the same customer would be counted twice.
        """
        async with self._office.store.transaction() as tx:
            await _only(tx, connection.name)
            await tx.connections.put(connection)

    async def may_connect(self, name: str) -> None:
        """Raises UserError while another CRM is connected."""
        async with self._office.store.transaction() as tx:
            await _only(tx, name)

    async def disconnect(self, name: str, *, forget: bool = False) -> tuple[Person, ...]:
        """Forget a connection, its secrets and what was read over it.

        What people see stays as it is or, with ``forget``, all that it alone said no longer counts: for another CRM is
        to take over (record 23). Then also nobody knows any more who manages those whose record was made of it. They
        stay with all they said and agreed, but without a manager, so that the next look at them ends their 1:1, unless
        another source or an import has them by then (record 21). Returns the active ones of them, by name.
        Raises UserError if it isn't connected.
        """
        async with self._office.store.transaction() as tx:
            if name not in {one.name for one in await tx.connections.all()}:
                raise UserError(f"{name} isn't connected.")  # no words: of the command line
            await tx.connections.remove(name)
            left = await self._forget(tx, name) if forget else ()
            await tx.syncs.disconnect(name)
            return left

    async def _forget(self, tx: Transaction, name: str) -> tuple[Person, ...]:
        await tx.facts.upsert(Records())  # first: imports wait in line, and what was computed is computed anew
        made = await tx.people.made()
        left = tuple(one for one in await tx.people.all() if one.active and made.get(one.id) == name)
        await tx.people.unsay(name)
        await tx.syncs.forget(name, self._office.clock.now().date())
        return left

    async def connections(self) -> tuple[Connection, ...]:
        async with self._office.store.transaction() as tx:
            return await tx.connections.all()

    @property
    def playbook(self) -> Playbook:
        return self._office.playbook

    async def reseal(self, anew: Callable[[str], str]) -> int:
        """Seal all secrets anew, all or none; returns how many connections have some."""
        async with self._office.store.transaction() as tx:
            calendar = await tx.connections.calendar()
            every = (*await tx.connections.all(), *([] if calendar is None else [calendar]))
            sealed = [one for one in every if one.secret]
            for one in sealed:
                await tx.connections.put(replace(one, secret=anew(one.secret)))
            return len(sealed)

    async def state(self, name: str) -> SyncState:
        async with self._office.store.transaction() as tx:
            return await tx.syncs.state(name)

    async def run(
        self, name: str, *, whole: bool = False, accept_vanished: bool = False, progress: Progress | None = None
    ) -> SyncState:
        """Read one source now. Raises UserError if it isn't connected, and what a sync raises."""
        connection = next((one for one in await self.connections() if one.name == name), None)
        if connection is None:
            raise UserError(  # no words: of the command line
                f"{name} isn't connected: `cadence connect {name}` does it."
            )
        try:
            source = self._sources.open(connection, mapped_fields(self._office.playbook))
        except CadenceError as error:
            await self._keep_reason(name, error)
            raise
        try:
            reading = Sync(self._office, source, progress=progress)
            return await reading.run(whole=whole, accept_vanished=accept_vanished)
        finally:
            await source.close()

    async def _keep_reason(self, name: str, error: CadenceError) -> None:
        """Note why a source couldn't even be opened, unless somebody is reading it."""
        token = new_id("open-")
        async with self._office.store.transaction() as tx:
            if await tx.syncs.take(name, token, 1):
                failed = shortened(str(error), LONGEST_REASON)
                state = replace(await tx.syncs.state(name), failed=failed, tried_at=self._office.clock.now())
                await tx.syncs.save(state, token, 1)
                await tx.syncs.release(name, token)

    async def run_due(self) -> int:
        """Read every source that is due; returns how many were read well. One that can't be is due again later."""
        done = 0
        for connection in await self.connections():
            if await self._is_due(connection.name):
                try:
                    await self.run(connection.name)
                    done += 1
                except CadenceError as error:  # it is kept with the source, for doctor and the agenda
                    log.warning("sync.not_done", extra={"source": connection.name, "error": type(error).__name__})
        return done

    async def _is_due(self, name: str) -> bool:
        """Whether it is time, or a process died while it read the source: what it began goes on at once."""
        async with self._office.store.transaction() as tx:
            state, broke_off = await tx.syncs.state(name), await tx.syncs.broke_off(name)
        now = self._office.clock.now()
        if state.retry_at is not None and now < state.retry_at:
            return False
        return broke_off or state.tried_at is None or now < state.tried_at or now - state.tried_at >= self._every

    async def unmatched(self, name: str) -> tuple[SyncedPerson, ...]:
        """Return who owns something in the source and can't be met, by name."""
        async with self._office.store.transaction() as tx:
            return unmatched(await tx.syncs.people(name), await access.live(tx))

    async def unknown_fields(self, connection: Connection) -> tuple[str, ...]:
        """Return a line for each field that the playbook maps and the source doesn't have. Raises CadenceError."""
        wanted = mapped_fields(self._office.playbook)
        if not wanted:
            return ()
        source = self._sources.open(connection, ())
        try:
            known = {field.name for field in await source.fields()}
        finally:
            await source.close()
        lines = []
        for name in sorted(wanted - known):
            near = difflib.get_close_matches(name, known, n=1)
            remedy = (  # no words: of the command line
                f"did you mean {near[0]}?" if near else "see `cadence connect --fields`"
            )
            lines.append(f"{source.title} has no field '{name}' of deals: {remedy}")  # no words: of the command line
        return tuple(lines)

    async def unplaced_stages(self, name: str) -> tuple[tuple[SourceStage, str], ...]:
        """Return the open stages of the source that are in no stage of the playbook, with the name to write there."""
        async with self._office.store.transaction() as tx:
            return unplaced_stages(self._office.playbook, await tx.syncs.stages(name))


async def _only(tx: Transaction, name: str) -> None:
    for other in await tx.connections.all():
        if other.name != name:
            raise UserError(  # no words: of the command line
                f"{title_of(other.name)} is connected already, and deals come from one place: "
                f"`cadence disconnect {other.name}` first."
            )
