"""Keeping secrets out of what is logged and shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

HIDDEN = "[hidden]"
MOST_CHARACTERS = 300
_SHORTEST = 4
_LIKE_A_TOKEN = re.compile(
    r"(?i)\b(bearer|basic)\s+[\w.~+/=!-]{8,}|\bpat-\w{2,4}-[\w-]{8,}|\beyJ[\w-]{10,}\.[\w-]+\.[\w-]*"
)


class Redaction:
    """Takes known secrets, and whatever looks like a token, out of a text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {form for secret in secrets if len(secret) >= _SHORTEST for form in (secret, quote(secret, safe=""))}
        self._known = sorted(known, key=len, reverse=True)  # one may be a part of another

    def __call__(self, text: str) -> str:
        """Return the text on one line, at most 300 characters of it."""
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        line = " ".join(_LIKE_A_TOKEN.sub(HIDDEN, text).split())
        return line if len(line) <= MOST_CHARACTERS else f"{line[: MOST_CHARACTERS - 1]}…"
