"""HubSpot's records as the port's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.coaching.records import DealStatus
from bot.coaching.said import say
from bot.crm.hubspot.values import Properties, needed_instant
from bot.services.source import (
    Need,
    Page,
    Problem,
    SourceDeal,
    SourceField,
    SourcePerson,
    SourceStage,
    StageMove,
)
from bot.vendors.misread import no_number
from bot.vendors.shape import Shape

DEAL_PROPERTIES = (
    "dealname",
    "hubspot_owner_id",
    "dealstage",
    "amount",
    "deal_currency_code",
    "createdate",
    "closedate",
    "hs_lastmodifieddate",
    "hs_is_closed",
    "hs_is_closed_won",
    "hs_v2_date_entered_current_stage",
    "closed_lost_reason",
    "hs_merged_object_ids",
)
"""All that is ever read of a deal, beside the fields that the playbook maps."""


def person(record: Shape) -> SourcePerson:
    email = (record.maybe_text("email") or "").strip().lower()
    names = (record.maybe_text("firstName"), record.maybe_text("lastName"))
    name = " ".join(part.strip() for part in names if part and part.strip())
    teams = record.maybe_objects("teams")
    primary = next((team for team in teams if team.flag("primary")), None)
    return SourcePerson(  # no words: names, of which the CRM may have none
        id=record.text("id"),
        name=name or email or f"Owner {record.text('id')}",
        email=email,
        active=not record.flag("archived"),
        team="" if primary is None else primary.text("name"),
    )


def stages(pipeline: Shape, problems: list[Problem]) -> list[SourceStage]:
    """Return the stages of one pipeline, in order."""
    found = sorted(pipeline.objects("stages"), key=lambda stage: stage.number("displayOrder"))
    return [_stage(stage, position, pipeline, problems) for position, stage in enumerate(found)]


def _stage(stage: Shape, position: int, pipeline: Shape, problems: list[Problem]) -> SourceStage:
    said = stage.inner("metadata")
    written = said.maybe_text("probability") or ""
    probability = None
    try:
        probability = float(written) if written else None
    except ValueError:
        problems.append(Problem(Need.STAGES, stage.text("id"), "probability", no_number(written[:40])))
    if probability is not None and not 0 <= probability <= 1:
        words = say("'{text}' isn't from 0 to 1", text=written[:40])
        problems.append(Problem(Need.STAGES, stage.text("id"), "probability", words))
        probability = None
    status = DealStatus.OPEN
    if (said.maybe_text("isClosed") or "").lower() == "true":
        status = DealStatus.WON if probability == 1 else DealStatus.LOST
    return SourceStage(
        id=stage.text("id"),
        name=stage.text("label"),
        pipeline=pipeline.text("id"),
        pipeline_name=pipeline.text("label"),
        position=position,
        probability=probability,
        status=status,
        archived=stage.flag("archived") or pipeline.flag("archived"),
    )


def deals(
    records: Collection[Shape],
    cursor: str | None,
    *,
    zone: ZoneInfo,
    meaning: Mapping[str, DealStatus],
    fields: Collection[str],
) -> Page[SourceDeal]:
    """Return a page of deals. ``meaning`` says of each stage's id what being in it means."""
    problems: list[Problem] = []
    found = [_deal(record, zone, meaning, fields, problems) for record in records]
    return Page(tuple(found), cursor, tuple(problems))


def _deal(
    record: Shape,
    zone: ZoneInfo,
    meaning: Mapping[str, DealStatus],
    fields: Collection[str],
    problems: list[Problem],
) -> SourceDeal:
    said = Properties(record, Need.DEALS, problems)
    stage = said.text("dealstage")
    status = _status(said, meaning.get(stage, DealStatus.OPEN))
    closes = said.day("closedate", zone)
    return SourceDeal(  # no words: names, of which the CRM may have none
        id=said.id,
        name=said.text("dealname") or f"Deal {said.id}",
        status=status,
        owner=said.text("hubspot_owner_id"),
        stage=stage,
        amount=said.amount("amount"),
        currency=said.text("deal_currency_code").upper(),
        started=said.instant("createdate") or needed_instant(record, "createdAt"),
        closed=None if status is DealStatus.OPEN else closes,
        expected_close=closes if status is DealStatus.OPEN else None,
        stage_since=said.instant("hs_v2_date_entered_current_stage"),
        modified=said.instant("hs_lastmodifieddate") or needed_instant(record, "updatedAt"),
        lost_reason=said.text("closed_lost_reason"),
        absorbed=tuple(one for one in said.text("hs_merged_object_ids").split(";") if one and one != said.id),
        fields={name: text for name in fields if (text := said.text(name))},
    )


def _status(said: Properties, by_stage: DealStatus) -> DealStatus:
    """Return what HubSpot computed; a deal for which it didn't is as its stage says."""
    if not said.text("hs_is_closed") and not said.text("hs_is_closed_won"):
        return by_stage
    if said.flag("hs_is_closed_won"):
        return DealStatus.WON
    return DealStatus.LOST if said.flag("hs_is_closed") else DealStatus.OPEN


def moves(record: Shape) -> list[StageMove]:
    """Return each stage a deal entered, of a record that was asked for with history."""
    history = record.maybe_inner("propertiesWithHistory")
    entries = () if history is None else history.maybe_objects("dealstage")
    return [
        StageMove(record.text("id"), stage, needed_instant(entry, "timestamp"))
        for entry in entries
        if (stage := entry.maybe_text("value"))
    ]


def deal_field(record: Shape) -> SourceField | None:
    """Return a field that can be mapped, None for one that is hidden or archived."""
    if record.flag("hidden") or record.flag("archived"):
        return None
    return SourceField(record.text("name"), record.text("label"), record.maybe_text("type") or "")


def deleted_at(record: Shape) -> datetime | None:
    return needed_instant(record, "archivedAt") if record.maybe_text("archivedAt") else None
