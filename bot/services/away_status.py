"""A status in Slack that speaks of leave: a hint, about which the person is asked, and never leave itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.coaching.meeting import Meeting
from bot.coaching.records import Leave, Person
from bot.services import access
from bot.services.away import Away
from bot.services.office import Office, local_day
from bot.services.ports import Transaction
from bot.services.posting import tell
from bot.services.unix_time import instant_of
from bot.views import away as view
from bot.views.message import Message
from bot.views.speaking import said_to

EMOJI = frozenset({"palm_tree", "desert_island", "beach_with_umbrella", "face_with_thermometer", "thermometer"})
"""Slack's own "Vacationing" and "Out sick", and what people take for them."""

WORDS = re.compile(
    r"\b(vacation(ing)?|holidays?|out of (the )?office|ooo|on leave|(annual|parental) leave|pto|sick"
    r"|urlaub|ferien|elternzeit|krank|abwesend)\b",
    re.IGNORECASE,
)

SOON = timedelta(days=3)
"""Where a status has no end only a 1:1 so near is asked about."""


@dataclass(frozen=True, slots=True)
class Status:
    """What Slack shows of somebody; ``until`` is the instant at which it clears itself, None where it has no end."""

    emoji: str
    text: str
    until: datetime | None

    @classmethod
    def of(cls, emoji: object, text: object, expiration: object) -> Status:
        """Read Slack's profile, in which an end of 0 is none; anything else that isn't one counts as none too."""
        return cls(str(emoji or "").strip(":"), str(text or ""), instant_of(expiration))

    @property
    def speaks_of_leave(self) -> bool:
        return self.emoji.split("::")[0] in EMOJI or WORDS.search(self.text) is not None


class AwayStatus:
    def __init__(self, office: Office, away: Away) -> None:
        self._office = office
        self._away = away

    async def noticed(self, user: str, status: Status) -> None:
        """Ask somebody whose status speaks of leave about the 1:1 that would fall into it; nobody where none would."""
        if not status.speaks_of_leave:
            return
        async with self._office.store.transaction() as tx:
            person = await tx.people.by_slack(user)
            if person is None or not person.active:
                return
            now = self._office.clock.now()
            first = local_day(now, person)
            last = self._last(person, status, first)
            leave = Leave(person.id, first, last)
            meetings = await self._away.fall_into(tx, person, leave)
            if not meetings:
                return
            if status.until is None:
                await self._ask_about(tx, person, meetings[0])
            else:
                await self._propose(tx, person, leave, meetings[0])

    async def confirm(self, user: str, first: date, last: date) -> None:
        """Keep the leave that was proposed, as the person confirms it; twice is the same as once."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            kept = await self._away.keep(tx, asker, Leave(asker.id, first, last))
            message = said_to(asker, view.noted, Leave(asker.id, first, last), (), kept.concerned)
            key = f"away_hint:{last.isoformat()}"
            if await tx.outbox.exists(f"{key}:{asker.id}"):
                await tell(tx, asker, "away_hint", key, message, self._office.clock.now(), urgent=True)

    def _last(self, person: Person, status: Status, first: date) -> date:
        """Return the last day that the status may mean: without an end only the next days are asked about."""
        until = self._office.clock.now() + SOON if status.until is None else status.until - timedelta(seconds=1)
        return max(first, local_day(until, person))

    async def _propose(self, tx: Transaction, person: Person, leave: Leave, meeting: Meeting) -> None:
        message = said_to(person, view.proposed, leave, meeting, person)
        await self._hint(tx, person, f"away_hint:{leave.last.isoformat()}", message, meeting)

    async def _ask_about(self, tx: Transaction, person: Person, meeting: Meeting) -> None:
        message = said_to(person, view.endless, meeting, person)
        await self._hint(tx, person, f"away_hint:{meeting.id}", message, meeting)

    async def _hint(self, tx: Transaction, person: Person, key: str, message: Message, meeting: Meeting) -> None:
        latest = meeting.appointment.starts_at
        when = await self._office.at_work(tx, person, latest=latest)
        await tell(tx, person, "away_hint", key, message, when, lasts=SOON, latest=latest)
