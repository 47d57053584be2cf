"""What every part of the sandbox works on: one object that holds the state and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.clock import SandboxClock
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Journal
from bot.sandbox.tickets import Tickets
from bot.sandbox.workspace import Workspace

ALL_SCOPES = (
    "chat:write",
    "commands",
    "im:write",
    "im:history",
    "files:write",
    "im:read",
    "users:read",
    "users:read.email",
    "team:read",
)


@dataclass(slots=True)
class Core:
    """``url`` is http://127.0.0.1:port once the server listens.

    ``token_refused`` is the code that every call with the bot's token gets, such as token_revoked; "" refuses nothing.
    ``missing_blocks`` are kinds of block that this workspace hasn't got yet; ``file_waits`` is how often a file that is
    uploaded from now on can't be shown in a block yet.
    """

    workspace: Workspace
    clock: SandboxClock
    journal: Journal
    faults: Faults
    tickets: Tickets
    commands: tuple[str, ...]
    bot_token: str
    app_token: str
    scopes: tuple[str, ...] = ALL_SCOPES
    url: str = ""
    token_refused: str = ""
    app_token_refused: str = ""
    link_names: set[str] = field(default_factory=set)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    file_waits: int = 0
    missing_blocks: frozenset[str] = frozenset()
