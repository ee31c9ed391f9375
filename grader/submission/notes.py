"""What a reader left out and why, gathered into a few short sentences."""

SHOWN_NAMES = 3
SHOWN_LENGTH = 80


def shown(name: str) -> str:
    """Spell a file name so that it cannot disturb the line it is printed on."""
    text = name if name.isprintable() else ascii(name)
    return text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…"


class Notes:
    """Collect left-out names by reason; the memory it takes is bounded."""

    def __init__(self) -> None:
        self._names: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}

    def add(self, reason: str, name: str) -> None:
        """Remember that a name was left out for a reason."""
        names = self._names.setdefault(reason, [])
        self._counts[reason] = self._counts.get(reason, 0) + 1
        if len(names) < SHOWN_NAMES:
            names.append(shown(name))

    def sentences(self) -> tuple[str, ...]:
        """Give one sentence for each reason, in the order they were met."""
        return tuple(self._sentence(reason) for reason in self._names)

    def _sentence(self, reason: str) -> str:
        names = self._names[reason]
        more = self._counts[reason] - len(names)
        rest = f" and {more} more" if more else ""
        return f"Left out {', '.join(names)}{rest}: {reason}."
