"""A chart drawn as a picture, for where Slack has no charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from bot.coaching.wording import number
from bot.views.languages import Language
from bot.views.mrkdwn import ELLIPSIS

CHART = "data_visualization"
"""The kind of block that is drawn."""
WIDTH = 720
"""In pixels: two for each of a phone's 360, where the labels are then 13 high."""
MARGIN = 32
TITLE, CATEGORY, LABEL = 34, 29, 26
"""The heights of letters, in pixels, of title, categories, and all else."""
LEADING = 1.35
BAR, BETWEEN_BARS, BETWEEN_CATEGORIES = 26, 18, 20
TOO_LONG = 1e15
"""From here on digits say less than an order of magnitude."""
GROUND, INK, FAINT = "#ffffff", "#1d1c1d", "#616061"
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
"""The six of Okabe and Ito that stay apart for who sees few colours; each also has a hatching of its own."""
STEP = 12
"""Between two lines of a hatching."""
ALT_TEXT = 2000
FONT = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"


@dataclass(frozen=True, slots=True)
class Picture:
    """``png`` is the file; ``words`` say its numbers to who doesn't see it, at most as many as Slack takes."""

    title: str
    png: bytes
    words: str


@dataclass(frozen=True, slots=True)
class _Bar:
    series: int
    name: str
    value: float
    written: str


@dataclass(frozen=True, slots=True)
class _Chart:
    """A bar for each series in each category, in their order."""

    title: str
    unit: str
    groups: tuple[tuple[str, tuple[_Bar, ...]], ...]

    @property
    def bars(self) -> list[_Bar]:
        return [bar for _, bars in self.groups for bar in bars]


def picture(block: dict[str, Any], language: Language) -> Picture | None:
    """Draw a chart's block as bars, its numbers written in ``language``.

    None where it hasn't a value for each series in each category, as every one has that bot.views.limits lets pass.
    """
    try:
        chart = _read(block, language)
    except (LookupError, TypeError):
        return None
    return Picture(chart.title, _png(chart), _words(chart)) if chart.bars else None


def _read(block: dict[str, Any], language: Language) -> _Chart:
    drawn = block["chart"]
    axes = drawn["axis_config"]
    groups = tuple(
        (
            _one_line(category),
            tuple(
                _Bar(index, _one_line(series["name"]), value, _figure(value, language))
                for index, series in enumerate(drawn["series"])
                for value in [series["data"][place]["value"]]
            ),
        )
        for place, category in enumerate(axes["categories"])
    )
    return _Chart(_one_line(block["title"]), _one_line(axes.get("y_label", "")), groups)


def _one_line(text: str) -> str:
    """Return a label without what can't be drawn on one line."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _figure(value: float, language: Language) -> str:
    return language.written(number(value, 2)) if abs(value) < TOO_LONG else f"{value:.2e}"


def _words(chart: _Chart) -> str:
    """Say the numbers category by category, with the chart's own words only."""
    groups = [f"{name}: {', '.join(f'{bar.name} {bar.written}' for bar in bars)}" for name, bars in chart.groups]
    unit = f" ({chart.unit})" if chart.unit else ""
    words = f"{chart.title}{unit}. {'; '.join(groups)}."
    return words if len(words) <= ALT_TEXT else words[: ALT_TEXT - 1] + ELLIPSIS


def _png(chart: _Chart) -> bytes:
    sheet = Image.new("RGB", (WIDTH, _height(chart)), GROUND)
    pen = ImageDraw.Draw(sheet)
    top = MARGIN
    for line in _title_lines(chart):
        top = _write(pen, top, TITLE, line, INK)
    if chart.unit:
        top = _write(pen, top, LABEL, chart.unit, FAINT)
    most = max(abs(bar.value) for bar in chart.bars) or 1
    shares = [bar.value / most for bar in chart.bars]
    low, high = min(0.0, *shares), max(0.0, *shares)
    zero, length = MARGIN, (WIDTH - 2 * MARGIN) / ((high - low) or 1)
    zero -= round(low * length)
    for name, bars in chart.groups:
        top = _write(pen, top + BETWEEN_CATEGORIES, CATEGORY, name, INK)
        for bar in bars:
            beside = _font(LABEL).getlength(bar.written)
            pen.text((WIDTH - MARGIN - beside, top), bar.written, INK, _font(LABEL))
            top = _write(pen, top, LABEL, bar.name, FAINT, WIDTH - 2 * MARGIN - beside - STEP)
            left, right = sorted((zero, zero + round(bar.value / most * length)))
            if right > left:
                sheet.paste(_hatched(bar.series, right - left), (left, top))
            pen.line((zero, top - 3, zero, top + BAR + 2), INK, 2)
            top += BAR + BETWEEN_BARS
    held = BytesIO()
    sheet.quantize(32, Image.Quantize.FASTOCTREE).save(held, "PNG")
    return held.getvalue()


def _height(chart: _Chart) -> int:
    above = len(_title_lines(chart)) * _line(TITLE) + (_line(LABEL) if chart.unit else 0)
    group = BETWEEN_CATEGORIES + _line(CATEGORY)
    return 2 * MARGIN + above + len(chart.groups) * group + len(chart.bars) * (_line(LABEL) + BAR + BETWEEN_BARS)


def _title_lines(chart: _Chart) -> list[str]:
    lines = [""]
    for word in chart.title.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _font(TITLE).getlength(longer) > WIDTH - 2 * MARGIN:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _line(letters: int) -> int:
    return round(letters * LEADING)


def _write(
    pen: ImageDraw.ImageDraw, top: int, letters: int, text: str, colour: str, room: float = WIDTH - 2 * MARGIN
) -> int:
    """Write one line from the margin on, cut where there's no room; returns where the next one begins."""
    font = _font(letters)
    kept = text
    while kept and font.getlength(kept if kept == text else kept + ELLIPSIS) > room:
        kept = kept[:-1]
    pen.text((MARGIN, top), kept if kept == text else kept + ELLIPSIS, colour, font)
    return top + _line(letters)


@cache
def _font(letters: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), letters, layout_engine=ImageFont.Layout.BASIC)


def _hatched(series: int, length: int) -> Image.Image:
    """Return a bar of ``length`` pixels in the colour and the hatching of its series; the first has none."""
    bar = Image.new("RGB", (length, BAR), COLOURS[series % len(COLOURS)])
    pen = ImageDraw.Draw(bar)
    for line in _hatching(series % len(COLOURS), length):
        pen.line(line, GROUND, 3)
    pen.rectangle((0, 0, length - 1, BAR - 1), outline=INK, width=2)
    return bar


def _hatching(kind: int, length: int) -> Sequence[tuple[int, int, int, int]]:
    rising = [(x, BAR, x + BAR, 0) for x in range(-BAR, length, STEP)]
    falling = [(x, 0, x + BAR, BAR) for x in range(-BAR, length, STEP)]
    upright = [(x, 0, x, BAR) for x in range(STEP, length, STEP)]
    level = [(0, BAR // 2, length, BAR // 2)]
    return ((), rising, level, falling, upright, [*rising, *falling])[kind]
