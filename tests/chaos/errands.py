"""What people do of their own accord: they go on leave, make goals, look at things; an admin says who begins."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import checks
from crowd import Deed, full, report_of
from hands import Check, Fill, Hands, Json, Typed, Verify, no_check, options_of
from population import ADMIN, GUESTS, SOURCE, TEAMS

from bot.coaching.records import PersonId
from bot.sandbox.people import user_object
from bot.services.ports.invitations import InvitationState
from bot.views.goal_builder import read_carried
from bot.views.ids import ActionId, BlockId, CallbackId, split_goal

AT_ONCE = 2
"""So many people have something to do between what falls due."""

SELDOM = 0.25
"""So often people do something though nobody has to die of it."""

NEW_GOAL = "form.goal_new+form.fork_full"
ANSWERS = "click.invitation_begin+click.invitation_later"
"""What a manager says who is invited, also again after a stop."""

LONGEST_AHEAD = 25
"""Days that somebody knows of leave."""


@dataclass(slots=True)
class Errands:
    """Each is named by the requests it takes."""

    hands: Hands

    async def run(self) -> None:
        """Let some people, the admin among them, do something of their own accord.

        Where none of it has points to be struck they seldom do: the days go by sooner, and what falls due comes.
        """
        hands = self.hands
        known = {way for user in hands.persons for way in self._known_to(user)}
        if hands.luck.random() > SELDOM and not any(map(hands.is_way_wanted, known)):
            return
        others = [user for user in hands.persons if user != ADMIN]
        users = [ADMIN, *hands.luck.sample(others, AT_ONCE)]
        await asyncio.gather(*(self._one(user) for user in users))

    async def _one(self, user: str) -> None:
        known = self._known_to(user)
        await known[self.hands.choose({way: weight for way, (weight, _) in known.items()})][1]()

    def _known_to(self, user: str) -> dict[str, tuple[float, Deed]]:
        """Return what somebody may do, each with how often and how."""
        hands = self.hands
        known: dict[str, tuple[float, Deed]] = {
            "event.app_home_opened": (1, lambda: self._open_home(user)),
            "event.message": (0.2, lambda: self._ack("say", user, lambda: hands.sandbox.say(user, "Hello"))),
            "event.user_change+click.away_confirm": (0.5, lambda: self._set_status(user)),
            "command+click.away_withdraw": (0.5, lambda: self._go_away(user)),
        }
        if user == ADMIN:
            known |= self._administration()
        elif user in TEAMS:
            known[f"form.goal_shape+{NEW_GOAL}"] = (0.5, lambda: self._propose(user))
        else:
            known |= {
                "click.pipeline_how": (0.5, lambda: self._type(user, "/pipeline")),
                f"form.goal_shape+{NEW_GOAL}": (0.5, lambda: self._new_goal(user, "")),
                f"form.goal_nearest+{NEW_GOAL}": (0.5, lambda: self._new_goal(user, "3 workshops by Friday")),
                f"click.home_new_goal+{NEW_GOAL}": (0.5, lambda: self._new_goal_from_home(user)),
                "form.goal_report": (0.5, lambda: self._report(user)),
                "click.pre_read_how": (
                    0.2,
                    lambda: self._from_home(user, ActionId.PRE_READ_HOW, lambda _: {}, no_check),
                ),
                "click.home_report+form.goal_report": (0.5, lambda: self._report_from_home(user)),
            }
        return known

    def _administration(self) -> dict[str, tuple[float, Deed]]:
        hands = self.hands
        checkup = lambda: hands.press_as_shown_before(  # noqa: E731
            ADMIN, ActionId.HOME_CHECK, "check", checks.looked_over
        )
        everybody = lambda: hands.press_as_shown_before(  # noqa: E731
            ADMIN, ActionId.HOME_EVERYBODY, "everybody", checks.everybody
        )
        sources = lambda: hands.press_as_shown_before(ADMIN, ActionId.FIRST_DAY_SOURCE, "", None)  # noqa: E731
        return {
            f"click.home_invite+form.invitation>{ANSWERS}": (2, self._invite),
            f"click.home_stop+form.invitation_stop>{ANSWERS}": (0.5, self._stop),
            "click.home_everybody": (0.2, everybody),
            "click.home_check": (0.2, checkup),
            "command": (0.2, lambda: self._type(ADMIN, "/cadence", "doctor", checks.looked_over)),
            "click.home_match+form.match": (0.2, self._match),
            "click.home_account+form.account": (0.2, self._find_account),
            "click.first_day_source": (0.2, sources),
            "event.team_join": (0.2, self._somebody_joins),
            "event.app_uninstalled": (0.1, lambda: self._tell("app_uninstalled")),
            "event.tokens_revoked": (0.1, lambda: self._tell("tokens_revoked", tokens={"bot": []})),
        }

    async def _ack(self, what: str, user: str, act: Any, check: Check | None = None) -> None:
        await self.hands.until_acked(what, act, check, user)

    async def _open_home(self, user: str) -> None:
        await self._ack("home", user, lambda: self.hands.sandbox.open_home(user))

    async def _type(self, user: str, command: str, words: str = "", check: Check | None = None) -> None:
        await self._ack(
            f"{command} {words}".strip(), user, lambda: self.hands.sandbox.command(user, command, words), check
        )

    async def _tell(self, kind: str, **more: Any) -> None:
        await self._ack(kind, "", lambda: self.hands.sandbox._acts._event({"type": kind, **more}))

    async def _set_status(self, user: str) -> None:
        """Let Slack tell that somebody is on holiday for some days, which is a hint."""
        sandbox = self.hands.sandbox
        now = sandbox.clock.now()
        until = now + timedelta(days=self.hands.luck.choice((2, 3, 5)))
        person, team = sandbox.workspace.person(user), sandbox.workspace.app.team
        told = user_object(person, team, now, with_email=True, with_locale=True)
        told["profile"] |= {"status_emoji": ":palm_tree:", "status_expiration": int(until.timestamp())}
        await self._ack("user_change", user, lambda: sandbox._acts.tell_user_changed(told))

    async def _somebody_joins(self) -> None:
        sandbox = self.hands.sandbox
        new = sandbox.workspace.person(self.hands.luck.choice(list(GUESTS)))
        told = user_object(new, sandbox.workspace.app.team, sandbox.clock.now(), with_email=True, with_locale=True)
        await self._tell("team_join", user=told)

    async def _go_away(self, user: str) -> None:
        """Say a day of leave, or ask what was said."""
        if self.hands.luck.random() < 0.3:
            await self._type(user, "/1on1", "away")
            return
        person = self.hands.persons[user]
        day = self.hands.today(user) + timedelta(days=self.hands.luck.randint(2, LONGEST_AHEAD))
        check = self.hands.mean(f"leave {person} {day}", checks.is_away(person, day))
        await self._type(user, "/1on1", f"away {day.day} {day:%b} {day.year} because {self.hands.new_words()}", check)

    async def _new_goal(self, user: str, words: str) -> None:
        act = lambda: self.hands.sandbox.command(user, "/goals", "new")  # noqa: E731
        await self.hands.fill_what_opens("/goals new", user, act, self._goal(words), self._made(user))

    async def _new_goal_from_home(self, user: str) -> None:
        await self._from_home(user, ActionId.HOME_NEW_GOAL, self._goal(""), self._made(user))

    async def _propose(self, user: str) -> None:
        rep = self.hands.sandbox.workspace.person(self.hands.luck.choice(TEAMS[user]))
        act = lambda: self.hands.sandbox.command(user, "/goals", f"new @{rep.handle}")  # noqa: E731
        await self.hands.fill_what_opens("/goals new @rep", user, act, self._goal(""), self._made(user))

    def _goal(self, words: str) -> Fill:
        """Return how a new goal is filled in: something of the playbook, or in words; what is filled in stays."""

        def typed(block: Json) -> Typed:
            element = block["element"]
            if block["block_id"] == BlockId.WORDS:
                return {ActionId.TEXT: words} if words else {}
            if block["block_id"] == BlockId.DROP:
                return {ActionId.CHOICE: options_of(block)[0]}
            if block["block_id"] == BlockId.CHOICE and not words and "initial_option" not in element:
                return {ActionId.CHOICE: self.hands.luck.choice(options_of(block))}
            return {}

        return typed

    def _made(self, user: str) -> Verify:
        def verify(view: Json) -> Check | None:
            if view["callback_id"] in {CallbackId.GOAL_SHAPE, CallbackId.GOAL_NEAREST}:
                carried = read_carried(view)
                return checks.goal_made(carried.goal, carried.rep or self.hands.persons[user])
            return full(view)

        return verify

    async def _report(self, user: str) -> None:
        typed, verify = self._how_it_goes(user)
        act = lambda: self.hands.sandbox.command(user, "/goals", "report")  # noqa: E731
        await self.hands.fill_what_opens("/goals report", user, act, typed, verify)

    async def _report_from_home(self, user: str) -> None:
        await self._from_home(user, ActionId.HOME_REPORT, *self._how_it_goes(user))

    def _how_it_goes(self, user: str) -> tuple[Fill, Verify]:
        result = self.hands.luck.choice(("done", "partly", "not_yet", "obsolete"))

        def typed(block: Json) -> Typed:
            if block["block_id"] == BlockId.RESULT:
                return {ActionId.CHOICE: result}
            return {ActionId.NUMBER: "1"} if block["block_id"] == BlockId.NUMBER else {}

        def verify(view: Json) -> Check | None:
            chosen = [one["element"] for one in view["blocks"] if one.get("block_id") == BlockId.CHOICE]
            goal, _ = split_goal(chosen[0]["initial_option"]["value"] if chosen else view["private_metadata"])
            today = self.hands.today(user)
            week = today - timedelta(days=today.weekday())
            return self.hands.mean(report_of(goal, week), checks.reported(goal, week, result))

        return typed, verify

    async def _ask_how(self, user: str) -> None:
        await self._from_home(user, ActionId.PRE_READ_HOW, lambda _: {}, no_check)

    async def _from_home(self, user: str, action: ActionId, typed: Fill, verify: Verify) -> None:
        """Go through a form that a button of the home tab opens; who has never opened the tab does that first."""
        if self.hands.sandbox.home(user) is None:
            await self._open_home(user)
        else:
            await self.hands.fill_from_home(user, action, typed, verify)

    async def _invite(self) -> None:
        await self._choose_manager(ActionId.HOME_INVITE, InvitationState.PROPOSED, InvitationState.BEGUN)

    async def _stop(self) -> None:
        await self._choose_manager(ActionId.HOME_STOP, InvitationState.STOPPED)

    async def _choose_manager(self, action: ActionId, *states: InvitationState) -> None:
        """Invite whoever there is, or stop: mostly with the smaller team, so that not all stands still."""
        chosen = [""]

        def verify(view: Json) -> Check | None:
            found = [
                value for one in view["blocks"] if one.get("block_id") == BlockId.CHOICE for value in options_of(one)
            ]
            small = [one for one in found if one == "nina"]
            stops = InvitationState.STOPPED in states
            chosen[0] = self.hands.luck.choice(small if stops and small and self.hands.luck.random() < 0.9 else found)
            manager = PersonId(chosen[0])
            return self.hands.mean(f"invitation {manager}", checks.stands(manager, *states))

        await self._from_home(ADMIN, action, lambda _: {ActionId.CHOICE: chosen[0]}, verify)

    async def _match(self) -> None:
        """Say who somebody of the source is, or take that back."""
        filled: dict[str, Typed] = {}

        def verify(view: Json) -> Check | None:
            filled.clear()
            offered = {one["block_id"]: options_of(one) for one in view["blocks"] if one["type"] == "input"}
            new, known = offered.get(BlockId.CHOICE, []), offered.get(BlockId.FORGOTTEN, [])
            user, who = self.hands.luck.choice(list(self.hands.persons)), self.hands.luck.choice([*new, *known])
            if who in new:
                filled[BlockId.CHOICE] = {ActionId.CHOICE: who}
                filled[BlockId.PERSON] = {ActionId.USER: user}
            else:
                filled[BlockId.FORGOTTEN] = {ActionId.CHOICE: who}
            ours = self.hands.persons[user] if who in new else None
            return self.hands.mean(f"match {who}", checks.is_known_as(SOURCE, who, ours))

        await self._from_home(ADMIN, ActionId.HOME_MATCH, lambda block: filled.get(block["block_id"], {}), verify)

    async def _find_account(self) -> None:
        """Say which account is somebody's whose address Slack doesn't know."""
        filled: dict[str, Typed] = {}

        def verify(view: Json) -> Check | None:
            choice = next(one for one in view["blocks"] if one.get("block_id") == BlockId.CHOICE)
            person = self.hands.luck.choice(options_of(choice))
            user = next(user for user, guest in GUESTS.items() if guest.id == person)
            filled[BlockId.CHOICE], filled[BlockId.PERSON] = {ActionId.CHOICE: person}, {ActionId.USER: user}
            return checks.has_account(PersonId(person), user)

        await self._from_home(ADMIN, ActionId.HOME_ACCOUNT, lambda block: filled.get(block["block_id"], {}), verify)
