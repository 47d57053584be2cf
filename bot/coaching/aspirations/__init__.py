"""Performance aspirations: the rep's own awesome, and what a commitment is worth (specification, sections 5 and 6)."""
