"""In which language views speak just now, and how they say something in it.

A view speaks the language of its reader: of the asker, which ``access.known`` sets for all that is answered, or of
whoever else is told, for whom the view is called through ``said_to``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from bot.coaching.records import Person
from bot.coaching.said import Argument, Said
from bot.views.languages import ENGLISH, Language, language_of

P = ParamSpec("P")
Shown = TypeVar("Shown")

_spoken: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


def spoken() -> Language:
    """Return the language that views speak now."""
    return _spoken.get()


def speak_with(person: Person | None) -> None:
    """Speak a person's language from here on in this task; English with nobody."""
    _spoken.set(ENGLISH if person is None else language_of(person.locale))


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak a language inside of a ``with``."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def said_to(person: Person, view: Callable[P, Shown], /, *args: P.args, **kwargs: P.kwargs) -> Shown:
    """Return what a view shows this person, in the person's language."""
    with speaking(language_of(person.locale)):
        return view(*args, **kwargs)


def tr(template: str, /, **arguments: Argument) -> str:
    """Return a sentence in the language spoken now: ``tr("Your 1:1 with {who}", who=name(manager))``.

    The template is a literal; what stands in for its placeholders is markup already.
    """
    return spoken().sentence(template, arguments)


def tr_many(one: str, many: str, number: float, /, **arguments: Argument) -> str:
    """Return what is said of ``number`` things; it stands in for ``{n}`` unless the arguments have their own ``n``."""
    return spoken().sentence(one, arguments if "n" in arguments else {"n": number, **arguments}, many, number)


def shown(text: str) -> str:
    """Return a text in the language spoken now, a plain str; what has no memory stays as it is."""
    return spoken().written(text) if isinstance(text, Said) else text
