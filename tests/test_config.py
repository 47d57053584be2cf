"""Which settings there are, and what a bad one says."""

from datetime import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.coaching.records import WorkingHours
from bot.config import Settings, load, variable
from bot.errors import ConfigurationError

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-secret-1", "SLACK_APP_TOKEN": "xapp-secret-2"}


def problems(environment: dict[str, str], *, need_slack: bool = False) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        load(environment, need_slack=need_slack)
    heading, *lines = str(refused.value).splitlines()
    assert heading == "These settings can't be used:"
    return [line.strip() for line in lines]


def test_nothing_has_to_be_set_to_work_without_slack() -> None:
    settings = load({}, need_slack=False)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url == "sqlite+aiosqlite:///cadence.sqlite3"
    assert settings.playbook_path is None
    assert settings.working_hours == WorkingHours((1, 2, 3), time(9), time(17), 30)
    assert (settings.transport, settings.port, settings.health_port) == ("socket", 3000, 8080)
    assert (settings.bot_token(), settings.app_token(), settings.signing_secret()) == ("", "", "")


def test_every_setting_is_read() -> None:
    settings = load(
        {
            **TOKENS,
            "SLACK_SIGNING_SECRET": "secret-3",
            "SLACK_API_URL": "http://localhost:9/api",
            "CADENCE_DATABASE_URL": "sqlite:///x.sqlite3",
            "CADENCE_PLAYBOOK": "our/playbook.toml",
            "CADENCE_TRANSPORT": "http",
            "CADENCE_PORT": "3001",
            "CADENCE_HEALTH_PORT": "0",
            "CADENCE_LOG_LEVEL": "DEBUG",
            "CADENCE_TICK_SECONDS": "0.5",
            "CADENCE_SENDS_IN_FLIGHT": "4",
            "CADENCE_MESSAGES_PER_MINUTE": "60",
            "CADENCE_COUNTRY": "DE-BY",
            "CADENCE_HOURS_DAYS": "Friday, mon",
            "CADENCE_HOURS_OPENS": "8:30",
            "CADENCE_HOURS_CLOSES": "12:00",
            "CADENCE_MEETING_MINUTES": "45",
            "PATH": "/bin",
        },
        need_slack=True,
    )
    assert settings.playbook_path == Path("our/playbook.toml")
    assert settings.slack_api_url == "http://localhost:9/api/"
    assert settings.working_hours == WorkingHours((0, 4), time(8, 30), time(12), 45)
    assert (settings.bot_token(), settings.app_token()) == ("xoxb-secret-1", "xapp-secret-2")
    assert settings.signing_secret() == "secret-3"
    assert (settings.transport, settings.port, settings.health_port) == ("http", 3001, 0)
    assert (settings.tick_seconds, settings.sends_in_flight, settings.messages_per_minute) == (0.5, 4, 60)
    assert (settings.country, settings.log_level) == ("DE-BY", "DEBUG")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sqlite:///cadence.sqlite3", "sqlite+aiosqlite:///cadence.sqlite3"),
        ("sqlite+aiosqlite:////data/cadence.sqlite3", "sqlite+aiosqlite:////data/cadence.sqlite3"),
        ("postgresql://u:p%40ss@db:5432/cadence", "postgresql+psycopg://u:p%40ss@db:5432/cadence"),
        ("postgres://u@db/cadence", "postgresql+psycopg://u@db/cadence"),
    ],
)
def test_a_database_may_be_spelled_without_its_driver(written: str, meant: str) -> None:
    assert load({"CADENCE_DATABASE_URL": written}, need_slack=False).database_url == meant


@pytest.mark.parametrize("url", ["mysql://u:hunter2@db/x", "sqlite://", "cadence.sqlite3", "postgresql"])
def test_another_database_is_refused(url: str) -> None:
    (line,) = problems({"CADENCE_DATABASE_URL": url})
    assert line.startswith("CADENCE_DATABASE_URL: ")
    assert "sqlite:///cadence.sqlite3" in line
    assert "hunter2" not in line


def test_a_refusal_names_every_problem_at_once_a_line_each_with_its_setting() -> None:
    lines = problems(
        {
            "SLACK_BOT_TOKEN": "xoxp-wrong",
            "SLACK_API_URL": "slack.com",
            "CADENCE_DATABASE_URL": "oracle://db",
            "CADENCE_TRANSPORT": "carrier pigeon",
            "CADENCE_PORT": "http",
            "CADENCE_HEALTH_PORT": "70000",
            "CADENCE_LOG_LEVEL": "LOUD",
            "CADENCE_TICK_SECONDS": "0",
            "CADENCE_SENDS_IN_FLIGHT": "0",
            "CADENCE_MESSAGES_PER_MINUTE": "many",
            "CADENCE_COUNTRY": "Atlantis",
            "CADENCE_HOURS_DAYS": "tue,whenever",
            "CADENCE_HOURS_OPENS": "9",
            "CADENCE_HOURS_CLOSES": "25:00",
            "CADENCE_MEETING_MINUTES": "20",
            "CADENCE_PLAYBOK": "typo.toml",
        },
        need_slack=True,
    )
    named = [line.split(":")[0].split(" ")[0] for line in lines]
    assert sorted(named) == sorted(
        {
            "SLACK_BOT_TOKEN",
            "SLACK_APP_TOKEN",
            "SLACK_API_URL",
            "CADENCE_DATABASE_URL",
            "CADENCE_TRANSPORT",
            "CADENCE_PORT",
            "CADENCE_HEALTH_PORT",
            "CADENCE_LOG_LEVEL",
            "CADENCE_TICK_SECONDS",
            "CADENCE_SENDS_IN_FLIGHT",
            "CADENCE_MESSAGES_PER_MINUTE",
            "CADENCE_COUNTRY",
            "CADENCE_HOURS_DAYS",
            "CADENCE_HOURS_OPENS",
            "CADENCE_HOURS_CLOSES",
            "CADENCE_MEETING_MINUTES",
            "CADENCE_PLAYBOK",
        },
    )


def test_no_value_is_printed_wherever_a_secret_was_pasted() -> None:
    secret = "hunter2-hunter2"  # noqa: S105 - the point of the test
    wrong = {variable(field): secret for field in Settings.model_fields}
    assert all(secret not in line for line in problems(wrong, need_slack=True))
    settings = load({**TOKENS, "CADENCE_DATABASE_URL": f"postgresql://u:{secret}@db/x"}, need_slack=True)
    assert "secret-1" not in repr(settings)
    assert secret not in repr(settings)


def test_the_socket_needs_an_app_token_and_http_a_signing_secret() -> None:
    bot = {"SLACK_BOT_TOKEN": "xoxb-1"}
    assert [line.split(" ")[0] for line in problems(bot, need_slack=True)] == ["SLACK_APP_TOKEN"]
    over_http = {**bot, "CADENCE_TRANSPORT": "http"}
    assert [line.split(" ")[0] for line in problems(over_http, need_slack=True)] == ["SLACK_SIGNING_SECRET"]
    assert load({**over_http, "SLACK_SIGNING_SECRET": "s"}, need_slack=True).app_token() == ""


@pytest.mark.parametrize("rest", ["", "…", "ab\ncd", "ab cd", "ab\x07"])
def test_a_token_that_no_request_can_carry_is_refused(rest: str) -> None:
    tokens = {"SLACK_BOT_TOKEN": f"xoxb-{rest}", "SLACK_APP_TOKEN": f"xapp-{rest}"}
    assert [line.split(" ")[0] for line in problems(tokens, need_slack=True)] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]


@pytest.mark.parametrize("days", ["monkey", "tue,wedding", "tu", "mon-fri", ","])
def test_a_word_that_is_no_weekday_is_refused(days: str) -> None:
    assert problems({"CADENCE_HOURS_DAYS": days}) == ["CADENCE_HOURS_DAYS: must be weekdays such as tue,wed,thu"]


def test_weekdays_may_be_short_or_whole() -> None:
    settings = load({"CADENCE_HOURS_DAYS": "Thursday, tues,WED,thu"}, need_slack=False)
    assert settings.hours_days == (1, 2, 3)


def test_a_digit_that_is_no_number_is_refused_in_our_words() -> None:
    assert problems({"CADENCE_MEETING_MINUTES": "²"}) == ["CADENCE_MEETING_MINUTES: input should be 30, 45 or 60"]


def test_a_value_may_be_empty_or_have_blanks_around_it() -> None:
    settings = load({"SLACK_BOT_TOKEN": " xoxb-1\n", "CADENCE_PLAYBOOK": "", "CADENCE_PORT": " "}, need_slack=False)
    assert (settings.bot_token(), settings.playbook_path, settings.port) == ("xoxb-1", None, 3000)


def test_hours_have_to_hold_a_one_to_one() -> None:
    hours = {"CADENCE_HOURS_OPENS": "09:00", "CADENCE_MEETING_MINUTES": "60"}
    assert load({**hours, "CADENCE_HOURS_CLOSES": "10:00"}, need_slack=False).hours_closes == time(10)
    assert problems({**hours, "CADENCE_HOURS_CLOSES": "09:59"})[0].startswith("CADENCE_HOURS_CLOSES: no 1:1 fits")


def test_settings_are_read_from_what_is_handed_over_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CADENCE_PORT", "1")
    assert load({}, need_slack=False).port == 3000


def test_settings_never_change() -> None:
    settings = load({}, need_slack=False)
    with pytest.raises(ValidationError):
        settings.port = 1


def test_closed_days_that_cant_be_read_say_how_they_are_written() -> None:
    (line,) = problems({"CADENCE_CLOSED_DAYS": "Christmas"})
    assert line.startswith("CADENCE_CLOSED_DAYS: must be days such as 2026-12-24")
    assert load({"CADENCE_CLOSED_DAYS": "12-24..01-02"}, need_slack=False).closed_days is not None


def test_admins_are_addresses_whatever_their_capitals() -> None:
    chosen = load({"CADENCE_ADMINS": "Ann@Example.com, bob@example.com,"}, need_slack=False)
    assert chosen.admins == {"ann@example.com", "bob@example.com"}
    (line,) = problems({"CADENCE_ADMINS": "Ann"})
    assert line.startswith("CADENCE_ADMINS: must be e-mail addresses")
