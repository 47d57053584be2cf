"""Whose teams hold 1:1s by now is kept, and of two who change it at once the first counts."""

from __future__ import annotations

from dataclasses import replace

from examples import MANAGER, NOW, OTHER, REP, with_people

from bot.services.ports import Outgoing
from bot.services.ports.invitations import Invitation, InvitationState, Reach
from bot.storage.store import Database
from bot.views.message import Message

ASKED = Invitation(MANAGER, InvitationState.PROPOSED, NOW, OTHER)
BEGUN = replace(ASKED, state=InvitationState.BEGUN, by=MANAGER, version=2)


async def test_without_a_word_everybody_is_planned_for(store: Database) -> None:
    async with store.transaction() as tx:
        reach = await tx.invitations.reach()
    assert reach == Reach()
    assert reach.includes(MANAGER)


async def test_what_is_said_comes_back_equal(store: Database) -> None:
    await with_people(store)
    async with store.transaction() as tx:
        assert await tx.invitations.widen(Reach(everybody=False), was=Reach())
        assert await tx.invitations.invite(ASKED)
        assert not await tx.invitations.invite(BEGUN), "the manager is there already"
    async with store.transaction() as tx:
        reach = await tx.invitations.reach()
        assert reach == Reach(everybody=False, version=1, invitations=(ASKED,))
        assert not reach.includes(MANAGER)
        assert await tx.invitations.save(BEGUN, was=ASKED)
        assert (await tx.invitations.reach()).includes(MANAGER), "its own change is seen"
        assert not await tx.invitations.save(replace(BEGUN, state=InvitationState.STOPPED), was=ASKED)


async def test_of_two_who_widen_it_the_first_counts(store: Database) -> None:
    async with store.transaction() as tx:
        assert await tx.invitations.widen(Reach(everybody=False), was=Reach())
        assert not await tx.invitations.widen(Reach(everybody=True), was=Reach())
        was = await tx.invitations.reach()
        assert await tx.invitations.widen(Reach(everybody=True, by_choice=True), was=was)
        assert not await tx.invitations.widen(Reach(everybody=False), was=was)
        assert await tx.invitations.reach() == Reach(everybody=True, by_choice=True, version=2)


async def test_who_was_asked_or_stopped_with_is_left_out_where_everybody_else_is_planned_for(store: Database) -> None:
    del store
    for state in InvitationState:
        reach = Reach(invitations=(replace(ASKED, state=state),))
        assert reach.includes(MANAGER) is (state is InvitationState.BEGUN)
        assert reach.includes(OTHER)


async def test_a_message_is_handed_on_to_who_is_the_same_person_unless_there_is_one(store: Database) -> None:
    await with_people(store)
    async with store.transaction() as tx:
        for key, person in (("a:rep", REP), ("b:rep", REP), ("b:other", OTHER)):
            await tx.outbox.put(Outgoing(key, person, "first_day", Message(key, []), NOW))
        await tx.outbox.hand_on("a:rep", "a:other", OTHER)
        await tx.outbox.hand_on("b:rep", "b:other", OTHER)
    async with store.transaction() as tx:
        assert await tx.outbox.last("a:rep") is None
        assert await tx.outbox.last("a:other") == Message("a:rep", [])
        assert await tx.outbox.last("b:other") == Message("b:other", [])


async def test_an_admin_may_be_made_of_somebody(store: Database) -> None:
    await with_people(store)
    async with store.transaction() as tx:
        assert not await tx.meetings.exist()
        assert await tx.facts.deals() == 0
        await tx.people.make_admin(REP)
        rep = await tx.people.get(REP)
    assert rep is not None
    assert rep.is_admin
