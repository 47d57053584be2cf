"""What the doctor found, as an admin reads it in Slack: what needs somebody first, with what helps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.coaching.said import capital
from bot.views.blocks import context, message, packed, section
from bot.views.message import Message
from bot.views.mrkdwn import esc, moment
from bot.views.speaking import tr, tr_many

MOST_SHOWN = 20


class Found(Protocol):
    """What was found of one thing."""

    @property
    def about(self) -> str: ...
    @property
    def good(self) -> bool: ...
    @property
    def sentence(self) -> str: ...


def looking() -> Message:
    """Say that the look has begun."""
    line = tr("*I'm looking everything over.* What I find comes as a message in a moment, and stands on your home tab.")
    return message(line, section(line))


def found(findings: Sequence[Found], at: datetime, zone: str) -> Message:
    """Tell an admin who asked what was found."""
    bad = [one for one in findings if not one.good]
    line = tr("*{headline}* As of {when}, as you asked.", headline=headline(findings), when=moment(at, zone))
    return message(line, section(line), *packed(map(line_of, bad[:MOST_SHOWN]), sections=6), context(*well(findings)))


def headline(findings: Sequence[Found]) -> str:
    """Return in a sentence how many things need somebody."""
    bad = sum(not one.good for one in findings)
    if not bad:
        return tr_many("All {n} check are well.", "All {n} checks are well.", len(findings))
    checks = tr_many("{n} check", "{n} checks", len(findings))
    return tr_many("{n} of {checks} needs you.", "{n} of {checks} need you.", bad, checks=checks)


def line_of(one: Found, most: int = 900) -> str:
    """Return what the matter is and what to do."""
    return f"• *{esc(capital(one.about), 80)}*: {esc(one.sentence, most)}"


def well(findings: Sequence[Found]) -> list[str]:
    """Return what is in order, in a line, and where else this can be had."""
    good = ", ".join(dict.fromkeys(esc(one.about, 80) for one in findings if one.good))
    well_ones = [tr("Well: {checks}.", checks=good)] if good else []
    return [*well_ones, tr("On the machine where I run `cadence doctor` says the same.")]
