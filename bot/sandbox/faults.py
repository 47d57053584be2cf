"""Faults a test orders in advance: the next calls of a method go wrong in a stated way."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What goes wrong, and whether the method did its work before."""

    RATE_LIMITED = "rate_limited"  # 429 with Retry-After, nothing done
    REFUSED = "refused"  # an error code, nothing done
    FAILED_AFTER = "failed_after"  # done, then an error code
    DROPPED_BEFORE = "dropped_before"  # the connection breaks, nothing done
    DROPPED_AFTER = "dropped_after"  # done, then the connection breaks
    SLOW = "slow"  # done, answered late
    LATE = "late"  # taken, done late, then answered


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. ``seconds`` is Retry-After or the delay; ``code`` is the error answered."""

    kind: FaultKind
    code: str = ""
    seconds: float = 0
    status: int = 200


def rate_limited(retry_after: int = 1) -> Fault:
    return Fault(FaultKind.RATE_LIMITED, code="ratelimited", seconds=retry_after, status=429)


def refused(code: str, *, status: int = 200) -> Fault:
    return Fault(FaultKind.REFUSED, code=code, status=status)


def fatal_after_posting(code: str = "fatal_error", *, status: int = 200) -> Fault:
    return Fault(FaultKind.FAILED_AFTER, code=code, status=status)


def dropped_before_accepting() -> Fault:
    return Fault(FaultKind.DROPPED_BEFORE)


def dropped_after_accepting() -> Fault:
    return Fault(FaultKind.DROPPED_AFTER)


def slow(seconds: float) -> Fault:
    return Fault(FaultKind.SLOW, seconds=seconds)


def late(seconds: float) -> Fault:
    return Fault(FaultKind.LATE, seconds=seconds)


class Faults:
    """A queue of faults for each method."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Fault]] = defaultdict(deque)

    def next(self, method: str, fault: Fault, *, times: int = 1) -> None:
        """Let the next ``times`` calls of ``method`` (such as chat.postMessage) suffer ``fault``."""
        self._queues[method].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """Remove and return the fault for this call of ``method``, if one was ordered."""
        queue = self._queues.get(method)
        return queue.popleft() if queue else None

    def clear(self) -> None:
        self._queues.clear()
