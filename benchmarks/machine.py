"""On what a figure was measured: cores, memory, system and Python; nothing that names a machine or a person."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def described() -> str:
    """One line for the head of a table."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores ({platform.machine()}), {_memory()}, {platform.system()}, Python {platform.python_version()}"


def _memory() -> str:
    try:
        told = Path("/proc/meminfo").read_text(encoding="ascii").split()
    except OSError:
        return "memory unknown"
    return f"{int(told[1]) / 1024**2:.0f} GB memory"


def resident(process: int | str = "self") -> float:
    """Resident memory of a process in megabytes (Linux)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024
