"""How a goal is told in words, the same wherever it is shown."""

from __future__ import annotations

from bot.coaching.commitment import CoachingGoal, Fork, GoalState, GoalTerms, Origin
from bot.coaching.wording import units
from bot.views.mrkdwn import bold, day, esc, money, number, quote

WIDE_RANGE = 2.0
"""Above this factor only the range is shown (specification, section 6)."""

TOPIC = {
    Fork.VERIFIER: "Win What's Winnable",
    Fork.GAP: "Pipeline Balance",
    Fork.ASPIRATION: "Performance Aspirations",
}

SOURCE = {
    Fork.VERIFIER: "a deal you can win still needs something that only the customer can give",
    Fork.GAP: "your pipeline has a gap that new starts can close",
    Fork.ASPIRATION: "it brings your own awesome closer",
}


def offered(terms: GoalTerms, manager: str) -> str:
    """Return why a goal is put before the rep, and what is asked; ``manager`` is the name, escaped."""
    if terms.origin is Origin.MANAGER:
        return f"*{manager} proposes a goal to you.* Only your yes makes it one: will you do this?"
    if terms.origin is Origin.REP:
        return "*Your own goal waits for your yes.* You made it while you held two; will you do this?"
    return (
        f"*A choice only you can make.* From your 1:1, topic “{TOPIC[terms.fork]}”: {SOURCE[terms.fork]}. "
        "Will you do this?"
    )


def title(terms: GoalTerms, limit: int = 200) -> str:
    return bold(terms.title, limit)


def amount_of(terms: GoalTerms) -> str:
    return units(terms.number, esc(terms.unit, 60)).strip()


def what(terms: GoalTerms) -> str:
    """Return what, how many and by when, on one line."""
    return f"{title(terms)}: {amount_of(terms)} by {day(terms.due)}"


def plan(terms: GoalTerms) -> str:
    return f"When and where: {esc(terms.plan, 500)}" if terms.plan.strip() else "When and where: not said yet"


def path(terms: GoalTerms) -> str:
    """Return the way from the outcome to the activity, so that everybody sees why it is relevant."""
    return "Path: " + " ← ".join(esc(item, 80) for item in terms.path) if terms.path else ""


def dollars(terms: GoalTerms) -> str:
    """Return the dollars with their range, or plainly that none are claimed."""
    worth = terms.worth
    if worth is None and terms.fork is Fork.ASPIRATION:
        return "What the practice alone is worth can't be told apart yet."
    if worth is None:
        return "No dollars claimed: the record doesn't show them yet."
    spread = f"{money(worth.low)} to {money(worth.high)}"
    if worth.high > WIDE_RANGE * worth.expected:
        return f"Worth {spread}; too early to say closer."
    around = "" if money(worth.low) == money(worth.high) else f" ({spread})"
    return f"Worth about {money(worth.expected)}{around}."


def dollars_reason(terms: GoalTerms) -> str:
    return esc(terms.worth.sentence, 500) if terms.worth else ""


def done(goal: CoachingGoal) -> str:
    """Return "5 of 12 calls", counting what was never reported as nothing yet."""
    return f"{number(goal.done or 0)} of {amount_of(goal.terms)}"


def reached(goal: CoachingGoal) -> str:
    """Return how far a goal is and by when, in our own words only: for where Slack reads no markup."""
    return f"{number(goal.done or 0)} of {goal.terms.number:,} by {day(goal.terms.due)}"


STATE_WORDS = {
    GoalState.OFFERED: "waiting for your yes",
    GoalState.DECLINED: "not now",
    GoalState.ACCEPTED: "waiting for approval",
    GoalState.SENT_BACK: "sent back, waiting for your yes",
    GoalState.ACTIVE: "active",
    GoalState.KEPT: "kept",
    GoalState.PARTLY: "partly done",
    GoalState.MISSED: "not done",
    GoalState.OBSOLETE: "no longer relevant",
}


def progress(goal: CoachingGoal, words: dict[GoalState, str] = STATE_WORDS) -> str:
    """Return one line: the goal, how far it is and where it stands."""
    reached = f"{done(goal)} by {day(goal.terms.due)}"
    return f"{title(goal.terms)}: {reached} ({words[goal.state]})"


RESULTS = {GoalState.KEPT: "Kept", GoalState.PARTLY: "Partly done", GoalState.MISSED: "Not done"}


def ending(goal: CoachingGoal, when: str) -> str:
    """Return the record of a goal that is over, in words that fit rep and manager alike."""
    if goal.state in RESULTS:
        help_ = " The next 1:1 asks what would help." if goal.state is GoalState.MISSED else ""
        return f"{RESULTS[goal.state]}: {done(goal)}, closed on {when}.{help_}"
    reason = f"\n{quote(goal.words)}" if goal.words.strip() else ""
    if goal.active_since is None:
        return f"Taken back on {when}, before it was a goal.{reason}"
    return f"Closed on {when}: no longer relevant.{reason}"
