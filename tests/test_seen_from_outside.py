"""What an operator sees of a bot at work: every outcome is counted and logged, and nobody and nothing said is shown."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
from prometheus_client.parser import text_string_to_metric_families
from world import MANAGER, OTHER_REP, PEOPLE, REP, World, a_world, some_deals, some_records

from bot import logs
from bot.app import Bot
from bot.coaching.records import PersonId
from bot.health import HealthServer
from bot.services.ports.sync import Connection, SyncState
from bot.views.ids import ActionId

DOCS = Path(__file__).parent.parent / "docs"
OPERATIONS = (DOCS / "operations.md").read_text(encoding="utf-8")
ALERTS = (DOCS / "alerts.yml").read_text(encoding="utf-8")
FIGURES = {
    name: set(re.findall(r"`(\w+)`", labels))
    for name, labels in re.findall(r"^\| `(cadence_\w+)` \| (.*?) \| .+ \|$", OPERATIONS, flags=re.MULTILINE)
}

DEAL, ANSWER, REASON, SENT_BACK, RESULT = "Zyqqil Foundry", "vexillum", "quomodo", "numquam", "tandem"
SECRETS = (
    *(word for person in PEOPLE for word in (person.id, *person.name.split(), person.email)),
    *(REP, MANAGER, OTHER_REP),
    *(DEAL, ANSWER, REASON, SENT_BACK, RESULT),
    *("xoxb-", "xapp-", "ticket="),
)


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """All that any logger of the process says from INFO on, and Slack's libraries at any level, in both formats."""
    said = io.StringIO()
    handlers = [logging.StreamHandler(said) for _ in range(2)]
    root, slack = logging.getLogger(), [logging.getLogger(name) for name in ("slack_sdk", "slack_bolt")]
    level = root.level
    for handler, formatter in zip(handlers, (logs.as_json(), logs.AsText()), strict=True):
        handler.setFormatter(formatter)
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    for logger in slack:
        logger.setLevel(logging.DEBUG)
    try:
        yield said
    finally:
        root.setLevel(level)
        for logger in slack:
            logger.setLevel(logging.NOTSET)
        for handler in handlers:
            root.removeHandler(handler)


async def figures(bot: Bot) -> dict[str, float]:
    """Return every sample of the page that Prometheus reads, fetched as it does."""
    server = HealthServer(bot.health, bot.figures, port=0)
    await server.start()
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{server.port}/metrics") as answer,
        ):
            assert answer.status == 200
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            page = await answer.text()
    finally:
        await server.close()
    found = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
    return {
        f"{one.name}{''.join(f',{name}={label}' for name, label in sorted(one.labels.items()))}": one.value
        for one in found
    }


def total(samples: dict[str, float], name: str) -> float:
    return sum(value for key, value in samples.items() if key.split(",")[0] == name)


async def a_whole_cycle(world: World) -> None:
    """Let Ruth answer, say not now and yes, be sent back and approved, report, and the manager close the 1:1."""

    async def write(user: str, text: str) -> None:
        assert not (
            await world.fill(user, lambda block: {"number": "2"} if block == "number" else {"text": text})
        ).errors

    await world.press(REP, await world.until(REP, ActionId.PROMPT_OPEN), ActionId.PROMPT_OPEN)
    await write(REP, ANSWER)
    first, second = await world.to_forks()
    await world.press(REP, first, ActionId.FORK_NOT_NOW)
    await write(REP, REASON)
    await world.press(REP, second, ActionId.FORK_YES)
    await world.press(MANAGER, await world.until(MANAGER, ActionId.GOAL_APPROVE), ActionId.GOAL_SEND_BACK)
    await write(MANAGER, SENT_BACK)
    await world.press(REP, await world.until(REP, ActionId.FORK_YES), ActionId.FORK_YES)
    await world.press(MANAGER, await world.until(MANAGER, ActionId.GOAL_APPROVE), ActionId.GOAL_APPROVE)
    await world.ask(REP, "/pipeline")
    await world.ask(REP, "/goals", RESULT)
    assert (await world.sandbox.open_home(REP)).acked
    await world.settle()
    await world.until(REP, ActionId.REPORT_DONE)
    await world.press(MANAGER, await world.until(MANAGER, ActionId.MEETING_HELD), ActionId.MEETING_HELD)


async def a_broken_record(world: World) -> None:
    """Let duties fail with an exception that quotes the record, which no check of ours would let in."""
    await world.import_people(replace(PEOPLE[2], timezone=f"Nowhere/{ANSWER}"))
    world.sandbox.workspace.change_person(OTHER_REP, tz="Nowhere/Land")  # nor does Slack say where Omar is
    async with world.bot.database.transaction() as tx:
        account = await tx.people.account_of(PersonId("omar"))
        assert account is not None
        await tx.people.link(replace(account, zone=None))


async def test_no_line_of_the_log_and_no_figure_names_anybody_or_quotes_anything(sqlite_url: str) -> None:
    records = some_records(deals=(*some_deals("ruth", name=DEAL), *some_deals("omar", name=DEAL)))
    with everything_logged() as said:
        async with a_world(sqlite_url, records) as world:
            await a_whole_cycle(world)
            await a_broken_record(world)
            await world.go_to(world.bot.clock.now() + timedelta(days=7))
            shown = json.dumps(
                [message["blocks"] for user in (REP, MANAGER) for message in world.sandbox.messages(user)]
            )
            page = str(await figures(world.bot))
    assert all(word in shown for word in (DEAL, ANSWER, REASON)), "they were there to be told"
    events = {
        line.get("event") for line in map(json.loads, filter(lambda line: line[0] == "{", said.getvalue().splitlines()))
    }
    assert {"delivery.sent", "duty.done", "duty.failed", "library.said"} <= events
    spilt = {
        (secret, line)
        for secret in SECRETS
        for line in (*said.getvalue().splitlines(), page)
        if secret.lower() in line.lower()
    }
    assert spilt == set()


async def test_every_outcome_is_counted(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await a_whole_cycle(world)
        seen = await figures(world.bot)
        posted = [entry for entry in world.sandbox.journal if entry.get("method") == "chat.postMessage"]
        rewritten = [entry for entry in world.sandbox.journal if entry.get("method") == "chat.update"]
        assert seen["cadence_sends_total,method=chat.postMessage"] == len(posted)
        assert seen["cadence_sends_total,method=chat.update"] == len(rewritten)
        assert total(seen, "cadence_message_lateness_seconds_count") == total(seen, "cadence_sends_total")
        assert seen["cadence_duty_lateness_seconds_count,kind=start"] == 2, "Ruth's and Omar's"
        assert seen["cadence_answer_seconds_count,kind=slash_commands"] == 2
        assert seen["cadence_answer_seconds_count,kind=interactive"] >= 9
        assert seen["cadence_answer_seconds_count,kind=events_api"] == 1
        assert total(seen, "cadence_answers_failed_total") == 0
        assert seen["cadence_ready"] == seen["cadence_sending"] == seen["cadence_database_up"] == 1
        assert seen["cadence_connections"] == 2
        assert total(seen, "cadence_outbox_rows") == 0
        assert seen["cadence_ticks_total"] > 0
        assert seen["cadence_last_import_timestamp_seconds"] > 1_700_000_000


async def test_what_waits_and_what_fails_shows(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await a_broken_record(world)
        await world.go_to(world.bot.clock.now() + timedelta(days=4))
        seen = await figures(world.bot)
        assert total(seen, "cadence_duty_failures_total") > 0
        assert total(seen, "cadence_duties_failing") > 0
        assert seen["cadence_duties_overdue_seconds"] == 0, "what was put off isn't due"
        due = await world.bot.next_due()
        assert due is not None
        world.sandbox.clock.set(due + timedelta(minutes=5))
        seen = await figures(world.bot)
        assert max(seen["cadence_duties_overdue_seconds"], seen["cadence_messages_overdue_seconds"]) == 300


async def test_without_its_database_the_bot_says_that_it_isnt_ready(sqlite_url: str, tmp_path: Path) -> None:
    async with a_world(sqlite_url) as world:
        await world.bot.database.dispose()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{tmp_path}/cadence.sqlite3{suffix}").unlink(missing_ok=True)  # noqa: ASYNC240
        seen = await figures(world.bot)
        assert (seen["cadence_ready"], seen["cadence_database_up"]) == (0, 0)
        assert "cadence_outbox_rows,state=pending" not in seen, "what isn't known isn't shown as it was"
        health = await world.bot.health()
        assert health.live
        assert not health.ready
        assert health.details["outbox"] == "the database doesn't answer"


async def test_every_figure_is_in_the_document_and_nothing_else_is(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        metrics = world.bot.metrics
        async with world.bot.database.transaction() as tx:
            await tx.connections.put(Connection("folder", {}, "", world.bot.clock.now()))
        metrics.given_up("fork", "user_disabled")
        metrics.put_off("a code that Slack invented today")
        metrics.duty_failed("plan")
        await world.deliver("interactive", {"type": "block_actions", "user": {"id": REP}, "actions": []})
        await world.until(REP, ActionId.PROMPT_OPEN)
        await world.ask(REP, "/pipeline")
        seen = await figures(world.bot)
    assert seen["cadence_answers_failed_total,kind=interactive"] == 1, "it has no receipt"
    assert seen["cadence_send_retries_total,reason=other"] == 1
    shown: dict[str, set[str]] = {}
    for sample in seen:
        name, *labels = sample.split(",")
        if not name.endswith("_created"):
            whole = re.sub(r"_(bucket|count|sum)$", "", name)
            shown.setdefault(whole, set()).update({label.partition("=")[0] for label in labels} - {"le"})
    assert shown == FIGURES


async def test_a_source_that_was_never_read_counts_from_its_connection_and_then_from_its_last_good_reading(
    sqlite_url: str,
) -> None:
    async with a_world(sqlite_url) as world:
        connected = world.bot.clock.now()
        async with world.bot.database.transaction() as tx:
            await tx.connections.put(Connection("hubspot", {}, "", connected))
        seen = await figures(world.bot)
        assert seen["cadence_last_sync_timestamp_seconds,source=hubspot"] == connected.timestamp()
        good = connected + timedelta(days=1)
        async with world.bot.database.transaction() as tx:
            assert await tx.syncs.take("hubspot", "token", 60)
            state = replace(SyncState("hubspot"), good_at=good, tried_at=good + timedelta(days=3), failed="revoked")
            await tx.syncs.save(state, "token", 60)
        seen = await figures(world.bot)
        assert seen["cadence_last_sync_timestamp_seconds,source=hubspot"] == good.timestamp()


async def test_an_alert_hears_of_the_first_one_too(sqlite_url: str) -> None:
    """Prometheus takes no figure's first value for a rise: it is there before, or the rule asks what is new."""
    async with a_world(sqlite_url) as world:
        seen = {sample.split(",")[0] for sample in await figures(world.bot)}
    risen = re.findall(r"^        expr: (.*increase\((cadence_\w+)\[(\w+)\]\).*)$", ALERTS, flags=re.MULTILINE)
    assert {figure for _, figure, _ in risen} == {"cadence_answers_failed_total", "cadence_sends_given_up_total"}
    for expression, figure, window in risen:
        assert figure in seen or f"({figure} unless {figure} offset {window})" in expression


def test_every_alert_asks_for_figures_that_there_are_and_says_what_to_do() -> None:
    alerts = re.findall(r"^      - alert: (\w+)\n(?:        #.+\n)?        expr: (.+)$", ALERTS, flags=re.MULTILINE)
    assert len(alerts) == ALERTS.count("alert:") == ALERTS.count("summary:") == ALERTS.count("severity:") > 10
    assert [name for name, _ in alerts] == re.findall(r"^### (Cadence\w+)$", OPERATIONS, flags=re.MULTILINE)
    for name, expression in alerts:
        asked = {re.sub(r"_(bucket|count|sum)$", "", found) for found in re.findall(r"cadence_\w+", expression)}
        assert asked, name
        assert asked <= set(FIGURES), name
