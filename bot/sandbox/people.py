"""The people of the workspace, and how Slack writes them down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True)
class SandboxPerson:
    """A member of the workspace. ``id`` starts with U; ``tz`` is an IANA zone; ``name`` is what people read."""

    id: str
    name: str
    email: str
    tz: str = "Etc/UTC"
    title: str = ""
    deleted: bool = False
    is_admin: bool = False
    locale: str = "en-US"

    @property
    def handle(self) -> str:
        """The name after an @, made of the address as Slack does: john.smith."""
        return self.email.partition("@")[0].lower() or self.name.lower().replace(" ", ".")

    @property
    def channel(self) -> str:
        """The id of the person's DM with the bot."""
        return f"D{self.id[1:]}"


def user_object(
    person: SandboxPerson, team: str, now: datetime, *, with_email: bool, with_locale: bool
) -> dict[str, Any]:
    """Return Slack's user object; a deactivated person has no zone in it, as in Slack."""
    profile: dict[str, Any] = {
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "title": person.title,
        "team": team,
    }
    if with_email:
        profile["email"] = person.email
    user: dict[str, Any] = {
        "id": person.id,
        "team_id": team,
        "name": person.handle,
        "deleted": person.deleted,
        "profile": profile,
        "is_bot": False,
        "is_app_user": False,
        "updated": int(now.timestamp()),
    }
    if person.deleted:
        return user
    try:
        zoned = now.astimezone(ZoneInfo(person.tz))
    except ZoneInfoNotFoundError:  # Slack may know a zone before this machine does
        zoned = now.astimezone(UTC)
    offset = zoned.utcoffset()
    user |= {
        "real_name": person.name,
        "tz": person.tz,
        "tz_label": zoned.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
    }
    if with_locale:
        user["locale"] = person.locale
    return user


def bot_user_object(bot: str, name: str, team: str) -> dict[str, Any]:
    return {
        "id": bot,
        "team_id": team,
        "name": name.lower(),
        "deleted": False,
        "real_name": name,
        "profile": {"real_name": name, "display_name": name, "team": team},
        "is_bot": True,
        "is_app_user": False,
        "tz": "Etc/UTC",
    }
