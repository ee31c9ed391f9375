"""A gap: one thing that a course claims and that does not hold."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

MOST_LISTED = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """What does not hold, where, and in a whole sentence."""

    rule: str
    subject: str
    """The step, check, pitfall, file or job that it is about."""
    sentence: str

    def as_plain(self) -> dict[str, str]:
        """Return the gap as plain data."""
        return asdict(self)


def listed(names: Iterable[str], most: int = MOST_LISTED) -> str:
    """Join names for a sentence, and count those that do not fit."""
    found = list(names)
    more = len(found) - most
    return ", ".join(found[:most]) + (f" and {more} more" if more > 0 else "")
