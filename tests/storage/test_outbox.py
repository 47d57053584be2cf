"""A wish under one key is shown once and kept up to date, whatever happens between two attempts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from examples import A_REP, LATER, NOW, OTHER, REP, a_message, outgoing, with_people

from bot.coaching.meeting import MeetingId
from bot.coaching.records import Records
from bot.services.ports import Claimed, Outgoing, SlackAccount, Surface
from bot.storage.engine import connect
from bot.storage.store import Database
from bot.storage.tables import outbox
from bot.views.announcement import Announcement, made
from bot.views.languages import ENGLISH, GERMAN

MINUTE = 60.0


@pytest.fixture
async def box(store: Database) -> Database:
    await with_people(store)
    return store


async def put(store: Database, *wishes: Outgoing) -> None:
    async with store.transaction() as tx:
        for wish in wishes:
            await tx.outbox.put(wish)


async def claim_one(store: Database, lease: float = MINUTE) -> Claimed:
    (claimed,) = await store.deliveries.claim(NOW, 10, lease)
    return claimed


async def state_of(store: Database) -> str:
    async with store.deliveries._begin() as connection:
        (state,) = await connection.scalars(sa.select(outbox.c.state).distinct())
    return str(state)


async def test_a_due_message_is_claimed_with_all_that_sending_needs(box: Database) -> None:
    await put(box, outgoing())
    claimed = await claim_one(box)
    assert claimed == Claimed(
        id=claimed.id,
        key="k1",
        to=REP,
        kind="prompt",
        surface=Surface.MESSAGE,
        content=a_message("Hello"),
        revision=1,
        attempt=1,
        user="U-rep",
        channel=None,
        ts=None,
        suspect_since=None,
        suspect_until=None,
        due_at=outgoing().due_at,
    )
    assert await state_of(box) == "sending"


async def test_an_announcement_has_its_words_in_the_language_its_reader_reads_by_then(box: Database) -> None:
    told = Announcement(MeetingId("m1"), LATER, 30, "Europe/Berlin", "Ron", "Mia", "", to_rep=True, is_first=False)
    await put(box, replace(outgoing(), message=told))
    async with box.transaction() as tx:
        await tx.people.link(SlackAccount(REP, "U-rep", locale="de-DE"))
        waits = await tx.outbox.unsaid("k1")
    claimed = await claim_one(box)
    assert claimed.content == told
    assert claimed.message == waits == made(told, GERMAN) != made(told, ENGLISH)
    assert claimed.message.language == "de"


async def test_a_version_that_knows_no_announcements_says_it_in_plain_words(box: Database) -> None:
    told = Announcement(MeetingId("m1"), LATER, 30, "Europe/Berlin", "Ron", "<Mia>", "", to_rep=True, is_first=False)
    await put(box, replace(outgoing(), message=told))
    async with box.deliveries._begin() as connection:
        row = (await connection.execute(sa.select(outbox.c.text, outbox.c.blocks))).one()
    date = f"<!date^{int(LATER.timestamp())}^{{date_long}} at {{time}}|{LATER.isoformat()}>"
    assert tuple(row) == (f"Your 1:1 with &lt;Mia&gt; is planned for {date}.", [])


async def test_what_a_version_without_announcements_put_since_is_what_is_said(box: Database) -> None:
    told = Announcement(MeetingId("m1"), LATER, 30, "Europe/Berlin", "Ron", "Mia", "", to_rep=True, is_first=False)
    await put(box, replace(outgoing(), message=told))
    moved = a_message("It moved")
    async with box.deliveries._begin() as connection:
        words = {"text": moved.text, "blocks": moved.blocks, "revision": outbox.c.revision + 1}
        await connection.execute(sa.update(outbox).values(words))
    assert (await claim_one(box)).content == moved


async def test_an_announcement_put_again_is_shown_anew_only_where_it_says_something_else(box: Database) -> None:
    told = Announcement(MeetingId("m1"), LATER, 30, "Europe/Berlin", "Ron", "Mia", "", to_rep=True, is_first=False)
    await put(box, replace(outgoing(), message=told))
    await box.deliveries.sent(await claim_one(box), "D1", "1.0")
    await put(box, replace(outgoing(), message=told))
    assert await box.deliveries.claim(NOW, 10, MINUTE) == ()
    await put(box, replace(outgoing(), message=replace(told, minutes=45)))
    again = await claim_one(box)
    assert (again.revision, again.ts) == (2, "1.0")
    await box.deliveries.sent(again, "D1", "1.0")
    await put(box, replace(outgoing(), message=a_message("It moved")))
    assert (await claim_one(box)).content == a_message("It moved")


async def test_a_message_is_claimed_at_its_instant_and_not_before(box: Database) -> None:
    await put(box, outgoing(due_at=NOW))
    assert await box.deliveries.claim(NOW - timedelta(microseconds=1), 10, MINUTE) == ()
    assert len(await box.deliveries.claim(NOW, 10, MINUTE)) == 1


async def test_a_leased_message_is_not_claimed_again(box: Database) -> None:
    await put(box, outgoing())
    await claim_one(box)
    assert await box.deliveries.claim(LATER, 10, MINUTE) == ()


async def test_a_sent_message_rests(box: Database) -> None:
    await put(box, outgoing())
    assert await box.deliveries.sent(await claim_one(box), "D1", "1.1")
    assert await state_of(box) == "sent"
    assert await box.deliveries.claim(LATER, 10, MINUTE) == ()
    assert await box.deliveries.next_due() is None


async def test_the_same_wish_again_changes_nothing(box: Database) -> None:
    await put(box, outgoing())
    await box.deliveries.sent(await claim_one(box), "D1", "1.1")
    await put(box, outgoing(due_at=LATER))
    assert await state_of(box) == "sent"


async def test_a_new_wish_after_sending_becomes_an_update_of_the_same_message(box: Database) -> None:
    await put(box, outgoing())
    await box.deliveries.sent(await claim_one(box), "D1", "1.1")
    await put(box, outgoing(words="Bye"))
    update = await claim_one(box)
    assert (update.channel, update.ts, update.revision, update.attempt) == ("D1", "1.1", 2, 1)
    assert update.message == a_message("Bye")


async def test_a_new_wish_before_sending_replaces_the_first(box: Database) -> None:
    await put(box, outgoing(), outgoing(words="Bye", due_at=LATER))
    assert await box.deliveries.next_due() == LATER
    (claimed,) = await box.deliveries.claim(LATER, 10, MINUTE)
    assert (claimed.message, claimed.ts) == (a_message("Bye"), None)


async def test_a_new_wish_while_sending_is_sent_next_as_an_update(box: Database) -> None:
    await put(box, outgoing())
    first = await claim_one(box)
    await put(box, outgoing(words="Bye"))
    assert await state_of(box) == "sending"
    assert await box.deliveries.sent(first, "D1", "1.1")
    assert await state_of(box) == "pending"
    second = await claim_one(box)
    assert (second.message, second.ts, second.revision) == (a_message("Bye"), "1.1", 2)
    assert await box.deliveries.sent(second, "D1", "1.1")
    assert await state_of(box) == "sent"


async def test_a_key_belongs_to_one_person_for_ever(box: Database) -> None:
    await put(box, outgoing())
    with pytest.raises(ValueError, match="k1"):
        await put(box, outgoing(to=OTHER, words="Bye"))


async def test_an_attempt_of_unknown_end_is_claimed_as_suspect_since_it_began(box: Database) -> None:
    await put(box, outgoing())
    await claim_one(box, lease=0)
    second = await claim_one(box, lease=0)
    third = await claim_one(box)
    assert second.suspect_since is not None
    assert (third.suspect_since, second.suspect_until) == (second.suspect_since, second.suspect_since)
    assert third.suspect_until is not None
    assert third.suspect_until > third.suspect_since
    assert (second.attempt, third.attempt) == (2, 3)


async def test_an_attempt_that_only_looked_moves_no_quarantine(box: Database) -> None:
    await put(box, outgoing())
    await box.deliveries.retry_at(await claim_one(box), 0, "timeout", sent_maybe=True)
    looking = await claim_one(box)
    await box.deliveries.retry_at(looking, 0, "quarantine", sent_maybe=False)
    again = await claim_one(box)
    assert looking.suspect_until is not None
    assert (again.suspect_since, again.suspect_until) == (looking.suspect_since, looking.suspect_until)


async def test_an_update_of_unknown_end_is_suspect_for_it_may_have_posted_anew(box: Database) -> None:
    await put(box, outgoing())
    await box.deliveries.sent(await claim_one(box), "D1", "1.1")
    await put(box, outgoing(words="Bye"))
    await claim_one(box, lease=0)
    again = await claim_one(box)
    assert again.ts == "1.1"
    assert again.suspect_since is not None


async def test_a_home_tab_of_unknown_end_is_not_suspect(box: Database) -> None:
    await put(box, outgoing(surface=Surface.HOME))
    await claim_one(box, lease=0)
    assert (await claim_one(box)).suspect_since is None


async def test_who_lost_the_lease_changes_nothing(box: Database) -> None:
    await put(box, outgoing())
    late = await claim_one(box, lease=0)
    current = await claim_one(box)
    assert not await box.deliveries.sent(late, "D1", "1.1")
    assert not await box.deliveries.retry_at(late, 0, "timeout", sent_maybe=True)
    assert not await box.deliveries.give_up(late, "no")
    assert await state_of(box) == "sending"
    assert await box.deliveries.sent(current, "D1", "2.2")


async def test_who_lost_the_lease_to_an_earlier_revision_changes_nothing(box: Database) -> None:
    await put(box, outgoing())
    late = await claim_one(box, lease=0)
    await box.deliveries.sent(await claim_one(box), "D1", "1.1")
    await put(box, outgoing(words="Bye"))
    update = await claim_one(box)
    assert update.attempt == late.attempt
    assert not await box.deliveries.sent(late, "D1", "9.9")
    assert await box.deliveries.sent(update, "D1", "1.1")


async def test_an_expired_lease_that_nobody_took_over_still_counts(box: Database) -> None:
    await put(box, outgoing())
    assert await box.deliveries.sent(await claim_one(box, lease=0), "D1", "1.1")
    assert await state_of(box) == "sent"


async def test_a_released_message_waits_by_the_databases_clock(box: Database) -> None:
    await put(box, outgoing())
    assert await box.deliveries.retry_at(await claim_one(box), MINUTE, "ratelimited", sent_maybe=False)
    assert await box.deliveries.claim(NOW + timedelta(days=9), 10, MINUTE) == ()
    assert await box.deliveries.next_due() == NOW


async def test_a_message_surely_not_sent_is_not_suspect_next_time(box: Database) -> None:
    await put(box, outgoing())
    await box.deliveries.retry_at(await claim_one(box), 0, "ratelimited", sent_maybe=False)
    again = await claim_one(box)
    assert (again.attempt, again.suspect_since) == (2, None)


async def test_a_message_perhaps_sent_stays_suspect_until_it_is_recorded(box: Database) -> None:
    await put(box, outgoing())
    await box.deliveries.retry_at(await claim_one(box), 0, "timeout", sent_maybe=True)
    second = await claim_one(box)
    await box.deliveries.retry_at(second, 0, "ratelimited", sent_maybe=False)
    third = await claim_one(box)
    assert second.suspect_since is not None
    assert third.suspect_since == second.suspect_since
    await box.deliveries.sent(third, "D1", "1.1")
    await put(box, outgoing(words="Bye"))
    update = await claim_one(box)
    assert (update.suspect_since, update.suspect_until) == (None, None)


async def test_a_failure_rests_until_the_wish_changes(box: Database) -> None:
    await put(box, outgoing())
    assert await box.deliveries.give_up(await claim_one(box), "invalid_blocks")
    await put(box, outgoing())
    assert await state_of(box) == "failed"
    await put(box, outgoing(words="Bye"))
    assert (await claim_one(box)).attempt == 1


async def test_giving_up_an_old_payload_leaves_the_newer_one_pending(box: Database) -> None:
    await put(box, outgoing())
    claimed = await claim_one(box)
    await put(box, outgoing(words="Bye"))
    assert await box.deliveries.give_up(claimed, "invalid_blocks")
    assert await state_of(box) == "pending"


async def test_a_message_past_its_time_is_never_posted(box: Database) -> None:
    await put(box, outgoing(expires_at=LATER))
    assert await box.deliveries.claim(LATER, 10, MINUTE) == ()
    assert await state_of(box) == "expired"


async def test_a_message_just_before_its_time_is_posted(box: Database) -> None:
    await put(box, outgoing(expires_at=LATER))
    assert len(await box.deliveries.claim(LATER - timedelta(microseconds=1), 10, MINUTE)) == 1


async def test_a_posted_message_is_updated_also_past_its_time(box: Database) -> None:
    await put(box, outgoing(expires_at=LATER))
    await box.deliveries.sent(await claim_one(box), "D1", "1.1")
    await put(box, outgoing(words="Bye", expires_at=LATER))
    assert len(await box.deliveries.claim(LATER, 10, MINUTE)) == 1


async def test_an_expired_message_perhaps_posted_is_still_looked_for_when_wished_again(box: Database) -> None:
    await put(box, outgoing(expires_at=LATER))
    await claim_one(box, lease=0)
    assert await box.deliveries.claim(LATER, 10, MINUTE) == ()
    assert await state_of(box) == "expired"
    await put(box, outgoing())
    assert (await claim_one(box)).suspect_since is not None


async def test_a_withdrawn_message_is_never_posted(box: Database) -> None:
    await put(box, outgoing())
    async with box.transaction() as tx:
        await tx.outbox.withdraw("k1")
    assert await box.deliveries.claim(LATER, 10, MINUTE) == ()
    assert await state_of(box) == "withdrawn"


async def test_a_withdrawn_message_wished_again_is_posted(box: Database) -> None:
    await put(box, outgoing())
    async with box.transaction() as tx:
        await tx.outbox.withdraw("k1")
    await put(box, outgoing())
    await claim_one(box)


@pytest.mark.parametrize("dies", [True, False])
async def test_a_message_withdrawn_while_sending_gets_no_second_attempt(box: Database, dies: bool) -> None:  # noqa: FBT001
    await put(box, outgoing())
    claimed = await claim_one(box, lease=0 if dies else MINUTE)
    async with box.transaction() as tx:
        await tx.outbox.withdraw("k1")
    if not dies:
        assert await box.deliveries.retry_at(claimed, 0, "timeout", sent_maybe=True)
    assert await box.deliveries.claim(LATER, 10, MINUTE) == ()
    assert await state_of(box) == "withdrawn"


async def test_of_a_message_withdrawn_while_slack_refuses_it_nobody_is_told(box: Database) -> None:
    await put(box, outgoing())
    claimed = await claim_one(box)
    async with box.transaction() as tx:
        await tx.outbox.withdraw("k1")
    assert await box.deliveries.give_up(claimed, "restricted_action")
    async with box.transaction() as tx:
        assert await tx.outbox.given_up(NOW, timedelta(days=1)) == ()
        assert not await tx.outbox.exists("k1")


async def exists(store: Database, key: str = "k1") -> bool:
    async with store.transaction() as tx:
        return await tx.outbox.exists(key)


async def test_a_message_exists_from_the_first_wish_until_it_is_withdrawn(box: Database) -> None:
    assert not await exists(box)
    await put(box, outgoing())
    assert await exists(box)
    await box.deliveries.give_up(await claim_one(box), "invalid_blocks")
    assert await exists(box)
    assert not await exists(box, "k2")


async def test_a_withdrawn_message_exists_no_more_until_it_is_wished_again(box: Database) -> None:
    await put(box, outgoing())
    async with box.transaction() as tx:
        await tx.outbox.withdraw("k1")
        assert not await tx.outbox.exists("k1")
    await put(box, outgoing())
    assert await exists(box)


async def test_a_message_withdrawn_while_sending_exists_as_long_as_it_may_be_posted(box: Database) -> None:
    await put(box, outgoing(), outgoing(key="k2"))
    first, second = await box.deliveries.claim(NOW, 2, MINUTE)
    async with box.transaction() as tx:
        await tx.outbox.withdraw("k1")
        await tx.outbox.withdraw("k2")
        assert await tx.outbox.exists("k1")
    await box.deliveries.sent(first, "D1", "1.1")
    await box.deliveries.retry_at(second, 0, "ratelimited", sent_maybe=False)
    assert (await exists(box, "k1"), await exists(box, "k2")) == (True, False)


async def test_a_posted_message_can_not_be_withdrawn(box: Database) -> None:
    await put(box, outgoing())
    await box.deliveries.sent(await claim_one(box), "D1", "1.1")
    await put(box, outgoing(words="Bye"))
    async with box.transaction() as tx:
        await tx.outbox.withdraw("k1")
    assert (await claim_one(box)).ts == "1.1"


async def test_urgent_messages_overtake_and_then_the_oldest_comes_first(box: Database) -> None:
    earlier = NOW - timedelta(days=1)
    await put(
        box,
        outgoing(key="batch new"),
        outgoing(key="batch old", due_at=earlier),
        outgoing(key="urgent new", urgent=True),
        outgoing(key="urgent old", urgent=True, due_at=earlier),
    )
    claimed = await box.deliveries.claim(NOW, 3, MINUTE)
    assert [one.key for one in claimed] == ["urgent old", "urgent new", "batch old"]


@pytest.mark.parametrize(("rewrites", "keys"), [(0, "p1 p2"), (1, "u1 p1"), (2, "u1 u2"), (None, "u1 u2")])
async def test_only_so_many_of_those_claimed_rewrite_what_is_shown(
    box: Database, rewrites: int | None, keys: str
) -> None:
    for key in ("u1", "u2"):
        await put(box, outgoing(key=key, urgent=True))
        assert await box.deliveries.sent(await claim_one(box), "D1", key)
    await put(box, *(outgoing(key=key, urgent=True, words="Again") for key in ("u1", "u2")))
    await put(box, outgoing(key="p1"), outgoing(key="p2"))
    claimed = await box.deliveries.claim(NOW, 2, MINUTE, rewrites=rewrites)
    assert [one.key for one in claimed] == keys.split()


@pytest.mark.parametrize(("posts", "keys"), [(0, "u1"), (1, "p1 u1"), (2, "p1 p2"), (None, "p1 p2")])
async def test_only_so_many_of_those_claimed_are_said_for_the_first_time(
    box: Database, posts: int | None, keys: str
) -> None:
    await put(box, outgoing(key="u1"))
    assert await box.deliveries.sent(await claim_one(box), "D1", "u1")
    await put(box, outgoing(key="u1", words="Again"))
    await put(box, outgoing(key="p1", urgent=True), outgoing(key="p2", urgent=True))
    claimed = await box.deliveries.claim(NOW, 2, MINUTE, posts=posts)
    assert [one.key for one in claimed] == keys.split()


async def test_who_has_another_account_by_now_gets_the_next_change_where_they_read_it(box: Database) -> None:
    await put(box, outgoing())
    await box.deliveries.sent(await claim_one(box), "D1", "1.0")
    async with box.transaction() as tx:
        await tx.people.link(SlackAccount(REP, "U-new"))
    assert await box.deliveries.claim(NOW, 10, MINUTE) == ()
    await put(box, outgoing(words="Moved"))
    again = await claim_one(box)
    assert (again.user, again.channel, again.ts) == ("U-new", None, None)


async def test_the_home_tab_is_shown_to_another_account_as_it_is(box: Database) -> None:
    await put(box, outgoing(surface=Surface.HOME))
    await box.deliveries.sent(await claim_one(box), "home", "home")
    async with box.transaction() as tx:
        await tx.people.link(SlackAccount(REP, "U-new"))
    again = await claim_one(box)
    assert (again.user, again.message, again.ts) == ("U-new", a_message("Hello"), None)


async def test_who_was_without_an_account_for_a_while_reads_nothing_where_another_reads_by_now(box: Database) -> None:
    await put(box, outgoing())
    await box.deliveries.sent(await claim_one(box), "D1", "1.0")
    for one in (SlackAccount(OTHER, "U-rep"), SlackAccount(REP, "U-new")):
        async with box.transaction() as tx:
            await tx.people.link(one)
    await put(box, outgoing(words="Moved"))
    again = await claim_one(box)
    assert (again.user, again.channel, again.ts) == ("U-new", None, None)


async def test_what_slack_says_anew_of_the_same_account_moves_nothing(box: Database) -> None:
    await put(box, outgoing())
    await box.deliveries.sent(await claim_one(box), "D1", "1.0")
    async with box.transaction() as tx:
        await tx.people.link(SlackAccount(REP, "U-rep", zone="Europe/Paris"))
    await put(box, outgoing(words="Moved"))
    assert (await claim_one(box)).ts == "1.0"


async def test_a_person_without_a_live_account_is_waited_for(box: Database) -> None:
    async with box.transaction() as tx:
        await tx.people.link(SlackAccount(REP, "U-rep", deleted=True))
    await put(box, outgoing())
    assert await box.deliveries.claim(LATER, 10, MINUTE) == ()
    assert await box.deliveries.next_due() is None
    assert await state_of(box) == "pending"
    async with box.transaction() as tx:
        await tx.people.link(SlackAccount(REP, "U-new"))
    assert (await claim_one(box)).user == "U-new"


async def test_depth_names_each_state_that_is_not_settled(box: Database) -> None:
    await put(box, outgoing(), outgoing(key="k2"))
    assert await box.deliveries.depth() == {"pending": 2, "sending": 0, "failed": 0}
    first, second = await box.deliveries.claim(NOW, 10, MINUTE)
    assert await box.deliveries.give_up(first, "no such channel")
    assert await box.deliveries.sent(second, "D1", "1.1")
    assert await box.deliveries.depth() == {"pending": 0, "sending": 0, "failed": 1}


async def test_what_is_due_to_somebody_who_left_is_given_up_with_the_reason(box: Database) -> None:
    await put(box, outgoing())
    assert await box.deliveries.sent(await claim_one(box), "D1", "1.1")
    await put(box, outgoing(words="Bye"), outgoing(key="k2"))
    async with box.transaction() as tx:
        await tx.facts.upsert(Records(people=(replace(A_REP, active=False),)))
    assert await box.deliveries.next_due() is None
    assert await box.deliveries.claim(NOW - timedelta(microseconds=1), 10, MINUTE) == ()
    assert await state_of(box) == "pending", "not due yet, and they may come back"
    assert await box.deliveries.claim(NOW, 10, MINUTE) == ()
    assert await state_of(box) == "withdrawn"
    async with box.deliveries._begin() as connection:
        assert set(await connection.scalars(sa.select(outbox.c.error))) == {"The person has left."}
    async with box.transaction() as tx:
        assert await tx.outbox.exists("k1"), "it is in Slack"
        assert not await tx.outbox.exists("k2")
        await tx.facts.upsert(Records(people=(A_REP,)))
    await put(box, outgoing(words="Welcome back"))
    assert (await claim_one(box)).ts == "1.1"


async def test_only_what_rests_for_long_is_forgotten(box: Database) -> None:
    for key, ends in (("sent", True), ("kept", True), ("failed", False)):
        await put(box, outgoing(key=key))
        claimed = await claim_one(box)
        assert await (box.deliveries.sent(claimed, "D1", key) if ends else box.deliveries.give_up(claimed, "no"))
    await put(box, outgoing(key="waits"), outgoing(key="recent", due_at=LATER))
    async with box.transaction() as tx:
        assert await tx.outbox.forget(NOW, keep="kept".__eq__) == 0
        assert await tx.outbox.forget(NOW + timedelta(microseconds=1), keep="kept".__eq__) == 2
        assert {key for key in ("sent", "kept", "failed", "waits", "recent") if await tx.outbox.exists(key)} == {
            "kept",
            "waits",
            "recent",
        }
    await put(box, outgoing(key="sent"))
    assert {claim.ts for claim in await box.deliveries.claim(NOW, 10, MINUTE)} == {None}, "it is posted anew"


async def test_the_home_tab_is_never_forgotten(box: Database) -> None:
    await put(box, outgoing(surface=Surface.HOME))
    assert await box.deliveries.sent(await claim_one(box), "D1", "1.1")
    async with box.transaction() as tx:
        assert await tx.outbox.forget(LATER, keep=lambda _: False) == 0


async def test_a_message_is_posted_once_slack_shows_it(box: Database) -> None:
    async def is_posted() -> bool:
        async with box.transaction() as tx:
            return await tx.outbox.is_posted("k1")

    assert not await is_posted()
    await put(box, outgoing())
    claimed = await claim_one(box)
    assert not await is_posted()
    assert await box.deliveries.sent(claimed, "D1", "1.1")
    assert await is_posted()


async def test_two_claimers_at_once_never_get_the_same_message(box: Database, database_url: str) -> None:
    keys = {f"k{number}" for number in range(60)}
    await put(box, *(outgoing(key=key) for key in keys))
    replica = connect(database_url)

    async def drain(database: Database) -> list[str]:
        got: list[str] = []
        while claimed := await database.deliveries.claim(NOW, 4, MINUTE):
            got += [one.key for one in claimed]
        return got

    drained = await asyncio.gather(*map(drain, [box, replica, box, replica]))
    await replica.dispose()
    assert sorted(key for keys in drained for key in keys) == sorted(keys)


async def test_claiming_never_waits_for_somebody_who_is_changing_a_message(postgresql_url: str) -> None:
    one, other = connect(postgresql_url), connect(postgresql_url)
    await with_people(one)
    await put(one, outgoing(expires_at=LATER), outgoing(key="k2"))
    async with asyncio.timeout(5), one.transaction() as tx:
        await tx.outbox.put(outgoing(words="Bye"))
        claimed = await asyncio.create_task(other.deliveries.claim(LATER, 10, MINUTE))
        assert [claim.key for claim in claimed] == ["k2"]
    assert (await one.deliveries.claim(LATER, 10, MINUTE))[0].message == a_message("Bye")
    await one.dispose()
    await other.dispose()


DUE = "SELECT id FROM outbox WHERE state IN ('pending', 'sending') AND due_at <= '2030-01-01' ORDER BY lane, due_at, id"
COUNT = "SELECT state, count(*) FROM outbox WHERE state IN ('pending', 'sending', 'failed', 'expired') GROUP BY state"


LOST = COUNT.replace("GROUP BY state", "AND (state = 'failed' OR state = 'expired')").replace("state, count(*)", "key")


@pytest.mark.parametrize(
    ("query", "index"),
    [(f"{DUE} LIMIT 8", "ix_outbox_due"), (COUNT, "ix_outbox_unsettled"), (LOST, "ix_outbox_unsettled")],
    ids=["due", "depth", "lost"],
)
async def test_what_is_due_and_how_much_is_read_off_an_index_and_not_the_pile(
    box: Database, query: str, index: str
) -> None:
    await put(box, outgoing())
    async with box.deliveries._begin() as connection:
        if connection.dialect.name == "sqlite":
            explain = "EXPLAIN QUERY PLAN "
        else:
            explain = "EXPLAIN "
            await connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
            await connection.execute(sa.text("SET LOCAL enable_sort = off"))
        plan = "\n".join(str(row) for row in await connection.execute(sa.text(explain + query)))
    assert index in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan
