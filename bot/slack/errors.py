"""Slack's error codes and broken connections, turned into what to do about a message (reliability, part of 1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import isnan
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.coaching.said import say
from bot.errors import CadenceError
from bot.services.ports import TOO_LATE, Refusals

FAILURES = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
"""Everything a call through the SDK raises when Slack, or the way to it, fails."""

TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
DEFAULT_RETRY_AFTER = 30.0
LONGEST_RETRY_AFTER = 3600.0
"""Slack's limits are by the minute; no answer may silence the bot for longer than this, whatever stands in it."""


class Outcome(StrEnum):
    """What a failed call means for the message it was about."""

    LATER = "later"
    """Certainly not done; time mends it."""
    UNKNOWN = "unknown"
    """Perhaps done: look before doing it again."""
    REFUSED = "refused"
    """Certainly not done, and it never will be as it stands."""
    LAYOUT = "layout"
    """Slack doesn't take these blocks: say the same in plain words."""
    UNREACHABLE = "unreachable"
    """This person can't be written to."""
    VANISHED = "vanished"
    """The posted message can't be rewritten any more: post anew."""
    STOP = "stop"
    """No message gets through until the operator acts."""


_CODES: dict[Outcome, tuple[str, ...]] = {
    Outcome.LATER: (
        "ratelimited", "rate_limited", "message_limit_exceeded", "team_added_to_org", "service_unavailable",
        "restricted_too_many", "ekm_access_denied", "hash_conflict",
    ),
    # Slack says of these that part of the operation may have succeeded.
    Outcome.UNKNOWN: ("fatal_error", "internal_error", "request_timeout"),
    Outcome.REFUSED: (
        "msg_too_long", "no_text", "metadata_too_large", "invalid_metadata_format", "invalid_metadata_schema",
        "invalid_arg_name", "invalid_array_arg", "invalid_charset", "invalid_form_data", "invalid_post_type",
        "missing_post_type", "too_many_attachments", "restricted_action", "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel", "restricted_action_non_threadable_channel", "not_enabled",
    ),
    # views.publish answers invalid_arguments to blocks that chat.postMessage calls invalid_blocks.
    Outcome.LAYOUT: (
        "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "block_mismatch", "invalid_attachments",
        "invalid_arguments", "view_too_large",
    ),
    Outcome.UNREACHABLE: (
        "user_disabled", "user_not_found", "user_not_visible", "users_not_found", "channel_not_found",
        "not_in_channel", "is_archived", "cannot_dm_bot", "users_list_not_supplied",
    ),
    Outcome.VANISHED: ("message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"),
    Outcome.STOP: (
        "invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_authed", "missing_scope",
        "no_permission", "not_allowed_token_type", "access_denied", "org_login_required", "team_access_not_granted",
        "messages_tab_disabled", "method_deprecated", "deprecated_endpoint", "two_factor_setup_required",
        "enterprise_is_restricted",
    ),
}  # fmt: skip

OUTCOMES: Mapping[str, Outcome] = {code: outcome for outcome, codes in _CODES.items() for code in codes}
"""The one table from Slack's code to what to do; a code not in it counts as UNKNOWN."""

REMEDIES: Mapping[str, str] = {
    "missing_scope": say("Reinstall the Slack app from `cadence manifest`: a scope is missing."),
    "messages_tab_disabled": say("Turn on the Messages tab under App Home in the Slack app's settings."),
    "no_permission": say("Reinstall the Slack app from `cadence manifest`: a scope is missing."),
    "not_allowed_token_type": say(
        "Check which token is which: SLACK_BOT_TOKEN starts with xoxb-, SLACK_APP_TOKEN xapp-."
    ),
}
_RESTRICTED = say("Your workspace restricts who may post: an owner of it can let the Cadence app write.")
_NO_ACCOUNT = say("Slack doesn't know this account: check the e-mail address in people.csv, then import it again.")
_FAULT = say("This is a fault of Cadence: `delivery.given_up` in the log names the message.")
LOST: Mapping[str, str] = {
    TOO_LATE: say("See in the log why they waited so long, then ask the people in person."),
    "not_enabled": say("Turn on the Home tab under App Home in the Slack app's settings."),
    "user_not_found": _NO_ACCOUNT,
    "users_not_found": _NO_ACCOUNT,
    "user_not_visible": _NO_ACCOUNT,
    "channel_not_found": _NO_ACCOUNT,
    "cannot_dm_bot": say("This is the account of a bot: check the e-mail address in people.csv."),
    **{code: _RESTRICTED for code in _CODES[Outcome.REFUSED] if code.startswith("restricted_action")},
}
"""What helps where a message was given up."""

DEFAULT_REMEDY = say("Check the tokens and that the Slack app is still installed, then restart the bot.")


def remedy(code: str) -> str:
    """Return what an admin can do about messages that Slack refused with this code."""
    if OUTCOMES.get(code) is Outcome.STOP:
        return REMEDIES.get(code, DEFAULT_REMEDY)
    return LOST.get(code, _FAULT)


REFUSALS = Refusals(
    stops=frozenset(_CODES[Outcome.STOP]),
    gone=frozenset({"user_disabled", "account_inactive"}),  # of one account: of the bot's own, nothing is given up
    remedy=remedy,
)


class SlackFailureError(CadenceError):
    """A call to Slack that failed. ``code`` is Slack's word or the kind of fault; ``retry_after`` is in seconds.

    ``about_file`` says that Slack refused a file in the blocks, as it does also while it's still processing one.
    """

    def __init__(
        self, outcome: Outcome, code: str, retry_after: float | None = None, *, about_file: bool = False
    ) -> None:
        super().__init__(f"Slack answered {code}.")  # no words: of the log
        self.outcome = outcome
        self.code = code
        self.retry_after = retry_after
        self.about_file = about_file

    @property
    def remedy(self) -> str:
        """What the operator can do when nothing gets through."""
        return REMEDIES.get(self.code, DEFAULT_REMEDY)


def failure(error: BaseException) -> SlackFailureError:
    """Read one of FAILURES. Nothing of the message's text gets into the result, so it may be logged."""
    if isinstance(error, SlackApiError):
        return _refusal(error.response)
    # Only a connection that never came about proves that Slack saw nothing.
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return SlackFailureError(Outcome.LATER, "no_connection")
    if isinstance(error, SlackClientError):  # the SDK refused to send it
        return SlackFailureError(Outcome.REFUSED, type(error).__name__)
    return SlackFailureError(Outcome.UNKNOWN, "timeout" if isinstance(error, TimeoutError) else type(error).__name__)


def _refusal(response: Any) -> SlackFailureError:
    """Read an answer that is not ok: the SDK's, or aiohttp's when the body is no JSON."""
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)
    data = getattr(response, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    if status == TOO_MANY_REQUESTS or OUTCOMES.get(code) is Outcome.LATER:
        return SlackFailureError(Outcome.LATER, code or "ratelimited", _retry_after(response, status))
    if status >= SERVER_ERROR and OUTCOMES.get(code) is not Outcome.STOP:
        return SlackFailureError(Outcome.UNKNOWN, code or f"http_{status}")
    outcome = OUTCOMES.get(code, Outcome.UNKNOWN)
    return SlackFailureError(outcome, code or f"http_{status}", about_file=outcome is Outcome.LAYOUT and _of_file(data))


def _of_file(data: Any) -> bool:
    """Tell whether Slack's messages name a file, such as "invalid slack file [json-pointer:/blocks/0/slack_file]"."""
    metadata = data.get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    return "slack_file" in str([data.get("errors"), messages])


def _retry_after(response: Any, status: int) -> float | None:
    headers = getattr(response, "headers", None) or {}
    given = headers.get("Retry-After") or headers.get("retry-after")  # no words: a header
    if not given:
        return DEFAULT_RETRY_AFTER if status == TOO_MANY_REQUESTS else None
    try:
        seconds = float(given)
    except ValueError:  # an HTTP date, which Slack doesn't send but a proxy may
        return DEFAULT_RETRY_AFTER
    return DEFAULT_RETRY_AFTER if isnan(seconds) else min(max(1.0, seconds), LONGEST_RETRY_AFTER)
