"""Whom somebody means and what is to be done, from what they typed after a slash command."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from bot.coaching.records import Person, PersonId
from bot.coaching.said import listed_or, say
from bot.coaching.typed_days import without_days
from bot.errors import BadInputError
from bot.services import access
from bot.services.office import Office
from bot.services.ports import Transaction
from bot.services.spoken import FILLERS, Reading, Spoken, plain, spoken
from bot.views.speaking import speak_with

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a command understands."""

    command: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Asked:
    """``about`` is None for the asker, also for who names nobody but oneself."""

    verb: str
    about: PersonId | None
    rest: str

    @property
    def is_own(self) -> bool:
        return self.about is None


class Addressing:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def greet(self, user: str) -> None:
        """Speak the language of whoever asks something that needs no permission, and English with a stranger."""
        async with self._office.store.reading() as tx:
            speak_with(await tx.people.by_slack(user))

    async def read(self, user: str, mentions: Sequence[str], words: str, grammar: Grammar) -> Asked:
        """Return what is asked. Raises BadInputError for words without a meaning here and a name that several have.

        A typed name is looked for among those the asker may see, so that it tells of nobody else; a mention may be
        anybody's, and whoever answers checks it.
        """
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            seen = () if mentions else (asker, *await tx.people.reports_of(asker.id))
            said = spoken(words, grammar.reading, seen)
            self._check(said, words, grammar)
            about = await self._about(tx, asker, mentions, said, grammar.command)
            return Asked(said.verb, about, said.rest)

    def _check(self, said: Spoken, words: str, grammar: Grammar) -> None:
        reading = grammar.reading
        rest = without_days(said.rest) if said.verb in reading.dated else said.rest
        meant = [word for word in rest.split() if plain(word) not in FILLERS]
        if meant and said.verb not in reading.free:
            shown = textwrap.shorten(words, 80, placeholder="…")
            raise BadInputError(
                say(
                    "I don't know '{words}' here: it names none of your people and nothing I can do. Mention "
                    "somebody with @, or type {command} help.",
                    words=shown,
                    command=grammar.command,
                )
            )

    async def _about(
        self, tx: Transaction, asker: Person, mentions: Sequence[str], said: Spoken, command: str
    ) -> PersonId | None:
        if mentions:
            found = (await access.mentioned(tx, mentions[0])).id
            return None if found == asker.id else found
        if len(said.people) > 1:
            typed = f"{command} {said.verb}".strip()
            ways = [f"{typed} {person.name or person.email}" for person in said.people[:MOST_NAMED]]
            raise BadInputError(
                say("Which one do you mean? Type {ways}, or mention them with @.", ways=listed_or(ways))
            )
        about = next((person.id for person in said.people), None)
        return None if about == asker.id else about
