"""The settings, read once from the environment into one frozen object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.calendars.public_holidays import known_country
from bot.coaching.records import WorkingHours
from bot.coaching.rhythm.closed_days import ClosedDays, read_closed_days
from bot.errors import ConfigurationError
from bot.storage.engine import parse_url

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORTEST_DAY = 3
PREFIX = "CADENCE_"
_SIGNS = r"[!-~]+"
"""What a header can carry: a line break or the dots of our own examples is no part of a token."""


class Settings(BaseSettings):
    """Everything that can be set. Slack's own variables keep the names people know; the rest begin with CADENCE_."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix=PREFIX)

    slack_bot_token: SecretStr | None = Field(None, validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr | None = Field(None, validation_alias="SLACK_SIGNING_SECRET")
    slack_api_url: str = Field("https://slack.com/api/", validation_alias="SLACK_API_URL")
    database_url: str = Field("sqlite+aiosqlite:///cadence.sqlite3", repr=False)  # it may hold a password
    playbook: Path | None = None
    transport: Literal["socket", "http"] = "socket"
    host: str = "127.0.0.1"
    port: int = Field(3000, ge=0, le=65535)
    calendar_url: str | None = None
    health_port: int = Field(8080, ge=0, le=65535)
    health_host: str = "127.0.0.1"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    tick_seconds: float = Field(1.0, gt=0, le=60)
    socket_connections: int = Field(2, ge=1, le=10)
    sends_in_flight: int = Field(8, ge=1, le=64)
    messages_per_minute: int = Field(300, ge=1, le=6000)
    secret_keys: SecretStr | None = None
    sync_minutes: int = Field(30, ge=5, le=1440)
    messages_a_week: int = Field(7, ge=1, le=100)
    calendar_minutes: int = Field(5, ge=1, le=60)
    keep_days: int = Field(400, ge=31, le=36500)
    country: str | None = None
    admins: Annotated[frozenset[str] | None, NoDecode] = None
    closed_days: Annotated[ClosedDays | None, NoDecode] = None
    hours_days: Annotated[tuple[int, ...], NoDecode] = (1, 2, 3)
    hours_opens: time = time(9)
    hours_closes: time = time(17)
    meeting_minutes: Literal[30, 45, 60] = 30

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings hands over all by name
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what ``load`` hands over and nothing from anywhere else."""
        return (init_settings,)

    @field_validator("slack_api_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError("must be a web address such as https://slack.com/api/")
        return value if value.endswith("/") else f"{value}/"

    @field_validator("calendar_url")
    @classmethod
    def _is_public_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^/?#\s]+(/[^?#\s]*)?", value):
            raise ValueError("must be a web address such as https://cadence.example.com")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: str) -> str:
        try:
            return parse_url(value).render_as_string(hide_password=False)
        except ConfigurationError as error:
            raise ValueError(str(error)) from error

    @field_validator("country")
    @classmethod
    def _is_country(cls, value: str | None) -> str | None:
        if value is not None and not known_country(value):
            raise ValueError("must be a country such as US, US-CA or DE-BY")
        return value

    @field_validator("admins", mode="before")
    @classmethod
    def _reads_addresses(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        addresses = frozenset(one.strip().lower() for one in value.split(",") if one.strip())
        if not all(re.fullmatch(r"[^@\s]+@[^@\s]+", one) for one in addresses):
            raise ValueError("must be e-mail addresses such as ann@example.com, divided by commas")
        return addresses

    @field_validator("closed_days", mode="before")
    @classmethod
    def _reads_closed_days(cls, value: object) -> object:
        return read_closed_days(value) if isinstance(value, str) else value

    @field_validator("hours_days", mode="before")
    @classmethod
    def _reads_weekdays(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        given = [day.strip().lower() for day in value.split(",") if day.strip()]
        found = [place for one in given for place, day in enumerate(WEEKDAYS) if _is_short_for(one, day)]
        if not given or len(found) < len(given):
            raise ValueError("must be weekdays such as tue,wed,thu")
        return tuple(sorted(set(found)))

    @field_validator("hours_opens", "hours_closes", mode="before")
    @classmethod
    def _reads_wall_time(cls, value: object) -> object:
        # Left alone, pydantic takes "9" for nine seconds past midnight.
        if not isinstance(value, str):
            return value
        if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
            raise ValueError("must be a time such as 09:00")
        hour, minute = value.split(":")
        return time(int(hour), int(minute))

    @field_validator("meeting_minutes", mode="before")
    @classmethod
    def _reads_minutes(cls, value: object) -> object:
        return int(value) if isinstance(value, str) and value.isdecimal() else value

    @property
    def playbook_path(self) -> Path | None:
        """Return where the company's playbook is; None is the one that comes with Cadence."""
        return self.playbook

    @property
    def working_hours(self) -> WorkingHours:
        """Return when managers hold 1:1s, unless one has hours of their own."""
        return WorkingHours(self.hours_days, self.hours_opens, self.hours_closes, self.meeting_minutes)

    def vault_keys(self) -> tuple[str, ...]:
        """Return the keys that seal the secrets of sources, the newest first."""
        given = "" if self.secret_keys is None else self.secret_keys.get_secret_value()
        return tuple(key.strip() for key in given.split(",") if key.strip())

    def bot_token(self) -> str:
        return "" if self.slack_bot_token is None else self.slack_bot_token.get_secret_value()

    def app_token(self) -> str:
        return "" if self.slack_app_token is None else self.slack_app_token.get_secret_value()

    def signing_secret(self) -> str:
        return "" if self.slack_signing_secret is None else self.slack_signing_secret.get_secret_value()


def load(environment: Mapping[str, str], *, need_slack: bool) -> Settings:
    """Read the settings from environment variables; an empty one is as good as none.

    ``need_slack`` asks for the tokens that the transport needs. Raises ConfigurationError with a line for every
    problem at once; no value is ever printed, for any may be a secret pasted into the wrong place.
    """
    names = {variable(field): field for field in Settings.model_fields}
    given = {name: value.strip() for name, value in environment.items() if name in names and value.strip()}
    problems = [  # no words: a running bot has its settings, so these are the command line's
        f"{name} isn't a setting: remove it or correct its spelling. docs/settings.md lists all of them."
        for name in sorted(environment)
        if name.startswith(PREFIX) and name not in names
    ]
    settings = None
    try:
        settings = Settings.model_validate({_argument(names[name]): value for name, value in given.items()})
    except ValidationError as error:
        problems += [_problem(fault["loc"][0], fault["msg"]) for fault in error.errors(include_input=False)]
    else:
        problems += _hours_problems(settings)
    if need_slack:
        problems += _slack_problems(given)
    if problems or settings is None:
        lines = ("These settings can't be used:", *(f"  {line}" for line in problems))  # no words: of the command line
        raise ConfigurationError("\n".join(lines))
    return settings


def variable(field: str) -> str:
    """Return the environment variable of a field of ``Settings``."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"{PREFIX}{field.upper()}"


def _is_short_for(written: str, day: str) -> bool:
    return len(written) >= SHORTEST_DAY and day.startswith(written)


def _argument(field: str) -> str:
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else field


def _problem(place: int | str, message: str) -> str:
    name = str(place)
    said = message.removeprefix("Value error, ")  # no words: pydantic's
    return f"{name if name.isupper() else variable(name)}: {said[:1].lower()}{said[1:]}"


def _hours_problems(settings: Settings) -> list[str]:
    opens, closes = (datetime.combine(date.min, at) for at in (settings.hours_opens, settings.hours_closes))
    if opens + timedelta(minutes=settings.meeting_minutes) <= closes:
        return []
    return [  # no words: of the command line
        "CADENCE_HOURS_CLOSES: no 1:1 fits after CADENCE_HOURS_OPENS: close later or lower CADENCE_MEETING_MINUTES."
    ]


def _slack_problems(given: Mapping[str, str]) -> list[str]:
    problems = []
    if not re.fullmatch(rf"xoxb-{_SIGNS}", given.get("SLACK_BOT_TOKEN", "")):
        problems.append(  # no words: of the command line
            "SLACK_BOT_TOKEN must be the bot token (xoxb-...): install the app, then see OAuth & Permissions.",
        )
    if given.get("CADENCE_TRANSPORT") == "http":
        if not given.get("SLACK_SIGNING_SECRET"):
            problems.append(  # no words: of the command line
                "SLACK_SIGNING_SECRET is needed for HTTP: Slack shows it under Basic Information."
            )
    elif not re.fullmatch(rf"xapp-{_SIGNS}", given.get("SLACK_APP_TOKEN", "")):
        problems.append(  # no words: of the command line
            "SLACK_APP_TOKEN must be an app-level token (xapp-...) with the scope connections:write: "
            "make one under Basic Information.",
        )
    return problems
