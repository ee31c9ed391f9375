"""Hand the routes what they need."""

# TODO(repository): replace the one repository of the process by one a request:
# SessionDep from db.get_session, get_repository(session: SessionDep), RepositoryDep.
# Add a middleware that accepts or makes X-Trace-Id, keeps it in request.state.trace_id
# and echoes it, and TraceIdDep, by which a route gets at it.

from functools import cache
from typing import Annotated

from fastapi import Depends

from .repository import MovieRepository


@cache
def get_repository() -> MovieRepository:
    """Return the one repository of this process."""
    return MovieRepository()


RepositoryDep = Annotated[MovieRepository, Depends(get_repository)]
