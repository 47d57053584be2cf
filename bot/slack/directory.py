"""Who is who: Slack's users and our people, matched by e-mail address, and never by name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching.records import Person, PersonId
from bot.coaching.said import say
from bot.errors import TryLaterError
from bot.services.ports import SlackAccount
from bot.services.unix_time import instant_of
from bot.slack.errors import FAILURES, Outcome, failure

PAGE = 200
ATTEMPTS = 5
LONGEST_REST_SECONDS = 60.0
"""A longer one isn't slept through where nothing falls due meanwhile: whoever wanted to know asks again later."""
PATIENCE_SECONDS = 2.0
"""So long one account is waited for: somebody has a form open, and Slack gives it three."""
SLACKBOT = "USLACKBOT"
"""A bot whose ``is_bot`` is false."""


@dataclass(frozen=True, slots=True)
class SlackUser:
    """One account. ``email`` is in lower case, empty if hidden; ``zone`` is an IANA name known here, or None.

    ``updated`` is when Slack last changed it and ``locale`` such as "de-DE", None where it doesn't say.
    """

    id: str
    email: str
    zone: str | None
    deleted: bool
    is_bot: bool
    updated: datetime | None = None
    locale: str | None = None

    def of(self, person: PersonId) -> SlackAccount:
        """Return it as the account of a person."""
        return SlackAccount(person, self.id, self.zone, self.deleted, as_of=self.updated, locale=self.locale)


async def users(client: AsyncWebClient, *, page: int = PAGE, longest_rest: float = inf) -> AsyncIterator[SlackUser]:
    """Yield every account of the workspace.

    Raises SlackFailureError when Slack doesn't answer after a few tries, or wants a rest of more than so many seconds.
    """
    cursor = ""
    while True:
        answer = await _page(client, page, cursor, longest_rest)
        for member in answer.get("members") or ():
            yield slack_user(member)
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return


class SlackDirectory:
    """The directory of the workspace, which satisfies ``ports.Directory``."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def accounts(
        self, people: Collection[Person], known: Collection[SlackAccount] = (), *, patient: bool = True
    ) -> tuple[SlackAccount, ...]:
        longest_rest = inf if patient else LONGEST_REST_SECONDS
        found = [user async for user in users(self._client, longest_rest=longest_rest)]
        accounts, unmatched = match(people, found)
        return (*accounts, *_by_account(unmatched, known, found))

    async def is_person(self, user: str) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await self._client.users_info(user=user)
        except FAILURES as error:
            if failure(error).outcome is Outcome.UNREACHABLE:
                return False
            raise TryLaterError(
                say("Slack doesn't say whose account that is just now. Please save once more.")
            ) from error
        found = slack_user(answer["user"])
        return not (found.is_bot or found.deleted)


async def _page(client: AsyncWebClient, limit: int, cursor: str, longest_rest: float) -> Mapping[str, Any]:
    """Read one page; reading is safe to repeat."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            answer = await client.users_list(limit=limit, cursor=cursor or None, include_locale=True)
        except FAILURES as error:
            failed = failure(error)
            rest = failed.retry_after or attempt
            mends_itself = failed.outcome in (Outcome.LATER, Outcome.UNKNOWN) and rest <= longest_rest
            if attempt == ATTEMPTS or not mends_itself:
                raise failed from error
            await asyncio.sleep(rest)
        else:
            return answer.data if isinstance(answer.data, dict) else {}
    raise AssertionError  # the last attempt returned or raised


def slack_user(member: Mapping[str, Any]) -> SlackUser:
    """Read Slack's user object, as users.list, user_change and team_join give it."""
    return SlackUser(
        id=str(member["id"]),
        email=str((member.get("profile") or {}).get("email") or "").strip().lower(),
        zone=_zone(member.get("tz")),
        deleted=bool(member.get("deleted")),
        is_bot=bool(member.get("is_bot")) or member["id"] == SLACKBOT,
        updated=instant_of(member.get("updated")),
        locale=str(member.get("locale") or "") or None,
    )


def match(
    people: Iterable[Person],
    users: Iterable[SlackUser],
) -> tuple[tuple[SlackAccount, ...], tuple[Person, ...]]:
    """Return the accounts of ``people`` and those without one. A live account goes before a deactivated one."""
    by_email: dict[str, SlackUser] = {}
    for user in sorted(users, key=lambda user: (not user.deleted, user.id)):
        if user.email and not user.is_bot:
            by_email[user.email] = user
    accounts: list[SlackAccount] = []
    unmatched: list[Person] = []
    for person in people:
        found = by_email.get(person.email.strip().lower())
        if found is None:
            unmatched.append(person)
        else:
            accounts.append(found.of(person.id))
    return tuple(accounts), tuple(unmatched)


def _by_account(
    people: Iterable[Person],
    known: Iterable[SlackAccount],
    users: Iterable[SlackUser],
) -> Iterator[SlackAccount]:
    """Yield the accounts of people whose address Slack doesn't show, or shows another of, as they are now."""
    user_of = {account.person: account.user for account in known}
    by_id = {user.id: user for user in users}
    for person in people:
        user = by_id.get(user_of.get(person.id, ""))
        if user is not None:
            yield user.of(person.id)


def _zone(name: object) -> str | None:
    if not isinstance(name, str) or not name:
        return None
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        return None
