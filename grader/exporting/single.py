"""Write one file a student, under a name that is safe on every system."""

from collections.abc import Callable, Sequence

from grader.gradebook.standing import Standing
from grader.report import Report
from grader.safe_names import safe_names

from .exported import Absent, Exported

Write = Callable[[Standing, Report], str]


def one_each(standings: Sequence[Standing], name: str, write: Write) -> Exported:
    """Write one file for each graded student, in a folder of their own."""
    folders = safe_names([s.student.key for s in standings])
    files, left_out = {}, []
    for standing, folder in zip(standings, folders, strict=True):
        if standing.report is None or standing.score is None:
            left_out.append(Absent(standing.student.key, standing.state))
        else:
            files[f"{folder}/{name}"] = write(standing, standing.report)
    return Exported(files, tuple(left_out))
