"""Workers beside this process: a pool of the standard library, started afresh so that it is the same on every system.

A spawned worker imports what it is asked to do and nothing else of the program; a main module without a guard would be
run again (design.md D8), which is why `app.py`, `__main__.py` and the console script have one.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress

MOST = 4
"""Workers at most: each holds dictionaries and networks of its own (benchmarks/document.py says how much)."""
_BELOW_NORMAL = 0x4000  # BELOW_NORMAL_PRIORITY_CLASS of Windows
_NICER = 5


def cores() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def hire_pool(prepare: Callable[[], object], workers: int) -> ProcessPoolExecutor:
    """A new pool of so many, started at need; `prepare`, picklable, is called once in each before its first piece."""
    return ProcessPoolExecutor(
        max_workers=workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(prepare,),
    )


def _begin(prepare: Callable[[], object]) -> None:
    """First thing in a worker: be polite, go when the parent goes, leave Ctrl+C to it."""
    with suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError):
        _give_way()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent,), name="leave", daemon=True).start()
    prepare()


def _leave_with(parent: multiprocessing.process.BaseProcess) -> None:
    """A worker waits on a pipe it holds itself at both ends: it would outlive a parent that was killed."""
    parent.join()
    os._exit(1)


def _give_way() -> None:
    """The person at the PC comes first."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        os.nice(_NICER)
