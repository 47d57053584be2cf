"""Makes a goal of the company's playbook: a rep's own, or one that the manager proposes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from bot.coaching import wording
from bot.coaching.choices import Choice
from bot.coaching.commitment import (
    MAX_ACTIVE,
    CoachingGoal,
    GoalId,
    GoalState,
    GoalTerms,
    Origin,
)
from bot.coaching.draft import read_draft
from bot.coaching.goals.goal_test import Situation, check
from bot.coaching.own_words import customer_of, meant, nearest_choices, terms_of, with_number
from bot.coaching.records import PersonId
from bot.coaching.rhythm.working_days import next_working_day
from bot.coaching.said import Said, joined, midway, say
from bot.errors import BadFieldsError, StaleError, UserError
from bot.services import access
from bot.services.office import Office, new_id
from bot.services.ports import Transaction
from bot.services.posting import show_approval, show_course, show_goal
from bot.services.workbench import GONE, Workbench, workbench
from bot.views import forks as fork_view
from bot.views import goal_builder as view
from bot.views.goal_builder import Carried, Shaped
from bot.views.languages import called
from bot.views.speaking import shown


class GoalBuilder:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def start(self, user: str, about: PersonId | None, words: str) -> dict[str, Any]:
        """Return the form in which a goal begins: for the asker, or to be proposed to one of the asker's reps.

        Raises UserError when there is nothing to choose from, or a rep who is proposed to has no room.
        """
        async with self._office.store.transaction() as tx:
            bench = await workbench(self._office, tx, user, about)
            self._check_room(bench)
            if not bench.known:
                raise UserError(view.nothing(bench.rep, own=bench.own))
            carried = Carried(GoalId(new_id("g")), None if bench.own else bench.rep.id)
            return view.start(carried, bench.known, bench.rep, bench.held, words)

    async def shape(self, user: str, carried: Carried, key: str, words: str) -> dict[str, Any]:
        """Return the form for number, day and plan of what was chosen, or the nearest goals to words that are none.

        Raises BadFieldsError when nothing was chosen, or something and words.
        """
        if bool(key) == bool(words):
            fault = say("Choose one of these, or say it in your own words below.")
            raise BadFieldsError(
                {"choice": fault} if not key else {"words": say("Leave this empty, or clear the choice.")}
            )
        # Nothing is kept, so it doesn't count as come either: whoever didn't see the next page asks for it again.
        async with self._office.store.reading() as tx:
            bench = await workbench(self._office, tx, user, carried.rep)
            day = await self._next_working_day(tx, bench)
            if key:
                choice = bench.choice(key)
                filled = replace(carried, choice=key)
                return view.shape(filled, choice.terms, self._office.playbook, bench.rep, _plan_to(day, choice))
            return self._of_own_words(bench, carried, words, day)

    async def take(self, user: str, carried: Carried, shaped: Shaped) -> dict[str, Any]:
        """Keep the goal: the rep's yes to an own one, or the manager's proposal. Twice is the same as once.

        Raises BadFieldsError naming each field that can't stand, and StaleError when it isn't offered any more. A rep
        whose places are taken is asked which goal makes room; until then it is kept as one to answer.
        """
        async with self._office.store.transaction() as tx:
            bench = await workbench(self._office, tx, user, carried.rep, lock=True)
            made = await tx.goals.get(carried.goal)
            if made is not None:
                return await self._again(tx, bench, made)
            self._check_room(bench)
            choice = bench.choice(carried.choice)
            terms = self._tested(bench, choice, carried, shaped)
            goal = await self._keep(tx, bench, carried.goal, terms)
            now = self._office.clock.now()
            when = now if bench.own else await self._office.at_work(tx, bench.rep)
            await show_goal(tx, goal, when, awaited=bench.own)
            await show_approval(self._office, tx, goal)
            await show_course(tx, bench.meeting, now)
            if goal.state is GoalState.OFFERED and bench.own:
                return fork_view.full(goal, bench.held)
            return view.made(goal, bench.rep, await access.person_or_refuse(tx, goal.manager))

    async def take_nearest(self, user: str, carried: Carried, shaped: Shaped) -> dict[str, Any]:
        """Do the same with a goal taken as it was offered: what can't stand any more is said of the choice."""
        try:
            return await self.take(user, carried, shaped)
        except BadFieldsError as error:
            if error.fields.keys() <= {"plan"}:
                raise
            stale = [fault for field, fault in error.fields.items() if field != "plan"]
            raise BadFieldsError({"choice": joined(stale)}) from error

    async def _keep(self, tx: Transaction, bench: Workbench, goal_id: GoalId, terms: GoalTerms) -> CoachingGoal:
        """Write the goal as it was put before the rep and, with room for it, the rep's yes."""
        rep = bench.rep
        offered = CoachingGoal(
            id=goal_id,
            rep=rep.id,
            manager=rep.manager_id or bench.meeting.manager,
            meeting=bench.meeting.id,
            state=GoalState.OFFERED,
            version=1,
            terms=terms,
            changed_at=self._office.clock.now(),
        )
        await tx.goals.add(offered, by=bench.asker.id)
        if not bench.own or len(bench.held) >= MAX_ACTIVE:
            return offered
        accepted = replace(offered, state=GoalState.ACCEPTED, version=2)
        if not await tx.goals.save(accepted, was=offered, by=rep.id):
            raise StaleError(say("The goal changed at the same moment. Its message shows how it stands now."))
        return accepted

    async def _again(self, tx: Transaction, bench: Workbench, made: CoachingGoal) -> dict[str, Any]:
        """Answer a form that was sent a second time with what came of the first."""
        if made.rep != bench.rep.id:
            raise StaleError(GONE)
        if made.state is GoalState.OFFERED and bench.own:
            return fork_view.full(made, bench.held)
        return view.made(made, bench.rep, await access.person_or_refuse(tx, made.manager))

    def _of_own_words(self, bench: Workbench, carried: Carried, words: str, day: date) -> dict[str, Any]:
        draft = read_draft(words, bench.today)
        choice = meant(draft, bench.known, called)
        terms = terms_of(draft, choice)
        near = nearest_choices(
            draft,
            bench.known,
            bench.numbers,
            self._office.playbook,
            bench.next_meeting,
            self._office.maths,
            called=called,
        )
        failures = check(
            terms, self._situation(bench, choice, terms), [one.terms for one in near], settings=self._office.maths
        )
        if choice is not None and not failures:
            filled = replace(carried, choice=choice.key, title=draft.title)
            return view.shape(filled, terms, self._office.playbook, bench.rep, _plan_to(day, choice))
        if not near:
            raise BadFieldsError({"words": joined((failures[0].sentence, failures[0].remedy))})
        reason = failures[0].sentence if failures else say("I don't know which activity or skill you mean.")
        plan = say("If it is {day} 9:00, then I begin with it at my desk.", day=wording.weekday(day))
        return view.nearest(carried, reason, near, bench.rep, plan)

    def _tested(self, bench: Workbench, choice: Choice, carried: Carried, shaped: Shaped) -> GoalTerms:
        """Return the terms as they are committed to. Raises BadFieldsError with what would stand instead."""
        faults: dict[str, str] = {}
        if shaped.number is None or shaped.number < 1:
            faults["number"] = say("Give a whole number of at least 1: a goal has to be countable.")
        if shaped.due is None:
            faults["due"] = say("Choose the day by which it is done.")
        if bench.own and not shaped.plan:
            faults["plan"] = say("Say when and where you'll do it: a plan is what makes it happen.")
        number, due = shaped.number or choice.terms.number, shaped.due or choice.terms.due
        sized = with_number(choice, bench.numbers, self._office.playbook, number, due)
        terms = replace(
            sized.terms,
            title=_titled(carried.title, choice.terms, number),
            plan=shaped.plan if bench.own else "",
            origin=Origin.REP if bench.own else Origin.MANAGER,
        )
        for failure in check(terms, self._situation(bench, sized, terms), settings=self._office.maths):
            if failure.field in ("number", "due"):
                faults.setdefault(failure.field, joined((failure.sentence, failure.remedy)))
            elif carried.title:
                faults.setdefault("number", joined((failure.sentence, failure.remedy)))
        if faults:
            raise BadFieldsError(faults)
        return terms

    def _situation(self, bench: Workbench, choice: Choice | None, terms: GoalTerms) -> Situation:
        return Situation(
            self._office.playbook,
            bench.today,
            "" if choice is None else choice.serves,
            bench.next_meeting,
            most=None if choice is None else choice.most,
            customer=customer_of(terms.title, bench.numbers),
            called=called,
        )

    def _check_room(self, bench: Workbench) -> None:
        """A manager proposes nothing that has no room; a rep is asked at the end which goal makes it."""
        proposed = [goal for goal in bench.open if goal.terms.origin is Origin.MANAGER or goal in bench.held]
        if not bench.own and len(proposed) >= MAX_ACTIVE:
            raise UserError(view.room_taken(bench.rep, proposed))

    async def _next_working_day(self, tx: Transaction, bench: Workbench) -> date:
        """Return the day on whose morning a plan begins."""
        return next_working_day(bench.today, await self._office.days_off(tx, bench.rep))


def _plan_to(day: date, choice: Choice) -> Said:
    """Return a plan to begin with: what is to be done on the morning of a day."""
    return say("If it is {day} 9:00, then I {act}", day=wording.weekday(day), act=_act(choice))


def _act(choice: Choice) -> str:
    """Return the act of a plan: "call a new prospect and ask for a first meeting"."""
    item, title = shown(choice.terms.item), shown(choice.terms.title)
    said = title.removeprefix(f"{item}: ") if title.startswith(f"{item}: ") else shown(midway(choice.terms.item))
    return f"{said}."


def _titled(words: str, usual: GoalTerms, number: int) -> str:
    """Return the rep's own words with the number that was agreed, or what it is called in the playbook.

    Each reader has it in figures of the own language; the words stay as they were typed.
    """
    if not words:
        return usual.title
    counted = re.search(r"(?<![\w.,])\d+([.,]\d{3})*(?!\w|[.,]\d)", words)
    return joined((words[: counted.start()], wording.whole(number), words[counted.end() :]), "") if counted else words
