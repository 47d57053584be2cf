"""When the next 1:1 is, why then, and what a coming one will be about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.coaching.meeting import Meeting
from bot.coaching.pipeline.coverage_average import Fit
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Person
from bot.coaching.rhythm.cadence import CadenceDecision
from bot.views import pre_read
from bot.views.blocks import Block, actions, context, divider, message, packed, section
from bot.views.how import how_button
from bot.views.ids import ActionId
from bot.views.message import Message
from bot.views.mrkdwn import appointment, bold, day, esc, moment, name, times
from bot.views.speaking import tr, tr_many
from bot.views.whole_agenda import topics

MOST_SENTENCE = 600


def one_on_one(
    next: Meeting | None,  # noqa: A002 - reads as the sentence it makes
    rep: Person,
    manager: Person | None,
    cadence_sentence: str,
    consistency: str | None,
    *,
    own: bool = False,
) -> Message:
    """Show the next 1:1 of a rep with the reason for its rhythm; ``consistency`` is the manager's own record."""
    line = _next_of_pair(next, rep, manager, own=own)
    said = esc(cadence_sentence, 600) or tr("How often you meet is not decided yet.")
    held = esc(consistency or "", 600)
    return message(line, section(line, said), *([context(held)] if held else []))


def _next_of_pair(
    next: Meeting | None,  # noqa: A002 - as above
    rep: Person,
    manager: Person | None,
    *,
    own: bool,
) -> str:
    pair = _pair(rep, manager, own=own)
    if next is None:
        return tr("*{pair}* isn't planned yet: it is as soon as both have a free slot within the cadence.", pair=pair)
    return tr_many(
        "*{pair}*: {when}, {n} minute.",
        "*{pair}*: {when}, {n} minutes.",
        next.appointment.minutes,
        pair=pair,
        when=appointment(next.appointment.starts_at, next.appointment.zone),
    )


def _pair(rep: Person, manager: Person | None, *, own: bool) -> str:
    if own:
        return tr("Your next 1:1 with {manager}", manager=name(manager)) if manager else tr("Your next 1:1")
    if manager is None:
        return tr("Next 1:1 of {rep}", rep=name(rep))
    return tr("Next 1:1 of {rep} and {manager}", rep=name(rep), manager=name(manager))


def team(
    manager: Person, rows: tuple[tuple[Person, Meeting | None, str], ...], figures: tuple[str, ...] = ()
) -> Message:
    """Show a manager the reps by name: next date and what each needs; ``figures`` are of the team as a whole."""
    if not rows:
        nobody = tr("*Nobody reports to you yet.* `cadence doctor` tells your admin why.")
        return message(nobody, section(nobody))
    line = tr_many(
        "*Your 1:1s, {manager}*: {n} rep, by name.",
        "*Your 1:1s, {manager}*: {n} reps, by name.",
        len(rows),
        manager=name(manager),
    )
    said = [context(figure) for figure in figures if figure]
    return message(line, section(line), *packed(team_lines(rows), sections=20), *said)


def fits_line(average: float | None, fits: Mapping[Fit, int]) -> str:
    """Return for how many reps one average multiple is too much, right or not enough; "" where nothing is known."""
    if average is None or not any(fits.values()):
        return ""
    much, right, little = (fits.get(fit, 0) for fit in ("too much", "right", "not enough"))  # no words: keys
    return tr(
        "Against one multiple for everybody, {times} to the quarter's end: too much for {much}, right for {right}, not "
        "enough for {little} of your reps. Go by each one's own.",
        times=times(average),
        much=much,
        right=right,
        little=little,
    )


def success_line(sentence: str) -> str:
    """Return what makes the difference for everybody together, and what it is for; "" where it isn't known."""
    if not sentence:
        return ""
    return tr("{sentence} In a 1:1, go by what changed in the rep's own quarters.", sentence=esc(sentence, 400))


def team_lines(rows: tuple[tuple[Person, Meeting | None, str], ...]) -> list[str]:
    """Return a line for each rep, in alphabetical order whatever the numbers are."""
    ordered = sorted(rows, key=lambda row: (row[0].name.casefold(), row[0].id))
    return [
        f"{bold(rep.name or rep.email)}: {_next(meeting)}. "
        f"{_capitalised(esc(needs, 300)) or tr('Nothing waits for you.')}"
        for rep, meeting, needs in ordered
    ]


def _capitalised(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _next(meeting: Meeting | None) -> str:
    if meeting is None:
        return tr("no 1:1 planned yet")
    return tr("next 1:1 {when}", when=appointment(meeting.appointment.starts_at, meeting.appointment.zone))


def why(
    next: Meeting | None,  # noqa: A002 - as above
    last: Meeting | None,
    rep: Person,
    manager: Person | None,
    decision: CadenceDecision | None,
    sentences: tuple[str, ...],
    *,
    own: bool = False,
) -> Message:
    """Say why the next 1:1 is on its day: the rhythm, the last one held, a move, and what the rhythm came from.

    "You" in the ``sentences`` is the rep.
    """
    line = _next_of_pair(next, rep, manager, own=own)
    facts = [] if decision is None else [esc(decision.sentence, MOST_SENTENCE)]
    if last is not None:
        facts.append(tr("The last one was held on {day}.", day=day(last.appointment.day)))
    if next is not None and next.due != next.appointment.day:
        facts.append(
            tr("It was first planned for {day} and moved since; it still counts as that one.", day=day(next.due))
        )
    elif next is not None and last is None:
        facts.append(tr("It is your first one, so it comes as soon as you both have a free time."))
    if decision is None:
        facts.append(tr("How often you meet isn't decided yet: that comes with the first 1:1 that is planned."))
    said = [section(*(f"• {esc(sentence, MOST_SENTENCE)}" for sentence in sentences))] if sentences else []
    speaks = [] if own else [context(tr("The sentences speak to {rep}.", rep=name(rep)))]
    return message(line, section(line, *facts), *said, *speaks)


def coming_agenda(
    pre: PreRead, meeting: Meeting, reader: Person, rep: Person, manager: Person, reads_on: datetime
) -> Message:
    """Return how the agenda of a 1:1 would look if it were published now, in the skeleton of the published one.

    It was asked for, so all of it stands there.
    """
    shown = pre_read.pre_read(pre, meeting, reader, rep, manager, answers_shown=False)
    first = tr(
        "*The agenda as it would be today.* The one that counts comes on {when}, with the numbers of that morning.",
        when=moment(reads_on, reader.timezone),
    )
    reasons = actions(how_button(rep.id, action=ActionId.PIPELINE_HOW))
    kept = [reasons if _explains(block) else block for block in shown.blocks]
    rest = topics(pre, own=reader.id == rep.id, answers={}, rep=rep)
    return replace(shown, text=f"{first}\n{shown.text}", blocks=[section(first), *kept, divider(), *rest])


def _explains(block: Block) -> bool:
    """Whether it holds the buttons of a published agenda, whose reasons are frozen: today's stand elsewhere."""
    return any(part.get("action_id") == ActionId.PRE_READ_HOW for part in block.get("elements", ()))
