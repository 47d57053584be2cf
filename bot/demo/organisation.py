"""The demo organisation: who of the public data set is who in the local Slack."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.coaching.records import Person, Records
from bot.crm import maven
from bot.sandbox.people import SandboxPerson

START = datetime(2017, 10, 2, 7, tzinfo=UTC)
"""The data end in 2017: the demo's clock starts on this Monday, as if those deals were being worked today."""

DATA = Path(__file__).parent.parent / "sandbox" / "data" / "maven-crm"


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
            title="Sales manager" if person.id in managers else f"Sales rep, {person.team}",
        )
        for number, person in enumerate(ordered, start=1)
    )
