"""Questions about the revisions, and rows for them."""

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checkpoints.probes import open_session


def chain(box: Any) -> list[str]:
    """Name the revisions in their order, the first one first."""
    return [script.revision for script in reversed(_scripts(box))]


def newest(box: Any) -> dict[str, str]:
    """Tell the newest revision, and the folder of its file below the world's files."""
    script = _scripts(box)[0]
    top = os.path.join(box.world["root"], "project")  # noqa: PTH118 - may be a link
    folder = os.path.dirname(os.path.abspath(script.path))  # noqa: PTH100, PTH120
    return {"revision": script.revision, "folder": os.path.relpath(folder, top)}


def _scripts(box: Any) -> list[Any]:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(box.paths.get("alembic_ini", "alembic.ini"))
    return list(ScriptDirectory.from_config(config).walk_revisions())


def plant(box: Any, movies: list[Any]) -> int:
    """Insert movies with their scores through the submission's own session."""
    with open_session(box) as session:
        connection = session.connection()
        for title, year, genre, scores in movies:
            made = connection.exec_driver_sql(
                "INSERT INTO movie (title, year, genre) VALUES (?, ?, ?)",
                (title, year, genre),
            )
            for score in scores:
                connection.exec_driver_sql(
                    "INSERT INTO rating (movie_id, score) VALUES (?, ?)",
                    (made.lastrowid, score),
                )
        session.commit()
    return len(movies)
