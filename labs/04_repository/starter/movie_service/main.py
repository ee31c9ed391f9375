"""Offer the movies over HTTP."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI, HTTPException

from .dependencies import RepositoryDep
from .models import Movie, MovieCreate
from .repository import MovieRepository

router = APIRouter()

# TODO(repository): answer MovieWithRatings; add POST /movies/{movie_id}/ratings; let a
# duplicate title answer 409; log trace_id=... movie_id=... after every write; and
# install the error handlers and the trace middleware in create_app().


@router.get("/health")
def health() -> dict[str, str]:
    """Say that the service is up."""
    return {"status": "ok"}


@router.get("/movies", response_model=list[Movie])
def list_movies(repository: RepositoryDep) -> Sequence[Movie]:
    """List every movie, ordered by title."""
    return repository.list()


@router.post("/movies", response_model=Movie, status_code=201)
def create_movie(payload: MovieCreate, repository: RepositoryDep) -> Movie:
    """Add a movie."""
    return repository.create(
        title=payload.title, year=payload.year, genre=payload.genre
    )


@router.get("/movies/{movie_id}", response_model=Movie)
def get_movie(movie_id: int, repository: RepositoryDep) -> Movie:
    """Show one movie."""
    return _found(repository, movie_id)


@router.delete("/movies/{movie_id}", status_code=204)
def delete_movie(movie_id: int, repository: RepositoryDep) -> None:
    """Remove one movie."""
    _found(repository, movie_id)
    repository.delete(movie_id)


def _found(repository: MovieRepository, movie_id: int) -> Movie:
    movie = repository.get(movie_id)
    if movie is None:
        raise HTTPException(status_code=404, detail=f"There is no movie {movie_id}.")
    return movie


def create_app() -> FastAPI:
    """Build the application."""
    application = FastAPI(title="Movie service")
    application.include_router(router)
    return application


app = create_app()
