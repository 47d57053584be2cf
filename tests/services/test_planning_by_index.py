"""Whether planning finds the rows of a hundred people by their indexes, whose number doesn't grow with the company."""

from __future__ import annotations

import re

import pytest

from bot.storage.store import Database
from tests.company import a_company, a_team
from tests.statements import asked_of

BY_KEYS = "json_each"


async def test_no_table_is_read_whole_for_the_people_of_one_transaction(store: Database) -> None:
    if store._engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole, and rightly so")
    zone = "America/New_York"
    company = await a_company(store, a_team("boss", zone, *((f"rep{number}", zone) for number in range(6))))
    with asked_of(store, BY_KEYS) as asked:
        for _ in range(2):  # when all is new, and when all is as it should be
            await company.cases.roster.plan_all()

    each = dict(asked)
    assert len(each) > 8
    async with store._begin() as connection:
        for statement, parameters in each.items():
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            whole = [row[3] for row in rows if re.match(r"SCAN (?!json_each)", row[3])]
            assert not whole, statement
