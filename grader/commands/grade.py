"""Grade one submission; list a course's steps; print the schema of a report."""

import json as json_module
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from grader import terminal
from grader.asking.draw import draw_seed
from grader.bench import open_for_course, open_stage
from grader.catalog import DEFAULT_COURSE, Course
from grader.errors import GraderFault
from grader.grading import Options, grade
from grader.processor import one_processor
from grader.report import Outcome, Report, json_schema
from grader.sandbox.choice import choose_engine
from grader.terminal_report import show_report
from grader.writing import STANDARD_OUTPUT, require_writable, write_whole

from .options import (
    Checkpoints,
    Debug,
    Python,
    SandboxName,
    Seed,
    StepPolicy,
    Steps,
)

BROKEN = GraderFault.exit_code
VISIBLE_ONLY = (
    "A kit has no hidden suites: only the visible checks were tried, so these points "
    "are no grade. Your instructor grades with all checks."
)


@dataclass(frozen=True, slots=True)
class Request:
    """What ``grader grade`` was asked for."""

    submission: Path
    course: Path
    sandbox: str
    python: Path | None
    options: Options
    json: Path | None
    verbose: bool


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("grade")(grade_command)
    app.command("steps")(steps_command)
    app.command("schema")(schema_command)


def grade_command(
    submission: Annotated[Path, typer.Argument(help="A folder, a zip or a checkout.")],
    step: Steps = None,
    json: Annotated[
        Path | None,
        typer.Option("--json", help="Write the report there; - is standard output."),
    ] = None,
    sandbox: SandboxName = "auto",
    python: Python = None,
    checkpoints: Checkpoints = DEFAULT_COURSE,
    seed: Seed = None,
    policy: StepPolicy = "carry",
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show all checks and evidence.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Grade one submission; exit 0 once it is graded, whatever it earned."""
    del debug  # it is here for the help: run() takes it from every command
    drawn = draw_seed() if seed is None else seed
    options = Options(steps=tuple(step or ()), seed=drawn, policy=policy)
    request = Request(submission, checkpoints, sandbox, python, options, json, verbose)
    raise typer.Exit(grade_and_show(request))


def steps_command(checkpoints: Checkpoints = DEFAULT_COURSE) -> None:
    """List the steps of a course."""
    terminal.show_steps(terminal.open_console(), Course.read(checkpoints))


def schema_command() -> None:
    """Print the JSON Schema of a report."""
    typer.echo(json_module.dumps(json_schema(), indent=2))


def grade_and_show(request: Request) -> int:
    """Grade a submission, show and write its report, and return the exit code."""
    if request.json is not None:
        require_writable(request.json, "--json")
    course = Course.read(request.course)
    to_person = sys.stderr if request.json == STANDARD_OUTPUT else sys.stdout
    console = terminal.open_console(to_person)
    report = _grade(course, request)
    show_report(console, report, course.pitfalls, verbose=request.verbose)
    if request.json is not None:
        write_whole(request.json, f"{report.as_json()}\n")
    graded = (*report.steps, *report.practice)
    every = (c for s in graded for c in (*s.checks, *s.reference_checks))
    return BROKEN if any(check.outcome is Outcome.BROKEN for check in every) else 0


def _grade(course: Course, request: Request) -> Report:
    for slug in request.options.steps:
        course.step(slug)  # a misspelt one must not cost the start of a sandbox
    own_folder = request.submission.resolve() == Path.cwd()
    opened = open_for_course(request.submission, course)
    choice = choose_engine(request.sandbox, own_folder=own_folder)
    warnings = [choice.warning] if choice.warning else []
    if course.visible_only:
        warnings.append(VISIBLE_ONLY)
    watching = terminal.open_console(sys.stderr)
    with one_processor(), terminal.progress(watching) as on_check:
        options = replace(request.options, on_check=on_check)
        with open_stage(course, choice.engine, request.python) as stage:
            return grade(course, stage, opened, options, warnings)
