"""Keep some tables of a TOML file, with its comments, exactly as they are written."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

HEADER = re.compile(r"\[{1,2}\s*([^\]]+?)\s*\]{1,2}\s*(?:#.*)?$")


@dataclass(frozen=True, slots=True)
class Table:
    """One table as text; what comes before the first has no name."""

    name: str
    lines: tuple[str, ...]

    def without(self, key: str) -> "Table":
        """Leave out a key whose value is on one line."""
        kept = [line for line in self.lines if not re.match(rf"{key}\s*=", line)]
        return Table(self.name, tuple(kept))


def tables(text: str) -> Iterator[Table]:
    """Split a file into its tables; a comment above a header goes with it."""
    name, lines = "", list[str]()
    for line in text.splitlines():
        header = HEADER.match(line)
        if header:
            above = len(lines)
            while above and lines[above - 1].startswith("#"):
                above -= 1
            yield Table(name, tuple(lines[:above]))
            name, lines = header[1], lines[above:]
        lines.append(line)
    yield Table(name, tuple(lines))


def select(text: str, keeps: Callable[[str], bool]) -> str:
    """Keep the tables whose name is wanted, and what comes before the first."""
    kept = (table for table in tables(text) if not table.name or keeps(table.name))
    return joined(kept)


def joined(parts: Iterable[Table]) -> str:
    """Put tables together, with an empty line between two of them."""
    texts = ("\n".join(table.lines).strip("\n") for table in parts)
    return "\n\n".join(text for text in texts if text) + "\n"
