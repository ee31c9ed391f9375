import logging
import uuid

from fastapi import FastAPI, HTTPException, Request

from .dependencies import RepositoryDep
from .models import Movie

logger = logging.getLogger("movie-service")
app = FastAPI(title="Movie Service")


@app.middleware("http")
async def add_trace_id(request: Request, call_next):
    trace_id = request.headers.get("X-Trace-Id") or str(uuid.uuid4())
    request.state.trace_id = trace_id
    response = await call_next(request)
    response.headers["X-Trace-Id"] = trace_id
    return response


@app.get("/health")
def health():
    return {"status": "ok"}


@app.get("/movies")
def list_movies(repository: RepositoryDep):
    return repository.list()


@app.post("/movies", status_code=201)
def create_movie(payload: Movie, repository: RepositoryDep, request: Request):
    movie = repository.create(
        title=payload.title, year=payload.year, genre=payload.genre
    )
    logger.info("created trace_id=%s movie_id=%s", request.state.trace_id, movie.id)
    return movie


@app.get("/movies/{movie_id}")
def get_movie(movie_id: int, repository: RepositoryDep):
    movie = repository.get(movie_id)
    if movie is None:
        raise HTTPException(status_code=404, detail="Movie not found")
    return movie


@app.delete("/movies/{movie_id}", status_code=204)
def delete_movie(movie_id: int, repository: RepositoryDep, request: Request):
    movie = repository.get(movie_id)
    if movie is None:
        raise HTTPException(status_code=404, detail="Movie not found")
    repository.session.delete(movie)
    repository.session.commit()
    logger.info("deleted trace_id=%s movie_id=%s", request.state.trace_id, movie_id)


@app.post("/movies/{movie_id}/ratings", status_code=201)
def add_rating(
    movie_id: int, payload: dict, repository: RepositoryDep, request: Request
):
    rating = repository.add_rating(movie_id, payload["score"])
    logger.info("rated trace_id=%s movie_id=%s", request.state.trace_id, movie_id)
    return rating
