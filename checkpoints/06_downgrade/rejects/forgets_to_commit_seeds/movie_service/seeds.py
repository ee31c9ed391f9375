"""Know the movies that every new database starts with."""

from sqlmodel import Session, select

from .models import Movie, Rating

SEEDS = (
    ("Arrival", 2016, "Sci-Fi", (5, 4)),
    ("Casablanca", 1942, "Romance", (5,)),
    ("Heat", 1995, "Crime", (4, 5)),
    ("Paddington 2", 2017, "Comedy", (5, 5, 4)),
    ("Spirited Away", 2001, "Animation", (5,)),
    ("The Third Man", 1949, "Film Noir", ()),
)


def plant_seeds(session: Session) -> int:
    """Add the seeds whose titles are missing, all or none; return how many."""
    present = set(session.exec(select(Movie.title)).all())
    movies = [
        Movie(
            title=title,
            year=year,
            genre=genre,
            ratings=[
                Rating(score=score)  # type: ignore[call-arg]  # the relationship adds movie_id
                for score in scores
            ],
        )
        for title, year, genre, scores in SEEDS
        if title not in present
    ]
    session.add_all(movies)
    session.flush()
    return len(movies)
