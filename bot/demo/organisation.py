"""The demo organisation: who of the public data set is who in the local Slack."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from bot.coaching.records import Person, PersonId, Records
from bot.crm import maven
from bot.sandbox.people import SandboxPerson

START = datetime(2017, 10, 2, 7, tzinfo=UTC)
"""The data end in 2017: the demo's clock starts on this Monday, as if those deals were being worked today."""

DATA = Path(__file__).parent.parent / "sandbox" / "data" / "maven-crm"


ADMIN = Person(
    PersonId("alex-reyes"),
    "Alex Reyes",
    "alex.reyes@example.com",
    team="Sales operations",
    timezone="America/New_York",
    country="US",
    is_admin=True,
)
"""Not in the data, for they name no one who looks after a CRM."""


GERMAN_SPEAKING = "Marty Freudenburg"
"""Who chose German in the local Slack, so that the other language can be seen."""


def records(folder: Path = DATA) -> Records:
    return maven.read(folder)


def slack_people(people: tuple[Person, ...]) -> tuple[SandboxPerson, ...]:
    """Return a Slack member for everybody, managers first, each group by name."""
    managers = {person.manager_id for person in people}
    ordered = sorted(people, key=lambda person: (person.id not in managers, person.name))
    return tuple(
        SandboxPerson(
            id=f"U{number:04d}",
            name=person.name,
            email=person.email,
            tz=person.timezone,
            title=_title(person, managers),
            is_admin=person.is_admin,
            locale="de-DE" if person.name == GERMAN_SPEAKING else "en-US",
        )
        for number, person in enumerate(ordered, start=1)
    )


def _title(person: Person, managers: Collection[PersonId | None]) -> str:
    if person.id in managers:
        return "Sales manager"
    return person.team if person.is_admin else f"Sales rep, {person.team}"
