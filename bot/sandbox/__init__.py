"""A small local Slack for trying out and for tests; it imports nothing of the bot's."""

from bot.sandbox.acts import Outcome
from bot.sandbox.courier import Mishap
from bot.sandbox.faults import (
    Fault,
    dropped_after_accepting,
    dropped_before_accepting,
    fatal_after_posting,
    late,
    rate_limited,
    refused,
    slow,
)
from bot.sandbox.people import SandboxPerson
from bot.sandbox.refusals import NotThereError
from bot.sandbox.server import Sandbox

__all__ = [
    "Fault",
    "Mishap",
    "NotThereError",
    "Outcome",
    "Sandbox",
    "SandboxPerson",
    "dropped_after_accepting",
    "dropped_before_accepting",
    "fatal_after_posting",
    "late",
    "rate_limited",
    "refused",
    "slow",
]
