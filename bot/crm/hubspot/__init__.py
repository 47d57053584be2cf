"""HubSpot as a source, over the date version of its API with a Service Key."""
