"""The ticks: what is due is in the tables, here is only the clockwork."""
