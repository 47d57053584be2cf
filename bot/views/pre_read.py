"""The agenda that both sides read one working day before: one skeleton for everybody, on one screen of a phone."""

from __future__ import annotations

from bot.coaching.meeting import Meeting, MeetingState
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Person
from bot.views.blocks import Block, actions, button, message, section
from bot.views.how import HEADING, how_button
from bot.views.ids import ActionId, Topic
from bot.views.message import Message
from bot.views.mrkdwn import appointment, brief, esc, name, number
from bot.views.pipeline import chart, horizons_at_a_glance, short_deal_line
from bot.views.speaking import shown, tr, tr_many
from bot.views.whole_agenda import uncomputed, whole_button

MOST_DEALS = 2
MOST_GOALS = 2
LINE = 42
TWO_LINES = 78
"""Characters on a line of a phone, and on two."""
CHANGE = 66
SHORT_CHANGE = 27
"""Characters that fill two lines together with their heading, and one."""
WAY = 96
SHORT_WAY = 52
"""Characters that fill three lines together with their heading, and two."""
SHORTEST = 12
FEWER_GOALS, FEWER_DEALS = 2, 3
"""At how many things more than usual there is room for one goal, and for one deal."""


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

    It fills a phone's screen at most; all that belongs to it is behind one button, and every reason behind another.
    Below the buttons stands only a chart, once more as a picture what the table says in numbers: Slack has charts in
    messages alone. ``changes`` are sentences on what moved since it was frozen; ``answers_shown`` lets a button say
    before the 1:1 whether the rep answered. The numbers and their sentences are the same for both readers.
    """
    reads_own = reader.id == rep.id
    opening = _opening(meeting, reader, rep, manager)
    age = [brief(pre.data_age, LINE)] if esc(pre.data_age) else []
    start = _start(meeting, reads_own=reads_own)
    two_rows = bool(start)
    fuller = bool(changes) + bool(age) + two_rows
    goals = MOST_GOALS if fuller < FEWER_GOALS else 1
    deals = MOST_DEALS if fuller < FEWER_DEALS else 1
    past, win, balance, own = (
        tr("*{topic}* ({n} min)", topic=HEADING[topic], n=minutes) for topic, minutes in _minutes(pre)
    )
    return message(
        opening,
        section(opening, *_changed(changes, lines=1 if two_rows else 2), *age),
        section(past, *_past(pre, goals)),
        section(win, *_deals(pre, deals)),
        section(balance, *_unbalanced(pre)),
        *horizons_at_a_glance(pre.horizons),
        section(f"{own}: {_way(pre, SHORT_WAY if fuller else WAY)}"),
        actions(
            whole_button(meeting, says_answered=answers_shown and two_rows),
            how_button(meeting.id),
            *start,
        ),
        *chart(pre.horizons),
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


def _changed(changes: tuple[str, ...], *, lines: int) -> list[str]:
    """Return the first change and how many more there are; on one of ``lines`` their number, but for a short one."""
    if not changes:
        return []
    if lines == 1 and not (len(changes) == 1 and len(shown(changes[0])) <= SHORT_CHANGE):
        return [
            tr_many(
                "*Changed since:* {n} thing, see the rest.",
                "*Changed since:* {n} things, see the rest.",
                len(changes),
                n=number(len(changes)),
            )
        ]
    more = tr("and {n} more", n=number(len(changes) - 1)) if len(changes) > 1 else ""
    said = brief(changes[0], CHANGE - len(more))
    return [tr("*Changed since:* {change}", change=f"{said} {more}".strip())]


def _past(pre: PreRead, most: int) -> list[str]:
    """Return one line per goal since last time, or that there was none."""
    lines = [line for line in pre.past if line.strip()]
    return [f"• {goal_line(line)}" for line in lines[:most]] or [tr("No goals since last time.")]


def goal_line(line: str) -> str:
    """Return a goal with what became of it on one line: its title makes room."""
    title, colon, became = shown(line).rpartition(": ")
    return f"{brief(title, max(LINE - len(became), SHORTEST))}{colon}{esc(became)}"


def _deals(pre: PreRead, most: int) -> list[str]:
    """Return the deals that decide most, each with its verified stage beside the CRM's and the toll that is owed."""
    said = [f"• {short_deal_line(review, TWO_LINES)}" for review in pre.deals[:most]]
    return said or [tr("There is no open deal to talk about.")]


def _unbalanced(pre: PreRead) -> list[str]:
    return [] if pre.horizons else [uncomputed()]


def _way(pre: PreRead, length: int) -> str:
    """Return the way to the rep's own figure; without one, how it is set."""
    if pre.aspiration.awesome is None:
        return tr("Set yours with `/awesome set 250000`.")
    said = [sentence for sentence in pre.aspiration.sentences[:2] if esc(sentence)]
    return brief(said[-1], length) if said else tr("Your run-rate can't be computed yet.")


def _start(meeting: Meeting, *, reads_own: bool) -> list[Block]:
    """Return the manager's button for two who are ready before the time."""
    if reads_own or meeting.state is not MeetingState.PUBLISHED:
        return []
    return [button(tr("Start the 1:1"), ActionId.MEETING_START, meeting.id)]
