"""All use cases, wired to one another once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from bot.services.absence import Absence
from bot.services.addressing import Addressing
from bot.services.approvals import Approvals
from bot.services.arrivals import CountedStore
from bot.services.away import Away
from bot.services.away_status import AwayStatus
from bot.services.backlog import Backlog
from bot.services.budget import Budget
from bot.services.cadences import Cadences
from bot.services.calendar_connection import CalendarConnection
from bot.services.calendar_entries import CalendarEntriesKeeping
from bot.services.calendar_feeds import CalendarFeeds, Outlets
from bot.services.checkups import Checkups
from bot.services.clocks import Clocks
from bot.services.closing import Closing
from bot.services.digest import Digest
from bot.services.due_around import DueAround
from bot.services.evidence import Evidence
from bot.services.first_day import FirstDay
from bot.services.follow_up import FollowUp
from bot.services.following import Following
from bot.services.forecasts import Forecasts
from bot.services.forks import Forks
from bot.services.freshness import Freshness
from bot.services.goal_builder import GoalBuilder
from bot.services.goal_list import GoalList
from bot.services.home import Home
from bot.services.inquiries import Inquiries
from bot.services.inviting import Inviting
from bot.services.matching import Matching
from bot.services.moving import Moving
from bot.services.news import News
from bot.services.office import Office
from bot.services.planning import Planning
from bot.services.ports import Directory, Refusals
from bot.services.ports.checkups import Examiner
from bot.services.prompts import Prompts
from bot.services.publication import Publication
from bot.services.receipts import Receipts
from bot.services.rhythms import Rhythms
from bot.services.roster import Roster
from bot.services.rounds import Rounds
from bot.services.schedule import Schedule
from bot.services.slack_accounts import SlackAccounts
from bot.services.succession import Succession
from bot.services.ticks import Ticks
from bot.services.troubles import Troubles
from bot.services.undelivered import Undelivered
from bot.services.waking import WakingHours


@dataclass(frozen=True, slots=True)
class UseCases:
    prompts: Prompts
    publication: Publication
    forks: Forks
    approvals: Approvals
    follow_up: FollowUp
    evidence: Evidence
    closing: Closing
    moving: Moving
    addressing: Addressing
    away: Away
    away_status: AwayStatus
    budget: Budget
    digest: Digest
    inquiries: Inquiries
    schedule: Schedule
    goal_list: GoalList
    goal_builder: GoalBuilder
    rhythms: Rhythms
    home: Home
    matching: Matching
    inviting: Inviting
    first_day: FirstDay
    checkups: Checkups
    slack_accounts: SlackAccounts
    calendar_feeds: CalendarFeeds
    calendar_connection: CalendarConnection
    calendar_keeping: Callable[[str], CalendarEntriesKeeping]
    roster: Roster
    rounds: Rounds
    troubles: Troubles
    undelivered: Undelivered
    ticks: Ticks
    waking: WakingHours
    backlog: Backlog
    receipts: Receipts


def use_cases(
    office: Office,
    directory: Directory,
    refusals: Refusals,
    outlets: Outlets,
    examine: Examiner,
) -> UseCases:
    """Wire them; ``examine`` is the doctor's look over the installation."""
    addressing = Addressing(office)  # it only reads, before what is asked for is done and counted
    counted = CountedStore(office.store, office.clock)
    receipts = Receipts(office.store, counted, office.clock)
    office = replace(office, store=counted)
    cadences, around = Cadences(office), DueAround(office)
    planning = Planning(office, cadences, around)
    forecasts = Forecasts(office)
    news = News(office)
    publication = Publication(office, around, forecasts, news)
    prompts = Prompts(office, publication)
    forks = Forks(office, around, news)
    follow_up = FollowUp(office)
    closing = Closing(office, cadences, planning, forks, publication)
    moving = Moving(office, planning, closing, forks)
    home = Home(office)
    away = Away(office)
    succession = Succession(office, closing, forks)
    absence = Absence(office, planning, closing)
    fresh = Freshness(publication, forks)
    first_day = FirstDay(office)
    inviting = Inviting(office, planning, home, first_day)
    following = Following(
        planning, around, follow_up, succession, absence, Clocks(office, publication), fresh, inviting
    )
    troubles = Troubles(office, refusals)
    roster = Roster(office, directory, troubles)
    rounds = Rounds(office, roster, following, succession, absence, inviting)
    return UseCases(
        prompts=prompts,
        publication=publication,
        forks=forks,
        approvals=Approvals(office, forecasts),
        follow_up=follow_up,
        evidence=Evidence(office, publication, home, forks),
        closing=closing,
        moving=moving,
        addressing=addressing,
        away=away,
        away_status=AwayStatus(office, away),
        budget=Budget(office),
        digest=Digest(office),
        inquiries=Inquiries(office, publication),
        schedule=Schedule(office, around, publication, moving),
        goal_list=GoalList(office, follow_up),
        goal_builder=GoalBuilder(office),
        rhythms=Rhythms(office, cadences, planning, closing, home),
        home=home,
        matching=Matching(office, home),
        inviting=inviting,
        first_day=first_day,
        checkups=Checkups(office, examine, home, first_day),
        slack_accounts=SlackAccounts(office, directory, home, roster),
        calendar_feeds=CalendarFeeds(office, outlets),
        calendar_connection=CalendarConnection(office),
        calendar_keeping=partial(CalendarEntriesKeeping, office, moving, absence),
        roster=roster,
        rounds=rounds,
        troubles=troubles,
        undelivered=Undelivered(office, roster, refusals),
        ticks=Ticks(office, rounds, prompts, publication, forks, closing, follow_up, forecasts=forecasts, home=home),
        waking=WakingHours(office),
        backlog=Backlog(office),
        receipts=receipts,
    )
