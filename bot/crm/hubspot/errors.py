"""What HubSpot's refusals mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.coaching.said import joined, say
from bot.services.ports import Clock
from bot.services.source_errors import Fault, SourceError
from bot.vendors.answers import Answer, quote


def explain(clock: Clock, zone: Callable[[], str]) -> Callable[[Answer, SourceError], SourceError]:
    """Return the reader of HubSpot's errors; ``zone`` says the account's zone, in which its days begin."""

    def read(answer: Answer, plain: SourceError) -> SourceError:
        fields = answer.fields()
        if plain.fault is Fault.SCOPE and (missing := sorted(set(_scopes(fields)))):
            named = ", ".join(missing)
            words = say(
                "HubSpot doesn't allow {place} (403). Add the scope {scope} to the Service Key in HubSpot.",
                place=answer.place,
                scope=named,
            )
            return SourceError(Fault.SCOPE, joined((words, quote(plain.said))), said=plain.said, scope=named)
        if plain.fault is Fault.BUSY and fields.get("policyName") == "DAILY":
            until = _midnight(clock.now(), zone())
            words = say(
                "HubSpot's calls for today are used up, perhaps by another integration: it goes on after midnight."
            )
            return SourceError(Fault.BUSY, words, said=plain.said, retry_at=until)
        return plain

    return read


def _scopes(fields: Mapping[str, Any]) -> Iterator[str]:
    """Yield the scopes that an error names, wherever it does."""
    for part in (fields, *(one for one in fields.get("errors") or () if isinstance(one, dict))):
        context = part.get("context")
        for name, listed in context.items() if isinstance(context, dict) else ():
            if "scope" in name.lower() and isinstance(listed, list):
                yield from (scope for scope in listed if isinstance(scope, str))


def _midnight(now: datetime, zone: str) -> datetime:
    local = ZoneInfo(zone or "UTC")
    tomorrow = now.astimezone(local).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), local).astimezone(UTC)
