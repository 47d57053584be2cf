"""The schema's history, run by Alembic through ``bot.storage.migrate``."""
