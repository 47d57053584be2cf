"""The way to one vendor's API: plain httpx with timeouts, a budget and retries of what is safe to repeat."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from bot.clock import is_loopback
from bot.coaching.said import joined, say
from bot.errors import ConfigurationError
from bot.services.ports import Clock
from bot.services.source_errors import Fault, SourceError
from bot.vendors.answers import Answer, refusal, retry_after
from bot.vendors.budget import Budget
from bot.vendors.secrets_out import Redaction

log = logging.getLogger(__name__)

Headers = Mapping[str, str]
Explain = Callable[[Answer, SourceError], SourceError]
"""Reads a vendor's error: takes the answer and what its status alone means, returns what it means."""

TRIES = 5
IN_FLIGHT = 4
TIMEOUT = httpx.Timeout(30, connect=5)
LONGEST_WAIT = timedelta(minutes=5)
"""Who is asked to wait longer gives up and says until when."""
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
MOST_BYTES = 32 * 1024 * 1024
_UNAUTHORISED = 401
_TIME_MENDS = frozenset({Fault.BUSY, Fault.DOWN, Fault.ANSWER})


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who is asked: its name as people know it, where it is, and how fast it may be asked.

    ``request_id`` is the header with the id under which its support finds a request; ``secrets`` never leave.
    """

    title: str
    address: str
    budget: Budget
    secrets: tuple[str, ...] = field(default=(), repr=False)
    request_id: str = ""


class Api:
    """An open way to a vendor; end it with ``close``. Only what may be repeated goes over it."""

    def __init__(
        self,
        vendor: Vendor,
        clock: Clock,
        *,
        headers: Headers | None = None,
        explain: Explain | None = None,
        renew: Callable[[], Awaitable[Headers]] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """``renew`` gets new authorising headers, once, after a 401.

        Raises ConfigurationError for an address that isn't https, but for one on this machine.
        """
        if urlsplit(vendor.address).scheme != "https" and not is_loopback(vendor.address):
            raise ConfigurationError(
                say("{vendor}'s address must begin with https://, for the key travels over it.", vendor=vendor.title)
            )
        self.vendor = vendor
        self.redact = Redaction(vendor.secrets)
        self._clock = clock
        self._headers = dict(headers or {})
        self._explain = explain
        self._renew = renew
        self._sleep = sleep
        self._places = asyncio.Semaphore(IN_FLIGHT)
        self._client = httpx.AsyncClient(
            timeout=TIMEOUT, follow_redirects=False, trust_env=not is_loopback(vendor.address)
        )
        self._said_at: tuple[datetime, datetime] | None = None

    async def get(self, path: str, params: Mapping[str, Any] | None = None, *, scope: str = "", cost: float = 1) -> Any:
        """Return the JSON at ``path``, which may be a link of the vendor's own on its own host.

        ``scope`` names the permission it needs, for the error; ``cost`` is what it takes of the budget.
        Raises SourceError, the vendor's words in it, when it isn't had after up to five tries.
        """
        return await self._read("GET", path, scope, cost, params=params)

    async def search(self, path: str, body: Mapping[str, Any], *, scope: str = "", cost: float = 1) -> Any:
        """Return the JSON that a POST which only reads answers; as ``get``."""
        return await self._read("POST", path, scope, cost, json=body)

    async def write(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        params: Mapping[str, Any] | None = None,
        scope: str = "",
    ) -> Any:
        """Return the JSON that a change answers, None for none; as ``get``.

        Only a change that does no more when it comes twice: one that names what it makes, sets or removes.
        """
        what: dict[str, Any] = {"params": params} if body is None else {"params": params, "json": body}
        return await self._read(method, path, scope, 1, **what)

    async def form(self, path: str, fields: Mapping[str, str]) -> Any:
        """Return the JSON that a form answers which changes nothing: a log-in; as ``get``."""
        return await self._read("POST", path, "", 1, data=fields)

    def server_now(self) -> datetime:
        """Return what the vendor's clock says now, by its last answer; ours before the first."""
        now = self._clock.now()
        return now if self._said_at is None else self._said_at[0] + (now - self._said_at[1])

    async def close(self) -> None:
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _read(self, method: str, path: str, scope: str, cost: float, **what: Any) -> Any:
        url = self._url(path)
        place = f"{method} {urlsplit(url).path}"
        renewed = self._renew is None
        for attempt in range(1, TRIES + 1):
            try:
                answer = await self._send(method, url, place, cost, what)
                if answer.status == _UNAUTHORISED and not renewed and self._renew is not None:
                    renewed = True
                    self._headers.update(await self._renew())
                    answer = await self._send(method, url, place, cost, what)
                if answer.good:
                    return answer.json() if answer.body else None
                error = self._refused(answer, scope)
                wait = retry_after(answer, self._clock.now())
            except SourceError as failed:
                error, wait = failed, None
            if error.fault not in _TIME_MENDS or error.retry_at is not None:
                raise error
            if wait is not None and wait > LONGEST_WAIT:
                at = self._clock.now() + wait
                until = say("It asks to wait until {time} UTC.", time=f"{at:%H:%M}")
                words = joined((str(error), until))
                raise SourceError(error.fault, words, said=error.said, retry_at=at, status=error.status)
            if attempt == TRIES:
                raise error
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1)) * random.uniform(0.5, 1)  # noqa: S311 - no secret
            await self._sleep(pause if wait is None else wait.total_seconds())
        raise AssertionError("the last try returns or raises")

    def _refused(self, answer: Answer, scope: str) -> SourceError:
        plain = refusal(answer, self.redact, scope=scope)
        return plain if self._explain is None else self._explain(answer, plain)

    async def _send(self, method: str, url: str, place: str, cost: float, what: Mapping[str, Any]) -> Answer:
        await self.vendor.budget.take(cost)
        began = time.monotonic()
        async with self._places:
            try:
                async with self._client.stream(method, url, headers=self._headers, **what) as response:
                    body = await self._body(response, place)
            except httpx.RequestError as error:
                log.warning("source.unreachable", extra={"place": place, "error": type(error).__name__})
                words = say(
                    "{vendor} couldn't be reached at {place}: {why}.",
                    vendor=self.vendor.title,
                    place=place,
                    why=_unreached(error, self.vendor.address),
                )
                raise SourceError(Fault.DOWN, words) from error
        answer = Answer(self.vendor.title, place, response.status_code, response.headers, body)
        self._note_time(answer)
        log.log(
            logging.DEBUG if answer.good else logging.WARNING,
            "source.answered",
            extra={
                "place": place,
                "status": answer.status,
                "request": answer.headers.get(self.vendor.request_id, "") if self.vendor.request_id else "",
                "milliseconds": round((time.monotonic() - began) * 1000),
            },
        )
        return answer

    async def _body(self, response: httpx.Response, place: str) -> bytes:
        read = bytearray()
        async for piece in response.aiter_bytes():
            read += piece
            if len(read) > MOST_BYTES:
                words = say(
                    "{vendor}'s answer to {place} has more than {most} MB.",
                    vendor=self.vendor.title,
                    place=place,
                    most=MOST_BYTES // 2**20,
                )
                raise SourceError(Fault.ANSWER, words)
        return bytes(read)

    def _note_time(self, answer: Answer) -> None:
        at = answer.server_time()
        if at is not None:
            self._said_at = (at, self._clock.now())

    def _url(self, path: str) -> str:
        """Return where to go. A link that leads to another host would take the key there, so it isn't followed."""
        if path.startswith("/"):
            return f"{self.vendor.address.rstrip('/')}{path}"
        given, own = urlsplit(path), urlsplit(self.vendor.address)
        if (given.scheme, given.netloc) != (own.scheme, own.netloc):
            words = say("{vendor} gave a link to another host, which isn't followed.", vendor=self.vendor.title)
            raise SourceError(Fault.ANSWER, words)
        return path


def bearer(token: str) -> dict[str, str]:
    """Return the header that authorises a request by a token."""
    return {"Authorization": f"Bearer {token}"}  # no words: HTTP


def _unreached(error: httpx.RequestError, address: str) -> str:
    host = urlsplit(address).netloc
    if isinstance(error, httpx.TimeoutException):
        return say("{host} didn't answer in time. Try later, or check the way there", host=host)
    if isinstance(error, httpx.ConnectError):
        return say(
            "nothing answers at {host}. Check the address and the way there, such as a proxy or a firewall", host=host
        )
    kind = type(error).__name__
    return say("the connection to {host} broke off ({kind}). A later try may do", host=host, kind=kind)
