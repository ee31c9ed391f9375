"""The gradebook's tables; ``history`` holds the migrations that make them."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, MetaData, Text, TypeDecorator
from sqlmodel import Field, SQLModel, UniqueConstraint


class UtcTime(TypeDecorator[datetime]):
    """A time with its zone, which SQLite alone would forget."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Store it in UTC."""
        del dialect
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Give it back in UTC."""
        del dialect
        return value.replace(tzinfo=UTC) if value else None


class Row(SQLModel):
    """A row of the gradebook, whose tables are nobody else's."""

    metadata = MetaData()


class StudentRow(Row, table=True):
    """Somebody of the class."""

    __tablename__ = "student"

    key: str = Field(primary_key=True)
    name: str = ""
    email: str = ""
    login: str = ""
    idnumber: str = ""
    canvas_id: str = ""
    sis_user_id: str = ""
    section: str = ""
    on_roster: bool = False
    """Whether a roster named them, and not only a submission."""


class SubmissionRow(Row, table=True):
    """Something that a student handed in at some time."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("student_key", "digest", "submitted_at"),)

    id: int | None = Field(default=None, primary_key=True)
    student_key: str = Field(foreign_key="student.key", index=True)
    digest: str
    place: str
    submitted_at: datetime | None = Field(default=None, sa_type=UtcTime)
    seen_at: datetime = Field(sa_type=UtcTime)


class GradeRow(Row, table=True):
    """The report of a submission, under one course in one environment."""

    __tablename__ = "grade"
    __table_args__ = (
        UniqueConstraint("student_key", "digest", "checkpoints", "environment"),
    )

    id: int | None = Field(default=None, primary_key=True)
    student_key: str = Field(foreign_key="student.key", index=True)
    digest: str
    checkpoints: str
    environment: str
    graded_at: datetime = Field(sa_type=UtcTime)
    report: str = Field(sa_type=Text)


class ProblemRow(Row, table=True):
    """Something that was handed in and has no grade, and why."""

    __tablename__ = "problem"

    place: str = Field(primary_key=True)
    student_key: str | None = Field(default=None, foreign_key="student.key")
    """None where it belongs to nobody who is known."""
    reason: str = Field(sa_type=Text)
    seen_at: datetime = Field(sa_type=UtcTime)


class AdjustmentRow(Row, table=True):
    """What a person changed beside the automatic grade, or only remarked."""

    __tablename__ = "adjustment"

    id: int | None = Field(default=None, primary_key=True)
    student_key: str = Field(foreign_key="student.key", index=True)
    points: float
    reason: str = Field(sa_type=Text)
    author: str
    made_at: datetime = Field(sa_type=UtcTime)


class CourseRow(Row, table=True):
    """The class's ``course.toml``, as it was read last."""

    __tablename__ = "course"

    id: int = Field(default=1, primary_key=True)
    text: str = Field(sa_type=Text)
    read_at: datetime = Field(sa_type=UtcTime)
