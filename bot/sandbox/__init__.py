"""A small local Slack for trying out and for tests; it imports nothing of the bot's."""
