"""Pipedrive as a source, over version 2 of its API and what only version 1 has yet."""
