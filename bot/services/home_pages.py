"""What each part of a home tab shows, from what is stored: nothing is computed when a tab is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.coaching.commitment import GoalState
from bot.coaching.goals.playbook_check import loose_ends
from bot.coaching.meeting import OPEN_STATES, Meeting, MeetingState
from bot.coaching.pipeline.balance import HorizonRow
from bot.coaching.pre_read import DealReview, PreRead
from bot.coaching.records import DealStatus, Person, Records
from bot.coaching.said import Said, joined, say, say_many
from bot.coaching.winning.verified_stage import own_people, standing
from bot.services import access
from bot.services.data_age import title_of
from bot.services.office import Office, local_day
from bot.services.ports import Transaction, Trouble
from bot.services.ports.invitations import InvitationState
from bot.services.sync_people import unmatched
from bot.services.team_figures import consistency_with, hours_a_week
from bot.services.teams import teams
from bot.services.troubles import DEAF, PEOPLE, REFUSED
from bot.views.cadence import hours_line
from bot.views.home import RepPage, TeamPage
from bot.views.home_admin import AdminPage, SourceLine
from bot.views.mrkdwn import wall

ASKED = frozenset({GoalState.OFFERED, GoalState.SENT_BACK})
AGREED = frozenset({GoalState.ACCEPTED, GoalState.ACTIVE})
TROUBLES = {DEAF: say("I hear no clicks"), PEOPLE: say("Slack doesn't tell me who is who")}
FAILING: dict[str, Callable[[int], Said]] = {
    "plan": lambda n: say_many(
        "1:1s of {n} person can't be looked after", "1:1s of {n} people can't be looked after", n
    ),
    "prompt": lambda n: say_many(
        "the questions before {n} 1:1 can't be asked", "the questions before {n} 1:1s can't be asked", n
    ),
    "publish": lambda n: say_many("the agenda of {n} 1:1 can't be sent", "the agendas of {n} 1:1s can't be sent", n),
    "start": lambda n: say_many("{n} 1:1 can't be opened", "{n} 1:1s can't be opened", n),
    "ask_to_close": lambda n: say_many(
        "what became of {n} 1:1 can't be asked", "what became of {n} 1:1s can't be asked", n
    ),
    "lapse": lambda n: say_many("{n} 1:1 can't be closed", "{n} 1:1s can't be closed", n),
    "remind": lambda n: say_many("{n} weekly question can't be asked", "{n} weekly questions can't be asked", n),
}
FIGURE = "Awesome for you is"  # no words: how the agenda's sentence on it begins in English
PERIODS = {"month": say("month"), "quarter": say("quarter"), "year": say("year")}


async def rep_page(tx: Transaction, office: Office, rep: Person) -> RepPage:
    """Return what a rep sees: the agenda that was frozen last stands in for numbers."""
    meeting = await tx.meetings.open_of(rep.id)
    decision = await tx.cadences.latest(rep.id)
    goals = await tx.goals.of_rep(rep.id, states=ASKED | AGREED)
    agenda = await tx.meetings.last_agenda(rep.id)
    return RepPage(
        rep=rep,
        manager=None if rep.manager_id is None else await tx.people.get(rep.manager_id),
        meeting=meeting,
        cadence="" if decision is None else decision.sentence,
        asked=tuple(goal for goal in goals if goal.state in ASKED),
        goals=tuple(goal for goal in goals if goal.state in AGREED),
        deals=None if agenda is None else await _still_open(tx, office, rep, agenda.deals),
        awesome="" if agenda is None else _awesome(agenda, rep),
    )


async def team_page(tx: Transaction, office: Office, manager: Person, reports: tuple[Person, ...]) -> TeamPage:
    """Return what a manager sees of the own reps, by name."""
    open_ = {meeting.rep: meeting for meeting in await tx.meetings.of_manager(manager.id, states=OPEN_STATES)}
    waiting = await tx.goals.awaiting(manager.id)
    today = local_day(office.clock.now(), manager)
    counted = {rep.id: sum(goal.rep == rep.id for goal in waiting) for rep in reports}
    rows = [(rep, open_.get(rep.id), await _needs(tx, open_.get(rep.id), counted[rep.id])) for rep in reports]
    hours = hours_line(await hours_a_week(tx, office, manager), office.maths.manager_hours_per_week)
    return TeamPage(
        manager=manager,
        today=today,
        consistency=await consistency_with(tx, office, manager, reports),
        rows=tuple(rows),
        waiting=waiting,
        hours=hours,
    )


async def admin_page(tx: Transaction, office: Office, admin: Person) -> AdminPage:
    """Return what an admin sees: figures and names, no notes and no goals."""
    depth, failures = await tx.outbox.depth(), await tx.duties.failures()
    people = [person for person in await tx.people.all() if person.active]
    live = await access.live(tx)
    sources = []
    for connection in await tx.connections.all():
        state = await tx.syncs.state(connection.name)
        theirs = await tx.syncs.people(connection.name)
        sources.append(
            SourceLine(
                title_of(connection.name),
                state.good_at,
                state.failed,
                connection.name,
                tuple(say("{name} (id {id})", name=one.who.name, id=one.who.id) for one in unmatched(theirs, live)),
                said=sum(one.mapped for one in theirs),
            )
        )
    reach, managers = await tx.invitations.reach(), await teams(tx)
    stand: dict[InvitationState, list[Person]] = {state: [] for state in InvitationState}
    for manager, _ in managers:
        invitation = reach.of(manager.id)
        if invitation is not None:
            stand[invitation.state].append(manager)
    checkup = await tx.checkups.latest()
    return AdminPage(
        now=office.clock.now(),
        zone=admin.timezone,
        waiting=depth["pending"] + depth["sending"],
        undeliverable=depth["failed"],
        failing=(
            *(_lasting(trouble, admin) for trouble in await tx.troubles.open()),
            *(FAILING[kind](count) for kind, count in failures.items() if count and kind in FAILING),
        ),
        imported_at=await tx.facts.imported_at(),
        sources=tuple(sources),
        people=len(people),
        unmatched=tuple(person for person in people if person.id not in live),
        loose=tuple(end.sentence for end in loose_ends(office.playbook)),
        everybody=reach.everybody,
        begun=tuple(stand[InvitationState.BEGUN]),
        invited=tuple(stand[InvitationState.PROPOSED]),
        stopped=tuple(stand[InvitationState.STOPPED]),
        managers=len(managers),
        findings=() if checkup is None else checkup.findings,
        checked_at=None if checkup is None else checkup.done_at,
    )


def _lasting(trouble: Trouble, admin: Person) -> Said:
    """Return what keeps the bot from working with Slack, and since when; a message of its own says what helps."""
    what = TROUBLES.get(trouble.key) or say(
        "Slack refuses my messages ({code})", code=trouble.key.removeprefix(REFUSED)
    )
    return say("{what}, since {when}", what=what, when=wall(trouble.began_at, admin.timezone))


async def _still_open(
    tx: Transaction, office: Office, rep: Person, reviewed: Iterable[DealReview]
) -> tuple[DealReview, ...]:
    """Return the deals of an agenda that are the rep's and open now, with what is missing now."""
    own = own_people(Records(people=await tx.people.all()))
    today = local_day(office.clock.now(), rep)
    found = []
    for review in reviewed:
        deal = await tx.evidence.deal(review.deal)
        if deal is not None and deal.owner == rep.id and deal.status is DealStatus.OPEN:
            given = await tx.evidence.of_deal(deal.id)
            stands = standing(deal, given, office.playbook, today, own)
            missing = stands.unpaid or stands.next_toll
            found.append(replace(review, unpaid=tuple(kind.name for kind in missing)))
    return tuple(found)


def _awesome(agenda: PreRead, rep: Person) -> str:
    """Return the agenda's words on the rep's figure, unless that was set anew since."""
    if rep.awesome is None or agenda.aspiration.awesome != rep.awesome:
        return ""
    return next((line for line in agenda.aspiration.sentences if line.startswith(FIGURE)), "")


async def _needs(tx: Transaction, meeting: Meeting | None, waiting: int) -> str:
    """Return what one rep needs: of the manager first, then what the agenda that is out asks the two to look at."""
    needs: list[str] = []
    if waiting:
        needs.append(say_many("{n} goal for your approval", "{n} goals for your approval", waiting))
    if meeting is not None and meeting.state is MeetingState.STARTED:
        needs.append(say("the 1:1 isn't closed yet"))
    agenda = None if meeting is None else await tx.meetings.agenda(meeting.id)
    if agenda is not None:
        deal = next((one for one in agenda.deals if one.unpaid), None)
        if deal is not None:
            needs.append(say("{deal} wants {verifier}", deal=deal.name, verifier=deal.unpaid[0]))
        gap = next((row for row in agenda.horizons if row.extra), None)
        if gap is not None:
            needs.append(_closing(gap))
    return joined(needs, "; ")


def _closing(gap: HorizonRow) -> Said:
    """Return what closes the gap of a horizon that has one."""
    period = PERIODS.get(gap.name, gap.name)
    if gap.closing is None:
        return say("win rate or size moves the gap of the {period}, new starts alone don't", period=period)
    return say_many(
        "{n} more start closes the gap of the {period}",
        "{n} more starts close the gap of the {period}",
        gap.closing,
        period=period,
    )
