"""The facts the coaching maths reads, one frozen value per record (specification, section 0.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import NewType

PersonId = NewType("PersonId", str)
DealId = NewType("DealId", str)


class DealStatus(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class CommissionBand:
    """``rate`` (a share of revenue, 0.06 is 6%) paid on revenue above ``attainment`` quota multiples."""

    attainment: float
    rate: float


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the organisation: a rep if they have a manager, a manager if somebody has them.

    ``timezone`` is an IANA name; ``country`` an ISO 3166 code with an optional subdivision ("US-CA")
    that decides public holidays; ``awesome`` is the person's own yearly figure in the reporting currency; ``locale``
    is Slack's ("de-DE"), "" while it isn't known.
    """

    id: PersonId
    name: str
    email: str
    manager_id: PersonId | None = None
    team: str = ""
    first_day: date | None = None
    last_day: date | None = None
    timezone: str = "UTC"
    country: str | None = None
    quota: float | None = None
    commission: tuple[CommissionBand, ...] = ()
    awesome: float | None = None
    is_admin: bool = False
    active: bool = True
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Deal:
    """One opportunity. Days are dates in the owner's zone; ``amount`` is in ``currency`` and may be missing.

    ``start`` is the day it entered the first qualified stage; ``close`` the day it was won or lost.
    ``stage`` is what the CRM claims. ``list_price`` is the product's, for an open deal without amount.
    """

    id: DealId
    owner: PersonId
    name: str
    status: DealStatus
    start: date | None = None
    close: date | None = None
    amount: float | None = None
    currency: str = "USD"
    stage: str = ""
    account: str = ""
    product: str = ""
    list_price: float | None = None
    expected_close: date | None = None
    lost_reason: str = ""
    modified: date | None = None


@dataclass(frozen=True, slots=True)
class StageEntry:
    """The day a deal entered a CRM stage."""

    deal: DealId
    stage: str
    entered: date


@dataclass(frozen=True, slots=True)
class Verifier:
    """Evidence that a customer gave for a deal: ``key`` names the playbook's verifier (section 3)."""

    deal: DealId
    key: str
    given_by: str
    given_on: date
    link: str = ""
    expires_on: date | None = None
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """``count`` completed activities of one type by one rep on one day."""

    rep: PersonId
    type: str
    on: date
    deal: DealId | None = None
    contact: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class PeriodGoal:
    """What a rep's revenue is to be from ``start`` to ``end``, both days included."""

    rep: PersonId
    start: date
    end: date
    amount: float
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Leave:
    """Days, both included, on which a person is away."""

    person: PersonId
    first: date
    last: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When a manager holds 1:1s: weekdays (Monday 0) and wall times in the manager's own zone."""

    weekdays: tuple[int, ...] = (1, 2, 3)
    opens: time = time(9)
    closes: time = time(17)
    minutes: int = 30


@dataclass(frozen=True, slots=True)
class Records:
    """All that is known of an organisation; every computed value is a function of this, settings and a day."""

    people: tuple[Person, ...] = ()
    deals: tuple[Deal, ...] = ()
    goals: tuple[PeriodGoal, ...] = ()
    activities: tuple[Activity, ...] = ()
    stage_history: tuple[StageEntry, ...] = ()
    verifiers: tuple[Verifier, ...] = ()
    closings_known_since: date | None = None
