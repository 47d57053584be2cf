"""A place in files that were changed meanwhile is no place in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.clock import ManualClock
from bot.crm import records_source
from bot.crm.csv_source import csv_source
from bot.services.source_errors import Fault, SourceError
from tests.crm.held import NOW
from tests.crm.import_folders import DEALS_HEADER, a_folder


def deals(*names: str) -> str:
    return DEALS_HEADER + "\n" + "".join(f"{name},rob@example.com,Acme,open,Proposal,,,\n" for name in names)


async def test_reading_goes_on_in_the_same_files_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records_source, "PAGE", 2)
    source = csv_source(a_folder(tmp_path, deals=deals("a", "b", "c")), ManualClock(NOW))
    await source.account()
    first, _ = [page async for page in source.deals(None, None)]
    await source.account()
    [rest] = [page async for page in source.deals(None, first.cursor)]
    assert [deal.id for deal in rest.records] == ["c"]
    a_folder(tmp_path, deals=deals("new", "a", "b", "c"))
    await source.account()
    with pytest.raises(SourceError) as failed:
        [page async for page in source.deals(None, first.cursor)]
    assert failed.value.fault is Fault.CURSOR
