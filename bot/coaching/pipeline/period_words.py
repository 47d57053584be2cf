"""What a goal's period is called inside of a sentence."""

from __future__ import annotations

from bot.coaching.pipeline.periods import Target
from bot.coaching.said import Said, say

THE: dict[str, Said] = {
    "month": say("the month"),
    "quarter": say("the quarter"),
    "year": say("the year"),
    "period": say("the period"),
}
YOUR: dict[str, Said] = {
    "month": say("your month"),
    "quarter": say("your quarter"),
    "year": say("your year"),
    "period": say("your period"),
}
GOALS: dict[str, Said] = {
    "month": say("Your month's goal"),
    "quarter": say("Your quarter's goal"),
    "year": say("Your year's goal"),
    "period": say("Your period's goal"),
}
NEXT_YEAR = say("next year")


def the_period(target: Target) -> Said:
    """Return "the quarter", as what something is won or made for."""
    return THE[target.word]


def your_period(target: Target) -> Said:
    """Return "your quarter", as what a deal decides."""
    return YOUR[target.word]


def periods_goal(target: Target) -> Said:
    """Return "Your quarter's goal", which begins a sentence."""
    return GOALS[target.word]
