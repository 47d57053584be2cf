"""What a manager is asked about the whole team is asked once, and answered once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from examples import MANAGER, NOW, OTHER, REP, with_people

from bot.coaching.rhythm.market import MarketAnswer, MarketProposal, Shortening
from bot.storage.store import Database

ASKED = MarketProposal("k1", MANAGER, date(2017, 10, 2), 2, 3, (Shortening(REP, 14, 7), Shortening(OTHER, 28, 14)))


async def test_the_latest_question_to_a_manager_comes_back_equal(store: Database) -> None:
    await with_people(store)
    later = replace(ASKED, id="k2", asked_on=date(2017, 10, 30), changes=())
    async with store.transaction() as tx:
        assert await tx.market_proposals.latest(MANAGER) is None
        for one in (later, ASKED):
            assert await tx.market_proposals.add(one)
    async with store.transaction() as tx:
        assert await tx.market_proposals.get("k1") == ASKED
        assert await tx.market_proposals.latest(MANAGER) == later
        assert await tx.market_proposals.latest(REP) is None


async def test_a_manager_is_asked_once_a_day(store: Database) -> None:
    await with_people(store)
    async with store.transaction() as tx:
        assert await tx.market_proposals.add(ASKED)
        assert not await tx.market_proposals.add(replace(ASKED, id="k2"))
        assert await tx.market_proposals.get("k2") is None


async def test_the_first_answer_counts(store: Database) -> None:
    await with_people(store)
    yes = replace(ASKED, answer=MarketAnswer.MORE_OFTEN, version=2, answered_at=NOW)
    async with store.transaction() as tx:
        await tx.market_proposals.add(ASKED)
        assert await tx.market_proposals.save(yes, was=ASKED)
        assert not await tx.market_proposals.save(replace(yes, answer=MarketAnswer.LEFT), was=ASKED)
        assert await tx.market_proposals.get("k1") == yes
