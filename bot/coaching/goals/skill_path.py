"""The way from an outcome to what a rep can work on, which is what makes a goal relevant (specification, section 8)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from bot.coaching.basis.cleaning import match_name
from bot.coaching.goals.called import Called, as_written
from bot.coaching.playbook import Playbook

Path = tuple[str, ...]


def path_to(playbook: Playbook, item_name: str) -> Path | None:
    """Return the names from the outcome to the item: outcome, stage, activity, skill, resource, as far as it goes.

    The name matches without case, blanks and punctuation. Where several ways lead there, it is the first in the
    file's order; where items of two kinds are called the same, the one nearer to the outcome. None: no outcome leads
    to it, so a goal about it would be rogue.
    """
    return next((path for path in _paths(playbook) if match_name(item_name, path[-1:]) is not None), None)


def nearest(playbook: Playbook, words: str, n: int = 3, called: Called = as_written) -> tuple[str, ...]:
    """Return the names of the ``n`` items a goal can be about that are most like ``words``, most alike first.

    These are activities, skills and resources with a path; fewer than ``n`` only if there are no more. Ties keep the
    file's order. A name is as alike as what it is ``called`` in the language that is most.
    """
    names = dict.fromkeys(path[-1] for path in _paths(playbook) if len(path) > len(("outcome", "stage")))
    return tuple(sorted(names, key=lambda name: -likeness(words, name, called))[: max(0, n)])


def likeness(words: str, known: str, called: Called = as_written) -> float:
    """Return how alike two phrases are, 0 to 2: word by word, and as a whole."""
    return max(_likeness(_words(words), _words(name)) for name in called(known))


def _paths(playbook: Playbook) -> Iterator[Path]:
    """Return every path that begins at an outcome: those to outcomes first, to resources last."""
    outcomes: list[Path] = [(name,) for name in playbook.outcomes]
    stages = [(*path, stage.name) for path in outcomes for stage in playbook.stages if stage.outcome == path[-1]]
    activities = [
        (*path, activity.name) for path in stages for activity in playbook.activities if activity.stage == path[-1]
    ]
    skills = [(*path, skill.name) for path in activities for skill in playbook.skills if path[-1] in skill.activities]
    resources = [
        (*path, resource.name) for path in skills for resource in playbook.resources if path[-1] in resource.skills
    ]
    yield from (*outcomes, *stages, *activities, *skills, *resources)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))


def _likeness(wanted: tuple[str, ...], known: tuple[str, ...]) -> float:
    """Return how alike two phrases are, 0 to 1 each for the mean of the wanted words' best matches and for the whole.

    Word by word first: one compared letter by letter with a long sentence is alike to nothing.
    """
    if not wanted or not known:
        return 0.0
    best = [max(difflib.SequenceMatcher(None, word, other).ratio() for other in known) for word in wanted]
    return sum(best) / len(best) + difflib.SequenceMatcher(None, " ".join(wanted), " ".join(known)).ratio()
