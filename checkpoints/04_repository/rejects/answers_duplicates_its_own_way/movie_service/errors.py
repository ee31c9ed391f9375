"""What can go wrong, and the one JSON envelope in which a client is told."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException


class MovieServiceError(Exception):
    """A request that the service understood and has to refuse."""

    status = HTTPStatus.BAD_REQUEST
    code = "refused"


class MovieNotFoundError(MovieServiceError):
    """There is no movie with this id."""

    status = HTTPStatus.NOT_FOUND
    code = "movie_not_found"

    def __init__(self, movie_id: int) -> None:
        super().__init__(f"There is no movie {movie_id}.")


class DuplicateTitleError(MovieServiceError):
    """Another movie has this title already."""

    status = HTTPStatus.CONFLICT
    code = "duplicate_title"

    def __init__(self, title: str) -> None:
        super().__init__(f"There is already a movie called {title!r}.")


def error_response(
    request: Request,
    status: int,
    code: str,
    message: str,
    details: list[dict[str, Any]] | None = None,
) -> JSONResponse:
    """Put an error in the envelope that all errors share."""
    error: dict[str, Any] = {
        "code": code,
        "message": message,
        "trace_id": request.state.trace_id,
    }
    if details is not None:
        error["details"] = details
    return JSONResponse({"error": error}, status_code=status)


def install_error_handlers(app: FastAPI) -> None:
    """Let the app answer each kind of error in the envelope."""

    @app.exception_handler(MovieServiceError)
    async def refuse(request: Request, error: MovieServiceError) -> JSONResponse:
        return error_response(request, error.status, error.code, str(error))

    @app.exception_handler(DuplicateTitleError)
    async def conflict(_request: Request, error: DuplicateTitleError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status_code=409)

    @app.exception_handler(HTTPException)
    async def pass_on(request: Request, error: HTTPException) -> JSONResponse:
        code = HTTPStatus(error.status_code).name.lower()
        response = error_response(request, error.status_code, code, str(error.detail))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    async def reject(request: Request, error: RequestValidationError) -> JSONResponse:
        # The input itself is left out: not all that arrives can be sent back as JSON.
        details = [
            {"loc": problem["loc"], "msg": problem["msg"], "type": problem["type"]}
            for problem in error.errors()
        ]
        message = "The request is not valid."
        return error_response(request, 422, "validation_error", message, details)
