"""Cadence: a self-hosted Slack bot that runs sales 1:1s that count."""
