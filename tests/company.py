"""A company of any size over a store and the services, without Slack."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.calendars.icalendar_text import file_text
from bot.clock import ManualClock
from bot.coaching.records import Person, PersonId, Records
from bot.config import load
from bot.services.calendar_feeds import Outlets, Refused
from bot.services.office import Office
from bot.services.ports import Refusals, SlackAccount
from bot.services.ports.checkups import Finding
from bot.services.use_cases import UseCases, use_cases
from bot.storage.store import Database
from bot.surroundings import office

NONE = Refusals(frozenset(), frozenset(), str)
"""Slack takes everything here."""

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


class NobodyNew:
    """A directory that never knows anybody more than was linked already."""

    async def accounts(
        self, people: Collection[Person], known: Collection[SlackAccount] = (), *, patient: bool = True
    ) -> tuple[SlackAccount, ...]:
        del people, known, patient
        return ()

    async def is_person(self, user: str) -> bool:
        return bool(user)


class NoFiles:
    """Nobody is given a file here."""

    def give(self, user: str, name: str, content: bytes, words: str, refused: Refused) -> None:
        raise AssertionError((user, name, content, words, refused))


async def nothing_found() -> tuple[Finding, ...]:
    """All is well here."""
    return ()


NO_OUTLETS = Outlets(None, file_text, NoFiles())
"""No calendar leaves the house here."""


@dataclass(frozen=True, slots=True)
class Company:
    database: Database
    clock: ManualClock
    office: Office
    cases: UseCases


async def a_company(
    database: Database, people: Collection[Person], *, start: datetime = MONDAY, country: str | None = None
) -> Company:
    """Import people with nothing else on record, each with an account in Slack; nothing is planned yet."""
    clock = ManualClock(start)
    chosen = load({"CADENCE_COUNTRY": country} if country else {}, need_slack=False)
    surroundings = office(chosen, database, clock)
    company = Company(
        database, clock, surroundings, use_cases(surroundings, NobodyNew(), NONE, NO_OUTLETS, nothing_found)
    )
    async with database.transaction() as tx:
        await tx.facts.upsert(Records(people=tuple(people)))
    await company.cases.roster.link(SlackAccount(person.id, f"U-{person.id}") for person in people)
    return company


def a_team(boss: str, zone: str, *reps: tuple[str, str]) -> tuple[Person, ...]:
    """Return a manager and reps, each by name and zone."""
    manager = Person(PersonId(boss), boss.title(), f"{boss}@example.com", timezone=zone)
    team = (
        Person(PersonId(rep), rep.title(), f"{rep}@example.com", manager.id, boss, timezone=theirs)
        for rep, theirs in reps
    )
    return manager, *team
