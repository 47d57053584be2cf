"""What an HTTP answer of a vendor means, before anybody looks at what it is about."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from bot.coaching.said import joined, say
from bot.services.source_errors import Fault, SourceError

_OK = range(200, 300)
_MOVED = range(300, 400)
_SERVER_ERRORS = range(500, 600)
_TRANSIENT = frozenset({408, 423, 425, 477})


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, read whole. ``title`` is the vendor's name, ``place`` the method and the path, no query."""

    title: str
    place: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def good(self) -> bool:
        return self.status in _OK

    def json(self) -> Any:
        """Return what the body says. Raises SourceError (Fault.ANSWER) for HTML, half a document and the like."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise SourceError(Fault.ANSWER, self._unreadable()) from error

    def fields(self) -> Mapping[str, Any]:
        """Return a JSON object's fields, none where the body isn't one: errors come in any form."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        if isinstance(found, list) and found:
            found = found[0]  # Salesforce lists its errors
        return found if isinstance(found, dict) else {}

    def server_time(self) -> datetime | None:
        """Return what the vendor's clock said."""
        return _http_date(self.headers.get("date", ""))

    def _unreadable(self) -> str:
        if self.body.lstrip()[:1] == b"<":
            return say(
                "{vendor} answered {place} with a web page instead of data: a proxy, a log-in page or a "
                "maintenance notice stands in between. Check the address, or try later.",
                vendor=self.title,
                place=self.place,
            )
        return say(
            "{vendor}'s answer to {place} can't be read: it was cut off or isn't JSON. A later try may do.",
            vendor=self.title,
            place=self.place,
        )


def retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """Return how long the vendor asks to wait: seconds, or a date, which is compared with its own clock."""
    given = answer.headers.get("retry-after", "").strip()
    if given.isdigit():
        return timedelta(seconds=min(int(given), 10**7))
    at = _http_date(given)
    return None if at is None else max(timedelta(0), at - (answer.server_time() or now))


def refusal(answer: Answer, redact: Callable[[str], str], *, scope: str = "") -> SourceError:
    """Return what an answer that isn't good means by its status alone; ``scope`` is what the call needs, if known."""
    said = redact(_words(answer.fields()))
    fault, words = _by_status(answer.status, answer.title, answer.place)
    needed = scope if fault is Fault.SCOPE else ""
    return SourceError(
        fault, joined((words, needs(needed), quote(said))), said=said, scope=needed, status=answer.status
    )


def needs(scope: str) -> str:
    """Return what a call needs as a sentence, "" where that isn't known."""
    return say("It needs {scope}.", scope=scope) if scope else ""


def quote(said: str) -> str:
    """Return the vendor's own words as a sentence, "" for none."""
    return say('It said: "{words}".', words=said.rstrip(".")) if said else ""


def _by_status(status: int, vendor: str, place: str) -> tuple[Fault, str]:
    if status in _SERVER_ERRORS or status in _TRANSIENT:
        return Fault.DOWN, say(
            "{vendor} failed ({status}) at {place}: the fault is on its side, so a later try may do.",
            vendor=vendor,
            status=status,
            place=place,
        )
    if status in _MOVED:
        return Fault.ANSWER, say(
            "{vendor} wants to lead {place} elsewhere ({status}), which isn't followed.",
            vendor=vendor,
            place=place,
            status=status,
        )
    return _refused(status, vendor, place)


def _refused(status: int, vendor: str, place: str) -> tuple[Fault, str]:
    match status:
        case 401:
            words = say(
                "{vendor} refuses the credentials (401): they are wrong, expired or revoked, so connect it anew.",
                vendor=vendor,
            )
            return Fault.KEY, words
        case 403:
            words = say(
                "{vendor} doesn't allow {place} (403): a scope or permission is missing.", vendor=vendor, place=place
            )
            return Fault.SCOPE, words
        case 404:
            words = say(
                "{vendor} says that {place} isn't there (404): check the address and the version.",
                vendor=vendor,
                place=place,
            )
            return Fault.NOT_THERE, words
        case 410:
            words = say(
                "{vendor} says that {place} is no longer there (410): check the address and the version.",
                vendor=vendor,
                place=place,
            )
            return Fault.NOT_THERE, words
        case 429:
            return Fault.BUSY, say("{vendor} was asked too often (429): a later try will do.", vendor=vendor)
        case _:
            words = say("{vendor} refuses {place} ({status}).", vendor=vendor, place=place, status=status)
            return Fault.REQUEST, words


def _words(fields: Mapping[str, Any]) -> str:
    for key in ("message", "error_description", "error_info", "error"):
        found = fields.get(key)
        if isinstance(found, dict):
            found = found.get("message")  # Google and Microsoft
        if isinstance(found, str) and found:
            return found
    return ""


def _http_date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
