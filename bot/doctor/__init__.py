"""Looks over an installation; each finding says what is the matter and what to do."""

from bot.doctor.examination import examine, examine_running

__all__ = ["examine", "examine_running"]
