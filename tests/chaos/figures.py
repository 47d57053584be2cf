"""What a chaos run counts, and which point is struck next."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from fate import FREEZE, KILL
from points import STARTING

RANDOM = "at a random instant"
AT_THE_START, UNHARMED, FROZEN = 0.05, 0.15, 0.07
"""Shares of the processes: that may end while they start, that no point ends, and that are frozen, not killed."""

AT_THE_UNSTRUCK = 0.75
"""The share that ends only where nobody ended yet: what people seldom do would else be struck at its first points."""

Fate = tuple[str, list[str], int]
"""What happens, at which points, and at which pass of one of them."""

NO_FATE: Fate = ("", [], 0)


@dataclass(slots=True)
class Figures:
    """Kills, clicks and messages of one run; read from the processes' log, which survives them."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    frozen: set[int] = field(default_factory=set)
    freezes: int = 0
    passed: set[str] = field(default_factory=set)
    duties: Counter[str] = field(default_factory=Counter)
    duties_by: dict[str, set[int]] = field(default_factory=dict)
    acts: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    meetings: int = 0
    goals: int = 0
    seconds: float = 0.0

    @property
    def killed(self) -> int:
        return self.kills.total()

    def add(self, other: Figures) -> None:
        """Take in the figures of another run."""
        self.kills += other.kills
        self.acts += other.acts
        self.passed |= other.passed
        self.freezes += other.freezes
        self.messages += other.messages
        self.meetings += other.meetings
        self.goals += other.goals

    def table(self) -> str:
        rows = [f"| `{point}` | {count} |" for point, count in sorted(self.kills.items())]
        return "\n".join(["| killed at | times |", "|---|---:|", *rows])


@dataclass(slots=True)
class Log:
    """What the bot processes noted, read on from where it was last read; ``begun`` are those that noted anything."""

    path: Path
    figures: Figures
    struck: Counter[str] = field(default_factory=Counter)
    """Counts the points at which this run and others killed."""
    begun: set[int] = field(default_factory=set)
    killed: set[int] = field(default_factory=set)
    _read: int = 0

    def read(self) -> None:
        with self.path.open("rb") as file:
            file.seek(self._read)
            news = file.read()
        whole = news[: news.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.decode().splitlines():
            pid, what, about = line.split(" ", 2)
            self.begun.add(int(pid))
            match what:
                case "passed":
                    self.figures.passed.add(about)
                case "did":
                    self.figures.duties[about] += 1
                    self.figures.duties_by.setdefault(about, set()).add(int(pid))
                case _ if what == KILL:
                    self.figures.kills[about] += 1
                    self.struck[about] += 1
                    self.killed.add(int(pid))
                case _ if what == FREEZE:
                    self.figures.freezes += 1
                    self.figures.frozen.add(int(pid))


@dataclass(slots=True)
class Fates:
    """Deals out fates: to end at whichever seldom struck point comes first, or at none."""

    figures: Figures
    luck: random.Random
    known: frozenset[str]
    struck: Counter[str] = field(default_factory=Counter)
    """Where all runs together killed, so that they reach every point; this one's log counts along."""

    def next(self) -> Fate:
        chance = self.luck.random()
        if chance < UNHARMED:
            return NO_FATE
        points = sorted(self.known | self.figures.passed)
        if self.luck.random() > AT_THE_START:
            points = [point for point in points if not point.startswith(STARTING)]
        unstruck = [point for point in points if not self._struck(point)]
        if unstruck and self.luck.random() < AT_THE_UNSTRUCK:
            return KILL, unstruck, 1
        self.luck.shuffle(points)
        points.sort(key=self._struck)
        what = FREEZE if chance < UNHARMED + FROZEN else KILL
        return what, points[: len(points) // 2], self.luck.choice((1, 1, 1, 2))

    def left(self, request: str) -> int:
        """Return how many points of a request, such as "click.fork_yes", were struck nowhere yet."""
        return sum(point.startswith(f"{request}.") and not self._struck(point) for point in self.known)

    def unstruck(self) -> list[str]:
        """Return the points that are known from the beginning and were struck nowhere yet."""
        return sorted(point for point in self.known if not self._struck(point))

    def _struck(self, point: str) -> int:
        return max(self.figures.kills[point], self.struck[point])


class OnlyAt(Fates):
    """Deals out the end at each of the ``known`` points once, and at nothing else."""

    def next(self) -> Fate:
        left = sorted(point for point in self.known if not self.figures.kills[point])
        return (KILL, left, 1) if left else NO_FATE
