"""What a person says, or Slack says of a person, outlives every import."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from examples import A_MANAGER, A_REP, ANOTHER_REP, MANAGER, OTHER, PEOPLE, REP, with_people

from bot.coaching.records import Leave, Person, PersonId, Records, WorkingHours
from bot.services.ports import SlackAccount, Store
from bot.storage.store import Database


async def bring(store: Store, *people: Person) -> None:
    async with store.transaction() as tx:
        await tx.facts.upsert(Records(people=people))


async def link(store: Store, account: SlackAccount) -> None:
    async with store.transaction() as tx:
        await tx.people.link(account)


async def stored(store: Store, person: PersonId = REP) -> Person | None:
    async with store.transaction() as tx:
        return await tx.people.get(person)


async def test_a_person_comes_back_equal_and_an_unknown_one_is_none(store: Database) -> None:
    await bring(store, *PEOPLE.people)
    assert await stored(store) == A_REP
    assert await stored(store, PersonId("nobody")) is None


async def test_everybody_comes_by_name_also_those_who_left(store: Database) -> None:
    left = replace(ANOTHER_REP, active=False, last_day=date(2017, 9, 30))
    await bring(store, A_REP, left, A_MANAGER)
    async with store.transaction() as tx:
        assert await tx.people.all() == (left, A_MANAGER, A_REP)
        assert await tx.people.reports_of(MANAGER) == (A_REP,)
        assert await tx.people.reports_of(REP) == ()


async def test_the_zone_slack_says_overrides_the_records_and_outlives_an_import(store: Database) -> None:
    await bring(store, A_REP, A_MANAGER)
    await link(store, SlackAccount(REP, "U1", zone="Asia/Tokyo"))
    await bring(store, replace(A_REP, timezone="Europe/Paris"))
    moved = replace(A_REP, timezone="Asia/Tokyo")
    assert await stored(store) == moved
    async with store.transaction() as tx:
        assert await tx.people.by_slack("U1") == moved
        assert await tx.people.reports_of(MANAGER) == (moved,)
        assert moved in await tx.people.all()
        assert moved in (await tx.facts.load()).people


async def test_without_a_zone_of_slack_the_records_zone_counts(store: Database) -> None:
    await bring(store, A_REP, A_MANAGER)
    await link(store, SlackAccount(REP, "U1", zone="Asia/Tokyo"))
    await link(store, SlackAccount(REP, "U1", zone=None))
    assert await stored(store) == A_REP


async def test_a_link_is_replaced_and_comes_back_equal(store: Database) -> None:
    await bring(store, *PEOPLE.people)
    await link(store, SlackAccount(REP, "U1"))
    gone = SlackAccount(REP, "U2", zone="Asia/Tokyo", deleted=True)
    await link(store, gone)
    async with store.transaction() as tx:
        assert await tx.people.account_of(REP) == gone
        assert await tx.people.by_slack("U1") is None
        assert await tx.people.account_of(OTHER) is None


async def test_a_slack_user_who_turns_out_to_be_somebody_else_moves(store: Database) -> None:
    await bring(store, *PEOPLE.people)
    await link(store, SlackAccount(REP, "U1"))
    await link(store, SlackAccount(OTHER, "U1"))
    async with store.transaction() as tx:
        assert await tx.people.by_slack("U1") == ANOTHER_REP
        assert await tx.people.accounts() == (SlackAccount(OTHER, "U1"),)


async def test_two_people_whose_slack_users_were_mixed_up_change_them(store: Database) -> None:
    await bring(store, *PEOPLE.people)
    await link(store, SlackAccount(REP, "U1"))
    await link(store, SlackAccount(OTHER, "U2"))
    async with store.transaction() as tx:
        await tx.people.link(SlackAccount(REP, "U2"))
        await tx.people.link(SlackAccount(OTHER, "U1"))
        assert await tx.people.accounts() == (SlackAccount(OTHER, "U1"), SlackAccount(REP, "U2"))


async def test_what_a_person_set_as_awesome_outlives_an_import(store: Database) -> None:
    await bring(store, *PEOPLE.people)
    async with store.transaction() as tx:
        await tx.people.set_awesome(REP, 0.1 + 0.2)
    await bring(store, replace(A_REP, awesome=1.0, name="Ronald"))
    assert await stored(store) == replace(A_REP, awesome=0.1 + 0.2, name="Ronald")


async def test_a_person_who_took_awesome_back_has_none_also_after_an_import(store: Database) -> None:
    await bring(store, *PEOPLE.people)
    async with store.transaction() as tx:
        await tx.people.set_awesome(REP, None)
    await bring(store, A_REP)
    assert await stored(store) == replace(A_REP, awesome=None)


async def test_what_nobody_set_as_awesome_is_the_imports(store: Database) -> None:
    await bring(store, *PEOPLE.people)
    await bring(store, replace(A_REP, awesome=1.0))
    assert await stored(store) == replace(A_REP, awesome=1.0)


async def test_working_hours_are_replaced_and_come_back_equal(store: Database) -> None:
    await with_people(store)
    hours = WorkingHours((0, 4), time(8, 30), time(16, 45), 45)
    async with store.transaction() as tx:
        assert await tx.people.hours_of(MANAGER) is None
        await tx.people.set_hours(MANAGER, WorkingHours())
        await tx.people.set_hours(MANAGER, hours)
    async with store.transaction() as tx:
        assert await tx.people.hours_of(MANAGER) == hours


async def test_leave_comes_by_its_first_day_and_the_same_days_are_one_leave(store: Database) -> None:
    await with_people(store)
    autumn = Leave(REP, date(2017, 10, 9), date(2017, 10, 9), "Away")
    summer = Leave(REP, date(2017, 7, 1), date(2017, 7, 14))
    async with store.transaction() as tx:
        for leave in (autumn, summer, replace(autumn, reason="Doctor")):
            await tx.people.add_leave(leave)
    async with store.transaction() as tx:
        assert await tx.people.leave_of(REP) == (summer, replace(autumn, reason="Doctor"))
        assert await tx.people.leave_of(OTHER) == ()


async def test_what_was_read_of_people_is_read_anew_once_it_changed(store: Database) -> None:
    await with_people(store)
    async with store.transaction() as tx:
        assert (await tx.people.leave_of(REP, MANAGER), await tx.people.leave_of(REP)) == ((), ())
        assert (await tx.people.account_of(REP)) is not None
        await tx.people.link(SlackAccount(REP, "U-new", zone="Asia/Tokyo"))
        rep, account = await tx.people.get(REP), await tx.people.account_of(REP)
        assert rep is not None
        assert account is not None
        assert (rep.timezone, account.user) == ("Asia/Tokyo", "U-new")
        await tx.people.add_leave(Leave(REP, date(2017, 10, 9), date(2017, 10, 9)))
        assert len(await tx.people.leave_of(REP, MANAGER)) == 1
        await tx.people.set_awesome(REP, 5.0)
        assert (await tx.people.get(REP)) == replace(rep, awesome=5.0)
        await tx.facts.upsert(Records(people=(replace(A_REP, name="Ron Renamed"),)))
        assert (await tx.people.get(REP)) == replace(rep, awesome=5.0, name="Ron Renamed")
