"""The demo: a local Slack, the real bot and a made-up Monday on real CRM data."""
