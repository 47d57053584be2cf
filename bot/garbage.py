"""Keeps Python's search for cyclic garbage from holding the event loop.

A full search looks at every object, 0.2 s for a million, and nobody has a turn meanwhile: what was imported at the
start alone takes 0.1 s. Most of what a bot holds stays, in no cycle, and is freed without any search as soon as nobody
refers to it. So it is left out of the search.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 10_000
"""New objects, less those that are gone, after which the young are searched: 0.5 ms for each. Python's 700 is few."""


def settle() -> None:
    """Search once, leave out from now on what is there, and search what is new less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


@contextmanager
def unsearched() -> Iterator[None]:
    """Leave out what is made meanwhile: many objects that stay and are in no cycle.

    Garbage in cycles that others made meanwhile stays as well, so this is for seconds and not for ever. What is garbage
    by now goes first, or a process that lives for months would keep that of each day.
    """
    gc.collect()
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if searching:
            gc.enable()
