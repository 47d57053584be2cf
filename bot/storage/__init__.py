"""Where facts and decisions are kept."""
