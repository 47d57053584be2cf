"""The agenda both sides read before a 1:1: the same skeleton for everybody, whatever the numbers are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.coaching.aspirations.aspiration import Aspiration
from bot.coaching.commitment import GoalTerms
from bot.coaching.four_ps.priorities import Priority
from bot.coaching.four_ps.trajectory import Trajectory
from bot.coaching.pipeline.balance import HorizonRow
from bot.coaching.records import DealId, PersonId


@dataclass(frozen=True, slots=True)
class AgendaMinutes:
    """Whole minutes per topic, in the fixed order; they add up to the 1:1's length (section 2)."""

    past: int
    win: int
    balance: int
    aspiration: int


@dataclass(frozen=True, slots=True)
class DealReview:
    """A deal worth talking about. Stages are names; ``verified`` is None where not even the first toll is paid.

    ``unpaid`` are the names of all verifiers missing up to the CRM's stage, or of the next toll where none is;
    ``chance`` is to the end of the goal period;
    ``swing`` is what the deal moves the chance of making the goal by, None where there is no goal.
    """

    deal: DealId
    name: str
    amount: float | None
    crm_stage: str
    verified: str | None
    unpaid: tuple[str, ...]
    chance: float | None
    swing: float | None
    sentence: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Behind:
    """Sentences for the topics that have more to say than the agenda shows, for whoever asks how we got the numbers."""

    balance: tuple[str, ...] = ()
    aspiration: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PreRead:
    """All of it, frozen when published. ``offers`` are the forks, best first, at most two less the active goals.

    ``past`` is a line for each commitment and ``past_sentence`` what changed won dollars, and from three commitments on
    how many were kept; ``stands_on`` are the
    sentences on what every number stands on and ``checks`` what stands out (7.2). ``predictions`` say what more of an
    activity goes with, and how earlier forecasts held (7.3). ``priorities`` are those of the
    calendar month of ``as_of``, and ``month`` is their sentence. ``more_deals`` are the likeliest of the other open
    deals: the 1:1 doesn't look at them, a question about the pipeline does. ``plan`` is how the
    year's goal spreads over its months, "" without one. ``coverage`` says what one multiple for
    everybody would be for the quarter's own need. ``behind`` is what is shown only to whoever asks. ``data_age`` says
    since when the source of the numbers couldn't be read, "" while it can.
    """

    rep: PersonId
    as_of: date
    minutes: AgendaMinutes
    cadence: str
    stands_on: tuple[str, ...]
    past: tuple[str, ...]
    past_sentence: str
    heading: Trajectory
    deals: tuple[DealReview, ...]
    deals_sentence: str
    horizons: tuple[HorizonRow, ...]
    aspiration: Aspiration
    priorities: tuple[Priority, ...]
    month: str
    checks: tuple[str, ...]
    offers: tuple[GoalTerms, ...]
    offers_sentence: str
    more_deals: tuple[DealReview, ...] = ()
    predictions: tuple[str, ...] = ()
    coverage: str = ""
    plan: str = ""
    behind: Behind = Behind()
    data_age: str = ""
