"""The home tab: what is next for a rep, a manager and an admin, in this order where somebody is several of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.coaching.commitment import CoachingGoal, GoalState
from bot.coaching.meeting import Meeting, MeetingState
from bot.coaching.pre_read import DealReview
from bot.coaching.records import Person
from bot.coaching.said import say
from bot.views import home_admin
from bot.views.blocks import Block, actions, button, context, header, message, packed, section
from bot.views.command_help import HOW_TO_SET
from bot.views.evidence import recordable
from bot.views.goal_words import dollars, offered, plan, progress, what
from bot.views.ids import ActionId
from bot.views.message import Message
from bot.views.mrkdwn import appointment, bold, esc, money, name, number
from bot.views.pipeline import more_in_pipeline
from bot.views.questions import approval_buttons, fork_buttons
from bot.views.schedule import team_lines
from bot.views.speaking import shown as said_words
from bot.views.speaking import tr, tr_many

MOST_DEALS = 10
MOST_ASKED = 6
FOOTER = say("`/pipeline`, `/1on1`, `/goals`, `/cadence` and `/awesome` answer only to you; add `help` to any of them.")

UNANSWERED = frozenset({MeetingState.PROMPTED, MeetingState.PUBLISHED})


@dataclass(frozen=True, slots=True)
class RepPage:
    """A rep's part. ``asked`` are the goals that wait for the rep's yes, ``goals`` the ones said yes to.

    ``deals`` are None where no agenda names any yet. ``awesome`` says what gets there, "" where nothing stored does.
    """

    rep: Person
    manager: Person | None
    meeting: Meeting | None
    cadence: str
    asked: tuple[CoachingGoal, ...] = ()
    goals: tuple[CoachingGoal, ...] = ()
    deals: tuple[DealReview, ...] | None = None
    awesome: str = ""


@dataclass(frozen=True, slots=True)
class TeamPage:
    """A manager's part. ``rows`` are the reps with the next 1:1 and what each needs; ``today`` is the manager's."""

    manager: Person
    today: date
    consistency: str
    rows: tuple[tuple[Person, Meeting | None, str], ...]
    waiting: tuple[CoachingGoal, ...] = ()
    hours: str = ""


def home(rep: RepPage | None, team: TeamPage | None, admin: home_admin.AdminPage | None) -> Message:
    """Return the page of somebody who is one of the three, several, or none."""
    parts = [
        *([] if team is None else [_team(team)]),
        *([] if rep is None else [_rep(rep)]),
        *([] if admin is None else [home_admin.page(admin)]),
    ]
    blocks = [block for part in parts for block in part]
    if not blocks:
        blocks = [
            section(tr("*Nobody is set as your manager, and nobody reports to you.* Ask your admin to complete this."))
        ]
    first = blocks[0]["text"]["text"].split("\n")[0]
    return message(first, *blocks, context(FOOTER))


def _rep(page: RepPage) -> list[Block]:
    return [
        *_next(page),
        *([header(tr("Waiting for your yes")), *_asked(page)] if page.asked else []),
        header(tr("Your goals")),
        *(packed((_goal(goal) for goal in page.goals), sections=2) or [section(tr("None now."))]),
        _goal_buttons(page),
        *([] if page.deals is None else _wanting(page.deals)),
        header(tr("Awesome, as you see it")),
        section(*_awesome(page)),
    ]


def _next(page: RepPage) -> list[Block]:
    meeting = page.meeting
    who = name(page.manager) if page.manager else ""
    if meeting is None:
        line = tr("*No 1:1 is planned yet.* It is as soon as you both have a free time.")
        if who:
            line = tr("*No 1:1 with {who} is planned yet.* It is as soon as you both have a free time.", who=who)
        return [section(line, esc(page.cadence, 600))]
    when = appointment(meeting.appointment.starts_at, page.rep.timezone)
    line = tr("*Your next 1:1*: {when}", when=when)
    if who:
        line = tr("*Your next 1:1 with {who}*: {when}", who=who, when=when)
    buttons = [button(tr("Move"), ActionId.MEETING_MOVE, meeting.id)]
    if meeting.state in UNANSWERED:
        words = tr("Change my answers") if meeting.answers else tr("Answer (5 min)")
        buttons.insert(0, button(words, ActionId.PROMPT_OPEN, meeting.id, style=None if meeting.answers else "primary"))
    if meeting.published_at is not None:
        buttons.append(button(tr("How we got this"), ActionId.PRE_READ_HOW, meeting.id))
    state = tr("`/1on1 agenda` shows what it will be about; `/1on1 why` says why then.")
    return [section(line, esc(page.cadence, 600)), actions(*buttons), context(state)]


def _asked(page: RepPage) -> list[Block]:
    manager = name(page.manager) if page.manager else tr("Your manager")
    blocks = []
    for goal in page.asked[:MOST_ASKED]:
        opening = (
            offered(goal.terms, manager)
            if goal.state is GoalState.OFFERED
            else tr("*{manager} sent this back to you* with words; its message shows them.", manager=manager)
        )
        blocks += [section(opening, what(goal.terms), dollars(goal.terms)), fork_buttons(goal)]
    return blocks


def _goal(goal: CoachingGoal) -> str:
    return f"{progress(goal)}\n{dollars(goal.terms)} {plan(goal.terms)}"


def _goal_buttons(page: RepPage) -> Block:
    new = button(tr("New goal"), ActionId.HOME_NEW_GOAL, page.rep.id)
    if not any(goal.state is GoalState.ACTIVE for goal in page.goals):
        return actions(new)
    return actions(button(tr("How does it go?"), ActionId.HOME_REPORT, page.rep.id), new)


def _wanting(deals: Sequence[DealReview]) -> list[Block]:
    wanting = [deal for deal in deals if deal.unpaid]
    shown = [
        recordable(
            section(f"{bold(deal.name)}: {', '.join(esc(item, 80) for item in deal.unpaid[:6])}"),
            deal.deal,
        )
        for deal in wanting[:MOST_DEALS]
    ]
    if len(wanting) > MOST_DEALS:
        shown.append(context(more_in_pipeline(len(wanting) - MOST_DEALS)))
    return [header(tr("Deals that want something from the customer")), *(shown or [section(tr("None now."))])]


def _awesome(page: RepPage) -> list[str]:
    if page.rep.awesome is None:
        unset = tr("Your own figure for a year isn't set.")
        return [f"{unset} {said_words(HOW_TO_SET)}"]
    said = esc(page.awesome, 600) or tr("Awesome for you is {amount} a year.", amount=money(page.rep.awesome))
    return [said, tr("`/awesome path` shows which skills and activities lead there.")]


def _team(page: TeamPage) -> list[Block]:
    line = tr("*{manager}, your own consistency first*", manager=name(page.manager))
    names = {rep.id: name(rep) for rep, _, _ in page.rows}
    waiting = page.waiting[:MOST_ASKED]
    more = len(page.waiting) - len(waiting)
    reps = len(page.rows)
    left = tr("A rep who left your team")
    return [
        section(line, esc(page.consistency, 600) or tr("It shows here after your first 1:1s.")),
        header(tr("Today and this week")),
        *(packed(_days(page), sections=2) or [section(tr("No 1:1 this week."))]),
        header(tr("Waiting for your approval")),
        *(block for goal in waiting for block in _approval(goal, names.get(goal.rep, left))),
        *([] if waiting else [section(tr("Nothing now."))]),
        *(_more_waiting(more) if more > 0 else []),
        header(tr("Who needs what")),
        *(packed(team_lines(page.rows), sections=4) or [section(tr("Nobody reports to you yet."))]),
        context(tr_many("{n} rep, by name.", "{n} reps, by name.", reps, n=number(reps)), page.hours),
    ]


def _more_waiting(more: int) -> list[Block]:
    counted = tr_many("{n} more goal in your messages.", "{n} more goals in your messages.", more, n=number(more))
    return [context(counted)]


def _days(page: TeamPage) -> list[str]:
    """Return the week's 1:1s as they come, today's first."""
    zone = ZoneInfo(page.manager.timezone)
    found = []
    for rep, meeting, _ in page.rows:
        if meeting is None:
            continue
        on = meeting.appointment.starts_at.astimezone(zone).date()
        if on <= page.today or on.isocalendar()[:2] == page.today.isocalendar()[:2]:
            found.append((meeting.appointment.starts_at, on, rep, meeting))
    lines = []
    for starts_at, on, rep, meeting in sorted(found, key=lambda one: one[0]):
        line = f"{appointment(starts_at, page.manager.timezone)}: {name(rep)}"
        if state := _state(meeting, on < page.today):
            line = f"{line}, {state}"
        lines.append(tr("*Today*, {meeting}", meeting=line) if on == page.today else line)
    return lines


def _state(meeting: Meeting, over: bool) -> str:  # noqa: FBT001 - what it is about
    if over or meeting.state is MeetingState.STARTED:
        return tr("not closed yet: say how it went in its message")
    if meeting.state is MeetingState.PUBLISHED:
        return tr("the agenda is out") if meeting.answers else tr("the agenda is out; no answers yet")
    return tr("answered") if meeting.answers else ""


def _approval(goal: CoachingGoal, rep: str) -> list[Block]:
    asked = section(f"{rep}, {what(goal.terms)}", esc(goal.terms.why, 300), dollars(goal.terms))
    return [asked, approval_buttons(goal)]
