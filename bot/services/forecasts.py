"""Keeps every forecast that is shown and, when its days are over, what came (specification, section 7.3)."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from bot.coaching.basis.ground import Ground
from bot.coaching.commitment import CoachingGoal, Fork
from bot.coaching.four_ps.forecast_record import ForecastRecord, KeptChance, KeptForecast, forecast_record
from bot.coaching.four_ps.predict import forecast, planned_for
from bot.coaching.meeting import Meeting
from bot.coaching.said import say
from bot.coaching.winning.must_win import Winnable
from bot.services.access import person_or_refuse
from bot.services.office import Office, local_day
from bot.services.ports import ForecastKind, ToldForecast, Transaction, range_key

log = logging.getLogger(__name__)
DAY = timedelta(days=1)


class Forecasts:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def keep_chance(self, tx: Transaction, meeting: Meeting, topic: Winnable, as_of: date) -> None:
        """Keep the chance of making the goal that a published agenda tells; nothing where it tells none."""
        target = topic.target
        if target is None or topic.hit is None or target.remaining <= 0:
            return
        await tx.forecasts.keep(
            ToldForecast(
                key=f"chance:{meeting.id}",
                kind=ForecastKind.CHANCE,
                rep=meeting.rep,
                made_on=as_of,
                first_day=target.start,
                last_day=target.end,
                expected=topic.hit,
                goal=target.goal,
                sentence=topic.sentence,
            )
        )

    async def keep_range(self, tx: Transaction, goal: CoachingGoal) -> None:
        """Keep what the activities of a gap's goal are to bring in the 28 days after its approval.

        The range is as wide as the record of earlier ones asks for. Nothing is kept where no rate is known.
        """
        if goal.terms.fork is not Fork.GAP:
            return
        today = local_day(self._office.clock.now(), await person_or_refuse(tx, goal.rep))
        finding = (await self._office.shelf.book(tx, today)).finding.of(goal.rep)
        if finding is None:
            return
        unit, settings = goal.terms.unit, self._office.maths
        usual = None if finding.reach is None else finding.reach.usual
        planned = planned_for(goal.terms.number, (goal.terms.due - today).days, usual, settings)
        record = await self.record(tx)
        made = forecast(planned, finding.rate, today, (unit, "starts"), widening=record.widening, settings=settings)
        if made is not None:
            sentence = made.sentence
            if planned > goal.terms.number:
                sentence = say("With your usual {unit} after that: {forecast}", unit=unit, forecast=sentence)
            await tx.forecasts.keep(
                ToldForecast(
                    key=range_key(goal.id),
                    kind=ForecastKind.RANGE,
                    rep=goal.rep,
                    made_on=today,
                    first_day=today + DAY,
                    last_day=made.through,
                    expected=made.expected,
                    low=made.low,
                    high=made.high,
                    sentence=sentence,
                )
            )

    async def record(self, tx: Transaction) -> ForecastRecord:
        """Return how the bot's forecasts held, everybody's together: it is the bot that is measured."""
        ranges = await tx.forecasts.settled(ForecastKind.RANGE)
        chances = await tx.forecasts.settled(ForecastKind.CHANCE)
        return forecast_record(
            (KeptForecast(one.made_on, one.last_day, one.low or 0.0, one.high or 0.0, one.happened) for one in ranges),
            (KeptChance(one.expected, (one.happened or 0.0) >= (one.goal or 0.0)) for one in chances),
            self._office.maths,
        )

    async def settle(self, tx: Transaction) -> int:
        """Write down what came of each forecast whose last day is over for its rep; returns how many were settled."""
        now = self._office.clock.now()
        settled = 0
        for told in await tx.forecasts.open_before(now.date() + DAY):
            today = local_day(now, await person_or_refuse(tx, told.rep))
            if told.last_day < today:
                book = await self._office.shelf.book(tx, today)
                await tx.forecasts.settle(told.key, _happened(told, book.grounds.of(told.rep)))
                settled += 1
        if settled:
            record = await self.record(tx)
            log.info(
                "forecasts.settled",
                extra={"count": settled, "held": record.held, "over": record.over, "brier": record.brier},
            )
        return settled


def _happened(told: ToldForecast, ground: Ground) -> float:
    """Return the dollars won, or the deals started, on the days that a forecast was about."""
    if told.kind is ForecastKind.CHANCE:
        return ground.won_between(told.first_day, told.last_day)
    return float(ground.starts_between(told.first_day, told.last_day))
