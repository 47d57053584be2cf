"""A rep's page: every number with what it came from, in the order of the specification."""

from __future__ import annotations

from bot.explain.foundations import cadence, curve, deal_size, pace, win_rate
from bot.explain.lines import laid_out
from bot.explain.rep import Explained
from bot.explain.topics import aspiration, balance, choices, past, trajectory, winnable


def page(name: str, one: Explained) -> str:
    """Return the page as text. Sentences in quotation marks are what the rep reads."""
    ground = one.numbers.ground
    how_to_read = (
        f"Money in {ground.settings.currency}, ages and cycles in days, shares and chances from 0 to 1. In round "
        "brackets: how many records were used, and how they were read. After =: how to compute it again. In quotation "
        "marks: what the rep reads."
    )
    chapters = (
        win_rate(ground),
        curve(ground),
        deal_size(ground),
        pace(ground),
        cadence(one),
        winnable(one.numbers),
        *(balance(ground, horizon) for horizon in one.numbers.horizons),
        aspiration(one),
        past(one.numbers),
        trajectory(one),
        choices(one.agenda),
    )
    return laid_out((f"{name}, as of {ground.as_of.isoformat()}", how_to_read), chapters)
