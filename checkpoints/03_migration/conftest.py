"""A submission's migrations run once, from nothing to head and back."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest

from grader.checks import Database, Observation, Project, Sandbox, UnreadableError

CONFIGURED = "data/service.db"
SUITE = Path(__file__).parent
# Once an upgrade ran in a process of its own, more of them need not: the models are
# imported once, and each further command forks off from there.
LOADED = ("models",)


class Run:
    """One world in which Alembic goes up, down and up again, each step on demand.

    Whoever asks for a later step gets the earlier ones first.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._before = project.files()

    @cached_property
    def upgraded(self) -> Observation:
        """Say how ``upgrade head`` on an empty database went."""
        return self.project.alembic("upgrade", "head")

    @cached_property
    def path(self) -> str:
        """Name the file that was migrated; the configured one if there is none."""
        _ = self.upgraded
        now = self.project.files()
        changed = [
            path
            for path in self.project.databases()
            if now[path] != self._before.get(path)
        ]
        filled = [path for path in changed if has_tables(self.project.database(path))]
        for path in (*filled, *changed):
            if path == CONFIGURED:
                return path
        return next(iter((*filled, *changed)), CONFIGURED)

    @cached_property
    def at_head(self) -> Database | None:
        """Give the file after ``upgrade head``."""
        return self.project.database(self.path)

    @cached_property
    def checked(self) -> Observation:
        """Say how ``alembic check`` at head went."""
        _ = self.at_head
        return self.project.alembic("check")

    @cached_property
    def downgraded(self) -> Observation:
        """Say how ``downgrade base`` from head went."""
        _ = self.checked
        return self.project.alembic("downgrade", "base", load=LOADED)

    @cached_property
    def at_base(self) -> Database | None:
        """Give the file after ``downgrade base``."""
        _ = self.downgraded
        return self.project.database(self.path)

    @cached_property
    def upgraded_again(self) -> Observation:
        """Say how ``upgrade head`` from base went."""
        _ = self.at_base
        return self.project.alembic("upgrade", "head", load=LOADED)

    @cached_property
    def at_head_again(self) -> Database | None:
        """Give the file after the second ``upgrade head``."""
        _ = self.upgraded_again
        return self.project.database(self.path)


def has_tables(database: Database | None) -> bool:
    """Say whether a file holds tables of the submission's."""
    try:
        return database is not None and bool(database.tables())
    except UnreadableError:
        return False


@pytest.fixture(scope="package")
def run(sandbox: Sandbox) -> Iterator[Run]:
    """Give the run that the checks of this step share."""
    with sandbox.open(suite=SUITE) as project:
        yield Run(project)
