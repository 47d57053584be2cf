"""How much memory a process had."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

KIB = 1024


def peak() -> float:
    """Return the most memory this process has had, in MiB.

    Linux tells it of a program from its start on, while ``getrusage`` begins with that of the program that started it.
    """
    told = Path("/proc/self/status")
    for line in told.read_text(encoding="utf-8").splitlines() if told.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / KIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (KIB * KIB if sys.platform == "darwin" else KIB)
