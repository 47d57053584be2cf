"""How time and memory grow with the number of reps when an organisation is computed team by team."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bot.coaching.organisation import Organisation
from bot.coaching.records import Records
from bot.coaching.settings import DEFAULTS
from bot.playbook_file import load
from tests.bench.organisation import TODAY, NamedLikeReps, teams
from tests.bench.pre_read import agenda_of

DEALS = 300
FEW_REPS = 300
KIB = 1024


def use_one_core() -> None:
    """Stay on one core, children too, where the system lets us say so."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


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


def peak() -> float:
    """Return the most memory this process has had, in MiB.

    Linux tells it of a program from its start on, while ``getrusage`` begins with that of the program that started it.
    """
    told = Path("/proc/self/status")
    for line in told.read_text(encoding="utf-8").splitlines() if told.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / KIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (KIB * KIB if sys.platform == "darwin" else KIB)


def main() -> None:
    """Compute one organisation and print what it took."""
    reps, deals, everything = sys.argv[1:]
    source = _Source(int(reps), int(deals), everything=bool(everything))
    before = peak()
    began = time.process_time()
    done = 0
    for book in Organisation(source.read, NamedLikeReps(), load(None), TODAY, DEFAULTS).books():
        for rep in book.records.people:
            agenda_of(book, rep)
            done += 1
    total = time.process_time() - began
    if done != int(reps):
        raise SystemExit(f"{done} of {reps} reps were computed")
    print(json.dumps({"total": total, "source": source.seconds, "before": before, "peak": peak()}))


if __name__ == "__main__":
    main()
