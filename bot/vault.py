"""Keeps the secrets of sources sealed: who has the database without the keys has nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.coaching.said import say
from bot.errors import ConfigurationError

SETTING = "CADENCE_SECRET_KEYS"


def new_key() -> str:
    """Return a key for the setting."""
    return Fernet.generate_key().decode()


class Vault:
    """``keys`` are those of the setting: the first seals, each opens, so that a new one can be put before the old."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises ConfigurationError for a key that isn't one; without any, nothing can be sealed or opened."""
        try:
            self._fernets = MultiFernet([Fernet(key) for key in keys]) if keys else None
        except ValueError as error:
            raise ConfigurationError(
                say("{setting} has a key that isn't one: `cadence keys new` prints one.", setting=SETTING)
            ) from error

    def seal(self, secrets: Mapping[str, str]) -> str:
        """Raises ConfigurationError without a key."""
        return self._need().encrypt(json.dumps(dict(secrets)).encode()).decode()

    def open(self, sealed: str) -> dict[str, str]:
        """Raises ConfigurationError without a key, or when none of them is the one it was sealed with."""
        try:
            opened: dict[str, str] = json.loads(self._need().decrypt(sealed.encode()))
        except InvalidToken as error:
            raise ConfigurationError(
                say(
                    "The stored secrets can't be opened with {setting}: put the key they were sealed with back, "
                    "or connect the source anew.",
                    setting=SETTING,
                )
            ) from error
        return opened

    def reseal(self, sealed: str) -> str:
        """Return the same secrets sealed with the first key. Raises ConfigurationError like ``open``."""
        return self.seal(self.open(sealed))

    def _need(self) -> MultiFernet:
        if self._fernets is None:
            raise ConfigurationError(
                say("{setting} isn't set: `cadence keys new` prints a key for it. Keep it safe.", setting=SETTING)
            )
        return self._fernets
