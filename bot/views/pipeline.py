"""A rep's deals and balance: at a glance for the 1:1, in full for whoever asks about the pipeline."""

from __future__ import annotations

from collections.abc import Sequence

from bot.coaching.aspirations.aspiration import Aspiration
from bot.coaching.pipeline.balance import HorizonRow
from bot.coaching.pre_read import DealReview, PreRead
from bot.coaching.said import say
from bot.views.blocks import Block, bars, context, packed, section, table
from bot.views.evidence import recordable
from bot.views.mrkdwn import bold, brief, dated_day, day, esc, first_of, money, number, percent, times
from bot.views.speaking import shown, tr, tr_many

HORIZONS = {"month": say("Month"), "quarter": say("Quarter"), "year": say("Year")}
MOST_LINES = 6
MOST_OWED = 3
MOST_STAGE = 14
LEAST_NAME = 12
"""Characters of a name that are shown at least, and that a toll leaves to it."""
LEAST_TOLL = 12
UNKNOWN = "–"  # noqa: RUF001 - a dash for what can't be computed or is no plan; the sentence beside it says why
STILL_TO_WIN = say("Still to win")
HORIZON_HEADS = (
    say("Horizon"),
    STILL_TO_WIN,
    say("Expected (80% range)"),
    say("Need"),
    say("Have"),
    say("Extra starts"),
)
SMALL_HEADS = (say("Horizon"), say("To win"), say("Expected"), say("Starts"))


def deal_line(review: DealReview) -> str:
    """Return a deal with what its customer has shown beside what the CRM says, and the toll that is owed."""
    stands = tr("no stage verified yet")
    if review.verified:
        stands = tr("verified {stage}", stage=esc(review.verified, 80))
    if review.crm_stage.strip():
        stands = tr("{verified}, CRM says {stage}", verified=stands, stage=esc(review.crm_stage, 80))
    line = f"{bold(review.name)} ({_amount(review)}): {stands}."
    owed = ", ".join(esc(item, 80) for item in review.unpaid[:MOST_OWED])
    return f"{line} {tr('The customer still owes: {items}.', items=owed)}" if owed else line


def short_deal_line(review: DealReview, length: int) -> str:
    """Return the same without the amount in ``length`` characters: long names and tolls make room for the stages."""
    stands = tr("none verified")
    if review.verified:
        stands = tr("verified {stage}", stage=brief(review.verified, MOST_STAGE))
    if review.crm_stage.strip():
        stands = tr("{verified}, CRM says {stage}", verified=stands, stage=brief(review.crm_stage, MOST_STAGE))
    room = max(length - len(f": {stands}."), 2 * LEAST_NAME)
    owed = _owed(review.unpaid, room - LEAST_NAME)
    return f"{bold(review.name, max(room - len(owed), LEAST_NAME))}: {stands}.{owed}"


def _owed(unpaid: Sequence[str], room: int) -> str:
    """Return the first toll and, where there is room for it, how many more there are; "" without any."""
    if not unpaid:
        return ""

    def said(shown: Sequence[str], length: int) -> str:
        return f" {tr('Owed: {item}', item=first_of([brief(item, length) if length else '' for item in shown], 1))}"

    fitting = next((few for few in (unpaid, unpaid[:1]) if room - len(said(few, 0)) >= LEAST_TOLL), unpaid[:1])
    return said(fitting, max(room - len(said(fitting, 0)), LEAST_TOLL))


def _amount(review: DealReview) -> str:
    return money(review.amount) if review.amount is not None else tr("no amount")


def horizon(row: HorizonRow) -> str:
    """Return the name of a horizon as the head of its sentence."""
    return bold(horizon_name(row), 40)


def horizon_name(row: HorizonRow) -> str:
    """Return the name of a horizon in plain text: "Month"."""
    return shown(HORIZONS.get(row.name, row.name.capitalize()))


def horizon_line(row: HorizonRow) -> str:
    """Return what is still to win to the end of a horizon, and the starts on top of the usual ones that it takes."""
    head = tr("{horizon}, to {day}", horizon=horizon(row), day=day(row.ends))
    if row.remaining is None:
        return tr("{horizon}: no goal is set.", horizon=head)
    left = tr("{amount} still to win", amount=money(row.remaining))
    if row.expected is not None:
        left = tr("{left}, {amount} expected", left=left, amount=money(row.expected))
    said = f"{head}: {left}"
    if row.extra is None:
        return f"{said}."
    if row.extra == 0:
        return tr("{left}; your usual pace is enough.", left=said)
    if row.closing is None:
        return tr("{left}; new starts alone can't close the gap.", left=said)
    return tr_many(
        "{left}; {n} extra start closes the gap.",
        "{left}; {n} extra starts close the gap.",
        row.closing,
        left=said,
        n=number(row.closing),
    )


def deals_at_a_glance(pre: PreRead, most: int, *, own: bool) -> list[Block]:
    """Return the deals that the 1:1 looks at, each on one line; the rep can record there what the customer gave."""
    shown = []
    for review in pre.deals[:most]:
        block = section(deal_line(review))
        shown.append(recordable(block, review.deal) if own else block)
    if len(pre.deals) > most:
        shown.append(context(more_in_pipeline(len(pre.deals) - most)))
    return shown


def more_in_pipeline(left: int) -> str:
    """Return how many deals aren't shown, and where they are."""
    return tr_many("{n} more deal in /pipeline.", "{n} more deals in /pipeline.", left, n=number(left))


def nearest_gap(rows: tuple[HorizonRow, ...]) -> list[Block]:
    """Return the sentence on the nearest horizon with a gap; without any, on the first that says something."""
    spoken = [row for row in rows if row.sentence.strip()]
    chosen = next((row for row in spoken if row.extra), None) or next(iter(spoken), None)
    return [] if chosen is None else [section(f"{horizon(chosen)}: {esc(chosen.sentence, 500)}")]


def horizons_at_a_glance(rows: tuple[HorizonRow, ...]) -> list[Block]:
    """Return the horizons as a table no wider than a phone: the ranges and the days are behind the reasons."""
    if not rows:
        return []
    cells = [(horizon_name(row), *_sums(row)) for row in rows]
    return [table([SMALL_HEADS, *cells], ("left", *["right"] * (len(SMALL_HEADS) - 1)))]


def _sums(row: HorizonRow) -> tuple[str, ...]:
    """Return what is still to win, what is expected of it, and the starts on top of the usual ones: "+4"."""
    return (
        money(row.remaining) if row.remaining is not None else UNKNOWN,
        money(row.expected) if row.expected is not None else UNKNOWN,
        f"+{number(row.closing)}" if row.closing is not None else UNKNOWN,
    )


def chart(rows: tuple[HorizonRow, ...]) -> list[Block]:
    """Return the horizons as bars where there is a goal to stand beside what is expected."""
    known = {horizon_name(row): row for row in rows if row.remaining is not None and row.expected is not None}
    if not known:
        return []
    expected = {
        STILL_TO_WIN: [round(row.remaining or 0.0) for row in known.values()],
        tr("Expected by then"): [round(row.expected or 0.0) for row in known.values()],
    }
    return [bars(tr("Still to win, and expected"), [name[:20] for name in known], expected, tr("Dollars"))]


def deals(pre: PreRead, most: int, *, own: bool = False) -> list[Block]:
    """Return the deals worth talking about, each with its verified stage, what is missing and one sentence.

    The rep, who reads of ``own`` deals, can record there what the customer gave.
    """
    blocks = [section(esc(pre.deals_sentence, 600) or tr("There is no open deal to talk about."))]
    blocks += [_deal(review, own=own) for review in pre.deals[:most]]
    if len(pre.deals) > most:
        blocks.append(context(more_in_pipeline(len(pre.deals) - most)))
    return blocks


def more_deals(pre: PreRead, most: int, *, own: bool) -> list[Block]:
    """Return the likeliest of the other open deals, so many that there are ``most`` in all."""
    others = pre.more_deals[: max(0, most - len(pre.deals))]
    heading = [context(tr("The likeliest of the other open deals:"))] if others else []
    return [*heading, *(_deal(review, own=own) for review in others)]


def _deal(review: DealReview, *, own: bool) -> Block:
    block = section(*deal_lines(review))
    return recordable(block, review.deal) if own else block


def deal_lines(review: DealReview) -> tuple[str, ...]:
    """Return name, amount and chance; the sentence, which tells the stage; and what is missing, if it is a list."""
    chance = tr("chance not known")
    if review.chance is not None:
        chance = tr("chance {share}", share=percent(review.chance))
    missing = ", ".join(esc(item, 80) for item in review.unpaid[:MOST_LINES]) if len(review.unpaid) > 1 else ""
    return (
        f"{bold(review.name)} ({_amount(review)}): {chance}",
        esc(review.sentence, 600),
        tr("Still missing from the customer: {items}.", items=missing) if missing else "",
    )


def balance(rows: tuple[HorizonRow, ...], coverage: str = "", plan: str = "") -> list[Block]:
    """Return the horizons as a table and their sentences; what can't be computed is a dash with its reason.

    ``coverage`` is the sentence on the quarter's multiple, ``plan`` that on the year's months; they stand under them.
    """
    if not rows:
        return [section(tr("Pipeline balance can't be computed yet: there are no horizons with data."))]
    shown = table([HORIZON_HEADS, *(_cells(row) for row in rows)], ("left", *["right"] * (len(HORIZON_HEADS) - 1)))
    said = [f"{horizon(row)}: {esc(row.sentence, 500)}" for row in rows if row.sentence.strip()]
    under = [words for sentence in (coverage, plan) if (words := esc(sentence, 300))]
    return [shown, *packed(said, sections=1), *([context(*under)] if under else [])]


def _cells(row: HorizonRow) -> tuple[str, ...]:
    expected = money(row.expected) if row.expected is not None else UNKNOWN
    if row.expected is not None and row.low is not None and row.high is not None:
        low, high = money(row.low), money(row.high)
        expected = tr("{amount} ({low} to {high})", amount=expected, low=low, high=high)
    return (
        tr("{horizon}, to {day}", horizon=horizon_name(row), day=dated_day(row.ends)),
        money(row.remaining) if row.remaining is not None else UNKNOWN,
        expected,
        times(row.need) if row.need is not None else UNKNOWN,
        times(row.have) if row.have is not None else UNKNOWN,
        number(row.closing) if row.closing is not None else UNKNOWN,
    )


def aspirations(aspiration: Aspiration) -> list[Block]:
    """Return the run-rate, the rep's own figure with what it takes, and what the smallest change is worth."""
    said = [words for sentence in aspiration.sentences[:MOST_LINES] if (words := esc(sentence, 400))]
    if not said:
        said.append(tr("Your run-rate can't be computed yet."))
    if aspiration.awesome is None:
        said.append(tr("`/awesome set 250000` would set it: your own figure for a year, in dollars."))
    return [section(*said)]
