"""Draw the inputs that checks send: fresh for a seed, the same for the same seed."""

import random
import secrets

CONSONANTS = "bdfglmnprstv"
VOWELS = "aeiou"
MOST_SEEDS = 2**31


def draw_seed() -> int:
    """Draw a seed that nobody can foresee."""
    return secrets.randbelow(MOST_SEEDS)


class Draw:
    """A stream of made-up values, fixed by the report's seed and the check's id."""

    def __init__(self, seed: int, check: str) -> None:
        self._random = random.Random(f"{seed}:{check}")  # noqa: S311 - no secret

    def word(self, syllables: int = 3) -> str:
        """Draw a capitalised word that no submission has heard of."""
        choose = self._random.choice
        parts = (choose(CONSONANTS) + choose(VOWELS) for _ in range(syllables))
        return "".join(parts).capitalize()

    def words(self, count: int = 2) -> str:
        """Draw a few words with spaces between."""
        return " ".join(self.word() for _ in range(count))

    def number(self, low: int, high: int) -> int:
        """Draw a number, both ends included."""
        return self._random.randint(low, high)

    def distinct(self, count: int, syllables: int = 3) -> list[str]:
        """Draw different words, in no order."""
        found: dict[str, None] = {}
        while len(found) < count:
            found[self.word(syllables)] = None
        return list(found)
