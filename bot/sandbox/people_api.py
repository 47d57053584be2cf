"""The auth.*, team.* and users.* methods of the Web API."""

from __future__ import annotations

from typing import Any

from bot.sandbox.chat_api import flag, next_cursor, page_start
from bot.sandbox.core import Core
from bot.sandbox.people import SandboxPerson, bot_user_object, user_object
from bot.sandbox.refusals import RefusalError

Json = dict[str, Any]
USERS_AT_MOST = 1_000
LARGE_TEAM = 1_000


def auth_test(core: Core, _: Json) -> Json:
    app = core.workspace.app
    return {
        "url": core.url + "/",
        "team": app.team_name,
        "team_id": app.team,
        "user": app.name.lower(),
        "user_id": app.bot_user,
        "bot_id": app.bot_id,
        "app_id": app.id,
        "is_enterprise_install": False,
    }


def team_info(core: Core, _: Json) -> Json:
    app = core.workspace.app
    return {"team": {"id": app.team, "name": app.team_name, "domain": "sandbox"}}


def user_info(core: Core, args: Json) -> Json:
    user, app = str(args.get("user") or ""), core.workspace.app
    if user == app.bot_user:
        return {"user": bot_user_object(user, app.name, app.team)}
    return {"user": _user(core, core.workspace.person(user), args)}


def list_users(core: Core, args: Json) -> Json:
    """users.list in pages; a large team has to be asked for in pages."""
    app = core.workspace.app
    everybody = [_user(core, person, args) for person in core.workspace.people.values()]
    everybody.append(bot_user_object(app.bot_user, app.name, app.team))
    at_most = int(args.get("limit") or 0)
    if at_most < 0 or at_most > USERS_AT_MOST:
        raise RefusalError("invalid_limit")
    if not at_most and len(everybody) > LARGE_TEAM:
        raise RefusalError("limit_required")
    start = page_start(args)
    end = start + at_most if at_most else len(everybody)
    cursor = next_cursor(end) if end < len(everybody) else ""
    return {
        "members": everybody[start:end],
        "cache_ts": int(core.clock.now().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


def user_by_email(core: Core, args: Json) -> Json:
    return {"user": _user(core, core.workspace.person_by_email(str(args.get("email") or "")), args)}


def _user(core: Core, person: SandboxPerson, args: Json) -> Json:
    return user_object(
        person,
        core.workspace.app.team,
        core.clock.now(),
        with_email="users:read.email" in core.scopes,
        with_locale=flag(args.get("include_locale")),
    )
