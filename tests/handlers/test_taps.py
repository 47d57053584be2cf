"""How many times a person has to tap: the questions in under twelve, a choice in one, an approval in one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from world import MANAGER, REP, World, a_world, title

from bot.coaching.commitment import GoalState
from bot.sandbox.acts import Outcome
from bot.views.ids import ActionId

SECONDS_A_TAP, WORDS_A_SECOND = 3, 0.6
"""A slow thumb: three seconds to find and hit something, thirty-six words typed a minute."""


class Thumb:
    """Counts what a person does on a phone: every button, every field that is put the cursor into, every submit."""

    def __init__(self, world: World, user: str) -> None:
        self.world, self.user = world, user
        self.taps = 0
        self.words = 0

    async def press(self, message: dict[str, Any], action: ActionId) -> Outcome:
        self.taps += 1
        return await self.world.press(self.user, message, action)

    async def fill(self, typed: dict[str, str]) -> Outcome:
        """Type into the fields named and submit."""
        view = self.world.sandbox.open_view(self.user)
        assert view is not None
        values = {}
        for block in inputs(view):
            words = typed.get(block["block_id"], "")
            self.taps += bool(words)
            self.words += len(words.split())
            values[block["block_id"]] = {block["element"]["action_id"]: words}
        self.taps += 1
        outcome = await self.world.sandbox.submit(self.user, view["id"], values)
        await self.world.settle()
        return outcome

    @property
    def seconds(self) -> float:
        return self.taps * SECONDS_A_TAP + self.words / WORDS_A_SECOND


def inputs(view: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (block for block in view["blocks"] if block["type"] == "input")


async def test_the_questions_take_under_twelve_taps_and_five_minutes_with_every_field_answered(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.agree()
        await world.press(MANAGER, world.course(MANAGER), ActionId.MEETING_HELD)
        thumb = Thumb(world, REP)
        await thumb.press(await world.until(REP, ActionId.PROMPT_OPEN), ActionId.PROMPT_OPEN)
        view = world.sandbox.open_view(REP)
        assert view is not None
        sentence = (
            "The biggest one first: they still owe us the plan, and I will ask for it before Friday with two dates"
        )
        fields = {block["block_id"]: sentence for block in inputs(view)}
        assert len(fields) == 4, "three topics and the goals since last time"
        assert not (await thumb.fill(fields)).errors
        assert len((await world.meeting()).answers) == 4
        assert thumb.taps < 12
        assert thumb.seconds < 5 * 60


async def test_a_choice_takes_one_tap_and_an_approval_one(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        fork, _ = await world.to_forks()
        rep, manager = Thumb(world, REP), Thumb(world, MANAGER)
        await rep.press(fork, ActionId.FORK_YES)
        assert len(await world.goals(GoalState.ACCEPTED)) == 1
        await manager.press(world.course(MANAGER), ActionId.GOAL_APPROVE)
        assert len(await world.goals(GoalState.ACTIVE)) == 1
        assert (rep.taps, manager.taps) == (1, 1)
        assert all(world.sandbox.open_view(user) is None for user in (REP, MANAGER)), "nothing asks: are you sure?"


async def test_not_now_takes_three_taps_and_a_few_words(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        thumb = Thumb(world, REP)
        await thumb.press((await world.to_forks())[0], ActionId.FORK_NOT_NOW)
        assert title(world.sandbox.open_view(REP)) == "Not now"
        assert not (await thumb.fill({"reason": "Their buyer is away"})).errors
        assert thumb.taps == 3
        assert len(await world.goals(GoalState.DECLINED)) == 1
