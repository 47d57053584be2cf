"""Values to show: everything sensible and fixed, so that a test names only what matters to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.coaching.aspirations.aspiration import Aspiration
from bot.coaching.aspirations.drivers import Driver
from bot.coaching.commitment import CoachingGoal, Fork, GoalId, GoalState, GoalTerms, Worth
from bot.coaching.four_ps.priorities import Priority
from bot.coaching.four_ps.trajectory import Point, Trajectory
from bot.coaching.meeting import Appointment, Meeting, MeetingId, MeetingState
from bot.coaching.pipeline.balance import HorizonRow
from bot.coaching.pre_read import AgendaMinutes, DealReview, PreRead
from bot.coaching.records import DealId, Person, PersonId
from bot.coaching.rhythm.cadence import CadenceDecision

ZONE = "America/New_York"
CHANGED = datetime(2017, 10, 3, 14, 12, tzinfo=UTC)
WEEK = date(2017, 10, 9)


def a_person(**changes: Any) -> Person:
    given: dict[str, Any] = {"id": PersonId("anna"), "name": "Anna Snelling", "email": "anna@example.com"}
    return Person(**(given | {"manager_id": PersonId("dustin"), "timezone": ZONE} | changes))


def a_manager(**changes: Any) -> Person:
    given: dict[str, Any] = {"id": PersonId("dustin"), "name": "Dustin Brinkmann", "email": "dustin@example.com"}
    return Person(**(given | {"timezone": ZONE} | changes))


def an_appointment(day: date = date(2017, 10, 3), at: time = time(10), zone: str = ZONE) -> Appointment:
    starts_at = datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
    return Appointment(day=day, at=at, zone=zone, starts_at=starts_at, minutes=30)


def a_meeting(**changes: Any) -> Meeting:
    given: dict[str, Any] = {
        "id": MeetingId("m-1"),
        "rep": PersonId("anna"),
        "manager": PersonId("dustin"),
        "state": MeetingState.PROMPTED,
        "due": date(2017, 10, 3),
        "appointment": an_appointment(),
    }
    return Meeting(**(given | changes))


def a_decision(**changes: Any) -> CadenceDecision:
    given: dict[str, Any] = {
        "interval": 14,
        "as_of": date(2017, 10, 2),
        "evaluated_on": date(2017, 10, 2),
        "raw": 13.7,
        "base": 14,
        "trend": "flat",
        "Z": 0.96,
        "M": 1.04,
        "activities_per_week": 12.0,
        "basis": "activities",
        "k": 20.0,
        "typical_cycle": 64.0,
        "stages": 4,
        "lengthen_votes": 0,
        "fixed_by_manager": False,
        "reason": "",
        "flags": (),
        "sentence": "We meet every 2 weeks: you do about 12 key activities a week and your deals take about 64 days "
        "over 4 stages; your trend is steady.",
    }
    return CadenceDecision(**(given | changes))


def some_terms(**changes: Any) -> GoalTerms:
    given: dict[str, Any] = {
        "fork": Fork.GAP,
        "title": "More discovery calls",
        "item": "discovery call",
        "path": ("Revenue", "Qualify", "Discovery call"),
        "number": 12,
        "unit": "calls",
        "due": date(2017, 10, 31),
        "plan": "Tuesdays and Thursdays at 9, at my desk",
        "why": "26 starts close the gap to the 31st, 4 more than your pace.",
        "worth": Worth(
            expected=18_000,
            low=13_000,
            high=24_000,
            inputs=(("calls", 12.0), ("starts per call", 0.25), ("win rate", 0.3), ("deal size", 20_000.0)),
            sentence="12 more discovery calls this month are worth about $18k ($13k to $24k) if they go like your "
            "usual ones.",
        ),
    }
    return GoalTerms(**(given | changes))


def a_goal(state: GoalState = GoalState.OFFERED, **changes: Any) -> CoachingGoal:
    given: dict[str, Any] = {
        "id": GoalId("g-1"),
        "rep": PersonId("anna"),
        "manager": PersonId("dustin"),
        "meeting": "m-1",
        "state": state,
        "version": 1,
        "terms": some_terms(),
        "changed_at": CHANGED,
    }
    return CoachingGoal(**(given | changes))


def a_deal(**changes: Any) -> DealReview:
    given: dict[str, Any] = {
        "deal": DealId("d-1"),
        "name": "Acme",
        "amount": 80_000.0,
        "crm_stage": "Approved",
        "verified": "Proposal",
        "unpaid": ("closure plan",),
        "chance": 0.5,
        "swing": 0.25,
        "sentence": "Acme moves your chance of making the quarter by 25 points; it is marked Approved, but the "
        "customer hasn't given a closure plan, so we treat it as Proposal.",
        "flags": ("overdue",),
    }
    return DealReview(**(given | changes))


def a_horizon(name: str = "month", ends: date = date(2017, 10, 31), **changes: Any) -> HorizonRow:
    given: dict[str, Any] = {
        "name": name,
        "ends": ends,
        "goal": 90_000.0,
        "remaining": 60_000.0,
        "expected": 28_571.0,
        "low": 12_000.0,
        "high": 45_000.0,
        "need": 3.5,
        "have": 1.67,
        "gap": 31_429.0,
        "starts": 26,
        "extra": 4,
        "sentence": "You need 3.5x and have 1.7x: your $100k of pipeline is worth about $29k by the 31st, so 26 "
        "starts close the gap, 4 more than your pace.",
        "flags": ("amount estimated",),
    }
    return HorizonRow(**(given | changes))


def no_horizon(name: str, ends: date) -> HorizonRow:
    unknown = dict.fromkeys(("goal", "remaining", "low", "high", "need", "have", "gap", "starts", "extra"))
    sentence = "Set your goal for this period first; then the gap can be computed."
    return a_horizon(name, ends, expected=31_000.0, sentence=sentence, flags=("no goal",), **unknown)


HEADING = Trajectory(
    progress=Point(0.85, "middle"),
    process=Point(0.95, "high"),
    willingness=Point(None, "unknown"),
    status="building",
    direction="level",
    building_since=date(2017, 10, 2),
    as_of=date(2017, 10, 2),
    sentence="You're building: the starts you need are there, results follow about 50 days later.",
)
PRIORITY = Priority(
    Driver.STARTS,
    0.1,
    8_000.0,
    "back to your own best quarter (+10%)",
    "Starts: back to your own best quarter (+10%) is worth about $8.0k a quarter.",
)


def a_pre_read(**changes: Any) -> PreRead:
    given: dict[str, Any] = {
        "rep": PersonId("anna"),
        "as_of": date(2017, 10, 2),
        "minutes": AgendaMinutes(past=3, win=11, balance=8, aspiration=8),
        "cadence": "We meet every 2 weeks: you do about 12 key activities a week; your trend is steady.",
        "stands_on": (
            "You win about 40 of 100 (29 to 52); a third of that comes from your own 10 deals.",
            "Of 100 opportunities like yours 63 end as wins; a typical win takes 16 days.",
            "Your typical deal is $18k, from your own 2 wins and your team's record.",
        ),
        "past_sentence": "You won $20k more than the quarter before, and all of it came from your win rate.",
        "heading": HEADING,
        "priorities": (PRIORITY,),
        "month": "Starts first: back to your own best quarter (+10%) is worth about $8.0k a quarter; win rate is "
        "already at its best.",
        "checks": ("Losses to price are more frequent than in deals like yours.",),
        "past": ("More discovery calls: 9 of 12 calls, partly done.",),
        "deals": (a_deal(),),
        "deals_sentence": "One deal decides your quarter.",
        "horizons": (
            a_horizon(),
            a_horizon("quarter", date(2017, 12, 31), remaining=250_000.0),
            no_horizon("year", date(2018, 12, 31)),
        ),
        "aspiration": Aspiration(
            awesome=1_000_000.0,
            run_rate=800_000.0,
            sentences=(
                "You won $199k in the last 91 days, which makes $800k a year.",
                "Awesome for you is $1.0M: 5.7% more starts, four quarters in a row, gets you there.",
            ),
        ),
        "offers": (some_terms(),),
        "offers_sentence": "27 of our 30 minutes are about what's next; you choose at most two new goals.",
    }
    return PreRead(**(given | changes))


def an_empty_pre_read() -> PreRead:
    return a_pre_read(
        cadence="",
        stands_on=(),
        past=(),
        past_sentence="",
        heading=replace(HEADING, status=None, sentence=""),
        priorities=(),
        month="",
        checks=(),
        deals=(),
        deals_sentence="",
        horizons=(),
        aspiration=Aspiration(awesome=None, run_rate=None, sentences=()),
        offers=(),
        offers_sentence="",
    )
