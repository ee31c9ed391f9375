from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from .models import Movie, Rating


class MovieRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def list(self):
        statement = select(Movie).options(selectinload(Movie.ratings)).order_by(Movie.title)
        return self.session.scalars(statement).all()

    def create(self, *, title: str, year: int, genre: str) -> Movie:
        movie = Movie(title=title, year=year, genre=genre.title())
        self.session.add(movie)
        self.session.commit()
        self.session.refresh(movie)
        return movie

    def get(self, movie_id: int) -> Movie | None:
        return self.session.get(Movie, movie_id)

    def delete(self, movie_id: int) -> bool:
        movie = self.get(movie_id)
        if movie is None:
            return False
        self.session.delete(movie)
        self.session.commit()
        return True

    def add_rating(self, movie_id: int, score: int) -> Rating | None:
        if self.get(movie_id) is None:
            return None
        rating = Rating(movie_id=movie_id, score=score)
        self.session.add(rating)
        self.session.commit()
        self.session.refresh(rating)
        return rating
