"""A chart that Slack can't show is drawn with the same numbers, whatever they are."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont

from bot.slack import chart_picture
from bot.slack.chart_picture import WIDTH, Picture, picture
from bot.views import limits
from bot.views.blocks import Block, bars
from bot.views.languages import ENGLISH, FOLDER, GERMAN, LANGUAGES
from bot.views.message import Message

THREE = bars(
    "Still to win, and expected",
    ["This month", "This quarter", "This year"],
    {"Still to win": [120_000, 310_000, 1_250_000], "Expected by then": [90_000.5, 0, 830_000]},
    "Dollars",
)
LABELS = st.text(min_size=1, max_size=limits.CHART_LABEL)
VALUES = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**62), 2**62)


@st.composite
def charts(draw: st.DrawFn) -> Block:
    """Draw any chart that our limits let pass."""
    categories = draw(st.lists(LABELS, min_size=1, max_size=limits.CHART_CATEGORIES, unique=True))
    names = draw(st.lists(LABELS, min_size=1, max_size=limits.CHART_SERIES, unique=True))
    one_each = st.lists(VALUES, min_size=len(categories), max_size=len(categories))
    title = draw(st.text(min_size=1, max_size=limits.CHART_TITLE))
    block = bars(title, categories, {name: draw(one_each) for name in names}, draw(st.text(max_size=50)))
    limits.check(Message("Numbers", [block]))
    return block


def drawn(block: Block, language=ENGLISH) -> tuple[Picture, Image.Image]:
    made = picture(block, language)
    assert made is not None
    image = Image.open(BytesIO(made.png))
    image.load()
    return made, image


@settings(max_examples=25)
@given(block=charts(), language=st.sampled_from(LANGUAGES))
def test_every_chart_that_may_be_sent_can_be_drawn_as_wide_as_a_phone_and_said_in_an_alt_text(block, language) -> None:
    made, image = drawn(block, language)
    bars_in_it = len(block["chart"]["series"]) * len(block["chart"]["axis_config"]["categories"])
    assert (image.format, image.width) == ("PNG", WIDTH)
    assert 70 * bars_in_it < image.height < 400 + 160 * bars_in_it
    assert 1 <= len(made.words) <= 2000
    limits.check(Message("Numbers", [{"type": "image", "slack_file": {"id": "F0"}, "alt_text": made.words}]))


def test_the_alt_text_says_all_the_numbers_as_the_reader_writes_them() -> None:
    english, german = drawn(THREE)[0], drawn(THREE, GERMAN)[0]
    assert english.words == (
        "Still to win, and expected (Dollars). "
        "This month: Still to win 120,000, Expected by then 90,000.5; "
        "This quarter: Still to win 310,000, Expected by then 0; "
        "This year: Still to win 1,250,000, Expected by then 830,000."
    )
    assert "Still to win 120.000, Expected by then 90.000,5;" in german.words


def test_a_bar_is_as_long_as_its_number_says() -> None:
    _, image = drawn(bars("Deals", ["Now"], {"Won": [100], "Lost": [25]}, "Deals"))
    lengths = {colour: columns(image, colour) for colour in chart_picture.COLOURS[:2]}
    won, lost = lengths.values()
    assert abs(won - (WIDTH - 2 * chart_picture.MARGIN)) < 8
    assert abs(lost - won / 4) < 8


def columns(image: Image.Image, colour: str) -> int:
    """Return over how many columns of pixels a colour reaches, as near as a palette of 32 comes to it."""
    wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    seen = image.convert("RGB").load()
    near = [
        x
        for x in range(image.width)
        if any(sum(abs(a - b) for a, b in zip(seen[x, y], wanted, strict=True)) < 40 for y in range(image.height))
    ]
    return near[-1] - near[0] + 1


def test_no_two_series_look_alike_to_who_sees_no_colours() -> None:
    hatched = [chart_picture._hatched(series, 200).convert("L").point(lambda light: light > 250) for series in range(6)]
    assert len({one.tobytes() for one in hatched}) == 6


def test_the_font_has_every_letter_that_our_words_have() -> None:
    font = ImageFont.truetype(str(chart_picture.FONT), 20)
    unknown = bytes(font.getmask("\U0010fffe"))
    said = (FOLDER / "de.po").read_text(encoding="utf-8")  # and with it all of the English
    wanted = {letter for letter in said if letter.isalpha()} | set("0123456789,.-+%$€£¥\N{EN DASH}…")
    assert not [letter for letter in sorted(wanted) if bytes(font.getmask(letter)) == unknown]


@pytest.mark.parametrize(
    "chart",
    [{}, {"chart": {}}, {"chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]}}],
    ids=["nothing", "no series", "a pie"],
)
def test_what_is_no_chart_of_ours_is_not_drawn(chart) -> None:
    assert picture({"type": "data_visualization", "title": "t", **chart}, ENGLISH) is None
