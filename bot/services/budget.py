"""How many messages a week somebody gets of the bot's own accord, and what waits once they are used up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.coaching.records import Person
from bot.coaching.rhythm.wall_time import instant, local_day
from bot.coaching.rhythm.working_days import next_working_day
from bot.services import access
from bot.services.office import DAY_CLOSES, DAY_OPENS, MORNING, Office
from bot.services.ports import Transaction
from bot.services.posting import tell
from bot.views import quiet as view
from bot.views.message import Message
from bot.views.speaking import said_to

WEEK = timedelta(days=7)

NEEDED = frozenset(
    {
        "prompt",
        "pre_read",
        "reminder",
        "scheduled",
        "first_ones",
        "first_day",
        "moved",
        "excused",
        "still_open",
        "approval",
        "market",
        "no_slot",
        "away_hint",
    }
)
"""Kinds that are always said: a 1:1, a goal or a decision would be lost without them."""

LIGHT = frozenset({"cadence", "digest", "gathered"})
"""Kinds that can wait."""

COUNTED = NEEDED | LIGHT
"""All others answer a click of the reader's own, or are the 1:1 itself while it goes on."""


@dataclass(frozen=True, slots=True)
class Week:
    """How many messages somebody got in the week that goes on, of how many there are; quiet is before and after."""

    used: int
    most: int
    opens: time = DAY_OPENS
    closes: time = DAY_CLOSES


class Budget:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def show(self, user: str) -> Message:
        """Return what the asker's week looks like."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            week = await week_of(self._office, tx, asker, self._office.clock.now())
            return view.quiet(week.used, week.most, week.opens, week.closes, asker.timezone)


async def week_of(office: Office, tx: Transaction, person: Person, at: datetime) -> Week:
    """Return how much of the budget is used in the week (Monday to Sunday, the person's own) of an instant."""
    monday = _monday(at, person)
    since, until = (instant(day, time(0), person.timezone) for day in (monday, monday + WEEK))
    return Week(await tx.outbox.begun(person.id, COUNTED, since, until), office.messages_a_week)


async def tell_if_room(office: Office, tx: Transaction, to: Person, kind: str, key: str, message: Message) -> None:
    """Tell somebody, in working hours, what can wait: past the week's budget it comes with the start of the next week.

    What waits is gathered in one message, the first of that week; it is said also where that week is full of what
    can't wait. Said again under its key it is rewritten where it stands.
    """
    await tx.people.hold(to.id)  # of two at once, one would be too many
    when = await office.at_work(tx, to)
    week = await week_of(office, tx, to, when)
    if await tx.outbox.exists(f"{key}:{to.id}") or week.used < week.most:
        await tell(tx, to, kind, key, message, when)
        return
    monday = _monday(when, to) + WEEK
    gathered = f"gathered:{monday.isoformat()}"
    waiting = await tx.outbox.unsaid(f"{gathered}:{to.id}")
    off = await office.days_off(tx, to)
    day = monday if off.is_working(monday) else next_working_day(monday, off)
    all_of_it = said_to(to, view.gathered, waiting, key, message)
    await tell(tx, to, "gathered", gathered, all_of_it, instant(day, MORNING, to.timezone))


def _monday(at: datetime, person: Person) -> date:
    day = local_day(at, person.timezone)
    return day - timedelta(days=day.weekday())
