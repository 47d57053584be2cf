"""The Skill to Success model: outcomes <- stages <- activities <- skills <- resources."""

from __future__ import annotations

from dataclasses import dataclass

from bot.coaching.said import say_many

DRIVERS = ("starts", "win rate", "size", "cycle")  # no words: keys
"""What a skill may improve (section 5)."""

SESSIONS = say_many("session", "sessions", 0)
"""What is counted of a practice where the playbook doesn't say."""


@dataclass(frozen=True, slots=True)
class EvidenceField:
    """The CRM's field that says whether a verifier is given, and fields that say more, "" without.

    It is given where ``name`` has one of the ``one_of`` values or, without such, any that doesn't mean no. ``by`` says
    who gave it, ``on`` when, ``link`` where it can be seen, ``until`` the last day on which it counts.
    """

    name: str
    one_of: tuple[str, ...] = ()
    by: str = ""
    on: str = ""
    link: str = ""
    until: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in (self.name, self.by, self.on, self.link, self.until) if name)


@dataclass(frozen=True, slots=True)
class VerifierKind:
    """Evidence that only a customer can give; ``role`` is who at the customer gives it.

    ``field`` is where the CRM has it, None: only people and imports say so.
    """

    key: str
    name: str
    role: str = ""
    expires_after_days: int | None = None
    field: EvidenceField | None = None


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
    unit: str = SESSIONS
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
