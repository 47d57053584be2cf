"""A form opens whatever breaks on the way to Slack, or the person is told that it didn't."""

from __future__ import annotations

from typing import Any

import pytest
from world import OTHER_REP, REP, World, a_world, buttons

from bot.coaching.commitment import GoalState
from bot.sandbox import (
    Fault,
    dropped_after_accepting,
    dropped_before_accepting,
    fatal_after_posting,
    rate_limited,
    refused,
    slow,
)
from bot.views.ids import ActionId, CallbackId

OPENS: dict[str, Fault] = {
    "slow": slow(0.5),
    "dropped_before": dropped_before_accepting(),
    "dropped_after": dropped_after_accepting(),
    "fatal_error_before": refused("fatal_error"),
    "fatal_error_after": fatal_after_posting(),
    "500_after": fatal_after_posting("internal_error", status=500),
    "503_before": refused("service_unavailable", status=503),
}
OPENS_NOT: dict[str, Fault] = {
    "429": rate_limited(1),
    "too_late": refused("expired_trigger_id"),
    "token_revoked": refused("token_revoked"),
}


@pytest.mark.parametrize("fault", sorted(OPENS))
async def test_what_breaks_once_still_opens_one_form(sqlite_url: str, fault: str) -> None:
    async with a_world(sqlite_url) as world:
        fork = (await world.to_forks())[0]
        world.sandbox.faults.next("views.open", OPENS[fault])
        outcome = await world.press(REP, fork, ActionId.FORK_NOT_NOW)
        assert (outcome.acked, outcome.problem) == (True, "")
        assert len(world.sandbox.workspace.views.stack(REP)) == 1


@pytest.mark.parametrize("fault", sorted(OPENS_NOT))
async def test_a_form_that_does_not_open_has_no_receipt_and_opens_the_next_time(sqlite_url: str, fault: str) -> None:
    async with a_world(sqlite_url) as world:
        fork = (await world.to_forks())[0]
        world.sandbox.faults.next("views.open", OPENS_NOT[fault])
        outcome = await world.press(REP, fork, ActionId.FORK_NOT_NOW)
        assert not outcome.acked
        assert outcome.problem, "Slack says to the person that it failed"
        assert (await world.press(REP, fork, ActionId.FORK_NOT_NOW)).acked
        assert world.sandbox.open_view(REP) is not None


async def test_a_refusal_that_can_not_be_shown_has_no_receipt_either(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        fork = (await world.to_forks())[0]
        world.sandbox.faults.next("views.open", rate_limited(1))
        assert not (
            await world.press_unseen(OTHER_REP, ActionId.FORK_YES, buttons(fork, ActionId.FORK_YES)[0]["value"])
        ).acked
        assert not await world.goals(GoalState.ACCEPTED)


async def test_slack_that_breaks_twice_in_a_row_is_not_asked_a_third_time(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        fork = (await world.to_forks())[0]
        world.sandbox.faults.next("views.open", dropped_before_accepting(), times=2)
        assert not (await world.press(REP, fork, ActionId.FORK_NOT_NOW)).acked
        assert world.sandbox.open_view(REP) is None


@pytest.mark.parametrize("fault", ["dropped_before", "dropped_after", "fatal_error_before", "503_before"])
async def test_what_breaks_once_still_puts_one_form_over_the_modal_that_was_clicked_in(
    sqlite_url: str, fault: str
) -> None:
    async with a_world(sqlite_url) as world:
        whole = await whole_agenda(world)
        world.sandbox.faults.next("views.push", OPENS[fault])
        deal = buttons(whole, ActionId.EVIDENCE_RECORD)[0]["value"]
        outcome = await world.sandbox.click_in_view(REP, whole["id"], ActionId.EVIDENCE_RECORD, deal)
        assert (outcome.acked, outcome.problem) == (True, "")
        shown = world.sandbox.workspace.views.stack(REP)
        assert [one.definition["callback_id"] for one in shown] == [CallbackId.PRE_READ_WHOLE, CallbackId.EVIDENCE]


async def test_a_form_that_does_not_come_over_a_modal_has_no_receipt_and_leaves_the_modal(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        whole = await whole_agenda(world)
        world.sandbox.faults.next("views.push", refused("push_limit_reached"))
        deal = buttons(whole, ActionId.EVIDENCE_RECORD)[0]["value"]
        outcome = await world.sandbox.click_in_view(REP, whole["id"], ActionId.EVIDENCE_RECORD, deal)
        assert not outcome.acked
        assert len(world.sandbox.workspace.views.stack(REP)) == 1


async def whole_agenda(world: World) -> dict[str, Any]:
    """Let the rep open the whole agenda, and return it."""
    await world.press(REP, await world.until(REP, ActionId.PRE_READ_WHOLE), ActionId.PRE_READ_WHOLE)
    view = world.sandbox.open_view(REP)
    assert view is not None
    return view
