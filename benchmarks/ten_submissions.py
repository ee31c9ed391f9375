"""Grade ten submissions of the benchmark's course in one process."""

import sys
import tempfile
from pathlib import Path

from grader.bench import open_for_course, open_stage
from grader.catalog import Course
from grader.grading import Options, grade
from grader.processor import one_processor
from grader.sandbox.choice import choose_engine

HERE = Path(__file__).parent
LAB = HERE.parent / "checkpoints"


def main(count: int) -> None:
    """Grade ``count`` submissions, each a folder of its own, on one stage."""
    course = Course.read(HERE / "course")
    engine = choose_engine("auto", own_folder=True).engine
    with (
        tempfile.TemporaryDirectory() as place,
        one_processor(),
        open_stage(course, engine) as stage,
    ):
        for number in range(count):
            opened = open_for_course(hand_in(Path(place, str(number))), course)
            report = grade(course, stage, opened, Options(seed=number))
            if report.score != report.max_score:
                raise SystemExit(report.as_json())


def hand_in(folder: Path) -> Path:
    """Lay the finished service into a folder, as a student would hand it in."""
    for path, content in Course.read(LAB).reference().files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


if __name__ == "__main__":
    main(int(sys.argv[1]))
