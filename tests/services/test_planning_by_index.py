"""Whether planning finds the rows of a hundred people by their indexes, whose number doesn't grow with the company."""

from __future__ import annotations

import re

from bot.storage.store import Database
from tests.company import a_company, a_team
from tests.statements import asked_of

BY_KEYS = re.compile(r"json_each|= ANY")
WHOLE = {"sqlite": r"SCAN (?!json_each)", "postgresql": r".*Seq Scan"}
HOW = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}


async def test_no_table_is_read_whole_for_the_people_of_one_transaction(store: Database) -> None:
    engine = store._engine.dialect.name
    zone = "America/New_York"
    company = await a_company(store, a_team("boss", zone, *((f"rep{number}", zone) for number in range(6))))
    with asked_of(store) as asked:
        for _ in range(2):  # when all is new, and when all is as it should be
            await company.cases.rounds.plan_all()

    each = {statement: parameters for statement, parameters in asked if BY_KEYS.search(statement)}
    assert len(each) > 8
    async with store._begin() as connection:
        for setting in {statement for statement, _ in asked if statement.startswith("SET LOCAL")}:
            await connection.exec_driver_sql(setting)
        for statement, parameters in each.items():
            rows = await connection.exec_driver_sql(f"{HOW[engine]} {statement}", parameters)
            whole = [row[-1] for row in rows if re.match(WHOLE[engine], str(row[-1]))]
            assert not whole, statement
