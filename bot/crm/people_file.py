"""The people of an import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.coaching.records import Person, PersonId
from bot.coaching.said import joined, say
from bot.crm import cells
from bot.crm.csv_table import Row, Table
from bot.crm.links import Index

FILE = "people.csv"
People = Index[Person]
"""Everybody by e-mail address."""


def read_people(table: Table | None, known_country: Callable[[str], bool] | None) -> tuple[tuple[Person, ...], People]:
    """Return everybody in the file's order, and by address. An id that isn't given is the address."""
    people = People(table.file if table else FILE, is_whole=table is not None)
    ids = Index[Person](table.file if table else FILE, is_whole=table is not None)
    country = cells.country(known_country)
    read: list[tuple[Row, Person, str | None]] = []
    for row in table.rows if table else ():
        email = row.need("email", cells.email)
        manager_email = row.read("manager_email", cells.email)
        person = _person(row, email or "", country)
        read.append((row, person, manager_email))
        if email is not None:
            people.put(row, "email", email, person)
        if row.text("id"):
            ids.put(row, "id", person.id, person)
        elif email is not None and people.get(email) is person:
            ids.put(row, "email", person.id, person)
    managed: list[Person] = []
    for row, person, manager_email in read:
        manager = people.find(row, "manager_email", manager_email)
        managed.append(replace(person, manager_id=manager.id if manager else None))
    _refuse_circles([(row, person.email, manager_email) for row, person, manager_email in read])
    return tuple(managed), people


def _person(row: Row, email: str, country: Callable[[str], str]) -> Person:
    first, last = row.read("first_day", cells.day), row.read("last_day", cells.day)
    if first is not None and last is not None and last < first:
        fault = say(
            "{last} is before the first day, {first}: mend one of the two",
            last=last.isoformat(),
            first=first.isoformat(),
        )
        row.refuse("last_day", fault)
    active = row.read("active", cells.flag)
    return Person(
        id=PersonId(row.text("id") or email),
        name=row.need("name", str) or "",
        email=email,
        team=row.text("team"),
        first_day=first,
        last_day=last,
        timezone=row.read("timezone", cells.timezone) or "UTC",
        country=row.read("country", country),
        quota=row.amount("quota"),
        commission=row.read("commission", cells.commission) or (),
        awesome=row.amount("awesome"),
        is_admin=row.read("is_admin", cells.flag) or False,
        active=True if active is None else active,
    )


def _refuse_circles(read: list[tuple[Row, str, str | None]]) -> None:
    """Say once of each circle that somebody in it can't be managed by the own reports.

    ``read`` has each row with its address and the manager's.
    """
    manager_of = {email: manager for _, email, manager in reversed(read)}  # of two rows with one address the first
    settled: set[str] = set()
    for row, email, _ in read:
        path: list[str] = []
        at: str | None = email
        while at is not None and at not in settled and at not in path:
            path.append(at)
            at = manager_of.get(at)
        if at is not None and at in path:
            first, second, *others = *path[path.index(at) :], at
            above = [say("reports to {manager}", manager=one) for one in others]
            circle = joined((say("{email} reports to {manager}", email=first, manager=second), *above))
            row.refuse("manager_email", say("{circle}: leave it blank for the one at the top", circle=circle))
        settled.update(path)
