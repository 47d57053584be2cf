"""No method is asked more often than Slack allows, and a rest Slack asks for is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.pace import CHANNEL_SECONDS, FORGET_ABOVE, PER_MINUTE, Pace, burst


class Watch:
    """A monotonic clock that stands still until moved."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@given(
    rate=st.integers(min_value=1, max_value=600),
    pauses=st.lists(st.floats(min_value=0, max_value=30), min_size=1, max_size=80),
)
def test_no_minute_has_more_calls_than_the_rate_wherever_it_begins(rate: int, pauses: list[float]) -> None:
    watch = Watch()
    pace = Pace({"m": rate}, now=watch)
    starts = []
    for pause in pauses:
        watch.seconds += pause
        starts += [watch.seconds + pace.reserve("m") for _ in range(1 + rate // 20)]
    assert starts == sorted(starts)
    assert all(later - first > 60 for first, later in zip(starts, starts[rate:], strict=False))


@pytest.mark.parametrize("rate", [1, 50, 300, 6000])
def test_after_a_rest_a_few_go_at_once(rate: int) -> None:
    pace = Pace({"m": rate}, now=Watch())
    waits = [pace.reserve("m") for _ in range(burst(rate) + 2)]
    assert [wait < 1e-6 for wait in waits] == [True] * (burst(rate) + 1) + [False]


def test_one_channel_gets_less_than_a_message_a_second_and_others_do_not_wait() -> None:
    pace = Pace({}, now=Watch())
    assert [pace.reserve("chat.postMessage", "D1") for _ in range(3)] == [0, CHANNEL_SECONDS, 2 * CHANNEL_SECONDS]
    assert CHANNEL_SECONDS > 1
    assert pace.reserve("chat.postMessage", "D2") == 0


def test_a_morning_of_a_thousand_is_sent_at_the_rate() -> None:
    watch = Watch()
    pace = Pace(now=watch)
    waits = [pace.reserve("chat.postMessage", f"D{number}") for number in range(1000)]
    floor = 1000 / PER_MINUTE["chat.postMessage"] * 60
    assert floor <= waits[-1] <= floor * 1.1


def test_a_rest_holds_its_method_only() -> None:
    watch = Watch()
    pace = Pace.off(now=watch)
    pace.hold("chat.postMessage", 30)
    assert pace.reserve("chat.postMessage", "D1") == 30
    assert pace.is_held("chat.postMessage")
    assert pace.reserve("chat.update") == 0
    watch.seconds += 31
    assert not pace.is_held("chat.postMessage")
    assert pace.reserve("chat.postMessage", "D2") == 0


def test_a_shorter_rest_does_not_end_a_longer_one() -> None:
    pace = Pace.off(now=Watch())
    pace.hold("m", 30)
    pace.hold("m", 5)
    assert pace.reserve("m") == 30


def test_a_wait_beyond_patience_books_nothing() -> None:
    pace = Pace({"m": 60}, channel_interval=10, now=Watch())
    pace.reserve("m", "D1")
    for _ in range(5):
        assert pace.reserve("m", "D1", patience=5) == 10
    assert pace.reserve("m", "D1", patience=10) == 10


def test_switched_off_it_never_waits() -> None:
    pace = Pace.off(now=Watch())
    assert {pace.reserve("chat.postMessage", "D1") for _ in range(1000)} == {0}


def test_channels_of_the_past_are_forgotten() -> None:
    watch = Watch()
    pace = Pace({}, now=watch)
    for number in range(FORGET_ABOVE + 10):
        pace.reserve("m", f"D{number}")
        watch.seconds += 2
    assert len(pace._channel_free) < FORGET_ABOVE


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "conversations.open", "conversations.history"])
def test_every_method_of_delivery_has_a_budget(method: str) -> None:
    assert PER_MINUTE[method] > 0
