"""Whether views say all their words through templates: told in a language nobody speaks, none is left in English."""

from __future__ import annotations

import pytest

from bot.views.speaking import speaking
from tests.languages.pseudo import PSEUDO, bracketed, unsaid
from tests.views.cases import cases

DATA = frozenset(
    {"HubSpot", "Pipedrive", "Salesforce", "hubspot", "Slack", "token", "revoked", "action", "restricted", "id"}
)
DATA |= {"Settled", "already", "a", "f", "anna", "dustin"}
DATA |= {"https", "example", "com", "ics", "Zm", "yLXJ", "dGgtYWxvbmU"}
"""Words of people and of CRMs that the builders hold, and of the playbook."""

with speaking(PSEUDO):
    CASES = cases("1234")


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_word_of_a_view_is_said_through_a_template(name: str) -> None:
    assert unsaid(CASES[name], DATA) == []


def test_brackets_leave_placeholders_alone() -> None:
    assert bracketed("Your {n} goals with {who}") == "⟦Your ⟧{n}⟦ goals with ⟧{who}"
    assert unsaid({"text": "⟦Your ⟧3⟦ goals with ⟧Anna (Europe/Berlin)"}) == ["Anna"]
