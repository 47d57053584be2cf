"""Whether views say all their words through templates: in a language nobody speaks, no word of ours is left in English.

``views_not_yet.txt`` names the cases that still do. It only ever gets shorter: who converts a view takes it off.
"""

from __future__ import annotations

import pytest

from bot.views.speaking import speaking
from tests.languages.catalogues import VIEWS_NOT_YET, not_yet
from tests.languages.pseudo import PSEUDO, bracketed, unsaid
from tests.views.cases import cases

DATA = frozenset(["Settled", "Zm", "a", "already", "com", "dGgtYWxvbmU", "example", "f", "https", "ics", "yLXJ"])
"""Words of people and of CRMs that the builders hold, and of the playbook."""

with speaking(PSEUDO):
    CASES = cases("1234")

LEFT = not_yet(VIEWS_NOT_YET)


@pytest.mark.parametrize("name", sorted(CASES.keys() - set(LEFT)))
def test_every_word_of_a_view_is_said_through_a_template(name: str) -> None:
    assert unsaid(CASES[name], DATA) == []


def test_a_view_that_says_all_through_templates_is_off_the_list() -> None:
    assert sorted(set(LEFT)) == LEFT
    assert [name for name in LEFT if name not in CASES or not unsaid(CASES[name], DATA)] == []


def test_brackets_leave_placeholders_alone() -> None:
    assert bracketed("Your {n} goals with {who}") == "⟦Your ⟧{n}⟦ goals with ⟧{who}"
    assert unsaid({"text": "⟦Your ⟧3⟦ goals with ⟧Anna (Europe/Berlin)"}) == ["Anna"]
