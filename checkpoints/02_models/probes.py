"""Questions about the tables, their relationship and the payload models."""

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checkpoints.probes import create_tables, find_tables, url_in_world

ANSWERS = ("Read", "Out", "Public", "Response", "View", "Detail")


def import_models(box: Any) -> bool:
    """Import the module of the models."""
    box.module("models")
    return True


def map_tables(box: Any, path: str) -> list[str]:
    """Configure the mappers, create the tables in a file and query each of them."""
    from sqlalchemy import select
    from sqlalchemy.orm import Session, configure_mappers

    tables = find_tables(box)
    configure_mappers()
    with Session(create_tables(box, url_in_world(box, path))) as session:
        for mapped in tables.values():
            session.scalars(select(mapped)).first()
    return sorted(tables)


def create_configured_tables(box: Any) -> bool:
    """Create the tables in the database that the service will use."""
    create_tables(box, os.environ["DATABASE_URL"])
    return True


def store_without_genre(box: Any, path: str, title: str, year: int) -> bool:
    """Store a movie of which only title and year are given."""
    from sqlalchemy.orm import Session

    movie = find_tables(box)["movie"]
    with Session(create_tables(box, url_in_world(box, path))) as session:
        session.add(movie(title=title, year=year))
        session.commit()
    return True


def relate(box: Any, path: str, movie: dict[str, Any], scores: list[int]) -> Any:
    """Relate ratings to a movie from either side; say what each side then shows."""
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    tables = find_tables(box)
    first, second = tables["movie"], tables["rating"]
    down, up = _relationship(first, second), _relationship(second, first)
    if down is None or up is None:
        return {"down": down, "up": up}
    engine = create_tables(box, url_in_world(box, path))
    with Session(engine) as session:
        one = first(**movie)
        rating = _build(second, score=scores[0], movie_id=None)
        session.add(one)
        _put(getattr(one, down), rating)
        at_once = getattr(rating, up) is one
        session.commit()
        other = _build(second, score=scores[1], movie_id=one.id)
        setattr(other, up, one)
        session.add(other)
        session.commit()
    with Session(engine) as session:
        found = session.scalars(select(first)).one()
        ratings = list(getattr(found, down))
        return {
            "down": down,
            "up": up,
            "at_once": at_once,
            "scores": sorted(rating.score for rating in ratings),
            "back": [getattr(rating, up) is found for rating in ratings],
        }


def _relationship(mapped: Any, target: Any) -> str | None:
    for relation in mapped.__mapper__.relationships:
        if relation.mapper.class_ is target:
            return str(relation.key)
    return None


def _build(mapped: Any, **values: Any) -> Any:
    try:
        return mapped(score=values["score"])
    except TypeError:
        return mapped(**values)


def _put(collection: Any, item: Any) -> None:
    add = getattr(collection, "append", None) or collection.add
    add(item)


def takes_a_table(box: Any) -> bool:
    """Say whether the route that adds a movie takes the table's model as its body."""
    import inspect
    import typing

    from fastapi import APIRouter, FastAPI

    box.module("app")
    for module in _own_modules(box):
        for value in vars(module).values():
            if not isinstance(value, APIRouter | FastAPI):
                continue
            for route in value.routes:
                if _adds_a_movie(route):
                    function = inspect.unwrap(route.endpoint)  # type: ignore[attr-defined]
                    hints = typing.get_type_hints(function)
                    hints.pop("return", None)  # to answer with one is right
                    if any(hasattr(hint, "__table__") for hint in hints.values()):
                        return True
    return False


def _adds_a_movie(route: Any) -> bool:
    is_post = "POST" in (getattr(route, "methods", None) or ())
    return is_post and str(route.path).rstrip("/").endswith("/movies")


def _own_modules(box: Any) -> list[Any]:
    return [
        module
        for module in list(sys.modules.values())
        if str(getattr(module, "__file__", None) or "").startswith(box.project)
    ]


def rating_payloads(box: Any, right: list[Any], wrong: list[Any]) -> list[Any]:
    """Give scores to each payload model of a rating; list those it judged wrongly."""
    return [
        {
            "name": model.__name__,
            "refused": [score for score in right if not _accepts(model, score)],
            "accepted": [score for score in wrong if _accepts(model, score)],
        }
        for model in _rating_payloads(box)
    ]


def _rating_payloads(box: Any) -> list[Any]:
    from pydantic import BaseModel

    for role in ("models", "app"):
        with contextlib.suppress(Exception):
            box.module(role)
    found = {
        value
        for module in _own_modules(box)
        for value in list(vars(module).values())
        if isinstance(value, type)
        and issubclass(value, BaseModel)
        and not hasattr(value, "__table__")
        and not value.__name__.endswith(ANSWERS)
        and "score" in value.model_fields
        and "id" not in value.model_fields
    }
    # A model that others derive from may leave its rules to them.
    bases = {base for model in found for base in model.__mro__[1:]}
    return sorted(found - bases, key=lambda model: str(model.__name__))


def _accepts(model: Any, score: Any) -> bool:
    from pydantic import ValidationError

    try:
        model.model_validate({"score": score, "movie_id": 1})
    except ValidationError:
        return False
    return True
