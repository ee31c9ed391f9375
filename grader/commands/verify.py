"""The ``verify`` command: prove the course, and exit 1 on any gap."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from grader import verify_terminal
from grader.catalog import DEFAULT_COURSE, Course
from grader.sandbox.choice import Choice, choose_engine
from grader.sandbox.interpreter import inspect
from grader.terminal import open_console
from grader.verifying.jobs import Job, Selection
from grader.verifying.judging import Run
from grader.verifying.proof import Claims, Proof, prove
from grader.verifying.working import Crew, run_jobs
from grader.writing import STANDARD_OUTPUT, require_writable, write_whole

from .options import Checkpoints, Python, SandboxName

SEEDS = 5
WHOLE_COURSE = Selection()


@dataclass(frozen=True, slots=True)
class Request:
    """What to prove, and how."""

    checkpoints: Path = DEFAULT_COURSE
    selection: Selection = WHOLE_COURSE
    sandbox: str = "auto"
    python: Path | None = None
    jobs: int = 0
    """How many workers; as many as there are cores if zero."""
    seeds: int = SEEDS
    thorough: bool = False
    """Whether variants are graded also on the steps that they cannot change."""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("verify")(verify)


def verify(
    checkpoints: Checkpoints = DEFAULT_COURSE,
    step: Annotated[
        list[str] | None, typer.Option(help="Prove only this step; may be repeated.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Prove only what has this name (a glob); may be repeated."),
    ] = None,
    sandbox: SandboxName = "auto",
    python: Python = None,
    jobs: Annotated[
        int, typer.Option(min=0, help="How many workers; 0 for one a core.")
    ] = 0,
    seeds: Annotated[
        int,
        typer.Option(
            min=1, help="How many seeds the finished service is graded under."
        ),
    ] = SEEDS,
    *,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Trust no inputs and ignores: grade all.")
    ] = False,
    json: Annotated[
        Path | None,
        typer.Option(help="Write the proof there as JSON; - is standard output."),
    ] = None,
) -> None:
    """Prove the course: its names, layers, variants, diagnoses and secrets.

    Exits 0 without a gap, 1 with any, 2 on misuse, 3 when the fault is ours.
    """
    selection = Selection(tuple(step or ()), tuple(only or ()))
    request = Request(checkpoints, selection, sandbox, python, jobs, seeds, thorough)
    proof = run(request, json)
    if proof.gaps:
        raise typer.Exit(1)


def run(request: Request, json: Path | None = None) -> Proof:
    """Prove a course, show the proof and write it where asked.

    Raises:
        MisuseError: if the request names something that there is not.
        GraderFault: if the course or a worker cannot be used.
    """
    if json is not None:
        require_writable(json, "--json")
    screen = open_console(sys.stderr if json == STANDARD_OUTPUT else None)
    course = Course.read(request.checkpoints)
    # The variants are the course's own code, as is the folder one stands in.
    choice = choose_engine(request.sandbox, own_folder=True)
    if request.python is not None:
        inspect(request.python)  # one that cannot run must not cost a worker's start
    claims = Claims.read(course, request.selection)
    jobs = claims.jobs(request.seeds)
    with verify_terminal.progress(screen, len(jobs)) as watch:
        crew = _crew(request, course, choice)

        def grade_all(these: Sequence[Job]) -> list[Run]:
            return run_jobs(crew, these, watch)

        proof = prove(claims, jobs, grade_all)
    verify_terminal.show(proof, screen, warning=choice.warning)
    if json is not None:
        write_whole(json, proof.as_json())
    return proof


def _crew(request: Request, course: Course, choice: Choice) -> Crew:
    size = request.jobs or os.cpu_count() or 1
    reuses = not request.thorough
    return Crew(course.folder, choice.engine, request.python, size, reuses)
