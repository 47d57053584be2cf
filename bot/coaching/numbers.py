"""Every number of a rep on a day, each computed once and carried to whoever shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.coaching.aspirations.aspiration import Aspiration, aspiration
from bot.coaching.aspirations.drivers import Driver
from bot.coaching.aspirations.run_rate import run_rate
from bot.coaching.basis.ground import Ground
from bot.coaching.book import Book
from bot.coaching.figure import Figure
from bot.coaching.four_ps.blocks import Block
from bot.coaching.four_ps.efficiency import Efficiency
from bot.coaching.four_ps.past import Past, past
from bot.coaching.four_ps.predictions import Prediction
from bot.coaching.four_ps.priorities import Priority, at_best, month_sentence, priorities, room
from bot.coaching.four_ps.team_blocks import TeamMiddle
from bot.coaching.pipeline.balance import Balance, balances, own_record, required_starts_per_week
from bot.coaching.pipeline.finding import Finding
from bot.coaching.pipeline.fiscal_calendar import DAY, YEAR, block
from bot.coaching.pipeline.periods import goals_of
from bot.coaching.pipeline.plan import YearPlan, year_plan
from bot.coaching.records import DealId, Person, Records
from bot.coaching.settings import Settings
from bot.coaching.winning.must_win import Winnable, winnable
from bot.coaching.winning.stage_curves import on_stage_curves
from bot.coaching.winning.verified_stage import Standing


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the records say of a rep; nothing in it depends on what was agreed with the rep.

    ``standings`` are those of the open deals; ``required_starts`` a week of section 4, None without a goal; ``caps`` is
    the room of each driver and ``priorities`` those of today (7.2), with ``month`` as their sentence.
    ``predictions`` are those of the key activities on record (7.3), also where nothing is shown yet; ``plan`` is the
    year's (7.4), None without a goal for it.
    """

    ground: Ground
    standings: Mapping[DealId, Standing]
    winnable: Winnable
    horizons: tuple[Balance, Balance, Balance]
    required_starts: float | None
    finding: Finding | None
    run_rate: Figure[float | None]
    caps: Mapping[Driver, float]
    priorities: tuple[Priority, ...]
    month: str
    aspiration: Aspiration
    blocks: tuple[Block, ...]
    middle: TeamMiddle
    past: Past
    efficiency: Efficiency
    predictions: tuple[Prediction, ...]
    plan: YearPlan | None


def numbers_of(book: Book, rep: Person) -> Numbers:
    """Return the numbers of ``rep``, whose own figure and zone count as given. KeyError: not in the book's records."""
    settings = book.settings
    bare = replace(book.grounds.of(rep.id), rep=rep)
    standings = {known.deal.id: book.standings.of(known.deal, book.as_of) for known in bare.open_deals}
    curves = book.stages.curves(bare)
    ground = on_stage_curves(bare, curves, standings, book.standings.verifiers, book.standings.own)
    finding = book.finding.of(rep.id)
    goals = book.goals_of(rep.id)
    horizons = balances(ground, goals, settings, starts_per_activity=None if finding is None else finding.rate.value)
    own, middle = book.blocks.of(rep.id), book.blocks.team(rep.id)
    rate = run_rate(ground, book.team_run_rate(rep.id))
    caps = room(own, middle, settings)
    chosen = priorities(ground, own, middle)
    return Numbers(
        ground=ground,
        standings=standings,
        winnable=winnable(ground, goals, standings, curves, settings),
        horizons=horizons,
        required_starts=required_starts_per_week(ground, horizons[1]),
        finding=finding,
        run_rate=rate,
        caps=caps,
        priorities=chosen,
        month=month_sentence(chosen, at_best(own, middle), settings),
        aspiration=aspiration(ground, rate, caps),
        blocks=own,
        middle=middle,
        past=past(ground),
        # Where nobody ever recorded a verifier, that says nothing about the stages: zero logged is no data.
        efficiency=book.efficiency.of(ground, standings if book.has_verifiers else {}),
        predictions=book.predictions(rep.id),
        plan=_plan(ground, goals, settings),
    )


def _plan(ground: Ground, records: Records, settings: Settings) -> YearPlan | None:
    """Return how the goal of the fiscal year that goes on tomorrow spreads over its months; None without one."""
    year = block(ground.as_of + DAY, YEAR, settings)
    goals = goals_of(ground.rep.id, records, ground.as_of, settings)
    amounts = [goal.amount for goal in goals if (goal.start, goal.end) == year]
    if not amounts:
        return None
    return year_plan(max(amounts), ground.won_between, own_record(ground), ground.as_of, settings)
