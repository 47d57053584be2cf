"""What a deal's customer has given: the form to record it, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.coaching.meeting import MeetingId
from bot.coaching.records import Deal, DealId, Verifier
from bot.coaching.winning.evidence import TollItem
from bot.coaching.winning.verified_stage import Standing
from bot.views.blocks import (
    CANCEL,
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
from bot.views.ids import ActionId, BlockId, CallbackId, evidence_form_value, verifier_value
from bot.views.mrkdwn import bold, dated_day, esc, link
from bot.views.speaking import shown, tr

NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in. ``verifier`` is a key and ``ended`` a ``verifier_value``; "" or None is nothing."""

    verifier: str
    given_by: str
    given_on: date | None
    link: str
    ended: str


@dataclass(frozen=True, slots=True)
class Read:
    """That a source says what was given, and in which of its fields; "" where it says it by itself."""

    source: str
    field: str


def recordable(block: Block, deal: DealId) -> Block:
    """Put the button that opens the form beside what a rep reads of an own deal."""
    return with_button(block, button(tr("Record evidence"), ActionId.EVIDENCE_RECORD, deal))


def modal(
    deal: Deal,
    stands: Standing,
    items: Sequence[TollItem],
    today: date,
    read: Mapping[Verifier, Read] | None = None,
    agenda: MeetingId | None = None,
) -> View:
    """Return the form for one deal: what its customer gave, what is missing, and the fields for what is new.

    ``items`` are the playbook's verifiers in the order of its stages, so that the next toll comes first. ``read`` says
    which source says so of what counts and nobody recorded; ``agenda`` is the 1:1 in whose whole agenda it was opened.
    """
    open_ = [item for item in items if item.may_be_given]
    counting = [(item, known) for item in items for known in item.counting]
    fields = [*(_to_record(open_, today) if open_ else ()), *(_to_end(counting, alone=not open_) if counting else ())]
    return form(
        CallbackId.EVIDENCE,
        tr("Record evidence"),
        [
            section(bold(deal.name), _where(deal, stands)),
            *_listed(
                tr("*The customer gave*"),
                [_given(item, known, (read or {}).get(known)) for item, known in counting],
                tr("*The customer gave*: nothing that counts yet."),
            ),
            *_listed(
                tr("*Still missing*"),
                [_missing(item, today) for item in items if not item.counting],
                tr("*Still missing*: nothing."),
            ),
            *fields,
        ],
        submit=tr("Record") if fields else "",
        close=CANCEL if fields else tr("Close"),
        metadata=evidence_form_value(deal.id, agenda),
    )


def _where(deal: Deal, stands: Standing) -> str:
    verified = tr("no stage is verified yet")
    if stands.verified_name:
        verified = tr("verified as {stage}", stage=esc(stands.verified_name, 80))
    if not deal.stage.strip():
        return tr("No stage in the CRM; {verified}.", verified=verified)
    return tr("Marked {stage} in the CRM; {verified}.", stage=esc(deal.stage, 80), verified=verified)


def _listed(heading: str, lines: Sequence[str], nothing: str) -> list[Block]:
    return packed([heading if lines else nothing, *lines], sections=3)


def _given(item: TollItem, known: Verifier, read: Read | None) -> str:
    seen = f", {link(known.link, tr('see it'))}" if known.link.strip() else ""
    line = f"• {esc(item.kind.name, 200)}: {esc(known.given_by, 120)}, {dated_day(known.given_on)}{seen}"
    if known.expires_on is not None:
        line = tr("{given}; holds to {day}", given=line, day=dated_day(known.expires_on))
    if read is None:
        return line
    if not read.field:
        return tr("{given}. {source} says so.", given=line, source=esc(read.source))
    return tr(
        "{given}. {source} says so, in its field {field}.",
        given=line,
        source=esc(read.source),
        field=esc(read.field, 80),
    )


def _missing(item: TollItem, today: date) -> str:
    kind, role, stage = esc(item.kind.name, 200), esc(item.kind.role, 80), esc(item.stage, 80)
    line = tr("• {verifier}, for {stage}", verifier=kind, stage=stage)
    if item.kind.role:
        line = tr("• {verifier} from the {role}, for {stage}", verifier=kind, role=role, stage=stage)
    if item.lapsed is None:
        return line
    who, given, withdrawn = esc(item.lapsed.given_by, 120), dated_day(item.lapsed.given_on), item.lapsed.withdrawn_on
    if withdrawn is None or withdrawn > today:
        return tr("{missing}; what {who} gave on {given} has expired", missing=line, who=who, given=given)
    return tr(
        "{missing}; what {who} gave on {given} was withdrawn on {day}",
        missing=line,
        who=who,
        given=given,
        day=dated_day(withdrawn),
    )


def _to_record(items: Sequence[TollItem], today: date) -> list[Block]:
    options = sorted(items, key=lambda item: bool(item.counting))  # what is only given anew comes last
    return [
        field(
            BlockId.VERIFIER,
            tr("What did the customer give?"),
            menu(tr("Choose what they gave"), [(_option(item), item.kind.key) for item in options]),
            optional=True,
        ),
        field(
            BlockId.GIVEN_BY,
            tr("Who at the customer gave it?"),
            text_input(multiline=False, placeholder=tr("Name and role")) | {"max_length": NAME_LENGTH},
            hint=tr("Only the customer can give it; a note of your own isn't evidence."),
            optional=True,
        ),
        field(BlockId.GIVEN_ON, tr("On which day?"), date_input(today), optional=True),
        field(
            BlockId.LINK,
            tr("Where can it be seen?"),
            link_input("https://"),
            hint=tr("The mail, the file, the calendar entry."),
            optional=True,
        ),
    ]


def _option(item: TollItem) -> str:
    return tr("{verifier}, given anew", verifier=item.kind.name) if item.counting else item.kind.name


def _to_end(counting: Sequence[tuple[TollItem, Verifier]], *, alone: bool) -> list[Block]:
    options = [
        (f"{dated_day(known.given_on)}: {shown(item.kind.name)}", verifier_value(known.key, known.given_on))
        for item, known in counting
    ]
    return [
        field(
            BlockId.ENDED,
            tr("Does something no longer hold?"),
            menu(tr("Choose what the customer took back"), options),
            hint=tr("From today on it doesn't count."),
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


def done(deal: Deal, stands: Standing, *, in_agenda: bool = False) -> View:
    """Say where the deal stands now that something was recorded or withdrawn; ``in_agenda`` it lies over the agenda."""
    missing = ", ".join(esc(kind.name, 80) for kind in stands.next_toll[:6])
    if stands.verified_name:
        stage = esc(stands.verified_name, 80)
        said = tr("{deal} is now verified as {stage}.", deal=bold(deal.name), stage=stage)
    else:
        said = tr("{deal}: no stage is verified yet.", deal=bold(deal.name))
    following = tr("The customer has given everything.")
    if missing:
        following = tr("Next the customer would give: {items}.", items=missing)
    return form(
        CallbackId.EVIDENCE_DONE,
        tr("Recorded"),
        [
            section(said),
            section(following),
            context(tr("An agenda that was sent already keeps its numbers; this is marked at its top.")),
        ],
        close=tr("Back to the agenda") if in_agenda else tr("Close"),
    )
