"""Keep what a class handed in, what it earned, and what people said of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine, func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from grader.report import Report, readable

from .opening import alone, open_database, parse_url, shown
from .policy import now
from .standing import Adjustment, Student, Unmatched
from .tables import (
    AdjustmentRow,
    CourseRow,
    GradeRow,
    ProblemRow,
    StudentRow,
    SubmissionRow,
)


@dataclass(frozen=True, slots=True)
class HandIn:
    """Something that a student handed in."""

    student: Student
    digest: str
    place: str
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What decides a grade beside the submission; by digests."""

    checkpoints: str
    environment: str


class Gradebook:
    """A gradebook that is open; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, place: str, *, create: bool = False) -> Self:
        """Open a gradebook by path or URL; make or upgrade its tables."""
        return cls(open_database(parse_url(place), create=create))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._engine.dispose()

    @property
    def name(self) -> str:
        """Name it for people."""
        return shown(self._engine.url)

    def alone(self) -> AbstractContextManager[None]:
        """Be the only one that grades into it."""
        return alone(self._engine)

    def enroll(self, students: Iterable[Student]) -> None:
        """Take in a roster; who is known already gets its facts."""
        with Session(self._engine) as session:
            for student in students:
                session.merge(StudentRow(**asdict(student), on_roster=True))
            session.commit()

    def roster(self) -> list[Student]:
        """Return whom a roster named."""
        with Session(self._engine) as session:
            found = select(StudentRow).where(col(StudentRow.on_roster))
            return [student_of(row) for row in session.exec(found)]

    def known(self, basis: Basis) -> dict[str, set[str]]:
        """Map each student's key to the digests that have a grade on this basis."""
        found: dict[str, set[str]] = defaultdict(set)
        with Session(self._engine) as session:
            chosen = select(GradeRow.student_key, GradeRow.digest).where(
                GradeRow.checkpoints == basis.checkpoints,
                GradeRow.environment == basis.environment,
            )
            for key, digest in session.exec(chosen):
                found[key].add(digest)
        return found

    def keep(self, work: HandIn, basis: Basis, report: Report | None = None) -> bool:
        """Keep a submission with its grade, or one whose grade is there already.

        Returns:
            Whether a grade was added.
        """
        row = None
        if report is not None:
            row = GradeRow(
                student_key=work.student.key,
                digest=work.digest,
                checkpoints=basis.checkpoints,
                environment=basis.environment,
                graded_at=now(),
                report=report.model_dump_json(by_alias=True),
            )
        try:
            with Session(self._engine) as session:
                _note(session, work)
                here = col(ProblemRow.place) == _storable(work.place)
                session.exec(delete(ProblemRow).where(here))
                if row is not None:
                    session.add(row)
                session.commit()
        except IntegrityError:
            if row is None:
                raise
            return self.keep(work, basis)  # it has this grade: nothing to add
        return row is not None

    def note_problem(self, place: str, reason: str, student: Student | None) -> None:
        """Keep why something that was handed in has no grade."""
        with Session(self._engine) as session:
            if student is not None:
                _meet(session, student)
            session.merge(
                ProblemRow(
                    place=_storable(place),
                    student_key=student.key if student else None,
                    reason=readable(reason),
                    seen_at=now(),
                )
            )
            session.commit()

    def forget_problems(self, folder: Path) -> None:
        """Forget what was wrong with all below a folder, before it is seen again."""
        start = _storable(f"{folder}/")
        with Session(self._engine) as session:
            below = func.substr(ProblemRow.place, 1, len(start)) == start
            session.exec(delete(ProblemRow).where(below))
            session.commit()

    def unmatched(self) -> list[Unmatched]:
        """Return what belongs to nobody who is known."""
        with Session(self._engine) as session:
            found = select(ProblemRow).where(col(ProblemRow.student_key).is_(None))
            rows = session.exec(found.order_by(ProblemRow.place))
            return [Unmatched(row.place, row.reason) for row in rows]

    def adjust(self, student: Student, change: Adjustment) -> None:
        """Keep what a person changed or remarked."""
        with Session(self._engine) as session:
            session.add(AdjustmentRow(student_key=student.key, **asdict(change)))
            session.commit()

    def remember_course(self, text: str) -> None:
        """Keep the class's ``course.toml``."""
        with Session(self._engine) as session:
            kept = session.get(CourseRow, 1)
            if kept is None or kept.text != text:
                session.merge(CourseRow(id=1, text=text, read_at=now()))
                session.commit()

    def course(self) -> str:
        """Return the class's ``course.toml`` as it was last; empty without one."""
        with Session(self._engine) as session:
            row = session.get(CourseRow, 1)
            return row.text if row else ""

    def session(self) -> Session:
        """Open a session, for those who read."""
        return Session(self._engine)


def student_of(row: StudentRow) -> Student:
    """Give a student as a plain value."""
    return Student(**{each.name: getattr(row, each.name) for each in fields(Student)})


def _meet(session: Session, student: Student) -> None:
    """Add a student whom no roster named, unless known."""
    if session.get(StudentRow, student.key) is None:
        session.add(StudentRow(**asdict(student)))
        session.flush()


def _note(session: Session, work: HandIn) -> None:
    _meet(session, work.student)
    seen: Sequence[SubmissionRow] = session.exec(
        select(SubmissionRow).where(
            SubmissionRow.student_key == work.student.key,
            SubmissionRow.digest == work.digest,
        )
    ).all()
    same = [row for row in seen if work.submitted_at in {None, row.submitted_at}]
    if same:
        same[-1].place = _storable(work.place)
        session.add(same[-1])
        return
    session.add(
        SubmissionRow(
            student_key=work.student.key,
            digest=work.digest,
            place=_storable(work.place),
            submitted_at=work.submitted_at,
            seen_at=now(),
        )
    )


def _storable(place: str) -> str:
    """Give a path as text that every database takes, also an oddly encoded one."""
    return place.encode("utf-8", "backslashreplace").decode("utf-8")
