"""What Slack tells of people: they open the home tab, move to another zone, join, or leave."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.services.away_status import Status
from bot.services.unix_time import instant_of
from bot.services.use_cases import UseCases


def register(app: AsyncApp, cases: UseCases) -> None:
    async def home_opened(event: dict[str, Any]) -> None:
        if event.get("tab") == "home":
            await cases.home.show(event["user"])

    async def user_changed(event: dict[str, Any]) -> None:
        user, profile = event["user"], event["user"].get("profile") or {}
        # First, for an event counts as come with the first transaction made for it: the hint may be lost, the rest not.
        is_newest = await cases.roster.changed(
            user["id"],
            email=profile.get("email"),
            zone=user.get("tz"),
            deleted=bool(user.get("deleted")),
            as_of=instant_of(user.get("updated")),
            locale=user.get("locale") or None,
        )
        if is_newest:
            told = (profile.get(f"status_{part}") for part in ("emoji", "text", "expiration"))
            await cases.away_status.noticed(user["id"], Status.of(*told))

    async def any_other(event: dict[str, Any]) -> None:
        """Acknowledge what we don't act on, so that Slack doesn't send it three times more."""

    app.event("app_home_opened")(home_opened)
    app.event("user_change")(user_changed)
    app.event("team_join")(user_changed)
    app.event({"type": "message"})(any_other)
    app.event("app_uninstalled")(any_other)
    app.event("tokens_revoked")(any_other)
