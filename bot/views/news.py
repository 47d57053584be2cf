"""What changed since an agenda was frozen, as sentences; the agenda escapes them."""

from __future__ import annotations

from bot.coaching.commitment import GoalTerms
from bot.coaching.pre_read import DealReview
from bot.coaching.records import Deal, DealStatus
from bot.coaching.said import capital, say
from bot.coaching.winning.evidence import Recording
from bot.coaching.wording import money, short_day


def change(said: Recording, deal: str, verifier: str) -> str:
    """Return what was recorded in Slack; ``deal`` and ``verifier`` are their names."""
    given = said.verifier
    if given.withdrawn_on is None:
        return say(
            "The customer of {deal} gave {verifier} ({who}, {day}).",
            deal=deal,
            verifier=verifier,
            who=given.given_by,
            day=short_day(given.given_on),
        )
    return say(
        "{verifier} from the customer of {deal} no longer holds (withdrawn {day}).",
        verifier=capital(verifier),
        deal=deal,
        day=short_day(given.withdrawn_on),
    )


def closed(review: DealReview, deal: Deal) -> str:
    """Return that a deal of the agenda was won or lost."""
    said = _ended(review.name, deal)
    if deal.amount and deal.status is DealStatus.WON:
        said = say("{what} ({amount})", what=said, amount=money(deal.amount, deal.currency))
    return say("{what}; the numbers below still count it as open.", what=said)


def gone(review: DealReview) -> str:
    """Return that a deal of the agenda is in nobody's records any more."""
    return say("{deal} is no longer in the records; the numbers below still count it.", deal=review.name)


def _ended(name: str, deal: Deal) -> str:
    won = deal.status is DealStatus.WON
    if deal.close is None:
        return say("{deal} was won", deal=name) if won else say("{deal} was lost", deal=name)
    day = short_day(deal.close)
    return (
        say("{deal} was won on {day}", deal=name, day=day)
        if won
        else say("{deal} was lost on {day}", deal=name, day=day)
    )


def came(review: DealReview, verifier: str) -> str:
    """Return that the records now show a verifier that was missing."""
    return say("The records now show {verifier} from the customer of {deal}.", verifier=verifier, deal=review.name)


def falls_away(terms: GoalTerms, *, gone: bool = False) -> str:
    """Return that a choice which the agenda offers won't be put; ``gone``, as its deal is in no records any more."""
    if gone:
        return say("The choice “{goal}” falls away: its deal is no longer in the records.", goal=terms.title)
    return say("The choice “{goal}” falls away: what it was for has come, or its deal is closed.", goal=terms.title)
