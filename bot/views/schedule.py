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
from bot.views.blocks import Block, context, message, packed, section
from bot.views.ids import ActionId
from bot.views.message import Message
from bot.views.mrkdwn import appointment, bold, day, esc, moment, name, plural, times

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
    line = f"*{_pair(rep, manager, own=own)}*{_when(next)}"
    said = esc(cadence_sentence, 600) or "How often you meet is not decided yet."
    held = esc(consistency or "", 600)
    return message(line, section(line, said), *([context(held)] if held else []))


def _pair(rep: Person, manager: Person | None, *, own: bool) -> str:
    if own:
        return "Your next 1:1" + (f" with {name(manager)}" if manager else "")
    return f"Next 1:1 of {name(rep)}" + (f" and {name(manager)}" if manager else "")


def _when(next: Meeting | None) -> str:  # noqa: A002 - as above
    if next is None:
        return " isn't planned yet: it is as soon as both have a free slot within the cadence."
    when = appointment(next.appointment.starts_at, next.appointment.zone)
    return f": {when}, {plural(next.appointment.minutes, 'minute')}."


def team(
    manager: Person, rows: tuple[tuple[Person, Meeting | None, str], ...], figures: tuple[str, ...] = ()
) -> Message:
    """Show a manager the reps by name: next date and what each needs; ``figures`` are of the team as a whole."""
    if not rows:
        nobody = "*Nobody reports to you yet.* `cadence doctor` tells your admin why."
        return message(nobody, section(nobody))
    line = f"*Your 1:1s, {name(manager)}*: {plural(len(rows), 'rep')}, by name."
    said = [context(figure) for figure in figures if figure]
    return message(line, section(line), *packed(team_lines(rows), sections=20), *said)


def fits_line(average: float | None, fits: Mapping[Fit, int]) -> str:
    """Return for how many reps one average multiple is too much, right or not enough; "" where nothing is known."""
    if average is None or not any(fits.values()):
        return ""
    counts = f"too much for {fits.get('too much', 0)}, right for {fits.get('right', 0)}"
    return (
        f"Against one multiple for everybody, {times(average)} to the quarter's end: {counts}, "
        f"not enough for {fits.get('not enough', 0)} of your reps. Go by each one's own."
    )


def team_lines(rows: tuple[tuple[Person, Meeting | None, str], ...]) -> list[str]:
    """Return a line for each rep, in alphabetical order whatever the numbers are."""
    ordered = sorted(rows, key=lambda row: (row[0].name.casefold(), row[0].id))
    return [
        f"{bold(rep.name or rep.email)}: {_next(meeting)}. {_capitalised(esc(needs, 300)) or 'Nothing waits for you.'}"
        for rep, meeting, needs in ordered
    ]


def _capitalised(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _next(meeting: Meeting | None) -> str:
    if meeting is None:
        return "no 1:1 planned yet"
    return f"next 1:1 {appointment(meeting.appointment.starts_at, meeting.appointment.zone)}"


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
    line = f"*{_pair(rep, manager, own=own)}*{_when(next)}"
    facts = [] if decision is None else [esc(decision.sentence, MOST_SENTENCE)]
    if last is not None:
        facts.append(f"The last one was held on {day(last.appointment.day)}.")
    if next is not None and next.due != next.appointment.day:
        facts.append(f"It was first planned for {day(next.due)} and moved since; it still counts as that one.")
    elif next is not None and last is None:
        facts.append("It is your first one, so it comes as soon as you both have a free time.")
    if decision is None:
        facts.append("How often you meet isn't decided yet: that comes with the first 1:1 that is planned.")
    said = [section(*(f"• {esc(sentence, MOST_SENTENCE)}" for sentence in sentences))] if sentences else []
    speaks = [] if own else [context(f"The sentences speak to {name(rep)}.")]
    return message(line, section(line, *facts), *said, *speaks)


def coming_agenda(
    pre: PreRead, meeting: Meeting, reader: Person, rep: Person, manager: Person, reads_on: datetime
) -> Message:
    """Return how the agenda of a 1:1 would look if it were published now, in the skeleton of the published one."""
    shown = pre_read.pre_read(pre, meeting, reader, rep, manager, answers_shown=False)
    first = (
        f"*The agenda as it would be today.* The one that counts comes on {moment(reads_on, reader.timezone)}, "
        "with the numbers of that morning."
    )
    kept = [_unexplained(block) for block in shown.blocks if block["type"] != "actions"]
    return replace(shown, text=f"{first}\n{shown.text}", blocks=[section(first), *kept])


def _unexplained(block: Block) -> Block:
    """Return a block without its button to the reasons: of an agenda that isn't published there are none yet."""
    explains = block.get("accessory", {}).get("action_id") == ActionId.PRE_READ_HOW
    return {name: part for name, part in block.items() if name != "accessory"} if explains else block
