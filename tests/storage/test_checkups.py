"""What the doctor was asked is done once, and the last outcome is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from examples import NOW, REP, with_people

from bot.finding import Finding
from bot.services.ports.checkups import Checkup
from bot.storage.store import Database

ASKED = Checkup("a", NOW, REP)
FOUND = (Finding("people", good=False, sentence="nobody"), Finding("clocks", good=True, sentence="agree"))
DONE = replace(ASKED, done_at=NOW + timedelta(seconds=3), findings=FOUND)


async def test_what_is_asked_waits_until_it_is_done_and_comes_back_equal(store: Database) -> None:
    await with_people(store)
    async with store.transaction() as tx:
        assert await tx.checkups.latest() is None
        assert await tx.checkups.ask(ASKED)
        assert not await tx.checkups.ask(ASKED)
        assert await tx.checkups.waiting() == (ASKED,)
    async with store.transaction() as tx:
        assert await tx.checkups.finish(DONE)
        assert not await tx.checkups.finish(DONE), "another process was faster"
        assert await tx.checkups.waiting() == ()
        assert await tx.checkups.latest() == DONE


async def test_only_the_last_outcome_is_kept(store: Database) -> None:
    await with_people(store)
    later = Checkup("b", NOW, None, NOW + timedelta(days=1), FOUND[1:])
    async with store.transaction() as tx:
        for one in (DONE, later):
            await tx.checkups.ask(one)
            await tx.checkups.finish(one)
        assert await tx.checkups.latest() == later
        assert not await tx.checkups.finish(DONE)
        assert await tx.checkups.ask(ASKED), "it is forgotten, so its key is free"
