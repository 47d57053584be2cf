"""Pipedrive's records as the port's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from zoneinfo import available_timezones

from bot.coaching.records import DealStatus
from bot.coaching.said import say
from bot.crm.pipedrive.values import CustomFields, instant, read
from bot.services.source import (
    GoneDeal,
    Need,
    Page,
    Problem,
    SourceDeal,
    SourceField,
    SourcePerson,
    SourceStage,
    StageMove,
)
from bot.vendors.misread import no_instant, no_percentage
from bot.vendors.shape import Shape

STAGE = "stage_id"
DELETED = "deleted"
_CLOSED = {DealStatus.WON: "won_time", DealStatus.LOST: "lost_time"}


def person(record: Shape) -> SourcePerson:
    zone = record.maybe_text("timezone_name") or ""
    identity = record.identity("id")
    email = (record.maybe_text("email") or "").strip().lower()
    return SourcePerson(  # no words: names, of which the CRM may have none
        id=identity,
        name=(record.maybe_text("name") or "").strip() or email or f"User {identity}",
        email=email,
        active=record.flag("active_flag", default=True) and not record.flag("is_deleted"),
        timezone=zone if zone in available_timezones() else "",
    )


def stages(pipelines: Iterable[Shape], found: Iterable[Shape], problems: list[Problem]) -> tuple[SourceStage, ...]:
    """Return the stages in their order. All are open: won and lost are of deals here, whatever stage they end in."""
    by_id = {one.identity("id"): one for one in pipelines}
    within: defaultdict[str, list[Shape]] = defaultdict(list)
    for stage in sorted(found, key=lambda one: one.number("order_nr")):
        within[stage.identity("pipeline_id")].append(stage)
    in_order = sorted(within, key=lambda one: by_id[one].maybe_number("order_nr") or 0 if one in by_id else 0)
    return tuple(
        _stage(stage, position, pipeline, by_id.get(pipeline), problems)
        for pipeline in in_order
        for position, stage in enumerate(within[pipeline])
    )


def _stage(record: Shape, position: int, pipeline: str, known: Shape | None, problems: list[Problem]) -> SourceStage:
    identity = record.identity("id")
    percent = record.maybe_number("deal_probability")
    if known is not None and not known.flag("is_deal_probability_enabled", default=True):
        percent = None  # it stands at 100 then and nobody means it
    if percent is not None and not 0 <= percent <= 100:  # noqa: PLR2004 - a percentage
        problems.append(Problem(Need.STAGES, identity, "deal_probability", no_percentage(percent)))
        percent = None
    return SourceStage(
        id=identity,
        name=record.text("name"),
        pipeline=pipeline,
        pipeline_name="" if known is None else known.text("name"),
        position=position,
        probability=None if percent is None else percent / 100,
        archived=record.flag("is_deleted") or (known is not None and known.flag("is_deleted")),
    )


def deals(records: Collection[Shape], cursor: str | None, fields: CustomFields) -> Page[SourceDeal]:
    """Return a page of deals; deleted ones, of which another list tells, are left out."""
    problems: list[Problem] = []
    found = [_deal(one, fields, problems) for one in records if one.text("status") != DELETED]
    return Page(tuple(found), cursor, tuple(problems))


def _deal(record: Shape, fields: CustomFields, problems: list[Problem]) -> SourceDeal:
    identity = record.identity("id")
    said = record.text("status")
    try:
        status = DealStatus(said)
    except ValueError:
        status = DealStatus.OPEN
        words = say("'{text}' is neither open, won nor lost", text=said[:40])
        problems.append(Problem(Need.DEALS, identity, "status", words))

    def at(key: str) -> datetime | None:
        return read(record, key, instant, Need.DEALS, problems)

    return SourceDeal(  # no words: names, of which the CRM may have none
        id=identity,
        name=(record.maybe_text("title") or "").strip() or f"Deal {identity}",
        status=status,
        owner=record.maybe_identity("owner_id"),
        stage=record.maybe_identity(STAGE),
        amount=record.maybe_number("value"),
        currency=(record.maybe_text("currency") or "").upper(),
        started=at("add_time"),
        closed=None if status is DealStatus.OPEN else at(_CLOSED[status]) or at("close_time"),
        expected_close=_expected(record, problems) if status is DealStatus.OPEN else None,
        stage_since=at("stage_change_time") or at("add_time"),
        modified=at("update_time"),
        lost_reason=(record.maybe_text("lost_reason") or "").strip(),
        fields=fields.shown(record),
    )


def _expected(record: Shape, problems: list[Problem]) -> date | None:
    return read(record, "expected_close_date", date.fromisoformat, Need.DEALS, problems)


def gone(records: Collection[Shape], cursor: str | None) -> Page[GoneDeal]:
    problems: list[Problem] = []
    found = [
        GoneDeal(one.identity("id"), read(one, "update_time", instant, Need.GONE, problems))
        for one in records
        if one.text("status") == DELETED or one.flag("is_deleted")
    ]
    return Page(tuple(found), cursor, tuple(problems))


def moves(deal: Shape, changes: Collection[Shape]) -> tuple[list[StageMove], list[Problem]]:
    """Return each stage a deal entered: where it was made, and its changes, which come newest first."""
    identity, problems, found = deal.identity("id"), list[Problem](), list[StageMove]()
    of_stage = [one for one in changes if one.text("field_key") == STAGE]
    first = (of_stage[-1].maybe_identity("old_value") if of_stage else "") or deal.maybe_identity(STAGE)
    made = read(deal, "add_time", instant, Need.HISTORY, problems)
    if first and made is not None:
        found.append(StageMove(identity, first, made))
    for change in reversed(of_stage):
        to, written = change.maybe_identity("new_value"), change.text("time")
        try:
            if to:
                found.append(StageMove(identity, to, instant(written)))
        except ValueError:
            problems.append(Problem(Need.HISTORY, identity, "time", no_instant(written[:40]), refused=True))
    return found, problems


def deal_field(record: Shape) -> SourceField:
    return SourceField(record.text("field_code"), record.text("field_name"), record.maybe_text("field_type") or "")


def labels(records: Iterable[Shape]) -> dict[tuple[str, str], str]:
    """Return what each option of each field is called, by the field's code and the option's id."""
    return {
        (one.text("field_code"), option.identity("id")): option.text("label")
        for one in records
        for option in one.maybe_objects("options")
    }
