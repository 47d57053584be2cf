"""What changed since an agenda was frozen, as sentences; the agenda escapes them."""

from __future__ import annotations

from bot.coaching.commitment import GoalTerms
from bot.coaching.pre_read import DealReview
from bot.coaching.records import Deal, DealStatus
from bot.coaching.winning.evidence import Recording
from bot.views.mrkdwn import day, money


def change(said: Recording, deal: str, verifier: str) -> str:
    """Return what was recorded in Slack; ``deal`` and ``verifier`` are their names."""
    given = said.verifier
    if given.withdrawn_on is None:
        return f"The customer of {deal} gave {verifier} ({given.given_by}, {day(given.given_on)})."
    return f"{capitalised(verifier)} from the customer of {deal} no longer holds (withdrawn {day(given.withdrawn_on)})."


def closed(review: DealReview, deal: Deal) -> str:
    """Return that a deal of the agenda was won or lost."""
    how = "won" if deal.status is DealStatus.WON else "lost"
    when = f" on {day(deal.close)}" if deal.close is not None else ""
    amount = f" ({money(deal.amount, deal.currency)})" if deal.amount and deal.status is DealStatus.WON else ""
    return f"{review.name} was {how}{when}{amount}; the numbers below still count it as open."


def came(review: DealReview, verifier: str) -> str:
    """Return that the records now show a verifier that was missing."""
    return f"The records now show {verifier} from the customer of {review.name}."


def falls_away(terms: GoalTerms) -> str:
    """Return that a choice which the agenda offers won't be put."""
    return f"The choice “{terms.title}” falls away: what it was for has come, or its deal is closed."


def capitalised(words: str) -> str:
    """Return a phrase as the beginning of a sentence."""
    return words[:1].upper() + words[1:]
