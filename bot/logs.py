"""How a line of the log looks: one event with its values, as text or as JSON, and nothing that people wrote.

Our own code logs the event's name as the message and the values as ``extra``; docs/operations.md lists them. Of an
exception the kind and the place are told, and of a library's line where it stands in its code: the words of both may
quote what was being handled. People are told apart by a mark, for their ids are often their addresses.
"""

from __future__ import annotations

import copy
import hashlib
import json
import logging
import re
import sqlite3
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import psycopg
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

Format = Literal["text", "json"]

OURS = ("bot", "handlers", "scheduler")
PEOPLE = frozenset({"person", "rep"})
KEY = "key"
FRAMES = 12
"""Of a trace the innermost are told; above them is the event loop."""

_TELLS_NOBODY = re.compile(r"import|[mgk]?[0-9a-f]{12}|\d+|\d{4}-\d\d-\d\d")
"""Parts of keys that are the bot's own: ids of 1:1s, goals and questions, numbers and days."""
_PLAIN = re.compile(r"[^\s\"=]+")
_RESERVED = frozenset(RESERVED_ATTRS) | {"taskName"}


def configure(level: str, form: Format) -> None:
    """Log to standard error from ``level`` on; what libraries say from WARNING on. Replaces what was there."""
    handler = logging.StreamHandler()
    handler.setFormatter(as_json() if form == "json" else AsText())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that outlasts a second is no fault to warn of
    for name in OURS:
        logging.getLogger(name).setLevel(level)


def mark(person: str) -> str:
    """Return what stands for a person in the log: the same for the same id, everywhere and always."""
    return f"~{hashlib.blake2b(person.encode(), digest_size=4).hexdigest()}"


def as_json() -> logging.Formatter:
    """A JSON object on each line: ``at`` (ISO 8601, UTC), ``level``, ``logger``, ``event`` and the event's values."""
    return _AsJson(["asctime", "levelname", "name", "message"], rename_fields=_NAMES)


_NAMES = {"asctime": "at", "levelname": "level", "name": "logger", "message": "event"}


class _AsJson(JsonFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return super().format(_told(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        return _at(record)


class AsText(logging.Formatter):
    """The same for people: the instant, the level, the event, and each value as ``name=value``."""

    def format(self, record: logging.LogRecord) -> str:
        told = _told(record)
        values = (f"{name}={_plain(value)}" for name, value in _values(told).items())
        return " ".join((_at(record), record.levelname, told.getMessage(), *values))


def _told(record: logging.LogRecord) -> logging.LogRecord:
    """Return what may be told of a record, in one of its own: other handlers may want the whole."""
    told = copy.copy(record)
    told.args, told.exc_info, told.exc_text, told.stack_info = (), None, None, None
    if record.name.partition(".")[0] not in OURS:
        for name in _values(record):
            delattr(told, name)
        told.msg = "library.said"
        told.__dict__["place"] = f"{record.name}:{record.lineno}"
    for name, value in _values(told).items():
        if name in PEOPLE:
            told.__dict__[name] = mark(str(value))
        elif name == KEY:
            told.__dict__[name] = _unnamed(str(value))
    if record.exc_info and record.exc_info[1] is not None:
        told.__dict__["exception"] = _kinds(record.exc_info[1])
        told.__dict__["trace"] = _places(record.exc_info[1])
    return told


def _values(record: logging.LogRecord) -> Mapping[str, Any]:
    return {name: value for name, value in record.__dict__.items() if name not in _RESERVED}


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _plain(value: object) -> str:
    words = str(value)
    return words if _PLAIN.fullmatch(words) else json.dumps(words)


def _unnamed(key: str) -> str:
    """Return a key of the outbox or of a duty with a mark for each part that may name a person."""
    kind, *parts = key.split(":")
    return ":".join((kind, *(part if _TELLS_NOBODY.fullmatch(part) else mark(part) for part in parts)))


def _kinds(error: BaseException) -> str:
    """Return the exception and what it came from by kind; of the database's and the system's also the code."""
    return " from ".join(_kind(one) for one in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _kind(error: BaseException) -> str:
    name = type(error).__name__
    match error:
        case psycopg.Error(sqlstate=str(code)):
            return f"{name} {code}"
        case sqlite3.Error(sqlite_errorname=str(word)):
            return f"{name} {word}"
        case OSError(errno=int(number)):
            return f"{name} {number}"
        case _:
            return name


def _places(error: BaseException) -> str:
    """Return where it was raised, the innermost call last: file, line and function."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
