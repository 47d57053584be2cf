"""What is said when something can't be done."""

from __future__ import annotations

from bot.views.blocks import View, form, message, section
from bot.views.ids import CallbackId
from bot.views.message import Message
from bot.views.mrkdwn import esc
from bot.views.speaking import tr


def problem(title: str, sentence: str) -> View:
    """Return a form that says what stands in the way and what to do next; ``title`` is cut at 24 characters."""
    said = esc(sentence, 2500) or tr("This can't be done now.")
    return form(CallbackId.PROBLEM, title.strip() or tr("Not possible"), [section(said)], close=tr("Close"))


def refused(sentence: str) -> Message:
    """Tell somebody why a button pressed in a rush did nothing: no form can be opened any more to say so."""
    opening = tr("*What you pressed couldn't be done.*")
    said = f"{opening} {esc(sentence, 2500)}"
    return message(said, section(said))


def keeps_failing(what: str, key: str) -> Message:
    """Tell an admin what couldn't be done again and again, and where to find why; nobody's words are in it."""
    line = tr(
        "*I can't {what}.* I tried ten times and go on once a day. My log says why: look for `duty.failed` with the "
        "key `{key}`. `cadence doctor` checks what it may come from.",
        what=esc(what, 300),
        key=esc(key, 300),
    )
    return message(line, section(line))


def error(reference: str) -> Message:
    """Apologise for a fault of ours, with the reference under which the operator finds it."""
    said = _apology(esc(reference, 80) or tr("none"))
    return message(said, section(said))


def error_modal(reference: str) -> View:
    """Apologise where only a form can be shown."""
    return problem(tr("Something went wrong"), _apology(reference))


def _apology(reference: str) -> str:
    return tr(
        "Sorry, something went wrong on our side and nothing was changed. Please try again in a minute; if it happens "
        "again, give your admin this reference: {reference}",
        reference=reference,
    )
