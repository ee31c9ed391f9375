from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response
from sqlalchemy.exc import IntegrityError

from ..dependencies import RepositoryDep
from ..models import MovieCreate, MovieWithRatings, Rating, RatingCreate

router = APIRouter(prefix="/movies", tags=["movies"])

MovieId = Annotated[int, Path(gt=0, lt=2**63)]


@router.get("/")
def list_movies(repository: RepositoryDep) -> list[MovieWithRatings]:
    return [MovieWithRatings.model_validate(movie) for movie in repository.list()]


@router.post("/", status_code=201)
def create_movie(payload: MovieCreate, repository: RepositoryDep, request: Request) -> MovieWithRatings:
    try:
        movie = repository.create(**payload.model_dump())
    except IntegrityError as error:
        repository.session.rollback()
        raise HTTPException(409, "title already taken") from error
    print(f"[{request.state.trace_id}] created movie {movie.id}")
    return MovieWithRatings.model_validate(movie)


@router.get("/{movie_id}")
def get_movie(movie_id: MovieId, repository: RepositoryDep) -> MovieWithRatings:
    movie = repository.get(movie_id)
    if movie is None:
        raise HTTPException(404, "no such movie")
    return MovieWithRatings.model_validate(movie)


@router.delete("/{movie_id}", status_code=204)
def delete_movie(movie_id: MovieId, repository: RepositoryDep, request: Request) -> Response:
    if not repository.delete(movie_id):
        raise HTTPException(404, "no such movie")
    print(f"[{request.state.trace_id}] deleted movie {movie_id}")
    return Response(status_code=204)


@router.post("/{movie_id}/ratings", status_code=201)
def rate(movie_id: MovieId, payload: RatingCreate, repository: RepositoryDep, request: Request) -> Rating:
    rating = repository.add_rating(movie_id, payload.score)
    if rating is None:
        raise HTTPException(404, "no such movie")
    print(f"[{request.state.trace_id}] rated movie {movie_id}")
    return rating
