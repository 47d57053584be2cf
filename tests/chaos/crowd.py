"""People who use the bot while it dies: they answer the messages they see, and press again when told it failed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

import checks
from hands import Check, Fill, Hands, Json, Typed, elements_of, is_deferred, no_check, options_of

from bot.coaching.commitment import GoalId, GoalState
from bot.coaching.meeting import MeetingId, MeetingState
from bot.coaching.records import DealId
from bot.sandbox.acts import Outcome
from bot.services.ports.invitations import InvitationState
from bot.views.ids import (
    ONE_TAP,
    ActionId,
    BlockId,
    CallbackId,
    split_counted,
    split_goal,
    split_invitation,
    split_leave,
    split_report,
    split_swap,
)

LATER = {
    ActionId.PROMPT_OPEN: CallbackId.PROMPT_ANSWERS,
    ActionId.FORK_NOT_NOW: CallbackId.FORK_DECLINE,
    ActionId.GOAL_SEND_BACK: CallbackId.SEND_BACK,
    ActionId.REPORT_PARTLY: CallbackId.REPORT_NUMBER,
    ActionId.MEETING_EXCUSE: CallbackId.MEETING_EXCUSE,
}
"""The forms that may be done later, by the buttons that open them."""

MOST_DEALS = 3
"""Of so many deals of an agenda somebody records what the customer gave."""

CALLED_OFF, SELDOM_CALLED_OFF = 0.3, 0.05
"""So often a 1:1 is moved or left out before it begins: while that has points to be struck, and else."""

Deed = Callable[[], Awaitable[None]]
Deal = Callable[[str, Json, str], tuple[str, Deed] | None]
"""What somebody does with a message that has a button of some value: the request it ends in, and doing it."""


@dataclass(slots=True)
class Crowd:
    """Everybody who is written to."""

    hands: Hands
    _dealt_with: set[tuple[str, ActionId, str]] = field(default_factory=set)
    _reported: set[tuple[GoalId, date]] = field(default_factory=set)
    """Goals and weeks of which something was said in answer to the week's message."""

    def asked(self) -> frozenset[str]:
        """Return what may be written down in a rush of all that somebody is asked and hasn't dealt with."""
        found = set[str]()
        for user in self.hands.persons:
            for message in self.hands.sandbox.messages(user, with_ephemeral=True):
                blocks = message.get("blocks", [])
                if any(self._is_new(user, message, action, one) for action, one in self._elements(blocks)):
                    found |= _deferred(blocks)
        return frozenset(found)

    async def act(self) -> int:
        """Let everybody do at once what there is to do; returns how many acts that was."""
        done = await asyncio.gather(*(self._one(user) for user in self.hands.persons))
        return sum(done)

    async def _one(self, user: str) -> int:
        """Do what the messages ask for: in a rush all that one tap says at the same instant, and then the rest."""
        taps, others = list[Deed](), list[Deed]()
        for message in list(self.hands.sandbox.messages(user, with_ephemeral=True)):
            for action, element in self._elements(message.get("blocks", [])):
                if self._is_new(user, message, action, element):
                    self._dealt_with.add(self._place(user, message, action, element))
                    way = self._deals()[action](user, message, element.get("value", ""))
                    if way is not None:
                        is_tap = self.hands.rush and is_deferred(way[0]) and way[0].startswith("click.")
                        (taps if is_tap else others).append(way[1])
        await asyncio.gather(*(tap() for tap in taps))
        for deed in others:
            await deed()
        return len(taps) + len(others)

    def _elements(self, blocks: list[Json]) -> list[tuple[ActionId, Json]]:
        """Return what of a message somebody deals with, in the order in which they do."""
        return [(action, element) for action in self._deals() for element in elements_of(blocks, action)]

    def _is_new(self, user: str, message: Json, action: ActionId, element: Json) -> bool:
        return self._place(user, message, action, element) not in self._dealt_with

    def _place(self, user: str, message: Json, action: ActionId, element: Json) -> tuple[str, ActionId, str]:
        return user, action, self._subject(user, message, action, element.get("value", ""))

    def _subject(self, user: str, message: Json, action: ActionId, value: str) -> str:
        """Return what somebody does once: on each day try to start the 1:1, look at each answer, else at each value."""
        if action is ActionId.MEETING_START:
            return f"{value} {self.hands.today(user)}"
        return f"{value} {message['ts']}" if action in {ActionId.PIPELINE_HOW, ActionId.FIRST_DAY_SOURCE} else value

    def _deals(self) -> dict[ActionId, Deal]:
        return {
            ActionId.PROMPT_OPEN: self._answer,
            ActionId.PRE_READ_HOW: partial(self._look, ActionId.PRE_READ_HOW, 0.1),
            ActionId.DIGEST_WHOLE: partial(self._look, ActionId.DIGEST_WHOLE, 0.5),
            ActionId.PIPELINE_HOW: partial(self._look, ActionId.PIPELINE_HOW, 1.0),
            ActionId.MEETING_START: self._start,
            ActionId.FORK_YES: self._fork,
            ActionId.GOAL_APPROVE: self._approval,
            ActionId.REPORT_DONE: self._report,
            ActionId.MEETING_HELD: self._close,
            ActionId.MEETING_EXCUSE: self._call_off,
            ActionId.PRE_READ_WHOLE: self._whole_agenda,
            ActionId.AWAY_CONFIRM: self._confirm_leave,
            ActionId.AWAY_WITHDRAW: self._withdraw_leave,
            ActionId.INVITATION_LATER: self._invitation,
            ActionId.INVITATION_WHY: partial(self._look, ActionId.INVITATION_WHY, 0.5),
            ActionId.FIRST_DAY_SOURCE: partial(self._look, ActionId.FIRST_DAY_SOURCE, 1.0),
        }

    def _look(self, action: ActionId, share: float, user: str, message: Json, value: str) -> tuple[str, Deed] | None:
        """Open what only shows something, so often."""
        if self.hands.luck.random() > share and not self.hands.wanted(f"click.{action}"):
            return None
        return f"click.{action}", lambda: self.hands.fill(user, message["ts"], action, value, lambda _: {}, no_check)

    def _answer(self, user: str, message: Json, value: str) -> tuple[str, Deed] | None:
        if self.hands.luck.random() > 0.8:
            return None
        words = self.hands.new_words()
        check = checks.answered(self.hands.persons[user], words)
        return self._form(user, message, ActionId.PROMPT_OPEN, value, CallbackId.PROMPT_ANSWERS, _words(words), check)

    def _start(self, user: str, message: Json, value: str) -> tuple[str, Deed] | None:
        """Now and then begin ahead of time, which is refused before its day."""
        if self.hands.luck.random() > 0.2 and not self.hands.is_wanted(f"click.{ActionId.MEETING_START}"):
            return None
        return self._tap(user, message, ActionId.MEETING_START, value, checks.meeting_began(MeetingId(value)))

    def _fork(self, user: str, message: Json, value: str) -> tuple[str, Deed] | None:
        goal, version = split_goal(value)
        words = self.hands.new_words()
        match self.hands.choose({"click.fork_yes": 0.6, "form.fork_change": 0.25, "form.fork_decline": 0.15}):
            case "click.fork_yes":
                check = checks.goal_was(goal, version + 1, GoalState.ACCEPTED, "")
                return self._tap(user, message, ActionId.FORK_YES, value, check)
            case "form.fork_change":
                due = (self.hands.sandbox.clock.now() + timedelta(days=5)).date().isoformat()
                typed: dict[str, Typed] = {
                    BlockId.NUMBER: {ActionId.NUMBER: "2"},
                    BlockId.DUE: {ActionId.DAY: due},
                    BlockId.PLAN: {ActionId.TEXT: words},
                }
                check = checks.goal_was(goal, version + 1, GoalState.ACCEPTED, words)
                fill: Fill = lambda block: typed[block["block_id"]]  # noqa: E731
                return self._form(user, message, ActionId.FORK_CHANGE, value, CallbackId.FORK_CHANGE, fill, check)
        check = checks.goal_was(goal, version + 1, GoalState.DECLINED, words)
        return self._form(user, message, ActionId.FORK_NOT_NOW, value, CallbackId.FORK_DECLINE, _words(words), check)

    def _approval(self, user: str, message: Json, value: str) -> tuple[str, Deed] | None:
        goal, version = split_goal(value)
        if self.hands.choose({"click.goal_approve": 0.75, "form.send_back": 0.25}) == "click.goal_approve":
            check = checks.goal_was(goal, version + 1, GoalState.ACTIVE, "")
            return self._tap(user, message, ActionId.GOAL_APPROVE, value, check)
        words = self.hands.new_words()
        check = checks.goal_was(goal, version + 1, GoalState.SENT_BACK, words)
        return self._form(user, message, ActionId.GOAL_SEND_BACK, value, CallbackId.SEND_BACK, _words(words), check)

    def _report(self, user: str, message: Json, value: str) -> tuple[str, Deed] | None:
        goal, _, week = split_report(value)
        if (goal, week) in self._reported:
            return None
        self._reported.add((goal, week))
        of = report_of(goal, week)
        ways = {
            "click.report_done": 0.4,
            "form.report_number": 0.2,
            "click.report_not_yet": 0.3,
            "click.report_not_relevant": 0.1,
        }
        counted = [one["value"] for one in elements_of(message["blocks"], ActionId.REPORT_COUNTED)]
        right = next((one for one in counted if one.startswith(f"{value}:")), None)
        if right is not None:
            ways["click.report_counted"] = 0.5
        match self.hands.choose(ways):
            case "form.report_number":
                check = self.hands.mean(of, checks.reported(goal, week, "partly"))
                fill: Fill = lambda _: {ActionId.NUMBER: "1"}  # noqa: E731
                return self._form(user, message, ActionId.REPORT_PARTLY, value, CallbackId.REPORT_NUMBER, fill, check)
            case "click.report_counted" if right is not None:
                check = self.hands.mean(of, _confirmed(right))
                return self._tap(user, message, ActionId.REPORT_COUNTED, right, check)
            case way:
                action = ActionId(way.removeprefix("click."))
                result = {ActionId.REPORT_DONE: "done", ActionId.REPORT_NOT_YET: "not_yet"}.get(action, "obsolete")
                check = self.hands.mean(of, checks.reported(goal, week, result))
                return self._tap(user, message, action, value, check)

    def _close(self, user: str, message: Json, value: str) -> tuple[str, Deed] | None:
        meeting, words = MeetingId(value), self.hands.new_words()
        if self.hands.luck.random() < 0.1 and not self.hands.rush:
            return None
        match self.hands.choose({"click.meeting_held": 0.65, "form.meeting_move": 0.2, "form.meeting_excuse": 0.15}):
            case "click.meeting_held":
                check = checks.meeting_is(meeting, MeetingState.HELD, "")
                return self._tap(user, message, ActionId.MEETING_HELD, value, check)
            case "form.meeting_move":
                return self._move(user, message, meeting, words)
        return self._leave_out(user, message, meeting, words)

    def _call_off(self, user: str, message: Json, value: str) -> tuple[str, Deed] | None:
        """Leave out or move a 1:1 before it begins; who waits until it is over, does it where it is closed."""
        ways = {"form.meeting_move": 0.3, "form.meeting_excuse": 0.7}
        share = CALLED_OFF if any(map(self.hands.is_wanted, ways)) else SELDOM_CALLED_OFF
        if elements_of(message["blocks"], ActionId.MEETING_HELD) or self.hands.luck.random() > share:
            return None
        meeting, words = MeetingId(value), self.hands.new_words()
        if self.hands.choose(ways) == "form.meeting_move":
            return self._move(user, message, meeting, words)
        return self._leave_out(user, message, meeting, words)

    def _move(self, user: str, message: Json, meeting: MeetingId, words: str) -> tuple[str, Deed]:
        check = checks.meeting_is(meeting, MeetingState.MOVED, words)
        return self._form(
            user, message, ActionId.MEETING_MOVE, meeting, CallbackId.MEETING_MOVE, _first_slot(words), check
        )

    def _leave_out(self, user: str, message: Json, meeting: MeetingId, words: str) -> tuple[str, Deed]:
        check = checks.meeting_is(meeting, MeetingState.EXCUSED, words)
        return self._form(
            user, message, ActionId.MEETING_EXCUSE, meeting, CallbackId.MEETING_EXCUSE, _words(words), check
        )

    def _whole_agenda(self, user: str, message: Json, value: str) -> tuple[str, Deed] | None:
        """Look at the whole agenda, and record there what the customers of its deals gave."""

        async def press() -> Outcome:
            channel = self.hands.sandbox.workspace.person(user).channel
            return await self.hands.sandbox.click(
                user, channel, message["ts"], ActionId.PRE_READ_WHOLE, value, even_if_gone=True
            )

        async def look() -> None:
            self.hands.sandbox.workspace.views.close_all(user)
            await self.hands.until_acked(f"open {ActionId.PRE_READ_WHOLE}", press, None, user)
            shown = self.hands.sandbox.open_view(user) or {"blocks": []}
            deals = [one["value"] for one in elements_of(shown["blocks"], ActionId.EVIDENCE_RECORD)]
            for deal in deals[:MOST_DEALS]:
                place = (user, ActionId.EVIDENCE_RECORD, deal)
                if place not in self._dealt_with:
                    self._dealt_with.add(place)
                    await self._evidence(user, press, DealId(deal))
            self.hands.sandbox.workspace.views.close_all(user)

        return f"click.{ActionId.PRE_READ_WHOLE}", look

    async def _evidence(self, user: str, open_agenda: Callable[[], Awaitable[Outcome]], deal: DealId) -> None:
        words, yesterday = self.hands.new_words(), self.hands.sandbox.clock.now().date() - timedelta(days=1)
        typed = {BlockId.GIVEN_BY: {ActionId.TEXT: words}, BlockId.GIVEN_ON: {ActionId.DAY: yesterday.isoformat()}}

        def fill(block: Json) -> Typed:
            if block["block_id"] == BlockId.VERIFIER:
                return {ActionId.CHOICE: options_of(block)[0]}
            return typed.get(block["block_id"], {})

        async def press() -> Outcome:
            outcome = await open_agenda()
            under = self.hands.sandbox.open_view(user)
            if not outcome.acked or under is None:
                return outcome
            return await self.hands.sandbox.click_in_view(user, under["id"], ActionId.EVIDENCE_RECORD, deal)

        check = checks.recorded(deal, words)

        def verify(view: Json) -> Check | None:
            return check if view["callback_id"] == CallbackId.EVIDENCE else None

        under = CallbackId.PRE_READ_WHOLE
        await self.hands.fill_what_opens(f"open {ActionId.EVIDENCE_RECORD}", user, press, fill, verify, under=under)

    def _confirm_leave(self, user: str, message: Json, value: str) -> tuple[str, Deed] | None:
        _, last = split_leave(value)
        person = self.hands.persons[user]

        async def confirm() -> None:
            check = self.hands.mean(f"leave {person} {last}", checks.is_away(person, last))
            await self.hands.press(user, message["ts"], ActionId.AWAY_CONFIRM, value, check)

        return f"click.{ActionId.AWAY_CONFIRM}", confirm

    def _withdraw_leave(self, user: str, message: Json, value: str) -> tuple[str, Deed] | None:
        if self.hands.luck.random() > 0.5 and not self.hands.wanted(f"click.{ActionId.AWAY_WITHDRAW}"):
            return None
        first, last = split_leave(value)
        person = self.hands.persons[user]

        async def withdraw() -> None:
            for day in range((last - first).days):
                self.hands.meant[f"leave {person} {first + timedelta(days=day)}"] = object()
            check = self.hands.mean(f"leave {person} {last}", checks.is_back(person, first, last))
            await self.hands.press(user, message["ts"], ActionId.AWAY_WITHDRAW, value, check)

        return f"click.{ActionId.AWAY_WITHDRAW}", withdraw

    def _invitation(self, user: str, message: Json, value: str) -> tuple[str, Deed] | None:
        manager, version = split_invitation(value)
        can_begin = bool(elements_of(message["blocks"], ActionId.INVITATION_BEGIN))
        ways = {"click.invitation_later": 0.3} | ({"click.invitation_begin": 0.7} if can_begin else {})
        if self.hands.choose(ways) == "click.invitation_begin":
            check = checks.said(manager, version, InvitationState.BEGUN)
            return self._tap(user, message, ActionId.INVITATION_BEGIN, value, check)

        async def leave_it() -> None:
            self.hands.meant[f"invitation {manager}"] = object()
            check = checks.said(manager, version, InvitationState.STOPPED)
            await self.hands.press(user, message["ts"], ActionId.INVITATION_LATER, value, check)

        return f"click.{ActionId.INVITATION_LATER}", leave_it

    def _tap(self, user: str, message: Json, action: ActionId, value: str, check: Check) -> tuple[str, Deed]:
        return f"click.{action}", lambda: self.hands.press(user, message["ts"], action, value, check)

    def _form(
        self, user: str, message: Json, action: ActionId, value: str, form: CallbackId, typed: Fill, check: Check
    ) -> tuple[str, Deed]:
        def verify(view: Json) -> Check | None:
            return check if view["callback_id"] == form else full(view)

        def fill(block: Json) -> Typed:
            return {ActionId.CHOICE: options_of(block)[0]} if block["block_id"] == BlockId.DROP else typed(block)

        return f"form.{form}", lambda: self.hands.fill(user, message["ts"], action, value, fill, verify)


def _deferred(blocks: list[Json]) -> set[str]:
    """Return the requests that may be done later and that a message leads to."""
    taps = {f"click.{action}" for action in ONE_TAP if elements_of(blocks, action)}
    return taps | {f"form.{form}" for action, form in LATER.items() if elements_of(blocks, action)}


def report_of(goal: GoalId, week: date) -> str:
    """Return what a report is about: the last word on it counts."""
    return f"report {goal} {week}"


def full(view: Json) -> Check | None:
    """What must hold once a goal made room for another; None of any other form."""
    if view["callback_id"] != CallbackId.FORK_FULL:
        return None
    goal, version, _ = split_swap(view["private_metadata"])
    block = next(one for one in view["blocks"] if one.get("block_id") == BlockId.DROP)
    return checks.swapped(goal, version, *split_goal(options_of(block)[0]))


def _confirmed(value: str) -> Check:
    goal, _, week, number = split_counted(value)

    async def holds(tx: checks.Transaction) -> bool:
        return any(one.week == week and (one.number or 0) >= number for one in await tx.goals.reports(goal))

    return holds


def _words(words: str) -> Fill:
    return lambda _: {ActionId.TEXT: words}


def _first_slot(words: str) -> Fill:
    def typed(block: Json) -> Typed:
        if block["block_id"] != BlockId.SLOT:
            return {ActionId.TEXT: words}
        return {ActionId.SLOT: options_of(block)[0]}

    return typed
