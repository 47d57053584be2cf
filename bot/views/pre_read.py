"""The agenda that both sides read one working day before: one skeleton for everybody, on one screen of a phone."""

from __future__ import annotations

from collections.abc import Mapping

from bot.coaching.meeting import Meeting, MeetingState
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Person
from bot.views.blocks import (
    Block,
    actions,
    button,
    context,
    divider,
    message,
    section,
)
from bot.views.goal_words import dollars, what
from bot.views.how import HEADING, how_button
from bot.views.ids import ActionId, Topic
from bot.views.message import Message
from bot.views.mrkdwn import appointment, brief, dated_day, esc, name, number, quote
from bot.views.pipeline import chart, deals_at_a_glance, horizons_at_a_glance, nearest_gap, short_deal_line
from bot.views.speaking import shown, tr, tr_many

MOST_DEALS = 2
MOST_GOALS = 2
MOST_CHANGES = 6
MOST_DEALS_BELOW = 3
LINE = 42
TWO_LINES = 80
"""Characters on a line of a phone, and on two."""
SMALL_LINE = 52
"""The same of small print."""
CHANGE = 66
"""Characters that fill two lines together with their heading."""
WAY = 96
SHORT_WAY = 52
"""Characters that fill three lines together with their heading, and two."""
SHORTEST = 12


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

    What must be read comes first and fills a phone's screen at most; what belongs to it stands below the divider, and
    every reason behind a button. ``changes`` are sentences on what moved since it was frozen; ``answers_shown`` adds
    the rep's own words. The numbers and their sentences are the same for both readers.
    """
    reads_own = reader.id == rep.id
    age = pre.data_age if esc(pre.data_age) else ""
    goals = MOST_GOALS - bool(changes and age)
    opening = _opening(meeting, reader, rep, manager)
    answers = {topic: words for topic, words in meeting.answers if words.strip()} if answers_shown else {}
    past, win, balance, own = (
        tr("*{topic}* ({n} min)", topic=HEADING[topic], n=minutes) for topic, minutes in _minutes(pre)
    )
    return message(
        opening,
        section(opening, *_changed(changes)),
        section(past, *_past(pre, goals)),
        section(win, *_deals(pre)),
        section(balance, *_unbalanced(pre)),
        *horizons_at_a_glance(pre.horizons),
        section(f"{own}: {_way(pre, SHORT_WAY if changes or age else WAY)}"),
        *([context(brief(age, SMALL_LINE))] if age else []),
        actions(how_button(meeting.id), *_start(meeting, reads_own=reads_own)),
        divider(),
        *_all_changes(changes),
        *_answers(answers, rep),
        *([context(_unanswered(rep, reads_own=reads_own))] if answers_shown and not answers else []),
        section(*_choices(pre)),
        *deals_at_a_glance(pre, MOST_DEALS_BELOW, own=reads_own),
        *nearest_gap(pre.horizons),
        *chart(pre.horizons),
        *_left(pre, goals),
    )


def _opening(meeting: Meeting, reader: Person, rep: Person, manager: Person) -> str:
    when = appointment(meeting.appointment.starts_at, reader.timezone)
    if reader.id == rep.id:
        return tr(
            "*Your 1:1 with {who}* is on {when}. Please read this before, so that nothing is a surprise.",
            who=name(manager),
            when=when,
        )
    return tr(
        "*Your 1:1 with {who}* is on {when}. Please read this before; “you” in it is {who}.", who=name(rep), when=when
    )


def _minutes(pre: PreRead) -> tuple[tuple[Topic, int], ...]:
    minutes = pre.minutes
    return tuple(zip(Topic, (minutes.past, minutes.win, minutes.balance, minutes.aspiration), strict=True))


def _changed(changes: tuple[str, ...]) -> list[str]:
    """Return the first change on two lines and how many more there are, which stand below the divider."""
    if not changes:
        return []
    more = tr("and {n} more, below", n=number(len(changes) - 1)) if len(changes) > 1 else ""
    said = brief(changes[0], CHANGE - len(more))
    return [tr("*Changed since:* {change}", change=f"{said} {more}".strip())]


def _all_changes(changes: tuple[str, ...]) -> list[Block]:
    """Return the changes that the first screen has no room for."""
    if len(changes) < 2 and not any(len(shown(change)) > CHANGE for change in changes):  # noqa: PLR2004 - one stands above
        return []
    lines = [f"• {esc(change)}" for change in changes[:MOST_CHANGES]]
    left = len(changes) - MOST_CHANGES
    if left > 0:
        more = tr_many(
            "{n} more change; /pipeline shows how things stand.",
            "{n} more changes; /pipeline shows how things stand.",
            left,
            n=number(left),
        )
        lines.append(f"• {more}")
    return [section(tr("*All that changed:*"), *lines)]


def _past(pre: PreRead, most: int) -> list[str]:
    """Return one line per goal since last time, or that there was none."""
    lines = [line for line in pre.past if line.strip()]
    return [f"• {goal_line(line)}" for line in lines[:most]] or [tr("No goals since last time.")]


def goal_line(line: str) -> str:
    """Return a goal with what became of it on one line: its title makes room."""
    title, colon, became = shown(line).rpartition(": ")
    return f"{brief(title, max(LINE - len(became), SHORTEST))}{colon}{esc(became)}"


def _deals(pre: PreRead) -> list[str]:
    """Return the deals that decide most, each with its verified stage beside the CRM's and the toll that is owed."""
    said = [f"• {short_deal_line(review, TWO_LINES)}" for review in pre.deals[:MOST_DEALS]]
    return said or [tr("There is no open deal to talk about.")]


def _unbalanced(pre: PreRead) -> list[str]:
    return [] if pre.horizons else [tr("It can't be computed yet: there are no horizons with data.")]


def _way(pre: PreRead, length: int) -> str:
    """Return the way to the rep's own figure; without one, how it is set."""
    if pre.aspiration.awesome is None:
        return tr("Set yours with `/awesome set 250000`.")
    said = [sentence for sentence in pre.aspiration.sentences[:2] if esc(sentence)]
    return brief(said[-1], length) if said else tr("Your run-rate can't be computed yet.")


def _unanswered(rep: Person, *, reads_own: bool) -> str:
    if reads_own:
        return tr("You have not answered the questions yet.")
    return tr("{rep} has not answered the questions yet.", rep=name(rep))


def _start(meeting: Meeting, *, reads_own: bool) -> list[Block]:
    """Return the manager's button for two who are ready before the time."""
    if reads_own or meeting.state is not MeetingState.PUBLISHED:
        return []
    return [button(tr("Start the 1:1"), ActionId.MEETING_START, meeting.id)]


def _choices(pre: PreRead) -> list[str]:
    """Return the choices that the rep will be asked for, with their dollars."""
    asked = [tr("*A choice for you*: {goal}. {worth}", goal=what(terms), worth=dollars(terms)) for terms in pre.offers]
    return asked or [tr("No choice is put to you this time.")]


def _left(pre: PreRead, most: int) -> list[Block]:
    """Return what of the agenda stands behind its reasons only, and how old its numbers are."""
    goals = len([line for line in pre.past if line.strip()]) - most
    said = [
        tr_many("{n} more goal in “How we got this”.", "{n} more goals in “How we got this”.", goals)
        if goals > 0
        else "",
        tr("Numbers as of {day}.", day=dated_day(pre.as_of)),
        esc(pre.data_age),
    ]
    return [context(" ".join(filter(None, said)))]


def _answers(answers: Mapping[str, str], rep: Person) -> list[Block]:
    """Return the rep's own words in full, topic by topic."""
    return [
        section(tr("*{rep} answered*, {topic}", rep=name(rep), topic=HEADING[topic]), quote(answers[topic]))
        for topic in Topic
        if topic in answers
    ]
