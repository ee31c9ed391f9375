"""Questions about the revisions, and rows for them."""

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checkpoints.probes import insert_row, open_session


def revisions(box: Any) -> dict[str, Any]:
    """Tell the revisions, the first one first, and the folder of the last one's file.

    The folder is told as it lies below the submission's files.
    """
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(box.paths.get("alembic_ini", "alembic.ini"))
    scripts = list(ScriptDirectory.from_config(config).walk_revisions())
    top = os.path.join(box.world["root"], "project")  # noqa: PTH118 - may be a link
    folder = os.path.dirname(os.path.abspath(scripts[0].path))  # noqa: PTH100, PTH120
    return {
        "chain": [script.revision for script in reversed(scripts)],
        "folder": os.path.relpath(folder, top),
    }


def plant(box: Any, movies: list[Any]) -> int:
    """Insert movies with their scores through the submission's own session."""
    with open_session(box) as session:
        execute = session.connection().exec_driver_sql
        for title, year, genre, scores in movies:
            movie = {"title": title, "year": year, "genre": genre}
            made = insert_row(execute, "movie", movie)
            for score in scores:
                insert_row(execute, "rating", {"movie_id": made, "score": score})
        session.commit()
    return len(movies)
