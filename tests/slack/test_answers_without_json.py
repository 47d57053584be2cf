"""What answers in Slack's place may be a proxy, with something that is no JSON: whoever waits is told all the same."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_fakes import Fault

from bot.errors import UserError
from bot.slack.files import NOT_TAKEN, SlackFiles
from handlers.replies import open_modal, renew_modal

TEXTS = [("text/plain", "upstream connect error"), ("application/json", "<html>"), ("text/html", "<html>")]


def answered(status: int, text: tuple[str, str]) -> Fault:
    return Fault(does=False, status=status, text=text)


@pytest.mark.parametrize("text", TEXTS)
async def test_who_wanted_a_file_is_told_that_it_was_not_taken(slack, client, text) -> None:
    told = list[UserError]()

    async def refused(error: UserError) -> None:
        told.append(error)

    slack.break_next("conversations.open", answered(503, text))
    files = SlackFiles(client)
    files.give("U1", "next.ics", b"BEGIN", "Here it is.", refused)
    assert await files.work_off() == 1
    assert [str(error) for error in told] == [NOT_TAKEN]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("status", [403, 503])
async def test_a_form_that_a_proxy_refused_is_known_not_to_be_open(slack, client, text, status) -> None:
    slack.break_next("views.open", *[answered(status, text)] * 2)
    assert not await open_modal(client, "trigger", {"type": "modal"})


@pytest.mark.parametrize("text", TEXTS)
async def test_what_lies_under_a_form_costs_the_form_nothing(slack, client, text) -> None:
    slack.break_next("views.update", answered(503, text))

    async def view() -> dict[str, Any]:
        return await asyncio.sleep(0, {"type": "modal"})

    await renew_modal(client, "V1", view())
    assert len(slack.made("views.update")) == 1
