"""The engine and the command line that grade a movie service."""
