"""What admins and managers read when Slack doesn't take or bring what it should; nobody's words are in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.coaching.records import Person, PersonId
from bot.coaching.said import say
from bot.views.blocks import message, section
from bot.views.message import Message
from bot.views.mrkdwn import esc, first_of, moment, name
from bot.views.speaking import shown, tr, tr_many

NAMED = 5
KINDS: Mapping[str, str] = {
    "prompt": say("the questions before a 1:1"),
    "pre_read": say("the agenda of a 1:1"),
    "fork": say("a choice to make"),
    "approval": say("a goal to approve"),
    "reminder": say("the question about this week's goals"),
    "course": say("the course of a 1:1 with its choices"),
    "closing": say("the course of a 1:1 and how it ended"),
    "still_open": say("the question whether a 1:1 was held"),
    "scheduled": say("when the next 1:1 is"),
    "first_ones": say("the first 1:1s to look over"),
    "first_day": say("what is left to set up"),
    "moved": say("that a 1:1 was moved"),
    "excused": say("that a 1:1 was left out"),
    "no_slot": say("that no time is free for a 1:1"),
    "cadence": say("how often to meet"),
    "market": say("the question about the whole team"),
    "home": say("the Home tab"),
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
        line = tr(
            "*Slack refuses my messages* since {began}: it answers {code}. Nothing is lost: they wait and go out "
            "as soon "
            "as Slack takes them. What helps: {remedy}",
            began=began,
            code=code,
            remedy=esc(remedy, 300),
        )
    else:
        line = tr(
            "*Slack takes my messages again.* It refused them {span} with {code}. What waited has gone out since; what "
            "was too late by then I tell apart.",
            span=_span(trouble, zone),
            code=code,
        )
    return message(line, section(line))


def deaf(trouble: Lasting, zone: str) -> Message:
    """Tell an admin that clicks don't reach the bot, or didn't for a while."""
    if trouble.over_at is None:
        line = tr(
            "*I hear no clicks* since {began}: Slack has no connection to me, and tells people so when they press a "
            "button. My messages still go out. `cadence doctor` says whether SLACK_APP_TOKEN is refused or Socket Mode "
            "is off; else the network keeps me from Slack.",
            began=moment(trouble.began_at, zone),
        )
    else:
        line = tr(
            "*I hear clicks again.* Slack had no connection to me {span}. Who pressed a button then was told by Slack, "
            "and can press it again.",
            span=_span(trouble, zone),
        )
    return message(line, section(line))


def people_unknown(trouble: Lasting, zone: str) -> Message:
    """Tell an admin that the bot can't learn who is new in Slack, or couldn't for a while."""
    if trouble.over_at is None:
        line = tr(
            "*Slack doesn't tell me who is who* since {began}. Nobody new gets a 1:1 until it does; all else "
            "goes on. I "
            "ask every hour. `cadence doctor` says whether a scope is missing.",
            began=moment(trouble.began_at, zone),
        )
    else:
        line = tr(
            "*Slack tells me again who is who.* It didn't {span}. Who is new gets a 1:1 now.",
            span=_span(trouble, zone),
        )
    return message(line, section(line))


def undelivered(ones: Sequence[Lost], people: Mapping[PersonId, Person], error: str, remedy: str) -> Message:
    """Tell an admin what couldn't be delivered for one reason, and what to do about it."""
    said = [tr("{kind} to {person}", kind=_kind(one), person=name(people[one.to])) for one in ones]
    named = first_of(said, NAMED, "; ")
    why = tr("they were no longer in time")
    if error != TOO_LATE:
        why = tr("Slack answered `{error}`", error=esc(error, 80))
    line = tr_many(
        "*One message couldn't be delivered*, for {why}: {named}. I don't try these again. What helps: {remedy}",
        "*{n} messages couldn't be delivered*, for {why}: {named}. I don't try these again. What helps: {remedy}",
        len(ones),
        why=why,
        named=named,
        remedy=esc(remedy, 300),
    )
    return message(line, section(line))


def not_reached(ones: Iterable[Lost], rep: Person) -> Message:
    """Tell a manager what a rep didn't get, so that the two can speak about it."""
    kinds = "; ".join(dict.fromkeys(_kind(one) for one in ones))
    line = tr(
        "*{rep} didn't get everything from me:* {kinds}. I couldn't deliver it and don't try again, so no answer says "
        "nothing. Please ask in person; your admin knows why.",
        rep=name(rep),
        kinds=kinds,
    )
    return message(line, section(line))


def _kind(one: Lost) -> str:
    return shown(KINDS.get(one.kind, say("a message")))


def _span(trouble: Lasting, zone: str) -> str:
    over = trouble.over_at or trouble.began_at
    return tr("from {began} until {over}", began=moment(trouble.began_at, zone), over=moment(over, zone))
