"""The migrated schema is the one the tables describe, and one can go back and forth."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import databases
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from bot.coaching.meeting import OPEN_STATES
from bot.storage import migrate
from bot.storage.engine import parse_url
from bot.storage.tables import metadata
from bot.storage.types import OneOf

SCRIPTS = ScriptDirectory.from_config(migrate.config("sqlite:///unused.sqlite3"))
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()][::-1]


START = """
import asyncio, logging, sys
from bot.storage import migrate
from bot.storage.engine import connect

async def look(url):
    database = connect(url)
    async with database.transaction() as tx:
        assert await tx.facts.version() == 0
    await database.dispose()

logging.basicConfig(level=logging.INFO)
migrate.upgrade(sys.argv[1])
asyncio.run(look(sys.argv[1]))
"""
"""What a replica does first when it starts."""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        name = f"empty_{uuid.uuid4().hex}"
        yield databases.empty_postgresql(name)
        databases.drop_postgresql(name)


@pytest.fixture
def engine(empty: str) -> Iterator[sa.Engine]:
    url = parse_url(empty)
    sync = sa.create_engine(url.set(drivername=url.drivername.replace("+aiosqlite", "")), poolclass=sa.NullPool)
    yield sync
    sync.dispose()


def schema_of(engine: sa.Engine) -> dict[str, Any]:
    """Every constraint and index as the database itself writes it."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            query = "SELECT name, type, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND sql IS NOT NULL"
            inspector = sa.inspect(connection)
            checks = {
                table: sorted((check["name"], check["sqltext"]) for check in inspector.get_check_constraints(table))
                for table in metadata.tables
            }
            indexes = {name: sql for name, kind, sql in connection.execute(sa.text(query)) if kind == "index"}
            return {"checks": checks, "indexes": indexes}
        checks_query = (
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'"
        )
        indexes_query = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename <> 'alembic_version'"
        columns_query = (
            "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
            "WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
        )
        return {
            query: sorted(map(tuple, connection.execute(sa.text(query))), key=str)
            for query in (
                checks_query,
                indexes_query.replace("WHERE", "WHERE schemaname = 'public' AND"),
                columns_query,
            )
        }


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_revision_can_be_applied_undone_and_applied_again(empty: str, revision: str) -> None:
    migrate.upgrade(empty, revision)
    migrate.downgrade(empty, "base" if revision == REVISIONS[0] else f"{revision}-1")
    migrate.upgrade(empty, revision)


def test_going_back_to_the_base_leaves_no_table(empty: str, engine: sa.Engine) -> None:
    migrate.upgrade(empty)
    migrate.downgrade(empty, "base")
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]


def test_the_migrated_schema_is_the_schema_of_the_models(empty: str) -> None:
    migrate.upgrade(empty)
    migrate.check(empty)


def test_checks_and_conditions_of_indexes_are_those_of_the_models(empty: str, engine: sa.Engine) -> None:
    migrate.upgrade(empty)  # alembic check sees neither
    migrated = schema_of(engine)
    migrate.downgrade(empty, "base")
    metadata.create_all(engine)
    assert migrated == schema_of(engine)


def test_migrating_twice_changes_nothing(empty: str, engine: sa.Engine) -> None:
    migrate.upgrade(empty)
    once = schema_of(engine)
    migrate.upgrade(empty)
    assert schema_of(engine) == once


def test_the_database_refuses_a_word_its_enum_does_not_have(empty: str, engine: sa.Engine) -> None:
    migrate.upgrade(empty)
    words = {
        (table.name, column.name): sorted(column.type.words)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, OneOf)
    }
    checks = {}
    for table in metadata.tables:
        for check in sa.inspect(engine).get_check_constraints(table):
            column = str(check["name"]).removeprefix(f"ck_{table}_").removesuffix("_is_known")
            if (table, column) in words:
                checks[table, column] = sorted(re.findall(r"'(\w+)'", check["sqltext"]))
    assert checks == words


def test_conditions_of_indexes_name_the_states_that_count(empty: str, engine: sa.Engine) -> None:
    migrate.upgrade(empty)
    condition = f"{engine.dialect.name}_where"
    conditions = {
        str(index["name"]): set(re.findall(r"'(\w+)'", str(index["dialect_options"][condition])))
        for table in metadata.tables
        for index in sa.inspect(engine).get_indexes(table)
        if condition in index.get("dialect_options", {})
    }
    assert conditions == {
        "uq_meeting_open_rep": {state.value for state in OPEN_STATES},
        "ix_duty_due": {"waiting"},
        "ix_duty_subject": {"waiting"},
        "ix_outbox_due": {"pending", "sending"},
        "ix_outbox_unsettled": {"pending", "sending", "failed", "expired"},
        "ix_source_deal_fresh": set(),
        "ix_source_deal_history_due": set(),
        "ix_inbox_waiting": set(),  # a body that is there, whatever is in it
    }


def test_replicas_that_start_together_migrate_once(empty: str) -> None:
    start = [sys.executable, "-c", START, empty]
    replicas = [subprocess.Popen(start, stderr=subprocess.PIPE, text=True) for _ in range(3)]  # noqa: S603 - our words
    said = [replica.communicate(timeout=60)[1] for replica in replicas]
    assert [replica.returncode for replica in replicas] == [0, 0, 0], said
    assert "".join(said).count("Running upgrade") == len(REVISIONS)
    migrate.check(empty)


def test_a_migration_that_fails_leaves_the_database_as_it_was(empty: str, engine: sa.Engine) -> None:
    in_the_way = sa.Table("goal_report", sa.MetaData(), sa.Column("id", sa.Integer))
    in_the_way.create(engine)  # one of the last tables that the first revision makes
    with pytest.raises(sa.exc.DBAPIError):
        migrate.upgrade(empty)
    assert set(sa.inspect(engine).get_table_names()) <= {"alembic_version", "goal_report"}
    in_the_way.drop(engine)
    migrate.upgrade(empty)
    migrate.check(empty)


def test_questions_that_wait_during_the_upgrade_are_said_an_hour_before_they_expire(
    empty: str, engine: sa.Engine
) -> None:
    migrate.upgrade(empty, "0016")
    at = datetime(2026, 3, 4, 8)  # noqa: DTZ001 - both databases take and give it as it is
    before = sa.MetaData()
    before.reflect(engine, only=["person", "outbox"])
    person, outbox = before.tables["person"], before.tables["outbox"]
    numbers = {column.name: 0 for column in outbox.columns if isinstance(column.type, sa.Integer)}
    words = {column.name: "" for column in outbox.columns if isinstance(column.type, sa.Text) and not column.nullable}
    row = words | numbers | {"recipient": "p", "blocks": [], "state": "pending", "wanted": True, "due_at": at}
    row |= {"surface": "message", "expires_at": at}
    kinds = ("prompt", "pre_read", "reminder")
    with engine.begin() as connection:
        known = {column.name: "" for column in person.columns if not column.nullable}
        flags = {column.name: False for column in person.columns if isinstance(column.type, sa.Boolean)}
        connection.execute(person.insert(), known | flags | {"id": "p"})
        for number, kind in enumerate(kinds):
            connection.execute(outbox.insert(), row | {"id": number + 1, "key": kind, "kind": kind})
    migrate.upgrade(empty)
    latest = sa.text("SELECT kind, latest_at FROM outbox")
    with engine.connect() as connection:
        found = {kind: str(latest)[:16] for kind, latest in connection.execute(latest)}
    assert found == {"prompt": "2026-03-04 07:00", "pre_read": "2026-03-04 07:00", "reminder": "None"}


def test_who_has_a_manager_whom_the_source_never_named_was_imported(empty: str, engine: sa.Engine) -> None:
    migrate.upgrade(empty, "0021")
    before = sa.MetaData()
    before.reflect(engine, only=["person", "source_person"])
    person, theirs = before.tables["person"], before.tables["source_person"]
    words = {column.name: "" for column in person.columns if not column.nullable}
    flags = {column.name: False for column in person.columns if isinstance(column.type, sa.Boolean)}
    row = {"source": "crm", "name": "", "email": "", "team": "", "timezone": "", "active": True, "mapped": False}
    managers = {"boss": ("", None), "rep": ("7", "boss"), "imported": ("", "boss"), "matched": ("", None)}
    with engine.begin() as connection:
        for who, (named, manager) in managers.items():
            connection.execute(person.insert(), words | flags | {"id": who, "manager_id": manager})
            made = who != "matched"
            connection.execute(theirs.insert(), row | {"id": who, "manager": named, "person": who, "made": made})
    migrate.upgrade(empty)
    with engine.connect() as connection:
        found = dict(tuple(one) for one in connection.execute(sa.text("SELECT id, source FROM person")))
    assert found == {"boss": "crm", "rep": "crm", "imported": None, "matched": None}


@pytest.mark.parametrize(("connected", "said_by"), [("csv", "csv"), ("hubspot", None)])
def test_the_day_of_the_closings_is_said_by_the_source_that_can_say_it(
    empty: str, engine: sa.Engine, connected: str, said_by: str | None
) -> None:
    migrate.upgrade(empty, "0022")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE facts_state SET closings_known_since = '2017-03-01'"))
        row = "INSERT INTO connection (name, options, secret, connected_at) VALUES (:name, '{}', '', '2026-01-01')"
        connection.execute(sa.text(row), {"name": connected})
    migrate.upgrade(empty)
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT closings_source, imported_closings FROM facts_state")).one()
    assert tuple(found) == (said_by, None)


def test_goals_of_before_keep_the_order_in_which_they_were_offered(empty: str, engine: sa.Engine) -> None:
    migrate.upgrade(empty, "0024")
    at = datetime(2026, 3, 4, 8)  # noqa: DTZ001 - both databases take and give it as it is
    before = sa.MetaData()
    before.reflect(engine, only=["person", "meeting", "goal", "goal_history"])
    person, meeting, goal, version = (before.tables[name] for name in ("person", "meeting", "goal", "goal_history"))
    known: dict[type[sa.types.TypeEngine[Any]], object] = {sa.Integer: 0, sa.Boolean: False, sa.DateTime: at}
    known |= {sa.Date: at.date(), sa.Time: at.time(), sa.JSON: {}, sa.Text: ""}

    def row(table: sa.Table, **said: object) -> dict[str, object]:
        needed = [column for column in table.columns if not column.nullable and column.name != "sequence"]
        usual = {
            column.name: next(value for kind, value in known.items() if isinstance(column.type, kind))
            for column in needed
        }
        return usual | said

    two = {"rep": "p", "manager": "p"}
    with engine.begin() as connection:
        connection.execute(person.insert(), row(person, id="p"))
        for name in ("m1", "m2"):
            connection.execute(meeting.insert(), row(meeting, id=name, state="held", **two))
        for number, (name, held) in enumerate((("z", "m1"), ("a", "m2"), ("k", "m1"), ("b", "m1"), ("c", "m2"))):
            connection.execute(goal.insert(), row(goal, id=name, meeting=held, state="active", **two))
            connection.execute(version.insert(), row(version, id=number + 1, goal=name, state="offered"))
        connection.execute(version.insert(), row(version, id=9, goal="z", state="active"))
    migrate.upgrade(empty)
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT id FROM goal ORDER BY meeting, place, id")).scalars().all()
    assert found == ["z", "k", "b", "a", "c"]


def test_there_is_one_newest_revision() -> None:
    assert len(SCRIPTS.get_heads()) == 1


def test_no_revision_imports_the_models() -> None:
    for script in SCRIPTS.walk_revisions():
        assert "bot" not in {name.partition(".")[0] for name in imports(Path(script.path))}
