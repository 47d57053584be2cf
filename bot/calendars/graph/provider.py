"""Microsoft 365 as a calendar provider."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from bot.coaching.said import say
from bot.services.ports import Clock
from bot.services.ports.calendars import Invitation, Shown, Taken
from bot.services.source_errors import Fault, SourceError
from bot.vendors.answers import Answer
from bot.vendors.budget import Budget, Rate
from bot.vendors.http import Api, Headers, Vendor, bearer
from bot.vendors.shape import Shape

ADDRESS = "https://graph.microsoft.com"
LOGIN = "https://login.microsoftonline.com"
SCOPE = "https://graph.microsoft.com/.default"
PERMISSION = say("the application permission Calendars.ReadWrite for this mailbox")
AT_ONCE = 20
"""How many people's times one request may ask for."""
GONE = frozenset({404, 410})
OUT_OF_OFFICE, TAKEN = "oof", frozenset({"busy", "oof", "tentative"})
UTC_TIMES = {"Prefer": 'outlook.timezone="UTC", IdType="ImmutableId"'}  # no words: HTTP


@dataclass(frozen=True, slots=True)
class App:
    """An app registration: ``tenant`` is its directory's id or domain."""

    tenant: str
    client_id: str
    secret: str = field(repr=False)


def paced() -> Budget:
    return Budget(Rate(200, 60))


class GraphCalendar:
    """End it with ``close``."""

    name = "graph"
    title = "Microsoft 365"  # no words: a name

    def __init__(
        self,
        app: App,
        clock: Clock,
        *,
        address: str = ADDRESS,
        login: str = LOGIN,
        budget: Budget | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._app = app
        self._clock = clock
        self._sleep = sleep
        paced_by = budget or paced()
        self._vendor = Vendor(self.title, address, paced_by, (app.secret,), request_id="request-id")
        self._login = Api(Vendor(self.title, login, paced_by, (app.secret,)), clock, explain=_login_error, sleep=sleep)
        self._way: Api | None = None

    async def busy(
        self, emails: Collection[str], start: datetime, end: datetime
    ) -> Mapping[str, tuple[Taken, ...] | None]:
        """Everybody's times are asked for through the first one's mailbox, twenty at a time."""
        found: dict[str, tuple[Taken, ...] | None] = dict.fromkeys(emails)
        wanted = sorted(emails)
        for at in range(0, len(wanted), AT_ONCE):
            some = wanted[at : at + AT_ONCE]
            answer = await self._schedules(some, start, end)
            for one in answer.objects("value"):
                email = one.text("scheduleId")
                if one.maybe_inner("error") is None:
                    found[email] = tuple(_taken(one.maybe_objects("scheduleItems")))
        return found

    async def put(self, invitation: Invitation, ref: str) -> str:
        way, events = await self._open(), _events(invitation.owner)
        if ref:
            try:
                await way.write("PATCH", f"{events}/{ref}", _body(invitation), scope=PERMISSION)
            except SourceError as error:
                if error.status not in GONE:
                    raise
            else:
                return ref
        # Named by what it is and when, so that repeating makes no second one and making it anew does.
        made = {"transactionId": f"{invitation.uid}-{int(invitation.starts_at.timestamp())}", **_body(invitation)}
        said = Shape(
            await way.write("POST", events, made, scope=PERMISSION),
            answer=say("{calendar}'s entry", calendar=self.title),
        )
        return said.text("id")

    async def remove(self, owner: str, ref: str) -> None:
        way = await self._open()
        try:
            await way.write("POST", f"{_events(owner)}/{ref}/cancel", {"comment": ""}, scope=PERMISSION)
        except SourceError as error:
            if error.status not in GONE:
                raise

    async def look(self, owner: str, ref: str) -> Shown | None:
        way = await self._open()
        try:
            answer = await way.get(f"{_events(owner)}/{ref}", {"$select": "id,start,end,isCancelled"}, scope=PERMISSION)
        except SourceError as error:
            if error.status not in GONE:
                raise
            return None
        said = Shape(answer, answer=say("{calendar}'s entry", calendar=self.title))
        if said.flag("isCancelled"):
            return None
        start, end = _instant(said.inner("start")), _instant(said.inner("end"))
        return Shown(start, round((end - start) / timedelta(minutes=1)))

    async def close(self) -> None:
        await self._login.close()
        if self._way is not None:
            await self._way.close()

    async def _schedules(self, emails: Sequence[str], start: datetime, end: datetime) -> Shape:
        way = await self._open()
        asked = {"schedules": list(emails), "startTime": _stamp(start), "endTime": _stamp(end)}
        path = f"/v1.0/users/{quote(emails[0])}/calendar/getSchedule"
        answer = await way.search(path, {**asked, "availabilityViewInterval": 30}, scope=PERMISSION)
        return Shape(answer, answer=say("{calendar}'s free/busy", calendar=self.title))

    async def _open(self) -> Api:
        if self._way is None:
            headers = await self._headers()
            self._way = Api(self._vendor, self._clock, headers=headers, renew=self._headers, sleep=self._sleep)
        return self._way

    async def _headers(self) -> Headers:
        given = {
            "grant_type": "client_credentials",
            "client_id": self._app.client_id,
            "client_secret": self._app.secret,
            "scope": SCOPE,
        }
        path = f"/{quote(self._app.tenant, safe='')}/oauth2/v2.0/token"
        said = Shape(await self._login.form(path, given), answer=say("{calendar}'s log-in", calendar=self.title))
        return {**bearer(said.text("access_token")), **UTC_TIMES}


def _login_error(answer: Answer, plain: SourceError) -> SourceError:
    if answer.fields().get("error") in ("invalid_client", "unauthorized_client", "invalid_request"):
        words = say("Microsoft refuses the log-in: check directory, client id and secret, which may have expired.")
        return SourceError(Fault.KEY, words, said=plain.said, status=plain.status)
    return plain


def _events(owner: str) -> str:
    return f"/v1.0/users/{quote(owner)}/events"


def _body(one: Invitation) -> dict[str, Any]:
    return {
        "subject": one.title,
        "start": _stamp(one.starts_at),
        "end": _stamp(one.starts_at + timedelta(minutes=one.minutes)),
        "attendees": [{"emailAddress": {"address": one.guest, "name": one.guest_name}, "type": "required"}],
    }


def _taken(items: Sequence[Shape]) -> list[Taken]:
    return [
        Taken(_instant(one.inner("start")), _instant(one.inner("end")), one.text("status").lower() == OUT_OF_OFFICE)
        for one in items
        if one.text("status").lower() in TAKEN
    ]


def _stamp(at: datetime) -> dict[str, str]:
    return {"dateTime": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": "UTC"}


def _instant(said: Shape) -> datetime:
    """Return an instant: Graph writes seven digits of fractions and the zone apart, UTC as we prefer it."""
    try:
        found = datetime.fromisoformat(said.text("dateTime")[:19])
    except ValueError:
        words = say("Microsoft's instant can't be read. Nothing of it was taken in.")
        raise SourceError(Fault.ANSWER, words) from None
    if said.maybe_text("timeZone") not in (None, "UTC"):
        words = say("Microsoft answered with another zone than UTC, which was asked for.")
        raise SourceError(Fault.ANSWER, words)
    return found.replace(tzinfo=UTC)
