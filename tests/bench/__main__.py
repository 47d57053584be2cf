"""Prints how quick the bot is and how much memory it takes: ``make bench``, or with ``--quick`` in short."""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path

from tests.bench import burst, curve, mondays, planning, pre_read, scale, swings, sync

SIZES, QUICK_SIZES = (1_000, 3_000, 10_000), (100, 300, 1_000)
DEALS, QUICK_DEALS = (10_000, 30_000, 100_000), (1_000, 3_000, 10_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"up to {QUICK_SIZES[-1]:,} reps instead of {SIZES[-1]:,}")
    parser.add_argument("--only", choices=("bursts", "planning"), help="these figures and no others")
    chosen = parser.parse_args()
    sizes = QUICK_SIZES if chosen.quick else SIZES
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; {_processor()}")
    if chosen.only in {None, "bursts"}:
        _bursts(*((200, 1) if chosen.quick else (1_000, 3)))
    if chosen.only is None:
        _maths(sizes)
    if chosen.only in {None, "planning"}:
        print("\nPlanning, and finding what is due")
        planning.report(sizes[-1])
    if chosen.only is None:
        print("\nA CRM's deals, read for the first time and again; each size in a process of its own")
        sync.report(QUICK_DEALS if chosen.quick else DEALS)


def _maths(sizes: tuple[int, ...]) -> None:
    print("\nThe maths, on one core, in processor time: with others on the machine the clock shows more.")
    with scale.one_core():
        print("\nOne rep's pre-read, records loaded (milliseconds)")
        pre_read.report()
        print("\nThe chance of the goal with the swings of ten deals")
        swings.report()
        print("\nThe win curve beside lifelines' AalenJohansenFitter")
        curve.report()
        print("\nA whole organisation, team by team; each size in a process of its own")
        scale.report(sizes)


def _bursts(clicks: int, runs: int) -> None:
    print("\nClicks at one instant, through real sockets: Slack in one process, the bot in another, real time")
    burst.report(clicks, runs)
    print("\nA Monday on which all reminders fall due at once, against a strict Slack in virtual time")
    mondays.report()


def _processor() -> str:
    """Return the processor's name where Linux tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
