"""What is done once when the database came back from a backup, and Slack shows what it doesn't know of."""

from __future__ import annotations

from bot.services.ports import Transaction
from bot.services.tidying import open_subjects


async def came_back(tx: Transaction) -> int:
    """Let the bot go on without saying anything twice; returns how many messages will be rewritten.

    From now on nothing is posted for the first time without a look whether it was posted since the backup. Messages
    about what is still open are brought back to what the database knows of it, with their buttons: what people said
    since is lost, and they can say it again where they said it.
    """
    subjects = await open_subjects(tx)
    return await tx.outbox.came_back(again=lambda key: key.split(":")[1] in subjects)
