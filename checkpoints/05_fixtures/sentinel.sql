-- A database that no test may touch: one movie, one rating.
CREATE TABLE movie (
    id INTEGER NOT NULL PRIMARY KEY,
    title VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    genre VARCHAR NOT NULL DEFAULT 'Unknown'
);
CREATE UNIQUE INDEX ix_movie_title ON movie (title);
CREATE INDEX ix_movie_genre ON movie (genre);
CREATE TABLE rating (
    id INTEGER NOT NULL PRIMARY KEY,
    movie_id INTEGER NOT NULL REFERENCES movie (id),
    score INTEGER NOT NULL
);
INSERT INTO movie VALUES (1, 'Kept from before', 1999, 'Drama');
INSERT INTO rating VALUES (1, 1, 5);
