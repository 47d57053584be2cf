"""What the cap of everybody's wins is, read in pieces and in bounded memory."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.basis.deal_size import capped, size_cap
from bot.coaching.basis.won_amounts import WonAmounts
from bot.coaching.settings import Settings

SETTINGS = Settings()
AMOUNT = st.floats(1e-300, 1e300) | st.sampled_from((1_000.0, 2_500.0, 9_999.99))
PIECES = st.lists(st.lists(AMOUNT, max_size=40), max_size=6)


def read(pieces: list[list[float]], **known: int) -> tuple[WonAmounts, int]:
    """Return the amounts and how often they had to be read."""
    told, times = WonAmounts(SETTINGS, **known), 0
    while True:
        times += 1
        for piece in pieces:
            told.add(np.array(piece, dtype=np.float64))
        if told.is_exact:
            return told, times
        told = told.narrowed()


def test_too_few_wins_have_no_cap_and_count_in_full():
    told, _ = read([[5.0] * 10, [1e9] * 9])
    assert told.cap is None
    assert told.capped() == capped([5.0] * 10 + [1e9] * 9, None)


def test_a_price_list_is_read_once_however_much_is_sold():
    told, times = read([[100.0, 250.0, 4_000.0] * 1_000] * 3)
    assert (told.cap, times) == (4_000.0, 1)


def test_many_different_amounts_are_read_once_more():
    random = np.random.default_rng(1)
    pieces = [random.lognormal(9.5, 0.8, 5_000).tolist() for _ in range(4)]
    told, times = read(pieces)
    every = [amount for piece in pieces for amount in piece]
    assert times == 2
    assert told.cap == size_cap(every, SETTINGS)
    assert told.capped() == capped(every, told.cap)


@settings(max_examples=60, deadline=None)
@given(PIECES)
def test_the_cap_is_that_of_all_amounts_sorted_even_if_only_three_are_told_apart_at_a_time(pieces):
    told, _ = read(pieces, distinct=3)
    every = [amount for piece in pieces for amount in piece]
    assert told.cap == size_cap(every, SETTINGS)
    assert told.capped() == capped(every, told.cap)
