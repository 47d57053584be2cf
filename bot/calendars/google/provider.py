"""Google Calendar as a calendar provider."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.calendars.google.account import GRANT, TOKEN_ADDRESS, TOKEN_PATH, ServiceAccount
from bot.coaching.said import say
from bot.services.ports import Clock
from bot.services.ports.calendars import Invitation, Shown, Taken
from bot.services.source_errors import Fault, SourceError
from bot.vendors.answers import Answer
from bot.vendors.budget import Budget, Rate
from bot.vendors.http import Api, Headers, Vendor, bearer
from bot.vendors.shape import Shape

ADDRESS = "https://www.googleapis.com"
EVENTS = "/calendar/v3/calendars/primary/events"
CONFLICT = 409
GONE = frozenset({404, 410})
SPENT = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "calendarUsageLimitsExceeded"})
TELL_GUESTS = {"sendUpdates": "all"}
MARK = {"private": {"cadence": "1on1"}}


def paced() -> Budget:
    return Budget(Rate(400, 60))


class GoogleCalendar:
    """Each call is made as the person whose calendar it is. End it with ``close``."""

    name = "google"
    title = "Google Calendar"  # no words: a name

    def __init__(
        self,
        account: ServiceAccount,
        clock: Clock,
        *,
        address: str = ADDRESS,
        token_address: str = TOKEN_ADDRESS,
        budget: Budget | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._account = account
        self._clock = clock
        self._sleep = sleep
        self._vendor = Vendor(self.title, address, budget or paced())
        login = Vendor(self.title, token_address, self._vendor.budget)
        self._login = Api(login, clock, explain=_explain_login, sleep=sleep)
        self._ways: dict[str, Api] = {}

    async def busy(
        self, emails: Collection[str], start: datetime, end: datetime
    ) -> Mapping[str, tuple[Taken, ...] | None]:
        """Google's free/busy doesn't tell out of office from busy, so that is asked for apart."""
        found: dict[str, tuple[Taken, ...] | None] = {}
        for email in emails:
            try:
                found[email] = await self._busy(email, start, end)
            except SourceError as error:
                if error.fault not in (Fault.NOT_THERE, Fault.SCOPE):
                    raise
                found[email] = None
        return found

    async def put(self, invitation: Invitation, ref: str) -> str:
        way, identity = await self._way(invitation.owner), ref or _identity(invitation.uid)
        body = _body(invitation)
        if not ref:
            try:
                await way.write("POST", EVENTS, {"id": identity, **body}, params=TELL_GUESTS)
            except SourceError as error:
                if error.status != CONFLICT:  # made by an attempt before, of whose end nobody heard
                    raise
            else:
                return identity
        await way.write("PATCH", f"{EVENTS}/{identity}", body, params=TELL_GUESTS)
        return identity

    async def remove(self, owner: str, ref: str) -> None:
        way = await self._way(owner)
        try:
            await way.write("DELETE", f"{EVENTS}/{ref}", params=TELL_GUESTS)
        except SourceError as error:
            if error.status not in GONE:
                raise

    async def look(self, owner: str, ref: str) -> Shown | None:
        way = await self._way(owner)
        try:
            said = Shape(await way.get(f"{EVENTS}/{ref}"), answer=say("{calendar}'s entry", calendar=self.title))
        except SourceError as error:
            if error.status not in GONE:
                raise
            return None
        if said.maybe_text("status") == "cancelled":
            return None
        start, end = _instant(said.inner("start")), _instant(said.inner("end"))
        return Shown(start, round((end - start) / timedelta(minutes=1)))

    async def close(self) -> None:
        for way in (self._login, *self._ways.values()):
            await way.close()

    async def _busy(self, email: str, start: datetime, end: datetime) -> tuple[Taken, ...] | None:
        asked = {"timeMin": _stamp(start), "timeMax": _stamp(end), "timeZone": "UTC", "items": [{"id": email}]}
        way = await self._way(email)
        answer = Shape(
            await way.search("/calendar/v3/freeBusy", asked), answer=say("{calendar}'s free/busy", calendar=self.title)
        )
        said = answer.inner("calendars").maybe_inner(email)
        if said is None or said.maybe_objects("errors"):
            return None
        busy = [Taken(_parsed(one.text("start")), _parsed(one.text("end"))) for one in said.maybe_objects("busy")]
        return (*busy, *await self._away(way, start, end))

    async def _away(self, way: Api, start: datetime, end: datetime) -> list[Taken]:
        """Return the times out of office; of these entries nothing but the times is asked for."""
        asked = {
            "eventTypes": "outOfOffice",
            "singleEvents": "true",
            "timeMin": _stamp(start),
            "timeMax": _stamp(end),
            "maxResults": "250",
            "fields": "items(status,start,end)",
        }
        answer = Shape(
            await way.get(EVENTS, asked), answer=say("{calendar}'s times out of office", calendar=self.title)
        )
        return [
            Taken(_instant(one.inner("start")), _instant(one.inner("end")), away=True)
            for one in answer.maybe_objects("items")
            if one.maybe_text("status") != "cancelled"
        ]

    async def _way(self, person: str) -> Api:
        """Return a way on which we act for the person, logged in."""
        if person not in self._ways:

            async def renew() -> Headers:
                return await self._headers(person)

            headers = await renew()
            self._ways[person] = Api(
                self._vendor, self._clock, headers=headers, explain=_explain, renew=renew, sleep=self._sleep
            )
        return self._ways[person]

    async def _headers(self, person: str) -> Headers:
        given = {"grant_type": GRANT, "assertion": self._account.assertion(person, self._clock.now())}
        said = Shape(await self._login.form(TOKEN_PATH, given), answer=say("{calendar}'s log-in", calendar=self.title))
        return bearer(said.text("access_token"))


def _explain(answer: Answer, plain: SourceError) -> SourceError:
    """Google says 403 also for too much at once."""
    error = answer.fields().get("error")
    listed = error.get("errors") if isinstance(error, dict) else None
    reasons = {one.get("reason") for one in listed or () if isinstance(one, dict)}
    if reasons & SPENT:
        words = say("Google Calendar was asked too often.")
        return SourceError(Fault.BUSY, words, said=plain.said, status=answer.status)
    return plain


def _explain_login(answer: Answer, plain: SourceError) -> SourceError:
    said = answer.fields().get("error")
    if said == "unauthorized_client":
        words = say(
            "Google doesn't let the service account act for people: let its client id do so in the admin console "
            "(Security, API controls, Domain-wide delegation) with both scopes of docs/sources.md."
        )
        return SourceError(Fault.KEY, words, said=plain.said, status=plain.status)
    if said in ("invalid_grant", "invalid_client"):
        # Also what an address that isn't of this Google organisation gets.
        words = say(
            "Google refuses the key for this person: it was deleted, or the address isn't of this organisation."
        )
        fault = Fault.NOT_THERE if said == "invalid_grant" else Fault.KEY
        return SourceError(fault, words, said=plain.said, status=plain.status)
    return plain


def _identity(uid: str) -> str:
    """Return an id as Google takes them (a to v and digits), the same for the same 1:1."""
    return "cad" + base64.b32hexencode(uid.encode()).decode().rstrip("=").lower()


def _body(one: Invitation) -> dict[str, Any]:
    end = one.starts_at + timedelta(minutes=one.minutes)
    return {
        "summary": one.title,
        "start": {"dateTime": _stamp(one.starts_at), "timeZone": "UTC"},
        "end": {"dateTime": _stamp(end), "timeZone": "UTC"},
        "attendees": [{"email": one.guest}],
        "guestsCanModify": True,
        "status": "confirmed",
        "extendedProperties": MARK,
    }


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _instant(said: Shape) -> datetime:
    """Return when an entry starts or ends; a whole day does at its midnight in UTC."""
    return _parsed(said.maybe_text("dateTime") or f"{said.text('date')}T00:00:00+00:00")


def _parsed(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        words = say("Google Calendar's instant can't be read: nothing was taken in.")
        raise SourceError(Fault.ANSWER, words) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
