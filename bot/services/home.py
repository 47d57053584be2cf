"""The home tab: what a rep or a manager wants to know first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.coaching.commitment import GoalState
from bot.coaching.pre_read import DealReview
from bot.coaching.records import DealStatus, Person, Records
from bot.coaching.rhythm.follow_up import team_consistency
from bot.coaching.winning.verified_stage import own_people, standing
from bot.services import access
from bot.services.goal_list import OPEN_GOALS
from bot.services.office import Office, local_day
from bot.services.ports import Outgoing, Surface, Transaction
from bot.services.schedule import team_row
from bot.services.team_figures import team_figures
from bot.views import home as view


class Home:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def show(self, user: str) -> None:
        """Publish the person's home tab anew, through the outbox like everything else."""
        async with self._office.store.transaction() as tx:
            await self._publish(tx, await access.known(tx, user))

    async def show_again(self, tx: Transaction, person: Person) -> None:
        """Publish the tab anew for somebody who has opened it before."""
        if await tx.outbox.exists(f"home:{person.id}"):
            await self._publish(tx, person)

    async def _publish(self, tx: Transaction, asker: Person) -> None:
        reports = await tx.people.reports_of(asker.id)
        if reports:
            waiting = await tx.goals.awaiting(asker.id)
            rows = tuple([await team_row(tx, rep) for rep in reports])
            figures = await team_figures(tx, self._office, asker)
            content = view.manager(asker, rows, waiting, await self._consistency(tx, asker, reports), figures)
        else:
            meeting = await tx.meetings.open_of(asker.id)
            decision = await tx.cadences.latest(asker.id)
            goals = await tx.goals.of_rep(asker.id, states=frozenset(OPEN_GOALS - {GoalState.OFFERED}))
            manager = None if asker.manager_id is None else await tx.people.get(asker.manager_id)
            sentence = "" if decision is None else decision.sentence
            agenda = None if meeting is None else await tx.meetings.agenda(meeting.id)
            deals = None if agenda is None else await self._still_open(tx, asker, agenda.deals)
            content = view.rep(asker, meeting, sentence, goals, deals, manager)
        await tx.outbox.put(
            Outgoing(
                key=f"home:{asker.id}",
                to=asker.id,
                kind="home",
                message=content,
                due_at=self._office.clock.now(),
                urgent=True,
                surface=Surface.HOME,
            ),
        )

    async def _still_open(self, tx: Transaction, rep: Person, reviewed: Iterable[DealReview]) -> tuple[DealReview, ...]:
        """Return the deals of an agenda that are the rep's and open now, with what is missing now."""
        own = own_people(Records(people=await tx.people.all()))
        today = local_day(self._office.clock.now(), rep)
        found = []
        for review in reviewed:
            deal = await tx.evidence.deal(review.deal)
            if deal is not None and deal.owner == rep.id and deal.status is DealStatus.OPEN:
                given = await tx.evidence.of_deal(deal.id)
                stands = standing(deal, given, self._office.playbook, today, own)
                missing = stands.unpaid or stands.next_toll
                found.append(replace(review, unpaid=tuple(kind.name for kind in missing)))
        return tuple(found)

    async def _consistency(self, tx: Transaction, manager: Person, reports: tuple[Person, ...]) -> str:
        """Return how steadily the manager holds the 1:1s: the bot holds the leader to it first."""
        meetings, intervals = [], {}
        for rep in reports:
            decision = await tx.cadences.latest(rep.id)
            if decision is not None:
                intervals[rep.id] = decision.interval
                meetings += [held for held in await tx.meetings.of_rep(rep.id) if held.manager == manager.id]
        return team_consistency(meetings, intervals, local_day(self._office.clock.now(), manager)).sentence
