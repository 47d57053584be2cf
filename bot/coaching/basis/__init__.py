"""What every formula stands on: clean records, win rate, curve, deal size, pace (specification, section 0)."""
