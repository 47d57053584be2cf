"""What one person is to read: blocks, and the same in words for notifications and screen readers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.coaching.records import Person
from bot.views.languages import language_of
from bot.views.speaking import spoken


class WrongLanguageError(Exception):
    """A message was made in another language than its reader's, which is ours to mend by ``said_to``."""


@dataclass(frozen=True, slots=True)
class Message:
    """``text`` is escaped mrkdwn that stands for the blocks where Slack can't show them; blocks are Block Kit dicts.

    ``language`` is the code of the language it was made in, which is its reader's.
    """

    text: str
    blocks: list[dict[str, Any]]
    language: str = field(default_factory=lambda: spoken().code, compare=False)

    def payload(self) -> dict[str, Any]:
        """Return the arguments of chat.postMessage that a message decides: ``text`` and ``blocks``."""
        return {"text": self.text, "blocks": self.blocks}

    def for_reader(self, person: Person) -> Message:
        """Return it as it is. Raises WrongLanguageError where the person reads another language."""
        wanted = language_of(person.locale).code
        if self.language != wanted:
            raise WrongLanguageError(f"made in {self.language!r} for {person.id}, who reads {wanted!r}")
        return self
