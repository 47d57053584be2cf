"""What a deal's customer has given and what is missing, verifier by verifier (specification, section 3)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.coaching.playbook import Playbook, VerifierKind
from bot.coaching.records import DealId, PersonId, Verifier
from bot.coaching.winning.verified_stage import is_paid


@dataclass(frozen=True, slots=True)
class Recording:
    """What one of our people said of a verifier at an instant: that a customer gave it, or that it no longer holds.

    ``verifier.withdrawn_on`` tells the two apart: it is None, or the day from which it doesn't hold.
    """

    verifier: Verifier
    by: PersonId
    at: datetime

    @property
    def was_given(self) -> bool:
        return self.verifier.withdrawn_on is None


@dataclass(frozen=True, slots=True)
class TollItem:
    """A verifier of the playbook on a day. ``counting`` is what counts for it, the newest first.

    ``lapsed`` is the newest that counted once and doesn't any more, None where one counts or none ever did.
    """

    kind: VerifierKind
    stage: str
    counting: tuple[Verifier, ...]
    lapsed: Verifier | None

    @property
    def may_be_given(self) -> bool:
        """Whether it is missing, or will be: what expires may be given anew before it does."""
        return not self.counting or all(_ends(known, self.kind) for known in self.counting)


def toll_items(playbook: Playbook, given: Sequence[Verifier], on: date, own: Container[str]) -> tuple[TollItem, ...]:
    """Return every verifier of the playbook in the order of its stages; ``given`` are those of one deal.

    ``own`` are the names of our own people, without case (see ``own_people``).
    """
    newest_first = sorted(given, key=lambda known: known.given_on, reverse=True)
    return tuple(_item(kind, stage.name, newest_first, on, own) for stage in playbook.stages for kind in stage.toll)


def _item(kind: VerifierKind, stage: str, given: Iterable[Verifier], on: date, own: Container[str]) -> TollItem:
    mine = [known for known in given if known.key == kind.key and known.given_on <= on]
    counting = tuple(known for known in mine if is_paid(kind, (known,), on, own))
    once = [known for known in mine if is_paid(kind, (known,), known.given_on, own)]
    return TollItem(kind, stage, counting, None if counting else next(iter(once), None))


def has_expired(kind: VerifierKind, given_on: date, on: date) -> bool:
    """Say whether what was given on a day counts no more by the playbook's own span."""
    return kind.expires_after_days is not None and given_on + timedelta(days=kind.expires_after_days) < on


def names_only_us(words: str, own: Container[str]) -> bool:
    """Say whether ``words`` name our own people and nobody else: "Ruth Adler", "Ruth Adler <ruth@example.com>"."""
    parts = (part.strip(" \"'.") for part in re.split(r"[<>()\[\],;/&]|\band\b", words.casefold()))
    named = [part for part in parts if part]
    return words.strip().casefold() in own or (bool(named) and all(part in own for part in named))


def news(recordings: Iterable[Recording]) -> tuple[Recording, ...]:
    """Return the last word on everything that is otherwise than before; ``recordings`` come oldest first.

    What was recorded and taken back again, or the other way round, is as it was.
    """
    said: dict[tuple[DealId, str, date], list[Recording]] = {}
    for one in recordings:
        said.setdefault((one.verifier.deal, one.verifier.key, one.verifier.given_on), []).append(one)
    return tuple(words[-1] for words in said.values() if words[0].was_given == words[-1].was_given)


def _ends(known: Verifier, kind: VerifierKind) -> bool:
    return known.expires_on is not None or kind.expires_after_days is not None
