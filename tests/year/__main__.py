"""Goes through a year in every zone of tzdata, each with somebody who lives there: ``make year``."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from random import Random

from bot.storage import migrate
from bot.storage.engine import connect
from tests.year.promises import broken
from tests.year.simulated import Year, all_zones, simulate

DAYS = 365
AT_ONCE = 40
"""People in one company: a daily look at everybody is shared."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20261125, help="the same seed gives the same year")
    parser.add_argument("--zones", type=int, default=0, help="so many of them, drawn by the seed; 0 is all")
    parser.add_argument("--begins", default="2026-01-05", help="the first day")
    asked = parser.parse_args()
    zones = Random(asked.seed).sample(all_zones(), asked.zones or len(all_zones()))  # noqa: S311 - a game, no secret
    begins = datetime.fromisoformat(asked.begins).replace(hour=9, tzinfo=UTC)
    print(f"A year from {begins.date()} in {len(zones)} zones, tzdata {version('tzdata')}, seed {asked.seed}")
    found: list[str] = []
    posts = held = 0
    began = time.process_time()
    for number, first in enumerate(range(0, len(zones), AT_ONCE)):
        year = asyncio.run(_year(zones[first : first + AT_ONCE], asked.seed + number, begins))
        broke = broken(year)
        found += broke
        posts += len(year.posts)
        held += sum(bool(times) for times in year.begun.values())
        print(
            f"{min(first + AT_ONCE, len(zones)):5} zones: {held:,} 1:1s, {posts:,} messages, "
            f"broken promises: {len(found)}",
            *broke,
            sep="\n",
            flush=True,
        )
    print(f"{time.process_time() - began:.0f} s of processor time")
    if found:
        raise SystemExit(1)


async def _year(zones: list[str], seed: int, begins: datetime) -> Year:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'year.sqlite3'}"
        await asyncio.to_thread(migrate.upgrade, url)
        database = connect(url)
        try:
            return await simulate(database, zones, seed, begins, DAYS)
        finally:
            await database.dispose()


if __name__ == "__main__":
    main()
