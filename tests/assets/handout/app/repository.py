from collections.abc import Iterable
from typing import Optional

from sqlmodel import Session, select

from .models import Movie, Rating


class MovieRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def list(self) -> Iterable[Movie]:
        statement = select(Movie).order_by(Movie.title)
        return self.session.exec(statement).all()

    def create(self, *, title: str, year: int, genre: str) -> Movie:
        movie = Movie(title=title, year=year, genre=genre.title())
        self.session.add(movie)
        self.session.commit()
        self.session.refresh(movie)
        return movie

    def get(self, movie_id: int) -> Optional[Movie]:
        return self.session.get(Movie, movie_id)

    def add_rating(self, movie_id: int, score: int) -> Rating:
        rating = Rating(movie_id=movie_id, score=score)
        self.session.add(rating)
        self.session.commit()
        self.session.refresh(rating)
        return rating
