"""How we got this: for each topic of a 1:1 the reason for every number, one click away from it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.coaching.commitment import Fork, GoalTerms
from bot.coaching.pipeline.balance import HorizonRow
from bot.coaching.pre_read import PreRead
from bot.coaching.said import say
from bot.views.blocks import Block, View, button, form, header, packed, section
from bot.views.goal_words import TOPIC, dollars, what
from bot.views.ids import ActionId, CallbackId, Topic, how_value
from bot.views.mrkdwn import dated_day, esc, money, number
from bot.views.pipeline import deal_line, horizon_line
from bot.views.speaking import spoken, tr

HEADING = {
    Topic.PAST: say("Past"),
    Topic.WIN: TOPIC[Fork.VERIFIER],
    Topic.BALANCE: TOPIC[Fork.GAP],
    Topic.ASPIRATION: TOPIC[Fork.ASPIRATION],
}
FORK = {Topic.WIN: Fork.VERIFIER, Topic.BALANCE: Fork.GAP, Topic.ASPIRATION: Fork.ASPIRATION}
MOST_LINES = 20
OF_ALL = {Topic.PAST: 1, Topic.WIN: 2, Topic.BALANCE: 1, Topic.ASPIRATION: 1}
"""Sections of a topic where all topics are shown: Slack takes a form of 250 kB."""


def how_button(subject: str, topic: Topic | None = None, action: ActionId = ActionId.PRE_READ_HOW) -> Block:
    """Return the button that opens the reasons of one topic, or of all; ``subject`` is a 1:1's or a rep's id."""
    return button(tr("How we got this"), action, how_value(subject, topic))


def how(pre: PreRead, topic: Topic | None = None) -> View:
    """Return what every number of a topic came from, with the flags of its records; None for all topics."""
    intro = tr(
        "Computed from your own records as of {day}. A flag in brackets says how a record was read; nothing is filled "
        "in where data is missing.",
        day=dated_day(pre.as_of),
    )
    blocks = [section(intro)]
    if topic is None:
        blocks += _chapter(tr("Cadence"), pre.cadence)
    for one in Topic if topic is None else (topic,):
        blocks += [header(HEADING[one]), *_reasons(pre, one, sections=3 if topic is not None else OF_ALL[one])]
    if topic is not Topic.PAST:
        blocks += _chapter(tr("What the numbers stand on"), *pre.stands_on)
    if topic is None:
        blocks += _chapter(tr("Choices"), pre.offers_sentence)
    return form(CallbackId.PRE_READ_HOW, tr("How we got this"), blocks, close=tr("Close"))


def _chapter(heading: str, *sentences: str) -> list[Block]:
    said = packed((esc(sentence, 600) for sentence in sentences), sections=1)
    return [header(heading), *(said or [section(tr("Nothing could be computed here yet."))])]


def _reasons(pre: PreRead, topic: Topic, *, sections: int) -> list[Block]:
    lines = [line for line in _sentences(pre, topic) if line][:MOST_LINES]
    asked = ["\n".join((what(terms), esc(terms.why, 600), _worth(terms))) for terms in _offers(pre, topic)]
    return packed((*lines, *asked), sections=sections) or [section(tr("Nothing could be computed here yet."))]


def _sentences(pre: PreRead, topic: Topic) -> Iterator[str]:
    match topic:
        case Topic.PAST:
            yield esc(pre.past_sentence, 600)
            yield from (esc(line, 300) for line in pre.past)
        case Topic.WIN:
            yield esc(pre.deals_sentence, 600)
            yield from (f"{deal_line(deal)} {esc(deal.sentence, 600)}{_flags(deal.flags)}" for deal in pre.deals)
        case Topic.BALANCE:
            yield from (f"{_horizon(row)} {esc(row.sentence, 600)}{_flags(row.flags)}" for row in pre.horizons)
            yield from (esc(line, 300) for line in (pre.coverage, pre.plan, *pre.behind.balance))
        case Topic.ASPIRATION:
            yield from (esc(line, 600) for line in (*pre.aspiration.sentences, pre.heading.sentence, pre.month))
            yield from (esc(priority.sentence, 600) for priority in pre.priorities)
            yield from (esc(line, 600) for line in (*pre.checks, *pre.predictions, *pre.behind.aspiration))


def _offers(pre: PreRead, topic: Topic) -> list[GoalTerms]:
    return [terms for terms in pre.offers if terms.fork is FORK.get(topic)]


def _horizon(row: HorizonRow) -> str:
    """Return what is still to win, and what is expected with its range."""
    line = horizon_line(row)
    if row.expected is None or row.low is None or row.high is None:
        return line
    low, high = money(row.low), money(row.high)
    return f"{line} {tr('Expected in 80 of 100 cases: {low} to {high}.', low=low, high=high)}"


def _flags(flags: tuple[str, ...]) -> str:
    return f" [{', '.join(esc(flag, 40) for flag in flags[:8])}]" if flags else ""


def _worth(terms: GoalTerms) -> str:
    if terms.worth is None:
        return dollars(terms)
    inputs = ", ".join(f"{esc(label, 60)} {_input(value)}" for label, value in terms.worth.inputs[:10])
    said = f"{dollars(terms)} {esc(terms.worth.sentence, 400)}"
    return f"{said} {tr('From {inputs}.', inputs=inputs)}" if inputs else said


def _input(value: float) -> str:
    """Return a rate to three digits ("0.25") and anything larger as a count."""
    return number(value) if abs(value) >= 10 else spoken().written(float(f"{value:.3g}"))  # noqa: PLR2004 - three digits matter
