from .models import Movie


class MovieRepository:
    def __init__(self, session):
        self.session = session

    def list(self):
        return self.session.query(Movie).all()
