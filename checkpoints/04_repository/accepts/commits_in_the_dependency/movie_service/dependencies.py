"""Hand the routes what they need, and give every request its trace id."""

import logging
import re
from collections.abc import Iterator
from typing import Annotated
from uuid import uuid4

from fastapi import Depends, Request, Response
from sqlmodel import Session
from starlette.middleware.base import RequestResponseEndpoint

from .db import get_session
from .errors import error_response
from .repository import MovieRepository

logger = logging.getLogger("movie_service")

TRACE_HEADER = "X-Trace-Id"

# Visible ASCII without a space: a client can neither flood our log nor forge a line.
_SANE_TRACE_ID = re.compile(r"[!-~]{1,128}")


async def trace_request(
    request: Request, call_next: RequestResponseEndpoint
) -> Response:
    """Accept or make the request's trace id and echo it on every answer."""
    offered = request.headers.get(TRACE_HEADER, "")
    trace_id = offered if _SANE_TRACE_ID.fullmatch(offered) else uuid4().hex
    request.state.trace_id = trace_id
    try:
        response = await call_next(request)
    except Exception:
        logger.exception("unexpected error trace_id=%s", trace_id)
        message = "The service made a mistake; its log says more."
        response = error_response(request, 500, "internal_error", message)
    response.headers[TRACE_HEADER] = trace_id
    return response


def get_trace_id(request: Request) -> str:
    """Return the trace id of this request."""
    return str(request.state.trace_id)


SessionDep = Annotated[Session, Depends(get_session, scope="function")]
TraceIdDep = Annotated[str, Depends(get_trace_id)]


def get_repository(session: SessionDep) -> Iterator[MovieRepository]:
    """Give the repository of one request, and commit what it did."""
    yield MovieRepository(session)
    session.commit()


# With the scope "request" the answer would be sent before the commit.
RepositoryDep = Annotated[MovieRepository, Depends(get_repository, scope="function")]
