"""What an admin reads on the home tab: whether all is well, where the facts come from, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.coaching.records import Person
from bot.views.blocks import Block, actions, button, confirm, header, section, with_button
from bot.views.doctor import Found, headline, line_of
from bot.views.ids import ActionId
from bot.views.mrkdwn import bold, esc, moment, name, plural

MOST_LINES = 6
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A connected source: when it was last read well, and why the last try ended otherwise, "" if it didn't.

    ``key`` is its word in commands; ``nobody`` are those of it who own something and can't be met, ``said``
    counts those of whom an admin said who they are.
    """

    name: str
    good_at: datetime | None
    failed: str = ""
    key: str = ""
    nobody: tuple[str, ...] = ()
    said: int = 0


@dataclass(frozen=True, slots=True)
class AdminPage:
    """An admin's part: figures and names, and nobody's notes or goals.

    ``failing`` says what can't be done and how often; ``unmatched`` are active people whom Slack doesn't know.
    ``everybody`` is planned for, but for the reps of who is ``invited`` or ``stopped``; otherwise those of who has
    ``begun``. ``managers`` counts all. ``findings`` are the doctor's, of ``checked_at``.
    """

    now: datetime
    zone: str
    waiting: int
    undeliverable: int
    failing: tuple[str, ...] = ()
    imported_at: datetime | None = None
    sources: tuple[SourceLine, ...] = ()
    people: int = 0
    unmatched: tuple[Person, ...] = ()
    loose: tuple[str, ...] = ()
    everybody: bool = True
    begun: tuple[Person, ...] = ()
    invited: tuple[Person, ...] = ()
    stopped: tuple[Person, ...] = ()
    managers: int = 0
    findings: tuple[Found, ...] = ()
    checked_at: datetime | None = None


def page(page: AdminPage) -> list[Block]:
    """Return the blocks of an admin's part of the home tab."""
    return [
        section("*For you as admin*", "Nobody's notes or goals are shown here."),
        header("Health"),
        section(*_health(page)),
        *_checks(page),
        header("Who has begun"),
        section(*_reach(page)),
        actions(*_reach_buttons(page)),
        header("Connections"),
        section(*_connections(page)),
        *_who_is_who(page),
        header("People without a match in Slack"),
        _unmatched(page),
        header("Playbook"),
        section(*(_loose(page) or ["Nothing hangs loose."])),
    ]


def _health(page: AdminPage) -> list[str]:
    lines = [f"• {esc(line, 300)}" for line in page.failing[:MOST_LINES]]
    if page.undeliverable:
        lines.append(
            f"• {plural(page.undeliverable, 'message')} couldn't be sent: my log says why (`delivery.gave_up`)."
        )
    if page.waiting:
        lines.append(f"• {_waiting(page.waiting)} for somebody's working hours.")
    good = "All that is due is done." if not page.failing and not page.undeliverable else "Some things need you:"
    return [good, *lines, f"As of {moment(page.now, page.zone)}."]


def _checks(page: AdminPage) -> list[Block]:
    """Return what the doctor found last, what needs somebody first, with a button for another look."""
    again = button("Check again" if page.checked_at else "Check now", ActionId.HOME_CHECK, "check")
    if page.checked_at is None:
        return [with_button(section("*Checks*: nobody has looked yet."), again)]
    bad = [line_of(one, 300) for one in page.findings if not one.good]
    more = [f"• {len(bad) - MOST_LINES} more: `/cadence doctor` tells all."] if len(bad) > MOST_LINES else []
    line = f"*Checks*: {headline(page.findings)} As of {moment(page.checked_at, page.zone)}."
    return [with_button(section(line, *bad[:MOST_LINES], *more), again)]


def _waiting(messages: int) -> str:
    if messages == 1:
        return "1 message waits, most likely"
    return f"{plural(messages, 'message')} wait, most of them"


def _reach(page: AdminPage) -> list[str]:
    """Return whose 1:1s are planned, in words that name everybody who stands apart."""
    if page.everybody:
        lines = ["1:1s are planned for everybody who has a manager."]
    elif not page.begun and not page.invited:
        lines = ["Nobody yet: invite a first manager, who looks the first 1:1s over before any rep hears of them."]
    else:
        lines = [f"{len(page.begun)} of {plural(page.managers, 'manager')}; nobody else's reps are written to."]
        lines += [f"• Begun: {_named(page.begun)}"] if page.begun else []
    lines += [f"• Invited, no answer yet: {_named(page.invited)}"] if page.invited else []
    lines += [f"• Stopped: {_named(page.stopped)}"] if page.stopped else []
    return lines


def _named(people: tuple[Person, ...]) -> str:
    more = f" and {len(people) - MOST_NAMED} more" if len(people) > MOST_NAMED else ""
    return ", ".join(name(one) for one in people[:MOST_NAMED]) + more


def _reach_buttons(page: AdminPage) -> list[Block]:
    sure = confirm(
        "Begin with everybody?",
        "Every manager and rep hears from me in their next working hour. What was sent can't be called back.",
        "Begin with everybody",
        "Not yet",
    )
    buttons = [button("Invite a manager", ActionId.HOME_INVITE, "invite")]
    if page.everybody or page.begun or page.invited:
        buttons.append(button("Stop with a manager", ActionId.HOME_STOP, "stop"))
    if not page.everybody:
        buttons.append(button("Begin with everybody", ActionId.HOME_EVERYBODY, "everybody", confirm=sure))
    return buttons


def _connections(page: AdminPage) -> list[str]:
    lines = []
    for source in page.sources[:MOST_NAMED]:
        read = f"last read {_ago(page, source.good_at)}" if source.good_at else "not read yet"
        failed = f"; the last try ended: {esc(source.failed, 200)}" if source.failed else ""
        lines.append(f"• {bold(source.name)}: {read}{failed}")
    if page.imported_at is not None:
        lines.append(f"• Files: last import {_ago(page, page.imported_at)}")
    return lines or ["Nothing is connected yet: `cadence import DIR` reads your files, and `cadence doctor` helps."]


def _who_is_who(page: AdminPage) -> list[Block]:
    """Return for each source who of it can't be met, or of how many an admin said it, with the way to say it."""
    blocks = []
    for source in page.sources[:MOST_NAMED]:
        if source.nobody:
            named = ", ".join(esc(one, 80) for one in source.nobody[:MOST_LINES])
            more = f" and {len(source.nobody) - MOST_LINES} more" if len(source.nobody) > MOST_LINES else ""
            line = (
                f"{bold(source.name)}: these own deals or goals there and aren't matched to anybody in Slack, so what "
                f"they own is in nobody's 1:1: {named}{more}."
            )
            blocks.append(with_button(section(line), button("Say who they are", ActionId.HOME_MATCH, source.key)))
        elif source.said:
            who = "1 person there is" if source.said == 1 else f"{plural(source.said, 'person', 'people')} there are"
            line = f"{bold(source.name)}: an admin said who {who}."
            blocks.append(with_button(section(line), button("Take one back", ActionId.HOME_MATCH, source.key)))
    return blocks


def _ago(page: AdminPage, at: datetime) -> str:
    days = (page.now - at).days
    old = f", {plural(days, 'day')} ago" if days > 0 else ""
    return f"on {moment(at, page.zone)}{old}"


def _unmatched(page: AdminPage) -> Block:
    if not page.people:
        return section("Nobody is imported yet: `cadence import DIR`.")
    if not page.unmatched:
        return section(f"All {plural(page.people, 'person', 'people')} are found.")
    lines = [f"• {bold(person.name)}: {esc(person.email, 120)}" for person in page.unmatched[:MOST_NAMED]]
    if len(page.unmatched) > MOST_NAMED:
        lines.append(f"• {len(page.unmatched) - MOST_NAMED} more: `cadence doctor` names all.")
    head = f"{len(page.unmatched)} of {plural(page.people, 'person', 'people')}."
    remedy = "Correct the address in people.csv and import again, invite them to Slack, or say which account is whose."
    return with_button(section(f"{head} {remedy}", *lines), button("Say whose", ActionId.HOME_ACCOUNT, "unmatched"))


def _loose(page: AdminPage) -> list[str]:
    lines = [f"• {esc(line, 250)}" for line in page.loose[:MOST_LINES]]
    if len(page.loose) > MOST_LINES:
        lines.append(f"• {len(page.loose) - MOST_LINES} more: `cadence playbook check` tells all.")
    return lines
