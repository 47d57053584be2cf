"""The agenda that both sides read one working day before: one skeleton for everybody."""

from __future__ import annotations

from collections.abc import Iterable

from bot.coaching.commitment import Fork, GoalTerms
from bot.coaching.meeting import Meeting, MeetingState
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Person
from bot.views.blocks import (
    Block,
    actions,
    button,
    context,
    divider,
    header,
    message,
    section,
    with_button,
)
from bot.views.goal_words import dollars, what
from bot.views.how import FORK, HEADING, how_button
from bot.views.ids import ActionId, Topic
from bot.views.message import Message
from bot.views.mrkdwn import appointment, dated_day, esc, name, number, quote
from bot.views.pipeline import deals_at_a_glance, horizons_at_a_glance, nearest_gap
from bot.views.speaking import tr, tr_many

MOST_DEALS = 3
MOST_LINES = 6


def pre_read(
    pre: PreRead,
    meeting: Meeting,
    reader: Person,
    rep: Person,
    manager: Person,
    answers_shown: bool,  # noqa: FBT001
    changes: tuple[str, ...] = (),
) -> Message:
    """Return the agenda: Past, Win What's Winnable, Pipeline Balance, Performance Aspirations, with their minutes.

    Each topic says what must be read; the reasons of its numbers are behind a button. ``changes`` are sentences on
    what moved since it was frozen; ``answers_shown`` puts the rep's own words under each heading. The numbers and
    their sentences are the same for both readers.
    """
    when = appointment(meeting.appointment.starts_at, reader.timezone)
    reads_own = reader.id == rep.id
    other = name(manager if reads_own else rep)
    opening = tr(
        "*Your 1:1 with {who}* is on {when}. Please read this before, so that nothing is a surprise.",
        who=other,
        when=when,
    )
    if not reads_own:
        opening = f"{opening} {tr('{rep} reads the same words; “you” in them is {rep}.', rep=name(rep))}"
    answers = dict(meeting.answers) if answers_shown else {}
    blocks = [section(opening), *_changes(changes)]
    if answers_shown and not any(words.strip() for words in answers.values()):
        unanswered = tr("You have not answered the questions yet.")
        if not reads_own:
            unanswered = tr("{rep} has not answered the questions yet.", rep=name(rep))
        blocks.append(context(unanswered))
    for topic, minutes in _minutes(pre):
        blocks.append(header(tr("{topic} ({n} min)", topic=HEADING[topic], n=minutes)))
        blocks += _body(pre, meeting, topic, own=reads_own)
        fork = FORK.get(topic)
        blocks += [] if fork is None else [ask(pre.offers, fork)]
        blocks += _answer(answers.get(topic, ""), rep, reads_own=reads_own)
    blocks += [
        divider(),
        section(esc(pre.offers_sentence, 600) or tr("No choice is put to you this time.")),
        context(esc(pre.cadence, 600), tr("Numbers as of {day}.", day=dated_day(pre.as_of)), esc(pre.data_age)),
        actions(*_start(meeting, reads_own=reads_own), how_button(meeting.id)),
    ]
    return message(opening, *blocks)


def _minutes(pre: PreRead) -> tuple[tuple[Topic, int], ...]:
    minutes = pre.minutes
    return tuple(zip(Topic, (minutes.past, minutes.win, minutes.balance, minutes.aspiration), strict=True))


def _body(pre: PreRead, meeting: Meeting, topic: Topic, *, own: bool) -> list[Block]:
    """Return what must be read of a topic, with the button to the reasons beside its first words."""
    reasons = how_button(meeting.id, topic)
    match topic:
        case Topic.PAST:
            return [with_button(section(*past(pre.past)), reasons)]
        case Topic.WIN:
            said = esc(pre.deals_sentence, 300) or tr("There is no open deal to talk about.")
            return [with_button(section(said), reasons), *deals_at_a_glance(pre, MOST_DEALS, own=own)]
        case Topic.BALANCE:
            said = nearest_gap(pre.horizons)
            return [with_button(section(said), reasons), *horizons_at_a_glance(pre.horizons)]
        case Topic.ASPIRATION:
            return [with_button(section(*aspirations(pre)), reasons), *heading(pre)]


def _start(meeting: Meeting, *, reads_own: bool) -> list[Block]:
    """Return the manager's button for two who are ready before the time."""
    if reads_own or meeting.state is not MeetingState.PUBLISHED:
        return []
    return [button(tr("Start the 1:1"), ActionId.MEETING_START, meeting.id)]


def _changes(changes: tuple[str, ...]) -> list[Block]:
    if not changes:
        return []
    lines = [f"• {esc(change)}" for change in changes[:MOST_LINES]]
    if len(changes) > MOST_LINES:
        left = len(changes) - MOST_LINES
        more = tr_many(
            "{n} more change; /pipeline shows how things stand.",
            "{n} more changes; /pipeline shows how things stand.",
            left,
            n=number(left),
        )
        lines.append(f"• {more}")
    return [section(tr("*Changed since this was sent:*"), *lines)]


def _answer(words: str, rep: Person, *, reads_own: bool) -> list[Block]:
    if not words.strip():
        return []
    heading = tr("*Your answer*") if reads_own else tr("*{rep} answered*", rep=name(rep))
    return [section(heading, quote(words))]


def past(lines: tuple[str, ...]) -> list[str]:
    """Return one line per goal since last time, or that there was none."""
    return [f"• {esc(line)}" for line in lines[:MOST_LINES] if line.strip()] or [tr("No goals since last time.")]


def aspirations(pre: PreRead) -> list[str]:
    """Return the run-rate and the rep's own figure with what it takes, or how to set it."""
    said = [words for sentence in pre.aspiration.sentences[:2] if (words := esc(sentence, 400))]
    if not said:
        said.append(tr("Your run-rate can't be computed yet."))
    if pre.aspiration.awesome is None:
        said.append(tr("`/awesome set 250000` would set it: your own figure for a year, in dollars."))
    return said


def heading(pre: PreRead) -> list[Block]:
    """Return where the rep is heading and what the month is about, as far as it can be said."""
    said = [words for line in (pre.heading.sentence, pre.month) if (words := esc(line, 500))]
    return [section(*said)] if said else []


def ask(offers: Iterable[GoalTerms], fork: Fork) -> Block:
    """Return the choice that this topic ends with, or that it ends without one: it is never filled to look busy."""
    asked = [
        tr("*A choice for you*: {goal}. {worth}", goal=what(terms), worth=dollars(terms))
        for terms in offers
        if terms.fork is fork
    ]
    return section(*asked[:2]) if asked else context(tr("No ask in this topic today."))
