"""Which calendar is connected."""

from __future__ import annotations

from datetime import timedelta

from bot.errors import UserError
from bot.services.office import Office
from bot.services.ports.calendars import CalendarProvider
from bot.services.ports.sync import CALENDARS, Connection

DAY = timedelta(days=1)


class CalendarConnection:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def current(self) -> Connection | None:
        async with self._office.store.transaction() as tx:
            return await tx.connections.calendar()

    async def connect(self, connection: Connection) -> None:
        """Connect a calendar, or the same one anew. Raises UserError while another one is connected."""
        async with self._office.store.transaction() as tx:
            other = await tx.connections.calendar()
            if other is not None and other.name != connection.name:
                raise UserError(  # no words: of the command line
                    f"{other.name} is connected. `cadence disconnect {other.name}` comes first."
                )
            await tx.connections.put(connection)

    async def disconnect(self, name: str) -> None:
        """Forget a calendar and its secrets; what stands in it stays. Raises UserError when it isn't connected."""
        async with self._office.store.transaction() as tx:
            connected = await tx.connections.calendar()
            if name not in CALENDARS or connected is None or connected.name != name:
                raise UserError(f"{name} isn't connected.")  # no words: of the command line
            await tx.connections.remove(name)
            known = await tx.taken_times.all()
            await tx.taken_times.replace(dict.fromkeys(known, ()))

    async def reached(self, provider: CalendarProvider) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return whose calendar can be read and whose can't, by address. Raises SourceError when none can be."""
        async with self._office.store.transaction() as tx:
            emails = sorted({one.email for one in await tx.people.all() if one.active and one.email})
        now = self._office.clock.now()
        said = await provider.busy(emails, now, now + DAY)
        return (
            tuple(email for email in emails if said.get(email) is not None),
            tuple(email for email in emails if said.get(email) is None),
        )
