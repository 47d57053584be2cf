"""A small organisation in a local Slack with the real bot: the door through which whole flows are tested."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.app import Bot, open_bot, settle
from bot.coaching.commitment import CoachingGoal, GoalState
from bot.coaching.meeting import Meeting
from bot.coaching.records import Deal, DealId, DealStatus, PeriodGoal, Person, PersonId, Records
from bot.config import load
from bot.sandbox.acts import Outcome
from bot.sandbox.courier import Ack
from bot.sandbox.people import SandboxPerson
from bot.sandbox.server import Sandbox
from bot.slack.http_door import PATH, HttpDoor
from bot.slack.manifest import COMMANDS
from bot.views.ids import ActionId

SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105 - made up
OVER: dict[str, dict[str, str]] = {
    "socket": {"CADENCE_TRANSPORT": "socket"},
    "http": {"CADENCE_TRANSPORT": "http", "CADENCE_PORT": "0", "SLACK_SIGNING_SECRET": SIGNING_SECRET},
}
"""The settings of each way in; a flow that could tell them apart takes both from the fixture ``over``."""

TRANSPORT = "TEST_TRANSPORT_OF_CADENCE"
"""The environment variable by which every flow runs over ``http``; without it, over ``socket``."""

START = datetime(2017, 10, 2, 7, tzinfo=UTC)  # a Monday
MANAGER, REP, OTHER_REP, OTHER_MANAGER, STRANGER = "U0001", "U0002", "U0003", "U0004", "U0009"

PEOPLE = (
    Person(PersonId("mara"), "Mara Quinn", "mara@example.com", timezone="America/New_York", country="US"),
    Person(PersonId("ruth"), "Ruth Adler", "ruth@example.com", PersonId("mara"), "East", timezone="America/Chicago"),
    Person(  # too new for a trend, so that Ruth's own, which points down, is no matter of the market
        PersonId("omar"),
        "Omar Blake",
        "omar@example.com",
        PersonId("mara"),
        "East",
        first_day=date(2017, 9, 25),
        timezone="Europe/Berlin",
    ),
    Person(PersonId("nina"), "Nina Cole", "nina@example.com", timezone="America/New_York", country="US"),
)
ACCOUNTS = dict(zip((MANAGER, REP, OTHER_REP, OTHER_MANAGER), PEOPLE, strict=True))


def some_deals(rep: str, *, name: str = "Acme: GTX Pro") -> tuple[Deal, ...]:
    """Return a year of closed deals, four of ten won, and three open ones."""
    closed = [
        Deal(
            DealId(f"{rep}-{number}"),
            PersonId(rep),
            f"Deal {number}",
            DealStatus.WON if number % 10 < 4 else DealStatus.LOST,
            start=date(2016, 11, 1) + timedelta(days=3 * number),
            close=date(2016, 11, 1) + timedelta(days=3 * number + 20 + number % 30),
            amount=8_000.0 + 500 * (number % 9) if number % 10 < 4 else None,
        )
        for number in range(90)
    ]
    still_open = [
        Deal(
            DealId(f"{rep}-open-{number}"),
            PersonId(rep),
            name if number == 0 else f"Open {number}",
            DealStatus.OPEN,
            start=date(2017, 9, 10) + timedelta(days=number),
            amount=40_000.0 - 9_000 * number,
            stage="Proposal",
            account="Acme",
        )
        for number in range(3)
    ]
    return (*closed, *still_open)


def some_records(**changes: Any) -> Records:
    facts: dict[str, Any] = {
        "people": PEOPLE,
        "deals": (*some_deals("ruth"), *some_deals("omar")),
        "goals": tuple(
            PeriodGoal(PersonId(rep), date(2017, 10, 1), date(2017, 12, 31), 90_000.0) for rep in ("ruth", "omar")
        ),
    }
    return Records(**(facts | changes))


class SandboxTime:
    """The bot's clock, read straight off the sandbox's."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def now(self) -> datetime:
        return self._sandbox.clock.now()


@dataclass(slots=True)
class World:
    sandbox: Sandbox
    bot: Bot

    async def settle(self) -> None:
        await settle(self.bot)

    async def go_to(self, moment: datetime) -> None:
        self.sandbox.clock.set(moment)
        await self.settle()

    async def until(self, user: str, action: ActionId, *, most: int = 60) -> dict[str, Any]:
        """Move from event to event until a message to ``user`` shows a button, and return that message."""
        for _ in range(most):
            await self.settle()
            found = self.find(user, action)
            if found is not None:
                return found
            due = await self.bot.next_due()
            assert due is not None, f"nothing is due any more, and {user} never saw {action}"
            self.sandbox.clock.set(max(due, self.sandbox.clock.now()))
        raise AssertionError(f"{user} never saw {action}")

    def find(self, user: str, action: ActionId) -> dict[str, Any] | None:
        """Return the newest message to ``user`` that shows a button, or None."""
        shown = [message for message in self.sandbox.messages(user) if buttons(message, action)]
        return shown[-1] if shown else None

    def texts(self, user: str) -> list[str]:
        return [message["text"] for message in self.sandbox.messages(user)]

    async def press(
        self,
        user: str,
        message: dict[str, Any],
        action: ActionId,
        *,
        by: str | None = None,
        again: bool = False,
    ) -> Outcome:
        """Press a button of a message as ``by`` (its reader unless told otherwise), then let the bot answer."""
        (first, *_) = buttons(message, action)
        channel = self.sandbox.workspace.person(user).channel
        outcome = await self.sandbox.click(
            by or user,
            channel,
            message["ts"],
            action,
            first.get("value"),
            even_if_gone=again,
        )
        await self.settle()
        return outcome

    async def fill(self, user: str, value_for: Callable[[str], dict[str, Any]]) -> Outcome:
        """Fill every input of the modal in front of ``user`` and submit."""
        view = self.sandbox.open_view(user)
        assert view is not None, "no modal is open"
        inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
        outcome = await self.sandbox.submit(user, view["id"], {block: value_for(block) for block in inputs})
        await self.settle()
        return outcome

    async def press_unseen(self, user: str, action: ActionId, value: str) -> Ack:
        """Press a button that ``user`` was never shown: what a forged or misdirected payload would be."""
        return await self.deliver("interactive", a_click(self.sandbox, user, action, value))

    async def deliver(self, kind: str, payload: dict[str, Any]) -> Ack:
        """Hand a payload to the bot as Slack does, then let the bot answer."""
        if kind == "events_api":
            ack = await self.sandbox.courier.event(payload)
        else:
            ack = await self.sandbox.courier.interact(kind, payload)
        await self.settle()
        return ack

    async def ask(self, user: str, command: str, text: str = "") -> str:
        """Type a slash command and return all that the answer says; it has to be for the asker only."""
        outcome = await self.sandbox.command(user, command, text)
        assert outcome.acked
        assert not outcome.problem
        assert outcome.response["response_type"] == "ephemeral"
        await self.settle()
        return f"{outcome.response['text']}\n{words(outcome.response)}"

    def told(self, user: str) -> str:
        """Return all that the modal in front of ``user`` says, and close it."""
        view = self.sandbox.open_view(user)
        assert view is not None, "no modal is open"
        self.sandbox.workspace.views.close_all(user)
        return f"{title(view)}\n{words(view)}"

    async def whole_agenda(self, user: str) -> str:
        """Open the whole of the newest agenda that ``user`` was sent, and return all that it says."""
        message = self.find(user, ActionId.PRE_READ_WHOLE)
        assert message is not None, f"{user} has no agenda"
        assert (await self.press(user, message, ActionId.PRE_READ_WHOLE)).acked
        return self.told(user)

    async def to_forks(self) -> list[dict[str, Any]]:
        """Go to the start of Ruth's 1:1 and return her forks, first offered first."""
        return forks_of(await self.until(REP, ActionId.FORK_YES))

    def course(self, user: str) -> dict[str, Any]:
        """Return the newest message that shows ``user`` a 1:1 from its start on."""
        kind = "closing" if user in (MANAGER, OTHER_MANAGER) else "course"
        return [message for message in self.sandbox.messages(user) if key_of(message).startswith(f"{kind}:")][-1]

    async def agree(self) -> CoachingGoal:
        """Go on until Ruth has an active goal, and return it."""
        await self.press(REP, (await self.to_forks())[0], ActionId.FORK_YES)
        await self.press(MANAGER, await self.until(MANAGER, ActionId.GOAL_APPROVE), ActionId.GOAL_APPROVE)
        (goal,) = await self.goals(GoalState.ACTIVE)
        return goal

    async def goals(self, *states: GoalState, rep: str = "ruth") -> tuple[CoachingGoal, ...]:
        async with self.bot.database.transaction() as tx:
            return await tx.goals.of_rep(PersonId(rep), states=frozenset(states or GoalState))

    async def meetings(self, rep: str = "ruth") -> tuple[Meeting, ...]:
        """All of a rep's 1:1s, newest first."""
        async with self.bot.database.transaction() as tx:
            return await tx.meetings.of_rep(PersonId(rep))

    async def import_people(self, *people: Person, **facts: Any) -> None:
        """Write changed records; only the next morning are they looked at."""
        async with self.bot.database.transaction() as tx:
            await tx.facts.upsert(Records(people=people, **facts))

    async def restart(self) -> None:
        """End the bot's process and start another on the same database."""
        await self.bot.sockets.close()
        await self.bot.close()
        self.bot = await open_bot(self.bot.settings, SandboxTime(self.sandbox), paced=False, trust_slack_clock=False)
        await self.listen()

    async def listen(self) -> None:
        """Open the way in from Slack, and over HTTP tell Slack where it is."""
        await self.bot.sockets.start()
        if isinstance(self.bot.sockets, HttpDoor):
            self.sandbox.call(f"http://127.0.0.1:{self.bot.sockets.port}{PATH}", SIGNING_SECRET)

    async def meeting(self, rep: str = "ruth") -> Meeting:
        async with self.bot.database.transaction() as tx:
            found = await tx.meetings.open_of(PersonId(rep))
        assert found is not None
        return found


def a_click(sandbox: Sandbox, user: str, action: ActionId, value: str) -> dict[str, Any]:
    """Return what Slack sends when ``user`` presses a button."""
    channel, now = sandbox.workspace.person(user).channel, sandbox.workspace.next_ts()
    return {
        "type": "block_actions",
        "user": {"id": user, "team_id": sandbox.workspace.app.team},
        "team": {"id": sandbox.workspace.app.team},
        "api_app_id": sandbox.workspace.app.id,
        "container": {"type": "message", "message_ts": now, "channel_id": channel},
        "channel": {"id": channel, "name": "directmessage"},
        "trigger_id": sandbox.tickets.trigger(user),
        "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": now}],
    }


def buttons(message: dict[str, Any], action: ActionId) -> list[dict[str, Any]]:
    rows = [block.get("elements", ()) for block in message.get("blocks", ()) if block["type"] == "actions"]
    rows += [(block["accessory"],) for block in message.get("blocks", ()) if block.get("accessory")]
    return [element for row in rows for element in row if element.get("action_id") == action]


def key_of(message: dict[str, Any]) -> str:
    """Return the key under which a message of the bot's was put, "" for anybody else's."""
    key: str = message.get("metadata", {}).get("event_payload", {}).get("key", "")
    return key


def forks_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return for each fork of a 1:1's course the message as if it held nothing but this one."""
    blocks = message["blocks"]
    places = [number for number, block in enumerate(blocks) if buttons({"blocks": [block]}, ActionId.FORK_YES)]
    return [{**message, "blocks": blocks[place - 1 : place + 1]} for place in places]


def title(view: dict[str, Any] | None) -> str:
    return "" if view is None else view["title"]["text"]


def words(view: dict[str, Any] | None) -> str:
    """Return all text of a view or message."""
    return "" if view is None else "\n".join(_texts(view["blocks"]))


def _texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        return own + [text for value in node.values() for text in _texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in _texts(value)]
    return []


@asynccontextmanager
async def a_world(database_url: str, records: Records | None = None, **environment: str) -> AsyncIterator[World]:
    """Open a sandbox and a bot on a migrated database, import the records, match people and plan."""
    people = [SandboxPerson(user, person.name, person.email, person.timezone) for user, person in ACCOUNTS.items()]
    people.append(SandboxPerson(STRANGER, "Sam Stranger", "sam@elsewhere.example"))
    sandbox = Sandbox(people, [command for command, *_ in COMMANDS], now=START, speed=0)
    await sandbox.start()
    settings = load(
        {
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_API_URL": sandbox.api_url,
            "CADENCE_DATABASE_URL": database_url,
            "CADENCE_COUNTRY": "US",
            **OVER[os.environ.get(TRANSPORT, "socket")],
            **environment,
        },
        need_slack=True,
    )
    world = World(sandbox, await open_bot(settings, SandboxTime(sandbox), paced=False, trust_slack_clock=False))
    bot = world.bot
    try:
        async with bot.database.transaction() as tx:
            await tx.facts.upsert(records or some_records())
        await bot.match_people()
        await world.listen()
        await bot.cases.rounds.plan_all()
        yield world
    finally:
        await world.bot.sockets.close()
        await world.bot.close()
        await sandbox.stop()
