"""All of a 1:1's agenda, topic by topic: one click away from the screen that must be read."""

from __future__ import annotations

from collections.abc import Mapping

from bot.coaching.meeting import Meeting, MeetingState
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Person
from bot.views.blocks import Block, View, actions, button, context, form, header, packed, section
from bot.views.goal_words import dollars, what
from bot.views.how import FORK, HEADING, how_button
from bot.views.ids import ActionId, CallbackId, Topic
from bot.views.mrkdwn import appointment, dated_day, esc, name, number, quote
from bot.views.pipeline import aspirations, deals_at_a_glance, horizon_line, nearest_gap
from bot.views.speaking import tr, tr_many

MOST_CHANGES = 12
MOST_DEALS = 10
MOST_LINES = 12
WORDS = 1200
"""Characters of one answer that are shown: more than the form takes."""


def whole_button(meeting: Meeting, *, says_answered: bool) -> Block:
    """Return the button that opens the whole agenda; it ``says_answered`` whether the rep's words are there."""
    label = tr("See the whole agenda")
    if says_answered:
        label = tr("See the answers and the rest") if given(meeting) else tr("See all; no answers yet")
    return button(label, ActionId.PRE_READ_WHOLE, meeting.id)


def whole_agenda(
    pre: PreRead,
    meeting: Meeting,
    reader: Person,
    rep: Person,
    manager: Person,
    answers_shown: bool,  # noqa: FBT001
    changes: tuple[str, ...] = (),
) -> View:
    """Return the modal with all that the message has no room for, by the same rules as ``pre_read``.

    All changes, then each topic with the rep's own words where they are shown, its lines in full and its choices. A
    modal takes no table and no chart: the horizons are sentences here, with their days.
    """
    own = reader.id == rep.id
    answers = given(meeting) if answers_shown else {}
    silent = tr("{rep} has not answered the questions yet.", rep=name(rep))
    return form(
        CallbackId.PRE_READ_WHOLE,
        tr("The whole agenda"),
        [
            section(_opening(meeting, reader, rep, manager, own=own)),
            *_changes(changes),
            *([context(silent)] if answers_shown and not answers else []),
            *topics(pre, own=own, answers=answers, rep=rep),
            actions(how_button(meeting.id)),
        ],
        close=tr("Close"),
        metadata=meeting.id,
    )


def given(meeting: Meeting) -> dict[str, str]:
    """Return the rep's own words by topic; what was left empty is no answer."""
    return {topic: words for topic, words in meeting.answers if words.strip()}


def uncomputed() -> str:
    return tr("It can't be computed yet: there are no horizons with data.")


def _opening(meeting: Meeting, reader: Person, rep: Person, manager: Person, *, own: bool) -> str:
    who, when = name(manager if own else rep), appointment(meeting.appointment.starts_at, reader.timezone)
    if meeting.state is MeetingState.HELD:
        return tr("Your 1:1 with {who} of {when} is over. This is the agenda that you both had.", who=who, when=when)
    if own:
        return tr("Your 1:1 with {who} on {when}, topic by topic.", who=who, when=when)
    return tr("Your 1:1 with {who} on {when}, topic by topic; “you” in it is {who}.", who=who, when=when)


def _changes(changes: tuple[str, ...]) -> list[Block]:
    if not changes:
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
    return [section(tr("*All that changed since:*"), *lines)]


def topics(pre: PreRead, *, own: bool, answers: Mapping[str, str], rep: Person) -> list[Block]:
    """Return each topic in full, with ``answers`` by topic beside it and its choices; at last how old the numbers are.

    The rep, who reads of the ``own`` deals, can record there what the customer gave.
    """
    shown: list[Block] = []
    for topic in Topic:
        shown.append(header(HEADING[topic]))
        if topic in answers:
            shown.append(section(tr("*{rep} answered:*", rep=name(rep)), quote(answers[topic], WORDS)))
        shown += [*_lines(pre, topic, own=own), *_choices(pre, topic)]
    if not pre.offers:
        shown.append(section(tr("No choice is put to you this time.")))
    old = " ".join(filter(None, (tr("Numbers as of {day}.", day=dated_day(pre.as_of)), esc(pre.data_age))))
    return [*shown, context(old)]


def _lines(pre: PreRead, topic: Topic, *, own: bool) -> list[Block]:
    match topic:
        case Topic.PAST:
            past = [f"• {esc(line)}" for line in pre.past[:MOST_LINES] if line.strip()]
            return packed(past or [tr("No goals since last time.")], sections=1)
        case Topic.WIN:
            none = [section(tr("There is no open deal to talk about."))]
            return deals_at_a_glance(pre, MOST_DEALS, own=own) or none
        case Topic.BALANCE:
            rows = [f"• {horizon_line(row)}" for row in pre.horizons]
            return [*packed(rows or [uncomputed()], sections=1), *nearest_gap(pre.horizons)]
        case Topic.ASPIRATION:
            return aspirations(pre.aspiration)


def _choices(pre: PreRead, topic: Topic) -> list[Block]:
    """Return the choices of a topic that the rep will be asked for, with their dollars."""
    asked = [
        tr("*A choice for you*: {goal}. {worth}", goal=what(terms), worth=dollars(terms))
        for terms in pre.offers
        if terms.fork is FORK.get(topic)
    ]
    return packed(asked, sections=1)
