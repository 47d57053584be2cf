"""Which verifiers a source gives: by the playbook's key, or by the fields that the playbook maps."""

from __future__ import annotations

from datetime import date, datetime

from bot.coaching.playbook import EvidenceField, Playbook
from bot.coaching.records import DealId, Verifier
from bot.coaching.said import say
from bot.services.ports.sync import FreshDeal

NO = frozenset({"", "0", "false", "no", "none", "n/a", "-"})
"""What a field says that isn't given."""
_LONGEST = 200


def mapped_fields(playbook: Playbook) -> frozenset[str]:
    """Return the names of all fields that the playbook maps to verifiers."""
    kinds = (kind for stage in playbook.stages for kind in stage.toll)
    return frozenset(name for kind in kinds if kind.field is not None for name in kind.field.names)


def verifiers_of(deal: FreshDeal, playbook: Playbook, title: str, on: date) -> tuple[Verifier, ...]:
    """Return what holds of a deal by its source as of the day ``on``.

    The day it was given is what a field says, or the mapped field's own date unless that is still to come; else the
    day it has been standing since, else the day the deal was changed. Who gave it is the source's field where none
    says more.
    """
    found = {
        (one.key, one.given_on): Verifier(
            DealId(deal.id), one.key, one.given_by, one.given_on, one.link, one.expires_on, one.withdrawn_on
        )
        for one in deal.given
    }
    for stage in playbook.stages:
        for kind in stage.toll:
            if kind.field is not None and _is_given(deal, kind.field):
                one = _verifier(deal, kind.key, kind.field, title, on)
                found.setdefault((one.key, one.given_on), one)
    return tuple(found.values())


def field_itself(title: str, field: str) -> str:
    """Return who gave what a field says where no other field says who."""
    return say("{source}'s field {field}", source=title, field=field)


def _is_given(deal: FreshDeal, field: EvidenceField) -> bool:
    said = deal.fields.get(field.name, "").strip().casefold()
    if field.one_of:
        return said in {value.casefold() for value in field.one_of}
    return said not in NO


def _verifier(deal: FreshDeal, key: str, field: EvidenceField, title: str, on: date) -> Verifier:
    link = deal.fields.get(field.link, "")
    return Verifier(
        deal=DealId(deal.id),
        key=key,
        given_by=deal.fields.get(field.by, "")[:_LONGEST] or field_itself(title, field.name),
        given_on=_given_on(deal, key, field, on),
        link=link if link.startswith(("https://", "http://")) else "",
        expires_on=_day(deal.fields.get(field.until, "")),
    )


def _given_on(deal: FreshDeal, key: str, field: EvidenceField, on: date) -> date:
    for name in (field.on, field.name):
        said = _day(deal.fields.get(name, ""))
        if said is not None and said <= on:
            return said
    return deal.standing.get(key) or min(deal.changed_on or on, on)


def _day(text: str) -> date | None:
    """Read a day, or the day of an instant; None for anything else."""
    try:
        return datetime.fromisoformat(text.strip()).date()
    except ValueError:
        return None
