"""How a goal is told in words, the same wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping

from bot.coaching.commitment import CoachingGoal, Fork, GoalState, GoalTerms, Origin
from bot.coaching.said import joined, say
from bot.coaching.wording import one_of, units
from bot.views.mrkdwn import bold, day, esc, money, number, quote
from bot.views.speaking import shown, spoken, tr

WIDE_RANGE = 2.0
"""Above this factor only the range is shown (specification, section 6)."""

TOPIC = {
    Fork.VERIFIER: say("Win What's Winnable"),
    Fork.GAP: say("Pipeline Balance"),
    Fork.ASPIRATION: say("Performance Aspirations"),
}

SOURCE = {
    Fork.VERIFIER: say("a deal you can win still needs something that only the customer can give"),
    Fork.GAP: say("your pipeline has a gap that new starts can close"),
    Fork.ASPIRATION: say("it brings your own awesome closer"),
}


def offered(terms: GoalTerms, manager: str) -> str:
    """Return why a goal is put before the rep, and what is asked; ``manager`` is the name, escaped."""
    if terms.origin is Origin.MANAGER:
        return tr("*{manager} proposes a goal to you.* Only your yes makes it one: will you do this?", manager=manager)
    if terms.origin is Origin.REP:
        return tr("*Your own goal waits for your yes.* You made it while you held two; will you do this?")
    return tr(
        "*A choice only you can make.* From your 1:1, topic “{topic}”: {why}. Will you do this?",
        topic=TOPIC[terms.fork],
        why=SOURCE[terms.fork],
    )


def title(terms: GoalTerms, limit: int = 200) -> str:
    return bold(terms.title, limit)


def amount_of(terms: GoalTerms) -> str:
    """Return "12 calls"."""
    return esc(units(terms.number, terms.unit), 90)


def what(terms: GoalTerms) -> str:
    """Return what, how many and by when, on one line."""
    return tr("{goal}: {amount} by {day}", goal=title(terms), amount=amount_of(terms), day=day(terms.due))


def plan(terms: GoalTerms) -> str:
    if not terms.plan.strip():
        return tr("When and where: not said yet")
    return tr("When and where: {plan}", plan=esc(terms.plan, 500))


def path(terms: GoalTerms) -> str:
    """Return the way from the outcome to the activity, so that everybody sees why it is relevant."""
    return tr("Path: {steps}", steps=" ← ".join(esc(item, 80) for item in terms.path)) if terms.path else ""


def dollars(terms: GoalTerms) -> str:
    """Return the dollars with their range, or plainly that none are claimed."""
    worth = terms.worth
    if worth is None and terms.fork is Fork.ASPIRATION:
        return tr("What the practice alone is worth can't be told apart yet.")
    if worth is None:
        return tr("No dollars claimed: the record doesn't show them yet.")
    low, expected, high = money(worth.low), money(worth.expected), money(worth.high)
    if worth.high > WIDE_RANGE * worth.expected:
        return tr("Worth {low} to {high}; too early to say closer.", low=low, high=high)
    if low == high:
        return tr("Worth about {amount}.", amount=expected)
    return tr("Worth about {amount} ({low} to {high}).", amount=expected, low=low, high=high)


def dollars_reason(terms: GoalTerms) -> str:
    return esc(terms.worth.sentence, 500) if terms.worth else ""


def done(goal: CoachingGoal) -> str:
    """Return "5 of 12 calls", counting what was never reported as nothing yet."""
    return reached_of(goal.terms, goal.done or 0)


def reached_of(terms: GoalTerms, done: float) -> str:
    """Return "5 of 12 calls" of any number."""
    of = number(terms.number)
    unit = esc(one_of(terms.unit) if terms.number == 1 else spoken().behind_of(terms.unit), 60)
    if not unit:
        return tr("{done} of {amount}", done=number(done), amount=of)
    return tr("{done} of {n} {unit}", done=number(done), n=of, unit=unit)


def reached(goal: CoachingGoal) -> str:
    """Return how far a goal is and by when, in our own words only: for where Slack reads no markup."""
    of = number(goal.terms.number)
    return tr("{done} of {amount} by {day}", done=number(goal.done or 0), amount=of, day=day(goal.terms.due))


STATE_WORDS = {
    GoalState.OFFERED: say("waiting for your yes"),
    GoalState.DECLINED: say("not now"),
    GoalState.ACCEPTED: say("waiting for approval"),
    GoalState.SENT_BACK: say("sent back, waiting for your yes"),
    GoalState.ACTIVE: say("active"),
    GoalState.KEPT: say("kept"),
    GoalState.PARTLY: say("partly done"),
    GoalState.MISSED: say("not done"),
    GoalState.OBSOLETE: say("no longer relevant"),
}


def progress(goal: CoachingGoal, words: Mapping[GoalState, str] = STATE_WORDS) -> str:
    """Return one line: the goal, how far it is and where it stands."""
    return tr(
        "{goal}: {done} by {day} ({state})",
        goal=title(goal.terms),
        done=done(goal),
        day=day(goal.terms.due),
        state=words[goal.state],
    )


RESULTS = {GoalState.KEPT: say("Kept"), GoalState.PARTLY: say("Partly done"), GoalState.MISSED: say("Not done")}


def ending(goal: CoachingGoal, when: str) -> str:
    """Return the record of a goal that is over, in words that fit rep and manager alike."""
    if goal.state in RESULTS:
        closed = tr("{result}: {done}, closed on {when}.", result=RESULTS[goal.state], done=done(goal), when=when)
        help_ = tr("The next 1:1 asks what would help.") if goal.state is GoalState.MISSED else ""
        return shown(joined((closed, help_)))
    reason = quote(goal.words) if goal.words.strip() else ""
    if goal.active_since is None:
        return shown(joined((tr("Taken back on {when}, before it was a goal.", when=when), reason), "\n"))
    return shown(joined((tr("Closed on {when}: no longer relevant.", when=when), reason), "\n"))
