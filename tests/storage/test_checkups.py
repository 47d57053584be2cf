"""What the doctor was asked is done once, and the last outcome is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from examples import NOW, REP, with_people

from bot.coaching.said import say
from bot.services.ports.checkups import Checkup, Finding
from bot.storage.store import Database
from bot.views.languages import GERMAN

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


async def test_an_outcome_is_read_in_any_language(store: Database) -> None:
    await with_people(store)
    said = Finding(say("people"), good=True, sentence=say("all {n} are found in Slack", n=3))
    async with store.transaction() as tx:
        await tx.checkups.ask(ASKED)
        await tx.checkups.finish(replace(DONE, findings=(said,)))
        latest = await tx.checkups.latest()
    assert latest is not None
    (found,) = latest.findings
    assert found == said
    assert (GERMAN.written(found.about), GERMAN.written(found.sentence)) == ("Personen", "in Slack gefunden: alle 3")
