import argparse

from alembic import command
from alembic.config import Config
from sqlmodel import Session, select

from .db import get_engine
from .models import Movie, Rating

SEEDS = [("Alien", 1979, "Horror", [5, 4]), ("Up", 2009, "Animation", [5])]


def seed() -> None:
    with Session(get_engine()) as session:
        for title, year, genre, scores in SEEDS:
            if session.exec(select(Movie).where(Movie.title == title)).first():
                continue
            movie = Movie(title=title, year=year, genre=genre)
            movie.ratings = [Rating(score=score) for score in scores]
            session.add(movie)
        session.commit()


def main() -> None:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("migrate")
    commands.add_parser("seed")
    commands.add_parser("downgrade").add_argument("revision", nargs="?", default="-1")
    chosen = parser.parse_args()
    if chosen.command == "migrate":
        command.upgrade(Config("alembic.ini"), "head")
        print("Database ready")
    elif chosen.command == "downgrade":
        command.downgrade(Config("alembic.ini"), chosen.revision)
    else:
        seed()


if __name__ == "__main__":
    main()
