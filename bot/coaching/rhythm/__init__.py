"""How often a rep and the manager meet, when, and how steadily (specification, sections 1 and 9)."""
