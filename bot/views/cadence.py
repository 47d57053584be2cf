"""How often a rep and the manager meet, and why."""

from __future__ import annotations

from collections.abc import Mapping

from bot.coaching.meeting import Appointment
from bot.coaching.records import Person, PersonId
from bot.coaching.rhythm.cadence import CadenceDecision, every
from bot.coaching.rhythm.market import MarketAnswer, MarketProposal, Shortening
from bot.coaching.wording import half_up
from bot.views.blocks import Block, actions, button, context, message, packed, section
from bot.views.ids import ActionId, market_value
from bot.views.message import Message
from bot.views.mrkdwn import appointment, bold, esc, moment, name, number, plural, quote

MOST_SENTENCE = 600
HOW_TO_FIX = "`/cadence set @rep 14 because ...` fixes 7, 14 or 28 days; `/cadence free @rep` lets the numbers choose."


def why(rep: Person, decision: CadenceDecision | None, sentences: tuple[str, ...], *, own: bool) -> Message:
    """Show what a rep's interval came from and what comes next; "you" in the sentences is the rep."""
    line = "*How often you meet your manager, and why*"
    if not own:
        line = f"*How often you meet {name(rep)}, and why*. The sentences speak to {name(rep)}."
    if decision is None:
        undecided = "It isn't decided yet: that comes with the first 1:1 that is planned."
        return message(line, section(line, undecided))
    return message(
        line,
        section(line, esc(decision.sentence, MOST_SENTENCE)),
        section(*(f"• {esc(sentence, MOST_SENTENCE)}" for sentence in sentences)),
        *([] if own else [context(HOW_TO_FIX)]),
    )


def team(
    manager: Person, rows: tuple[tuple[Person, CadenceDecision | None], ...], hours: float, limit: float
) -> Message:
    """Show a manager how often and why, rep by rep in alphabetical order, and the hours a week that takes."""
    if not rows:
        line = "*Nobody reports to you yet.* `cadence doctor` tells your admin why."
        return message(line, section(line))
    line = f"*How often you meet, {name(manager)}*: {plural(len(rows), 'rep')}, by name."
    ordered = sorted(rows, key=lambda row: (row[0].name.casefold(), row[0].id))
    return message(
        line,
        section(line, hours_line(hours, limit)),
        *packed((_row(rep, decision) for rep, decision in ordered), sections=20),
        context(HOW_TO_FIX),
    )


def hours_line(hours: float, limit: float) -> str:
    """Return the hours a week in 1:1s; above ``limit`` a warning, which changes nothing."""
    said = f"Your 1:1s take about {plural(half_up(hours * 10) / 10, 'hour')} a week."
    if hours > limit:
        said += f" That is more than {number(limit)}: a warning only, nothing changes by itself."
    return said


def _row(rep: Person, decision: CadenceDecision | None) -> str:
    if decision is None:
        return f"{bold(rep.name or rep.email)}: not decided yet."
    return (
        f"{bold(rep.name or rep.email)}: {every(decision.interval)}. {name(rep)} reads: "
        f"“{esc(decision.sentence, MOST_SENTENCE)}”"
    )


def changed(
    decision: CadenceDecision,
    manager: Person,
    reader: Person,
    now: Appointment | None,
    before: Appointment | None,
) -> Message:
    """Tell the rep that the manager changed how often they meet, why, and what it means for the next 1:1."""
    often = every(decision.interval)
    if decision.fixed_by_manager:
        line = f"*{name(manager)} decided that you meet {often} from now on*, and says why:"
        said = quote(decision.reason)
    else:
        line = f"*You meet {name(manager)} {often} from now on.*"
        said = esc(decision.sentence, MOST_SENTENCE)
    return message(
        line, section(line, said), context(_next(now, before, reader.timezone), "`/cadence` shows all of it.")
    )


def freed(decision: CadenceDecision, manager: Person, reader: Person, now: Appointment | None) -> Message:
    """Tell the rep that the numbers choose again how often they meet."""
    line = f"*{name(manager)} lets the numbers choose again how often you meet.* It stays {every(decision.interval)} "
    line += "until they ask for a change."
    return message(
        line, section(line), context(_next(now, None, reader.timezone), "`/cadence` shows what they look at.")
    )


def settled(
    rep: Person, decision: CadenceDecision, now: Appointment | None, before: Appointment | None, zone: str
) -> Message:
    """Tell the manager what was set or freed, and that the rep is told."""
    if decision.fixed_by_manager:
        line = f"*You meet {name(rep)} {every(decision.interval)} from now on.* {name(rep)} reads your reason:"
        lines = [line, quote(decision.reason)]
    else:
        line = f"*The numbers choose again how often you meet {name(rep)}.* It stays {every(decision.interval)} "
        line += f"until they ask for a change; {name(rep)} is told."
        lines = [line]
    return message(line, section(*lines), context(_next(now, before, zone)))


def _next(now: Appointment | None, before: Appointment | None, zone: str) -> str:
    """Return what becomes of the next 1:1; ``before`` is where it was, None where it stays."""
    if now is None:
        return "No 1:1 is planned now; the next one follows this."
    at = appointment(now.starts_at, zone)
    if before is None:
        return f"The next 1:1 stays on {at}; the one after it follows this."
    return f"The next 1:1 moves from {appointment(before.starts_at, zone)} to {at}, with everything open."


def market(proposal: MarketProposal, reps: Mapping[PersonId, Person], zone: str) -> Message:
    """Ask a manager what to do when most of the team turns down at once; answered, keep a record of it."""
    left = proposal.answer is MarketAnswer.LEFT
    names = [_change(change, reps[change.rep], left=left) for change in proposal.changes]
    if proposal.answer is not MarketAnswer.OPEN:
        line = _record(proposal, zone)
        return message(line, section(line), *packed(names, sections=4))
    line = (
        f"*{proposal.down} of your {plural(proposal.team, 'rep')} turn down at once.* That is more often the market or "
        "the season than the reps, so nothing is changed. Do you want to meet these more often until it turns?"
    )
    value = market_value(proposal)
    return message(
        line,
        section(line),
        *packed(names, sections=4),
        context("I don't ask again for four weeks. Each of them reads that you decide, and of no other."),
        _buttons(value),
    )


def _buttons(value: str) -> Block:
    return actions(
        button("Meet more often", ActionId.MARKET_MORE_OFTEN, value, style="primary"),
        button("Leave it", ActionId.MARKET_LEAVE, value),
    )


def _change(change: Shortening, rep: Person, *, left: bool) -> str:
    if left:
        return f"• {name(rep)}: stays {every(change.was)}"
    return f"• {name(rep)}: {every(change.to)} instead of {every(change.was)}"


def _record(proposal: MarketProposal, zone: str) -> str:
    when = f" on {moment(proposal.answered_at, zone)}" if proposal.answered_at else ""
    if proposal.answer is MarketAnswer.MORE_OFTEN:
        return f"You chose{when} to meet more often, as long as their trends point down:"
    return f"You left it{when} as it is:"
