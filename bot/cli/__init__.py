"""The command line: `cadence COMMAND`."""

from bot.cli.command import main

__all__ = ["main"]
