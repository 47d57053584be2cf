"""How somebody presses, fills in and types until it is acknowledged, and keeps the receipt.

A receipt is what an acknowledged act must have brought about. It is looked up in the database the moment the
acknowledgement comes, and once more at the end.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from world import a_click, key_of

from bot.coaching.records import PersonId
from bot.sandbox.acts import Outcome
from bot.sandbox.refusals import NotThereError
from bot.sandbox.server import Sandbox
from bot.services.ports import Transaction
from bot.storage.store import Database
from bot.storage.tables import outbox
from bot.views.ids import ONE_TAP, ActionId, CallbackId
from handlers.complete_forms import COMPLETE

TRIES = 8
AT_ONCE = 4
"""So often each button is pressed at one instant in a rush, and once more."""

OPENS = frozenset({"views.open", "views.push"})
HEAD_START = 0.02
"""Seconds by which what keeps a process busy is ahead of what is to be written down."""

Check = Callable[[Transaction], Awaitable[bool]]
Act = Callable[[], Awaitable[Outcome]]
Json = dict[str, Any]
Typed = dict[str, Any]
Fill = Callable[[Json], Typed]
"""What somebody types into an input block of a form: by action_id; nothing leaves it as it is."""

Verify = Callable[[Json], Check | None]
"""What must hold once a form is acknowledged, from the form as it was in front of the person."""


def no_check(_: Json) -> None:
    """Nothing has to hold once this form is acknowledged: the next one opens."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was acknowledged, and the beginning of the key under which a rush wrote it down, if it did."""

    what: str
    holds: Check
    key: str

    async def is_kept(self, tx: Transaction) -> bool:
        """Whether it is written down or done. In this order: meanwhile the one may become the other."""
        waiting = await tx.inbox.waiting(datetime.max.replace(tzinfo=UTC))
        return any(self.key and one.key.startswith(self.key) for one in waiting) or await self.holds(tx)


@dataclass(slots=True)
class Hands:
    """What people do with what the sandbox shows them. ``lost`` names the acknowledged acts without an effect."""

    sandbox: Sandbox
    store: Database
    luck: random.Random
    persons: dict[str, PersonId]
    acts: Counter[str] = field(default_factory=Counter)
    rush: bool = False
    """Whether people press all there is to press at one instant, several times."""
    receipts: list[Receipt] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    meant: dict[str, object] = field(default_factory=dict)
    """What somebody wanted last of what can be said otherwise any time."""
    wanted: Callable[[str], int] = lambda _: 0
    """How many points of a sort of request are to be struck still."""
    _words: int = 0

    def choose(self, ways: dict[str, float]) -> str:
        """Return one of the ways, each as likely as its weight, and more so while it has points to be struck.

        A way is named by the requests it takes, with a + between them, and behind a > by those that others may then
        send because of it. In a rush only what may be written down is chosen, where there is any.
        """
        late = {way: weight for way, weight in ways.items() if any(map(is_deferred, way.partition(">")[0].split("+")))}
        ways = late if self.rush and late else ways
        return self.luck.choices(list(ways), [weight * self._urge(way) for way, weight in ways.items()])[0]

    def _urge(self, way: str) -> int:
        return 1 + 2 * self._wanted_of(way)

    def is_way_wanted(self, way: str) -> bool:
        """Whether one of the ways among which is chosen has points to be struck still."""
        return self._wanted_of(way) > 0

    def _wanted_of(self, way: str) -> int:
        taken, _, then = way.partition(">")
        of_it = sum(self.wanted(f"late.{one}" if self.rush else one) for one in taken.split("+"))
        return of_it + sum(self.wanted(one) + self.wanted(f"late.{one}") for one in then.split("+") if one)

    def is_wanted(self, request: str) -> bool:
        """Whether a request has points to be struck still: of being done at once, or in a rush of being done later."""
        return self.wanted(f"late.{request}" if self.rush else request) > 0

    def mean(self, about: str, holds: Check) -> Check:
        """Return a check that holds, too, once somebody wanted something else ``about`` the same."""
        mine = self.meant[about] = object()

        async def unless_changed(tx: Transaction) -> bool:
            return self.meant[about] is not mine or await holds(tx)

        return unless_changed

    def today(self, user: str) -> date:
        """Return somebody's own day."""
        return self.sandbox.clock.now().astimezone(ZoneInfo(self.sandbox.workspace.person(user).tz)).date()

    def new_words(self) -> str:
        self._words += 1
        return f"My words number {self._words}."

    def is_nervous(self) -> bool:
        """Whether a finger presses twice at the same moment."""
        return self.luck.random() < 0.25

    async def press(self, user: str, ts: str, action: ActionId, value: str, check: Check | None) -> None:
        """Press a button of a message until it is acknowledged; in a rush several times at once."""

        async def press() -> Outcome:
            channel = self.sandbox.workspace.person(user).channel
            self.sandbox.workspace.views.close_all(user)
            return await self.sandbox.click(user, channel, ts, action, value, even_if_gone=True)

        key = f"click:{user}:{ts}:{action}:"
        if action in ONE_TAP:
            fingers = AT_ONCE if self.rush else 2 if self.is_nervous() else 0
            async with self._busy(user, f"click.{action}"):
                await asyncio.gather(*(self._once(f"click {action}", press, check, user, key) for _ in range(fingers)))
        await self.until_acked(f"click {action}", press, check, user, key)

    async def press_as_shown_before(self, user: str, action: ActionId, value: str, check: Check | None) -> None:
        """Press a button of a home tab that has been on the screen for long, whether it still is there or not."""
        shown = a_click(self.sandbox, user, action, value)

        async def press() -> Outcome:
            self.sandbox.workspace.views.close_all(user)
            anew = a_click(self.sandbox, user, action, value)
            ack = await self.sandbox.courier.interact("interactive", anew | {"container": shown["container"]})
            return Outcome(ack.acked, ack.payload)

        key = f"click:{user}:{shown['container']['message_ts']}:{action}:"
        fingers = AT_ONCE if self.rush else 0
        async with self._busy(user, f"click.{action}"):
            await asyncio.gather(*(self._once(f"click {action}", press, check, user, key) for _ in range(fingers)))
        await self.until_acked(f"click {action}", press, check, user, key)

    async def fill(self, user: str, ts: str, action: ActionId, value: str, typed: Fill, check: Verify) -> None:
        """Open a form by a button of a message, fill it and submit until it is acknowledged, and each after it."""

        async def press() -> Outcome:
            channel = self.sandbox.workspace.person(user).channel
            return await self.sandbox.click(user, channel, ts, action, value, even_if_gone=True)

        await self.fill_what_opens(f"open {action}", user, press, typed, check)

    async def fill_from_home(self, user: str, action: ActionId, typed: Fill, check: Verify) -> None:
        """Do the same by a button of the person's home tab; nothing where it has none."""
        home = self.sandbox.home(user)
        found = [] if home is None else elements_of(home["blocks"], action)
        if home is None or not found:
            return
        view, button = home["id"], self.luck.choice(found)

        async def press() -> Outcome:
            return await self.sandbox.click_in_view(user, view, action, button.get("value"))

        await self.fill_what_opens(f"open {action}", user, press, typed, check)

    async def fill_what_opens(
        self,
        what: str,
        user: str,
        act: Callable[[], Awaitable[Outcome]],
        typed: Fill,
        check: Verify,
        *,
        under: str = "",
    ) -> None:
        """Do something that opens a form, over a modal ``under`` it or over none, and go through with it."""

        async def press() -> Outcome:
            self.sandbox.workspace.views.close_all(user)
            return await act()

        for _ in range(TRIES):
            if not await self.until_acked(what, press, None, user):
                return
            view = self.sandbox.open_view(user)
            if view is not None and view["callback_id"] != under:
                await self._go_through(user, typed, check)
                break  # else it was lost with the process; the person presses again
        self.sandbox.workspace.views.close_all(user)

    async def _go_through(self, user: str, typed: Fill, check: Verify) -> None:
        """Fill the form in front of somebody, and each that comes in its place."""
        for _ in range(TRIES):
            view = self.sandbox.open_view(user)
            if view is None or not view.get("submit") or not await self._submit(user, view, typed, check(view)):
                return

    async def _submit(self, user: str, view: Json, typed: Fill, check: Check | None) -> bool:
        """Submit a form until it is acknowledged; whether it was, and without a fault."""
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        values = {block["block_id"]: said for block in inputs if (said := typed(block))}
        faults: list[object] = []

        async def submit() -> Outcome:
            outcome = await self.sandbox.submit(user, view["id"], values)
            faults[:] = outcome.errors.values()
            return outcome

        callback, key = view["callback_id"], f"form:{view['id']}:"
        if self.rush and callback in COMPLETE:
            async with self._busy(user, f"form.{callback}"):
                await self._once(f"form {callback}", submit, check, user, key)
        return await self.until_acked(f"form {callback}", submit, check, user, key) and not faults

    @asynccontextmanager
    async def _busy(self, user: str, request: str) -> AsyncIterator[None]:
        """Keep the processes busy with the others' home tabs, so that what somebody sends now is written down.

        A form never comes twice at once, as a click in a rush does; a click that is to be struck when it is done later
        must not be done before.
        """
        if not self.rush or not (request.startswith("form.") or self.is_wanted(request)):
            yield
            return
        others = [one for one in self.persons if one != user]
        busy = asyncio.gather(*(self.sandbox.open_home(one) for one in others))
        await asyncio.sleep(HEAD_START)
        yield
        await busy

    async def until_acked(
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
            if not outcome.acked and outcome.sent:
                self.acts["not acknowledged"] += 1
                return False
            refused = bool(outcome.errors) or _refuses(what, self.sandbox.open_view(user) if user else None)
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
        if not kept and (self._refused_since(receipt.what, begun, user) or await self._is_told(receipt)):
            return False
        if not kept:
            self.lost.append(f"{receipt.what} ({receipt.key})")
        self.receipts.append(receipt)
        return True

    def _refused_since(self, what: str, begun: int, user: str) -> bool:
        """Whether the bot opened a form since then that says why something can't be done."""
        shown = (self.sandbox.journal[at] for at in range(begun, len(self.sandbox.journal)))
        opened = (one for one in shown if one.get("to") == user and one["method"] in OPENS)
        return any(_refuses(what, one["view"]) for one in opened)

    async def _is_told(self, receipt: Receipt) -> bool:
        """Whether what was written down is refused by now, in a message that is in the outbox with it."""
        if not receipt.key:
            return False
        refusal = select(outbox.c.id).where(outbox.c.key.startswith(f"refused:{receipt.key}", autoescape=True))
        async with self.store._begin() as connection:
            return (await connection.execute(refusal)).first() is not None

    async def check_receipts(self) -> None:
        """Look once more whether what was acknowledged holds, or its person was told why not."""
        async with self.store.transaction() as tx:
            for receipt in self.receipts:
                if await receipt.holds(tx):
                    continue
                if self._was_told(receipt):
                    self.acts["refused in a message"] += 1
                else:
                    self.lost.append(f"{receipt.what} ({receipt.key}), later")

    def _was_told(self, receipt: Receipt) -> bool:
        """Whether a rush told its person why it couldn't be done."""
        told = [key_of(message) for user in self.persons for message in self.sandbox.messages(user)]
        return bool(receipt.key) and any(key.startswith(f"refused:{receipt.key}") for key in told)


def is_deferred(request: str) -> bool:
    """Whether a request such as "click.fork_yes" may be written down in a rush, and done later."""
    sort, _, name = request.partition(".")
    return (sort == "click" and name in ONE_TAP) or (sort == "form" and name in COMPLETE)


def elements_of(blocks: list[Json], action: ActionId) -> list[Json]:
    """Return the elements with this action_id."""
    rows = [block.get("elements", ()) for block in blocks if block["type"] == "actions"]
    rows += [(block["accessory"],) for block in blocks if block.get("accessory")]
    return [element for row in rows for element in row if element.get("action_id") == action]


def options_of(block: Json) -> list[str]:
    """Return the values that a menu or radio buttons of an input block offer."""
    element = block["element"]
    groups = element.get("option_groups") or [element]
    return [option["value"] for group in groups for option in group.get("options", ())]


def _refuses(what: str, view: Json | None) -> bool:
    """Whether a modal says why something can't be done. A new goal is kept all the same when no place is free."""
    if view is None:
        return False
    full = view["callback_id"] == CallbackId.FORK_FULL
    new = what in {f"form {CallbackId.GOAL_SHAPE}", f"form {CallbackId.GOAL_NEAREST}"}
    return view["callback_id"] == CallbackId.PROBLEM or (full and not new)
