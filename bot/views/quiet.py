"""How often the bot writes, and what it kept for later."""

from __future__ import annotations

import re
from datetime import time

from bot.coaching.said import say
from bot.views.blocks import Block, context, divider, message, section
from bot.views.message import Message
from bot.views.mrkdwn import clip, esc, number
from bot.views.speaking import tr, tr_many

MOST_GATHERED = 5
"""So many fit one screen of a phone, and more there hardly are in a week; of older ones only how many."""
LEFT_OUT = "left_out"
OPENING = say("*What could wait from last week.* You had had your week's messages; nothing here needs an answer.")


def quiet(used: int, most: int, opens: time, closes: time, zone: str) -> Message:
    """Show somebody how many messages they got this week, and when they get none."""
    line = f"*{said(used, most)}*"
    return message(
        line,
        section(line, tr("Past that I keep what can wait for the start of next week, in one message.")),
        section(
            tr(
                "I write between {opens} and {closes} on your working days ({zone}), never on public holidays or while "
                "you're away.",
                opens=f"{opens:%H:%M}",
                closes=f"{closes:%H:%M}",
                zone=esc(zone),
            )
        ),
        context(
            tr(
                "Not counted: answers to what you click or type, rewritten messages, and the 1:1 itself. Said all the "
                "same: what would be lost, such as the questions before a 1:1, its agenda and a new date."
            )
        ),
    )


def said(used: int, most: int) -> str:
    """Return one line: how many messages there were this week, of how many."""
    return tr_many(
        "{n} message from me this week, of at most {most} unless something would be lost.",
        "{n} messages from me this week, of at most {most} unless something would be lost.",
        used,
        n=number(used),
        most=most,
    )


def gathered(waiting: Message | None, key: str, new: Message) -> Message:
    """Add what could wait to the message that gathers it; the same key again takes the place of what it said."""
    kept = [] if waiting is None else [block for block in waiting.blocks[1:] if _is_of_another(block, key)]
    all_of_them = [block for block in kept if not _counts(block)]
    all_of_them.append(section(clip(new.text, 2900)) | {"block_id": key[:255]})
    shown = all_of_them[-MOST_GATHERED:]
    left = next((_left(block) for block in kept if _counts(block)), 0) + len(all_of_them) - len(shown)
    more = [divider(), context(tr("{n} more not shown here.", n=left)) | {"block_id": LEFT_OUT}] if left else []
    return message(OPENING, section(OPENING), *shown, *more)


def _is_of_another(block: Block, key: str) -> bool:
    return block["type"] != "divider" and block.get("block_id") != key


def _counts(block: Block) -> bool:
    return block.get("block_id") == LEFT_OUT


def _left(block: Block) -> int:
    """Return how many it counts, in whichever language it says so."""
    found = re.search(r"[0-9]+", block["elements"][0]["text"])
    return int(found[0]) if found else 0
