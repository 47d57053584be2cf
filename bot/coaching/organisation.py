"""An organisation of any size, a few teams in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.coaching.basis.deal_counts import DealSums
from bot.coaching.basis.ground_book import GroundBook
from bot.coaching.basis.win_curve import Counts
from bot.coaching.book import Book
from bot.coaching.everybody import Everybody
from bot.coaching.four_ps.efficiency import EfficiencyTotals
from bot.coaching.pipeline.finding import FindingTotals
from bot.coaching.playbook import Playbook
from bot.coaching.records import Records
from bot.coaching.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class Organisation:
    """Records told in pieces.

    ``read`` gives all pieces, any number of times. Each holds whole teams, with everything of them: nobody's deals are
    in two pieces, no deal is told twice, and ``closings_known_since`` is the same in all. ``ours`` are the names of all
    our own people, without case (see ``own_people``); it is only asked whether it contains one.
    """

    read: Callable[[], Iterable[Records]]
    ours: Container[str]
    playbook: Playbook
    as_of: date
    settings: Settings

    def books(self) -> Iterator[Book]:
        """Give a book for each piece, whose numbers are those of one book over everything.

        The pieces are read two times, or once or twice more where thousands of different amounts were won.
        """
        everybody = self.everybody()
        for records in self.read():
            yield Book(records, self.playbook, self.as_of, self.settings, everybody, self.ours)

    def everybody(self) -> Everybody:
        """Return the totals of all."""
        deals = DealSums(self.settings)
        stages: dict[int, Counts] = {}
        finding = FindingTotals()
        efficiency = EfficiencyTotals()
        first: date | None = None
        has_verifiers = False
        for records in self.read():
            book = Book(records, self.playbook, self.as_of, self.settings, None, self.ours)
            deals.add(book.grounds.columns)
            for position, counts in book.stages.totals.items():
                stages[position] = stages.get(position, np.zeros_like(counts)) + counts
            finding.add(book.finding.totals)
            efficiency.add(book.efficiency.totals)
            first = min((day for day in (first, book.feed.first) if day is not None), default=None)
            has_verifiers = has_verifiers or book.has_verifiers
        while deals.narrow():
            for records in self.read():
                deals.amounts.add(GroundBook(records, self.as_of, self.settings).columns.won_amounts())
        return Everybody(
            deals=deals.result(),
            stages=stages,
            finding=finding,
            activities_since=first,
            efficiency=efficiency,
            has_verifiers=has_verifiers,
        )
