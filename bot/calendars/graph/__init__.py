"""Microsoft 365 calendars over Graph, with an app's own permission (client credentials)."""
