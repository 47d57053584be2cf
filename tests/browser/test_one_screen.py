"""Whether what must be read of a message fits one screen of a phone, in each language, as a real browser draws it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import chromium
import gallery
import pytest
from playwright.async_api import Page

from bot import playbook_file
from bot.coaching.book import Book
from bot.coaching.build_pre_read import Rhythm, build_pre_read
from bot.coaching.commitment import GoalState
from bot.coaching.meeting import MeetingState
from bot.coaching.numbers import numbers_of
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Person
from bot.coaching.said import say
from bot.coaching.settings import Settings
from bot.crm import maven
from bot.views import news, pre_read
from bot.views.languages import LANGUAGES
from bot.views.message import Message
from bot.views.run_of_show import Course, run_of_show
from bot.views.speaking import speaking
from tests.views.builders import CHANGED, a_goal, a_meeting
from tests.views.cases import cases

pytestmark = pytest.mark.xdist_group("browser")

PHONE = {"width": 390, "height": 844}
ASKED_FOR = ("command_", "home_")
"""Answers to who asked for all of it, and pages that one goes to, are as long as what was asked for."""
TODAY = date(2017, 10, 4)
DATA = Path(maven.__file__).parent.parent / "sandbox" / "data" / "maven-crm"
REPS = 4
ANSWERS = (("win", "They like it, but I have no date from them yet."), ("balance", "Two events in November."))
OLD = say(
    "{source} couldn't be read since {day} ({ago}): the numbers rest on what it held then.",
    source="HubSpot",
    day="30 September",
    ago="2 days ago",
)
STAGES = ("Qualified to Buy", "Decision Maker Bought-In")
"""Stages of real CRMs whose names are long."""
Agenda = tuple[PreRead, Person, Person]


def agendas() -> list[Agenda]:
    """Return agendas of the sample CRM with their reps and managers; every other rep has an own awesome, all a past."""
    facts = maven.read(DATA)
    chosen = [one.id for one in facts.people if one.manager_id][:REPS]
    people = [replace(one, awesome=1_500_000.0 if at % 2 else None) for at, one in enumerate(facts.people)]
    by_id = {one.id: one for one in people}
    playbook = playbook_file.load(None)
    deals = tuple(deal for deal in facts.deals if deal.owner in chosen)
    book = Book(replace(facts, people=tuple(people), deals=deals), playbook, TODAY, Settings())
    goals = [a_goal(GoalState.ACTIVE, done=5.0), a_goal(GoalState.KEPT, done=12.0, changed_at=CHANGED)]
    return [
        (
            build_pre_read(
                numbers_of(book, rep),
                goals,
                playbook,
                rhythm=Rhythm(14),
                minutes=30,
                meeting_day=TODAY,
                previous=None,
            ),
            rep,
            by_id[rep.manager_id],
        )
        for rep in map(by_id.__getitem__, chosen)
    ]


def tolls() -> list[str]:
    """Return what the customers of the built-in playbook give."""
    return [kind.name for stage in playbook_file.load(None).stages for kind in stage.toll]


def real(agendas: list[Agenda]) -> Iterator[tuple[str, Message]]:
    """Give what rep and manager get of them in the language spoken now: as it was, changed since, of old numbers."""
    meeting = a_meeting(state=MeetingState.PUBLISHED, answers=ANSWERS)
    for at, (pre, rep, manager) in enumerate(agendas):
        changes = tuple(news.came(deal, toll) for deal in pre.deals for toll in deal.unpaid)[:2]
        for who, reader in (("a rep", rep), ("a manager", manager)):
            for state, since, age in (
                ("", (), ""),
                (", changed", changes, ""),
                (", old", (), OLD),
                (", old and changed", changes, OLD),
            ):
                shown = replace(pre, data_age=age)
                yield (
                    f"agenda {at} of {who}{state}",
                    pre_read.pre_read(
                        shown, meeting, reader, rep, manager, answers_shown=reader is manager, changes=since
                    ),
                )
        for stage, toll in product(STAGES, tolls()):
            deals = tuple(
                replace(one, crm_stage=stage, verified="Qualified to Buy", unpaid=(toll,) * 3) for one in pre.deals[:2]
            )
            shown = pre_read.pre_read(
                replace(pre, deals=deals), meeting, manager, rep, manager, answers_shown=True, changes=changes
            )
            yield f"agenda {at} of {stage} and {toll}", shown
        offered = tuple(replace(a_goal(), rep=rep.id, manager=manager.id, terms=terms) for terms in pre.offers)
        started = replace(meeting, state=MeetingState.STARTED)
        for who, reader in (("a rep", rep), ("a manager", manager)):
            yield f"1:1 {at} of {who}", run_of_show(Course(started, pre, rep, manager, offered), reader)


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    """What is sent, by name and language."""
    known = agendas()
    found = {}
    for language in LANGUAGES:
        with speaking(language):
            golden = {name: one for name, one in cases().items() if not name.startswith(ASKED_FOR)}
            for name, one in (golden | dict(real(known))).items():
                if isinstance(one, Message):
                    found[f"{name}, {language.code}"] = one.payload()
    return found


SMALL = [["context"] * many for many in range(3)]
"""The small print that may stand below what must be read, such as where else something is."""
ENDS = {"divider", "data_visualization"}


def below(payload: dict[str, Any]) -> list[str]:
    """Return the kinds of blocks below what must be read: the lines and charts that end it don't count."""
    kinds = [block["type"] for block in payload["blocks"]]
    end = min((at for at, kind in enumerate(kinds) if kind in ENDS), default=len(kinds))
    return [kind for kind in kinds[end:] if kind not in ENDS]


def test_below_what_must_be_read_stands_a_chart_or_small_print_and_all_else_is_behind_a_click(
    shown: dict[str, Any],
) -> None:
    agenda = next(payload for name, payload in shown.items() if name.startswith("agenda"))
    assert agenda["blocks"][-1]["type"] == "data_visualization"
    scrolled = {"blocks": [*agenda["blocks"], {"type": "section"}]}
    assert below(scrolled) == ["section"], "what is more than that is found"
    more = {name: below(payload) for name, payload in shown.items()}
    assert {name: kinds for name, kinds in more.items() if kinds not in SMALL} == {}


SIDEWAYS = "() => [...document.querySelectorAll('.table')].some((one) => one.scrollWidth > one.clientWidth)"


async def hidden(page: Page, names: Iterable[str]) -> dict[str, int]:
    """Return by how many pixels what must be read of each goes beyond the screen, at its bottom or its side."""
    found = {}
    for name in names:
        below = await page.evaluate("(name) => show(name)", name)
        if below > 0 or await page.evaluate(SIDEWAYS):
            found[name] = below
    return found


async def test_what_must_be_read_of_a_message_ends_within_one_screen_of_a_phone(
    executable: str, shown: dict[str, Any]
) -> None:
    first = next(iter(shown.values()))
    longer = first | {"blocks": [*first["blocks"][:1] * 9, *first["blocks"]]}
    wider = {"blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": "Quarter"}] * 9]}]}
    grown = {"longer": longer, "wider": wider}
    async with gallery.serving(shown | grown) as address, chromium.started(executable) as browser:
        page = await browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
        await gallery.opened(page, f"{address}phone")
        assert await hidden(page, shown) == {}
        assert set(await hidden(page, grown)) == set(grown), "what is too large is found"
