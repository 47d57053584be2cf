"""The Skill to Success model: outcomes <- stages <- activities <- skills <- resources."""

from __future__ import annotations

from dataclasses import dataclass

DRIVERS = ("starts", "win rate", "size", "cycle")
"""What a skill may improve (section 5)."""


@dataclass(frozen=True, slots=True)
class VerifierKind:
    """Evidence that only a customer can give; ``role`` is who at the customer gives it."""

    key: str
    name: str
    role: str = ""
    expires_after_days: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage with its toll: the verifiers that must be given to be in it. ``crm`` lists the CRM's names for it."""

    name: str
    outcome: str
    toll: tuple[VerifierKind, ...] = ()
    crm: tuple[str, ...] = ()
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class ActivityKind:
    """Something a rep does. ``earns`` are verifier keys; ``finds``: it starts deals; ``key``: it counts for cadence.

    ``types`` are the names under which records log it; ``per_start`` is the pool's starts per activity, if known.
    """

    name: str
    unit: str
    stage: str
    earns: tuple[str, ...] = ()
    finds: bool = False
    key: bool = False
    types: tuple[str, ...] = ()
    per_start: float | None = None


@dataclass(frozen=True, slots=True)
class Skill:
    """What makes activities better; ``driver`` is one of DRIVERS, ``needs`` are skills to have before this one."""

    name: str
    activities: tuple[str, ...]
    driver: str
    practice: str
    unit: str = "sessions"
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    name: str
    skills: tuple[str, ...]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Playbook:
    """The company's own model. Stages are in order, first to last."""

    name: str
    outcomes: tuple[str, ...]
    stages: tuple[Stage, ...]
    activities: tuple[ActivityKind, ...]
    skills: tuple[Skill, ...]
    resources: tuple[Resource, ...]
