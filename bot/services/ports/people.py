"""Who people are, how Slack knows them, when they are away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from bot.coaching.records import Leave, Person, PersonId, WorkingHours


@dataclass(frozen=True, slots=True)
class SlackAccount:
    """How a person is known in Slack. ``zone`` is what Slack says (IANA) and overrides the records' zone.

    ``as_of`` is when Slack last changed anything of the account, to the second; None where Slack didn't say.
    ``locale`` is the language the person chose in Slack ("de-DE"); None is not said.
    """

    person: PersonId
    user: str
    zone: str | None = None
    deleted: bool = False
    as_of: datetime | None = field(default=None, compare=False)
    locale: str | None = None

    def confirms(self, known: SlackAccount | None) -> bool:
        """Whether Slack said of another moment that the account is as it is known."""
        return self == known and self.as_of is not None and self.as_of != known.as_of

    def is_older_than(self, known: SlackAccount) -> bool:
        """Whether Slack has said something newer of the same account."""
        return (
            self.user == known.user and self.as_of is not None and known.as_of is not None and self.as_of < known.as_of
        )


class People(Protocol):
    async def get(self, person: PersonId) -> Person | None: ...
    async def hold(self, *people: PersonId) -> None:
        """Let others who hold one of these people wait until this transaction ends: two plans would take the same time.

        Lock in this order, so that nobody waits for one another: a duty, its 1:1, then people, all of them at once.
        """

    async def several(self, people: Collection[PersonId]) -> dict[PersonId, Person]:
        """Those of them who are in the records; what is asked of them next, and of their accounts, is cheap."""

    async def all(self) -> tuple[Person, ...]:
        """Everybody, also those who left, by name."""

    async def by_team(self) -> tuple[PersonId, ...]:
        """Everybody's id, also those of who left; those who have one manager stand together."""

    async def reports_of(self, manager: PersonId) -> tuple[Person, ...]:
        """The active people whose manager this is, by name."""

    async def by_slack(self, user: str) -> Person | None: ...
    async def account_of(self, person: PersonId) -> SlackAccount | None: ...
    async def accounts(self) -> tuple[SlackAccount, ...]: ...
    async def link(self, *accounts: SlackAccount) -> None:
        """Insert or replace people's accounts; a zone also becomes the person's time zone when given.

        A Slack user who was somebody else's is this person's from then on, and of two given here the later one's.
        """

    async def seen(self, accounts: Collection[SlackAccount]) -> None:
        """Keep as of when accounts are as they are known."""

    async def unmatched(self) -> int:
        """How many active people have no live account in Slack."""

    async def hours_of(self, manager: PersonId) -> WorkingHours | None: ...
    async def set_hours(self, manager: PersonId, hours: WorkingHours) -> None: ...
    async def leave_of(self, *people: PersonId) -> tuple[Leave, ...]:
        """By first day."""

    async def add_leave(self, leave: Leave) -> None: ...
    async def remove_leave(self, person: PersonId, first: date, last: date) -> bool:
        """False where there is no leave of just these days."""

    async def made(self) -> Mapping[PersonId, str]:
        """Whose record was made of which source, connected or left, and follows it; who was imported isn't in it."""

    async def keep_made(self, people: Collection[PersonId], of: str | None) -> None:
        """Let these records be made of a source, or, with None, be the company's own."""

    async def unsay(self, source: str) -> None:
        """Take from the records made of a source the manager, the quota, the commission and what isn't the own awesome.

        Only the source, or nobody, said these; who they are stays.
        """

    async def make_admin(self, person: PersonId) -> None: ...
    async def set_awesome(self, person: PersonId, amount: float | None) -> None: ...


class Directory(Protocol):
    """Who has an account in Slack. Asking goes over the network, so never inside a transaction."""

    async def accounts(
        self, people: Collection[Person], known: Collection[SlackAccount] = (), *, patient: bool = True
    ) -> tuple[SlackAccount, ...]:
        """Return the accounts of those who are found by their e-mail address, or else by the account in ``known``.

        Who isn't ``patient`` has others wait for the answer: a long rest that Slack asks for isn't waited out.
        Raises CadenceError when Slack doesn't answer.
        """

    async def is_person(self, user: str) -> bool:
        """Whether a live account is a human's and no app's. Raises TryLaterError when Slack doesn't answer soon."""
