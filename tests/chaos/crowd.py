"""People who use the bot while it dies: they press what they see, press again when told it failed, and keep receipts.

A receipt is what an acknowledged act must have brought about. It is looked up in the database the moment the
acknowledgement comes, and once more at the end.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from world import buttons, key_of

from bot.coaching.commitment import GoalId, GoalState
from bot.coaching.meeting import MeetingId, MeetingState
from bot.coaching.records import DealId, PersonId
from bot.sandbox.acts import Outcome
from bot.sandbox.refusals import NotThereError
from bot.sandbox.server import Sandbox
from bot.services.ports import Transaction
from bot.storage.store import Database
from bot.storage.tables import outbox
from bot.views.ids import ONE_TAP, ActionId, BlockId, CallbackId, split_goal, split_report

TRIES = 6
MOST_DEALS = 3
"""Of so many deals of an agenda somebody records what the customer gave."""
OPENS = frozenset({"views.open", "views.push"})
AT_ONCE = 4
"""So often each button is pressed at one instant in a rush, and once more."""

Check = Callable[[Transaction], Awaitable[bool]]
Typed = dict[str, str]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was acknowledged, and the beginning of the key under which a rush wrote it down, if it did."""

    what: str
    holds: Check
    key: str

    async def is_kept(self, tx: Transaction) -> bool:
        """Whether it is written down or done. In this order: meanwhile the one may become the other."""
        waiting = await tx.inbox.waiting(datetime.max.replace(tzinfo=UTC))
        return any(one.key.startswith(self.key) for one in waiting) or await self.holds(tx)


@dataclass(slots=True)
class Crowd:
    """Everybody in the sandbox's workspace. ``lost`` names the acknowledged acts without an effect."""

    sandbox: Sandbox
    store: Database
    luck: random.Random
    persons: dict[str, PersonId]
    acts: Counter[str] = field(default_factory=Counter)
    rush: bool = False
    """Whether people press all there is to press at one instant, several times."""
    receipts: list[Receipt] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    _dealt_with: set[tuple[str, ActionId, str]] = field(default_factory=set)
    _words: int = 0

    async def act(self) -> int:
        """Let everybody do at once what there is to do; returns how many acts that was."""
        done = await asyncio.gather(*(self._one(user) for user in self.persons))
        return sum(done)

    async def check_receipts(self) -> None:
        async with self.store.transaction() as tx:
            for receipt in self.receipts:
                if await receipt.holds(tx):
                    continue
                if self._was_told(receipt):
                    self.acts["refused in a message"] += 1
                else:
                    self.lost.append(f"{receipt.what}, later")

    def _was_told(self, receipt: Receipt) -> bool:
        """Whether a rush told its person why it couldn't be done."""
        told = [key_of(message) for user in self.persons for message in self.sandbox.messages(user)]
        return any(key.startswith(f"refused:{receipt.key}") for key in told)

    async def _one(self, user: str) -> int:
        presses, forms = list[Awaitable[None]](), list[Awaitable[None]]()
        for message in list(self.sandbox.messages(user)):
            for action, deal in self._deals().items():
                for element in buttons(message, action):
                    place = (user, action, element["value"])
                    if place not in self._dealt_with:
                        self._dealt_with.add(place)
                        begun = deal(user, message["ts"], element["value"])
                        (presses if self.rush and action in ONE_TAP else forms).append(begun)
        await asyncio.gather(*presses)
        for form in forms:
            await form
        done = len(presses) + len(forms)
        if done and self.luck.random() < 0.1:
            await self._look_around(user)
        return done

    def _deals(self) -> dict[ActionId, Callable[[str, str, str], Awaitable[None]]]:
        return {
            ActionId.PROMPT_OPEN: self._answer,
            ActionId.FORK_YES: self._fork,
            ActionId.GOAL_APPROVE: self._approval,
            ActionId.REPORT_DONE: self._report,
            ActionId.MEETING_HELD: self._close,
            ActionId.PRE_READ_WHOLE: self._whole_agenda,
        }

    async def _look_around(self, user: str) -> None:
        if self.luck.random() < 0.5:
            await self._until_acked("home", lambda: self.sandbox.open_home(user), None)
        else:
            await self._until_acked("command", lambda: self.sandbox.command(user, "/goals"), None)

    async def _answer(self, user: str, ts: str, value: str) -> None:
        if self.luck.random() < 0.8:
            words, rep = self._new_words(), self.persons[user]
            await self._fill(
                user, ts, ActionId.PROMPT_OPEN, value, lambda _: {ActionId.TEXT: words}, _answered(rep, words)
            )

    async def _fork(self, user: str, ts: str, value: str) -> None:
        goal, version = split_goal(value)
        words, chance = self._new_words(), self._chance()
        if chance < 0.6:
            check = _goal_was(goal, version + 1, GoalState.ACCEPTED, "")
            await self._press(user, ts, ActionId.FORK_YES, value, check, twice=chance < 0.2)
        elif chance < 0.85:
            due = (self.sandbox.clock.now() + timedelta(days=5)).date().isoformat()
            typed = {
                BlockId.NUMBER: {ActionId.NUMBER: "2"},
                BlockId.DUE: {ActionId.DAY: due},
                BlockId.PLAN: {ActionId.TEXT: words},
            }
            check = _goal_was(goal, version + 1, GoalState.ACCEPTED, words)
            await self._fill(user, ts, ActionId.FORK_CHANGE, value, lambda block: typed[BlockId(block)], check)
        else:
            check = _goal_was(goal, version + 1, GoalState.DECLINED, words)
            await self._fill(user, ts, ActionId.FORK_NOT_NOW, value, lambda _: {ActionId.TEXT: words}, check)

    async def _approval(self, user: str, ts: str, value: str) -> None:
        goal, version = split_goal(value)
        words, chance = self._new_words(), self._chance()
        if chance < 0.75:
            check = _goal_was(goal, version + 1, GoalState.ACTIVE, "")
            await self._press(user, ts, ActionId.GOAL_APPROVE, value, check, twice=chance < 0.2)
        else:
            check = _goal_was(goal, version + 1, GoalState.SENT_BACK, words)
            await self._fill(user, ts, ActionId.GOAL_SEND_BACK, value, lambda _: {ActionId.TEXT: words}, check)

    async def _report(self, user: str, ts: str, value: str) -> None:
        goal, _, week = split_report(value)
        if any(place[1] is ActionId.REPORT_PARTLY and place[2] == f"{goal}:{week}" for place in self._dealt_with):
            return  # said something of this goal this week already; the last word would replace it
        self._dealt_with.add((user, ActionId.REPORT_PARTLY, f"{goal}:{week}"))
        chance = self._chance()

        async def reported(tx: Transaction, result: str) -> bool:
            return any(one.week == week and one.result == result for one in await tx.goals.reports(goal))

        if chance < 0.4:
            await self._press(user, ts, ActionId.REPORT_DONE, value, lambda tx: reported(tx, "done"), twice=False)
        elif chance < 0.6:
            check: Check = lambda tx: reported(tx, "partly")  # noqa: E731
            await self._fill(user, ts, ActionId.REPORT_PARTLY, value, lambda _: {ActionId.NUMBER: "1"}, check)
        elif chance < 0.9:
            await self._press(user, ts, ActionId.REPORT_NOT_YET, value, lambda tx: reported(tx, "not_yet"), twice=True)
        else:
            await self._press(
                user, ts, ActionId.REPORT_NOT_RELEVANT, value, lambda tx: reported(tx, "obsolete"), twice=False
            )

    async def _close(self, user: str, ts: str, value: str) -> None:
        meeting = MeetingId(value)
        words, chance = self._new_words(), self._chance()
        if chance < 0.6:
            check = _meeting_is(meeting, MeetingState.HELD, "")
            await self._press(user, ts, ActionId.MEETING_HELD, value, check, twice=chance < 0.2)
        elif chance < 0.8:
            check = _meeting_is(meeting, MeetingState.MOVED, words)
            await self._fill(user, ts, ActionId.MEETING_MOVE, value, self._first_slot(user, words), check)
        elif chance < 0.9:
            check = _meeting_is(meeting, MeetingState.EXCUSED, words)
            await self._fill(user, ts, ActionId.MEETING_EXCUSE, value, lambda _: {ActionId.TEXT: words}, check)

    async def _whole_agenda(self, user: str, ts: str, value: str) -> None:
        """Look at the whole agenda, and record there what the customers of its deals gave."""
        channel = self.sandbox.workspace.person(user).channel

        async def press() -> Outcome:
            self.sandbox.workspace.views.close_all(user)
            return await self.sandbox.click(user, channel, ts, ActionId.PRE_READ_WHOLE, value, even_if_gone=True)

        await self._until_acked(f"open {ActionId.PRE_READ_WHOLE}", press, None, user)
        shown = self.sandbox.open_view(user) or {}
        for deal in [element["value"] for element in buttons(shown, ActionId.EVIDENCE_RECORD)][:MOST_DEALS]:
            place = (user, ActionId.EVIDENCE_RECORD, deal)
            if place not in self._dealt_with:
                self._dealt_with.add(place)
                await self._evidence(user, ts, value, deal)

    async def _evidence(self, user: str, ts: str, agenda: str, deal: str) -> None:
        words, yesterday = self._new_words(), self.sandbox.clock.now().date() - timedelta(days=1)
        typed = {BlockId.GIVEN_BY: {ActionId.TEXT: words}, BlockId.GIVEN_ON: {ActionId.DAY: yesterday.isoformat()}}

        def fill(block: str) -> Typed:
            if block == BlockId.VERIFIER:
                return {ActionId.CHOICE: self._first_option(user, block)}
            return typed.get(BlockId(block), {})

        check = _recorded(DealId(deal), words)
        await self._fill(user, ts, ActionId.PRE_READ_WHOLE, agenda, fill, check, deal=deal)

    def _first_slot(self, user: str, words: str) -> Callable[[str], Typed]:
        def typed(block: str) -> Typed:
            if block != BlockId.SLOT:
                return {ActionId.TEXT: words}
            return {ActionId.SLOT: self._first_option(user, block)}

        return typed

    def _first_option(self, user: str, block: str) -> str:
        view = self.sandbox.open_view(user) or {"blocks": []}
        element = next(one["element"] for one in view["blocks"] if one.get("block_id") == block)
        value: str = element["options"][0]["value"]
        return value

    async def _press(self, user: str, ts: str, action: ActionId, value: str, check: Check, *, twice: bool) -> None:
        """Press a button until it is acknowledged, or twice at once as a nervous finger does."""

        async def press() -> Outcome:
            channel = self.sandbox.workspace.person(user).channel
            self.sandbox.workspace.views.close_all(user)
            return await self.sandbox.click(user, channel, ts, action, value, even_if_gone=True)

        key = f"click:{user}:{ts}:{action}:"
        fingers = AT_ONCE if self.rush else 2 if twice else 0
        await asyncio.gather(*(self._once(f"click {action}", press, check, user, key) for _ in range(fingers)))
        await self._until_acked(f"click {action}", press, check, user, key)

    async def _fill(
        self,
        user: str,
        ts: str,
        action: ActionId,
        value: str,
        typed: Callable[[str], Typed],
        check: Check,
        *,
        deal: str = "",
    ) -> None:
        """Open a form, over a whole agenda that of a ``deal``, fill it and submit until it is acknowledged."""

        async def press() -> Outcome:
            channel = self.sandbox.workspace.person(user).channel
            self.sandbox.workspace.views.close_all(user)
            outcome = await self.sandbox.click(user, channel, ts, action, value, even_if_gone=True)
            under = self.sandbox.open_view(user)
            if not deal or not outcome.acked or under is None:
                return outcome
            return await self.sandbox.click_in_view(user, under["id"], ActionId.EVIDENCE_RECORD, deal)

        for _ in range(TRIES):
            if not await self._until_acked(f"open {action}", press, None, user):
                return
            view = self.sandbox.open_view(user)
            if view is None or view["callback_id"] == CallbackId.PRE_READ_WHOLE:  # it was lost: press again
                continue
            if not view.get("submit"):
                break
            inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
            values = {block: typed(block) for block in inputs if typed(block)}

            async def submit(view: dict[str, Any] = view, values: dict[str, Typed] = values) -> Outcome:
                return await self.sandbox.submit(user, view["id"], values)

            key = f"form:{view['id']}:"
            await self._until_acked(f"form {view['callback_id']}", submit, check, user, key)
            break
        self.sandbox.workspace.views.close_all(user)

    async def _until_acked(
        self, what: str, act: Callable[[], Awaitable[Outcome]], check: Check | None, user: str = "", key: str = ""
    ) -> bool:
        for _ in range(TRIES):
            with suppress(TimeoutError):
                await self.sandbox.socket.until_connected()
            if await self._once(what, act, check, user, key):
                return True
        self.acts["given up"] += 1
        return False

    async def _once(
        self, what: str, act: Callable[[], Awaitable[Outcome]], check: Check | None, user: str, key: str
    ) -> bool:
        """Do it, and when it was acknowledged and not refused, look at once whether it is in the database."""
        with suppress(NotThereError):
            begun = len(self.sandbox.journal)
            outcome = await act()
            if not outcome.acked:
                self.acts["not acknowledged"] += 1
                return False
            refused = bool(outcome.errors) or _refuses(self.sandbox.open_view(user) if user else None)
            if check is not None and not refused:
                refused = not await self._keep(Receipt(what, check, key), user, begun)
            self.acts["refused with a reason" if refused else "acknowledged"] += 1
        return True

    async def _keep(self, receipt: Receipt, user: str, begun: int) -> bool:
        """Return False where nothing is kept because it was refused: in a form, since ``begun``, or in a message.

        In a rush the form may be gone by now: another finger closed it.
        """
        async with self.store.transaction() as tx:
            kept = await receipt.is_kept(tx)
        if not kept and (self._refused_since(begun, user) or await self._is_told(receipt)):
            return False
        if not kept:
            self.lost.append(f"{receipt.what} ({receipt.key})")
        self.receipts.append(receipt)
        return True

    def _refused_since(self, begun: int, user: str) -> bool:
        """Whether the bot opened a form since then that says why something can't be done."""
        shown = (self.sandbox.journal[at] for at in range(begun, len(self.sandbox.journal)))
        return any(one.get("to") == user and one["method"] in OPENS and _refuses(one["view"]) for one in shown)

    async def _is_told(self, receipt: Receipt) -> bool:
        """Whether what was written down is refused by now, in a message that is in the outbox with it."""
        refusal = select(outbox.c.id).where(outbox.c.key.startswith(f"refused:{receipt.key}", autoescape=True))
        async with self.store._begin() as connection:
            return (await connection.execute(refusal)).first() is not None

    def _chance(self) -> float:
        """Return a number from 0 to 1 that decides what somebody does; in a rush what is said with one tap."""
        return 0.0 if self.rush else self.luck.random()

    def _new_words(self) -> str:
        self._words += 1
        return f"My words number {self._words}."


def _refuses(view: dict[str, Any] | None) -> bool:
    """Whether a modal says why something can't be done, or not yet."""
    if view is None or view["callback_id"] in {CallbackId.EVIDENCE_DONE, CallbackId.PRE_READ_WHOLE}:
        return False
    return not view.get("submit") or view["callback_id"] == CallbackId.FORK_FULL


def _goal_was(goal: GoalId, version: int, state: GoalState, words: str) -> Check:
    async def holds(tx: Transaction) -> bool:
        return any(
            one.version == version and one.state is state and words in f"{one.words} {one.terms.plan}"
            for one in await tx.goals.history(goal)
        )

    return holds


def _meeting_is(meeting: MeetingId, state: MeetingState, words: str) -> Check:
    async def holds(tx: Transaction) -> bool:
        found = await tx.meetings.get(meeting)
        return found is not None and found.state is state and words in found.closing_words

    return holds


def _answered(rep: PersonId, words: str) -> Check:
    async def holds(tx: Transaction) -> bool:
        meetings = await tx.meetings.of_rep(rep)
        return any(said == words for meeting in meetings for _, said in meeting.answers)

    return holds


def _recorded(deal: DealId, words: str) -> Check:
    async def holds(tx: Transaction) -> bool:
        return any(given.given_by == words for given in await tx.evidence.of_deal(deal))

    return holds
