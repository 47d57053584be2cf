"""Whatever people do, in whatever order, as time passes: the promises of the design hold after every step."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Coroutine
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import databases
from firm import MANAGERS, STRANGER, USERS, ZONES, Company, Said
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from invariants import broken, meeting_steps

from bot.coaching.commitment import GoalId
from bot.coaching.meeting import MeetingId
from bot.coaching.records import PersonId
from bot.errors import CadenceError
from bot.services.changed_goals import NewTerms
from bot.services.follow_up import Result
from bot.services.forks import GoalRef

EXAMPLES = int(os.environ.get("TEST_MACHINE_EXAMPLES", "6"))
STEPS = int(os.environ.get("TEST_MACHINE_STEPS", "20"))
SAME_EACH_TIME = "TEST_MACHINE_EXAMPLES" not in os.environ
"""`make test` repeats one set of examples; `make machine` looks for others."""

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

PERSON = st.sampled_from(sorted(ZONES))
ACTOR = st.sampled_from([*sorted(USERS.values()), STRANGER])
"""Anybody may press anything: a click can be forged, forwarded or old."""
RIGHTLY = st.sampled_from(["the one", "the one", "the one", "the one", "anybody"])
WHICH = st.integers(0, 7)
"""Counted from the newest, so that mostly something present is meant, and at times something long over."""
STALE = st.sampled_from([0, 0, 0, 0, 1, 2])
WORDS = st.sampled_from(["because", "", "  ", "a *reason* & more <b>"])
DAYS = st.integers(0, 40)


@cache
def after_some_work(days: int) -> tuple[Path, datetime, tuple[Said, ...]]:
    """Return a database, its moment and what was said till then; the last day's forks are still open."""
    folder = Path(tempfile.mkdtemp(dir=MEMORY))
    atexit.register(shutil.rmtree, folder)
    file = folder / f"{days}.sqlite3"
    databases.new_sqlite(file)
    company = Company(file)
    company.run(company.begin())
    for day in range(days):
        company.run(company.go_to(company.clock.now() + timedelta(days=1)))
        if day < days - 2:
            company.run(company.agree())
    company.close()
    return file, company.clock.now(), tuple(company.said)


class Cadence(RuleBasedStateMachine):
    """A company whose people act at random, through ``act``: it knows who may, and that a no changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self._steps: dict[str, str] = {}

    def teardown(self) -> None:
        if not hasattr(self, "company"):
            return
        for table in ("goal", "meeting"):
            for row in self.company.tables(f"SELECT DISTINCT state FROM {table}"):  # noqa: S608
                event(f"a {table} was {row['state']}")
        self.company.close()
        shutil.rmtree(self._folder)

    @invariant()
    def every_promise_holds(self) -> None:
        found = [*meeting_steps(self._steps, self.company), *broken(self.company)]
        assert found == []

    def act(self, user: str, allowed: set[str], deed: Coroutine[Any, Any, Any], *, stale: bool = False) -> None:
        """Let ``user`` try something that only those ``allowed`` may; with an old version nothing may come of it."""
        before = self.company.everything()
        actor = next((one for one, known in USERS.items() if known == user), None)
        may = actor in allowed and actor is not None and self.company.is_there(actor)
        try:
            self.company.run(deed)
        except CadenceError as error:
            refusal = str(error)
        else:
            refusal = None
        unchanged = self.company.everything() == before
        assert refusal is None or refusal.strip(), "a refusal says why"
        assert refusal is None or unchanged, f"something changed although it was refused: {refusal}"
        assert may or unchanged, f"{user} isn't one of {sorted(allowed)}"
        assert not stale or unchanged, "an old click did something"
        self.company.run(self.company.work(answers_to=actor))

    def _goal(self, which: int) -> dict[str, Any] | None:
        rows = self.company.tables("SELECT id, rep, manager, state, version FROM goal ORDER BY offered_at DESC, id")
        return dict(rows[which % len(rows)]) if rows else None

    def _meeting(self, which: int) -> dict[str, Any]:
        rows = self.company.tables("SELECT id, rep, manager, state FROM meeting ORDER BY starts_at DESC, id")
        return dict(rows[which % len(rows)])

    def _user(self, rightly: str, person: str, actor: str) -> str:
        return USERS[PersonId(person)] if rightly == "the one" else actor

    @initialize(days=st.sampled_from([0, 10, 23]))
    def a_while_has_passed(self, days: int) -> None:
        """Begin at the start, with open forks, or with goals and 1:1s held, as after some weeks of ordinary work."""
        file, now, said = after_some_work(days)
        shutil.copyfile(file, self._folder / file.name)
        self.company = Company(self._folder / file.name, now=now, said=said)

    # Time

    @rule(hours=st.integers(1, 30))
    def hours_pass(self, hours: int) -> None:
        self.company.run(self.company.go_to(self.company.clock.now() + timedelta(hours=hours)))

    @rule()
    def time_passes_to_the_next_event(self) -> None:
        self.company.run(self.company.go_to_next())

    @rule()
    def a_day_passes(self) -> None:
        self.company.run(self.company.go_to(self.company.clock.now() + timedelta(days=1)))

    @rule(days=st.integers(2, 9))
    def days_pass(self, days: int) -> None:
        self.company.run(self.company.go_to(self.company.clock.now() + timedelta(days=days)))

    @rule(hours=st.sampled_from([0, 1, 5, 24, 60, 24 * 16]))
    def the_bot_is_down(self, hours: int) -> None:
        self.company.run(self.company.sleep_until(self.company.clock.now() + timedelta(hours=hours)))

    # A 1:1

    @rule(which=WHICH, rightly=RIGHTLY, actor=ACTOR, words=WORDS)
    def answer(self, which: int, rightly: str, actor: str, words: str) -> None:
        one = self._meeting(which)
        user = self._user(rightly, one["rep"], actor)
        deed = self.company.cases.prompts.answer(MeetingId(one["id"]), user, (("past", words),))
        self.act(user, {one["rep"]}, deed)

    @rule(which=WHICH, rightly=RIGHTLY, actor=ACTOR)
    def begin(self, which: int, rightly: str, actor: str) -> None:
        one = self._meeting(which)
        user = self._user(rightly, one["manager"], actor)
        self.act(user, {one["manager"]}, self.company.cases.forks.begin(MeetingId(one["id"]), user))

    @rule(which=WHICH, rightly=RIGHTLY, actor=ACTOR)
    def held(self, which: int, rightly: str, actor: str) -> None:
        one = self._meeting(which)
        user = self._user(rightly, one["manager"], actor)
        self.act(user, {one["manager"]}, self.company.cases.closing.held(MeetingId(one["id"]), user))

    @rule(which=WHICH, rightly=RIGHTLY, actor=ACTOR, words=WORDS)
    def excuse(self, which: int, rightly: str, actor: str, words: str) -> None:
        one = self._meeting(which)
        user = self._user(rightly, one["manager"], actor)
        self.act(user, {one["manager"]}, self.company.cases.closing.excuse(MeetingId(one["id"]), user, words))

    @rule(which=WHICH, by=st.sampled_from(["rep", "manager"]), rightly=RIGHTLY, actor=ACTOR, slot=st.integers(0, 30))
    def move(self, which: int, by: str, rightly: str, actor: str, slot: int) -> None:
        one = self._meeting(which)
        user = self._user(rightly, one[by], actor)
        free = self.company.run(self.company.free(MeetingId(one["id"])))
        starts_at = free[slot % len(free)] if free and slot < 25 else "2017-10-03T15:00:00+00:00"
        deed = self.company.cases.moving.move(MeetingId(one["id"]), user, starts_at, "it suits better")
        self.act(user, {one["rep"], one["manager"]}, deed)

    # A goal

    @precondition(lambda self: self._goal(0))
    @rule(which=WHICH, rightly=RIGHTLY, actor=ACTOR, stale=STALE)
    def accept(self, which: int, rightly: str, actor: str, stale: int) -> None:
        goal, ref = self._ref(which, stale)
        user = self._user(rightly, goal["rep"], actor)
        self.act(user, {goal["rep"]}, self.company.cases.forks.accept(ref, user), stale=stale > 0)

    @precondition(lambda self: self._goal(0))
    @rule(which=WHICH, rightly=RIGHTLY, actor=ACTOR, stale=STALE, number=st.integers(0, 4), days=DAYS)
    def change(self, which: int, rightly: str, actor: str, stale: int, number: int, days: int) -> None:
        goal, ref = self._ref(which, stale)
        user = self._user(rightly, goal["rep"], actor)
        new = NewTerms(number, self.company.clock.now().date() + timedelta(days=days), "Tuesdays at nine, at my desk")
        self.act(user, {goal["rep"]}, self.company.cases.forks.change(ref, user, new), stale=stale > 0)

    @precondition(lambda self: self._goal(1))
    @rule(which=WHICH, other=WHICH, rightly=RIGHTLY, actor=ACTOR, stale=STALE)
    def swap(self, which: int, other: int, rightly: str, actor: str, stale: int) -> None:
        (goal, ref), (_, dropped) = self._ref(which, stale), self._ref(other, 0)
        user = self._user(rightly, goal["rep"], actor)
        self.act(user, {goal["rep"]}, self.company.cases.forks.swap(ref, user, dropped, None), stale=stale > 0)

    @precondition(lambda self: self._goal(0))
    @rule(which=WHICH, rightly=RIGHTLY, actor=ACTOR, stale=STALE, words=WORDS)
    def decline(self, which: int, rightly: str, actor: str, stale: int, words: str) -> None:
        goal, ref = self._ref(which, stale)
        user = self._user(rightly, goal["rep"], actor)
        self.act(user, {goal["rep"]}, self.company.cases.forks.decline(ref, user, words), stale=stale > 0)

    @precondition(lambda self: self._goal(0))
    @rule(which=WHICH, rightly=RIGHTLY, actor=ACTOR, stale=STALE)
    def approve(self, which: int, rightly: str, actor: str, stale: int) -> None:
        goal, ref = self._ref(which, stale)
        user = self._user(rightly, goal["manager"], actor)
        self.act(user, {goal["manager"]}, self.company.cases.approvals.approve(ref, user), stale=stale > 0)

    @precondition(lambda self: self._goal(0))
    @rule(which=WHICH, rightly=RIGHTLY, actor=ACTOR, stale=STALE, words=WORDS)
    def send_back(self, which: int, rightly: str, actor: str, stale: int, words: str) -> None:
        goal, ref = self._ref(which, stale)
        user = self._user(rightly, goal["manager"], actor)
        self.act(user, {goal["manager"]}, self.company.cases.approvals.send_back(ref, user, words), stale=stale > 0)

    @precondition(lambda self: self._goal(0))
    @rule(which=WHICH, rightly=RIGHTLY, actor=ACTOR, result=st.sampled_from(Result), number=st.integers(-1, 3))
    def report(self, which: int, rightly: str, actor: str, result: Result, number: int) -> None:
        goal, ref = self._ref(which, 0)
        user = self._user(rightly, goal["rep"], actor)
        self.act(user, {goal["rep"]}, self.company.cases.follow_up.report(ref, user, None, result, number))

    def _ref(self, which: int, stale: int) -> tuple[dict[str, Any], GoalRef]:
        goal = self._goal(which)
        assert goal is not None
        return goal, GoalRef(GoalId(goal["id"]), goal["version"] - stale)

    # People

    @rule(person=PERSON, ahead=st.integers(0, 12), days=st.sampled_from([1, 2, 5, 20, 45]))
    def go_on_leave(self, person: PersonId, ahead: int, days: int) -> None:
        self.company.run(self.company.give_leave(person, self.company.clock.now().date() + timedelta(days=ahead), days))

    @rule(person=PERSON, deleted=st.booleans())
    def slack_deactivates_or_brings_back(self, person: PersonId, deleted: bool) -> None:  # noqa: FBT001
        self.company.run(self.company.deactivate(person, deleted=deleted))
        self.company.run(self.company.work())

    @rule(person=PERSON, active=st.booleans())
    def leave_the_company_or_return(self, person: PersonId, active: bool) -> None:  # noqa: FBT001
        self.company.run(self.company.change(person, active=active))
        self.company.run(self.company.work())

    @rule(person=st.sampled_from(sorted(MANAGERS)), manager=st.sampled_from(["mara", "nina"]))
    def get_another_manager(self, person: PersonId, manager: PersonId) -> None:
        self.company.run(self.company.change(person, manager_id=manager))
        self.company.run(self.company.work())

    @rule(rep=st.sampled_from(sorted(MANAGERS)), rightly=RIGHTLY, actor=ACTOR, days=st.sampled_from([7, 14, 28, 9]))
    def fix_how_often(self, rep: PersonId, rightly: str, actor: str, days: int) -> None:
        manager = self.company.tables("SELECT manager_id FROM person WHERE id = ?", rep)[0]["manager_id"]
        user = self._user(rightly, manager, actor)
        self.act(user, {manager}, self.company.cases.rhythms.fix(user, rep, days, "a quarter that needs it"))

    @rule(rep=st.sampled_from(sorted(MANAGERS)), rightly=RIGHTLY, actor=ACTOR)
    def free_how_often(self, rep: PersonId, rightly: str, actor: str) -> None:
        manager = self.company.tables("SELECT manager_id FROM person WHERE id = ?", rep)[0]["manager_id"]
        user = self._user(rightly, manager, actor)
        self.act(user, {manager}, self.company.cases.rhythms.free(user, rep))


TestCadence = Cadence.TestCase
TestCadence.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    derandomize=SAME_EACH_TIME,
    phases=tuple(Phase[one] for one in os.environ.get("TEST_MACHINE_PHASES", "explicit,reuse,generate").split(",")),
)
