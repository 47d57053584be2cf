"""What an admin is asked for when something is connected, and what is made of the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Generic, ParamSpec, TypeVar

from bot.coaching.said import say
from bot.errors import ConfigurationError

P = ParamSpec("P")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to be told. A ``secret`` is stored sealed; what has a ``default`` may be left out.

    ``file``: it may be given by the name of the file that holds it.
    """

    name: str
    words: str
    secret: bool = False
    default: str | None = None
    file: bool = False


@dataclass(frozen=True, slots=True)
class Kind(Generic[P, Made]):
    """Something that can be connected: what people call it, what it asks, and how one is made of that."""

    title: str
    asks: tuple[Ask, ...]
    make: Callable[P, Made]

    @property
    def has_secrets(self) -> bool:
        return any(ask.secret for ask in self.asks)

    def parted(self, given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Return the secrets of what was told, and the rest."""
        secrets = {ask.name: given[ask.name] for ask in self.asks if ask.secret}
        return secrets, {name: value for name, value in given.items() if name not in secrets}

    def complete(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return what was told, with the defaults of the rest. Raises ConfigurationError where something is missing."""
        told = {ask.name: ask.default for ask in self.asks if ask.default is not None} | dict(given)
        missing = [ask.name for ask in self.asks if not told.get(ask.name) and ask.default is None]
        if missing:
            things = reduce(lambda most, last: say("{most} and {last}", most=most, last=last), missing)
            raise ConfigurationError(say("{title} needs {things}: connect it anew.", title=self.title, things=things))
        return told


def known(kinds: Mapping[str, Kind[P, Made]], name: str, what: str) -> Kind[P, Made]:
    """Return the kind of that name. Raises ConfigurationError, with those there are, for one that isn't ``what``."""
    if name not in kinds:
        raise ConfigurationError(
            say("{name} isn't {what}: write {kinds}.", name=name, what=what, kinds=", ".join(kinds))
        )
    return kinds[name]
