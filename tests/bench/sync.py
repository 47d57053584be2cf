"""How time and memory grow with the number of deals when a HubSpot is read for the first time, and then again."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.clock import ManualClock
from bot.config import load
from bot.crm.hubspot.source import HubSpot, unpaced
from bot.sandbox.hubspot import LocalHubSpot, a_pipeline, a_stage, an_object, an_owner, stamp, with_properties
from bot.services.sync import Sync
from bot.storage import migrate
from bot.storage.engine import connect
from bot.surroundings import office
from tests.bench import memory

OWNERS = 200
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
STAGES = ("Discovery", "Evaluation", "Proposal", "Closed won", "Closed lost")
CHANGED = 500


def report(sizes: tuple[int, ...]) -> None:
    print(f"{'deals':>9}{'first sync':>13}{'deals a second':>16}{'peak memory':>14}{'above start':>13}{'again':>10}")
    for deals in sizes:
        told = json.loads(_in_a_process_of_its_own("read", deals))
        print(
            f"{deals:9,}{told['first']:11.1f} s{deals / told['first']:16,.0f}{told['peak']:10.0f} MiB"
            f"{told['peak'] - told['before']:9.0f} MiB{told['again']:8.1f} s"
        )
    print("Over HTTP from a made-up HubSpot in a process of its own, with every deal's stage history, into SQLite.")
    print(f"Times are the reader's processor time. Again: {CHANGED} deals changed and are searched for.")


def _in_a_process_of_its_own(what: str, deals: int) -> str:
    command = [sys.executable, "-m", "tests.bench.sync", what, str(deals)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own module


class MadeUpHubSpot(LocalHubSpot):
    """Makes up each deal as it is asked for, and keeps none."""

    def __init__(self, deals: int) -> None:
        super().__init__(now=lambda: NOW)
        self.count = deals
        self.owners = [an_owner(str(n + 1), "Rep", f"Number {n}", f"rep{n}@example.com") for n in range(OWNERS)]
        stages = [
            a_stage(str(n), name, n, ("0.2", "0.4", "0.6", "1.0", "0.0")[n], closed=n > 2)
            for n, name in enumerate(STAGES)
        ]
        self.pipelines = [a_pipeline("default", "Sales", 0, stages)]

    def _list(self, kind: str, request: web.Request) -> web.Response:
        if kind != "deals" or request.query.get("archived") == "true":
            return web.json_response({"results": []})
        first = int(request.query.get("after", "0")) + 1
        last = min(first + int(request.query["limit"]) - 1, self.count)
        names = request.query["properties"].split(",")
        answer: dict[str, Any] = {"results": [with_properties(_deal(n), names) for n in range(first, last + 1)]}
        if last < self.count:
            answer["paging"] = {"next": {"after": str(last)}}
        return web.json_response(answer)

    def _search(self, kind: str, body: Any) -> web.Response:
        after = int(body.get("after", 0)) if kind == "deals" else CHANGED
        last = min(after + int(body["limit"]), CHANGED)
        found = [with_properties(_deal(n, changed=True), body["properties"]) for n in range(after + 1, last + 1)]
        answer: dict[str, Any] = {"total": CHANGED, "results": found}
        if kind == "deals" and last < CHANGED:
            answer["paging"] = {"next": {"after": str(last)}}
        return web.json_response(answer)

    def _batch(self, body: Any) -> web.Response:
        results = []
        for one in body["inputs"]:
            found = with_properties(_deal(int(one["id"])), ())
            began = datetime(2025, 1, 1, tzinfo=UTC)
            entries = [
                {"value": str(n), "timestamp": stamp(began + timedelta(days=9 * n)), "sourceType": "CRM_UI"}
                for n in range(int(one["id"]) % 3 + 1)
            ]
            results.append(found | {"propertiesWithHistory": {"dealstage": entries}})
        at = stamp(NOW)
        return web.json_response({"status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at})


def _deal(number: int, *, changed: bool = False) -> dict[str, Any]:
    made = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=number % 500_000)
    stage = number % len(STAGES)
    return an_object(
        str(number),
        made,
        NOW if changed else made + timedelta(days=20),
        dealname=f"Customer {number}: a product",
        hubspot_owner_id=str(number % OWNERS + 1),
        dealstage=str(stage),
        amount=str(1_000 + number % 977 + changed),
        deal_currency_code="USD",
        closedate=stamp(made + timedelta(days=60)),
        hs_is_closed="true" if stage > 2 else "false",
        hs_is_closed_won="true" if stage == 3 else "false",
        hs_v2_date_entered_current_stage=stamp(made + timedelta(days=20)),
    )


async def _serve(deals: int) -> None:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", MadeUpHubSpot(deals).answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


async def _read(deals: int) -> None:
    command = [sys.executable, "-m", "tests.bench.sync", "serve", str(deals)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220, S603 - our own module
    assert server.stdout is not None
    try:
        address = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
            migrate.upgrade(url)
            database = connect(url)
            clock = ManualClock(NOW)
            house = office(load({}, need_slack=False), database, clock)
            source = HubSpot(LocalHubSpot().token, clock, address=address, budgets=unpaced())
            before = memory.peak()
            began = time.process_time()
            await Sync(house, source).run()
            first = time.process_time() - began
            began = time.process_time()
            await Sync(house, source).run()
            again = time.process_time() - began
            await source.close()
            await database.dispose()
    finally:
        server.kill()
        server.wait()
    print(json.dumps({"first": first, "again": again, "before": before, "peak": memory.peak()}))


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    what, size = sys.argv[1], int(sys.argv[2])
    asyncio.run(_serve(size) if what == "serve" else _read(size))
