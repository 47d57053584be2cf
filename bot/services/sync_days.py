"""A source's deals with their days in the zone of whoever owns them."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo

from bot.coaching.records import DealStatus
from bot.services.ports.sync import StagedDeal, StagedMove
from bot.services.source import Account, SourceDeal, StageMove


def day_of(when: datetime | date | None, zone: tzinfo) -> date | None:
    """Return the day of an instant in ``zone``; a date is one already."""
    return when.astimezone(zone).date() if isinstance(when, datetime) else when


def staged(one: SourceDeal, zone: tzinfo, account: Account) -> StagedDeal:
    """Return the deal as it is kept.

    A closed deal for which the source says no day closed when it entered its stage, else when it was last changed: it
    is over in any case. An open one has no day on which it closed.
    """
    moved, modified = day_of(one.stage_since, zone), day_of(one.modified, zone)
    closed = day_of(one.closed, zone) or moved or modified
    return StagedDeal(
        id=one.id,
        name=one.name,
        status=one.status,
        owner=one.owner,
        stage=one.stage,
        amount=one.amount,
        currency=one.currency or account.currency,
        start=day_of(one.started, zone),
        close=None if one.status is DealStatus.OPEN else closed,
        expected_close=one.expected_close,
        moved=moved,
        modified=None if one.modified is None else one.modified.astimezone(UTC),
        modified_on=modified,
        lost_reason=one.lost_reason,
        account=one.account,
        product=one.product,
        list_price=one.list_price,
        absorbed=one.absorbed,
        fields=one.fields,
        given=one.given,
    )


def staged_move(one: StageMove, zone: tzinfo) -> StagedMove:
    return StagedMove(one.deal, one.stage, day_of(one.at, zone) or date.min)
