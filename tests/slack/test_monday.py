"""How a thousand messages that fall due at once get to their people within Slack's limits, and who goes first."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from monday import REMINDER, RIGHT, Morning, morning
from slack_fakes import MemoryDeliveries

from bot.slack.delivery import Delivery

POST, UPDATE = "chat.postMessage", "chat.update"


def all_said_once(seen: Morning) -> bool:
    return {key: len(times) for key, times in seen.slack.said.items()} == dict.fromkeys(seen.rows.rows, 1)


@pytest.mark.parametrize(("messages", "per_minute"), [(1000, RIGHT), (300, 60), (1000, 525)])
def test_a_morning_is_said_within_a_tenth_of_the_floor_and_never_refused(messages: int, per_minute: int) -> None:
    seen = morning(messages, allowed={POST: per_minute}, budget={POST: per_minute})
    assert all_said_once(seen)
    assert not seen.slack.refused
    assert seen.seconds <= 1.1 * messages * 60 / per_minute


def test_one_persons_many_messages_come_no_closer_than_a_second_and_others_do_not_wait_for_them() -> None:
    seen = morning(40, people=2, allowed={POST: RIGHT}, budget={POST: RIGHT})
    assert all_said_once(seen)
    assert not seen.slack.refused
    assert seen.seconds <= 30


@pytest.mark.parametrize("budget", [330, 600, 6000])
def test_a_budget_above_what_slack_allows_is_corrected_by_its_rests(budget: int) -> None:
    seen = morning(500, allowed={POST: RIGHT}, budget={POST: budget})
    assert all_said_once(seen)
    assert seen.slack.refused[POST] > 0
    assert seen.slack.impatient == 0


@pytest.mark.parametrize("number", [1, 12])
def test_answers_overtake_the_batch(number: int) -> None:
    asked_at = 60.0

    async def people_click(rows: MemoryDeliveries, delivery: Delivery) -> None:
        await asyncio.sleep(asked_at)
        for answer in range(number):
            rows.put(f"approval:{answer}", REMINDER, user=f"M{answer}", urgent=True)
        delivery.wake()

    seen = morning(500, allowed={POST: RIGHT}, budget={POST: RIGHT}, meanwhile=people_click)
    assert all_said_once(seen)
    answered = [seen.slack.said[f"approval:{answer}"][0] - asked_at for answer in range(number)]
    still_waiting = sum(times[0] > max(answered) + asked_at for times in seen.slack.said.values())
    assert still_waiting > 150
    assert max(answered) <= 2.5 + 60 * number / RIGHT


@pytest.mark.parametrize("per_minute", [100, 30, 10])
def test_answers_overtake_the_batch_also_where_replicas_share_a_budget(per_minute: int) -> None:
    """What is under way keeps its turn, so no more is begun than has its turn in a moment."""
    asked_at = 60.0

    async def somebody_clicks(rows: MemoryDeliveries, delivery: Delivery) -> None:
        await asyncio.sleep(asked_at)
        rows.put("approval:1", REMINDER, user="M1", urgent=True)
        delivery.wake()

    allowed = {POST: per_minute}
    seen = morning(3 * per_minute, allowed=allowed, budget=allowed, meanwhile=somebody_clicks)
    assert all_said_once(seen)
    assert not seen.slack.refused
    assert seen.slack.said["approval:1"][0] - asked_at <= 3 + 2 * 60 / per_minute


def test_many_rewritten_messages_leave_the_batch_its_own_budget() -> None:
    """Rewriting has a small budget of its own: who waits for it must not keep those from being sent who don't."""

    async def people_click(rows: MemoryDeliveries, delivery: Delivery) -> None:
        for number in range(100):
            key = f"fork:{number}"
            row = rows.put(key, REMINDER, user=f"F{number}", urgent=True)
            row.claimed = replace(row.claimed, channel=f"DF{number}", ts="1.0")
        delivery.wake()

    seen = morning(500, allowed={POST: RIGHT}, budget={POST: RIGHT}, meanwhile=people_click)
    assert len(seen.slack.rewritten) == 100
    assert not seen.slack.refused
    assert max(times[0] for times in seen.slack.said.values()) <= 1.15 * 500 * 60 / RIGHT
