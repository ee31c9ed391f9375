"""Reading an opened file only if it is an ordinary one, and only so much of it."""

import os
import stat

# A link is not followed; a pipe put in a file's place does not make us wait. Some
# systems have neither, and others open a file as text if not told otherwise.
ORDINARY_FLAGS = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
    ORDINARY_FLAGS |= getattr(os, _name, 0)


def read_ordinary(descriptor: int, limit: int) -> bytes | None:
    """Read and close a descriptor; None for anything odd or beyond the limit."""
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            content = stream.read(limit + 1)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return content if len(content) <= limit else None
