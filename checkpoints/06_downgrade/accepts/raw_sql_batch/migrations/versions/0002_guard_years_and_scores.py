"""Guard years and scores, and let ratings go with their movie."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def rebuild(movie_rule: str, rating_rule: str, on_delete: str) -> None:
    with op.get_context().autocommit_block():
        op.execute("PRAGMA foreign_keys=OFF")
    op.execute("BEGIN")
    op.execute(
        f"""CREATE TABLE new_movie (
            id INTEGER NOT NULL, title VARCHAR NOT NULL, year INTEGER NOT NULL,
            genre VARCHAR NOT NULL, CONSTRAINT pk_movie PRIMARY KEY (id){movie_rule})"""
    )
    op.execute("INSERT INTO new_movie SELECT id, title, year, genre FROM movie")
    op.execute("DROP TABLE movie")
    op.execute("ALTER TABLE new_movie RENAME TO movie")
    op.create_index("ix_movie_title", "movie", ["title"], unique=True)
    op.create_index("ix_movie_genre", "movie", ["genre"])
    op.execute(
        f"""CREATE TABLE new_rating (
            id INTEGER NOT NULL, movie_id INTEGER NOT NULL, score INTEGER NOT NULL,
            CONSTRAINT pk_rating PRIMARY KEY (id), CONSTRAINT fk_rating_movie_id_movie
            FOREIGN KEY(movie_id) REFERENCES movie (id){on_delete}{rating_rule})"""
    )
    op.execute("INSERT INTO new_rating SELECT id, movie_id, score FROM rating")
    op.execute("DROP TABLE rating")
    op.execute("ALTER TABLE new_rating RENAME TO rating")
    with op.get_context().autocommit_block():
        op.execute("PRAGMA foreign_keys=ON")


def upgrade() -> None:
    rebuild(
        ", CONSTRAINT ck_movie_year_range CHECK (year BETWEEN 1900 AND 2100)",
        ", CONSTRAINT ck_rating_score_range CHECK (score BETWEEN 1 AND 5)",
        " ON DELETE CASCADE",
    )
    op.create_index("ix_rating_movie_id", "rating", ["movie_id"])


def downgrade() -> None:
    rebuild("", "", "")
