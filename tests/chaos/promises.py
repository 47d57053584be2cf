"""What must be true of the database and of Slack once everything has settled, however often the bot was killed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise, zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select

from bot.coaching.commitment import HELD_BY_REP, MAX_ACTIVE, TRANSITIONS, CoachingGoal, GoalState, Origin
from bot.coaching.meeting import OPEN_STATES, Appointment, Meeting, MeetingState
from bot.coaching.records import Person
from bot.coaching.rhythm.wall_time import span
from bot.sandbox.server import Sandbox
from bot.services.absence import NOT_BEGUN
from bot.services.ports import Surface, Transaction
from bot.services.ports.invitations import Invitation, InvitationState, Reach
from bot.storage.outbox import to_content
from bot.storage.store import Database
from bot.storage.tables import DutyState, SendState, cadence_decision, duty, goal, outbox
from bot.views import approvals, closing, forks, prompts
from bot.views.announcement import made
from bot.views.ids import ActionId, invitation_value
from bot.views.languages import language_of
from bot.views.run_of_show import Course, run_of_show

CLOSEST, FARTHEST = 7, 31
BY_A_PERSON = "My words"
"""How the words begin that people here give when they move a 1:1; for a leave it is moved to another due day."""

QUIET = frozenset({"prompt", "pre_read", "reminder", "course", "closing", "still_open"})
"""Kinds of messages that nobody of a stopped team gets."""

NEVER = datetime.max.replace(tzinfo=UTC)

DUTY_OF = {
    MeetingState.PLANNED: "prompt",
    MeetingState.PROMPTED: "publish",
    MeetingState.PUBLISHED: "start",
    MeetingState.STARTED: "lapse",
}
"""What must still be waiting for a 1:1 in each open state, or it would never go on."""


async def broken(store: Database, sandbox: Sandbox, now: datetime) -> list[str]:
    """Return a sentence for every promise that isn't kept."""
    async with store._begin() as connection:
        rows = [row._asdict() | {"text": _shown(row)} for row in await connection.execute(select(outbox))]
        waiting = {row.key: row for row in await connection.execute(select(duty)) if row.state is DutyState.WAITING}
        counted = select(cadence_decision.c.rep, func.count().label("count")).group_by(cadence_decision.c.rep)
        decisions = {row.rep: row.count for row in await connection.execute(counted)}
        goal_ids = list(await connection.scalars(select(goal.c.id)))
    faults = [*messages(rows, sandbox, now)]
    pending = {row["key"]: row["kind"] for row in rows if row["state"] is SendState.PENDING}
    async with store.transaction() as tx:
        reach = await tx.invitations.reach()
        faults += await _looked_over(tx, rows)
        people = {person.id: person for person in await tx.people.all()}
        said = {row["key"]: row["text"] for row in rows if row["state"] is not SendState.WITHDRAWN or row["ts"]}
        goals = [found for each in goal_ids if (found := await tx.goals.get(each))]
        for one in goals:
            faults += _goal(one, await tx.goals.history(one.id), said, people)
        faults += [fault for one in reach.invitations for fault in _invitation(one, rows)]
        for person in people.values():
            if person.manager_id is None:
                continue
            meetings = await tx.meetings.of_rep(person.id)
            mine = [one for one in goals if one.rep == person.id]
            faults += await _rep(tx, person, meetings, mine, decisions.get(person.id, 0), set(waiting), reach)
            faults += await _away(tx, person, meetings, now)
            if not reach.includes(person.manager_id):
                faults += _stopped(person, pending)
            in_order = _in_order(meetings)
            for meeting, later in zip_longest(in_order, in_order[1:]):
                moved_to = later.appointment if later and meeting.state is MeetingState.MOVED else None
                faults += _words_of(meeting, moved_to, said, people)
                faults += await _course_of(tx, meeting, moved_to, said, people)
    return faults


def _shown(row: Row[Any]) -> str:
    """Return what Slack is to show of a row; of a date the words are made when it is sent."""
    return made(to_content(row, ""), language_of("")).text


def told(faults: list[str], seed: int) -> str:
    """Return all faults in words, with how to come by the same kills and clicks again; pytest shortens only lists."""
    return "\n".join([f"{len(faults)} promises broken, seed {seed} (the instants are the processes' own):", *faults])


def messages(rows: list[dict[str, Any]], sandbox: Sandbox, now: datetime) -> list[str]:
    """Every key once in Slack, in its last words; nothing due is missing, and nothing is there that nobody wished."""
    shown = in_slack(sandbox)
    faults = [f"{key} is in Slack and not in the outbox" for key in shown.keys() - {row["key"] for row in rows}]
    for row in rows:
        key, state, copies = row["key"], row["state"], shown.get(row["key"], [])
        if len(copies) > 1:
            faults.append(f"{key} was said {len(copies)} times")
        if row["surface"] is Surface.HOME:
            if state is not SendState.SENT:
                faults.append(f"{key} is {state}")
        elif state is SendState.SENT and not copies:
            faults.append(f"{key} counts as sent and isn't in Slack")
        elif state is SendState.SENT and copies[0]["text"] != row["text"]:
            faults.append(f"{key} shows other words than it should")
        elif state in {SendState.EXPIRED, SendState.FAILED, SendState.SENDING}:
            faults.append(f"{key} is {state}: {row['error']}")
        elif state is SendState.PENDING and row["due_at"] <= now:
            faults.append(f"{key} was due at {row['due_at']} and isn't sent")
    return faults


def in_slack(sandbox: Sandbox) -> dict[str, list[dict[str, Any]]]:
    """Return the bot's messages by the key they carry."""
    found: dict[str, list[dict[str, Any]]] = {}
    for user in sandbox.workspace.people:
        for message in sandbox.messages(user):
            if "metadata" in message:
                found.setdefault(message["metadata"]["event_payload"]["key"], []).append(message)
    return found


def _goal(
    one: CoachingGoal, history: tuple[CoachingGoal, ...], said: dict[str, str], people: dict[Any, Person]
) -> list[str]:
    faults = []
    if not history or history[0].state is not GoalState.OFFERED or history[-1] != one:
        faults.append(f"goal {one.id} has a history that doesn't lead to it")
    for before, after in pairwise(history):
        reported = before.state is after.state is GoalState.ACTIVE
        if not reported and after.state not in TRANSITIONS.get(before.state, frozenset()):
            faults.append(f"goal {one.id} went from {before.state} to {after.state}")
        if after.version != before.version + 1:
            faults.append(f"goal {one.id} went from version {before.version} to {after.version}")
    rep, manager = people[one.rep], people[one.manager]
    now = forks.offer(one, manager, rep.timezone).text
    if said.get(f"fork:{one.id}:{rep.id}", None if one.state is GoalState.SENT_BACK else now) != now:
        faults.append(f"goal {one.id} is {one.state} and its own message says otherwise")
    now = approvals.request(one, rep, manager.timezone).text
    if (
        one.state in {GoalState.ACCEPTED, GoalState.SENT_BACK}
        and said.get(f"approval:{one.id}:{manager.id}", now) != now
    ):
        faults.append(f"goal {one.id} is {one.state} and the manager reads otherwise")
    return faults


async def _rep(
    tx: Transaction,
    rep: Person,
    meetings: tuple[Meeting, ...],
    goals: list[CoachingGoal],
    decisions: int,
    waiting: set[str],
    reach: Reach,
) -> list[str]:
    faults = []
    goes_on = rep.manager_id is not None and reach.includes(rep.manager_id)
    in_order = _in_order(meetings)
    still_open = [one for one in meetings if one.state in OPEN_STATES]
    held_goals = sum(one.state in HELD_BY_REP for one in goals)
    if len(still_open) != goes_on:
        faults.append(f"{rep.id} has {len(still_open)} open 1:1s")
    if held_goals > MAX_ACTIVE:
        faults.append(f"{rep.id} holds {held_goals} goals")
    for started, items in _items_by_meeting(goals).items():
        if len(items) > MAX_ACTIVE or max(items.values()) > 1:
            faults.append(f"the forks of 1:1 {started} were opened twice")
    held = [one for one in in_order if one.state is MeetingState.HELD]
    if decisions != len(held) + 1 and (meetings or decisions > 1):  # the first comes with who looks the dates over
        faults.append(f"{rep.id} held {len(held)} 1:1s and the cadence was computed {decisions} times")
    for meeting in meetings:
        faults += _due(meeting, waiting)
        if meeting.published_at is not None and await tx.meetings.agenda(meeting.id) is None:
            faults.append(f"1:1 {meeting.id} is published without an agenda")
    faults += _gaps(rep, in_order, never_stopped=_never_stopped(rep, reach))
    for before, after in pairwise(in_order):
        elsewhere = after.due != before.due and before.closing_words.startswith(BY_A_PERSON)
        lost = elsewhere or (before.answers and not after.answers)
        if before.state is MeetingState.MOVED and lost:
            faults.append(f"1:1 {before.id} was moved and lost what belonged to it: {before} became {after}")
    return faults


def _due(meeting: Meeting, waiting: set[str]) -> list[str]:
    """An open 1:1 goes on, and a closed one comes to rest."""
    due = {key for key in waiting if key.endswith(f":{meeting.id}")}
    if meeting.state not in OPEN_STATES:
        return [f"1:1 {meeting.id} is {meeting.state} and {due} would still fall due"] if due else []
    if f"{DUTY_OF[meeting.state]}:{meeting.id}" not in due:
        return [f"1:1 {meeting.id} is {meeting.state} and nothing would bring it on"]
    return []


def _never_stopped(rep: Person, reach: Reach) -> bool:
    invitation = None if rep.manager_id is None else reach.of(rep.manager_id)
    return invitation is None or invitation.version == 1


def _gaps(rep: Person, in_order: list[Meeting], *, never_stopped: bool) -> list[str]:
    """Never sooner than a week after the last held one; the one planned right after it, within the month."""
    faults = []
    last: Meeting | None = None
    for meeting in in_order:
        if last is not None:
            days = (meeting.appointment.day - last.appointment.day).days
            if days < CLOSEST:
                faults.append(f"{rep.id} meets {days} days after a held 1:1")
            if never_stopped and days > FARTHEST and in_order[in_order.index(meeting) - 1] is last:
                faults.append(f"{rep.id} meets {days} days after a held 1:1")
        if meeting.state is MeetingState.HELD:
            last = meeting
    return faults


def _items_by_meeting(goals: list[CoachingGoal]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for one in (each for each in goals if each.terms.origin is Origin.MEETING):
        found.setdefault(one.meeting, Counter())[f"{one.terms.fork} {one.terms.item} {one.terms.deal}"] += 1
    return found


def _in_order(meetings: tuple[Meeting, ...]) -> list[Meeting]:
    """The oldest first; a rep has one open 1:1 at a time, so each comes out of the one before it."""
    return sorted(meetings, key=lambda one: (one.closed_at or NEVER, one.appointment.starts_at))


async def _course_of(
    tx: Transaction, meeting: Meeting, moved_to: Appointment | None, said: dict[str, str], people: dict[Any, Person]
) -> list[str]:
    """What the two see of a 1:1 is its course as it stands, and a goal that waits for approval is asked about."""
    rep, manager = people[meeting.rep], people[meeting.manager]
    goals = await tx.goals.of_meeting(meeting.id)
    asked = frozenset(one.id for one in goals if f"approval:{one.id}:{manager.id}" in said)
    course = Course(meeting, await tx.meetings.agenda(meeting.id), rep, manager, goals, asked, moved_to=moved_to)
    faults = []
    for key, reader in ((f"course:{meeting.id}", rep), (f"closing:{meeting.id}", manager)):
        shown = said.get(f"{key}:{reader.id}")
        if shown is None and meeting.state is MeetingState.STARTED:
            faults.append(f"1:1 {meeting.id} goes on and {reader.id} sees nothing of it")
        elif shown is not None and shown != run_of_show(course, reader).text:
            faults.append(f"1:1 {meeting.id} is {meeting.state} and {key} says otherwise")
    if meeting.state is not MeetingState.STARTED:
        faults += [
            f"goal {one.id} waits for {manager.id}, who isn't asked"
            for one in goals
            if one.state is GoalState.ACCEPTED and one.manager == manager.id and one.id not in asked
        ]
    return faults


def _words_of(
    meeting: Meeting, moved_to: Appointment | None, said: dict[str, str], people: dict[Any, Person]
) -> list[str]:
    """What stands in the outbox about a 1:1 is what its present state would have the bot say."""
    rep, manager = people[meeting.rep], people[meeting.manager]
    wanted = {
        f"prompt:{meeting.id}:{rep.id}": prompts.invite(meeting, rep, manager, answered=bool(meeting.answers)).text,
        f"still_open:{meeting.id}:{manager.id}": closing.still_open(meeting, rep, moved_to).text,
    }
    stale = [key for key, text in wanted.items() if said.get(key, text) != text]
    return [f"1:1 {meeting.id} is {meeting.state} and {key} says otherwise" for key in stale]


async def _away(tx: Transaction, rep: Person, meetings: tuple[Meeting, ...], now: datetime) -> list[str]:
    """No 1:1 that hasn't begun falls into the leave of one of the two."""
    faults = []
    for meeting in meetings:
        begins, ends = span(meeting.appointment)
        if meeting.state not in NOT_BEGUN or now >= ends:
            continue
        for one in (rep, await tx.people.get(meeting.manager)):
            day = None if one is None else begins.astimezone(ZoneInfo(one.timezone)).date()
            leaves = () if one is None else await tx.people.leave_of(one.id)
            if day is not None and any(leave.first <= day <= leave.last for leave in leaves):
                faults.append(f"1:1 {meeting.id} is on {day}, on which one of the two is away")
    return faults


def _stopped(rep: Person, pending: dict[str, str]) -> list[str]:
    """Nobody of a team that is stopped is about to be written to."""
    due = [key for key, kind in pending.items() if kind in QUIET and key.endswith(f":{rep.id}")]
    return [f"{key} waits to be sent, and the team of {rep.id} is stopped" for key in due]


def _invitation(one: Invitation, rows: list[dict[str, Any]]) -> list[str]:
    """What a manager reads of the first 1:1s can be answered exactly while the invitation waits for an answer."""
    row = next((row for row in rows if row["key"] == f"first_ones:{one.manager}"), None)
    if row is None:
        missing = one.state is InvitationState.PROPOSED
        return [f"{one.manager} is invited and isn't asked"] if missing else []
    asked = any(
        element.get("action_id") == ActionId.INVITATION_LATER
        and element.get("value") == invitation_value(one.manager, one.version)
        for block in row["blocks"]
        for element in block.get("elements", ())
    )
    is_open = one.state is InvitationState.PROPOSED
    return [] if asked is is_open else [f"{one.manager} is {one.state} and the message says otherwise"]


async def _looked_over(tx: Transaction, rows: list[dict[str, Any]]) -> list[str]:
    """Nobody waits for a look over the installation, and who asked by word has read what was found."""
    waiting = [f"checkup {one.key} was asked for and isn't done" for one in await tx.checkups.waiting()]
    last = await tx.checkups.latest()
    asked = last is not None and last.asked_by is not None and last.done_at is not None
    told = last is None or any(row["key"].startswith(f"checkup:{last.key}:") for row in rows)
    return [*waiting, *([] if told or not asked or last is None else [f"checkup {last.key} was told to nobody"])]
