"""What can go wrong, split by who can mend it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.coaching.said import joined


class CadenceError(Exception):
    """Anything the bot says no to. ``str(error)`` is a sentence for the person and says what to do next."""


class UserError(CadenceError):
    """The person who asked can mend it."""


class NotAllowedError(UserError):
    """The asker may not see or do this."""


class StaleError(UserError):
    """It was settled meanwhile; the sentence says how, by whom and when."""


class BadInputError(UserError):
    """A file or form is refused whole; ``problems`` has one line per fault with its place and remedy."""

    def __init__(self, summary: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(joined((summary, *problems), "\n"))
        self.summary = summary
        self.problems = problems


class TryLaterError(CadenceError):
    """Time can mend it."""


class ConfigurationError(CadenceError):
    """The operator can mend it; every problem is named at once."""


class BadFieldsError(UserError):
    """A form has faults; ``fields`` maps a field's name to the sentence shown under it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(joined(fields.values()))
        self.fields = dict(fields)
