"""The manager's part of a goal: to approve a rep's yes, or to send it back with words."""

from __future__ import annotations

from bot.coaching.commitment import CoachingGoal, GoalState, Origin
from bot.coaching.records import Person
from bot.views.blocks import View, context, field, form, message, read_field, section, text_input
from bot.views.goal_words import dollars, dollars_reason, ending, path, plan, what
from bot.views.ids import ActionId, BlockId, CallbackId, goal_value
from bot.views.message import Message
from bot.views.mrkdwn import esc, moment, name, quote
from bot.views.questions import approval_buttons
from bot.views.speaking import tr


def request(goal: CoachingGoal, rep: Person, zone: str = "UTC") -> Message:
    """Ask the manager about a rep's yes; once it is settled, keep a record of who said what and when.

    ``zone`` is the manager's; only clients too old for Slack's date tokens show it.
    """
    terms = goal.terms
    who = name(rep)
    when = moment(goal.changed_at, zone)
    if goal.state is not GoalState.ACCEPTED:
        line = f"{who}, {what(terms)}\n{_record(goal, who, when)}"
        return message(line, section(line))
    opening = _opening(terms.origin, who, when)
    return message(
        f"{opening}\n{what(terms)}",
        section(opening),
        section(what(terms), esc(terms.why, 600), plan(terms)),
        context(dollars(terms), dollars_reason(terms), path(terms)),
        approval_buttons(goal),
    )


def _opening(origin: Origin, rep: str, when: str) -> str:
    match origin:
        case Origin.MEETING:
            return tr(
                "*{rep} said yes to a goal* on {when} and needs your answer: is it relevant, and is it enough?",
                rep=rep,
                when=when,
            )
        case Origin.REP:
            return tr(
                "*{rep} made a goal of their own* on {when} and needs your answer: is it relevant, and is it enough?",
                rep=rep,
                when=when,
            )
        case Origin.MANAGER:
            return tr(
                "*{rep} said yes to the goal you proposed* on {when} and needs your answer: is it relevant, and is it "
                "enough?",
                rep=rep,
                when=when,
            )


def _record(goal: CoachingGoal, rep: str, when: str) -> str:
    match goal.state:
        case GoalState.ACTIVE:
            return tr("You approved it on {when}. {rep} reports on it on Mondays.", when=when, rep=rep)
        case GoalState.SENT_BACK:
            return f"{tr('You sent it back to {rep} on {when}:', rep=rep, when=when)}\n{quote(goal.words)}"
        case GoalState.OFFERED:
            return tr("Offered again on {when}; {rep} hasn't answered yet.", when=when, rep=rep)
        case GoalState.DECLINED:
            return f"{tr('{rep} said not now on {when}:', rep=rep, when=when)}\n{quote(goal.words)}"
        case _:
            return ending(goal, when)


def send_back_modal(goal: CoachingGoal) -> View:
    """Return the form for the words that go back with the goal."""
    return form(
        CallbackId.SEND_BACK,
        tr("Send back"),
        [
            section(
                tr("The goal goes back with your words; only the one whose goal it is can say yes again:"),
                what(goal.terms),
            ),
            field(
                BlockId.WORDS,
                tr("What would you change, and why?"),
                text_input(placeholder=tr("Could we take the smaller number and start this week?")),
                hint=tr("They are read exactly as you write them."),
            ),
        ],
        submit=tr("Send back"),
        metadata=goal_value(goal),
    )


def parse_words(view: View) -> str:
    """Return the manager's words, "" when only blanks were typed."""
    return read_field(view, BlockId.WORDS, ActionId.TEXT)
