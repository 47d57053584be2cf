"""The agenda that both sides read one working day before: one skeleton for everybody."""

from __future__ import annotations

from collections.abc import Iterable

from bot.coaching.aspirations.aspiration import Aspiration
from bot.coaching.commitment import Fork, GoalTerms
from bot.coaching.meeting import Meeting, MeetingState
from bot.coaching.pipeline.balance import HorizonRow
from bot.coaching.pre_read import DealReview, PreRead
from bot.coaching.records import Person
from bot.views.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    divider,
    form,
    header,
    message,
    packed,
    section,
    table,
)
from bot.views.evidence import recordable
from bot.views.goal_words import TOPIC, dollars, what
from bot.views.ids import ActionId, CallbackId
from bot.views.message import Message
from bot.views.mrkdwn import appointment, bold, day, esc, money, name, number, percent, plural, quote, times

MOST_DEALS = 5
MOST_LINES = 6
UNKNOWN = "–"  # noqa: RUF001 - a dash for what can't be computed; the sentence beside it says why
HORIZON_HEADS = ("Horizon", "Still to win", "Expected (80% range)", "Need", "Have", "Extra starts")


def pre_read(
    pre: PreRead,
    meeting: Meeting,
    reader: Person,
    rep: Person,
    manager: Person,
    answers_shown: bool,  # noqa: FBT001
    changes: tuple[str, ...] = (),
) -> Message:
    """Return the agenda: Past, Win What's Winnable, Pipeline Balance, Performance Aspirations, with their minutes.

    ``changes`` are sentences on what moved since it was frozen; ``answers_shown`` puts the rep's own words under
    each heading. The numbers and their sentences are the same for both readers.
    """
    when = appointment(meeting.appointment.starts_at, reader.timezone)
    reads_own = reader.id == rep.id
    other = name(manager if reads_own else rep)
    opening = f"*Your 1:1 with {other}* is on {when}. Please read this before, so that nothing is a surprise."
    if not reads_own:
        opening += f" {name(rep)} reads the same words; “you” in them is {name(rep)}."
    answers = dict(meeting.answers) if answers_shown else {}
    minutes = pre.minutes
    blocks = [section(opening), *_changes(changes)]
    if answers_shown and not any(words.strip() for words in answers.values()):
        blocks.append(context(f"{'You have' if reads_own else name(rep) + ' has'} not answered the questions yet."))
    for heading, length, body, key in (
        ("Past", minutes.past, [*past(pre.past), said(pre.past_sentence)], "goals"),
        (
            TOPIC[Fork.VERIFIER],
            minutes.win,
            [*deals(pre, MOST_DEALS, own=reads_own), ask(pre.offers, Fork.VERIFIER)],
            "win",
        ),
        (
            TOPIC[Fork.GAP],
            minutes.balance,
            [*balance(pre.horizons, pre.coverage, pre.plan), ask(pre.offers, Fork.GAP)],
            "balance",
        ),
        (
            TOPIC[Fork.ASPIRATION],
            minutes.aspiration,
            [
                *aspirations(pre.aspiration),
                section(*month(pre)),
                *predictions(pre),
                ask(pre.offers, Fork.ASPIRATION),
            ],
            "aspiration",
        ),
    ):
        blocks += [header(f"{heading} ({length} min)"), *body, *_answer(answers.get(key, ""), rep, reads_own=reads_own)]
    blocks += [
        divider(),
        section(esc(pre.offers_sentence, 600) or "No choice is put to you this time."),
        context(esc(pre.cadence, 600), f"Numbers as of {day(pre.as_of)} {pre.as_of.year}."),
        actions(*_start(meeting, reads_own=reads_own), button("How we got this", ActionId.PRE_READ_HOW, meeting.id)),
    ]
    return message(opening, *blocks)


def _start(meeting: Meeting, *, reads_own: bool) -> list[Block]:
    """Return the manager's button for two who are ready before the time."""
    if reads_own or meeting.state is not MeetingState.PUBLISHED:
        return []
    return [button("Start the 1:1", ActionId.MEETING_START, meeting.id)]


def _changes(changes: tuple[str, ...]) -> list[Block]:
    if not changes:
        return []
    lines = [f"• {esc(change)}" for change in changes[:MOST_LINES]]
    if len(changes) > MOST_LINES:
        lines.append(f"• {plural(len(changes) - MOST_LINES, 'more change')}; /pipeline shows how things stand.")
    return [section("*Changed since this was sent:*", *lines)]


def _answer(words: str, rep: Person, *, reads_own: bool) -> list[Block]:
    if not words.strip():
        return []
    return [section(f"*{'Your answer' if reads_own else name(rep) + ' answered'}*", quote(words))]


def past(lines: tuple[str, ...]) -> list[Block]:
    """Return one line per goal since last time, or that there was none."""
    return packed((f"• {esc(line)}" for line in lines[:MOST_LINES]), sections=1) or [
        section("No goals since last time.")
    ]


def said(sentence: str) -> Block:
    return context(esc(sentence, 600) or "Nothing more is known yet.")


def month(pre: PreRead) -> tuple[str, ...]:
    """Return where the rep is heading, what the month is about, and what stands out."""
    lines = (esc(line, 500) for line in (pre.heading.sentence, pre.month, *pre.checks[:2]))
    return tuple(filter(None, lines)) or ("Where you are heading can't be said yet.",)


def predictions(pre: PreRead) -> list[Block]:
    """Return what more of an activity goes with, as far as it is shown, and how well forecasts held."""
    said = [words for line in pre.predictions[:MOST_LINES] if (words := esc(line, 400))]
    return [section(*said)] if said else []


def deals(pre: PreRead, most: int, *, own: bool = False) -> list[Block]:
    """Return the deals worth talking about, each with its verified stage, what is missing and one sentence.

    The rep, who reads of ``own`` deals, can record there what the customer gave.
    """
    blocks = [section(esc(pre.deals_sentence, 600) or "There is no open deal to talk about.")]
    blocks += [_deal(review, own=own) for review in pre.deals[:most]]
    if len(pre.deals) > most:
        blocks.append(context(f"{plural(len(pre.deals) - most, 'more deal')} in /pipeline."))
    return blocks


def more_deals(pre: PreRead, most: int, *, own: bool) -> list[Block]:
    """Return the likeliest of the other open deals, so many that there are ``most`` in all."""
    others = pre.more_deals[: max(0, most - len(pre.deals))]
    heading = [context("The likeliest of the other open deals:")] if others else []
    return [*heading, *(_deal(review, own=own) for review in others)]


def _deal(review: DealReview, *, own: bool) -> Block:
    block = section(*deal_lines(review))
    return recordable(block, review.deal) if own else block


def deal_lines(review: DealReview) -> tuple[str, ...]:
    """Return name, amount and chance; the sentence, which tells the stage; and what is missing, if it is a list."""
    amount = money(review.amount) if review.amount is not None else "no amount"
    chance = f"chance {percent(review.chance)}" if review.chance is not None else "chance not known"
    missing = ", ".join(esc(item, 80) for item in review.unpaid[:MOST_LINES]) if len(review.unpaid) > 1 else ""
    return (
        f"{bold(review.name)} ({amount}): {chance}",
        esc(review.sentence, 600),
        f"Still missing from the customer: {missing}." if missing else "",
    )


def balance(rows: tuple[HorizonRow, ...], coverage: str = "", plan: str = "") -> list[Block]:
    """Return the horizons as a table and their sentences; what can't be computed is a dash with its reason.

    ``coverage`` is the sentence on the quarter's multiple, ``plan`` that on the year's months; they stand under them.
    """
    if not rows:
        return [section("Pipeline balance can't be computed yet: there are no horizons with data.")]
    shown = table([HORIZON_HEADS, *(_cells(row) for row in rows)], ("left", *["right"] * (len(HORIZON_HEADS) - 1)))
    said = [f"{_horizon(row)}: {esc(row.sentence, 500)}" for row in rows if row.sentence.strip()]
    under = [words for sentence in (coverage, plan) if (words := esc(sentence, 300))]
    return [shown, *packed(said, sections=1), *([context(*under)] if under else [])]


def _cells(row: HorizonRow) -> tuple[str, ...]:
    expected = money(row.expected) if row.expected is not None else UNKNOWN
    if row.expected is not None and row.low is not None and row.high is not None:
        expected += f" ({money(row.low)} to {money(row.high)})"
    return (
        f"{row.name[:40].capitalize()}, to {day(row.ends)} {row.ends.year}",
        money(row.remaining) if row.remaining is not None else UNKNOWN,
        expected,
        times(row.need) if row.need is not None else UNKNOWN,
        times(row.have) if row.have is not None else UNKNOWN,
        f"{row.extra:,}" if row.extra is not None else UNKNOWN,
    )


def aspirations(aspiration: Aspiration) -> list[Block]:
    """Return the run-rate, the rep's own figure with what it takes, and what the smallest change is worth."""
    said = [words for sentence in aspiration.sentences[:MOST_LINES] if (words := esc(sentence, 400))]
    if not said:
        said.append("Your run-rate can't be computed yet.")
    if aspiration.awesome is None:
        said.append("`/awesome set 250000` would set it: your own figure for a year, in dollars.")
    return [section(*said)]


def ask(offers: Iterable[GoalTerms], fork: Fork) -> Block:
    """Return the choice that this topic ends with, or that it ends without one: it is never filled to look busy."""
    asked = [f"*A choice for you*: {what(terms)}. {dollars(terms)}" for terms in offers if terms.fork is fork]
    return section(*asked[:2]) if asked else context("No ask in this topic today.")


def how(pre: PreRead) -> View:
    """Return every sentence of the agenda with the flags of the records behind it, and the inputs of each worth."""
    intro = (
        f"Computed from your own records as of {day(pre.as_of)} {pre.as_of.year}. "
        "A flag in brackets says how a record was read; nothing is filled in where data is missing."
    )
    blocks = [
        section(intro),
        *_chapter("Cadence", esc(pre.cadence, 600)),
        *_chapter(
            "What the numbers stand on", *(esc(sentence, 600) for sentence in (*pre.stands_on, pre.past_sentence))
        ),
        *_chapter(
            TOPIC[Fork.VERIFIER],
            esc(pre.deals_sentence, 600),
            *(f"{bold(deal.name)}: {esc(deal.sentence, 600)}{_flags(deal.flags)}" for deal in pre.deals),
            sections=2,
        ),
        *_chapter(
            TOPIC[Fork.GAP],
            *(f"{_horizon(row)}: {esc(row.sentence, 600)}{_flags(row.flags)}" for row in pre.horizons),
            esc(pre.coverage, 300),
            esc(pre.plan, 300),
        ),
        *_chapter(
            TOPIC[Fork.ASPIRATION],
            *(esc(sentence, 600) for sentence in (*pre.aspiration.sentences, pre.heading.sentence)),
            *(esc(priority.sentence, 600) for priority in pre.priorities),
            *(esc(line, 600) for line in (*pre.checks, *pre.predictions)),
        ),
        *_chapter(
            "Choices",
            esc(pre.offers_sentence, 600),
            *("\n".join((what(terms), esc(terms.why, 600), _worth(terms))) for terms in pre.offers),
        ),
    ]
    return form(CallbackId.PRE_READ_HOW, "How we got this", blocks, close="Close")


def _chapter(heading: str, *lines: str, sections: int = 1) -> list[Block]:
    return [header(heading), *(packed(lines, sections=sections) or [section("Nothing could be computed here yet.")])]


def _horizon(row: HorizonRow) -> str:
    return bold(row.name.capitalize(), 40)


def _flags(flags: tuple[str, ...]) -> str:
    return f" [{', '.join(esc(flag, 40) for flag in flags[:8])}]" if flags else ""


def _worth(terms: GoalTerms) -> str:
    if terms.worth is None:
        return dollars(terms)
    inputs = ", ".join(f"{esc(label, 60)} {_input(value)}" for label, value in terms.worth.inputs[:10])
    return f"{dollars(terms)} {esc(terms.worth.sentence, 400)}" + (f" From {inputs}." if inputs else "")


def _input(value: float) -> str:
    """Return a rate to three digits ("0.25") and anything larger as a count."""
    return number(value) if abs(value) >= 10 else f"{value:.3g}"  # noqa: PLR2004 - below it three digits matter
