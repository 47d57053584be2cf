"""A domain value that is kept as JSON comes back equal, whatever is in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.coaching.commitment import GoalTerms
from bot.coaching.pre_read import PreRead
from bot.coaching.records import CommissionBand
from bot.coaching.rhythm.cadence import CadenceDecision
from bot.storage.values import CADENCE_DECISION, COMMISSION, GOAL_TERMS, PRE_READ, AsJson

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
KEPT = [
    (PRE_READ, PreRead),
    (GOAL_TERMS, GoalTerms),
    (CADENCE_DECISION, CadenceDecision),
    (COMMISSION, tuple[CommissionBand, ...]),
]


@pytest.mark.parametrize(("kept", "kind"), KEPT, ids=lambda part: getattr(part, "__name__", ""))
@given(data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_value_comes_back_equal_from_its_json(kept: AsJson[Any], kind: Any, data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))
    assert kept.read(json.loads(json.dumps(kept.write(value)))) == value
