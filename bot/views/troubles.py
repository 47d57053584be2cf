"""What admins and managers read when Slack doesn't take or bring what it should; nobody's words are in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.coaching.records import Person, PersonId
from bot.views.blocks import message, section
from bot.views.message import Message
from bot.views.mrkdwn import esc, moment, name

NAMED = 5
KINDS: Mapping[str, str] = {
    "prompt": "the questions before a 1:1",
    "pre_read": "the agenda of a 1:1",
    "fork": "a choice to make",
    "approval": "a goal to approve",
    "reminder": "the question about this week's goals",
    "course": "the course of a 1:1 with its choices",
    "closing": "the course of a 1:1 and how it ended",
    "still_open": "the question whether a 1:1 was held",
    "scheduled": "when the next 1:1 is",
    "first_ones": "the first 1:1s to look over",
    "first_day": "what is left to set up",
    "moved": "that a 1:1 was moved",
    "excused": "that a 1:1 was left out",
    "no_slot": "that no time is free for a 1:1",
    "cadence": "how often to meet",
    "market": "the question about the whole team",
    "home": "the Home tab",
}
TOO_LATE = "too_late"


class Lasting(Protocol):
    """Something that began and may be over; both aware."""

    @property
    def began_at(self) -> datetime: ...
    @property
    def over_at(self) -> datetime | None: ...


class Lost(Protocol):
    """A message that wasn't delivered."""

    @property
    def to(self) -> PersonId: ...
    @property
    def kind(self) -> str: ...
    @property
    def error(self) -> str: ...


def refused(trouble: Lasting, error: str, remedy: str, zone: str) -> Message:
    """Tell an admin that Slack takes nothing from the bot, or took nothing for a while."""
    code = f"`{esc(error, 80)}`"
    if trouble.over_at is None:
        began = moment(trouble.began_at, zone)
        line = (
            f"*Slack refuses my messages* since {began}: it answers {code}. Nothing is lost: they wait and go out as "
            f"soon as Slack takes them. What helps: {esc(remedy, 300)}"
        )
    else:
        line = (
            f"*Slack takes my messages again.* It refused them {_span(trouble, zone)} with {code}. What waited has "
            "gone out since; what was too late by then I tell apart."
        )
    return message(line, section(line))


def deaf(trouble: Lasting, zone: str) -> Message:
    """Tell an admin that clicks don't reach the bot, or didn't for a while."""
    if trouble.over_at is None:
        line = (
            f"*I hear no clicks* since {moment(trouble.began_at, zone)}: Slack has no connection to me, and tells "
            "people so when they press a button. My messages still go out. `cadence doctor` says whether "
            "SLACK_APP_TOKEN is refused or Socket Mode is off; else the network keeps me from Slack."
        )
    else:
        line = (
            f"*I hear clicks again.* Slack had no connection to me {_span(trouble, zone)}. Who pressed a button then "
            "was told by Slack, and can press it again."
        )
    return message(line, section(line))


def people_unknown(trouble: Lasting, zone: str) -> Message:
    """Tell an admin that the bot can't learn who is new in Slack, or couldn't for a while."""
    if trouble.over_at is None:
        line = (
            f"*Slack doesn't tell me who is who* since {moment(trouble.began_at, zone)}. Nobody new gets a 1:1 until "
            "it does; all else goes on. I ask every hour. `cadence doctor` says whether a scope is missing."
        )
    else:
        line = f"*Slack tells me again who is who.* It didn't {_span(trouble, zone)}. Who is new gets a 1:1 now."
    return message(line, section(line))


def undelivered(ones: Sequence[Lost], people: Mapping[PersonId, Person], error: str, remedy: str) -> Message:
    """Tell an admin what couldn't be delivered for one reason, and what to do about it."""
    names = [f"{_kind(one)} to {name(people[one.to])}" for one in ones[:NAMED]]
    more = f" and {len(ones) - NAMED} more" if len(ones) > NAMED else ""
    why = "they were no longer in time" if error == TOO_LATE else f"Slack answered `{esc(error, 80)}`"
    line = (
        f"*{_count(len(ones))} couldn't be delivered*, for {why}: {'; '.join(names)}{more}. I don't try these again. "
        f"What helps: {esc(remedy, 300)}"
    )
    return message(line, section(line))


def not_reached(ones: Iterable[Lost], rep: Person) -> Message:
    """Tell a manager what a rep didn't get, so that the two can speak about it."""
    kinds = "; ".join(dict.fromkeys(_kind(one) for one in ones))
    line = (
        f"*{name(rep)} didn't get everything from me:* {kinds}. I couldn't deliver it and don't try again, so "
        "no answer says nothing. Please ask in person; your admin knows why."
    )
    return message(line, section(line))


def _kind(one: Lost) -> str:
    return KINDS.get(one.kind, "a message")


def _count(number: int) -> str:
    return "One message" if number == 1 else f"{number} messages"


def _span(trouble: Lasting, zone: str) -> str:
    over = trouble.over_at or trouble.began_at
    return f"from {moment(trouble.began_at, zone)} until {moment(over, zone)}"
