"""Grade a finished notebook as many times as the command line says, in one stage.

Usage: python -m benchmarks.graded_notebook COUNT
"""

import sys
from pathlib import Path

from grader.bench import DEFAULT_COURSE, Opened, open_stage
from grader.catalog import Course
from grader.grading import Options, grade
from grader.sandbox.choice import choose_engine
from grader.submission.layout import find_layout
from grader.submission.opening import Submission

NAME = "01_sqlmodel_primer"
FINISHED = Path(__file__).parent.parent / "solutions" / "notebooks" / f"{NAME}.ipynb"


def main() -> None:
    """Grade; fail where a point is missing."""
    course = Course.read(DEFAULT_COURSE)
    tree = course.reference().overlay({f"{NAME}.ipynb": FINISHED.read_bytes()})
    submission = Submission("finished", "folder", tree, None, ())
    opened = Opened(submission, find_layout(tree, course.roles))
    engine = choose_engine("auto", own_folder=True).engine
    with open_stage(course, engine) as stage:
        for seed in range(int(sys.argv[1])):
            report = grade(course, stage, opened, Options(steps=(NAME,), seed=seed))
            (practice,) = report.practice
            assert practice.score == practice.max_score > 0


if __name__ == "__main__":
    main()
