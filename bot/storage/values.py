"""Domain values to and from JSON."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from bot.coaching.commitment import GoalTerms
from bot.coaching.pre_read import PreRead
from bot.coaching.records import CommissionBand, Person
from bot.coaching.rhythm.cadence import CadenceDecision
from bot.services.source import Given
from bot.storage.kept_words import all_kept, all_read, kept
from bot.views.announcement import Announcement

Value = TypeVar("Value")


class AsJson(Generic[Value]):
    """Writes one type of domain value as JSON-able data and reads it back equal, with what its texts remember."""

    def __init__(self, kind: type[Value]) -> None:
        self._adapter: TypeAdapter[Value] = TypeAdapter(kind)

    def write(self, value: Value) -> Any:
        return self._adapter.dump_python(all_kept(value), mode="json")

    def read(self, data: Any) -> Value:
        """Raises pydantic.ValidationError when the stored data is not such a value."""
        return all_read(self._adapter.validate_python(data))

    def read_json(self, text: str) -> Value:
        """Read JSON that nobody else has parsed, which takes half as long; raises as ``read``."""
        return all_read(self._adapter.validate_json(text))


PRE_READ = AsJson(PreRead)
GOAL_TERMS = AsJson(GoalTerms)
CADENCE_DECISION = AsJson(CadenceDecision)
COMMISSION: AsJson[tuple[CommissionBand, ...]] = AsJson(tuple[CommissionBand, ...])
PERSON = AsJson(Person)
GIVEN: AsJson[tuple[Given, ...]] = AsJson(tuple[Given, ...])
ANNOUNCEMENT = AsJson(Announcement)


def announcement_to_json(one: Announcement) -> dict[str, Any]:
    """Return what ``ANNOUNCEMENT`` reads; ten thousands of them are written at once, so each field is named."""
    return {
        "meeting": kept(one.meeting),
        "starts_at": one.starts_at.isoformat(),
        "minutes": one.minutes,
        "zone": kept(one.zone),
        "rep": kept(one.rep),
        "manager": kept(one.manager),
        "why": kept(one.why),
        "to_rep": one.to_rep,
        "is_first": one.is_first,
    }
