"""Who of a source is who of ours: by e-mail address or as an admin says, and nobody is guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bot.coaching.records import Person, PersonId
from bot.services.ports.sync import SyncedPerson
from bot.services.source import Account, SourcePerson, SourceStage


@dataclass(frozen=True, slots=True)
class Matched:
    """``links`` are those who are somebody else than before, ``made`` the ids of those we make a record of.

    ``records`` are the new and changed records.
    """

    links: Mapping[str, PersonId | None]
    made: frozenset[str]
    records: tuple[Person, ...]


def match(
    theirs: Collection[SyncedPerson], ours: Collection[Person], account: Account, before: Collection[PersonId] = ()
) -> Matched:
    """Say who everybody is.

    An admin's word counts first, then the address, if only one of ours has it. Who is neither, but has an address and
    owns something there or manages somebody who does, gets a record. A record that we made follows its source; others
    are ours. Where a source knows whole records, they stand as it says. ``before`` are those that were made of a
    source, which may be another one that was left: who is met again by the address follows this one.
    """
    by_email = _unique(
        {one.email.strip().lower(): one for one in ours}, Counter(one.email.strip().lower() for one in ours)
    )
    known = {one.id: one for one in ours}
    own = known.keys() - (set(before) - {one.person for one in theirs if one.made})
    wanted = _wanted(theirs)
    links: dict[str, PersonId | None] = {}
    made: set[str] = set()
    for one in theirs:
        person, is_new = _person_of(one, by_email, wanted, own)
        if is_new:
            made.add(one.who.id)
        if (person != one.person and not one.mapped) or is_new:
            links[one.who.id] = person
    whose = {one.who.id: links.get(one.who.id, one.person) for one in theirs}
    records = []
    for one in theirs:
        person = whose[one.who.id]
        follows = (one.made and not one.mapped) or one.who.id in made or one.who.record is not None
        if person is None or not follows:
            continue
        record = _record(one.who, person, known.get(person), whose, account)
        if record != known.get(person):
            records.append(record)
    return Matched(links, frozenset(made), tuple(records))


def unmatched(theirs: Collection[SyncedPerson], live: Collection[PersonId]) -> tuple[SyncedPerson, ...]:
    """Return who owns something in the source and can't be met, by name; ``live`` are those with an account in Slack.

    That is who is nobody of ours, and who works there and has but a record that we made and that Slack doesn't know:
    perhaps it is somebody of ours with another address. Before anybody was looked up in Slack that isn't known.
    """
    found = (one for one in theirs if one.owns and (one.person is None or is_alone(one, live)))
    return tuple(sorted(found, key=lambda one: (one.who.name, one.who.id)))


def is_alone(one: SyncedPerson, live: Collection[PersonId]) -> bool:
    """Whether somebody is but a record that we made of the source, and without an account in Slack."""
    ours = one.made and not one.mapped and one.who.active
    return ours and bool(live) and one.person is not None and one.person not in live


def _unique(found: Mapping[str, Person], times: Counter[str]) -> dict[str, Person]:
    return {email: person for email, person in found.items() if email and times[email] == 1}


def _person_of(
    one: SyncedPerson, by_email: Mapping[str, Person], wanted: Collection[str], own: Collection[PersonId]
) -> tuple[PersonId | None, bool]:
    """Return who somebody is, and whether that is from now on a record made of theirs; ``own`` aren't to be."""
    if one.mapped:
        return one.person, False
    if one.who.record is not None:
        return one.who.record.id, one.person is None and one.who.record.id not in own
    if one.made and one.person is not None:
        return one.person, False
    ours = by_email.get(one.who.email)
    if ours is not None:
        return ours.id, ours.id not in own
    if one.who.email and one.who.id in wanted:
        return PersonId(one.who.email), True
    return None, False


def _wanted(theirs: Collection[SyncedPerson]) -> frozenset[str]:
    """Return who owns something, and their managers up to the top."""
    manager = {one.who.id: one.who.manager for one in theirs}
    wanted: set[str] = set()
    for one in theirs:
        at = one.who.id if one.owns else ""
        while at and at not in wanted:
            wanted.add(at)
            at = manager.get(at, "")
    return frozenset(wanted)


def _record(
    who: SourcePerson,
    person: PersonId,
    known: Person | None,
    whose: Mapping[str, PersonId | None],
    account: Account,
) -> Person:
    manager = whose.get(who.manager)
    if who.record is not None:
        return replace(who.record, id=person, manager_id=manager)
    was = known or Person(person, who.name, who.email)
    return replace(
        was,
        name=who.name,
        email=who.email or was.email,
        manager_id=manager if manager is not None else was.manager_id,
        team=who.team or was.team,
        timezone=who.timezone or (was.timezone if known else account.timezone or "UTC"),
        active=who.active,
    )


def shown_names(stages: Collection[SourceStage]) -> dict[str, str]:
    """Return under which name deals show each stage: its own, with its pipeline where another pipeline's has it too."""
    pipelines: dict[str, set[str]] = {}
    for stage in stages:
        pipelines.setdefault(stage.name.casefold(), set()).add(stage.pipeline)
    return {
        stage.id: f"{stage.name} ({stage.pipeline_name or stage.pipeline})"
        if len(pipelines[stage.name.casefold()]) > 1
        else stage.name
        for stage in stages
    }
