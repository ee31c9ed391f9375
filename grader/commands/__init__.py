"""The rooms of the command line: one module an area, each registers its commands."""
