"""Win what's winnable: how far customers really are, and which deals decide the goal (specification, section 3)."""
