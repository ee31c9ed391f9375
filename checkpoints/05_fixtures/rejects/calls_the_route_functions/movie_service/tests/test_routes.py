"""Call the routes without HTTP."""

from movie_service.main import get_movie, list_movies


def test_list_movies_is_sorted(repository):
    for title in ("Zodiac", "Alien"):
        repository.create(title=title, year=2000, genre="any")

    assert [movie.title for movie in list_movies(repository)] == ["Alien", "Zodiac"]


def test_get_movie_finds_it(repository):
    made = repository.create(title="Alien", year=1979, genre="horror")

    assert get_movie(made.id, repository).title == "Alien"
