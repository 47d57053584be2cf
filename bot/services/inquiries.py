"""Answers what a rep's pipeline and the own "awesome" look like, from numbers made at the asking."""

from __future__ import annotations

import re
import textwrap

from bot.coaching.playbook import Playbook
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Person, PersonId
from bot.coaching.said import joined, say
from bot.errors import BadInputError
from bot.services import access
from bot.services.office import Office
from bot.services.publication import Publication

AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?[km]?")
HOW = say("Write it like this: /awesome set 250k (your own figure for a year, in dollars).")
DECIMAL_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]{1,2}[km]?$)")
"""Three digits after a comma are thousands, fewer are a fraction: "1,2m" is 1.2 million."""
THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,(?:[0-9]{2}|-))?")
"""A German number of thousands, cents left out; nobody means less than 1,000 by it."""
BESIDES = re.compile(r"^(?:to|auf)\s+|\b(?:us-?)?dollars?\b|\busd\b|\b(?:a|per|im|pro)\s+(?:year|jahr)\b")
"""Words beside an amount that say nothing new."""
LEAST_AWESOME, MOST_AWESOME = 1e3, 1e12


class Inquiries:
    def __init__(self, office: Office, publication: Publication) -> None:
        self._office = office
        self._publication = publication

    async def pipeline(self, user: str, about: PersonId | None) -> tuple[Person, PreRead]:
        """Return the numbers of the asker, or of one of the asker's reps."""
        async with self._office.store.transaction() as tx:
            rep = await access.own_or_report(tx, user, about)
            meeting = await tx.meetings.open_of(rep.id)
            day = None if meeting is None else meeting.appointment.day
            return rep, await self._publication.agenda(tx, rep, day, self._office.hours.minutes)

    async def awesome(self, user: str, about: PersonId | None) -> tuple[Person, PreRead]:
        """Return what the rep's own "awesome" takes."""
        return await self.pipeline(user, about)

    @property
    def playbook(self) -> Playbook:
        """The company's own model, which a path to awesome is told by."""
        return self._office.playbook

    async def set_awesome(self, user: str, words: str) -> tuple[Person, PreRead]:
        """Keep the asker's own yearly figure. Raises BadInputError when the words are no amount."""
        amount = parse_money(words)
        async with self._office.store.transaction() as tx:
            rep = await access.own_or_report(tx, user, None)
            await tx.people.set_awesome(rep.id, amount)
            await tx.homes.mark(rep.id, at=self._office.clock.now())
        return await self.pipeline(user, None)


def parse_money(words: str) -> float:
    """Read "$250,000", "250k" or "1.2m" as dollars per year.

    German writing is read too: "250.000", "1,2 Mio.", "250 Tausend Dollar im Jahr". Raises BadInputError for anything
    else, and for less than 1,000: who types "250" means thousands.
    """
    if not words.strip():
        raise BadInputError(joined((say("Say how much."), HOW)))
    bare = re.sub(r"[\s$_]", "", BESIDES.sub("", words.lower()))
    bare = re.sub(r"(?:tsd\.?|tausend|t)$", "k", re.sub(r"mio\.?$|million(?:en)?$", "m", bare))
    if THOUSANDS.fullmatch(bare):
        bare = bare.partition(",")[0].replace(".", "")
    bare = DECIMAL_COMMA.sub(".", bare).replace(",", "")
    said = textwrap.shorten(words, 80, placeholder="…")
    if AMOUNT.fullmatch(bare) is None:
        raise BadInputError(joined((say("'{said}' isn't an amount I can read.", said=said), HOW)))
    amount = float(bare.rstrip("km")) * {"k": 1e3, "m": 1e6}.get(bare[-1], 1.0)
    if not LEAST_AWESOME <= amount < MOST_AWESOME:
        raise BadInputError(joined((say("'{said}' can't be a figure for a year as I read it.", said=said), HOW)))
    return amount
