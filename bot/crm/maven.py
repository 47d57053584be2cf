"""The public data set "CRM Sales Opportunities" of Maven Analytics as records."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot.coaching.basis.cleaning import match_name
from bot.coaching.records import Deal, DealId, DealStatus, PeriodGoal, Person, PersonId, Records, StageEntry
from bot.coaching.settings import DEFAULTS
from bot.crm import cells
from bot.crm.csv_header import Column
from bot.crm.csv_table import Row, Table, read_table
from bot.crm.deals_file import undated
from bot.crm.links import Index
from bot.crm.problems import Problems, quoted

PIPELINE, TEAMS, PRODUCTS, GOALS = "sales_pipeline.csv", "sales_teams.csv", "products.csv", "goals.csv"
CLOSINGS_KNOWN_SINCE = date(2017, 3, 1)
"""The set has no earlier closing, so the quick deals of earlier starts are missing from it."""

SETTINGS = replace(DEFAULTS, discount_min_wins=math.inf)
"""The constants for this set: its notes value an open deal at the list price as it stands, whatever wins brought."""

_LAYOUTS = {
    TEAMS: ("sales_agent", "manager", "regional_office"),
    PRODUCTS: ("product", "sales_price"),
    PIPELINE: (
        "opportunity_id",
        "sales_agent",
        "product",
        "account",
        "deal_stage",
        "engage_date",
        "close_date",
        "close_value",
    ),
    GOALS: ("rep", "period_start", "period_end", "amount"),
}
_STATUS = {"won": DealStatus.WON, "lost": DealStatus.LOST, "engaging": DealStatus.OPEN, "prospecting": DealStatus.OPEN}
# The set knows offices only by region, and no country: these are where a demo shows them.
_ZONES = {  # no words: names of offices and zones
    "Central": "America/Chicago",
    "East": "America/New_York",
    "West": "America/Los_Angeles",
}
_COUNTRY = "US"
ENGAGING = "Engaging"  # no words: a stage of the set


@dataclass(frozen=True, slots=True)
class _Product:
    name: str
    price: float | None


def is_maven(folder: Path) -> bool:
    """Say whether ``folder`` holds this data set and not the import format."""
    return (folder / PIPELINE).is_file()


def read(folder: Path) -> Records:
    """Return managers and agents, each team named after its manager, their deals, and the goals if there are some.

    A product is matched to its table without case, blanks and punctuation ("GTXPro" is "GTX Pro"). Each deal
    has its product's list price, closed ones too: on a day before they closed, nothing else was known of their amount.
    Only a won deal has an amount.
    Raises BadInputError with every problem's file, row, column and remedy.
    """
    problems = Problems()
    tables = {name: _table(folder, name, problems) for name in _LAYOUTS}
    people = _people(tables[TEAMS])
    products = _products(tables[PRODUCTS])
    deals = _deals(tables[PIPELINE], people, products)
    records = Records(
        people=tuple(people.records()),
        deals=deals,
        stage_history=_engaging(deals),
        goals=_goals(tables[GOALS], people),
        closings_known_since=CLOSINGS_KNOWN_SINCE,
    )
    problems.refuse_if_any(str(folder))
    return records


def _table(folder: Path, name: str, problems: Problems) -> Table | None:
    path = folder / name
    if path.exists():
        return read_table(path, [Column(column, required=True) for column in _LAYOUTS[name]], problems)
    if name != GOALS:
        problems.add(name, "is missing: put it back from the original data set")  # no words: of the command line
    return None


def _people(table: Table | None) -> Index[Person]:
    """Return everybody by name, each manager before the own agents; a manager is in the first agent's office."""
    people = Index[Person](TEAMS, is_whole=table is not None)
    for row in table.rows if table else ():
        name, boss = row.need("sales_agent", str) or "", row.need("manager", str) or ""
        zone = row.need("regional_office", _zone) or "UTC"
        manager = people.get(boss)
        if manager is None:
            manager = _person(boss, zone, team=boss)
            people.put(row, "manager", boss, manager)
        people.put(row, "sales_agent", name, _person(name, zone, team=boss, manager=manager.id))
    return people


def _person(name: str, zone: str, *, team: str, manager: PersonId | None = None) -> Person:
    words = name.lower().split()
    return Person(
        id=PersonId("-".join(words)),
        name=name,
        email=f"{'.'.join(words)}@example.com",
        manager_id=manager,
        team=team,
        timezone=zone,
        country=_COUNTRY,
    )


def _zone(office: str) -> str:
    if office not in _ZONES:
        raise cells.CellError(  # no words: of the command line
            f"{quoted(office)} isn't one of the offices: write {', '.join(_ZONES)}"
        )
    return _ZONES[office]


def _products(table: Table | None) -> Index[_Product]:
    products = Index[_Product](PRODUCTS, is_whole=table is not None)
    for row in table.rows if table else ():
        name = row.need("product", str) or ""
        products.put(row, "product", name, _Product(name, row.need_amount("sales_price")))
    return products


def _deals(table: Table | None, people: Index[Person], products: Index[_Product]) -> tuple[Deal, ...]:
    deals = Index[Deal](PIPELINE, is_whole=table is not None)
    prices = {product.name: product.price for product in products.records()}
    for row in table.rows if table else ():
        deal = _deal(row, people, prices)
        deals.put(row, "opportunity_id", deal.id, deal)
    return tuple(deals.records())


def _engaging(deals: Iterable[Deal]) -> tuple[StageEntry, ...]:
    """Return the one stage that a deal of this set is in from its engage date until it is closed."""
    return tuple(StageEntry(deal.id, ENGAGING, deal.start) for deal in deals if deal.start is not None)


def _deal(row: Row, people: Index[Person], prices: dict[str, float | None]) -> Deal:
    owner = people.find(row, "sales_agent", row.need("sales_agent", str))
    written, account = row.need("product", str) or "", row.text("account")
    product = match_name(written, prices) or written
    status = row.need("deal_stage", _status) or DealStatus.OPEN
    close = row.read("close_date", cells.day)
    if status is not DealStatus.OPEN and not row.text("close_date"):
        row.refuse("close_date", undated(status))
    value = row.amount("close_value")
    return Deal(
        id=DealId(row.need("opportunity_id", str) or ""),
        owner=owner.id if owner else PersonId(""),
        name=f"{account}: {product}" if account else product,
        status=status,
        start=row.read("engage_date", cells.day),
        close=None if status is DealStatus.OPEN else close,
        amount=value if status is DealStatus.WON else None,
        stage=row.text("deal_stage"),
        account=account,
        product=product,
        list_price=prices.get(product),
    )


def _status(stage: str) -> DealStatus:
    if stage.lower() not in _STATUS:
        raise cells.CellError(  # no words: of the command line
            f"{quoted(stage)} isn't a stage of this set: write Won, Lost, Engaging or Prospecting"
        )
    return _STATUS[stage.lower()]


def _goals(table: Table | None, people: Index[Person]) -> tuple[PeriodGoal, ...]:
    goals: list[PeriodGoal] = []
    for row in table.rows if table else ():
        rep = people.find(row, "rep", row.need("rep", str))
        first, last = row.need("period_start", cells.day), row.need("period_end", cells.day)
        amount = row.need_amount("amount")
        if rep is not None and first is not None and last is not None and amount is not None:
            goals.append(PeriodGoal(rep.id, first, last, amount))
    return tuple(goals)
