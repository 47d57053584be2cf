"""Every line of the log is one event with its values, and none says what people wrote or who they are."""

from __future__ import annotations

import ast
import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from bot import logs

HOUSE = Path(__file__).parent.parent
DOCUMENT = (HOUSE / "docs" / "operations.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([a-z_.]+)` \| ([A-Z]+) \| (.*?) \| .+ \|$", flags=re.MULTILINE)
DOCUMENTED = {event: (level, set(re.findall(r"`(\w+)`", values))) for event, level, values in ROW.findall(DOCUMENT)}
LEVELS = {"info": "INFO", "warning": "WARNING", "error": "ERROR", "exception": "ERROR"}


def log_calls() -> Iterator[tuple[str, ast.Call]]:
    for room in ("bot", "handlers", "scheduler"):
        for file in sorted((HOUSE / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log."):
                    yield f"{file.relative_to(HOUSE)}:{node.lineno}", node


def event_of(call: ast.Call) -> str:
    return str(ast.literal_eval(call.args[-1]))


def level_of(call: ast.Call) -> str | None:
    """The level of a call; None where it depends, and the document says the one that matters."""
    return LEVELS.get(ast.unparse(call.func)[4:])


@contextmanager
def a_log(formatter: logging.Formatter, name: str = "bot.example") -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger of its own under ``name``, and what it writes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.Logger(name)  # noqa: LOG001 - not one that the whole process knows
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)


def test_every_event_has_a_fixed_name_and_its_values_apart() -> None:
    loose = [
        place
        for place, call in log_calls()
        if len(call.args) != (2 if level_of(call) is None else 1)
        or not isinstance(call.args[-1], ast.Constant)
        or not re.fullmatch(r"[a-z_.]+", event_of(call))
    ]
    assert loose == []


def test_every_event_is_in_the_document_with_its_level_and_every_row_is_an_event() -> None:
    said = {event_of(call): level_of(call) or DOCUMENTED[event_of(call)][0] for _, call in log_calls()}
    assert said | {"library.said": "WARNING"} == {event: level for event, (level, _) in DOCUMENTED.items()}


def test_every_value_is_in_the_document() -> None:
    """A new value is looked at by somebody: it must name nobody, or be among those that logs.py hides."""
    missing = []
    for place, call in log_calls():
        event = event_of(call)
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        extra = given.get("extra", ast.Dict(keys=[], values=[]))
        assert isinstance(extra, ast.Dict), f"{place}: write the values where they are logged"
        names = {str(ast.literal_eval(key)) for key in extra.keys if key is not None}
        if "exc_info" in given or ast.unparse(call.func) == "log.exception":
            names |= {"exception", "trace"}
        known = DOCUMENTED.get(event, ("", set()))[1]
        missing += [(place, event, name) for name in sorted(names - known)]
    assert missing == [], "write them into the table of docs/operations.md"


def test_a_line_of_json_has_the_event_and_its_values_beside_one_another() -> None:
    with a_log(logs.as_json()) as (log, stream):
        log.warning("delivery.lease_lost", extra={"key": "fork:g0123456789ab:ruth", "attempt": 2})
    line = json.loads(stream.getvalue())
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "WARNING",
        "logger": "bot.example",
        "event": "delivery.lease_lost",
        "key": f"fork:g0123456789ab:{logs.mark('ruth')}",
        "attempt": 2,
    }


def test_a_line_of_text_says_the_same() -> None:
    with a_log(logs.AsText()) as (log, stream):
        log.error("delivery.stopped", extra={"error": "token_revoked", "remedy": "Check the tokens."})
    assert stream.getvalue().partition(" ")[2] == (
        'ERROR delivery.stopped error=token_revoked remedy="Check the tokens."\n'
    )


@pytest.mark.parametrize("formatter", [logs.as_json(), logs.AsText()], ids=["json", "text"])
@pytest.mark.parametrize(
    "key", ["remind:ruth@example.com:2017-10-02", "plan:2017-10-02:ruth", "keeps_failing:plan:ruth", "home:ruth"]
)
def test_nobody_is_named_by_a_key(formatter, key) -> None:
    with a_log(formatter) as (log, stream):
        log.info("duty.done", extra={"key": key, "person": "ruth", "rep": "ruth"})
    assert "ruth" not in stream.getvalue()
    assert key.partition(":")[0] in stream.getvalue()
    assert logs.mark("ruth") in stream.getvalue()


@pytest.mark.parametrize("formatter", [logs.as_json(), logs.AsText()], ids=["json", "text"])
def test_an_exception_is_told_by_kind_and_place_and_not_by_its_words(formatter) -> None:
    def breaks() -> None:
        try:
            raise psycopg.errors.UniqueViolation("Key (name)=(Ruth) already exists.")
        except psycopg.Error as error:
            raise ValueError("about Ruth") from error

    with a_log(formatter) as (log, stream):
        try:
            breaks()
        except ValueError as error:
            log.exception("delivery.broke", exc_info=error)
    said = stream.getvalue()
    assert "ValueError from UniqueViolation" in said
    assert "breaks" in said
    assert "test_logs.py:" in said
    assert "Ruth" not in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("formatter", [logs.as_json(), logs.AsText()], ids=["json", "text"])
def test_what_a_library_says_is_told_by_its_place_alone(formatter) -> None:
    with a_log(formatter, "slack_sdk.socket_mode") as (log, stream):
        log.warning("Failed to handle %s", "what Ruth wrote", extra={"payload": "what Ruth wrote"}, stack_info=True)
    said = stream.getvalue()
    assert "library.said" in said
    assert "slack_sdk.socket_mode" in said
    assert "Ruth" not in said


def test_the_record_itself_is_left_to_other_handlers_whole() -> None:
    record = logging.LogRecord("bot.x", logging.ERROR, "x.py", 1, "delivery.broke", (), None)
    record.__dict__["key"] = "home:ruth"
    logs.AsText().format(record)
    assert record.__dict__["key"] == "home:ruth"
