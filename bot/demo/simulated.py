"""People who answer the bot by themselves, for playing weeks in minutes.

Most do what is asked. Some change a goal, say not now, don't answer, or click twice; one manager forgets to close.
They see only what Slack shows them: messages with buttons, and modals.
"""

from __future__ import annotations

import heapq
import itertools
import random
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from bot.sandbox.people import SandboxPerson
from bot.sandbox.refusals import NotThereError
from bot.sandbox.server import Sandbox
from bot.views.ids import ActionId, BlockId

Act = Callable[[], Awaitable[None]]
Typed = dict[str, str]
"""What is typed into one input, by its action."""


ACTED_ON = frozenset(
    {
        ActionId.PROMPT_OPEN,
        ActionId.FORK_YES,
        ActionId.GOAL_APPROVE,
        ActionId.REPORT_DONE,
        ActionId.MEETING_HELD,
    }
)
"""One button of each set says that it is there to be answered."""


IDS = re.compile(r"\b[mgk]?[0-9a-f]{12}\b")
"""Our ids in a text: they are others in each play."""


@dataclass(frozen=True, slots=True)
class Temper:
    """How a person tends to act, as shares of the times they are asked."""

    answers: float
    says_yes: float
    changes: float
    clicks_twice: bool
    forgets_to_close: bool


@dataclass(slots=True)
class Simulated:
    """Plans acts as messages arrive; ``due`` says when the next is, ``act`` does all that are due."""

    sandbox: Sandbox
    people: dict[str, SandboxPerson]
    forgetful: str
    seed: int = 1
    acts: int = 0
    _agenda: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _seen: set[tuple[str, str, str]] = field(default_factory=set)
    _order: Any = field(default_factory=itertools.count)

    def watch(self) -> None:
        self.sandbox.journal.subscribe(self._read)

    @property
    def due(self) -> datetime | None:
        return self._agenda[0][0] if self._agenda else None

    async def act(self) -> None:
        """Do everything that is due by the sandbox's clock."""
        while self._agenda and self._agenda[0][0] <= self.sandbox.clock.now():
            _, _, act = heapq.heappop(self._agenda)
            await act()
            self.acts += 1

    def _read(self, entry: dict[str, Any]) -> None:
        """Look at a message as its reader would, and plan what to do about each set of buttons."""
        if entry.get("method") not in ("chat.postMessage", "chat.update"):
            return
        about = IDS.sub("", str(entry.get("text", "")).partition("\n")[0])
        for place, button in enumerate(_buttons(entry.get("blocks") or ())):
            asked_again = entry["ts"] if button["action_id"] == ActionId.GOAL_APPROVE else ""  # after the 1:1 itself
            key = (entry["to"], button["action_id"] + asked_again, button.get("value", ""))
            if key not in self._seen:
                self._seen.add(key)
                luck = self._luck_of(entry["to"], button["action_id"], f"{place} {about}")
                self._consider(entry["to"], entry["ts"], ActionId(button["action_id"]), button.get("value", ""), luck)

    def _consider(self, user: str, ts: str, action: ActionId, value: str, luck: random.Random) -> None:
        if action not in ACTED_ON:
            return
        temper = self._temper(user)
        click = _Button(self.sandbox, self.people[user], ts, value)
        if luck.random() > temper.answers:
            return
        match action:
            case ActionId.PROMPT_OPEN:
                if "answered" not in self._notes(user, value):
                    self._later(luck.uniform(1, 8) * 60, lambda: self._answer_questions(click))
            case ActionId.FORK_YES:
                self._later(luck.uniform(8, 25), self._fork(click, luck.random(), temper))
            case ActionId.GOAL_APPROVE:
                # In the 1:1 itself, or later: then its buttons are gone, and the manager is asked once more.
                self._later(luck.uniform(5, 60), self._approval(click, luck.random()))
            case ActionId.REPORT_DONE:
                self._later(luck.uniform(5, 300), self._report(click, luck.random()))
            case ActionId.MEETING_HELD:
                if temper.forgets_to_close and (user, "forgot", "") not in self._seen:
                    self._seen.add((user, "forgot", ""))
                else:
                    self._later(luck.uniform(31, 45), self._close(click, luck.random()))

    def _notes(self, user: str, value: str) -> set[str]:
        mark = (user, "answered", value)
        known = {"answered"} if mark in self._seen else set[str]()
        self._seen.add(mark)
        return known

    async def _answer_questions(self, click: _Button) -> None:
        words = {
            BlockId.ANSWER_WIN: "The biggest one first: what would make them move?",
            BlockId.ANSWER_BALANCE: "Two starts a week feels right.",
            BlockId.ANSWER_ASPIRATION: "A better year than the last one & time for my family.",
            BlockId.ANSWER_GOALS: "Going well.",
        }
        await click.fill(ActionId.PROMPT_OPEN, lambda block: {ActionId.TEXT: words[BlockId(block)]})

    def _fork(self, click: _Button, chance: float, temper: Temper) -> Act:
        async def answer() -> None:
            if chance < temper.says_yes:
                await click.press(ActionId.FORK_YES)
                if temper.clicks_twice:
                    await click.press(ActionId.FORK_YES, again=True)
            elif chance < temper.says_yes + temper.changes:
                due = (self.sandbox.clock.now() + timedelta(days=6)).date()
                await click.fill(ActionId.FORK_CHANGE, lambda block: _changed(block, due))
            else:
                reason: Typed = {ActionId.TEXT: "Quarter end first; I'd rather look at it next time."}
                await click.fill(ActionId.FORK_NOT_NOW, lambda _: reason)

        return answer

    def _approval(self, click: _Button, chance: float) -> Act:
        async def answer() -> None:
            if chance < 0.9:  # noqa: PLR2004 - a share of the times
                await click.press(ActionId.GOAL_APPROVE)
            else:
                words: Typed = {ActionId.TEXT: "Yes, and who at the customer will you ask? Add it to the plan."}
                await click.fill(ActionId.GOAL_SEND_BACK, lambda _: words)

        return answer

    def _report(self, click: _Button, chance: float) -> Act:
        async def answer() -> None:
            if chance < 0.45:  # noqa: PLR2004 - a share of the times
                await click.press(ActionId.REPORT_DONE)
            elif chance < 0.7:  # noqa: PLR2004
                await click.fill(ActionId.REPORT_PARTLY, lambda _: {ActionId.NUMBER: "1"})
            elif chance < 0.95:  # noqa: PLR2004
                await click.press(ActionId.REPORT_NOT_YET)
            else:
                await click.press(ActionId.REPORT_NOT_RELEVANT)

        return answer

    def _close(self, click: _Button, chance: float) -> Act:
        async def answer() -> None:
            if chance < 0.75:  # noqa: PLR2004 - a share of the times
                await click.press(ActionId.MEETING_HELD)
            elif chance < 0.92:  # noqa: PLR2004
                await click.fill(ActionId.MEETING_MOVE, click.first_slot)
            else:
                ill: Typed = {ActionId.TEXT: "Ill today; we agreed to skip this one."}
                await click.fill(ActionId.MEETING_EXCUSE, lambda _: ill)

        return answer

    def _later(self, minutes: float, act: Act) -> None:
        when = self.sandbox.clock.now() + timedelta(minutes=minutes)
        heapq.heappush(self._agenda, (when, next(self._order), act))

    def _luck_of(self, user: str, action: str, about: str) -> random.Random:
        """Return the luck of one thing asked on one day: which of two comes first, the network decides."""
        today = self.sandbox.clock.now().date()
        return random.Random(f"{self.seed}:{today}:{user}:{action}:{about}")  # noqa: S311 - luck, not secrets

    def _temper(self, user: str) -> Temper:
        kind = int(user[1:]) % 7
        return Temper(
            answers=0.3 if kind == 3 else 0.95,  # noqa: PLR2004 - every seventh seldom answers
            says_yes=0.7,
            changes=0.15,
            clicks_twice=kind == 5,  # noqa: PLR2004
            forgets_to_close=user == self.forgetful,
        )


@dataclass(frozen=True, slots=True)
class _Button:
    """One row of buttons under a message, as seen by its reader."""

    sandbox: Sandbox
    person: SandboxPerson
    ts: str
    value: str

    async def press(self, action: ActionId, *, again: bool = False) -> None:
        """Press; a button that was rewritten away meanwhile is no longer there to press.

        ``again`` is the second click of a nervous finger, which was under way before the message changed.
        """
        with suppress(NotThereError):
            person = self.person
            await self.sandbox.click(person.id, person.channel, self.ts, action, self.value, even_if_gone=again)

    async def fill(self, action: ActionId, value_for: Callable[[str], Typed]) -> None:
        """Press a button that opens a modal, fill each input of it and submit."""
        await self.press(action)
        view = self.sandbox.open_view(self.person.id)
        if view is None or not view.get("submit"):
            if view is not None:
                await self.sandbox.close_view(self.person.id, view["id"])
            return
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        values = {block["block_id"]: value_for(block["block_id"]) for block in inputs}
        if (await self.sandbox.submit(self.person.id, view["id"], values)).errors:
            await self.sandbox.close_view(self.person.id, view["id"])

    def first_slot(self, block: str) -> Typed:
        if block != BlockId.SLOT:
            return {ActionId.TEXT: "A customer visit came in between."}
        view = self.sandbox.open_view(self.person.id) or {"blocks": []}
        element = next(b["element"] for b in view["blocks"] if b.get("block_id") == block)
        return {ActionId.SLOT: element["options"][0]["value"]}


def _changed(block: str, due: date) -> Typed:
    if block == BlockId.NUMBER:
        return {ActionId.NUMBER: "1"}
    if block == BlockId.DUE:
        return {ActionId.DAY: due.isoformat()}
    return {ActionId.TEXT: "Tuesday at ten, at my desk, before I open my mail."}


def _buttons(blocks: Any) -> list[dict[str, Any]]:
    rows = [block.get("elements", ()) for block in blocks if block.get("type") == "actions"]
    rows += [(block["accessory"],) for block in blocks if block.get("accessory")]
    return [element for row in rows for element in row if element.get("type") == "button" and "action_id" in element]
