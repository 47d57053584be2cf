"""Two who speak two languages have one 1:1: each is told all of it in the own language, and nothing in the other's.

The playbook that comes with Cadence is told so, too: its words are ours, not a company's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from world import MANAGER, REP, World, a_world, some_records

from bot.coaching.commitment import GoalState
from bot.views.ids import ActionId

GERMAN = frozenset({"dein", "deine", "du", "dir", "und", "der", "die", "das", "mit", "ist", "nicht", "für"})
ENGLISH = frozenset({"your", "you", "and", "the", "with", "is", "not", "for", "of", "it"})


def words_of(shown: Any) -> frozenset[str]:
    """Return the words that a reader sees in a message, in lower case."""
    said = " ".join(texts_in(shown, "text"))
    return frozenset(re.findall(r"[a-zäöüß]+", re.sub(r"`[^`]*`|<[^>]*>", " ", said).lower()))


def texts_in(part: Any, key: str | None = None) -> Iterator[str]:
    """Return every text of a tree, or those under one key."""
    for name, value in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(value, str):
            if key in (None, name):
                yield value
        elif isinstance(value, dict | list | tuple):
            yield from texts_in(value, key)


async def in_german(world: World, *users: str) -> None:
    for user in users:
        world.sandbox.workspace.change_person(user, locale="de-DE")
    await world.bot.match_people()


@pytest.mark.parametrize(("german", "english"), [(REP, MANAGER), (MANAGER, REP)])
async def test_each_of_the_two_is_told_a_whole_cycle_in_the_own_language(
    sqlite_url: str, german: str, english: str
) -> None:
    async with a_world(sqlite_url, some_records()) as world:
        await in_german(world, german)
        await world.press(REP, await world.until(REP, ActionId.PROMPT_OPEN), ActionId.PROMPT_OPEN)
        await world.fill(REP, lambda _block: {"text": "Zyqqil"})
        await world.agree()
        await world.press(MANAGER, world.course(MANAGER), ActionId.MEETING_HELD)
        await world.press(REP, await world.until(REP, ActionId.REPORT_DONE), ActionId.REPORT_DONE)
        assert await world.goals(GoalState.KEPT)
        for user in (german, english):
            await world.sandbox.open_home(user)
        await world.settle()
        for user, own, other in ((german, GERMAN, ENGLISH), (english, ENGLISH, GERMAN)):
            for message in world.sandbox.messages(user):
                said = words_of(message)
                assert said & own
                assert not said & other, message["text"]
