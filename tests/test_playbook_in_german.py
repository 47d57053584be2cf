"""Whoever reads German reads the playbook that comes with Cadence in German, wherever it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from world import MANAGER, REP, World, a_world, some_records

from bot import playbook_file
from bot.coaching.commitment import GoalState
from bot.coaching.playbook import Playbook
from bot.coaching.records import Activity, PersonId, Records, Verifier
from bot.coaching.said import Said
from bot.views.ids import ActionId
from bot.views.languages import ENGLISH, GERMAN, Language
from tests.languages.pseudo import SHOWN

SAME_IN_BOTH = {"sponsor", "agenda", "plan", "quote"}
"""Words that German has, too."""

IN_ADDRESSES = re.compile(r"`[^`]*`|<(https?|!date)[^>|]*")


def texts_of(part: Any) -> Iterator[str]:
    """Return every text of a domain value."""
    for value in part.values() if isinstance(part, dict) else part:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list | tuple):
            yield from texts_of(value)


def shown_in(part: Any) -> Iterator[str]:
    """Return every text of a message or a form that its reader sees."""
    if isinstance(part, list):
        for one in part:
            yield from shown_in(one)
    elif isinstance(part, dict):
        for key, value in part.items():
            if isinstance(value, str) and key in SHOWN:
                yield value
            else:
                yield from shown_in(value)


def named_in(playbook: Playbook, language: Language) -> frozenset[str]:
    """Return what a playbook of ours says in a language, in lower case; what is counted, also one of it."""
    ours = [text for text in texts_of(asdict(playbook)) if isinstance(text, Said)]
    said = {language.written(text).lower() for text in ours}
    return frozenset(said | {one.removesuffix("s") for one in said if language is ENGLISH}) - SAME_IN_BOTH


def left_of(shown: str, names: frozenset[str]) -> set[str]:
    """Return which of a playbook's names stand in a text."""
    bare = IN_ADDRESSES.sub(" ", shown.lower())
    return {name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", bare)}


def records(playbook: Playbook) -> Records:
    """Return records with calls and what customers gave; the CRM calls its stage as no playbook of ours calls one."""
    known, first = some_records(), playbook.stages[0]
    (theirs,) = {name for stage in playbook.stages for name in stage.crm} & {"Quote Sent"}
    deals = tuple(replace(deal, stage=theirs) if deal.stage else deal for deal in known.deals)
    still_open = [deal for deal in deals if deal.stage]
    calls = tuple(
        Activity(PersonId("ruth"), "Call", date(2017, 7, 1) + timedelta(days=day), count=1 + day % 4)
        for day in range(90)
    )
    given = tuple(
        Verifier(deal.id, kind.key, "Dana Dyer", date(2017, 9, 20)) for deal in still_open for kind in first.toll
    )
    return replace(known, deals=deals, activities=calls, verifiers=given)


class Reader:
    """Gathers all that rep and manager are shown."""

    def __init__(self, world: World) -> None:
        self.world, self.seen = world, list[str]()

    def read(self, shown: Any) -> None:
        self.seen += shown_in(shown)

    def form(self, user: str = REP) -> None:
        """Read the form in front of somebody, and close it."""
        view = self.world.sandbox.open_view(user)
        assert view is not None
        self.read(view)
        self.world.sandbox.workspace.views.close_all(user)

    async def press(self, message: dict[str, Any], action: ActionId, user: str = REP) -> None:
        await self.world.press(user, message, action)
        self.form(user)

    async def messages(self) -> None:
        for user in (REP, MANAGER):
            await self.world.sandbox.open_home(user)
            await self.world.settle()
            self.read(self.world.sandbox.home(user))
            self.read(self.world.sandbox.messages(user))


async def goal_builder(reader: Reader) -> None:
    """Go through every goal that the builder offers, and words that are none."""
    world = reader.world
    await world.sandbox.command(REP, "/goals", "neu")
    view = world.sandbox.open_view(REP)
    assert view is not None
    element = next(block["element"] for block in view["blocks"] if block.get("block_id") == "choice")
    values = [option["value"] for group in element["option_groups"] for option in group["options"]]
    assert len(values) > 3
    for typed in ({"choice": {"choice": value}} for value in values):
        await world.sandbox.command(REP, "/goals", "neu")
        first = world.sandbox.open_view(REP)
        assert first is not None
        reader.read(first)
        assert not (await world.sandbox.submit(REP, first["id"], typed)).errors
        reader.form()
    await world.sandbox.command(REP, "/goals", "neu")
    first = world.sandbox.open_view(REP)
    assert first is not None
    await world.sandbox.submit(REP, first["id"], {"words": {"text": "3 Deals bis Freitag abschließen"}})
    reader.form()


@pytest.mark.parametrize("file", sorted(playbook_file.SHIPPED), ids=lambda file: file.stem)
async def test_nobody_who_reads_german_sees_an_english_word_of_the_playbook_that_comes_with_cadence(
    sqlite_url: str, file: Path
) -> None:
    playbook = playbook_file.load(file)
    async with a_world(sqlite_url, records(playbook), CADENCE_PLAYBOOK=str(file)) as world:
        for user in (REP, MANAGER):
            world.sandbox.workspace.change_person(user, locale="de-DE")
        await world.bot.match_people()
        reader = Reader(world)
        await reader.press(await world.until(REP, ActionId.PRE_READ_HOW), ActionId.PRE_READ_HOW)
        await goal_builder(reader)
        forks = await world.to_forks()
        await reader.messages()
        for action in (ActionId.FORK_CHANGE, ActionId.FORK_NOT_NOW):
            await reader.press(forks[0], action)
        await world.agree()
        for user, command, text in (
            (REP, "/pipeline", ""),
            (REP, "/goals", ""),
            (REP, "/awesome", "weg"),
            (REP, "/1on1", "agenda"),
            (MANAGER, "/pipeline", "@ruth"),
            (MANAGER, "/goals", "@ruth"),
        ):
            reader.read((await world.sandbox.command(user, command, text)).response)
        (deal, *_) = [deal for deal in records(playbook).deals if deal.stage]
        assert (await world.press_unseen(REP, ActionId.EVIDENCE_RECORD, deal.id)).acked
        reader.form()
        await world.sandbox.command(REP, "/goals", "report")
        reader.form()
        await reader.messages()
        await world.press(MANAGER, world.course(MANAGER), ActionId.MEETING_HELD)
        monday = await world.until(REP, ActionId.REPORT_PARTLY)
        reader.read(monday)
        await reader.press(monday, ActionId.REPORT_PARTLY)
        await world.press(REP, monday, ActionId.REPORT_DONE)
        assert await world.goals(GoalState.KEPT)
        await reader.messages()
    english, german = named_in(playbook, ENGLISH), named_in(playbook, GERMAN)
    for shown in reader.seen:
        assert left_of(shown, english) == set(), shown
    assert len(set().union(*(left_of(shown, german) for shown in reader.seen))) > 20
