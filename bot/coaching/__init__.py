"""The method as pure functions: no clock, no I/O, no Slack."""
