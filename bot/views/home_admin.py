"""What an admin reads on the home tab: whether all is well, where the facts come from, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.coaching.records import Person
from bot.views.blocks import Block, actions, button, confirm, header, section, with_button
from bot.views.doctor import Found, headline, line_of
from bot.views.ids import ActionId
from bot.views.mrkdwn import bold, esc, first_of, moment, name, number
from bot.views.speaking import tr, tr_many

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
        section(tr("*For you as admin*"), tr("Nobody's notes or goals are shown here.")),
        header(tr("Health")),
        section(*_health(page)),
        *_checks(page),
        header(tr("Who has begun")),
        section(*_reach(page)),
        actions(*_reach_buttons(page)),
        header(tr("Connections")),
        section(*_connections(page)),
        *_who_is_who(page),
        header(tr("People without a match in Slack")),
        _unmatched(page),
        header(tr("Playbook")),
        section(*(_loose(page) or [tr("Nothing hangs loose.")])),
    ]


def _health(page: AdminPage) -> list[str]:
    lines = [f"• {esc(line, 300)}" for line in page.failing[:MOST_LINES]]
    if page.undeliverable:
        lines.append(
            tr_many(
                "• {n} message couldn't be sent: my log says why (`delivery.gave_up`).",
                "• {n} messages couldn't be sent: my log says why (`delivery.gave_up`).",
                page.undeliverable,
            )
        )
    if page.waiting:
        lines.append(
            tr_many(
                "• 1 message waits, most likely for somebody's working hours.",
                "• {n} messages wait, most of them for somebody's working hours.",
                page.waiting,
                n=number(page.waiting),
            )
        )
    well = not page.failing and not page.undeliverable
    good = tr("All that is due is done.") if well else tr("Some things need you:")
    return [good, *lines, tr("As of {when}.", when=moment(page.now, page.zone))]


def _checks(page: AdminPage) -> list[Block]:
    """Return what the doctor found last, what needs somebody first, with a button for another look."""
    again = button(tr("Check again") if page.checked_at else tr("Check now"), ActionId.HOME_CHECK, "check")
    if page.checked_at is None:
        return [with_button(section(tr("*Checks*: nobody has looked yet.")), again)]
    bad = [line_of(one, 300) for one in page.findings if not one.good]
    more = [tr("• {n} more: `/cadence doctor` tells all.", n=len(bad) - MOST_LINES)] if len(bad) > MOST_LINES else []
    line = tr(
        "*Checks*: {headline} As of {when}.",
        headline=headline(page.findings),
        when=moment(page.checked_at, page.zone),
    )
    return [with_button(section(line, *bad[:MOST_LINES], *more), again)]


def _reach(page: AdminPage) -> list[str]:
    """Return whose 1:1s are planned, in words that name everybody who stands apart."""
    if page.everybody:
        lines = [tr("1:1s are planned for everybody who has a manager.")]
    elif not page.begun and not page.invited:
        first = tr("Nobody yet: invite a first manager, who looks the first 1:1s over before any rep hears of them.")
        lines = [first]
    else:
        lines = [
            tr_many(
                "{begun} of {n} manager; nobody else's reps are written to.",
                "{begun} of {n} managers; nobody else's reps are written to.",
                page.managers,
                begun=len(page.begun),
            )
        ]
        lines += [tr("• Begun: {names}", names=_named(page.begun))] if page.begun else []
    lines += [tr("• Invited, no answer yet: {names}", names=_named(page.invited))] if page.invited else []
    lines += [tr("• Stopped: {names}", names=_named(page.stopped))] if page.stopped else []
    return lines


def _named(people: tuple[Person, ...]) -> str:
    return first_of([name(one) for one in people], MOST_NAMED)


def _reach_buttons(page: AdminPage) -> list[Block]:
    sure = confirm(
        tr("Begin with everybody?"),
        tr("Every manager and rep hears from me in their next working hour. What was sent can't be called back."),
        tr("Begin with everybody"),
        tr("Not yet"),
    )
    buttons = [button(tr("Invite a manager"), ActionId.HOME_INVITE, "invite")]
    if page.everybody or page.begun or page.invited:
        buttons.append(button(tr("Stop with a manager"), ActionId.HOME_STOP, "stop"))
    if not page.everybody:
        buttons.append(button(tr("Begin with everybody"), ActionId.HOME_EVERYBODY, "everybody", confirm=sure))
    return buttons


def _connections(page: AdminPage) -> list[str]:
    lines = []
    for source in page.sources[:MOST_NAMED]:
        read = tr("last read {when}", when=_ago(page, source.good_at)) if source.good_at else tr("not read yet")
        failed = tr("; the last try ended: {why}", why=esc(source.failed, 200)) if source.failed else ""
        lines.append(f"• {bold(source.name)}: {read}{failed}")
    if page.imported_at is not None:
        lines.append(tr("• Files: last import {when}", when=_ago(page, page.imported_at)))
    if lines:
        return lines
    return [tr("Nothing is connected yet: `cadence import DIR` reads your files, and `cadence doctor` helps.")]


def _who_is_who(page: AdminPage) -> list[Block]:
    """Return for each source who of it can't be met, or of how many an admin said it, with the way to say it."""
    blocks = []
    for source in page.sources[:MOST_NAMED]:
        if source.nobody:
            named = first_of([esc(one, 80) for one in source.nobody], MOST_LINES)
            line = tr(
                "{source}: these own deals or goals there and aren't matched to anybody in Slack, so what they own "
                "is in nobody's 1:1: {named}.",
                source=bold(source.name),
                named=named,
            )
            blocks.append(with_button(section(line), button(tr("Say who they are"), ActionId.HOME_MATCH, source.key)))
        elif source.said:
            line = tr_many(
                "{source}: an admin said who {n} person there is.",
                "{source}: an admin said who {n} people there are.",
                source.said,
                source=bold(source.name),
            )
            blocks.append(with_button(section(line), button(tr("Take one back"), ActionId.HOME_MATCH, source.key)))
    return blocks


def _ago(page: AdminPage, at: datetime) -> str:
    days = (page.now - at).days
    when = moment(at, page.zone)
    if days <= 0:
        return tr("on {when}", when=when)
    return tr_many("on {when}, {n} day ago", "on {when}, {n} days ago", days, when=when)


def _unmatched(page: AdminPage) -> Block:
    if not page.people:
        return section(tr("Nobody is imported yet: `cadence import DIR`."))
    if not page.unmatched:
        return section(tr_many("All {n} person are found.", "All {n} people are found.", page.people))
    lines = [f"• {bold(person.name)}: {esc(person.email, 120)}" for person in page.unmatched[:MOST_NAMED]]
    if len(page.unmatched) > MOST_NAMED:
        lines.append(tr("• {n} more: `cadence doctor` names all.", n=len(page.unmatched) - MOST_NAMED))
    head = tr_many("{some} of {n} person.", "{some} of {n} people.", page.people, some=len(page.unmatched))
    remedy = tr(
        "Correct the address in people.csv and import again, invite them to Slack, or say which account is whose."
    )
    return with_button(section(f"{head} {remedy}", *lines), button(tr("Say whose"), ActionId.HOME_ACCOUNT, "unmatched"))


def _loose(page: AdminPage) -> list[str]:
    lines = [f"• {esc(line, 250)}" for line in page.loose[:MOST_LINES]]
    if len(page.loose) > MOST_LINES:
        lines.append(tr("• {n} more: `cadence playbook check` tells all.", n=len(page.loose) - MOST_LINES))
    return lines
