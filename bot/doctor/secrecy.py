"""Keeps our own secrets out of what the doctor says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import quote

from sqlalchemy import make_url

from bot.coaching.said import Said, altered
from bot.config import Settings
from bot.services.ports.checkups import Finding
from bot.views.languages import LANGUAGES

CUT = "***"


def without_secrets(findings: Iterable[Finding], settings: Settings) -> tuple[Finding, ...]:
    """Return the findings without any secret of the settings, whatever others answered that stands in them.

    Each can be told in any language still; only one in whose own words a secret stands is English from then on.
    """
    secrets = _secrets(settings)
    return tuple(replace(one, sentence=_scrubbed(one.sentence, secrets)) for one in findings)


def _secrets(settings: Settings) -> tuple[str, ...]:
    """Return each as it is and as it stands in an address, the longest first: one may be a part of another."""
    ours = (settings.bot_token(), settings.app_token(), settings.signing_secret(), *settings.vault_keys())
    given = filter(None, (*ours, make_url(settings.database_url).password))
    return tuple(sorted({form for one in given for form in (one, quote(one, safe=""))}, key=len, reverse=True))


def _scrubbed(text: str, secrets: Sequence[str]) -> str:
    def cut(data: str) -> str:
        for secret in secrets:
            data = data.replace(secret, CUT)
        return data

    kept = altered(text, cut)
    if any(secret in said for said in _told(kept) for secret in secrets):
        return cut(str.__str__(text))
    return kept


def _told(text: str) -> list[str]:
    """Return what is read of a text in each language, first in English as it is kept."""
    told = [language.written(text) for language in LANGUAGES]
    return [str.__str__(text), *told] if isinstance(text, Said) else [text]
