"""How the minutes of a 1:1 are shared out, and how many goals may be offered (specification, section 2)."""

from __future__ import annotations

import math

from bot.coaching.commitment import MAX_ACTIVE
from bot.coaching.pre_read import AgendaMinutes
from bot.coaching.said import Said, say
from bot.coaching.settings import Settings

# Shares such as 0.2 + 0.4 / 2 land a hair beside the exact minute; this settles them.
DIGITS = 9

NUMBER_WORDS = {2: say("two"), 3: say("three")}


def minutes(total: int, values: tuple[float, float, float], settings: Settings) -> AgendaMinutes:
    """Share ``total`` minutes: at most a tenth for last commitments, the rest by what each topic is worth.

    ``values`` are the dollars of the best fork of each topic in the fixed order (win, balance, aspiration);
    a negative or unknown (nan) value counts as none.
    """
    past = math.floor(round(total * settings.past_share, DIGITS))
    forward = total - past
    worth = [value if value > 0 else 0.0 for value in values]
    largest = max(worth)
    if largest > 0:
        # Infinite dollars or their overflowing sum must not make the shares nan.
        scaled = [1.0 if value == largest else value / largest for value in worth]
        free = 1 - len(worth) * settings.topic_floor
        shares = [settings.topic_floor + free * value / sum(scaled) for value in scaled]
    else:
        shares = list(settings.topic_default_shares)
    exact = [round(forward * share, DIGITS) for share in shares]
    whole = [math.floor(part) for part in exact]
    # sorted() is stable, so equal fractions go to the earlier topic.
    by_fraction = sorted(range(len(exact)), key=lambda topic: round(whole[topic] - exact[topic], DIGITS))
    for topic in by_fraction[: forward - sum(whole)]:
        whole[topic] += 1
    return AgendaMinutes(past, *whole)


def offer_count(active: int) -> int:
    """Return how many new goals a rep with ``active`` ones may choose; 0 means review only."""
    return max(0, MAX_ACTIVE - active)


def sentence(shared: AgendaMinutes, active: int) -> str:
    """Return the sentence shown with the agenda; ``active`` are the rep's goals still open."""
    forward = shared.win + shared.balance + shared.aspiration
    head = say("{minutes} of our {total} minutes are about what's next", minutes=forward, total=shared.past + forward)
    offers = offer_count(active)
    if active <= 0:
        return say("{head}; you choose at most {goals} today.", head=head, goals=_new_goals(offers))
    if offers == 0:
        return say("{head}; there is no new goal today because {open}.", head=head, open=_still_open(active))
    return say(
        "{head}; you choose at most {goals} today because {open}.",
        head=head,
        goals=_new_goals(offers),
        open=_still_open(active),
    )


def _new_goals(number: int) -> Said:
    return say("one new goal") if number == 1 else say("{number} new goals", number=_word(number))


def _still_open(number: int) -> Said:
    return say("one is still open") if number == 1 else say("{number} are still open", number=_word(number))


def _word(number: int) -> str:
    return NUMBER_WORDS.get(number, str(number))
