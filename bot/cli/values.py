"""What is typed on the command line as values: each is read, or refused in words that argparse shows."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime

LAST_PORT = 65535


def instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} isn't an instant like 2017-10-02T09:00+02:00") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a day like 2017-10-02") from error


def number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a number") from error


def whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a whole number") from error


def positive(text: str) -> int:
    value = whole(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def port(text: str) -> int:
    value = whole(text)
    if not 0 <= value <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"must be 0 (any free one) to {LAST_PORT}")
    return value


def https(text: str) -> str:
    if not text.startswith("https://"):
        raise argparse.ArgumentTypeError("Slack must reach it: give its public address, https://...")
    return text
