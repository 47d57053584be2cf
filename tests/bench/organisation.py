"""A made-up organisation of any size, told team by team so that only one is in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain

import numpy as np

from bot.coaching.playbook import Playbook
from bot.coaching.records import (
    Activity,
    CommissionBand,
    Deal,
    DealId,
    DealStatus,
    PeriodGoal,
    Person,
    PersonId,
    Records,
    StageEntry,
    Verifier,
)

TODAY = date(2026, 3, 31)
DAYS = 730
AGO = [TODAY - timedelta(days=days) for days in range(DAYS)]
TEAM = 10
WIN_SHARE, OPEN_DAYS = 0.3, 60
REASONS = ("Price", "No decision", "Competitor", "Timing", "")
CUSTOMERS = 40
PLAN = (CommissionBand(0.0, 0.06), CommissionBand(1.0, 0.09))


class NamedLikeReps:
    """Who is one of our own people, told by the name alone as a database would be asked."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.startswith("rep ")


def teams(reps: int, deals: int, playbook: Playbook, *, everything: bool, seed: int = 7) -> Iterator[Records]:
    """Give the organisation in teams of ten; the same numbers give the same organisation every time.

    ``everything`` is with stage history, verifiers and activities, else there are people, deals and goals.
    """
    for first in range(0, reps, TEAM):
        numbers = range(first, min(first + TEAM, reps))
        yield _team(
            [_Rep(number, f"team {first // TEAM}", deals, playbook, seed, everything=everything) for number in numbers]
        )


def together(pieces: Iterable[Records]) -> Records:
    """Return one organisation of all the pieces."""
    told = list(pieces)
    return Records(
        people=tuple(chain.from_iterable(piece.people for piece in told)),
        deals=tuple(chain.from_iterable(piece.deals for piece in told)),
        goals=tuple(chain.from_iterable(piece.goals for piece in told)),
        activities=tuple(chain.from_iterable(piece.activities for piece in told)),
        stage_history=tuple(chain.from_iterable(piece.stage_history for piece in told)),
        verifiers=tuple(chain.from_iterable(piece.verifiers for piece in told)),
    )


def _team(told: list[_Rep]) -> Records:
    return Records(
        people=tuple(each.person for each in told),
        deals=tuple(deal for each in told for deal in each.deals),
        goals=tuple(goal for each in told for goal in each.goals),
        activities=tuple(activity for each in told for activity in each.activities),
        stage_history=tuple(entry for each in told for entry in each.history),
        verifiers=tuple(verifier for each in told for verifier in each.verifiers),
    )


class _Rep:
    """One rep: about half of the deals closed within two months, of which three in ten won; a call or so a day."""

    def __init__(
        self, number: int, team_name: str, deals: int, playbook: Playbook, seed: int, *, everything: bool
    ) -> None:
        random = np.random.default_rng((seed, number))
        self._everything = everything
        self._playbook = playbook
        name = f"rep {number:06d}"
        self.person = Person(
            PersonId(name),
            name,
            f"{number:06d}@example.com",
            PersonId(f"boss of {team_name}"),
            team_name,
            first_day=TODAY - timedelta(days=900),
            quota=900_000.0,
            commission=PLAN,
            awesome=1_200_000.0,
        )
        self.deals: list[Deal] = []
        self.history: list[StageEntry] = []
        self.verifiers: list[Verifier] = []
        self._deals(random, deals)
        self.goals = _goals(self.person.id)
        self.activities = self._activities(random) if everything else []

    def _deals(self, random: np.random.Generator, number: int) -> None:
        ages = random.integers(0, DAYS, number).tolist()
        spans = np.maximum(1, random.lognormal(np.log(OPEN_DAYS), 0.9, number)).astype(int).tolist()
        wins = (random.random(number) < WIN_SHARE * random.uniform(0.6, 1.4)).tolist()
        amounts = np.round(random.lognormal(9.5, 0.8, number), 2).tolist()
        levels = random.integers(1, len(self._playbook.stages) + 1, number).tolist()
        proofs = random.random(number).tolist()
        whose = random.integers(0, CUSTOMERS, number).tolist()
        for place, (age, span, won, amount, level, proof, customer) in enumerate(
            zip(ages, spans, wins, amounts, levels, proofs, whose, strict=True)
        ):
            start, close = AGO[age], AGO[age] + timedelta(days=span)
            closed = close <= TODAY
            status = (DealStatus.WON if won else DealStatus.LOST) if closed else DealStatus.OPEN
            furthest = len(self._playbook.stages) if closed and won else level
            key = DealId(f"{self.person.id} {place:04d}")
            self.deals.append(
                Deal(
                    key,
                    self.person.id,
                    f"Customer {customer}",
                    status,
                    start,
                    close if closed else None,
                    amount,
                    stage=self._playbook.stages[furthest - 1].name,
                    account=f"Customer {customer}",
                    expected_close=close,
                    lost_reason=REASONS[place % len(REASONS)] if status is DealStatus.LOST else "",
                )
            )
            if self._everything:
                self._progress(key, start, min(span, age), furthest, proof)

    def _progress(self, deal: DealId, start: date, days: int, furthest: int, proof: float) -> None:
        """Enter the stages evenly over ``days``; two in three have their verifiers, one of them less the last."""
        verified = furthest - (proof < 1 / 3)
        for position, stage in enumerate(self._playbook.stages[:furthest]):
            entered = start + timedelta(days=days * position // furthest)
            self.history.append(StageEntry(deal, stage.name, entered))
            if position < verified and proof < 2 / 3:
                self.verifiers += [Verifier(deal, kind.key, "Somebody there", entered) for kind in stage.toll]

    def _activities(self, random: np.random.Generator) -> list[Activity]:
        kinds = [kind.types[0] for kind in self._playbook.activities if kind.key and kind.types]
        chosen = random.integers(0, len(kinds), 400).tolist()
        days = random.integers(0, 400, 400).tolist()
        whom = random.integers(0, CUSTOMERS, 400).tolist()
        return [
            Activity(self.person.id, kinds[kind], TODAY - timedelta(days=day), contact=f"Contact {contact}")
            for kind, day, contact in zip(chosen, days, whom, strict=True)
        ]


def _goals(rep: PersonId) -> list[PeriodGoal]:
    ends = ((1, 1, 3, 31), (4, 1, 6, 30), (7, 1, 9, 30), (10, 1, 12, 31), (1, 1, 12, 31))
    return [
        PeriodGoal(rep, date(TODAY.year, m1, d1), date(TODAY.year, m2, d2), 900_000.0 if m2 - m1 > 2 else 225_000.0)
        for m1, d1, m2, d2 in ends
    ]
