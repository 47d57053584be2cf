"""Which account in Slack is whose, said by an admin: the form, and what it says when it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.coaching.records import Person, PersonId
from bot.views.blocks import (
    MOST_OPTIONS,
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
from bot.views.mrkdwn import bold
from bot.views.speaking import tr, tr_many


@dataclass(frozen=True, slots=True)
class Filled:
    """What was chosen: one of our people and a Slack user id, "" where nothing was."""

    person: PersonId
    user: str


def modal(people: Sequence[Person]) -> View:
    """Return the form for the people whom Slack doesn't know by their address; there is one at least."""
    more = len(people) - MOST_OPTIONS
    return form(
        CallbackId.ACCOUNT,
        tr("Whose account is it?"),
        [
            section(
                tr_many(
                    "Slack has no account with the address of {n} person, who therefore have no 1:1s. Where the "
                    "account "
                    "has another address, say here whose it is.",
                    "Slack has no account with the address of {n} people, who therefore have no 1:1s. Where the "
                    "account "
                    "has another address, say here whose it is.",
                    len(people),
                )
            ),
            *(
                [
                    context(
                        tr("The first {most} by name are listed; {n} more follow as you go.", most=MOST_OPTIONS, n=more)
                    )
                ]
                if more > 0
                else []
            ),
            field(
                BlockId.CHOICE,
                tr("Who of your people?"),
                menu(tr("Choose a person"), [(_option(one), one.id) for one in people]),
            ),
            field(
                BlockId.PERSON,
                tr("Which account in Slack?"),
                user_input(tr("Choose an account")),
                hint=tr("Look twice: what I write to this person goes to that account."),
            ),
        ],
        submit=tr("Save"),
    )


def _option(person: Person) -> str:
    return f"{unmarked(person.name)}, {unmarked(person.email)}"


def parse(view: View) -> Filled:
    """Return what was chosen."""
    return Filled(
        PersonId(read_choice(view, BlockId.CHOICE)),
        read_field(view, BlockId.PERSON, ActionId.USER, "selected_user"),
    )


def done(person: Person, *, meets: bool) -> View:
    """Say whose the account is now, and from when it counts; ``meets``: has somebody to have 1:1s with."""
    line = tr(
        "That account is {person} from now on; nobody is set as their manager, so no 1:1 is planned yet: add "
        "manager_email to people.csv.",
        person=bold(person.name),
    )
    if meets:
        line = tr("That account is {person} from now on; 1:1s are planned within minutes.", person=bold(person.name))
    return form(
        CallbackId.ACCOUNT_KEPT,
        tr("Saved"),
        [
            section(line),
            context(
                tr(
                    "If that is wrong, put the right address into people.csv and import it: an account with that "
                    "address goes first."
                )
            ),
        ],
        close=tr("Close"),
    )
