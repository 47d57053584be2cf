"""What every use case works with: the store, the clock, the company's model and the imported records."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.coaching.playbook import Playbook
from bot.coaching.records import Person, PersonId, WorkingHours
from bot.coaching.rhythm.closed_days import NEVER_CLOSED, ClosedDays
from bot.coaching.rhythm.wall_time import instant
from bot.coaching.rhythm.working_days import DaysOff, next_working_day
from bot.coaching.settings import Settings
from bot.services.ports import Calendars, Clock, Store, Transaction
from bot.services.shelf import Shelf
from bot.services.watch import UNWATCHED, Watch

MORNING, DAY_OPENS, DAY_CLOSES = time(9), time(8), time(18)
"""When people are written to first, and between which times at all unless they asked."""

HOUR = timedelta(hours=1)
"""So long before a 1:1 what belongs before it is said, whatever the time is."""


@dataclass(frozen=True, slots=True)
class Office:
    """The surroundings of the use cases.

    ``holidays`` gives the public holidays of a country in given years; ``keep_days`` is for how long what is over is
    kept: duties that were done, messages that were sent. ``messages_a_week`` is how many somebody gets of the bot's own
    accord, unless something would be lost. ``watch`` is told of outcomes. On ``closed`` days nobody works.
    ``admins`` are addresses, in lower case, of people who are admins whatever the records say.
    """

    store: Store
    clock: Clock
    playbook: Playbook
    maths: Settings
    hours: WorkingHours
    country: str | None
    holidays: Callable[[str | None, Iterable[int]], frozenset[date]]
    calendars: Calendars
    keep_days: int
    messages_a_week: int
    watch: Watch = UNWATCHED
    closed: ClosedDays = NEVER_CLOSED
    admins: frozenset[str] = frozenset()
    shelf: Shelf = field(init=False)
    _nobody_works: Callable[[frozenset[str | None], int], DaysOff] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shelf", Shelf(self.playbook, self.maths))
        object.__setattr__(self, "_nobody_works", lru_cache(maxsize=256)(self._holidays_in))

    async def hours_of(self, tx: Transaction, manager: PersonId) -> WorkingHours:
        return await tx.people.hours_of(manager) or self.hours

    async def days_off(self, tx: Transaction, *people: Person) -> DaysOff:
        """Return the days on which at least one of the people doesn't work.

        That is public holidays where each lives, the company's closed days, and leave.
        """
        nobody_works = self._nobody_works(frozenset([person.country for person in people]), self.clock.now().year)
        leave = await tx.people.leave_of(*[person.id for person in people])
        if not leave:
            return nobody_works
        return replace(nobody_works, leave=tuple([(away.first, away.last) for away in leave]))

    def _holidays_in(self, countries: frozenset[str | None], year: int) -> DaysOff:
        """Return the days from a year before to a year after on which somebody of the countries doesn't work."""
        years = range(year - 1, year + 2)
        closed = self.closed.within(years)
        return DaysOff(holidays=closed.union(*(self.holidays(one or self.country, years) for one in countries)))

    def is_closed(self, day: date) -> bool:
        """Return whether nobody of the company works on a day."""
        return day in self.closed.within((day.year,))

    async def at_work(self, tx: Transaction, person: Person, *, latest: datetime | None = None) -> datetime:
        """Return now when the person's own clocks show a working hour, else nine on their next working morning.

        ``latest`` is when it has to be said even so, unless that is past: never earlier than now.
        """
        now = self.clock.now()
        when = await self._working_hour(tx, person, now)
        return when if latest is None else max(now, min(when, latest))

    async def _working_hour(self, tx: Transaction, person: Person, now: datetime) -> datetime:
        off = await self.days_off(tx, person)
        local = now.astimezone(ZoneInfo(person.timezone))
        today, at = local.date(), local.time()
        works_today = off.is_working(today)
        if works_today and DAY_OPENS <= at < DAY_CLOSES:
            return now
        day = today if works_today and at < DAY_OPENS else next_working_day(today, off)
        return instant(day, MORNING, person.timezone)


def local_day(now: datetime, person: Person) -> date:
    """Return the date on the person's own calendar."""
    return now.astimezone(ZoneInfo(person.timezone)).date()


def id_of(prefix: str, *about: str) -> str:
    """Return an id that is the same whenever it is made of the same.

    A bot whose database came back from a backup thereby knows again what it has said in Slack since.
    """
    return f"{prefix}{hashlib.blake2b(chr(0).join(about).encode(), digest_size=6).hexdigest()}"


def new_id(prefix: str) -> str:
    return f"{prefix}{secrets.token_hex(6)}"
