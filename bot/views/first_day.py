"""What is left to do until the first 1:1s are planned: an admin's one message, rewritten with every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.records import Person
from bot.coaching.said import say
from bot.views.blocks import Block, View, actions, button, context, divider, form, message, section
from bot.views.doctor import Found, line_of
from bot.views.ids import ActionId, CallbackId
from bot.views.message import Message
from bot.views.mrkdwn import bold, esc, first_of, moment, name, number
from bot.views.speaking import shown, tr, tr_many

NAMED = 5
MOST_FOUND = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A manager who was invited, and whether the manager has begun; ``since`` when."""

    manager: Person
    has_begun: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class FirstDayPage:
    """How far an installation is.

    ``people`` and ``managers`` count active ones, the managers among them; ``unmatched`` are those whom Slack doesn't
    know. ``sources`` are the names of connected ones, ``unread`` of those that were never read well. ``findings`` are
    the doctor's, None before the first look.
    """

    admin: Person
    people: int = 0
    managers: int = 0
    unmatched: tuple[Person, ...] = ()
    deals: int = 0
    sources: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    invited: tuple[Asked, ...] = ()
    everybody: bool = False
    findings: tuple[Found, ...] | None = None

    @property
    def has_begun(self) -> bool:
        return self.everybody or any(one.has_begun for one in self.invited)


def first_day(page: FirstDayPage) -> Message:
    """Tell an admin what is there, what is missing, in which order, and what to press or type."""
    steps = [_people(page), _deals(page), _checks(page), _managers(page)]
    if page.has_begun:
        line = tr(
            "*Cadence is set up, and the first 1:1s are on their way.* Your home tab shows health, and who has begun."
        )
        return message(line, section(line), section(_standing(page)), actions(_invite(page)), _links())
    left = sum(not step.done for step in steps)
    line = tr_many(
        "*Cadence is installed; {n} step left to the first 1:1s.* You read this as an admin.",
        "*Cadence is installed; {n} steps left to the first 1:1s.* You read this as an admin.",
        left,
    )
    rule = tr("Nobody else has heard from me: reps do once their manager begins. This message follows as you go.")
    return message(
        line, section(line), *(block for step in steps for block in step.blocks), divider(), context(rule), _links()
    )


@dataclass(frozen=True, slots=True)
class _Step:
    done: bool
    blocks: tuple[Block, ...]


def _people(page: FirstDayPage) -> _Step:
    if not page.people:
        said = tr(
            "none yet. Put everybody's e-mail address and manager into `people.csv` in a folder; then, on the machine "
            "where I run, `cadence import FOLDER`. `cadence example FOLDER` writes files to start from."
        )
        return _step(1, tr("People"), said, done=False)
    lines = [
        tr_many(
            "{n} person, {some} of them with reps.",
            "{n} people, {some} of them with reps.",
            page.people,
            some=page.managers,
        )
    ]
    if not page.managers:
        lines.append(tr("Nobody has reps: fill `manager_email` in people.csv and import it again."))
    if not page.unmatched:
        return _step(1, tr("People"), " ".join(lines), done=page.managers > 0)
    named = first_of([f"{name(one)} ({esc(one.email, 80)})" for one in page.unmatched], NAMED)
    lines.append(
        tr_many(
            "{n} isn't found in Slack by e-mail address: {named}. They wait until that is mended.",
            "{n} aren't found in Slack by e-mail address: {named}. They wait until that is mended.",
            len(page.unmatched),
            named=named,
        )
    )
    whose = button(tr("Say whose account"), ActionId.HOME_ACCOUNT, "unmatched")
    return _step(1, tr("People"), " ".join(lines), whose, done=page.managers > 0)


def _deals(page: FirstDayPage) -> _Step:
    choose = button(tr("See the ways"), ActionId.FIRST_DAY_SOURCE, "sources")
    named = ", ".join(bold(one) for one in page.sources)
    if page.unread:
        said = tr(
            "{sources} is connected and not read yet. I read by myself; `cadence sync` does it now.", sources=named
        )
        return _step(2, tr("Deals"), said, done=False)
    if not page.deals:
        said = tr("none yet, so no number can be computed. They come from your CRM or from files.")
        return _step(2, tr("Deals"), said, choose, done=False)
    many = number(page.deals)
    said = tr("{n} from {sources}.", n=many, sources=named) if named else tr("{n} from your files.", n=many)
    return _step(2, tr("Deals"), said, choose, done=True)


def _checks(page: FirstDayPage) -> _Step:
    """Return the doctor's step; what is said of people and sources above isn't said twice."""
    look = button(tr("Check now") if page.findings is None else tr("Check again"), ActionId.HOME_CHECK, "check")
    if page.findings is None:
        return _step(3, tr("Checks"), tr("I look everything over within a minute."), look, done=False)
    bad = [line_of(one, 300) for one in page.findings if not one.good and one.about != "people"]
    if not bad:
        said = tr("scopes, tokens, database, clocks and playbook are well.")
        return _step(3, tr("Checks"), said, look, done=True)
    more = [tr("• {n} more: `/cadence doctor` tells all.", n=len(bad) - MOST_FOUND)] if len(bad) > MOST_FOUND else []
    return _step(3, tr("Checks"), "\n".join((tr("some need you."), *bad[:MOST_FOUND], *more)), look, done=False)


def _managers(page: FirstDayPage) -> _Step:
    if not page.invited:
        said = tr("begin with one. The manager looks the first 1:1s over, and only then does a rep hear from me.")
        return _step(4, tr("A first manager"), said, *([_invite(page)] if page.managers else []), done=False)
    return _step(4, tr("A first manager"), _standing(page), _invite(page), done=False)


def _invite(page: FirstDayPage) -> Block:
    return button(tr("Invite a manager"), ActionId.HOME_INVITE, "invite", style=None if page.has_begun else "primary")


def _standing(page: FirstDayPage) -> str:
    """Return who has begun, and who was invited."""
    if page.everybody:
        return tr("Everybody who has reps begins; your home tab stops with somebody.")
    zone = page.admin.timezone
    lines = [
        tr("{manager} began on {when}", manager=name(one.manager), when=moment(one.since, zone))
        if one.has_begun
        else tr(
            "{manager} was invited on {when} and hasn't answered yet",
            manager=name(one.manager),
            when=moment(one.since, zone),
        )
        for one in page.invited[:NAMED]
    ]
    if len(page.invited) > NAMED:
        lines.append(tr("{n} more", n=len(page.invited) - NAMED))
    return f"{'; '.join(lines)}."


def _step(which: int, title: str, said: str, *buttons: Block, done: bool) -> _Step:
    """Return a step; whether it is done is a word, never only a sign."""
    state = tr("done") if done else tr("to do")
    line = section(f"*{which}. {title}* ({state}): {said}")
    return _Step(done, (line, *([actions(*buttons)] if buttons else [])))


def _links() -> Block:
    return context(
        tr("`/cadence setup` shows this again, `/cadence invite @manager` invites. Secrets are never typed into Slack.")
    )


def sources_form(ways: Sequence[tuple[str, str]]) -> View:
    """Show from where deals can come: (name, how), each with the exact command, for nothing secret is typed here."""
    return form(
        CallbackId.SOURCES,
        tr("Where deals come from"),
        [
            section(
                tr(
                    "Type one of these on the machine where I run. Keys and passwords are asked for there and kept "
                    "sealed: never send them in Slack. Everything is only read."
                )
            ),
            *(section(f"{bold(title)}\n{shown(how)}") for title, how in ways),
            context(tr("docs/sources.md says what each needs; afterwards `/cadence doctor` says whether all is well.")),
        ],
        close=tr("Close"),
    )


WAYS = (  # no words: names of products stay as they are; all else is said
    (
        say("Files"),
        say("`cadence import FOLDER`, again whenever they change; `cadence example FOLDER` writes some to start from."),
    ),
    ("HubSpot", say("`cadence connect hubspot`: a service key, made in Settings, Integrations.")),
    ("Pipedrive", say("`cadence connect pipedrive`: an API token of a user who sees all deals.")),
    ("Salesforce", say("`cadence connect salesforce`: an external client app with the client credentials flow.")),
    (say("A database"), say("`cadence connect sql`: views in your own database or warehouse.")),
    (
        say("A folder that is read by itself"),
        say("`cadence connect csv`: the same files, where another program writes them."),
    ),
)
"""How each source is connected; before the first of them CADENCE_SECRET_KEYS has to be set."""
