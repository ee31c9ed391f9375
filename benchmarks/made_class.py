"""Make up a class: right and wrong variants, starters, solutions and broken zips."""

import random
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import cycle, islice
from pathlib import Path

from grader.catalog import Course
from grader.verifying.jobs import Job, Selection
from grader.verifying.proof import Claims

LAB = Path(__file__).parent.parent / "checkpoints"
SHARES = (
    *("rejects", "accepts", "rejects", "starter", "broken"),
    *("rejects", "solutions", "rejects", "finished", "rejects"),
)
ZIPPED = 3
"""Every so many hands in a zip, and the others a folder."""


def make_class(folder: Path, count: int, course: Course | None = None) -> list[str]:
    """Lay the submissions of a mixed class; give what each is, by its name's order."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = _kinds(course or Course.read(LAB))
    told = []
    for number, share in enumerate(islice(cycle(SHARES), count)):
        place = folder / f"student-{number:03}"
        if share == "broken":
            place.with_suffix(".zip").write_bytes(b"PK\3\4 and then nothing")
            told.append("broken")
            continue
        job = next(kinds[share])
        told.append(job.label)
        hand_in(place, job.files, zipped=number % ZIPPED == 0)
    return told


def hand_in(place: Path, files: Mapping[str, bytes], *, zipped: bool = False) -> None:
    """Lay a submission as a folder, or as a zip beside where that would be."""
    if zipped:
        with zipfile.ZipFile(place.with_suffix(".zip"), "w") as archive:
            for path, content in files.items():
                archive.writestr(path, content)
        return
    for path, content in files.items():
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _kinds(course: Course) -> dict[str, Iterator[Job]]:
    """Give the course's workspaces and variants by kind, each without end."""
    claims = Claims.read(course, Selection())
    kinds: dict[str, list[Job]] = defaultdict(list)
    for job in sorted(claims.jobs(1), key=lambda job: job.label):
        kinds[job.kind].append(job)
    for some in kinds.values():
        random.Random(0).shuffle(some)  # noqa: S311 - the same class every time
    return {kind: cycle(some) for kind, some in kinds.items()}
