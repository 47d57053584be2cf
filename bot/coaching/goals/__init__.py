"""What makes a goal a coaching goal, and what became of it (specification, sections 8 and 9)."""
