"""The commands of the student's bench: start, reset, check, hint, progress."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from grader import student_terminal, terminal
from grader.catalog import DEFAULT_COURSE, Course, Step
from grader.errors import GraderFault, MisuseError
from grader.sandbox.choice import choose_engine
from grader.student import background as kept_warm
from grader.student import session, starting
from grader.student.checked import Checked
from grader.student.layers import todos
from grader.student.laying import finish_stopped
from grader.student.progress import read_progress
from grader.student.readme import first_paragraph, shown_readme
from grader.student.workspace import Workspace, choose_step, find_workspace

from .options import Background, Checkpoints, SandboxName, WorkspaceFolder, now

SHORT = 1
QUICK_WIN = "Quick win"
BEGIN = "Stand in the folder that you work in, or begin in this one: grader start 1"
FINISHED = "A start that had been stopped was finished first."

StepName = Annotated[
    str | None, typer.Argument(metavar="STEP", help="A step, or its number.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("start")(start)
    app.command("reset")(reset)
    app.command("check")(check)
    app.command("hint")(hint)
    app.command("progress")(progress)


def open_workspace(given: Path | None, console: terminal.Console) -> Workspace:
    """Find the workspace, and finish what a stopped command left there."""
    workspace = find_workspace(given)
    if finish_stopped(workspace, now()):
        console.print(terminal.plain(FINISHED, "yellow"))
    return workspace


def start(
    step: StepName = None,
    at: Annotated[
        str | None,
        typer.Option("--at", help="Start here, on right earlier steps: a late start."),
    ] = None,
    solutions: Annotated[
        Path | None,
        typer.Option(
            "--solutions",
            help="With --at: the earlier steps' solutions, a folder or a zip.",
            show_default="the course's, if it has them",
        ),
    ] = None,
    workspace: WorkspaceFolder = None,
    checkpoints: Checkpoints = DEFAULT_COURSE,
) -> None:
    """Lay the files of a step over your work; what you changed is kept as a backup."""
    name = _one_of(step, at)
    course = Course.read(checkpoints)
    chosen = choose_step(course, name)
    if solutions is not None and not solutions.exists():
        raise MisuseError(
            problem=f"There is nothing at {solutions}.",
            next_step="Give --solutions the folder or zip of your instructor.",
        )
    console = terminal.open_console()
    folder = open_workspace(workspace, console)
    if at is not None:
        begun = starting.catch_up(course, folder, chosen, now(), solutions)
    else:
        begun = starting.start(course, folder, chosen, now())
    readme = shown_readme(course, chosen)
    student_terminal.show_started(console, course, begun, readme)


def _one_of(step: str | None, at: str | None) -> str:
    named = [name for name in (step, at) if name is not None]
    if len(named) == 1:
        return named[0]
    raise MisuseError(
        problem="Give either a step or --at."
        if named
        else "There is no step to start: none was named.",
        next_step="The first one: grader start 1\n"
        "The fourth, on right earlier steps: grader start --at 4\n"
        "All of them: grader steps",
    )


def reset(
    step: Annotated[str, typer.Argument(help="A step, or its number.")],
    workspace: WorkspaceFolder = None,
    checkpoints: Checkpoints = DEFAULT_COURSE,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Start a step over, after asking; your own version is kept as a backup."""
    course = Course.read(checkpoints)
    chosen = choose_step(course, step)
    console = terminal.open_console()
    folder = open_workspace(workspace, console)
    laying = starting.plan_reset(course, folder, chosen)
    student_terminal.show_reset_plan(console, chosen, laying)
    if not yes:
        _ask(f"Start {chosen.slug} over? Your version is kept as a backup.")
    begun = starting.reset(folder, chosen, laying, now())
    readme = shown_readme(course, chosen)
    student_terminal.show_started(console, course, begun, readme, changes=False)


def _ask(question: str) -> None:
    if not sys.stdin.isatty():
        raise MisuseError(
            problem="Nobody can be asked here.",
            next_step="Run it in a terminal, or add --yes.",
        )
    if not typer.confirm(question):
        typer.echo("Nothing was changed.")
        raise typer.Exit(SHORT)


def check(
    step: StepName = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Check every step.")
    ] = False,
    workspace: WorkspaceFolder = None,
    sandbox: SandboxName = "auto",
    checkpoints: Checkpoints = DEFAULT_COURSE,
    background: Background = True,
) -> None:
    """Check a step's visible checks: the current one, or the one that you name.

    Exits 0 when all passed, 1 while any is short.
    """
    course = Course.read(checkpoints)
    console = terminal.open_console()
    folder = open_workspace(workspace, console)
    steps = session.steps_to_check(course, folder, step, everything=everything)
    result = checked_steps(course, folder, steps, sandbox, background=background)
    show(console, course, folder, result)
    if result.is_short and result.progress.current is None:
        first = course.steps[0].slug
        console.print(terminal.plain(f"Begin with: grader start {first}", "bold"))
    if result.is_broken:
        raise typer.Exit(GraderFault.exit_code)
    raise typer.Exit(SHORT if result.is_short else 0)


def checked_steps(
    course: Course,
    workspace: Workspace,
    steps: Sequence[Step],
    sandbox: str,
    *,
    background: bool,
) -> session.Result:
    """Check steps on an engine that works here, and show that it is under way."""
    choice = choose_engine(sandbox, own_folder=workspace.is_ours)
    with terminal.progress(terminal.open_console(sys.stderr)) as on_check:

        def check_now(slugs: Sequence[str]) -> Checked:
            return kept_warm.check(
                course,
                choice.engine,
                workspace.folder,
                slugs,
                on_check,
                background=background,
            )

        try:
            return session.check_steps(workspace, steps, check_now, now)
        except MisuseError as error:
            if workspace.state.is_dir():
                raise
            raise MisuseError(problem=error.problem, next_step=BEGIN) from error


def show(
    console: terminal.Console,
    course: Course,
    workspace: Workspace,
    result: session.Result,
) -> None:
    """Show what came of checking."""
    told = {
        step.slug: session.told(course, step, stuck, now())
        for step in result.steps
        if (stuck := result.progress.step(step.slug).stuck) is not None
    }
    wins = {s.slug: first_paragraph(course, s, QUICK_WIN) for s in result.steps}
    left = {s.slug: todos(course, s, workspace) for s in result.steps}
    student_terminal.show_result(console, result, told, wins, left)


def hint(
    step: StepName = None,
    workspace: WorkspaceFolder = None,
    checkpoints: Checkpoints = DEFAULT_COURSE,
) -> None:
    """Ask for the next hint about the check that failed first."""
    course = Course.read(checkpoints)
    console = terminal.open_console()
    folder = open_workspace(workspace, console)
    steps = session.steps_to_check(course, folder, step, everything=False)
    known, _ = read_progress(folder)
    stuck = [s for s in steps if known.step(s.slug).stuck is not None]
    told = session.next_hint(course, folder, stuck[0], now()) if stuck else None
    if told is None:
        where = steps[0].slug if len(steps) == 1 else "any step"
        raise MisuseError(
            problem=f"Nothing is known to be short in {where}.",
            next_step="Hints are about what failed last: run `grader check` first.",
        )
    student_terminal.show_hint(console, stuck[0], told)


def progress(
    workspace: WorkspaceFolder = None, checkpoints: Checkpoints = DEFAULT_COURSE
) -> None:
    """Show how far each step is, as it was when it was last checked."""
    course = Course.read(checkpoints)
    console = terminal.open_console()
    folder = open_workspace(workspace, console)
    known, note = read_progress(folder)
    if note:
        console.print(terminal.plain(note, "yellow"))
    student_terminal.show_progress(console, course, known, now())
