"""What hangs loose in a playbook, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.coaching.playbook import Playbook
from bot.coaching.said import Said, say

Place = tuple[str | int, ...]
"""The way to a value in the playbook's file: ("stage", 2, "toll", 0) is the first verifier of the third stage."""


KINDS: dict[str, Said] = {
    "outcome": say("outcome"),
    "stage": say("stage"),
    "activity": say("activity"),
    "skill": say("skill"),
    "resource": say("resource"),
    "verifier": say("verifier"),
}


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """What hangs loose at a place, as "what: remedy". ``broken`` contradicts the rest: nothing can be built on it."""

    place: Place
    sentence: str
    broken: bool = False


def loose_ends(playbook: Playbook) -> tuple[LooseEnd, ...]:
    """Return all that hangs loose in outcome <- stage <- activity <- skill <- resource; empty: it holds together.

    Broken are references to nothing, names given twice, and skills that need each other in a circle. The rest is
    unfinished: a goal can't be offered there yet. References are exact; names are the same without case, blanks
    and punctuation, as cleaning matches them (0.2).
    """
    return (
        *_dangling(playbook),
        *_twice(playbook),
        *_circles(playbook),
        *_unearned(playbook),
        *_unfinished(playbook),
        *_falling(playbook),
        *_without_purpose(playbook),
    )


def plain(name: str) -> str:
    """Return a name without case, blanks and punctuation, so that equal ones are those ``match_name`` would match."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _dangling(playbook: Playbook) -> Iterator[LooseEnd]:
    stages = [stage.name for stage in playbook.stages]
    activities = [activity.name for activity in playbook.activities]
    skills = [skill.name for skill in playbook.skills]
    verifiers = [kind.key for stage in playbook.stages for kind in stage.toll]
    for number, stage in enumerate(playbook.stages):
        yield from _unknown(("stage", number, "outcome"), (stage.outcome,), "outcome", playbook.outcomes)
    for number, activity in enumerate(playbook.activities):
        yield from _unknown(("activity", number, "stage"), (activity.stage,), "stage", stages)
        yield from _unknown(("activity", number, "earns"), activity.earns, "verifier", verifiers)
    for number, skill in enumerate(playbook.skills):
        yield from _unknown(("skill", number, "activities"), skill.activities, "activity", activities)
        yield from _unknown(("skill", number, "needs"), skill.needs, "skill", skills)
    for number, resource in enumerate(playbook.resources):
        yield from _unknown(("resource", number, "skills"), resource.skills, "skill", skills)


def _unknown(place: Place, names: Sequence[str], kind: str, known: Sequence[str]) -> Iterator[LooseEnd]:
    for number, name in enumerate(names):
        if name in known:
            continue
        near = difflib.get_close_matches(name, known, n=1)
        sentence = say("there is no {kind} '{name}': add that {kind}, or correct the name", kind=KINDS[kind], name=name)
        if near:
            sentence = say(
                "there is no {kind} '{name}': did you mean '{near}'?", kind=KINDS[kind], name=name, near=near[0]
            )
        where = place if place[-1] in ("outcome", "stage") else (*place, number)
        yield LooseEnd(where, sentence, broken=True)


def _twice(playbook: Playbook) -> Iterator[LooseEnd]:
    named: list[tuple[Place, str, str]] = [
        *((("outcomes", number), "outcome", name) for number, name in enumerate(playbook.outcomes)),
        *((("stage", number, "name"), "stage", stage.name) for number, stage in enumerate(playbook.stages)),
        *((("activity", number, "name"), "activity", kind.name) for number, kind in enumerate(playbook.activities)),
        *((("skill", number, "name"), "skill", skill.name) for number, skill in enumerate(playbook.skills)),
        *((("resource", number, "name"), "resource", kind.name) for number, kind in enumerate(playbook.resources)),
    ]
    first: dict[str, str] = {}
    for place, kind, name in named:
        was = first.setdefault(plain(name), kind)
        if was is not kind:
            sentence = say(
                "the {kind} '{name}' is called like the {other}: rename one, or a path is ambiguous",
                kind=KINDS[kind],
                name=name,
                other=KINDS[was],
            )
            yield LooseEnd(place, sentence)
    for kind in ("outcome", "stage", "activity", "skill", "resource"):
        for place, name in _repeated((place, name) for place, of, name in named if of == kind):
            sentence = say(
                "there is another {kind} '{name}': rename one of them, or remove it", kind=KINDS[kind], name=name
            )
            yield LooseEnd(place, sentence, broken=True)
    keys: Iterator[tuple[Place, str]] = (
        (("stage", number, "toll", position), kind.key)
        for number, stage in enumerate(playbook.stages)
        for position, kind in enumerate(stage.toll)
    )
    for place, name in _repeated(keys):
        sentence = say("there is another verifier with the key '{name}': give each its own key", name=name)
        yield LooseEnd(place, sentence, broken=True)
    yield from _crm_names(playbook)
    yield from _types(playbook)


def _repeated(named: Iterable[tuple[Place, str]]) -> Iterator[tuple[Place, str]]:
    """Yield what is named like one before it."""
    seen: set[str] = set()
    for place, name in named:
        if plain(name) in seen:
            yield place, name
        seen.add(plain(name))


def _crm_names(playbook: Playbook) -> Iterator[LooseEnd]:
    """Find names that the CRM would have for two stages; a stage's own name is one of its names."""
    owner = {plain(stage.name): number for number, stage in reversed(list(enumerate(playbook.stages)))}
    for number, stage in enumerate(playbook.stages):
        for position, name in enumerate(stage.crm):
            other = owner.setdefault(plain(name), number)
            if other != number:
                yield LooseEnd(
                    ("stage", number, "crm", position),
                    say(
                        "the CRM's '{name}' belongs to '{stage}' too: leave it in one stage",
                        name=name,
                        stage=playbook.stages[other].name,
                    ),
                    broken=True,
                )


def _types(playbook: Playbook) -> Iterator[LooseEnd]:
    owner: dict[str, int] = {}
    for number, activity in enumerate(playbook.activities):
        for position, name in enumerate(activity.types):
            other = owner.setdefault(plain(name), number)
            if other != number:
                yield LooseEnd(
                    ("activity", number, "types", position),
                    say(
                        "records of type '{name}' count for '{activity}' too: leave the type in one activity",
                        name=name,
                        activity=playbook.activities[other].name,
                    ),
                )


def _circles(playbook: Playbook) -> Iterator[LooseEnd]:
    """Find skills that need each other in a circle, each circle told from its first skill in the file."""
    needs = {skill.name: skill.needs for skill in playbook.skills}
    done: set[str] = set()
    for number, skill in enumerate(playbook.skills):
        for position, need in enumerate(skill.needs):
            back = None if need in done else _way(need, skill.name, needs, done)
            if back is not None:
                yield LooseEnd(
                    ("skill", number, "needs", position),
                    say(
                        "skills need each other in a circle, {circle}: remove one of the needs",
                        circle=" -> ".join((skill.name, *back)),
                    ),
                    broken=True,
                )
        done.add(skill.name)


def _way(start: str, end: str, needs: dict[str, tuple[str, ...]], done: set[str]) -> tuple[str, ...] | None:
    """Return the shortest way of needs between two skills, both included, past skills not ``done``; None: no way."""
    seen = {*done, start}
    ways: list[tuple[str, ...]] = [(start,)]
    for way in ways:  # grows while it is read: breadth first
        if way[-1] == end:
            return way
        onward = [need for need in needs.get(way[-1], ()) if need not in seen]
        seen.update(onward)
        ways += [(*way, need) for need in onward]
    return None


def _unearned(playbook: Playbook) -> Iterator[LooseEnd]:
    position = {stage.name: number for number, stage in enumerate(playbook.stages)}
    for number, stage in enumerate(playbook.stages):
        for at, kind in enumerate(stage.toll):
            place = ("stage", number, "toll", at)
            earning = [activity for activity in playbook.activities if kind.key in activity.earns]
            if not earning:
                yield LooseEnd(
                    place,
                    say(
                        "no activity earns the verifier '{verifier}', so no goal can be offered for it: add earns = "
                        '["{key}"] to the activity after which a customer gives it',
                        verifier=kind.name,
                        key=kind.key,
                    ),
                )
            elif all(position.get(activity.stage, -1) > number for activity in earning):
                yield LooseEnd(
                    place,
                    say(
                        "the verifier '{verifier}' of '{stage}' is earned only in the later stage '{later}': name an "
                        "activity of '{stage}' or before that earns it",
                        verifier=kind.name,
                        stage=stage.name,
                        later=earning[0].stage,
                    ),
                )


def _unfinished(playbook: Playbook) -> Iterator[LooseEnd]:
    for place, outcome in _left_out("outcomes", playbook.outcomes, {stage.outcome for stage in playbook.stages}):
        yield LooseEnd(
            place,
            say("no stage leads to the outcome '{outcome}': name it as the outcome of a [[stage]]", outcome=outcome),
        )
    stages = (stage.name for stage in playbook.stages)
    for place, stage in _left_out("stage", stages, {activity.stage for activity in playbook.activities}):
        sentence = say(
            "no activity leads to the stage '{stage}': add an [[activity]] with stage = \"{stage}\"", stage=stage
        )
        yield LooseEnd(place, sentence)
    activities = (activity.name for activity in playbook.activities)
    for place, activity in _left_out(
        "activity", activities, {one for skill in playbook.skills for one in skill.activities}
    ):
        sentence = say(
            "no skill makes the activity '{activity}' better: name it in the activities of a [[skill]]",
            activity=activity,
        )
        yield LooseEnd(place, sentence)
    skills = (skill.name for skill in playbook.skills)
    for place, skill in _left_out("skill", skills, {one for kind in playbook.resources for one in kind.skills}):
        yield LooseEnd(
            place,
            say("no resource helps with the skill '{skill}': name it in the skills of a [[resource]]", skill=skill),
        )


def _left_out(key: str, names: Iterable[str], served: Collection[str]) -> Iterator[tuple[Place, str]]:
    """Yield each name of the list called ``key`` that nothing serves, with its place."""
    for number, name in enumerate(names):
        if name not in served:
            yield (key, number), name


def _falling(playbook: Playbook) -> Iterator[LooseEnd]:
    known = [(number, stage) for number, stage in enumerate(playbook.stages) if stage.probability is not None]
    for (_, before), (number, stage) in pairwise(known):
        if (stage.probability or 0) < (before.probability or 0):
            yield LooseEnd(
                ("stage", number, "probability"),
                say(
                    "the stage '{stage}' has a smaller probability than '{before}' before it: correct one",
                    stage=stage.name,
                    before=before.name,
                ),
            )


def _without_purpose(playbook: Playbook) -> Iterator[LooseEnd]:
    place: Place = ("activity", 0)
    if not any(activity.finds for activity in playbook.activities):
        yield LooseEnd(
            place,
            say(
                "no activity starts deals, so a gap in the pipeline leads to no goal: add finds = true to each "
                "activity that finds new ones"
            ),
        )
    if not any(activity.key for activity in playbook.activities):
        yield LooseEnd(
            place,
            say(
                "no activity is key, so the days between 1:1s follow deal events only: add key = true to the "
                "activities that matter most"
            ),
        )
    for number, activity in enumerate(playbook.activities):
        if activity.per_start is not None and not activity.finds:
            yield LooseEnd(
                ("activity", number, "per_start"),
                say(
                    "'{activity}' has starts per activity but starts no deals: add finds = true, or remove per_start",
                    activity=activity.name,
                ),
            )
