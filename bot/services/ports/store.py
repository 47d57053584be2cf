"""The database as one transaction sees it."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.coaching.records import PersonId
from bot.services.ports.calendars import CalendarEntries, TakenTimes
from bot.services.ports.checkups import Checkups
from bot.services.ports.duties import Duties
from bot.services.ports.facts import Evidence, Facts
from bot.services.ports.feeds import CalendarFeeds
from bot.services.ports.forecasts import Forecasts
from bot.services.ports.goals import Goals
from bot.services.ports.inbox import Inbox
from bot.services.ports.invitations import Invitations
from bot.services.ports.meetings import Meetings
from bot.services.ports.messages import Homes, Outbox
from bot.services.ports.people import People
from bot.services.ports.rhythm import Cadences, MarketProposals, Standings
from bot.services.ports.sync import Connections, Syncs
from bot.services.ports.troubles import Troubles


class Transaction(Protocol):
    """Everything in it commits together when the block ends, and nothing does when it raises."""

    async def ahead(self, people: Collection[PersonId]) -> None:
        """Make it cheap to look at many: read now who they and their managers are and what is open for them.

        What is put from now on is written together. Every answer is the same as without it.
        """

    async def ahead_of_plans(self, people: Collection[PersonId], messages: Collection[str]) -> None:
        """Make it cheap to plan for many: read also what decides when they meet.

        ``messages`` are the keys under which messages may be put. Every answer is the same as without it.
        """

    people: People
    facts: Facts
    evidence: Evidence
    meetings: Meetings
    goals: Goals
    cadences: Cadences
    forecasts: Forecasts
    market_proposals: MarketProposals
    standings: Standings
    invitations: Invitations
    checkups: Checkups
    calendar_feeds: CalendarFeeds
    calendar_entries: CalendarEntries
    taken_times: TakenTimes
    connections: Connections
    syncs: Syncs
    duties: Duties
    homes: Homes
    outbox: Outbox
    inbox: Inbox
    troubles: Troubles


class Store(Protocol):
    @property
    def writers(self) -> int:
        """In how many transactions at once much is written fastest: one where the others would only wait."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]: ...
    def reading(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction that only reads, all of it as of one instant, and that no other waits for."""
