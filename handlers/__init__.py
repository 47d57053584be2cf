"""A module per surface that a person can touch in Slack."""
