"""Rows that a submission's own session stores, and the files that they end up in."""

import pytest

from grader.checks import (
    Draw,
    Json,
    Project,
    Symptom,
    UnreadableError,
    expect,
    expect_observed,
    recognise,
)

Row = tuple[str, str]
NO_FOLDER = Symptom(
    "folder-not-created", "OperationalError", "unable to open database file"
)


class Storage:
    """Store drawn rows through the submission, and look for them in its files."""

    def __init__(self, project: Project, draw: Draw) -> None:
        self.project = project
        self.draw = draw

    def write(self, path: str | None = None) -> Row:
        """Store a drawn word in a drawn table; return both.

        Args:
            path: Where DATABASE_URL points, below the world's folder; without it, to
                the course's file; if empty, the variable is not set at all.
        """
        table, word = self.draw.word().lower(), self.draw.word()
        seen = self.project.ask("write", table=table, word=word, path=path)
        pitfall = recognise(seen, (NO_FOLDER,))
        told = "Storing a row"
        if path == "":
            told = "Without DATABASE_URL, storing a row"
            pitfall = pitfall or "no-default-url"
        expect_observed(seen, told, pitfall=pitfall)
        return table, word

    def words(self, path: str, table: str) -> list[Json]:
        """Read the words of a table from the file itself."""
        database = self.project.database(path)
        try:
            rows = database.rows(table) if database is not None else []
        except UnreadableError:
            rows = []
        return [row.get("word") for row in rows]

    def holding(self, row: Row) -> str | None:
        """Return the file that holds a row."""
        table, word = row
        for path in self.project.databases():
            if self.words(path, table) == [word]:
                return path
        return None

    def expect_stored(self, path: str, row: Row) -> None:
        """Fail unless the row is in the file at ``path``."""
        where = self.holding(row)
        story = [f"the row is in: {where}", *self.project.events().story()]
        expect(
            where is not None, "A row was committed, and is in no file.", evidence=story
        )
        expect(
            where == path,
            "DATABASE_URL named another file than the one that was written.",
            pitfall="hard-coded-url",
            evidence=story,
        )


@pytest.fixture
def storage(project: Project, draw: Draw) -> Storage:
    """Give what stores rows and finds them again."""
    return Storage(project, draw)
