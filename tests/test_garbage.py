"""Whether what Python's search for garbage is spared is only what stays."""

from __future__ import annotations

import gc
import weakref

from bot.garbage import unsearched


class Knot:
    """Refers to itself, so that only the search finds it when nobody else does."""

    def __init__(self) -> None:
        self.itself = self


def test_garbage_of_before_does_not_stay_with_what_is_left_out() -> None:
    gc.disable()  # or the search might come by itself
    try:
        gone = weakref.ref(Knot())
        with unsearched():
            assert not gc.isenabled()
    finally:
        gc.enable()
    gc.collect()
    assert gone() is None


def test_what_is_made_meanwhile_is_left_out_and_the_search_goes_on_as_before() -> None:
    before = gc.get_freeze_count()
    with unsearched():
        kept = [[number] for number in range(1_000)]
    assert gc.get_freeze_count() >= before + len(kept)
    assert gc.isenabled()
