"""Whether text is shown as people and CRMs wrote it, and money, times and counts as people say them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.records import Person, PersonId
from bot.views.message import Message
from bot.views.mrkdwn import bold, clip, day, esc, link, moment, money, number, percent, quote, times, wall
from bot.views.mrkdwn import name as called_by_name
from bot.views.speaking import tr_many
from tests.views.cases import cases

HOSTILE = "<!channel> &<> <@U1> <https://evil.example|safe>"
CONTROL = re.compile(
    r"<(?!!date\^\d+\^\{date_(short|long)\} at \{time\}\|[^<>|]*>|https://mail\.example/1\|see it>)",
)
"""What Slack would obey, but for our own times and the one link of the cases."""
ENTITY_CUT = re.compile(r"&(?!amp;|lt;|gt;)")


def marked_up(part: object) -> list[str]:
    """Return every text that Slack reads as markup."""
    if isinstance(part, Message):
        return [part.text, *marked_up(part.blocks)]
    if isinstance(part, dict):
        own = [part["text"]] if part.get("type") == "mrkdwn" else []
        return own + [text for value in part.values() for text in marked_up(value)]
    if isinstance(part, list):
        return [text for value in part for text in marked_up(value)]
    return []


@pytest.mark.parametrize("words", [HOSTILE, HOSTILE * 60, "<!channel>", "&<>", "*_~`<!here>\n> <!everyone>"])
def test_no_text_of_a_person_or_crm_is_read_as_a_command(words: str) -> None:
    for name, shown in cases(words, many=3).items():
        for text in marked_up(shown):
            assert not CONTROL.search(text), name
            assert not ENTITY_CUT.search(text), name


def plain_texts(part: object) -> list[str]:
    if isinstance(part, Message):
        return plain_texts(part.blocks)
    if isinstance(part, dict):
        own = [part["text"]] if part.get("type") in {"plain_text", "raw_text"} else []
        return own + [text for value in part.values() for text in plain_texts(value)]
    return [text for value in part for text in plain_texts(value)] if isinstance(part, list) else []


def test_plain_texts_hold_only_our_own_words() -> None:
    assert not [text for shown in cases(HOSTILE, many=3).values() for text in plain_texts(shown) if "<" in text]


def test_what_was_typed_is_still_readable() -> None:
    shown = json.dumps([text for shown in cases("<!channel> & co").values() for text in marked_up(shown)])
    assert "&lt;!channel&gt; &amp; co" in shown


@given(text=st.text(alphabet="ab&<> \n", max_size=60), limit=st.integers(1, 40))
def test_escaped_text_keeps_its_limit_and_its_entities_whole(text: str, limit: int) -> None:
    escaped = esc(text, limit)
    assert len(escaped) <= limit
    assert "\n" not in escaped
    assert not ENTITY_CUT.search(escaped)


def test_a_cut_never_falls_inside_a_token() -> None:
    token = moment(datetime(2017, 10, 3, 14, tzinfo=UTC), "UTC")
    for limit in range(1, len(token) + 10):
        cut = clip("on " + token + " we meet", limit)
        assert cut.count("<") == cut.count(">")
        assert len(cut) <= limit


def test_every_line_of_a_quote_is_quoted() -> None:
    assert quote("one\n\n two <b>\n") == "> one\n> two &lt;b&gt;"
    assert quote(" \n") == "> (no words)"


@pytest.mark.parametrize("unreadable", ["", " \n", "\x00\x07", "\x1b \x00"])
def test_who_has_no_name_that_can_be_read_is_called_by_the_address(unreadable: str) -> None:
    person = Person(PersonId("r1"), unreadable, "ada@example.org")
    assert called_by_name(person) == "ada@example.org"


def test_a_star_does_not_end_the_bold() -> None:
    assert bold("a*b") == "*a∗b*"  # noqa: RUF001


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://crm.example/deal?id=1&v=2", "<https://crm.example/deal?id=1&amp;v=2|Acme ¦ Co>"),
        ("https://crm.example/a|b>c", "<https://crm.example/a%7Cb%3Ec|Acme ¦ Co>"),
        ("javascript:alert(1)", "Acme | Co"),
        ("https://", "Acme | Co"),
        ("http://[", "Acme | Co"),
        ("", "Acme | Co"),
    ],
)
def test_only_web_addresses_become_links(url: str, expected: str) -> None:
    assert link(url, "Acme | Co") == expected


def test_a_time_is_a_token_with_the_named_zones_wall_time() -> None:
    instant = datetime(2017, 10, 3, 14, 0, tzinfo=UTC)
    assert moment(instant, "America/New_York") == (
        "<!date^1507039200^{date_short} at {time}|Tue 3 Oct 2017, 10:00 (America/New_York)>"
    )
    assert wall(instant, "Asia/Kolkata") == "Tue 3 Oct 2017, 19:30"
    assert day(instant.date()) == "Tue 3 Oct"


def test_money_is_said_as_dollars_to_the_thousand_or_million() -> None:
    assert [money(amount) for amount in (0, 950, 18_000, 1_200_000, -18_000)] == [
        "$0",
        "$950",
        "$18k",
        "$1.2M",
        "-$18k",
    ]
    assert money(18_000, "<x>") == "&lt;x&gt; 18k"


def test_counts_shares_and_multiples_are_rounded_half_up() -> None:
    assert (number(7.0), number(2.5), number(1234)) == ("7", "2.5", "1,234")
    assert (percent(0.255), times(1.67), times(3.5)) == ("26%", "1.7x", "3.5x")
    assert (
        tr_many("{n} call", "{n} calls", 1),
        tr_many("{n} call", "{n} calls", 3),
        tr_many("{n} company", "{n} companies", 2),
    ) == (
        "1 call",
        "3 calls",
        "2 companies",
    )
