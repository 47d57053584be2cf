"""Who lives in the chaos: two teams, an admin, people whom Slack doesn't know, and a source with strangers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from world import ACCOUNTS, MANAGER, OTHER_MANAGER, OTHER_REP, REP, START, some_deals, some_records

from bot import playbook_file
from bot.coaching.records import Activity, DealId, DealStatus, PeriodGoal, Person, PersonId, Records
from bot.sandbox.people import SandboxPerson
from bot.services.ports import SlackAccount, Transaction
from bot.services.ports.invitations import Invitation, InvitationState, Reach
from bot.services.ports.sync import Connection, StagedDeal, SyncState
from bot.services.source import SourcePerson

ADMIN, THIRD_REP = "U0005", "U0006"
SOURCE = "hubspot"
STRANGERS = ("11", "12", "13")
"""Who owns something in the source and is nobody of ours."""

LIVED = 300
"""Days for which there are activities on record."""

NEVER = datetime(2100, 1, 1, tzinfo=UTC)

_ALMA = Person(PersonId("alma"), "Alma Reed", "alma@example.com", timezone="America/New_York", is_admin=True)
_LENA = Person(PersonId("lena"), "Lena Fox", "lena@example.com", PersonId("nina"), timezone="America/New_York")
MEMBERS = {**ACCOUNTS, ADMIN: _ALMA, THIRD_REP: _LENA}
TEAMS = {MANAGER: (REP, OTHER_REP), OTHER_MANAGER: (THIRD_REP,)}
GUESTS = {
    f"U1{number:03}": Person(PersonId(f"guest{number}"), f"Guest {number}", f"guest{number}@example.com")
    for number in range(12)
}
"""People whose account in Slack has another address, so that an admin has to say whose it is. They meet nobody."""


def members_of_slack() -> list[SandboxPerson]:
    known = [SandboxPerson(user, one.name, one.email, one.timezone) for user, one in MEMBERS.items()]
    return [
        *known,
        *(SandboxPerson(user, one.name, f"{user.lower()}@elsewhere.example") for user, one in GUESTS.items()),
    ]


async def settle_in(tx: Transaction) -> None:
    """Write who is there before the bot runs for the first time: one team has begun, nobody has asked the other."""
    await tx.facts.upsert(_records())
    for user, person in MEMBERS.items():
        await tx.people.link(SlackAccount(person.id, user, person.timezone))
    await tx.invitations.widen(Reach(everybody=False), was=await tx.invitations.reach())
    await tx.invitations.invite(Invitation(PersonId("mara"), InvitationState.BEGUN, START - timedelta(days=7)))
    await _connect(tx)


def _records() -> Records:
    known = some_records()
    lena = PersonId("lena")
    return some_records(
        people=(*known.people, _ALMA, _LENA, *GUESTS.values()),
        deals=(*known.deals, *some_deals(lena)),
        goals=(*known.goals, PeriodGoal(lena, date(2017, 10, 1), date(2017, 12, 31), 90_000.0)),
        activities=tuple(_activities()),
    )


def _activities() -> list[Activity]:
    """Return what finds deals twice a week, and something of each kind for every open deal once a week."""
    kinds = playbook_file.load(None).activities
    days = [START.date() + timedelta(days=number) for number in range(LIVED)]
    finding = [kind for kind in kinds if kind.finds]
    deals = [f"open-{number}" for number in range(3)]
    found = [(day, kind, None) for day in days if day.weekday() in {1, 3} for kind in finding]
    led_on = [(day, kind, deal) for day in days if day.weekday() == 3 for kind in kinds for deal in deals]
    return [
        Activity(PersonId(rep), (kind.types or (kind.name,))[0], day, DealId(f"{rep}-{deal}") if deal else None)
        for rep in ("ruth", "omar", "lena")
        for day, kind, deal in (*found, *led_on)
    ]


async def _connect(tx: Transaction) -> None:
    """Write a source that was read once, and isn't read again: it would ask a vendor."""
    await tx.connections.put(Connection(SOURCE, {}, "", START))
    await tx.syncs.keep_people(SOURCE, [SourcePerson(who, f"Stranger {who}") for who in STRANGERS])
    await tx.syncs.keep_deals(
        SOURCE, 1, [_owned_by(who) for who in STRANGERS], at=START, on=START.date(), has_history=False
    )
    await tx.syncs.take(SOURCE, "read", 60)
    read = SyncState(SOURCE, run=1, tried_at=START, good_at=START, retry_at=NEVER)
    await tx.syncs.save(read, "read", 60)
    await tx.syncs.release(SOURCE, "read")


def _owned_by(who: str) -> StagedDeal:
    return StagedDeal(
        id=f"deal-{who}",
        name=f"Deal of {who}",
        status=DealStatus.OPEN,
        owner=who,
        stage="",
        amount=None,
        currency="",
        start=START.date(),
        close=None,
        expected_close=None,
        moved=None,
        modified=None,
        modified_on=None,
        lost_reason="",
        account="",
        product="",
        list_price=None,
        absorbed=(),
    )
