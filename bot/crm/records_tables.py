"""The tables of the import format as records, whether they were files or views."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from bot.coaching.records import Records
from bot.coaching.said import say
from bot.crm import cells
from bot.crm.csv_table import Table
from bot.crm.deals_file import read_deals
from bot.crm.facts_files import read_activities, read_goals, read_stage_history
from bot.crm.people_file import read_people
from bot.crm.verifiers_files import VerifierReader


def records_of(tables: Mapping[str, Table | None], known_country: Callable[[str], bool] | None) -> Records:
    """Return what the tables say, each kind in its table's order; what is wrong with a row is told to the row.

    ``tables`` has a key for each of the format's layouts; ``known_country`` says for which codes holidays are known.
    """
    people, by_email = read_people(tables["people.csv"], known_country)
    deals, by_id = read_deals(tables["deals.csv"], by_email)
    return Records(
        people=people,
        deals=deals,
        goals=read_goals(tables["goals.csv"], by_email),
        activities=read_activities(tables["activities.csv"], by_email, by_id),
        stage_history=read_stage_history(tables["stage_history.csv"], by_id),
        verifiers=VerifierReader(by_id).read(tables["verifiers.csv"], tables["deals.csv"]),
        closings_known_since=_closings_known_since(tables["about.csv"]),
    )


def _closings_known_since(table: Table | None) -> date | None:
    if table is None or not table.rows:
        return None
    for row in table.rows[1:]:
        row.refuse("closings_known_since", say("is a second day: keep one row"))
    return table.rows[0].read("closings_known_since", cells.day)
