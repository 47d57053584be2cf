"""Past, prioritize, predict: where a rep comes from and what helps next (specification, section 7)."""
