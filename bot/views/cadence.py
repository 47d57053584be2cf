"""How often a rep and the manager meet, and why."""

from __future__ import annotations

from collections.abc import Mapping

from bot.coaching.meeting import Appointment
from bot.coaching.records import Person, PersonId
from bot.coaching.rhythm.cadence import CadenceDecision, every
from bot.coaching.rhythm.market import MarketAnswer, MarketProposal, Shortening
from bot.coaching.said import say
from bot.coaching.wording import half_up
from bot.views.blocks import Block, actions, button, context, message, packed, section
from bot.views.ids import ActionId, market_value
from bot.views.message import Message
from bot.views.mrkdwn import appointment, bold, esc, moment, name, number, quote
from bot.views.speaking import tr, tr_many

MOST_SENTENCE = 600
HOW_TO_FIX = say(
    "`/cadence set @rep 14 because ...` fixes 7, 14 or 28 days; `/cadence free @rep` lets the numbers choose."
)


def why(rep: Person, decision: CadenceDecision | None, sentences: tuple[str, ...], *, own: bool) -> Message:
    """Show what a rep's interval came from and what comes next; "you" in the sentences is the rep."""
    line = tr("*How often you meet your manager, and why*")
    if not own:
        line = tr("*How often you meet {rep}, and why*. The sentences speak to {rep}.", rep=name(rep))
    if decision is None:
        undecided = tr("It isn't decided yet: that comes with the first 1:1 that is planned.")
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
        line = tr("*Nobody reports to you yet.* `cadence doctor` tells your admin why.")
        return message(line, section(line))
    line = tr_many(
        "*How often you meet, {manager}*: {n} rep, by name.",
        "*How often you meet, {manager}*: {n} reps, by name.",
        len(rows),
        manager=name(manager),
    )
    ordered = sorted(rows, key=lambda row: (row[0].name.casefold(), row[0].id))
    return message(
        line,
        section(line, hours_line(hours, limit)),
        *packed((_row(rep, decision) for rep, decision in ordered), sections=20),
        context(HOW_TO_FIX),
    )


def hours_line(hours: float, limit: float) -> str:
    """Return the hours a week in 1:1s; above ``limit`` a warning, which changes nothing."""
    shown_hours = half_up(hours * 10) / 10
    said = tr_many(
        "Your 1:1s take about {n} hour a week.",
        "Your 1:1s take about {n} hours a week.",
        shown_hours,
        n=number(shown_hours),
    )
    if hours > limit:
        warning = tr("That is more than {hours}: a warning only, nothing changes by itself.", hours=number(limit))
        return f"{said} {warning}"
    return said


def _row(rep: Person, decision: CadenceDecision | None) -> str:
    if decision is None:
        return tr("{rep}: not decided yet.", rep=bold(rep.name or rep.email))
    return tr(
        "{rep}: {often}. {name} reads: “{sentence}”",
        rep=bold(rep.name or rep.email),
        often=every(decision.interval),
        name=name(rep),
        sentence=esc(decision.sentence, MOST_SENTENCE),
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
        line = tr(
            "*{manager} decided that you meet {often} from now on*, and says why:", manager=name(manager), often=often
        )
        said = quote(decision.reason)
    else:
        line = tr("*You meet {manager} {often} from now on.*", manager=name(manager), often=often)
        said = esc(decision.sentence, MOST_SENTENCE)
    return message(
        line, section(line, said), context(_next(now, before, reader.timezone), tr("`/cadence` shows all of it."))
    )


def freed(decision: CadenceDecision, manager: Person, reader: Person, now: Appointment | None) -> Message:
    """Tell the rep that the numbers choose again how often they meet."""
    line = tr(
        "*{manager} lets the numbers choose again how often you meet.* It stays {often} until they ask for a change.",
        manager=name(manager),
        often=every(decision.interval),
    )
    return message(
        line, section(line), context(_next(now, None, reader.timezone), tr("`/cadence` shows what they look at."))
    )


def settled(
    rep: Person, decision: CadenceDecision, now: Appointment | None, before: Appointment | None, zone: str
) -> Message:
    """Tell the manager what was set or freed, and that the rep is told."""
    if decision.fixed_by_manager:
        line = tr(
            "*You meet {rep} {often} from now on.* {rep} reads your reason:",
            rep=name(rep),
            often=every(decision.interval),
        )
        lines = [line, quote(decision.reason)]
    else:
        line = tr(
            "*The numbers choose again how often you meet {rep}.* It stays {often} until they ask for a change; {rep} "
            "is told.",
            rep=name(rep),
            often=every(decision.interval),
        )
        lines = [line]
    return message(line, section(*lines), context(_next(now, before, zone)))


def _next(now: Appointment | None, before: Appointment | None, zone: str) -> str:
    """Return what becomes of the next 1:1; ``before`` is where it was, None where it stays."""
    if now is None:
        return tr("No 1:1 is planned now; the next one follows this.")
    at = appointment(now.starts_at, zone)
    if before is None:
        return tr("The next 1:1 stays on {when}; the one after it follows this.", when=at)
    return tr(
        "The next 1:1 moves from {before} to {when}, with everything open.",
        before=appointment(before.starts_at, zone),
        when=at,
    )


def market(proposal: MarketProposal, reps: Mapping[PersonId, Person], zone: str) -> Message:
    """Ask a manager what to do when most of the team turns down at once; answered, keep a record of it."""
    left = proposal.answer is MarketAnswer.LEFT
    names = [_change(change, reps[change.rep], left=left) for change in proposal.changes]
    if proposal.answer is not MarketAnswer.OPEN:
        line = _record(proposal, zone)
        return message(line, section(line), *packed(names, sections=4))
    line = tr_many(
        "*{down} of your {n} rep turn down at once.* That is more often the market or the season than the reps, so "
        "nothing is changed. Do you want to meet these more often until it turns?",
        "*{down} of your {n} reps turn down at once.* That is more often the market or the season than the reps, so "
        "nothing is changed. Do you want to meet these more often until it turns?",
        proposal.team,
        n=proposal.team,
        down=proposal.down,
    )
    value = market_value(proposal)
    return message(
        line,
        section(line),
        *packed(names, sections=4),
        context(tr("I don't ask again for four weeks. Each of them reads that you decide, and of no other.")),
        _buttons(value),
    )


def _buttons(value: str) -> Block:
    return actions(
        button(tr("Meet more often"), ActionId.MARKET_MORE_OFTEN, value, style="primary"),
        button(tr("Leave it"), ActionId.MARKET_LEAVE, value),
    )


def _change(change: Shortening, rep: Person, *, left: bool) -> str:
    if left:
        return tr("• {rep}: stays {often}", rep=name(rep), often=every(change.was))
    return tr("• {rep}: {often} instead of {was}", rep=name(rep), often=every(change.to), was=every(change.was))


def _record(proposal: MarketProposal, zone: str) -> str:
    more_often = proposal.answer is MarketAnswer.MORE_OFTEN
    if proposal.answered_at is None:
        chosen = tr("You chose to meet more often, as long as their trends point down:")
        return chosen if more_often else tr("You left it as it is:")
    when = moment(proposal.answered_at, zone)
    if more_often:
        return tr("You chose on {when} to meet more often, as long as their trends point down:", when=when)
    return tr("You left it on {when} as it is:", when=when)
