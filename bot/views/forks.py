"""The forks in the road: what only the rep can say yes to."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.coaching.commitment import MAX_ACTIVE, CoachingGoal, GoalState
from bot.coaching.records import Person
from bot.views.blocks import (
    ANSWER_LENGTH,
    View,
    context,
    date_input,
    field,
    form,
    message,
    number_input,
    packed,
    radio,
    read_choice,
    read_day,
    read_field,
    section,
    text_input,
)
from bot.views.goal_words import (
    amount_of,
    dollars,
    dollars_reason,
    ending,
    offered,
    path,
    plan,
    progress,
    reached,
    title,
    what,
)
from bot.views.ids import ActionId, BlockId, CallbackId, goal_value, swap_value
from bot.views.message import Message
from bot.views.mrkdwn import day, esc, moment, name, number, quote
from bot.views.questions import fork_buttons
from bot.views.speaking import tr

WHOLE_NUMBER = re.compile(r"\+?[0-9]{1,9}(\.0*)?")


def offer(goal: CoachingGoal, manager: Person, zone: str = "UTC", forecast: str = "") -> Message:
    """Put one choice before the rep, or say how it stands: the same message is rewritten as things change.

    ``zone`` is the rep's; only clients too old for Slack's date tokens show it. ``forecast`` says what an agreed goal
    is to bring.
    """
    when = moment(goal.changed_at, zone)
    if goal.state is GoalState.OFFERED:
        return _question(goal, offered(goal.terms, name(manager)))
    if goal.state is GoalState.SENT_BACK:
        line = tr(
            "*{manager} sent this back to you* on {when} and asks for your yes, a change, or not now:",
            manager=name(manager),
            when=when,
        )
        return _question(goal, f"{line}\n{quote(goal.words)}")
    line = f"{what(goal.terms)}\n{_record(goal, name(manager), when)}"
    return message(line, section(line, esc(forecast, 400)))


def _question(goal: CoachingGoal, opening: str) -> Message:
    terms = goal.terms
    return message(
        f"{opening}\n{what(terms)}",
        section(opening),
        section(what(terms), esc(terms.why, 600), plan(terms)),
        context(dollars(terms), dollars_reason(terms), path(terms)),
        fork_buttons(goal),
    )


def _record(goal: CoachingGoal, manager: str, when: str) -> str:
    match goal.state:
        case GoalState.ACCEPTED:
            return tr("You said yes on {when}. Waiting for {manager} to approve it.", when=when, manager=manager)
        case GoalState.ACTIVE:
            return tr(
                "Agreed: you said yes and {manager} approved it on {when}. I'll ask how it goes on Mondays.",
                manager=manager,
                when=when,
            )
        case GoalState.DECLINED:
            return f"{tr('You said not now on {when}, and that settles it:', when=when)}\n{quote(goal.words)}"
        case _:
            return ending(goal, when)


def change_modal(goal: CoachingGoal) -> View:
    """Return the form to change number, due day and plan; it carries the version that was seen."""
    terms = goal.terms
    return form(
        CallbackId.FORK_CHANGE,
        tr("Change the goal"),
        [
            section(tr("Make it yours: what can you say yes to?"), what(terms)),
            field(
                BlockId.NUMBER,
                tr("How many?"),
                number_input(str(terms.number), least="1", decimal=False),
                hint=tr("Proposed: {what}", what=number(terms.number)),
            ),
            field(
                BlockId.DUE,
                tr("By which day?"),
                date_input(terms.due),
                hint=tr("Proposed: {what}", what=day(terms.due)),
            ),
            field(
                BlockId.PLAN,
                tr("When and where will you do it?"),
                text_input(terms.plan, placeholder=tr("If it is Tuesday 9:00, then I call five of them from my desk")),
                hint=tr("A time and a place make it easier to keep: “if it is Tuesday 9:00, then I …”"),
            ),
        ],
        submit=tr("Say yes to this"),
        metadata=goal_value(goal),
    )


def parse_change(view: View) -> tuple[int | None, date | None, str]:
    """Return number, due day and plan; None for a number that isn't whole or a day that isn't one."""
    typed = read_field(view, BlockId.NUMBER, ActionId.NUMBER)
    count = int(typed.split(".")[0]) if WHOLE_NUMBER.fullmatch(typed) else None
    return count, read_day(view, BlockId.DUE), read_field(view, BlockId.PLAN, ActionId.TEXT)


def decline_modal(goal: CoachingGoal) -> View:
    """Return the form that asks why not now."""
    return form(
        CallbackId.FORK_DECLINE,
        tr("Not now"),
        [
            section(
                tr(
                    "You are saying “not now” to {goal}. That is a full answer; one sentence says why.",
                    goal=what(goal.terms),
                )
            ),
            field(
                BlockId.REASON,
                tr("Why not now?"),
                text_input(placeholder=tr("What would have to be different?")),
                hint=tr("A few words are enough; they stay with the goal."),
            ),
        ],
        submit=tr("Say not now"),
        metadata=goal_value(goal),
    )


def parse_reason(view: View) -> str:
    """Return the reason, "" when only blanks were typed."""
    return read_field(view, BlockId.REASON, ActionId.TEXT)


def full(goal: CoachingGoal, held: tuple[CoachingGoal, ...], *, changed: bool = False) -> View:
    """Ask which of the goals held already makes room for this one; ``changed`` says that its terms are the rep's own.

    Each option carries the goal in the version that is shown.
    """
    options = [(title(one.terms, 60), goal_value(one), reached(one)) for one in held]
    kept = replace(goal, terms=replace(goal.terms, plan=goal.terms.plan[:ANSWER_LENGTH]))
    return form(
        CallbackId.FORK_FULL,
        tr("Which one to drop?"),
        [
            section(
                tr(
                    "You hold {n} goals already, and more than {n} don't get done. To say yes to {goal} ({amount}), "
                    "drop one of them:",
                    n=MAX_ACTIVE,
                    goal=esc(goal.terms.title),
                    amount=amount_of(goal.terms),
                )
            ),
            *packed((progress(one) for one in held), sections=1),
            field(BlockId.DROP, tr("Which one makes room?"), radio(options)),
            context(tr("It closes as no longer relevant, which is never counted against you. Cancel keeps both.")),
        ],
        submit=tr("Drop it, say yes"),
        metadata=swap_value(kept, changed=changed),
    )


def parse_drop(view: View) -> str:
    """Return the value of the goal chosen to make room; "" when none was."""
    return read_choice(view, BlockId.DROP)
