"""Slack's markup: every text of a person or a CRM passes ``esc`` on its way in.

What remembers how it was made is thereby written in the language spoken now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.coaching import wording
from bot.coaching.records import Person
from bot.views.speaking import shown, tr

ELLIPSIS = "…"
LONGEST_ENTITY = len("&amp;")
ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    | {chr(code): " " for code in (*range(9), *range(14, 32), *range(127, 160))},
)
"""Slack's three entities; control characters, which nobody typed on purpose, become blanks."""


def clip(markup: str, limit: int) -> str:
    """Cut ``markup`` to ``limit`` characters, never inside an entity or a ``<...>`` token, and say so with "…"."""
    markup = shown(markup)
    if len(markup) <= limit:
        return markup
    kept = markup[: limit - 1]
    opened = kept.rfind("<")
    if opened > kept.rfind(">"):
        kept = kept[:opened]
    entity = kept.rfind("&", max(0, len(kept) - LONGEST_ENTITY))
    if entity >= 0 and ";" not in kept[entity:]:
        kept = kept[:entity]
    return kept.rstrip() + ELLIPSIS


def esc(text: str, limit: int = 300) -> str:
    """Return ``text`` on one line so that Slack shows it as it was typed: "<!channel>" calls nobody."""
    words = shown(text)
    if not words.isprintable() or "&" in words or "<" in words or ">" in words:
        words = words.translate(ESCAPES)
    return clip(" ".join(words.split()), limit)


def brief(text: str, limit: int) -> str:
    """Return ``text`` escaped, cut after a whole word so that what is shown has at most so many characters."""
    whole = " ".join(shown(text).split())
    if len(whole) <= limit:
        return esc(whole, len(whole) * LONGEST_ENTITY)
    kept = whole[: limit - 1]
    words = kept if whole[limit - 1] == " " else kept.rpartition(" ")[0]
    words = words if len(words) > limit // 3 else kept  # a long word is cut itself, if almost nothing stood before it
    return esc(words.rstrip(" ,;:."), limit * LONGEST_ENTITY) + ELLIPSIS


def quote(words: str, limit: int = 800) -> str:
    """Return a person's words as a block quote, line by line; "(no words)" when there are none."""
    lines = (line.translate(ESCAPES).strip() for line in shown(words).splitlines())
    escaped = "\n".join(line for line in lines if line)
    return "\n".join(f"> {line}" for line in clip(escaped or tr("(no words)"), limit).splitlines())


def bold(text: str, limit: int = 200) -> str:
    """Return ``text`` escaped and bold. A ``*`` of its own would end the bold, so it becomes a look-alike."""
    return f"*{esc(shown(text).replace('*', '∗'), limit) or tr('(no name)')}*"  # noqa: RUF001 - the look-alike is the point


def is_web_address(url: str) -> bool:
    """Say whether ``url`` is one of http or https, with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:  # such as http://[ with no end
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def link(url: str, text: str) -> str:
    """Return a link, or the escaped text alone where ``url`` isn't one of http or https."""
    words = esc(text) or tr("(no name)")
    if not is_web_address(url):
        return words
    return f"<{percent_encode(url, safe=':/?#[]@!$&()*+,;=%~').replace('&', '&amp;')}|{words.replace('|', '¦')}>"


def name(person: Person) -> str:
    """Return how a person is called in a sentence, escaped."""
    return called(plain_name(person))


def plain_name(person: Person) -> str:
    """Return the name, or the address of somebody of whose name nothing can be read, as it was typed."""
    return person.name if esc(person.name) else person.email


def called(plain: str) -> str:
    """Return a name in a sentence, escaped."""
    return esc(plain, 80) or tr("someone")


def day(value: date) -> str:
    """Return "Tue 3 Oct"."""
    return shown(wording.short_day(value))


def dated_day(value: date) -> str:
    """Return "Tue 3 Oct 2017"."""
    return shown(wording.dated_day(value))


def wall(moment_: datetime, zone: str) -> str:
    """Return what the clocks in ``zone`` (IANA) read at an aware instant: "Tue 3 Oct 2017, 10:00"."""
    local = moment_.astimezone(ZoneInfo(zone))
    return f"{shown(wording.dated_day(local.date()))}, {local:%H:%M}"


def moment(instant: datetime, zone: str) -> str:
    """Return a token that Slack shows in each reader's own zone; old clients show ``zone``'s wall time, named.

    It is a plain date, which fits after "on" and "of" as "today" wouldn't.
    """
    return _token(instant, zone, tr("{date} at {time}", date="{date_short}", time="{time}"))


def appointment(starts_at: datetime, zone: str) -> str:
    """Return the same with the weekday, for a 1:1 that people have to be at."""
    return _token(starts_at, zone, tr("{date} at {time}", date="{date_long}", time="{time}"))


def _token(instant: datetime, zone: str, pattern: str) -> str:
    unix = int(instant.astimezone(UTC).timestamp())
    return f"<!date^{unix}^{pattern}|{wall(instant, zone)} ({esc(zone)})>"


def money(amount: float, currency: str = "USD") -> str:
    """Return "$950", "$4.5k", "$18k" or "$1.2M", as the sentences of the coaching maths say it."""
    return esc(wording.money(amount, currency))


def percent(share: float) -> str:
    """Return 0.254 as "25%"."""
    return shown(wording.percent(share))


def times(multiple: float) -> str:
    """Return a coverage as "3.5x"."""
    return shown(wording.times(multiple))


def number(value: float) -> str:
    """Return a count without a needless ".0": 7.0 is "7", 2.5 is "2.5"."""
    return shown(wording.number(value))


def first_of(shown_ones: Sequence[str], most: int, by: str = ", ") -> str:
    """Return as many of these as ``most``, and how many more there are; each is markup already."""
    named = by.join(shown_ones[:most])
    more = len(shown_ones) - most
    return tr("{named} and {n} more", named=named, n=more) if more > 0 else named
