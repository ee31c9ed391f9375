"""Test the gradebook on SQLite and on PostgreSQL."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from grader.errors import MisuseError
from grader.gradebook.book import Basis, Gradebook, HandIn
from grader.gradebook.opening import open_database, parse_url, shown
from grader.gradebook.reading import read_class
from grader.gradebook.standing import Adjustment, Student
from grader.gradebook.tables import Row
from tests.class_fakes import NAMES, NOON, RIGHT

BASIS = Basis("sha256:checkpoints", "sha256:environment")
ADA = Student("ada", name="Ada Lovelace", email="ada@example.org")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the place of an empty gradebook."""
    if request.param == "sqlite":
        return str(tmp_path / "gradebook.db")
    url: str = request.getfixturevalue("postgresql")
    return url


@pytest.fixture
def book(place: str) -> Iterator[Gradebook]:
    """Open an empty gradebook."""
    with Gradebook.open(place, create=True) as opened:
        yield opened


def work(student: Student = ADA, digest: str = "sha256:1", **facts: object) -> HandIn:
    """Hand something in."""
    plain = HandIn(student, digest, "/work/ada.zip", NOON)
    return replace(plain, **facts)  # type: ignore[arg-type]


def test_the_history_makes_the_tables(place: str) -> None:
    """The models and the migrations say the same."""
    engine = open_database(parse_url(place), create=True)

    found = inspect(engine)
    columns = {
        table: {column["name"] for column in found.get_columns(table)}
        for table in Row.metadata.tables
    }

    assert columns == {
        name: set(table.columns.keys()) for name, table in Row.metadata.tables.items()
    }
    engine.dispose()


def test_a_grade_comes_back_whole(book: Gradebook, place: str) -> None:
    """With its full report, its times and its place."""
    book.keep(work(), BASIS, RIGHT)

    standing = read_class(place).standings[0]

    assert standing.student == ADA
    assert standing.report == RIGHT
    assert standing.counted is not None
    assert standing.counted.submitted_at == NOON
    assert standing.counted.place == "/work/ada.zip"


def test_nothing_is_kept_twice(book: Gradebook, place: str) -> None:
    """The same work on the same basis has one grade, whoever asks how often."""
    added = [book.keep(work(), BASIS, RIGHT) for _ in range(3)]

    assert added == [True, False, False]
    assert len(read_class(place).standings[0].attempts) == 1


def test_what_has_a_grade_is_known_by_its_digests(book: Gradebook) -> None:
    """Other checkpoints or another environment know nothing of it."""
    book.keep(work(), BASIS, RIGHT)

    assert book.known(BASIS) == {"ada": {"sha256:1"}}
    assert book.known(replace(BASIS, checkpoints="sha256:other")) == {}
    assert book.known(replace(BASIS, environment="sha256:other")) == {}


def test_every_attempt_is_kept_in_its_order(book: Gradebook, place: str) -> None:
    """By the time it was handed in, not by the time it was graded."""
    later = NOON + timedelta(hours=1)
    book.keep(work(digest="sha256:2", submitted_at=later), BASIS, RIGHT)
    book.keep(work(), BASIS, RIGHT)

    attempts = read_class(place).standings[0].attempts

    assert [attempt.submitted_at for attempt in attempts] == [NOON, later]


def test_the_newest_grade_of_a_submission_counts(book: Gradebook, place: str) -> None:
    """Graded again under other checkpoints it is still one attempt."""
    better = RIGHT.model_copy(update={"score": 1.0})
    book.keep(work(), BASIS, RIGHT)
    book.keep(work(), replace(BASIS, checkpoints="sha256:new"), better)

    standing = read_class(place).standings[0]

    assert [attempt.report.score for attempt in standing.attempts] == [1.0]


def test_an_adjustment_survives_another_run(book: Gradebook, place: str) -> None:
    """It lies beside the automatic grade."""
    book.keep(work(), BASIS, RIGHT)
    change = Adjustment(-1.5, "late by agreement", "tara", NOON)
    book.adjust(ADA, change)
    book.keep(work(), replace(BASIS, checkpoints="sha256:new"), RIGHT)

    standing = read_class(place).standings[0]

    assert standing.adjustments == (change,)
    assert standing.score == RIGHT.score - 1.5
    assert standing.automatic == RIGHT.score


def test_names_come_back_verbatim(book: Gradebook, place: str) -> None:
    """Whatever script, accent or sign they hold."""
    book.enroll(Student(str(number), name=name) for number, name in enumerate(NAMES))

    standings = read_class(place).standings

    assert {standing.student.name for standing in standings} == set(NAMES)
    assert {standing.state for standing in standings} == {"nothing was handed in"}


def test_a_problem_lasts_until_there_is_a_grade(book: Gradebook, place: str) -> None:
    """It is told meanwhile."""
    book.note_problem("/work/ada.zip", "ada.zip is damaged.", ADA)
    before = read_class(place).standings[0]
    book.keep(work(), BASIS, RIGHT)
    after = read_class(place).standings[0]

    assert (before.score, before.state) == (None, "ada.zip is damaged.")
    assert after.state == "graded"


def test_what_belongs_to_nobody_is_kept(book: Gradebook, place: str) -> None:
    """Until its folder is looked at again."""
    book.note_problem("/work/who.zip", "nobody of the roster is called so", None)
    book.note_problem("/works/who.zip", "nobody of the roster is called so", None)
    book.note_problem(os.fsdecode(b"/work/\xff.zip"), "an odd name", None)
    before = [each.place for each in read_class(place).unmatched]
    book.forget_problems(Path("/work"))
    after = [each.place for each in read_class(place).unmatched]

    assert before == ["/work/\\udcff.zip", "/work/who.zip", "/works/who.zip"]
    assert after == ["/works/who.zip"]


def test_two_runs_cannot_grade_at_once(book: Gradebook, place: str) -> None:
    """The second is told, and may come later."""
    with (
        Gradebook.open(place) as other,
        book.alone(),
        pytest.raises(MisuseError, match="Another run"),
        other.alone(),
    ):
        pass

    with Gradebook.open(place) as other, other.alone():
        pass


def test_a_newer_gradebook_is_refused(book: Gradebook, place: str) -> None:
    """What it holds could be lost."""
    with book.session() as session:
        session.connection().execute(
            text("UPDATE gradebook_version SET version_num='9'")
        )
        session.commit()

    with pytest.raises(MisuseError, match="newer grader"):
        read_class(place)


def test_the_policy_is_remembered(book: Gradebook, place: str, tmp_path: Path) -> None:
    """Whoever has no course.toml reads the same grades."""
    course = tmp_path / "elsewhere.toml"
    course.write_text('title = "Lab 7"\ndue = 2026-11-22T11:00:00Z', "utf-8")
    book.keep(work(), BASIS, RIGHT)

    first = read_class(place, course)
    second = read_class(place)

    assert second == first
    assert second.title == "Lab 7"
    assert second.standings[0].penalty > 0


def test_reading_makes_no_gradebook(tmp_path: Path) -> None:
    """A misspelt path is told."""
    with pytest.raises(MisuseError, match="is not there"):
        read_class(str(tmp_path / "typo.db"))

    assert not list(tmp_path.iterdir())


def test_another_database_is_left_alone(tmp_path: Path) -> None:
    """No tables are put into it."""
    place = tmp_path / "movies.db"
    engine = open_database(parse_url(str(place)), create=True)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE gradebook_version"))
    engine.dispose()

    with pytest.raises(MisuseError, match="something else"):
        Gradebook.open(str(place), create=True)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """In sentences."""
    place = tmp_path / "notes.txt"
    place.write_text("no database at all, but long enough to be looked at" * 40)

    with pytest.raises(MisuseError, match="cannot be opened"):
        Gradebook.open(str(place), create=True)


@pytest.mark.parametrize("url", ["mysql://host/db", "sqlite://", "://", "nonsense://"])
def test_other_databases_are_refused(url: str) -> None:
    """SQLite and PostgreSQL are all there is."""
    with pytest.raises(MisuseError):
        parse_url(url)


def test_no_password_is_shown() -> None:
    """Messages end up in logs."""
    url = parse_url("postgresql://ada:secret@host/db")

    assert shown(url) == "postgresql://ada:***@host/db"


def test_times_come_back_with_their_zone(book: Gradebook, place: str) -> None:
    """In UTC, on every database."""
    book.keep(work(), BASIS, RIGHT)

    attempt = read_class(place).standings[0].attempts[0]

    assert attempt.graded_at.tzinfo is UTC
    assert datetime.now(UTC) - attempt.graded_at < timedelta(minutes=5)
