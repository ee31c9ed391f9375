"""Count diagnoses: which pitfall was expected, and which was named."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .judging import Run

NOTHING_WRONG = "(right)"
NOTHING_SEEN = "(nothing)"
NO_NAME = "(no name)"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The confusion matrix over the variants, one count a variant and name."""

    cells: Mapping[tuple[str, str], int]
    """Expected and diagnosed pitfall to the number of variants."""
    rejects: int

    @property
    def right(self) -> int:
        """Count the variants whose own pitfall was named."""
        return sum(n for (wanted, named), n in self.cells.items() if wanted == named)

    @property
    def confused(self) -> dict[tuple[str, str], int]:
        """Return the cells off the diagonal."""
        return {cell: n for cell, n in self.cells.items() if cell[0] != cell[1]}

    @property
    def precision(self) -> float | None:
        """Return the share of names given that were right."""
        given = sum(n for (_, named), n in self.cells.items() if named != NOTHING_SEEN)
        return self.right / given if given else None

    @property
    def recall(self) -> float | None:
        """Return the share of rejects whose own pitfall was named."""
        return self.right / self.rejects if self.rejects else None


def diagnose(runs: Iterable[Run]) -> Diagnosis:
    """Count what the variants were diagnosed as."""
    cells: Counter[tuple[str, str]] = Counter()
    rejects = 0
    for run in runs:
        named = {check.pitfall or NO_NAME for check in run.failed()}
        if run.job.kind == "rejects" and run.job.pitfall:
            rejects += 1
            for name in named or {NOTHING_SEEN}:
                cells[run.job.pitfall, name] += 1
        elif run.job.kind == "accepts":
            for name in named:
                cells[NOTHING_WRONG, name] += 1
    return Diagnosis(dict(cells), rejects)
