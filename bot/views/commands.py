"""Answers to slash commands; each is shown only to the one who asked."""

from __future__ import annotations

from collections.abc import Mapping

from bot.coaching.aspirations.aspiration import Aspiration
from bot.coaching.commitment import CoachingGoal, Fork
from bot.coaching.meeting import Meeting
from bot.coaching.pipeline.coverage_average import Fit
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Person
from bot.views.blocks import context, header, message, packed, section
from bot.views.goal_words import TOPIC, progress
from bot.views.message import Message
from bot.views.mrkdwn import appointment, bold, day, esc, name, plural, times
from bot.views.pre_read import aspirations, balance, deals, more_deals

MOST_DEALS = 10

HELP = {
    "/pipeline": (
        "`/pipeline` shows your deals worth talking about and your balance over three horizons.",
        "`/pipeline @rep` shows a manager the same for one of their reps.",
    ),
    "/1on1": (
        "`/1on1` shows your next 1:1 and why you meet that often; a manager sees their reps by name.",
        "`/1on1 @rep` shows a manager the next 1:1 with that rep.",
    ),
    "/goals": (
        "`/goals` shows what you said yes to and how far it is.",
        "`/goals @rep` shows a manager the goals of one of their reps.",
    ),
    "/cadence": (
        "`/cadence` shows how often you meet and what that came from; `/cadence team` shows a manager all of theirs.",
        "`/cadence @rep` shows a manager the same for one of their reps.",
        "`/cadence set @rep 14 because ...` lets a manager fix 7, 14 or 28 days with a reason that the rep reads.",
        "`/cadence free @rep` lets the numbers choose again.",
    ),
    "/awesome": (
        "`/awesome` shows your own figure for a year, your run-rate and what gets you there.",
        "`/awesome set 250000` sets it; it is yours, not a quota.",
    ),
}


def pipeline(rep: Person, pre: PreRead, *, own: bool = False) -> Message:
    """Show one rep's deals and balance; "you" in the sentences is the rep, who can record evidence on ``own`` deals."""
    day_ = f"as of {day(pre.as_of)} {pre.as_of.year}"
    line = f"*Your pipeline*, {day_}."
    if not own:
        line = f"*Pipeline of {name(rep)}*, {day_}. The sentences speak to {name(rep)}."
    return message(
        line,
        section(line),
        header(TOPIC[Fork.VERIFIER]),
        *deals(pre, MOST_DEALS, own=own),
        *more_deals(pre, MOST_DEALS, own=own),
        header(TOPIC[Fork.GAP]),
        *balance(pre.horizons, pre.coverage, pre.plan),
    )


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
    who = f" with {name(manager)}" if manager else ""
    pair = f"your next 1:1{who}" if own else f"next 1:1 of {name(rep)}" + (f" and {name(manager)}" if manager else "")
    pair = pair[:1].upper() + pair[1:]
    if next is None:
        line = f"*{pair}* isn't planned yet: it is as soon as both have a free slot within the cadence."
    else:
        line = f"*{pair}*: {appointment(next.appointment.starts_at, next.appointment.zone)}, "
        line += f"{plural(next.appointment.minutes, 'minute')}."
    said = esc(cadence_sentence, 600) or "How often you meet is not decided yet."
    held = esc(consistency or "", 600)
    return message(line, section(line, said), *([context(held)] if held else []))


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
        f"{bold(rep.name or rep.email)}: {_next(meeting)}. {esc(needs, 300) or 'Nothing waits for you.'}"
        for rep, meeting, needs in ordered
    ]


def _next(meeting: Meeting | None) -> str:
    if meeting is None:
        return "no 1:1 planned yet"
    return f"next 1:1 {appointment(meeting.appointment.starts_at, meeting.appointment.zone)}"


def goals(goals: tuple[CoachingGoal, ...], rep: Person, record: tuple[str, ...] = (), *, own: bool = False) -> Message:
    """Show a rep's goals as given, newest first, and what became of those before.

    Each sentence of the ``record`` stands on a line of its own: what was kept and what came are never added up.
    """
    kept = [words for sentence in record if (words := esc(sentence, 600))]
    speaks = [] if own or not kept else [f"The sentences speak to {name(rep)}."]
    after = [section(*kept), *map(context, speaks)] if kept else []
    if not goals:
        whose = "You have no goals" if own else f"{name(rep)} has no goals"
        line = f"*{whose} yet.* They come from the choices at a 1:1, and only a yes makes one."
        if len(record) > 1:
            line = f"*{whose} now.* They come from the choices at a 1:1, and only a yes makes one."
        return message(line, section(line), *after)
    line = f"*{'Your goals' if own else f'Goals of {name(rep)}'}*: {plural(len(goals), 'goal')}."
    return message(line, section(line), *packed((progress(goal) for goal in goals), sections=10), *after)


def awesome(aspiration: Aspiration, rep: Person, *, own: bool = False) -> Message:
    """Show the rep's own figure and what it takes."""
    line = f"*Awesome, as {'you see' if own else f'{name(rep)} sees'} it*"
    return message(line, section(line), *aspirations(aspiration), context(HELP["/awesome"][1]))


def help(command: str) -> Message:  # noqa: A001 - the word people type
    """Explain one command, or all of them where it isn't known."""
    line = "*What you can type*"
    known = HELP.get(command) or tuple(text for texts in HELP.values() for text in texts)
    return message(line, section(line, *known), context("Only you see the answers."))


def refused(sentence: str) -> Message:
    """Say no with the reason and what to do instead."""
    said = esc(sentence, 2500) or "This can't be shown to you."
    return message(said, section(said))
