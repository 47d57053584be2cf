"""Makes what every use case works with from the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot import playbook_file
from bot.calendars.public_holidays import holidays_of, known_country
from bot.calendars.taken import TakenByCalendars
from bot.clock import SystemClock
from bot.coaching.rhythm.closed_days import NEVER_CLOSED
from bot.coaching.settings import Settings as Maths
from bot.config import Settings
from bot.crm.connected import ConnectedSources
from bot.services.calendar_connection import CalendarConnection
from bot.services.office import Office
from bot.services.ports import Clock
from bot.services.syncing import Syncing
from bot.services.watch import UNWATCHED, Watch
from bot.storage.engine import connect
from bot.storage.store import Database
from bot.vault import Vault


def syncing(settings: Settings, house: Office) -> Syncing:
    """Return the readers of connected sources. Raises ConfigurationError for keys that aren't any."""
    sources = ConnectedSources(Vault(settings.vault_keys()), house.clock, known_country=known_country)
    return Syncing(house, sources, every=timedelta(minutes=settings.sync_minutes))


def office(
    settings: Settings,
    database: Database,
    clock: Clock,
    watch: Watch = UNWATCHED,
    taken: TakenByCalendars | None = None,
) -> Office:
    return Office(
        store=database,
        clock=clock,
        playbook=playbook_file.load(settings.playbook_path),
        maths=Maths(),
        hours=settings.working_hours,
        country=settings.country,
        holidays=holidays_of,
        calendars=taken or TakenByCalendars(),
        keep_days=settings.keep_days,
        messages_a_week=settings.messages_a_week,
        watch=watch,
        admins=settings.admins or frozenset(),
        closed=settings.closed_days or NEVER_CLOSED,
    )


@asynccontextmanager
async def calendars(settings: Settings) -> AsyncIterator[CalendarConnection]:
    """Open the connection of calendars over the settings' database. Raises CadenceError for a bad playbook."""
    database = connect(settings.database_url)
    try:
        yield CalendarConnection(office(settings, database, SystemClock()))
    finally:
        await database.dispose()
