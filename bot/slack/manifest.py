"""The Slack app's manifest, from which an admin makes the app (platform facts, section 6)."""

from __future__ import annotations

from typing import Any, Literal

Transport = Literal["socket", "http"]

NAME = "Cadence"
DESCRIPTION = "Runs sales 1:1s: when, about what, and what was promised"
LONG_DESCRIPTION = (
    "Cadence decides when each rep and manager meet, gives both the same agenda a working day before, offers the rep"
    " the choices only the rep can make, lets the manager approve with a button, and asks every Monday how the goals"
    " are going. Each number it shows says where it comes from. A rep sees only their own numbers, a manager only those"
    " of their own people, and nobody is ranked."
)
COLOUR = "#1f2a44"

COMMANDS = (
    ("/pipeline", "Your pipeline, or that of one of your people", "[@rep] | help"),
    (
        "/1on1",
        "Your next 1:1 and why then, or those of your team",
        "[next | why | agenda | move] [@rep] | away 3 Dec - 12 Dec | help",
    ),
    ("/goals", "Your goals between 1:1s", "[new] | [report] | [@rep] | help"),
    ("/cadence", "How often you meet, and why", "[@rep] | team | set @rep 14 because ... | free @rep | setup | help"),
    ("/awesome", "Your own figure for an awesome year, and what it takes", "[set amount] | [path] | [@rep] | help"),
)
SCOPES = (
    "chat:write",  # send and rewrite messages
    "commands",
    "im:write",  # open the DM with a person
    "files:write",  # give somebody the file of a 1:1 for their calendar; show a picture where Slack has no charts
    "im:history",  # find our own message again after a broken connection
    "users:read",  # time zones, and who has left
    "users:read.email",  # who is who
)
EVENTS = ("app_home_opened", "user_change", "team_join", "app_uninstalled", "tokens_revoked")


def manifest(transport: Transport = "socket", url: str | None = None) -> dict[str, Any]:
    """Return the manifest as JSON-ready values. ``url`` is the public address of ``/slack/events``, for http only.

    Raises ValueError when http comes without an https ``url``.
    """
    if transport == "http" and not (url or "").startswith("https://"):
        raise ValueError("With HTTP, Slack must reach the bot: give its public https address.")
    reached_at = {"request_url": url} if transport == "http" else {}
    command_at = {"url": url} if transport == "http" else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
            "background_color": COLOUR,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,  # off, Slack refuses every DM of the bot
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [
                {"command": name, **command_at, "description": what, "usage_hint": hint, "should_escape": True}
                for name, what, hint in COMMANDS
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**reached_at, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **reached_at},
            "org_deploy_enabled": False,
            "socket_mode_enabled": transport == "socket",
            "token_rotation_enabled": False,
        },
    }
