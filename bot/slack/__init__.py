"""Slack's Web API: sending, rate limits, error codes."""
