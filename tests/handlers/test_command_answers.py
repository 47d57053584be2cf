"""Commands answer only the asker, with only what the asker may see, and say what to do when they can't."""

from __future__ import annotations

import pytest
from world import MANAGER, OTHER_MANAGER, OTHER_REP, REP, STRANGER, a_world

from bot.errors import BadInputError
from bot.services.inquiries import parse_money

COMMANDS = ("/pipeline", "/1on1", "/goals", "/cadence", "/awesome")


async def test_every_command_helps_and_owns_up_to_words_it_does_not_know(sqlite_url: str, over: dict[str, str]) -> None:
    async with a_world(sqlite_url, **over) as world:
        for command in COMMANDS:
            for word in ("help", "HELP", " ? "):
                assert f"`{command}`" in await world.ask(REP, command, word)
            said = await world.ask(REP, command, "the <weather> & " + "x" * 3000)
            assert f"type {command} help" in said
            assert "&lt;weather&gt; &amp;" in said
            assert f"type {command} help" in await world.ask(MANAGER, command, "@ruth tomorrow")
            assert "One person at a time" in await world.ask(MANAGER, command, "@ruth @omar")


async def test_a_rep_sees_the_own_answers_and_nobody_elses(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        for command, own in zip(
            COMMANDS,
            (
                "Your pipeline",
                "Your next 1:1 with Mara Quinn",
                "You have no goals yet",
                "How often you meet your",
                "Awesome, as you see it",
            ),
            strict=True,
        ):
            assert own in await world.ask(REP, command)
            assert own in await world.ask(REP, command, "@ruth"), "to mention oneself is to mention nobody"
            for other in ("@omar", "@mara", "@nina"):
                assert "nobody else's" in await world.ask(REP, command, other)
            assert "I don't find that person" in await world.ask(REP, command, "@sam")


async def test_a_manager_sees_the_own_reports_and_nobody_elses(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        for command, theirs in zip(
            COMMANDS,
            (
                "Pipeline of Ruth",
                "Next 1:1 of Ruth",
                "Ruth Adler has no goals yet",
                "How often you meet Ruth",
                "Awesome, as Ruth",
            ),
            strict=True,
        ):
            assert theirs in await world.ask(MANAGER, command, "@ruth")
            assert "nobody else's" in await world.ask(OTHER_MANAGER, command, "@ruth")
            assert "nobody else's" in await world.ask(OTHER_REP, command, "@ruth")
        team = await world.ask(MANAGER, "/1on1")
        assert team.index("Omar Blake") < team.index("Ruth Adler"), "by name"
        for command in ("/pipeline", "/goals", "/awesome"):
            assert "mention one of your reps" in await world.ask(MANAGER, command)


async def test_a_stranger_is_told_whom_to_ask(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        for command in COMMANDS:
            assert "Ask your admin" in await world.ask(STRANGER, command)
            assert "Ask your admin" in await world.ask(STRANGER, command, "@ruth")
        assert "Ask your admin" in await world.ask(STRANGER, "/awesome", "set 250k")


async def test_a_rep_without_manager_learns_what_is_missing(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        assert "manager_email" in await world.ask(OTHER_MANAGER, "/1on1")


async def test_awesome_is_set_by_oneself_only_and_shown_at_once(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        assert "Awesome for you is $250k" in await world.ask(REP, "/awesome", "set $250,000")
        assert "Awesome for you is $250k" in await world.ask(REP, "/awesome")
        assert "Awesome for you is $1.2M" in await world.ask(REP, "/awesome", "SET  1.2m")
        assert "Awesome for you is $1.2M" in await world.ask(MANAGER, "/awesome", "@ruth"), "the coach needs to know it"
        for wrong in ("abc", "-5", "1e999", "250", "0", "nan", "250kk", "", "£300k", "9" * 400):
            assert "/awesome set 250k" in await world.ask(REP, "/awesome", f"set {wrong}")
        for text in ("set @ruth 900k", "@ruth set 900k"):
            assert "nobody another's" in await world.ask(MANAGER, "/awesome", text)
        assert "mention one of your reps" in await world.ask(MANAGER, "/awesome", "set 900k")
        assert "Awesome for you is $1.2M" in await world.ask(REP, "/awesome")
        async with world.bot.database.transaction() as tx:
            assert {p.name: p.awesome for p in await tx.people.all() if p.awesome} == {"Ruth Adler": 1_200_000.0}


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("$250,000", 250_000),
        ("250k", 250_000),
        (" 250 K ", 250_000),
        ("1.2m", 1_200_000),
        ("1,2m", 1_200_000),
        ("1,2 Mio.", 1_200_000),
        ("250 Tsd", 250_000),
        ("1,250,000", 1_250_000),
        ("250_000", 250_000),
        ("1000", 1_000),
        ("250.000", 250_000),
        ("1.200.000,00", 1_200_000),
        ("250.000,-", 250_000),
        ("250T", 250_000),
        ("1 Million", 1_000_000),
        ("auf 250 Tausend Dollar im Jahr", 250_000),
        ("to 250k a year", 250_000),
    ],
)
def test_amounts_are_read_as_people_type_them(words: str, amount: float) -> None:
    assert parse_money(words) == amount


@pytest.mark.parametrize(
    "words",
    [
        "abc",
        "-5",
        "1e999",
        "1e6",
        "inf",
        "250.0000",
        "999",
        "1.2.3m",
        "0.000",
        "1,2",
        "250,00",
        "k",
        "٣٠٠٠",
        "1000000m",
    ],
)
def test_what_is_no_yearly_figure_is_refused_with_an_example(words: str) -> None:
    with pytest.raises(BadInputError, match="/awesome set 250k"):
        parse_money(words)
