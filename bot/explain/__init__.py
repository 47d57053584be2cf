"""Every number of each rep with its inputs."""

from bot.explain.command import explain

__all__ = ["explain"]
