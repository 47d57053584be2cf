"""Calendars; the sources come with a later issue."""
