"""Pipeline balance: what is to be won by when, and what it takes (specification, sections 4 and 7.4)."""
