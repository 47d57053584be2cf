"""What Salesforce's refusals mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.services.ports import Clock
from bot.services.source_errors import Fault, SourceError
from bot.vendors.answers import Answer, quote

REST = timedelta(hours=1)
"""So long a spent day rests: it is a rolling one, and Salesforce doesn't say when it has room again."""

_WORDS = {
    "API_DISABLED_FOR_ORG": (
        Fault.SCOPE,
        "This edition of Salesforce has no API, or the Run As user may not use it: its admin can switch it on.",
    ),
    "INVALID_TYPE": (
        Fault.SCOPE,
        "Salesforce doesn't show an object to the Run As user: let its permission set read it.",
    ),
    "INVALID_FIELD": (
        Fault.SCOPE,
        "Salesforce doesn't show a field to the Run As user, or it isn't there: let its permission set read it.",
    ),
    "INSUFFICIENT_ACCESS": (Fault.SCOPE, "Salesforce doesn't let the Run As user read this: extend its permissions."),
    "INVALID_QUERY_LOCATOR": (Fault.CURSOR, "Where Salesforce was read to isn't known any more: it is read anew."),
}
_LOGIN = {
    "invalid_client": "the consumer key or secret is wrong",
    "invalid_client_id": "the consumer key is wrong",
    "invalid_grant": "client credentials aren't enabled, or no Run As user is set",
    "unauthorized_client": "the app may not use client credentials",
    "invalid_request": "it isn't the company's own My Domain address",
}


def explain(clock: Clock) -> Callable[[Answer, SourceError], SourceError]:
    """Return the reader of the errors of data."""

    def read(answer: Answer, plain: SourceError) -> SourceError:
        code = answer.fields().get("errorCode")
        if code == "REQUEST_LIMIT_EXCEEDED":
            words = "Salesforce's calls of the last 24 hours are used up, perhaps by another integration: it rests."
            return SourceError(Fault.BUSY, words, said=plain.said, retry_at=clock.now() + REST)
        if code not in _WORDS:
            return plain
        fault, words = _WORDS[code]
        needs = f" It needs {plain.scope}." if plain.scope else ""
        return SourceError(fault, f"{words}{needs}{quote(plain.said)}", said=plain.said, scope=plain.scope)

    return read


def explain_login(answer: Answer, plain: SourceError) -> SourceError:
    """Return what a refused log-in means."""
    said = answer.fields().get("error")
    if said not in _LOGIN:
        return plain
    words = f"Salesforce refuses the log-in: {_LOGIN[said]}. docs/sources.md says how the app is set up."
    return SourceError(Fault.KEY, words, said=plain.said)
