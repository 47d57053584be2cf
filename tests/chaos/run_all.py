"""`make chaos`: over a thousand kills on SQLite and PostgreSQL, the known hole measured, figures in Markdown."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import databases
from figures import Figures
from life import lived
from nursery import Nursery, Server
from points import KNOWN
from sending import READERS, doubled_when_frozen, doubled_when_late, sent

REPLICAS = {"SQLite": 1, "PostgreSQL": 3}
ROUNDS, LIFE_KILLS, SENDING_KILLS = 2, 230, 80
BATCHES = 5
LEASE, QUARANTINE = 0.8, 2.0
DELAYS = (1.0, 6.0)
"""Seconds after which Slack shows a message, or a frozen process goes on: inside the quarantine, and far past it."""

_number = count()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--share", type=float, default=1.0, help="of the kills, for a shorter run")
    options = parser.parse_args()
    print(f"Seed {options.seed}. Again with: make chaos SEED={options.seed}", flush=True)
    databases.open_folder()
    server = Server.open()
    try:
        faults = asyncio.run(_run(server, options.seed, options.share))
    finally:
        server.close()
        databases.close_folder()
    return 1 if faults else 0


async def _run(server: Server, seed: int, share: float) -> list[str]:
    """Live, send and fall into the hole on both databases; prints as it goes, returns what went wrong.

    In a whole run, not in a ``share`` of one, that is also each point at which nobody was killed.
    """
    began, is_whole = time.monotonic(), share >= 1
    faults: list[str] = []
    total, struck = Figures(seed), Counter[str]()
    print("\n| run | kills | frozen | messages | 1:1s | goals | clicks acknowledged | not acknowledged | seconds |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    async with Nursery(server) as nursery:
        for round_ in range(ROUNDS):
            last = is_whole and round_ == ROUNDS - 1
            kills = round(LIFE_KILLS * share)
            runs = [_lived(nursery, kind, seed + round_, kills, struck, to_the_last=last) for kind in REPLICAS]
            runs += [_sent(nursery, kind, seed + round_, round(SENDING_KILLS * share)) for kind in REPLICAS]
            for what, figures, found in await asyncio.gather(*runs):
                _row(f"{what}, {round_ + 1}", figures)
                total.add(figures)
                faults += found
        total.seconds = time.monotonic() - began
        _row("**all**", total)
        print(f"\nDuplicates, losses and other broken promises: {len(faults)}.", *faults, sep="\n", flush=True)
        untouched = sorted(KNOWN - set(total.kills))
        print(f"\nPoints: {len(KNOWN)}. Without a kill: {', '.join(untouched) or 'none'}.", flush=True)
        print(f"\n{total.table()}\n", flush=True)
        await _hole(nursery, max(1, round(BATCHES * share)))
    return faults + (untouched if is_whole else [])


Run = tuple[str, Figures, list[str]]


async def _lived(nursery: Nursery, kind: str, seed: int, kills: int, struck: Counter[str], *, to_the_last: bool) -> Run:
    with _place(kind) as (url, folder):
        run = await lived(
            nursery,
            url,
            folder,
            seed=seed,
            kills=kills,
            processes=REPLICAS[kind],
            struck=struck,
            to_the_last=to_the_last,
        )
    return (f"whole bot, {kind}", *run)


async def _sent(nursery: Nursery, kind: str, seed: int, kills: int) -> Run:
    with _place(kind) as (url, folder):
        run = await sent(nursery, url, folder, seed=seed, kills=kills, processes=REPLICAS[kind])
    return (f"delivery alone, {kind}", *run)


async def _hole(nursery: Nursery, batches: int) -> None:
    """Measure how many messages are doubled when Slack or a frozen process is later than the protocol waits."""
    ways: dict[str, Callable[..., Awaitable[int]]] = {
        "Slack shows the message so much later, the sender is dead": doubled_when_late,
        "the sender is frozen just before it posts, so long": doubled_when_frozen,
    }
    print(f"Lease {LEASE:g} s, quarantine {QUARANTINE:g} s, PostgreSQL.\n")
    print("| what is late | seconds | messages | said twice |\n|---|---:|---:|---:|")
    for what, doubled in ways.items():
        for seconds in DELAYS:
            with _place("PostgreSQL") as (url, folder):
                twice = await doubled(nursery, url, folder, seconds=seconds, quarantine=QUARANTINE, batches=batches)
            print(f"| {what} | {seconds:g} | {batches * READERS} | {twice} |", flush=True)


@contextmanager
def _place(kind: str) -> Iterator[tuple[str, Path]]:
    """A migrated database and a folder of their own for one run."""
    with tempfile.TemporaryDirectory(prefix="cadence-chaos-") as name:
        folder = Path(name)
        if kind == "SQLite":
            yield databases.new_sqlite(folder / "cadence.sqlite3"), folder
        else:
            yield databases.new_postgresql(f"chaos_{next(_number)}"), folder


def _row(what: str, figures: Figures) -> None:
    acts = figures.acts
    cells = (
        what,
        figures.killed,
        figures.freezes,
        figures.messages,
        figures.meetings,
        figures.goals,
        acts["acknowledged"] + acts["refused with a reason"],
        acts["not acknowledged"],
        round(figures.seconds),
    )
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
