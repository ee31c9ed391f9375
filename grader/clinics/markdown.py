"""Put foreign text into Markdown so that it stays text."""

import re

from grader.report import readable

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
LONGEST = 300


def text(foreign: str) -> str:
    """Escape a name or a message: one line, no markup, bounded."""
    line = " ".join(readable(foreign).split())
    cut = f"{line[:LONGEST]}…" if len(line) > LONGEST else line
    return SPECIAL.sub(r"\\\1", cut)


def code(foreign: str) -> str:
    """Put foreign text into a code span, which nothing in it can end."""
    return f"`{' '.join(readable(foreign).replace('`', ' ').split())}`"
