"""Read a class out of its gradebook, under the policy that holds for it."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from sqlmodel import Session, col, select

from grader.errors import MisuseError
from grader.report import Report

from .book import Gradebook, student_of
from .opening import folder_of, parse_url
from .policy import Policy, read_policy
from .standing import Adjustment
from .standings import Class, Graded, Record, place_class
from .tables import AdjustmentRow, GradeRow, ProblemRow, StudentRow, SubmissionRow

COURSE_FILE = "course.toml"


def read_class(place: str, course: Path | None = None) -> Class:
    """Read where everybody of a class stands.

    Args:
        place: The gradebook's path or URL.
        course: The class's ``course.toml``; see ``policy_of``.

    Raises:
        MisuseError: if the gradebook or the policy cannot be read.
    """
    with Gradebook.open(place) as book:
        policy = policy_of(book, place, course)
        return place_class(policy, read_records(book), book.unmatched())


def policy_of(book: Gradebook, place: str, course: Path | None = None) -> Policy:
    """Read the policy from the file given, else from the one beside the gradebook.

    The gradebook keeps it, so that whoever has no such file reads the same grades.
    """
    folder = folder_of(parse_url(place))
    beside = folder / COURSE_FILE if folder else None
    path = course or (beside if beside and beside.is_file() else None)
    if path is None:
        return read_policy(book.course())
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MisuseError(
            problem=f"{path} cannot be read: {error}.",
            next_step="Give --course the class's course.toml, in UTF-8.",
        ) from error
    policy = read_policy(text)
    book.remember_course(text)
    return policy


def read_records(book: Gradebook) -> list[Record]:
    """Read what the gradebook keeps of everybody, by name."""
    with book.session() as session:
        rows = session.exec(select(StudentRow)).all()
        graded = _graded(session)
        adjustments = _adjustments(session.exec(select(AdjustmentRow)).all())
        problems = _problems(session)
        return [
            Record(
                student=student_of(row),
                graded=tuple(graded[row.key]),
                adjustments=tuple(adjustments[row.key]),
                ungraded=problems.get(row.key, ""),
            )
            for row in sorted(rows, key=lambda row: (row.name.casefold(), row.key))
        ]


def _graded(session: Session) -> dict[str, list[Graded]]:
    """Give each student's submissions that have a grade, in their order.

    Where one was graded on more than one basis, the newest grade counts.
    """
    reports = {
        (row.student_key, row.digest): row
        for row in session.exec(select(GradeRow).order_by(col(GradeRow.id)))
    }
    found: dict[str, list[Graded]] = defaultdict(list)
    rows = session.exec(select(SubmissionRow).order_by(col(SubmissionRow.id))).all()
    for row in sorted(rows, key=lambda row: row.submitted_at or row.seen_at):
        grade = reports.get((row.student_key, row.digest))
        if grade is not None:
            report = Report.model_validate_json(grade.report)
            found[row.student_key].append(
                Graded(report, grade.graded_at, row.submitted_at, row.place)
            )
    return found


def _adjustments(rows: Iterable[AdjustmentRow]) -> dict[str, list[Adjustment]]:
    found: dict[str, list[Adjustment]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.made_at, row.id or 0)):
        change = Adjustment(row.points, row.reason, row.author, row.made_at)
        found[row.student_key].append(change)
    return found


def _problems(session: Session) -> dict[str, str]:
    rows = session.exec(select(ProblemRow).order_by(col(ProblemRow.seen_at)))
    return {row.student_key: row.reason for row in rows if row.student_key}
