"""The two ways in from Slack, for flows that could tell them apart."""

from __future__ import annotations

import pytest
from world import OVER


@pytest.fixture(params=sorted(OVER))
def over(request: pytest.FixtureRequest) -> dict[str, str]:
    """The settings of one way in; the test runs once over HTTP and once over Socket Mode."""
    return OVER[request.param]
