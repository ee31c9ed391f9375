"""The rooms of the command line: one module an area registers its commands."""
