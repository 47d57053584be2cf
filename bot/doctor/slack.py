"""What the doctor finds of Slack."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SystemClock
from bot.coaching.said import joined, listed, say
from bot.config import Settings
from bot.doctor.people import people
from bot.services.ports.checkups import Finding
from bot.slack import directory
from bot.slack.client import open_session, web_client
from bot.slack.errors import FAILURES, SlackFailureError, failure
from bot.slack.manifest import SCOPES
from bot.storage.engine import connect

SLACK = "Slack"  # no words: a name
DATE = "Date"  # no words: a header
CLOCKS_APART = timedelta(seconds=60)
"""So far the look into a history reaches back before an attempt."""


async def slack(settings: Settings, *, with_people: bool) -> list[Finding]:
    """Say whether the tokens work and the clocks agree, and who is found there if the database can be asked."""
    async with open_session() as session:
        client = web_client(settings.bot_token(), settings.slack_api_url, session)
        findings = [await _bot_token(client)]
        if with_people and findings[0].good:
            findings.append(await _clocks(settings, client))
        if settings.transport == "socket":
            findings.append(await _app_token(client, settings.app_token()))
        if not with_people or not findings[0].good:
            return findings
        try:
            users = [user async for user in directory.users(client)]
        except SlackFailureError as error:
            return [*findings, Finding(say("people"), good=False, sentence=joined((str(error), error.remedy)))]
    return [*findings, await people(settings, users)]


async def _bot_token(client: AsyncWebClient) -> Finding:
    try:
        answer = await client.auth_test()
    except FAILURES as error:
        return Finding(
            SLACK,
            good=False,
            sentence=say(
                "refused or not reached ({code}): check SLACK_BOT_TOKEN and SLACK_API_URL", code=failure(error).code
            ),
        )
    granted = set(str(answer.headers.get("x-oauth-scopes", "")).replace(" ", "").split(","))
    missing = sorted(set(SCOPES) - granted)
    if missing:
        return Finding(
            SLACK,
            good=False,
            sentence=say(
                "scopes are missing: {scopes}. Update the app from `cadence manifest` and install it to the workspace "
                "again",
                scopes=", ".join(missing),
            ),
        )
    return Finding(SLACK, good=True, sentence=say("connected to {team} with all scopes", team=str(answer.get("team"))))


async def _clocks(settings: Settings, client: AsyncWebClient) -> Finding:
    """Compare: whether something was said already is looked up by when, on the database's clock and on Slack's."""
    database = connect(settings.database_url)
    try:
        by_database = await database.now()
    finally:
        await database.dispose()
    machine = SystemClock().now()
    off: dict[str, timedelta] = {say("the database's"): by_database - machine}
    stamp = str((await client.auth_test()).headers.get(DATE, ""))
    machine = SystemClock().now()
    if stamp:
        off[say("Slack's")] = parsedate_to_datetime(stamp) - machine
    wrong = [
        say("{whose} is {n} seconds ahead", whose=whose, n=round(by.total_seconds()))
        if by > timedelta()
        else say("{whose} is {n} seconds behind", whose=whose, n=round(-by.total_seconds()))
        for whose, by in off.items()
        if abs(by) > CLOCKS_APART
    ]
    if wrong:
        return Finding(
            say("clocks"),
            good=False,
            sentence=say(
                "beside this machine's, {wrong}: a message might be said twice. Let all of them follow the same time "
                "(NTP)",
                wrong=listed(wrong),
            ),
        )
    return Finding(say("clocks"), good=True, sentence=say("this machine's, {others} agree", others=listed(tuple(off))))


async def _app_token(client: AsyncWebClient, token: str) -> Finding:
    """Ask for a socket's address without going there: that needs the token to be right and Socket Mode to be on."""
    try:
        await client.apps_connections_open(app_token=token)
    except FAILURES as error:
        return Finding(
            say("Slack socket"),
            good=False,
            sentence=say(
                "refused or not reached ({code}): SLACK_APP_TOKEN must be an app-level token (xapp-...) of this app "
                "with the scope connections:write, and Socket Mode must be on",
                code=failure(error).code,
            ),
        )
    return Finding(say("Slack socket"), good=True, sentence=say("the app-level token opens one"))
