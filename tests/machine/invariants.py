"""What must be true of a company at any moment, whatever people did: the invariants of the design."""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from firm import ZONES, Company, Said

from bot.coaching.commitment import HELD_BY_REP, MAX_ACTIVE, GoalState
from bot.coaching.commitment import TRANSITIONS as GOAL_WAYS
from bot.coaching.meeting import OPEN_STATES, MeetingState
from bot.coaching.meeting import TRANSITIONS as MEETING_WAYS
from bot.services.due_around import NEAR
from bot.services.rounds import EARLY
from bot.views.ids import ActionId

OPEN = sorted(OPEN_STATES)
SOONEST, LATEST = 7, 31
DAY = timedelta(days=1)
DAY_OPENS, DAY_CLOSES = time(8), time(18)
IN_THE_1_1 = frozenset({"course", "closing"})
"""What belongs to the hour of the 1:1 itself, which is the manager's."""
BEFORE_THE_1_1 = frozenset({"moved", "pre_read", "prompt"})
"""What has to be said before the 1:1, whatever the time is, when it was decided late."""


def broken(company: Company) -> Iterator[str]:
    """Yield a sentence for every promise that isn't kept."""
    yield from company.faults
    for check in (
        _each_message_once,
        _nobody_at_night,
        _one_open_1_1,
        _between_a_week_and_a_month,
        _moves_go_on,
        _goals_take_their_ways,
        _nothing_is_settled_unasked,
        _no_more_goals_than_can_be_kept,
        _offers_stand_in_a_1_1,
        _everything_open_can_be_answered,
        _what_is_open_comes_to_an_end,
        _no_duty_fails,
    ):
        yield from check(company)


def meeting_steps(before: dict[str, str], company: Company) -> Iterator[str]:
    """Yield a sentence for every 1:1 that took a way which there isn't, and bring ``before`` up to date."""
    for row in company.tables("SELECT id, state FROM meeting"):
        was, now = before.get(row["id"]), row["state"]
        if was is not None and was != now and MeetingState(now) not in MEETING_WAYS.get(MeetingState(was), ()):
            yield f"1:1 {row['id']} went from {was} to {now}"
        before[row["id"]] = now


def _each_message_once(company: Company) -> Iterator[str]:
    for key, count in Counter(one.key for one in company.said).items():
        if count > 1:
            yield f"{key} was said {count} times"


def _nobody_at_night(company: Company) -> Iterator[str]:
    for one in company.said[company.checked :]:
        local = one.at.astimezone(ZoneInfo(ZONES[one.to]))
        awake = DAY_OPENS <= local.time() < DAY_CLOSES and local.weekday() < 5
        if not awake and not one.answers and not _is_about_a_1_1_of_now(company, one):
            yield f"{one.key} came to {one.to} at {local:%a %H:%M}"
    company.checked = len(company.said)


def _is_about_a_1_1_of_now(company: Company, one: Said) -> bool:
    """Whether it belongs to a 1:1 that goes on, or has to be said before one that begins within the hour."""
    kind, meeting, *_ = one.key.split(":")
    after = "SELECT after.* FROM meeting JOIN meeting AS after ON after.sequence = meeting.sequence + 1"
    after += " AND after.occurrence = coalesce(nullif(meeting.occurrence, ''), meeting.id) WHERE meeting.id = ?"
    found = company.tables(after if kind == "moved" else "SELECT * FROM meeting WHERE id = ?", meeting)
    if not found or kind not in IN_THE_1_1 | BEFORE_THE_1_1:
        return False
    starts_at = datetime.fromisoformat(found[0]["starts_at"]).replace(tzinfo=UTC)
    if kind in IN_THE_1_1:
        return one.at < starts_at + timedelta(minutes=found[0]["minutes"])
    return one.at >= starts_at - timedelta(hours=1)


def _one_open_1_1(company: Company) -> Iterator[str]:
    marks = ",".join("?" * len(OPEN))
    query = f"SELECT rep, count(*) AS open FROM meeting WHERE state IN ({marks}) GROUP BY rep HAVING open > 1"  # noqa: S608
    for row in company.tables(query, *OPEN):
        yield f"{row['rep']} has {row['open']} open 1:1s"


def _between_a_week_and_a_month(company: Company) -> Iterator[str]:
    """A month that went by without any free day of both starts afresh; that takes leave, or a person not there."""
    query = "SELECT rep, manager, day, state, planned_at FROM meeting ORDER BY rep, day"
    for rep, rows in itertools.groupby(company.tables(query), lambda row: row["rep"]):
        held: date | None = None
        for row in rows:
            day = date.fromisoformat(row["day"])
            if held is not None and (row["state"] in OPEN or row["state"] == MeetingState.HELD):
                apart = (day - held).days
                planned = datetime.fromisoformat(row["planned_at"]).date()
                excused = (planned - held).days >= SOONEST or {rep, row["manager"]} & company.disturbed
                if apart < SOONEST or (apart > LATEST and not excused):
                    yield f"{rep}'s 1:1s are {apart} days apart: {held} and {day}"
            if row["state"] == MeetingState.HELD:
                held = day


def _moves_go_on(company: Company) -> Iterator[str]:
    """A moved 1:1 goes on as one with the same answers, and nothing else says that it moved."""
    rows = company.tables("SELECT id, occurrence, sequence, state, answers FROM meeting")
    places = defaultdict(list)
    for row in rows:
        places[row["occurrence"] or row["id"], row["sequence"]].append(row)
    for row in rows:
        after = places[row["occurrence"] or row["id"], row["sequence"] + 1]
        if (row["state"] == MeetingState.MOVED) != (len(after) == 1):
            yield f"1:1 {row['id']} is {row['state']} and has {len(after)} after it"
        elif after and json.loads(row["answers"]) and not json.loads(after[0]["answers"]):
            yield f"the answers of 1:1 {row['id']} were lost when it moved"


def _goals_take_their_ways(company: Company) -> Iterator[str]:
    query = "SELECT goal, state, version, words, said_by FROM goal_history ORDER BY goal, id"
    for goal, rows in itertools.groupby(company.tables(query), lambda row: row["goal"]):
        versions = list(rows)
        if versions[0]["state"] != GoalState.OFFERED:
            yield f"goal {goal} began as {versions[0]['state']}"
        for was, now in itertools.pairwise(versions):
            same = was["state"] == now["state"] and was["state"] in GOAL_WAYS
            if not same and GoalState(now["state"]) not in GOAL_WAYS.get(GoalState(was["state"]), ()):
                yield f"goal {goal} went from {was['state']} to {now['state']}"
            if now["version"] != was["version"] + 1:
                yield f"goal {goal} went from version {was['version']} to {now['version']}"
        last = versions[-1]
        if last["state"] == GoalState.OBSOLETE and last["said_by"] is None and not last["words"]:
            yield f"goal {goal} was closed by the bot without a reason"


def _nothing_is_settled_unasked(company: Company) -> Iterator[str]:
    """What the bot settles, because its day has passed, the rep was asked about after that day."""
    asked = defaultdict(list)
    for one in company.said:
        if one.kind == "reminder":
            asked[one.to].append(one.at.astimezone(ZoneInfo(ZONES[one.to])).date())
    query = """SELECT goal.id, goal.rep, min(json_extract(agreed.terms, '$.due')) AS due FROM goal
               JOIN goal_history AS agreed ON agreed.goal = goal.id AND agreed.state = 'active'
               JOIN goal_history AS settled ON settled.goal = goal.id AND settled.said_by IS NULL
               WHERE settled.state IN ('kept', 'partly', 'missed') GROUP BY goal.id, goal.rep"""
    for row in company.tables(query):
        if not any(day > date.fromisoformat(row["due"]) for day in asked[row["rep"]]):
            yield f"goal {row['id']} was settled, and {row['rep']} wasn't asked since {row['due']}"


def _no_more_goals_than_can_be_kept(company: Company) -> Iterator[str]:
    held = Counter(row["rep"] for row in company.tables("SELECT rep, state FROM goal") if row["state"] in HELD_BY_REP)
    for rep, count in held.items():
        if count > MAX_ACTIVE:
            yield f"{rep} holds {count} goals"


def _offers_stand_in_a_1_1(company: Company) -> Iterator[str]:
    """What wasn't answered in a 1:1 that fell out comes again with the next one, so it doesn't stand twice."""
    query = """SELECT goal.id, meeting.state FROM goal JOIN meeting ON meeting.id = goal.meeting
               WHERE goal.state = 'offered'"""
    for row in company.tables(query):
        if row["state"] not in {MeetingState.STARTED, MeetingState.HELD}:
            yield f"goal {row['id']} is offered in a 1:1 that is {row['state']}"


def _everything_open_can_be_answered(company: Company) -> Iterator[str]:
    """Whoever an open goal waits for has a message with its buttons, in its present version."""
    buttons = defaultdict(set)
    for row in company.tables("SELECT recipient, blocks FROM outbox WHERE state NOT IN ('withdrawn', 'expired')"):
        for block in json.loads(row["blocks"]):
            elements = [*block.get("elements", ()), block.get("accessory") or {}]
            for element in elements:
                buttons[row["recipient"], element.get("action_id")].add(str(element.get("value")).split("\n")[0])
    waits = {
        GoalState.OFFERED: ("rep", ActionId.FORK_YES),
        GoalState.SENT_BACK: ("rep", ActionId.FORK_YES),
        GoalState.ACCEPTED: ("manager", ActionId.GOAL_APPROVE),
    }
    for row in company.tables("SELECT id, rep, manager, state, version FROM goal"):
        who, action = waits.get(GoalState(row["state"]), ("", ""))
        if who and company.is_there(row[who]) and f"{row['id']}:{row['version']}" not in buttons[row[who], action]:
            yield f"goal {row['id']} is {row['state']} and {row[who]} has no button for it"


def _what_is_open_comes_to_an_end(company: Company) -> Iterator[str]:
    """An open 1:1 has before it what brings it on, a rep with an active goal a question, and everybody a morning.

    It begins or, once it goes on or was near at the last look at everybody, it counts as missed some day.
    """
    waiting = {row["key"] for row in company.tables("SELECT key FROM duty WHERE state = 'waiting'")}
    now = company.clock.now()
    looked = datetime.combine(now.date() if now.time() >= EARLY else now.date() - DAY, EARLY, UTC)
    for row in company.tables("SELECT id, state, starts_at FROM meeting"):
        if row["state"] not in OPEN:
            continue
        goes_on = row["state"] == MeetingState.STARTED
        was_near = datetime.fromisoformat(row["starts_at"]).replace(tzinfo=UTC) - looked <= NEAR
        if not goes_on and f"start:{row['id']}" not in waiting:
            yield f"1:1 {row['id']} is {row['state']} and never begins"
        if (goes_on or was_near) and f"lapse:{row['id']}" not in waiting:
            yield f"1:1 {row['id']} is {row['state']} and nothing ever closes it"
    for rep in {row["rep"] for row in company.tables("SELECT rep FROM goal WHERE state = 'active'")}:
        if company.is_there(rep) and not any(key.startswith(f"remind:{rep}:") for key in waiting):
            yield f"{rep} has an active goal and is never asked about it"
    if not any(f"plan:{day}" in waiting for day in (now.date(), *[date.fromordinal(now.date().toordinal() + 1)])):
        yield "nobody looks at everybody tomorrow"


def _no_duty_fails(company: Company) -> Iterator[str]:
    for row in company.tables("SELECT key FROM duty WHERE failures > 0"):
        yield f"{row['key']} failed"
