"""Connections opened as sources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from bot.crm.kinds import Opening, make
from bot.services.ports import Clock
from bot.services.ports.sync import Connection
from bot.services.source import Source


class Vault(Protocol):
    def open(self, sealed: str) -> dict[str, str]: ...


class ConnectedSources:
    def __init__(self, vault: Vault, clock: Clock, *, known_country: Callable[[str], bool] | None = None) -> None:
        self._vault = vault
        self._clock = clock
        self._known_country = known_country

    def open(self, connection: Connection, fields: Collection[str]) -> Source:
        secrets = self._vault.open(connection.secret) if connection.secret else {}
        return self.from_given(connection.name, {**connection.options, **secrets}, fields)

    def from_given(self, name: str, given: Mapping[str, str], fields: Collection[str]) -> Source:
        """Return a source of what was told. Raises ConfigurationError for what can't be used."""
        return make(name, Opening(given, self._clock, fields, self._known_country))
