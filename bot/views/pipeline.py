"""A rep's deals and balance: at a glance for the 1:1, in full for whoever asks about the pipeline."""

from __future__ import annotations

from bot.coaching.aspirations.aspiration import Aspiration
from bot.coaching.pipeline.balance import HorizonRow
from bot.coaching.pre_read import DealReview, PreRead
from bot.views.blocks import Block, bars, context, packed, section, table
from bot.views.evidence import recordable
from bot.views.how import horizon
from bot.views.mrkdwn import bold, day, esc, money, percent, plural, times

MOST_LINES = 6
MOST_OWED = 3
UNKNOWN = "–"  # noqa: RUF001 - a dash for what can't be computed; the sentence beside it says why
GLANCE = (0, 1, 2, 5)
"""The columns of the small table: horizon, still to win, expected, extra starts."""
HORIZON_HEADS = ("Horizon", "Still to win", "Expected (80% range)", "Need", "Have", "Extra starts")


def deal_line(review: DealReview) -> str:
    """Return a deal with what its customer has shown beside what the CRM says, and the toll that is owed."""
    amount = money(review.amount) if review.amount is not None else "no amount"
    verified = f"verified {esc(review.verified, 80)}" if review.verified else "no stage verified yet"
    claimed = f", CRM says {esc(review.crm_stage, 80)}" if review.crm_stage.strip() else ""
    owed = ", ".join(esc(item, 80) for item in review.unpaid[:MOST_OWED])
    toll = f" The customer still owes: {owed}." if owed else ""
    return f"{bold(review.name)} ({amount}): {verified}{claimed}.{toll}"


def horizon_line(row: HorizonRow) -> str:
    """Return what is still to win to the end of a horizon, and the starts on top of the usual ones that it takes."""
    head = f"{horizon(row)}, to {day(row.ends)}"
    if row.remaining is None:
        return f"{head}: no goal is set."
    left = f"{money(row.remaining)} still to win"
    if row.expected is not None:
        left += f", {money(row.expected)} expected"
    if row.extra is None:
        return f"{head}: {left}."
    if row.extra == 0:
        return f"{head}: {left}; your usual pace is enough."
    return f"{head}: {left}; {plural(row.extra, 'extra start')} close{'s' if row.extra == 1 else ''} the gap."


def deals_at_a_glance(pre: PreRead, most: int, *, own: bool) -> list[Block]:
    """Return the deals that the 1:1 looks at, each on one line; the rep can record there what the customer gave."""
    shown = []
    for review in pre.deals[:most]:
        block = section(deal_line(review))
        shown.append(recordable(block, review.deal) if own else block)
    if len(pre.deals) > most:
        shown.append(context(f"{plural(len(pre.deals) - most, 'more deal')} in /pipeline."))
    return shown


def nearest_gap(rows: tuple[HorizonRow, ...]) -> str:
    """Return the sentence on the nearest horizon with a gap; without any, on the first that says something."""
    gaps = [row for row in rows if row.extra] or [row for row in rows if row.sentence.strip()]
    if not gaps:
        return "Pipeline balance can't be computed yet: there are no horizons with data."
    return f"{horizon(gaps[0])}: {esc(gaps[0].sentence, 500) or 'nothing can be said of it yet.'}"


def horizons_at_a_glance(rows: tuple[HorizonRow, ...]) -> list[Block]:
    """Return the horizons as a small table, and as bars where there is a goal to stand beside what is expected."""
    if not rows:
        return []
    cells = [(f"{row.name[:40].capitalize()} to {day(row.ends)[4:]}", *_cells(row)[1:]) for row in rows]
    small = [tuple(row[column] for column in GLANCE) for row in (HORIZON_HEADS, *cells)]
    known = {row.name: row for row in rows if row.remaining is not None and row.expected is not None}
    shown = [table(small, ("left", *["right"] * (len(GLANCE) - 1)))]
    if known:
        expected = {
            "Still to win": [round(row.remaining or 0.0) for row in known.values()],
            "Expected by then": [round(row.expected or 0.0) for row in known.values()],
        }
        shown.append(
            bars("Still to win, and expected", [name[:20].capitalize() for name in known], expected, "Dollars")
        )
    return shown


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
    said = [f"{horizon(row)}: {esc(row.sentence, 500)}" for row in rows if row.sentence.strip()]
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
