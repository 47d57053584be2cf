"""What a deal's customer has given: the form to record it, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.coaching.records import Deal, DealId, Verifier
from bot.coaching.winning.evidence import TollItem
from bot.coaching.winning.verified_stage import Standing
from bot.views.blocks import (
    Block,
    View,
    button,
    context,
    date_input,
    field,
    form,
    link_input,
    menu,
    packed,
    read_choice,
    read_day,
    read_field,
    section,
    text_input,
    with_button,
)
from bot.views.ids import ActionId, BlockId, CallbackId, verifier_value
from bot.views.mrkdwn import bold, day, esc, link

NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in. ``verifier`` is a key and ``ended`` a ``verifier_value``; "" or None is nothing."""

    verifier: str
    given_by: str
    given_on: date | None
    link: str
    ended: str


def recordable(block: Block, deal: DealId) -> Block:
    """Put the button that opens the form beside what a rep reads of an own deal."""
    return with_button(block, button("Record evidence", ActionId.EVIDENCE_RECORD, deal))


def modal(deal: Deal, stands: Standing, items: Sequence[TollItem], today: date) -> View:
    """Return the form for one deal: what its customer gave, what is missing, and the fields for what is new.

    ``items`` are the playbook's verifiers in the order of its stages, so that the next toll comes first.
    """
    open_ = [item for item in items if item.may_be_given]
    counting = [(item, known) for item in items for known in item.counting]
    fields = [*(_to_record(open_, today) if open_ else ()), *(_to_end(counting, alone=not open_) if counting else ())]
    return form(
        CallbackId.EVIDENCE,
        "Record evidence",
        [
            section(bold(deal.name), _where(deal, stands)),
            *_listed("The customer gave", [_given(item, known) for item, known in counting], "nothing that counts yet"),
            *_listed("Still missing", [_missing(item, today) for item in items if not item.counting], "nothing"),
            *fields,
        ],
        submit="Record" if fields else "",
        close="Cancel" if fields else "Close",
        metadata=deal.id,
    )


def _where(deal: Deal, stands: Standing) -> str:
    marked = f"Marked {esc(deal.stage, 80)} in the CRM; " if deal.stage.strip() else "No stage in the CRM; "
    return f"{marked}{_verified(stands)}."


def _verified(stands: Standing) -> str:
    return f"verified as {esc(stands.verified_name, 80)}" if stands.verified_name else "no stage is verified yet"


def _listed(heading: str, lines: Sequence[str], nothing: str) -> list[Block]:
    return packed([f"*{heading}*" if lines else f"*{heading}*: {nothing}.", *lines], sections=3)


def _given(item: TollItem, known: Verifier) -> str:
    seen = f", {link(known.link, 'see it')}" if known.link.strip() else ""
    ends = f"; holds to {_date(known.expires_on)}" if known.expires_on is not None else ""
    return f"• {esc(item.kind.name, 200)}: {esc(known.given_by, 120)}, {_date(known.given_on)}{seen}{ends}"


def _missing(item: TollItem, today: date) -> str:
    role = f" from the {esc(item.kind.role, 80)}" if item.kind.role else ""
    line = f"• {esc(item.kind.name, 200)}{role}, for {esc(item.stage, 80)}"
    if item.lapsed is None:
        return line
    once, withdrawn = item.lapsed, item.lapsed.withdrawn_on
    what = f"was withdrawn on {_date(withdrawn)}" if withdrawn is not None and withdrawn <= today else "has expired"
    return f"{line}; what {esc(once.given_by, 120)} gave on {_date(once.given_on)} {what}"


def _to_record(items: Sequence[TollItem], today: date) -> list[Block]:
    options = sorted(items, key=lambda item: bool(item.counting))  # what is only given anew comes last
    return [
        field(
            BlockId.VERIFIER,
            "What did the customer give?",
            menu("Choose what they gave", [(_option(item), item.kind.key) for item in options]),
            optional=True,
        ),
        field(
            BlockId.GIVEN_BY,
            "Who at the customer gave it?",
            text_input(multiline=False, placeholder="Name and role") | {"max_length": NAME_LENGTH},
            hint="Only the customer can give it; a note of your own isn't evidence.",
            optional=True,
        ),
        field(BlockId.GIVEN_ON, "On which day?", date_input(today), optional=True),
        field(
            BlockId.LINK,
            "Where can it be seen?",
            link_input("https://"),
            hint="The mail, the file, the calendar entry.",
            optional=True,
        ),
    ]


def _option(item: TollItem) -> str:
    return f"{item.kind.name}, given anew" if item.counting else item.kind.name


def _to_end(counting: Sequence[tuple[TollItem, Verifier]], *, alone: bool) -> list[Block]:
    options = [
        (f"{_date(known.given_on)}: {item.kind.name}", verifier_value(known.key, known.given_on))
        for item, known in counting
    ]
    return [
        field(
            BlockId.ENDED,
            "Does something no longer hold?",
            menu("Choose what the customer took back", options),
            hint="From today on it doesn't count.",
            optional=not alone,
        )
    ]


def parse(view: View) -> Filled:
    """Return what was filled in, stripped."""
    return Filled(
        verifier=read_choice(view, BlockId.VERIFIER),
        given_by=" ".join(read_field(view, BlockId.GIVEN_BY, ActionId.TEXT).split()),
        given_on=read_day(view, BlockId.GIVEN_ON),
        link=read_field(view, BlockId.LINK, ActionId.LINK),
        ended=read_choice(view, BlockId.ENDED),
    )


def done(deal: Deal, stands: Standing) -> View:
    """Say where the deal stands now that something was recorded or withdrawn."""
    missing = ", ".join(esc(kind.name, 80) for kind in stands.next_toll[:6])
    return form(
        CallbackId.EVIDENCE_DONE,
        "Recorded",
        [
            section(f"{bold(deal.name)} is now {_verified(stands)}." if stands.verified_name else _none_yet(deal)),
            section(f"Next the customer would give: {missing}." if missing else "The customer has given everything."),
            context("An agenda that was sent already keeps its numbers; this is marked at its top."),
        ],
        close="Close",
    )


def _none_yet(deal: Deal) -> str:
    return f"{bold(deal.name)}: no stage is verified yet."


def _date(value: date) -> str:
    return f"{day(value)} {value.year}"
