"""Google Calendar, reached by a service account that acts for each person (domain-wide delegation)."""
