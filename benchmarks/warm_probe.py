"""Put many probes to one warm stage, each in a process of its own."""

import sys
from pathlib import Path

from grader.bench import open_stage
from grader.catalog import Course
from grader.sandbox.choice import choose_engine
from grader.sandbox.stage import Lodging
from grader.sandbox.world import Program

PROBE = Program("probe", "def answer(box):\n    import sqlmodel\n    return 1\n")


def main(count: int) -> None:
    """Put ``count`` probes, each in a process of its own."""
    course = Course.read(Path(__file__).parent / "course")
    engine = choose_engine("auto", own_folder=True).engine
    with open_stage(course, engine) as stage, stage.world({}, Lodging()) as world:
        for _ in range(count):
            if not world.ask(PROBE, "answer", {}).succeeded:
                raise SystemExit("a probe failed")


if __name__ == "__main__":
    main(int(sys.argv[1]))
