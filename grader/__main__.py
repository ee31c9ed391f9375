"""Run the command line as ``python -m grader``."""

from .cli import main

main()
