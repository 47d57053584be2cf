"""The files to begin with can be imported as they are, and nobody's own are overwritten."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.crm import csv_files
from bot.crm.example import NEEDED, write_example
from bot.errors import UserError


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(today=st.dates(date(2024, 1, 1), date(2032, 1, 1)))
def test_on_any_day_it_is_an_import_without_a_fault(tmp_path: Path, today: date) -> None:
    folder = tmp_path / today.isoformat()
    if folder.exists():
        return
    write_example(folder, today)
    records = csv_files.read_folder(folder, known_country=lambda _: True)
    assert sorted(path.name for path in folder.iterdir()) == sorted(NEEDED)
    assert [bool(one.manager_id) for one in records.people] == [False, True, True]
    assert all(goal.start <= today <= goal.end for goal in records.goals)
    assert all(deal.start is not None and deal.start < today - timedelta(days=1) for deal in records.deals)


def test_a_folder_with_files_of_ones_own_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("mine")
    with pytest.raises(UserError, match=r"holds deals\.csv already"):
        write_example(tmp_path, date(2026, 1, 1))
    assert [path.name for path in tmp_path.iterdir()] == ["deals.csv"]
