"""Every number of a rep on a day, each computed once and carried to whoever shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.coaching.aspiration import aspiration
from bot.coaching.balance import Balance, balances
from bot.coaching.book import Book
from bot.coaching.drivers import Driver
from bot.coaching.figure import Figure
from bot.coaching.finding import Finding
from bot.coaching.ground import Ground
from bot.coaching.must_win import Winnable, winnable
from bot.coaching.pre_read import Aspiration
from bot.coaching.priorities import Priority, priorities, room
from bot.coaching.records import Person
from bot.coaching.run_rate import run_rate


@dataclass(frozen=True, slots=True)
class Numbers:
    """The three topics with what they stand on; ``caps`` is the room of each driver (7.2)."""

    ground: Ground
    winnable: Winnable
    horizons: tuple[Balance, Balance, Balance]
    finding: Finding | None
    run_rate: Figure[float | None]
    caps: Mapping[Driver, float]
    priorities: tuple[Priority, ...]
    aspiration: Aspiration


def numbers_of(book: Book, rep: Person) -> Numbers:
    """Return the numbers of ``rep``, whose own figure and zone count as given. KeyError: not in the book's records."""
    settings = book.settings
    ground = replace(book.grounds.of(rep.id), rep=rep)
    finding = book.finding.of(rep.id)
    own, middle = book.blocks.of(rep.id), book.blocks.team(rep.id)
    rate = run_rate(ground, book.team_run_rate(rep.id))
    caps = room(own, middle, settings)
    return Numbers(
        ground=ground,
        winnable=winnable(ground, book.records, book.playbook, book.stages.curves(ground), book.verifiers, settings),
        horizons=balances(
            ground,
            book.records,
            settings,
            starts_per_activity=None if finding is None else finding.rate.value,
        ),
        finding=finding,
        run_rate=rate,
        caps=caps,
        priorities=priorities(ground, own, middle),
        aspiration=aspiration(ground, rate, caps),
    )
