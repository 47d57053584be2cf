"""How much of a rep's open pipeline can be relied on (specification, section 7.2, pipeline health)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.coaching.basis.cleaning import OVERDUE
from bot.coaching.basis.ground import Ground, OpenDeal
from bot.coaching.records import DealId
from bot.coaching.said import say
from bot.coaching.winning.verified_stage import Standing
from bot.coaching.wording import money, percent


@dataclass(frozen=True, slots=True)
class PipelineHealth:
    """Money in the reporting currency. Shares are None where there is nothing to take a share of.

    ``stale`` is a share of all open dollars; ``over_staged`` and ``overdue`` are shares of the live ones, those of
    deals that aren't stale. ``sound_stages`` is the share of live deals that aren't over-staged, by number, among
    those whose CRM stage is known. ``findings`` are the sentences on what is beyond its limit.
    """

    open_dollars: float
    live_dollars: float
    stale: float | None
    over_staged: float | None
    overdue: float | None
    sound_stages: float | None
    findings: tuple[str, ...]
    sentence: str


def pipeline_health(ground: Ground, standings: Mapping[DealId, Standing]) -> PipelineHealth:
    """Return the health of the rep's open deals; ``standings`` may lack deals, whose stages are then unknown."""
    settings = ground.settings
    live = [known for known in ground.open_deals if not known.stale]
    gaps = {known.deal.id: gap for known in live if (gap := _gap(known, standings)) is not None}
    open_dollars = sum(known.amount for known in ground.open_deals)
    live_dollars = sum(known.amount for known in live)
    over = sum(known.amount for known in live if gaps.get(known.deal.id, 0) > 0)
    late = sum(known.amount for known in live if OVERDUE in known.flags)
    stale = _share(open_dollars - live_dollars, open_dollars)
    over_staged = _share(over, live_dollars) if gaps else None
    overdue = _share(late, live_dollars)
    currency = settings.currency
    findings = []
    if stale is not None and stale > settings.stale_share:
        findings.append(
            say(
                "{part} ({share}) of your {whole} open pipeline is in deals older than nearly all that you win: which "
                "of them are still alive?",
                part=money(open_dollars - live_dollars, currency),
                share=percent(stale),
                whole=money(open_dollars, currency),
            )
        )
    if over_staged is not None and over_staged > settings.over_staged_share:
        findings.append(
            say(
                "{part} ({share}) of your {whole} live pipeline is in deals marked further along than their customers "
                "have shown: what would each customer give you next?",
                part=money(over, currency),
                share=percent(over_staged),
                whole=money(live_dollars, currency),
            )
        )
    if overdue is not None and overdue > settings.overdue_share:
        findings.append(
            say(
                "{part} ({share}) of your {whole} live pipeline was expected to close by now: which day does each "
                "customer name?",
                part=money(late, currency),
                share=percent(overdue),
                whole=money(live_dollars, currency),
            )
        )
    return PipelineHealth(
        open_dollars=open_dollars,
        live_dollars=live_dollars,
        stale=stale,
        over_staged=over_staged,
        overdue=overdue,
        sound_stages=_share(sum(gap <= 0 for gap in gaps.values()), len(gaps)),
        findings=tuple(findings),
        sentence=_sentence(findings, open_dollars, ground),
    )


def _gap(known: OpenDeal, standings: Mapping[DealId, Standing]) -> int | None:
    stands = standings.get(known.deal.id)
    return None if stands is None else stands.gap


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _sentence(findings: Sequence[str], open_dollars: float, ground: Ground) -> str:
    if findings:
        return findings[0]
    if open_dollars <= 0:
        return say("You have no open deals with a known amount, so there is no pipeline to check.")
    return say(
        "Your {amount} of open pipeline is in good health.", amount=money(open_dollars, ground.settings.currency)
    )
