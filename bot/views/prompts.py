"""What a rep is asked before a 1:1: the invitation and the form."""

from __future__ import annotations

from bot.coaching.commitment import CoachingGoal, Fork
from bot.coaching.meeting import OPEN_STATES, Meeting, MeetingState
from bot.coaching.records import Person
from bot.coaching.said import say
from bot.views.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    field,
    form,
    message,
    packed,
    read_field,
    section,
    text_input,
)
from bot.views.goal_words import TOPIC, progress
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.message import Message
from bot.views.mrkdwn import appointment, name, quote
from bot.views.speaking import shown, tr

TOPICS: tuple[tuple[str, BlockId, str, str], ...] = (
    (
        "win",
        BlockId.ANSWER_WIN,
        TOPIC[Fork.VERIFIER],
        say("Which deal do you most want to win, and what does the customer still have to give?"),
    ),
    (
        "balance",
        BlockId.ANSWER_BALANCE,
        TOPIC[Fork.GAP],
        say("What will you start now for this month, the quarter and the year?"),
    ),
    (
        "aspiration",
        BlockId.ANSWER_ASPIRATION,
        TOPIC[Fork.ASPIRATION],
        say("What would make this year awesome for you, and which skill gets you closer?"),
    ),
)
"""The three forward topics in the order of the 1:1: key of the answer, field, heading, question."""

GOALS_KEY = "goals"
GOALS_LABEL = say("Your goals since last time")


def heading_of(key: str) -> str:
    """Return the heading under which an answer is shown."""
    return next((heading for topic, _, heading, _ in TOPICS if topic == key), GOALS_LABEL)


def answer_of(meeting: Meeting, key: str) -> str:
    """Return the rep's answer on a topic, "" where there is none."""
    return dict(meeting.answers).get(key, "")


def invite(meeting: Meeting, rep: Person, manager: Person, answered: bool) -> Message:  # noqa: FBT001
    """Ask a rep for the five minutes that make the coming 1:1 about what they want; show what was saved."""
    when = appointment(meeting.appointment.starts_at, rep.timezone)
    who = name(manager)
    if meeting.state not in OPEN_STATES:
        line = tr("Your 1:1 with {who} of {when} is closed; there is nothing left to answer here.", who=who, when=when)
        said = quote(meeting.closing_words) if meeting.state is MeetingState.EXCUSED else ""
        return message(line, section(line, said), *_saved(meeting))
    if answered:
        line = tr(
            "Thank you: your answers for the 1:1 with {who} on {when} are saved. Change them any time before.",
            who=who,
            when=when,
        )
        again = button(tr("Change my answers"), ActionId.PROMPT_OPEN, meeting.id)
        return message(line, section(line), *_saved(meeting), actions(again))
    line = tr(
        "Your 1:1 with {who} is on {when}. Three short questions now make it about what you want to win.",
        who=who,
        when=when,
    )
    return message(
        line,
        section(line),
        actions(button(tr("Answer (5 min)"), ActionId.PROMPT_OPEN, meeting.id, style="primary")),
        context(
            tr("{who} reads your answers with the agenda, one working day before. Late answers count too.", who=who)
        ),
    )


def _saved(meeting: Meeting) -> list[Block]:
    return packed(
        (f"*{shown(heading_of(key))}*\n{quote(words)}" for key, words in meeting.answers if words.strip()),
        sections=8,
    )


def modal(meeting: Meeting, manager: Person, goals: tuple[CoachingGoal, ...]) -> View:
    """Return the form: the three forward topics, and the last goals where there are any, with the saved answers."""
    when = appointment(meeting.appointment.starts_at, meeting.appointment.zone)
    intro = tr(
        "For your 1:1 with {who} on {when}. Answer what matters to you and leave the rest empty.",
        who=name(manager),
        when=when,
    )
    blocks = [section(intro)]
    blocks.extend(
        field(block, heading, text_input(answer_of(meeting, key)), hint=question, optional=True)
        for key, block, heading, question in TOPICS
    )
    if goals:
        blocks.append(section(tr("*What you said yes to*")))
        blocks.extend(packed((progress(goal) for goal in goals), sections=1))
        blocks.append(
            field(
                BlockId.ANSWER_GOALS,
                GOALS_LABEL,
                text_input(answer_of(meeting, GOALS_KEY)),
                hint=tr("What worked, what got in the way, what would help?"),
                optional=True,
            )
        )
    blocks.append(context(tr("Only you and {who} read this.", who=name(manager))))
    return form(CallbackId.PROMPT_ANSWERS, tr("Your next 1:1"), blocks, submit=tr("Save answers"), metadata=meeting.id)


def parse(view: View) -> tuple[tuple[str, str], ...]:
    """Return what was typed, topic to words, in the order of the 1:1; empty fields are left out."""
    fields = [(key, block) for key, block, _, _ in TOPICS] + [(GOALS_KEY, BlockId.ANSWER_GOALS)]
    answers = ((key, read_field(view, block, ActionId.TEXT)) for key, block in fields)
    return tuple((key, words) for key, words in answers if words)
