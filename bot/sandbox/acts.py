"""What a person can do in Slack: click, submit or close a modal, type a command or a message, open the Home tab."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from html import escape
from typing import Any

from bot.sandbox import aim, inputs
from bot.sandbox.aim import NOTHING, Values
from bot.sandbox.block_check import problems_of_blocks
from bot.sandbox.core import Core
from bot.sandbox.courier import Ack, Courier
from bot.sandbox.journal import Entry
from bot.sandbox.payloads import Payloads
from bot.sandbox.people import SandboxPerson
from bot.sandbox.refusals import NotThereError, RefusalError
from bot.sandbox.rules import MESSAGE
from bot.sandbox.views import View, checked_view
from bot.sandbox.workspace import Message, with_ids

Json = dict[str, Any]
MENTION = re.compile(r"(?<![\w<])@([\w.-]+)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act.

    ``response`` is the payload the app acknowledged with ({} for a bare one). ``errors`` are the sentences now under
    inputs, by block_id, whether Slack's own client or the app wrote them. ``problem`` is what Slack would tell the
    person when something broke, else empty. ``sent`` is False when Slack's client kept a form back.
    """

    acked: bool
    response: Json = field(default_factory=dict)
    elapsed_ms: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    sent: bool = True

    def to_json(self) -> Json:
        return {
            "acked": self.acked,
            "response": self.response,
            "elapsed_ms": self.elapsed_ms,
            "errors": dict(self.errors),
            "problem": self.problem,
            "sent": self.sent,
        }


class Acts:
    """Turns acts of people into payloads, and the app's answers into what people see."""

    def __init__(self, core: Core, courier: Courier) -> None:
        self._core = core
        self._courier = courier
        self._payloads = Payloads(core)

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: Any = None,
        *,
        block_id: str | None = None,
        values: Values = NOTHING,
        even_if_gone: bool = False,
    ) -> Outcome:
        """Press a button or choose something in a message.

        A button's ``value`` tells apart those that share an action_id; else ``value`` is an option, its value, a
        list of them, or a date. ``values`` is what else stands in the message's inputs, as in submit.
        ``even_if_gone`` also finds what an earlier version of the message had: a screen not yet refreshed.
        Raises NotThereError when the person can't see such an element.
        """
        person = self._person(user)
        message = self._message(person, channel, ts)
        shown = [message.blocks, *(reversed(message.former_blocks) if even_if_gone else ())]
        element, block = aim.find(shown, action_id, value, block_id)
        action = aim.action(element, block, value)
        if any(block is on_screen for on_screen in message.blocks):
            inputs.fill(message.blocks, message.values, aim.with_used(values, element, block, value))
        entry = self._core.journal.done("click", user, channel=channel, ts=ts, **aim.told(action))
        return await self._click(entry, self._payloads.click_in_message(person, message, action))

    async def click_in_view(
        self,
        user: str,
        view_id: str,
        action_id: str,
        value: Any = None,
        *,
        block_id: str | None = None,
        values: Values = NOTHING,
    ) -> Outcome:
        """Use an element of a modal or of the Home tab; ``values`` is what else stands in its inputs."""
        person = self._person(user)
        view = self._view(user, view_id)
        element, block = aim.find([view.blocks], action_id, value, block_id)
        action = aim.action(element, block, value)
        inputs.fill(view.blocks, view.values, aim.with_used(values, element, block, value))
        entry = self._core.journal.done("click", user, view_id=view_id, **aim.told(action))
        return await self._click(entry, self._payloads.click_in_view(person, view, action))

    async def submit(self, user: str, view_id: str, values: Values) -> Outcome:
        """Fill the inputs named in ``values`` ({block_id: {action_id: value}}), leave the rest, and press submit."""
        person = self._person(user)
        view = self._view(user, view_id)
        if self._core.workspace.views.top(user) is not view:
            raise NotThereError(f"view {view_id} is not in front of {user}")
        inputs.fill(view.blocks, view.values, values)
        entry = self._core.journal.done(
            "submit",
            user,
            view_id=view_id,
            callback_id=view.definition.get("callback_id", ""),
            values=deepcopy(view.values),
        )
        kept_back = inputs.problems(view.blocks, view.values)
        if kept_back:
            return _noted(entry, Outcome(acked=False, errors=kept_back, sent=False))
        self._core.clock.touch()
        ack = await self._courier.interact("interactive", self._payloads.submission(person, view))
        self._core.clock.touch()
        return _noted(entry, self._answered(view, ack))

    async def close_view(self, user: str, view_id: str, *, all_of_them: bool = False) -> Outcome:
        """Leave a modal by its close button, or the whole stack by the X (``all_of_them``)."""
        person = self._person(user)
        view = self._view(user, view_id)
        views = self._core.workspace.views
        if all_of_them:
            view = views.stack(user)[0]
            views.close_all(user)
        else:
            views.close(view)
        entry = self._core.journal.done("close", user, view_id=view.id)
        if not view.definition.get("notify_on_close"):
            return _noted(entry, Outcome(acked=True, sent=False))
        self._core.clock.touch()
        payload = self._payloads.closing(person, view, cleared=all_of_them)
        return _noted(entry, _plain(await self._courier.interact("interactive", payload)))

    async def command(self, user: str, command: str, text: str = "") -> Outcome:
        """Type a slash command in the DM with the bot; @names in ``text`` become mentions, as with should_escape."""
        person = self._person(user)
        if command not in self._core.commands:
            raise NotThereError(f"{command} is not a valid command")
        escaped = MENTION.sub(self._mention, text)
        entry = self._core.journal.done("command", user, command=command, text=escaped)
        self._core.clock.touch()
        ack = await self._courier.interact("slash_commands", self._payloads.command(person, command, escaped))
        self._core.clock.touch()
        outcome = _plain(ack, missed=f"{command} failed with the error “dispatch_failed”")
        if ack.payload:
            outcome = self._show_answer(person, command, outcome)
        return _noted(entry, outcome)

    async def open_home(self, user: str, tab: str = "home") -> Outcome:
        """Open the Home (or messages) tab of the app."""
        person = self._person(user)
        entry = self._core.journal.done("open_home", user, tab=tab)
        event: Json = {"type": "app_home_opened", "user": user, "channel": person.channel, "tab": tab}
        home = self._core.workspace.views.home(user)
        if home and tab == "home":
            event["view"] = self._core.workspace.views.to_json(home)
        return _noted(entry, await self._event(event))

    async def say(self, user: str, text: str) -> Outcome:
        """Write a message to the bot in the DM; Slack escapes & < > in it."""
        person = self._person(user)
        channel, _ = self._core.workspace.open_dm(user)
        message = Message(channel, self._core.workspace.next_ts(), person.id, escape(text, quote=False))
        self._core.workspace.post(message)
        entry = self._core.journal.done("say", user, channel=channel, ts=message.ts, text=text)
        event = message.to_json(self._core.workspace.app) | {"channel": channel, "channel_type": "im"}
        return _noted(entry, await self._event(event))

    async def tell_user_changed(self, user: Json) -> Outcome:
        """Send the event user_change."""
        return await self._event({"type": "user_change", "user": user})

    async def _event(self, event: Json) -> Outcome:
        self._core.clock.touch()
        outcome = _plain(await self._courier.event(self._payloads.event(event)))
        self._core.clock.touch()
        return outcome

    async def _click(self, entry: Entry, payload: Json) -> Outcome:
        self._core.clock.touch()
        outcome = _plain(await self._courier.interact("interactive", payload))
        self._core.clock.touch()
        return _noted(entry, outcome)

    def _person(self, user: str) -> SandboxPerson:
        person = self._core.workspace.people.get(user)
        if person is None or person.deleted:
            raise NotThereError(f"{user} can't use this workspace")
        return person

    def _message(self, person: SandboxPerson, channel: str, ts: str) -> Message:
        if channel != person.channel:
            raise NotThereError(f"{person.id} is not in {channel}")
        try:
            return self._core.workspace.find(channel, ts, ephemeral_too=True)
        except RefusalError as refusal:
            raise NotThereError(f"no message {ts} in {channel}") from refusal

    def _view(self, user: str, view_id: str) -> View:
        view = self._core.workspace.views.on_screen(user, view_id)
        if view is None:
            raise NotThereError(f"{user} has no view {view_id} open")
        return view

    def _answered(self, view: View, ack: Ack) -> Outcome:
        """Do what the app answered to a submit."""
        outcome = _plain(ack)
        if not ack.acked:
            return outcome
        views = self._core.workspace.views
        try:
            match ack.payload.get("response_action"):
                case None:
                    views.close(view)
                case "clear":
                    views.close_all(view.user)
                case "errors":
                    return self._form_errors(view, ack)
                case "update" | "push" as what:
                    definition = checked_view(ack.payload.get("view"))
                    blocks = with_ids(definition["blocks"])
                    if what == "push":
                        view = views.push(view.user, definition, blocks)
                    else:
                        views.update(view, definition, blocks)
                    self._core.journal.said(
                        f"response_action.{what}", view.user, view=views.to_json(view), blocks=view.blocks
                    )
                case other:
                    return _broken(ack, RefusalError(f"unknown response_action {other}"))
        except RefusalError as refusal:
            return _broken(ack, refusal)
        return outcome

    def _form_errors(self, view: View, ack: Ack) -> Outcome:
        errors = ack.payload.get("errors")
        fillable = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not errors.keys() <= fillable:
            return _broken(ack, RefusalError("errors must be keyed by the block_id of an input"))
        self._core.journal.said("response_action.errors", view.user, view_id=view.id, errors=errors)
        return Outcome(acked=True, response=ack.payload, elapsed_ms=ack.elapsed_ms, errors=errors)

    def _show_answer(self, person: SandboxPerson, command: str, outcome: Outcome) -> Outcome:
        """Show what came with a command's acknowledgement, to the asker only unless in_channel."""
        answer = outcome.response
        problems = problems_of_blocks(answer["blocks"], MESSAGE) if answer.get("blocks") else []
        if problems:
            return Outcome(acked=True, response=answer, elapsed_ms=outcome.elapsed_ms, problem=" ".join(problems))
        workspace = self._core.workspace
        channel, _ = workspace.open_dm(person.id)
        for_all = answer.get("response_type") == "in_channel"
        message = Message(
            channel,
            workspace.next_ts(),
            workspace.app.bot_user,
            str(answer.get("text") or ""),
            with_ids(answer.get("blocks") or []),
            seen_by=None if for_all else person.id,
        )
        workspace.post(message)
        self._core.journal.said(
            "command_answer", person.id, command=command, channel=channel, ts=message.ts, text=message.text,
            blocks=message.blocks, metadata=None,
        )  # fmt: skip
        return outcome

    def _mention(self, match: re.Match[str]) -> str:
        for person in self._core.workspace.people.values():
            if person.handle == match[1].lower():
                return f"<@{person.id}|{person.handle}>"
        return match[0]


def _plain(ack: Ack, missed: str = "") -> Outcome:
    problem = ""
    if not ack.acked:
        problem = f"{missed}. {ack.problem}" if missed else ack.problem
    return Outcome(acked=ack.acked, response=ack.payload, elapsed_ms=ack.elapsed_ms, problem=problem)


def _broken(ack: Ack, refusal: RefusalError) -> Outcome:
    problem = "We had some trouble connecting. Try again? " + " ".join((refusal.code, *refusal.messages))
    return Outcome(acked=True, response=ack.payload, elapsed_ms=ack.elapsed_ms, problem=problem)


def _noted(entry: Entry, outcome: Outcome) -> Outcome:
    """Add to the journal what came of the act."""
    entry["acked"], entry["elapsed_ms"] = outcome.acked, outcome.elapsed_ms
    if outcome.errors:
        entry["errors"] = dict(outcome.errors)
    if outcome.problem:
        entry["problem"] = outcome.problem
    return outcome
