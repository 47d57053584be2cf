"""A rush: clicks and forms that are acknowledged when they are written down, and done a few at a time."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.errors import TryLaterError
from bot.services.arrivals import Arrival, arrive
from bot.services.ports import Received
from bot.services.receipts import Receipts
from bot.views.ids import ONE_TAP
from handlers.complete_forms import is_complete
from handlers.identity import identity

log = logging.getLogger(__name__)

AT_ONCE = 4
"""How many are done at the same time: PostgreSQL has more cores than this process."""
PAUSES = (0.0, 1.0, 5.0)
"""Seconds before each try of what fails for a reason of ours."""
LEFT_BEHIND = timedelta(seconds=30)
"""After so long another process does what the one that wrote it down hasn't: it may have been killed."""
NEEDED = ("type", "team", "enterprise", "is_enterprise_install", "api_app_id", "container", "channel")
NEEDED_OF_FORM = ("id", "hash", "type", "callback_id", "private_metadata", "state")
"""What somebody typed is kept until it is done and no longer."""
OK = 200


class Rush:
    """Takes clicks and forms while many are under way, and works them off in the order in which each person sent them.

    Whoever pressed a button of ``ONE_TAP``, or sent a form that is complete, sees what came of it in the message that
    is then rewritten, so the receipt need not wait for that. A refusal comes as a message too. What opens a form is
    never taken, nor a form whose faults only the database shows: its receipt carries them.
    """

    def __init__(self, app: AsyncApp, receipts: Receipts, *, wake: Callable[[], None]) -> None:
        self._app = app
        self._receipts = receipts
        self._wake = wake
        self.pauses = PAUSES
        self._waiting: deque[Received] = deque()
        self._keys: set[str] = set()
        self._turn = asyncio.Lock()
        self._woken = asyncio.Event()

    def takes(self, body: Mapping[str, Any]) -> Received | None:
        """Return what is to be written down instead of done at once; None where it is to be done at once.

        Behind others that wait it waits too: a person's clicks stay in their order.
        """
        if not (self._waiting or self._receipts.is_crowded()):
            return None
        key, said = identity(dict(body)), _says_it_all(body)
        if key is None or said is None:
            return None
        user = {"id": body["user"]["id"], "team_id": body["user"].get("team_id")}
        needed = {name: body[name] for name in NEEDED if name in body} | {"user": user} | said
        return self._receipts.received(key, needed) if _can_be_kept(needed) else None

    async def receive(self, one: Received) -> None:
        """Return when it is committed that it came: then it may be acknowledged."""
        if await self._receipts.write_down(one):
            self._add(one)

    async def catch_up(self, body: Mapping[str, Any]) -> None:
        """Before a form that is done at once, do what its person sent before it, so that the last word stays the last.

        Whoever works off the others finds it done then, as what another process did.
        """
        if body.get("type") == "view_submission":
            for one in [one for one in self._waiting if one.body["user"]["id"] == body["user"]["id"]]:
                await asyncio.create_task(self._do(one))  # what it works on is the task's

    async def work_off(self) -> int:
        """Do all that waits; returns how many that were."""
        done = 0
        async with self._turn:
            while wave := self._wave():
                async with (
                    asyncio.TaskGroup() as group
                ):  # each in a task of its own, for what it works on is the task's
                    for one in wave:
                        group.create_task(self._do(one))
                for _ in wave:
                    self._keys.discard(self._waiting.popleft().key)
                done += len(wave)
        return done

    async def run(self, stop: asyncio.Event) -> None:
        """Work off what comes, and what a killed process left behind, until ``stop``; then what is still there."""
        watch = asyncio.create_task(self._wake_at(stop))
        age = timedelta()
        try:
            while not stop.is_set():
                self._woken.clear()
                for one in await self._receipts.waiting(age):
                    self._add(one)
                age = LEFT_BEHIND
                if not await self.work_off():
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LEFT_BEHIND.total_seconds()):
                            await self._woken.wait()
            await self.work_off()
        finally:
            watch.cancel()

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._woken.set()

    def _wave(self) -> list[Received]:
        """Return those at the front of the queue that may be done at the same time: of each person one."""
        wave: dict[str, Received] = {}
        for one in islice(self._waiting, AT_ONCE):
            if one.body["user"]["id"] in wave:
                break
            wave[one.body["user"]["id"]] = one
        return list(wave.values())

    def _add(self, one: Received) -> None:
        if one.key not in self._keys:
            self._keys.add(one.key)
            self._waiting.append(one)
            self._woken.set()

    async def _do(self, one: Received) -> None:
        """Hand it to its listener as if it came just now; what is refused or fails for good, its person is told."""
        for pause in self.pauses:
            await asyncio.sleep(pause)
            arrival = Arrival(one.key, committed=self._wake, written_down=True)
            arrive(arrival)
            response = await self._app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=one.body))
            if arrival.refused is not None and not isinstance(arrival.refused, TryLaterError):
                await self._receipts.refuse(one, one.body["user"]["id"], arrival.refused)
                self._wake()
                return
            if response.status == OK and arrival.refused is None:
                if not arrival.counted:
                    await self._receipts.end(one)
                return
        if arrival.refused is not None:  # it didn't mend itself, and its own sentence says when it will
            await self._receipts.refuse(one, one.body["user"]["id"], arrival.refused)
            self._wake()
            return
        reference = secrets.token_hex(4)
        log.error("rush.given_up", extra={"key": one.key, "reference": reference})
        await self._receipts.give_up(one, one.body["user"]["id"], reference)
        self._wake()


def _says_it_all(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what has to be kept of a click or form that may be acknowledged before it is done; None for any other."""
    if body.get("type") == "view_submission":
        form = body["view"]
        return {"view": {name: form[name] for name in NEEDED_OF_FORM if name in form}} if is_complete(form) else None
    actions: Sequence[Mapping[str, Any]] = body.get("actions") or ({},)
    says_it_all = len(actions) == 1 and actions[0].get("action_id") in ONE_TAP
    return {"actions": actions} if says_it_all else None


def _can_be_kept(body: dict[str, Any]) -> bool:
    """Whether every database takes it: what doesn't, and Slack never sends, would fail all that is written with it."""
    written = json.dumps(body, ensure_ascii=False)
    halves_of_characters = re.search("[\ud800-\udfff]", written)
    return halves_of_characters is None and "\\u0000" not in written
