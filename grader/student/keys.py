"""Read single keys from a terminal, without waiting for them."""

import contextlib
import os
import select
import sys
from collections.abc import Callable, Iterator
from typing import TextIO

if sys.platform == "win32":
    import msvcrt
else:
    import termios
    import tty

Key = Callable[[], str]


@contextlib.contextmanager
def open_keys(stream: TextIO) -> Iterator[Key]:
    """Give what returns the key that was pressed, or nothing.

    Where nobody can press any, it never does. The terminal is left as it was found.
    """
    if not stream.isatty():
        yield lambda: ""
        return
    if sys.platform == "win32":
        yield lambda: msvcrt.getwch().lower() if msvcrt.kbhit() else ""
        return
    descriptor = stream.fileno()
    before = termios.tcgetattr(descriptor)

    def key() -> str:
        if not select.select([descriptor], [], [], 0)[0]:
            return ""
        pressed = os.read(descriptor, 16).decode("ascii", "replace")
        return pressed[:1].lower() or "q"  # a terminal that has gone

    tty.setcbreak(descriptor)
    try:
        yield key
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
