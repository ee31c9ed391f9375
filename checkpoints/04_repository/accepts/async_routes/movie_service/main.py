"""Offer the movies over HTTP."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, FastAPI, Path
from starlette.middleware.base import BaseHTTPMiddleware

from .dependencies import RepositoryDep, TraceIdDep, trace_request
from .errors import MovieNotFoundError, install_error_handlers
from .models import (
    Movie,
    MovieCreate,
    MovieWithRatings,
    Rating,
    RatingCreate,
    RatingRead,
)

logger = logging.getLogger("movie_service")
router = APIRouter()

# A database integer has 64 bits; a longer one would be an error deep in the driver.
MovieId = Annotated[int, Path(ge=-(2**63), le=2**63 - 1)]


@router.get("/health")
async def health() -> dict[str, str]:
    """Say that the service is up."""
    return {"status": "ok"}


@router.get("/movies", response_model=list[MovieWithRatings])
async def list_movies(repository: RepositoryDep) -> Sequence[Movie]:
    """List every movie, ordered by title."""
    return repository.list()


@router.post("/movies", response_model=MovieWithRatings, status_code=201)
async def create_movie(
    payload: MovieCreate, repository: RepositoryDep, trace_id: TraceIdDep
) -> Movie:
    """Add a movie."""
    movie = repository.create(
        title=payload.title, year=payload.year, genre=payload.genre
    )
    logger.info("movie created trace_id=%s movie_id=%s", trace_id, movie.id)
    return movie


@router.get("/movies/{movie_id}", response_model=MovieWithRatings)
async def get_movie(movie_id: MovieId, repository: RepositoryDep) -> Movie:
    """Show one movie."""
    movie = repository.get(movie_id)
    if movie is None:
        raise MovieNotFoundError(movie_id)
    return movie


@router.delete("/movies/{movie_id}", status_code=204)
async def delete_movie(
    movie_id: MovieId, repository: RepositoryDep, trace_id: TraceIdDep
) -> None:
    """Remove one movie and its ratings."""
    repository.delete(movie_id)
    logger.info("movie deleted trace_id=%s movie_id=%s", trace_id, movie_id)


@router.post("/movies/{movie_id}/ratings", response_model=RatingRead, status_code=201)
async def rate_movie(
    movie_id: MovieId,
    payload: RatingCreate,
    repository: RepositoryDep,
    trace_id: TraceIdDep,
) -> Rating:
    """Add a rating to a movie."""
    rating = repository.add_rating(movie_id, payload.score)
    logger.info("rating created trace_id=%s movie_id=%s", trace_id, movie_id)
    return rating


@asynccontextmanager
async def show_log(_app: FastAPI) -> AsyncIterator[None]:
    """Send the log to standard error, unless whoever runs us has set it up."""
    logging.basicConfig(level=logging.INFO)
    yield


def create_app() -> FastAPI:
    """Build the application."""
    logger.setLevel(logging.INFO)
    application = FastAPI(title="Movie service", lifespan=show_log)
    application.add_middleware(BaseHTTPMiddleware, dispatch=trace_request)
    install_error_handlers(application)
    application.include_router(router)
    return application


app = create_app()
