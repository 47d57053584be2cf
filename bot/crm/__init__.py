"""Where the facts come from, one module per source."""
