"""What is had as a whole, in the house's records, as a source that is read again and again."""

from __future__ import annotations

import asyncio
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from bot.coaching.records import Deal, DealId, Person, Records, Verifier
from bot.coaching.said import say
from bot.crm.paged import paged
from bot.services.ports import Clock
from bot.services.source import (
    Account,
    ActivityCount,
    Days,
    Given,
    GoneDeal,
    Need,
    Page,
    SourceDeal,
    SourceField,
    SourceGoal,
    SourcePerson,
    SourceStage,
    StageMove,
)
from bot.services.source_errors import Fault, SourceError

PAGE = 500


class RecordsSource:
    """The records are read, and refused whole if anything is wrong, when the account is asked for: once for each sync.

    Every deal is given each time, for the records don't say what changed; one that is no longer there has vanished.
    ``read`` may take its time: it runs in a thread.
    """

    needs = frozenset({Need.PEOPLE, Need.STAGES, Need.DEALS, Need.HISTORY, Need.ACTIVITIES, Need.GOALS})
    history_batch = PAGE
    knows_starts = True

    def __init__(self, name: str, title: str, read: Callable[[], Records], clock: Clock) -> None:
        self.name = name
        self.title = title
        self._read_all = read
        self._clock = clock
        self._records: Records | None = None

    async def account(self) -> Account:
        """Raises BadInputError with every problem's place and remedy."""
        self._records = await asyncio.to_thread(self._read_all)
        return Account(now=self._clock.now(), closings_known_since=self._records.closings_known_since)

    async def people(self) -> AsyncIterator[Page[SourcePerson]]:
        for page in paged([_person(one) for one in self._read().people], PAGE):
            yield page

    async def stages(self) -> Page[SourceStage]:
        """The records name stages and don't order them: they come as the deals first mention them."""
        first: dict[str, SourceStage] = {}
        for deal in self._read().deals:
            if deal.stage and deal.stage not in first:
                first[deal.stage] = SourceStage(deal.stage, deal.stage, position=len(first))
        return Page(tuple(first.values()))

    async def deals(self, since: datetime | None, cursor: str | None) -> AsyncIterator[Page[SourceDeal]]:  # noqa: ARG002
        records = self._read()
        given: defaultdict[DealId, list[Verifier]] = defaultdict(list)
        for verifier in records.verifiers:
            given[verifier.deal].append(verifier)
        last = {deal.id: deal for deal in records.deals}  # of two rows with an id the later modified comes last
        mark = f"{zlib.crc32(chr(10).join(last).encode()):08x}:"  # a place in other records is no place in these
        if cursor is not None and not cursor.startswith(mark):
            words = say("{source} has other deals than before: all are read again.", source=self.title)
            raise SourceError(Fault.CURSOR, words)
        place = None if cursor is None else cursor.removeprefix(mark)
        for page in paged([_deal(deal, given[deal.id]) for deal in last.values()], PAGE, place):
            yield page if page.cursor is None else replace(page, cursor=f"{mark}{page.cursor}")

    async def gone(self, since: datetime | None) -> AsyncIterator[Page[GoneDeal]]:  # noqa: ARG002
        yield Page(())

    async def history(self, deals: Collection[str]) -> AsyncIterator[Page[StageMove]]:
        wanted = frozenset(deals)
        entries = (entry for entry in self._read().stage_history if entry.deal in wanted)
        yield Page(tuple(StageMove(entry.deal, entry.stage, entry.entered) for entry in entries))

    async def activities(self, days: Days, zones: Mapping[str, tzinfo]) -> AsyncIterator[Page[ActivityCount]]:  # noqa: ARG002
        """The records' days are the reps' own already."""
        counts = [
            ActivityCount(one.rep, one.type, one.on, one.count, one.deal or "", one.contact)
            for one in self._read().activities
            if days.first <= one.on <= days.last
        ]
        for page in paged(counts, PAGE):
            yield page

    async def goals(self, days: Days) -> AsyncIterator[Page[SourceGoal]]:
        touching = (goal for goal in self._read().goals if goal.start <= days.last and goal.end >= days.first)
        goals = [SourceGoal(goal.rep, goal.start, goal.end, goal.amount, goal.currency) for goal in touching]
        for page in paged(goals, PAGE):
            yield page

    async def fields(self) -> Sequence[SourceField]:
        return ()

    async def close(self) -> None:
        self._records = None

    def _read(self) -> Records:
        if self._records is None:
            raise RuntimeError("the account is asked for first")
        return self._records


def _person(one: Person) -> SourcePerson:
    return SourcePerson(
        one.id, one.name, one.email, one.active, one.manager_id or "", one.team, one.timezone, record=one
    )


def _deal(one: Deal, verifiers: Sequence[Verifier]) -> SourceDeal:
    return SourceDeal(
        id=one.id,
        name=one.name,
        status=one.status,
        owner=one.owner,
        stage=one.stage,
        amount=one.amount,
        currency=one.currency,
        started=one.start,
        closed=one.close,
        expected_close=one.expected_close,
        modified=None,
        lost_reason=one.lost_reason,
        account=one.account,
        product=one.product,
        list_price=one.list_price,
        given=tuple(map(_given, verifiers)),
    )


def _given(one: Verifier) -> Given:
    return Given(one.key, one.given_by, one.given_on, one.link, one.expires_on, one.withdrawn_on)
