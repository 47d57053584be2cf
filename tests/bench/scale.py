"""How time and memory grow with the number of reps when an organisation is computed team by team."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bot.coaching.organisation import Organisation
from bot.coaching.records import Records
from bot.coaching.settings import DEFAULTS
from bot.playbook_file import load
from tests.bench import memory
from tests.bench.organisation import TODAY, NamedLikeReps, teams
from tests.bench.pre_read import agenda_of

DEALS = 300
FEW_REPS = 300


@contextmanager
def one_core() -> Iterator[None]:
    """Stay on one core meanwhile, children too, where the system lets us say so."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def report(sizes: tuple[int, ...]) -> None:
    head = f"{'reps':>8}{'deals':>7}{'':26}{'total':>9}{'of it made up':>15}"
    print(f"{head}{'a rep':>10}{'peak memory':>14}{'above start':>13}")
    for reps in sizes:
        _line(reps, DEALS, everything=False)
    for deals in (DEALS // 3, DEALS, 3 * DEALS):
        _line(FEW_REPS, deals, everything=True)
    print("Total is all readings and the pre-read of every rep. Records are made up anew in each reading, and")
    print("what a rep takes is without that.")


def _line(reps: int, deals: int, *, everything: bool) -> None:
    what = "all their records" if everything else "deals and goals"
    told = json.loads(_in_a_process_of_its_own(reps, deals, everything=everything))
    own = told["total"] - told["source"]
    print(
        f"{reps:8,}{deals:7,} {what:25}{told['total']:7.1f} s{told['source']:13.1f} s{1e3 * own / reps:7.2f} ms"
        f"{told['peak']:10.0f} MiB{told['peak'] - told['before']:9.0f} MiB"
    )


def _in_a_process_of_its_own(reps: int, deals: int, *, everything: bool) -> str:
    command = [sys.executable, "-m", "tests.bench.scale", str(reps), str(deals), "everything" if everything else ""]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own module


class _Source:
    """The organisation as it is read, and how long the making up took."""

    def __init__(self, reps: int, deals: int, *, everything: bool) -> None:
        self._reps = reps
        self._deals = deals
        self._everything = everything
        self._playbook = load(None)
        self.seconds = 0.0

    def read(self) -> Iterator[Records]:
        pieces = teams(self._reps, self._deals, self._playbook, everything=self._everything)
        while True:
            began = time.process_time()
            piece = next(pieces, None)
            self.seconds += time.process_time() - began
            if piece is None:
                return
            yield piece


def main() -> None:
    """Compute one organisation and print what it took."""
    reps, deals, everything = sys.argv[1:]
    source = _Source(int(reps), int(deals), everything=bool(everything))
    before = memory.peak()
    began = time.process_time()
    done = 0
    for book in Organisation(source.read, NamedLikeReps(), load(None), TODAY, DEFAULTS).books():
        for rep in book.records.people:
            agenda_of(book, rep)
            done += 1
    total = time.process_time() - began
    if done != int(reps):
        raise SystemExit(f"{done} of {reps} reps were computed")
    print(json.dumps({"total": total, "source": source.seconds, "before": before, "peak": memory.peak()}))


if __name__ == "__main__":
    main()
