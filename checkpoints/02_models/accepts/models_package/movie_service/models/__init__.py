"""The tables, and what goes in and out of the service."""

from .movie import Movie
from .payloads import (
    MovieCreate,
    MovieRead,
    MovieWithRatings,
    RatingCreate,
    RatingRead,
)
from .rating import Rating

__all__ = [
    "Movie",
    "MovieCreate",
    "MovieRead",
    "MovieWithRatings",
    "Rating",
    "RatingCreate",
    "RatingRead",
]
