"""What time it is, for the bot and for those who try it out."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.clock import ManualClock, SpedClock, SystemClock, is_loopback
from bot.errors import ConfigurationError

START = datetime(2017, 10, 2, 13, tzinfo=UTC)


def test_the_systems_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_manual_clock_moves_when_told_and_only_forward() -> None:
    clock = ManualClock(START.astimezone(timezone(timedelta(hours=2))))
    assert (clock.now(), clock.now().tzinfo) == (START, UTC)
    clock.move_to(START)
    clock.move_to(START + timedelta(days=1))
    with pytest.raises(ValueError, match="never goes back"):
        clock.move_to(START)
    assert clock.now() == START + timedelta(days=1)


def test_a_sped_clock_runs_ahead_of_the_real_one_and_never_back(monkeypatch: pytest.MonkeyPatch) -> None:
    real = iter((100.0, 100.0, 100.5, 102.0))
    monkeypatch.setattr("bot.clock.time.monotonic", lambda: next(real))
    clock = SpedClock(START, speed=3600)
    assert [clock.now() - START for _ in range(3)] == [timedelta(0), timedelta(minutes=30), timedelta(hours=2)]


@pytest.mark.parametrize("speed", [0, -1, float("nan"), float("inf")])
def test_a_speed_without_a_sense_is_refused(speed: float) -> None:
    with pytest.raises(ConfigurationError, match="above 0"):
        SpedClock(START, speed)


def test_a_start_without_a_zone_is_refused() -> None:
    naive = START.replace(tzinfo=None)
    for make in (ManualClock, lambda start: SpedClock(start, 1)):
        with pytest.raises(ValueError, match="zone"):
            make(naive)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000/api/",
        "http://LOCALHOST/",
        "http://127.0.0.1/api/",
        "http://127.8.9.1:1/",
        "http://[::1]:9/",
    ],
)
def test_this_machine_is_loopback(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://slack.com/api/",
        "http://localhost.example.com/",
        "http://127.0.0.1.example.com/",
        "http://localhost@example.com/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://[::1",
        "localhost:80",
        "",
    ],
)
def test_any_other_host_is_not(url: str) -> None:
    assert not is_loopback(url)
