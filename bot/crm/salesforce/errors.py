"""What Salesforce's refusals mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.coaching.said import joined, say
from bot.services.ports import Clock
from bot.services.source_errors import Fault, SourceError
from bot.vendors.answers import Answer, needs, quote

TITLE = "Salesforce"  # no words: a name
REST = timedelta(hours=1)
"""So long a spent day rests: it is a rolling one, and Salesforce doesn't say when it has room again."""

_WORDS = {
    "API_DISABLED_FOR_ORG": (
        Fault.SCOPE,
        say("This edition of Salesforce has no API, or the Run As user may not use it: its admin can switch it on."),
    ),
    "INVALID_TYPE": (
        Fault.SCOPE,
        say("Salesforce doesn't show an object to the Run As user: let its permission set read it."),
    ),
    "INVALID_FIELD": (
        Fault.SCOPE,
        say("Salesforce doesn't show a field to the Run As user, or it isn't there: let its permission set read it."),
    ),
    "INSUFFICIENT_ACCESS": (
        Fault.SCOPE,
        say("Salesforce doesn't let the Run As user read this: extend its permissions."),
    ),
    "INVALID_QUERY_LOCATOR": (
        Fault.CURSOR,
        say("Where {vendor} was read to isn't known any more: it is read anew.", vendor=TITLE),
    ),
}
_LOGIN = {
    "invalid_client": say("the consumer key or secret is wrong"),
    "invalid_client_id": say("the consumer key is wrong"),
    "invalid_grant": say("client credentials aren't enabled, or no Run As user is set"),
    "unauthorized_client": say("the app may not use client credentials"),
    "invalid_request": say("it isn't the company's own My Domain address"),
}


def explain(clock: Clock) -> Callable[[Answer, SourceError], SourceError]:
    """Return the reader of the errors of data."""

    def read(answer: Answer, plain: SourceError) -> SourceError:
        code = answer.fields().get("errorCode")
        if code == "REQUEST_LIMIT_EXCEEDED":
            words = say(
                "Salesforce's calls of the last 24 hours are used up, perhaps by another integration: it rests."
            )
            return SourceError(Fault.BUSY, words, said=plain.said, retry_at=clock.now() + REST)
        if code not in _WORDS:
            return plain
        fault, words = _WORDS[code]
        whole = joined((words, needs(plain.scope), quote(plain.said)))
        return SourceError(fault, whole, said=plain.said, scope=plain.scope)

    return read


def explain_login(answer: Answer, plain: SourceError) -> SourceError:
    """Return what a refused log-in means."""
    said = answer.fields().get("error")
    if said not in _LOGIN:
        return plain
    words = say("Salesforce refuses the log-in: {why}. docs/sources.md says how the app is set up.", why=_LOGIN[said])
    return SourceError(Fault.KEY, words, said=plain.said)
