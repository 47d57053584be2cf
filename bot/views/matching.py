"""Who of a source is who of ours, said by an admin: the form, and what it says when it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.coaching.records import Person
from bot.views.blocks import (
    MOST_OPTIONS,
    Block,
    View,
    context,
    field,
    form,
    menu,
    read_choice,
    read_field,
    section,
    unmarked,
    user_input,
)
from bot.views.ids import ActionId, BlockId, CallbackId
from bot.views.mrkdwn import bold, esc
from bot.views.speaking import tr, tr_many

LONGEST_OPTION = 75
LONGEST_NAME = 35


@dataclass(frozen=True, slots=True)
class Theirs:
    """Somebody of a source. ``email`` is "" where it says none; ``ours`` is who that is of our people, "" nobody."""

    id: str
    name: str
    email: str = ""
    ours: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was chosen, "" where nothing was.

    ``who`` and ``forgotten`` are ids of the source's people, ``user`` is a Slack user id.
    """

    who: str
    user: str
    forgotten: str


def modal(key: str, title: str, nobody: Sequence[Theirs], said: Sequence[Theirs]) -> View:
    """Return the form for one source: who is ``nobody`` of ours, and of whom an admin ``said`` who that is.

    ``key`` is the source's word in commands. One of the two has somebody at least.
    """
    return form(
        CallbackId.MATCH,
        tr("Who is who"),
        [
            section(_opening(title, len(nobody))),
            *(_to_say(key, nobody, alone=not said) if nobody else ()),
            *(_to_forget(key, said, alone=not nobody) if said else ()),
        ],
        submit=tr("Save"),
        metadata=key,
    )


def _opening(title: str, nobody: int) -> str:
    if not nobody:
        return tr("{source}: everybody who owns something there is matched to one of your people.", source=bold(title))
    return tr_many(
        "{source}: one person owns deals or goals there and isn't matched to anybody in Slack, so these are in "
        "nobody's 1:1.",
        "{source}: {n} people own deals or goals there and aren't matched to anybody in Slack, so these are in "
        "nobody's "
        "1:1.",
        nobody,
        source=bold(title),
    )


def _to_say(key: str, nobody: Sequence[Theirs], *, alone: bool) -> list[Block]:
    more = len(nobody) - MOST_OPTIONS
    return [
        *(
            [context(tr("The first {most} by name are listed; {n} more follow as you go.", most=MOST_OPTIONS, n=more))]
            if more > 0
            else []
        ),
        field(
            BlockId.CHOICE,
            tr("Who is it there?"),
            menu(tr("Choose a person"), [(_option(one), one.id) for one in nobody]),
            optional=not alone,
        ),
        field(
            BlockId.PERSON,
            tr("Who of your people is that?"),
            user_input(tr("Choose an account in Slack")),
            hint=tr(
                "It counts from the next sync on. For somebody without Slack: cadence match {key} ID EMAIL", key=key
            ),
            optional=not alone,
        ),
    ]


def _option(one: Theirs) -> str:
    """Return name, address and id, of which the id stays whole: names may be alike."""
    address = f", {unmarked(one.email)}" if one.email else ""
    tail = f" (id {one.id})"
    return f"{_cut(f'{unmarked(one.name)}{address}', max(LONGEST_OPTION - len(tail), 1))}{tail}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _to_forget(key: str, said: Sequence[Theirs], *, alone: bool) -> list[Block]:
    options = [
        (tr("{name} is {ours}", name=_cut(unmarked(one.name), LONGEST_NAME), ours=unmarked(one.ours)), one.id)
        for one in said
    ]
    hint = tr("From the next sync on I go by that person's e-mail address again.")
    if len(said) > MOST_OPTIONS:
        way = tr("For who isn't listed: cadence match {key} ID --forget", key=key)
        hint = f"{hint} {way}"
    return [
        field(
            BlockId.FORGOTTEN,
            tr("Is one of these wrong?"),
            menu(tr("Choose whom to take back"), options),
            hint=hint,
            optional=not alone,
        )
    ]


def parse(view: View) -> Filled:
    """Return what was chosen."""
    return Filled(
        who=read_choice(view, BlockId.CHOICE),
        user=read_field(view, BlockId.PERSON, ActionId.USER, "selected_user"),
        forgotten=read_choice(view, BlockId.FORGOTTEN),
    )


def done(title: str, said: tuple[str, Person] | None, forgotten: str | None) -> View:
    """Say what is kept now and from when it counts; ``said`` is a name there and who that is, ``forgotten`` a name."""
    lines = []
    if said is not None:
        lines.append(tr("From the next sync on {name} is {ours}.", name=bold(said[0]), ours=bold(said[1].name)))
    if forgotten is not None:
        lines.append(
            tr(
                "From the next sync on I go by the e-mail address of {name} again; until then your home tab may list "
                "that name as nobody of yours.",
                name=bold(forgotten),
            )
        )
    return form(
        CallbackId.MATCHED,
        tr("Saved"),
        [
            section(*lines),
            context(tr("{source} is read again by itself; `cadence sync` reads it now.", source=esc(title, 80))),
        ],
        close=tr("Close"),
    )
