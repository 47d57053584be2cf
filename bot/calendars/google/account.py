"""A Google service account: its key file, and the signed request for a token that acts for one person (RFC 7523)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from bot.coaching.said import say
from bot.errors import ConfigurationError

TOKEN_ADDRESS = "https://oauth2.googleapis.com"  # noqa: S105 - where it is had
TOKEN_PATH = "/token"  # noqa: S105
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPES = (
    "https://www.googleapis.com/auth/calendar.events.owned",
    "https://www.googleapis.com/auth/calendar.freebusy",
)
"""Own entries and free/busy: nothing of what else stands in a calendar can be read with these."""
LASTS = timedelta(minutes=55)


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """``client_id`` is what an admin lets act for people, with SCOPES, in Google's admin console."""

    email: str
    client_id: str
    key: rsa.RSAPrivateKey = field(repr=False)
    key_id: str = ""

    @classmethod
    def read(cls, text: str) -> ServiceAccount:
        """Read the JSON key file as Google gives it. Raises ConfigurationError, which shows nothing of it."""
        try:
            said = json.loads(text)
            key = serialization.load_pem_private_key(said["private_key"].encode(), password=None)
            email, client_id = str(said["client_email"]), str(said.get("client_id", ""))
        except (ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm):
            raise ConfigurationError(
                say("This isn't the JSON key of a Google service account: make one under IAM, Service Accounts, Keys.")
            ) from None
        if not isinstance(key, rsa.RSAPrivateKey):
            raise ConfigurationError(say("The key of a Google service account is an RSA key, and this is another."))
        return cls(email, client_id, key, str(said.get("private_key_id", "")))

    def assertion(self, person: str, now: datetime) -> str:
        """Return the signed request for a token that acts for the person with this address."""
        header = {"alg": "RS256", "typ": "JWT"} | ({"kid": self.key_id} if self.key_id else {})
        claims = {
            "iss": self.email,
            "sub": person,
            "scope": " ".join(SCOPES),
            "aud": f"{TOKEN_ADDRESS}{TOKEN_PATH}",
            "iat": int(now.timestamp()),
            "exp": int((now + LASTS).timestamp()),
        }
        signed = b".".join(_part(json.dumps(part).encode()) for part in (header, claims))
        return b".".join((signed, _part(self.key.sign(signed, padding.PKCS1v15(), hashes.SHA256())))).decode()


def _part(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
