"""Slack's schema takes the manifest, and it asks for what the bot needs and no more."""

from __future__ import annotations

import pytest

from bot.slack.manifest import manifest

URL = "https://bot.example.com/slack/events"


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_every_text_is_within_slacks_limits(transport) -> None:
    made = manifest(transport, URL)
    shown = made["display_information"]
    assert 1 <= len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert len(made["features"]["bot_user"]["display_name"]) <= 80
    commands = made["features"]["slash_commands"]
    assert len(commands) <= 5
    for command in commands:
        assert command["command"].startswith("/")
        assert len(command["command"]) <= 32
        assert 1 <= len(command["description"]) <= 2000
        assert 1 <= len(command["usage_hint"]) <= 1000
    assert len(made["settings"]["event_subscriptions"]["bot_events"]) <= 100


def test_every_command_has_a_hint_and_has_names_escaped() -> None:
    commands = manifest()["features"]["slash_commands"]
    assert [command["command"] for command in commands] == [
        "/pipeline", "/1on1", "/goals", "/cadence", "/awesome",
    ]  # fmt: skip
    assert all(command["usage_hint"] and command["should_escape"] is True for command in commands)


def test_the_messages_tab_is_on_and_writable_since_slack_refuses_dms_otherwise() -> None:
    assert manifest()["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_scopes_and_events_are_those_the_bot_uses() -> None:
    made = manifest()
    assert made["oauth_config"]["scopes"]["bot"] == [
        "chat:write", "commands", "im:write", "files:write", "im:history", "users:read", "users:read.email",
    ]  # fmt: skip
    assert set(made["settings"]["event_subscriptions"]["bot_events"]) == {
        "app_home_opened", "user_change", "team_join", "app_uninstalled", "tokens_revoked",
    }  # fmt: skip


def test_over_the_socket_no_address_is_given() -> None:
    made = manifest("socket")
    assert made["settings"]["socket_mode_enabled"] is True
    assert "url" not in str(made)


def test_over_http_every_door_has_the_address() -> None:
    made = manifest("http", URL)
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == URL
    assert made["settings"]["interactivity"]["request_url"] == URL
    assert {command["url"] for command in made["features"]["slash_commands"]} == {URL}


@pytest.mark.parametrize("url", [None, "", "http://bot.example.com/slack/events"])
def test_http_without_a_public_https_address_is_refused(url) -> None:
    with pytest.raises(ValueError, match="https"):
        manifest("http", url)
