"""Grade a mixed class of a hundred with two workers, then one by one, and compare.

Usage: python -m benchmarks.class_agrees FOLDER [--count N] [--every K]

Reports must be the same but for durations and what a service draws by itself. It takes
most of an hour; what FOLDER holds of an earlier run is used again. --every K compares
each Kth only.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

from benchmarks.made_class import make_class
from benchmarks.run import ROOT
from grader.gradebook.reading import read_class
from grader.report import Report

SEED = "7"
GRADER = [sys.executable, "-m", "grader"]
# Durations, also in what a report quotes; and the ids that a service draws by itself.
DRAWN = re.compile(r'"duration_s": [\d.e-]+|\b\d+(\.\d+)? ?m?s\b|\b[0-9a-f]{32}\b')


def main() -> None:
    """Grade both ways; exit 1 at any difference."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--count", type=int, default=100)
    options.add_argument("--every", type=int, default=1)
    chosen = options.parse_args()
    submissions = chosen.folder.resolve() / "submissions"
    gradebook = chosen.folder.resolve() / "gradebook.db"
    if not submissions.is_dir():
        labels = make_class(submissions, chosen.count)
        (chosen.folder / "labels.json").write_text(json.dumps(labels, indent=1))
    command = ["class", str(submissions), "--gradebook", str(gradebook)]
    subprocess.run([*GRADER, *command, "--workers", "2", "--seed", SEED], check=True)
    graded = {each.student.key: each for each in read_class(str(gradebook)).standings}
    different = []
    for place in sorted(submissions.iterdir())[:: chosen.every]:
        report = graded[place.stem].report
        alone = _alone(place, chosen.folder.resolve() / f"{place.stem}.json")
        same = _settled(report) == _settled(alone)
        different += [] if same else [place.stem]
        sys.stdout.write(f"{place.stem}: {'same' if same else 'DIFFERENT'}\n")
    sys.stdout.write(f"{len(graded)} students, {len(different)} differ.\n")
    sys.exit(bool(different))


def _alone(place: Path, path: Path) -> Report | None:
    """Grade a submission by itself; None where that cannot be."""
    if not path.is_file():
        command = ["grade", str(place), "--seed", SEED, "--json", str(path)]
        subprocess.run([*GRADER, *command], cwd=ROOT, check=False, capture_output=True)
    return Report.model_validate_json(path.read_text()) if path.is_file() else None


def _settled(report: Report | None) -> str:
    return "none" if report is None else DRAWN.sub("", report.as_json())


if __name__ == "__main__":
    main()
