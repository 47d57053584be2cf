"""Which submitted forms can have no fault: what they ask for is all there, whatever the database says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.views import approvals, closing, forks, reminders
from bot.views.ids import CallbackId

COMPLETE: Mapping[str, Callable[[dict[str, Any]], bool]] = {
    CallbackId.PROMPT_ANSWERS: lambda _: True,
    CallbackId.FORK_DECLINE: lambda form: bool(forks.parse_reason(form)),
    CallbackId.SEND_BACK: lambda form: bool(approvals.parse_words(form)),
    CallbackId.REPORT_NUMBER: lambda form: reminders.parse_number(form) is not None,
    CallbackId.MEETING_EXCUSE: lambda form: bool(closing.parse_excuse(form)),
}
"""Forms that close once they are done and of which nothing but what was typed can be wrong; how that is told."""


def is_complete(form: dict[str, Any]) -> bool:
    """Whether the form of a view_submission may be acknowledged before it is done."""
    complete = COMPLETE.get(str(form.get("callback_id")))
    return complete is not None and complete(form)
