"""Keep processes that wait for each other on one processor, where one is free."""

import contextlib
import os
import socket
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def one_processor() -> Iterator[int | None]:
    """Keep this process, and those that it starts meanwhile, on one processor.

    To grade is to wait: the grader for the sandbox, a test for the service. Waking up
    across processors costs more than it gains, about a tenth of a whole grade. Each
    grader takes another processor; where none is left, or cannot be chosen, nothing
    changes.

    Yields:
        The number of the processor, if one was taken.
    """
    if sys.platform != "linux":
        yield None
        return
    allowed = os.sched_getaffinity(0)
    with contextlib.ExitStack() as held:
        taken = _take(allowed, held) if len(allowed) > 1 else None
        if taken is not None:
            os.sched_setaffinity(0, {taken})
            held.callback(os.sched_setaffinity, 0, allowed)
        yield taken


def _take(allowed: set[int], held: contextlib.ExitStack) -> int | None:
    """Take a processor that no other grader of ours has; it is ours until we end."""
    for number in sorted(allowed, reverse=True):  # the first one serves most devices
        mark = socket.socket(socket.AF_UNIX)
        try:
            mark.bind(f"\0grader-{os.getuid()}-processor-{number}")
        except OSError:
            mark.close()
            continue
        held.enter_context(mark)
        return number
    return None
