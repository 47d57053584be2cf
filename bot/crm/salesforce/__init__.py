"""Salesforce as a source, over a pinned version of its REST API with client credentials."""
