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
from bot.views.mrkdwn import bold, plural


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
        "Whose account is it?",
        [
            section(
                f"Slack has no account with the address of {plural(len(people), 'person', 'people')}, who therefore "
                "have no 1:1s. Where the account has another address, say here whose it is."
            ),
            *(
                [context(f"The first {MOST_OPTIONS} by name are listed; {more} more follow as you go.")]
                if more > 0
                else []
            ),
            field(
                BlockId.CHOICE,
                "Who of your people?",
                menu("Choose a person", [(_option(one), one.id) for one in people]),
            ),
            field(
                BlockId.PERSON,
                "Which account in Slack?",
                user_input("Choose an account"),
                hint="Look twice: what I write to this person goes to that account.",
            ),
        ],
        submit="Save",
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
    then = (
        "1:1s are planned within minutes"
        if meets
        else "nobody is set as their manager, so no 1:1 is planned yet: add manager_email to people.csv"
    )
    return form(
        CallbackId.ACCOUNT_KEPT,
        "Saved",
        [
            section(f"That account is {bold(person.name)} from now on; {then}."),
            context(
                "If that is wrong, put the right address into people.csv and import it: an account with that address "
                "goes first."
            ),
        ],
        close="Close",
    )
