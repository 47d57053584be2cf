"""A language that nobody speaks: each word of ours stands in brackets, so what stands outside has no template."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.coaching.said import Figure
from bot.views.languages import Language
from bot.views.message import Message

BRACKETED = re.compile(r"⟦[^⟦⟧]*(⟧|…|$)")
TOKEN = re.compile(r"<!date\^\d+\^|\{(date_short|date_long|time)\}|<https?://[^|>]*\|?|<@\w+>|&(amp|lt|gt);")
ZONE = re.compile(r"\b[A-Z][A-Za-z]+(/[A-Z][A-Za-z_]+)+\b|\(UTC\)")
COMMAND = re.compile(r"(?<![A-Za-z])/(1on1|goals|pipeline|awesome|cadence)\b")
LETTERS = re.compile(r"[A-Za-z][A-Za-z']*")

SHOWN = {"text", "title", "name", "label", "y_label", "alt_text", "initial_value", "accessibility_label"}
"""The keys under which Block Kit holds what people read."""


@dataclass(frozen=True)
class Pseudo(Language):
    """Says what English says, in brackets."""

    def template(self, one: str, many: str, number: float) -> str:
        return bracketed(super().template(one, many, number))

    def figure(self, figure: Figure) -> str:
        if figure.kind == "units":  # which a company names
            return f"⟦{figure.values[0]}⟧ {figure.values[1]}"
        if figure.kind == "counted":
            return f"⟦{figure.values[0]}⟧ {self.written(figure.values[1])}"
        return f"⟦{super().figure(figure)}⟧"


PSEUDO = Pseudo("xx", offered=False)


def bracketed(template: str) -> str:
    """Return a template with brackets around all of it but its placeholders."""
    parts = string.Formatter().parse(template)
    return "".join(
        (f"⟦{literal}⟧".replace("{", "{{").replace("}", "}}") if literal.strip() else literal)
        + ("" if field is None else f"{{{field}}}")
        for literal, field, _, _ in parts
    )


def unsaid(shown: Message | dict[str, Any], data: frozenset[str] = frozenset()) -> list[str]:
    """Return the words of a message or a form that are neither in brackets nor ``data``."""
    payload = shown.payload() if isinstance(shown, Message) else shown
    return sorted({word for text in _texts(payload) for word in _outside(text)} - data)


def _outside(text: str) -> list[str]:
    bare = TOKEN.sub(" ", text)
    for pattern in (BRACKETED, ZONE, COMMAND):
        bare = pattern.sub(" ", bare)
    return LETTERS.findall(bare)


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _texts(one)
    elif isinstance(part, dict):
        for key, value in part.items():
            if isinstance(value, str) and key in SHOWN:
                yield value
            elif key == "categories":
                yield from value
            else:
                yield from _texts(value)
