"""Run a notebook in a world of its own, and ask what is left in its kernel.

Everything that comes back is the notebook's word: an assertion draws its inputs, asks
what the student's own functions make of them, and compares here.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from grader.sandbox.observation import ErrorFacts, Json, Observation, decode
from grader.sandbox.stage import Lodging
from grader.sandbox.world import Program
from grader.submission.notebook import (
    ENDING,
    NotebookError,
    Rebuilt,
    read_cells,
    rebuild,
)
from grader.submission.tree import Tree

from .database import Database
from .project import Project, Sandbox

RUN = Program("run_notebook")
RUN_S = 100.0
ASK_S = 10.0
GRACE_S = 5.0
INTERRUPTED = "KeyboardInterrupt"
CELL_ENDLESS = ErrorFacts("TimeoutError", "it did not end in time")


@dataclass(frozen=True, slots=True)
class CellRun:
    """What one cell did."""

    text: str
    """What it showed, as plain text, cut after some thousand characters."""
    error: ErrorFacts | None = None


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One of a course's notebooks as a submission has it."""

    name: str
    path: str = ""
    """Where it lies; empty if it does not."""
    rebuilt: Rebuilt | None = None
    problem: str = ""
    """Why there is nothing to run, if there is not."""


def find_notebook(tree: Tree, name: str, source: bytes, folder: str) -> HandedIn:
    """Find a course's notebook in a submission by its file's name, and rebuild it.

    Of several, the one in a folder of the course's name for it goes first.
    """
    paths = [path for path in tree.paths(ENDING) if Path(path).stem == name]
    if not paths:
        return HandedIn(name, problem=f"There is no {name}{ENDING} among your files.")
    ranks = {p: (Path(p).parent.name != folder, p.count("/"), p) for p in paths}
    path = min(paths, key=lambda found: ranks[found])
    try:
        rebuilt = rebuild(read_cells(source), read_cells(tree.files[path]))
    except NotebookError as error:
        return HandedIn(name, path, problem=f"{path} cannot be read: {error}.")
    told = "" if rebuilt.answered else f"{path} is as it came: no cell has an answer."
    return HandedIn(name, path, rebuilt, told)


class Notebook:
    """A notebook that runs when something is asked of it that only running tells."""

    def __init__(
        self,
        handed_in: HandedIn,
        open_project: Callable[[], Project],
        probes: str,
        patience_s: float,
    ) -> None:
        self.handed_in = handed_in
        self._patience_s = patience_s
        self._open_project = open_project
        self._probes = probes
        self._project: Project | None = None
        self._run: Observation | None = None
        self._lost: Observation | None = None

    @property
    def name(self) -> str:
        """Return the notebook's name."""
        return self.handed_in.name

    @property
    def project(self) -> Project:
        """Give the world that it runs in."""
        if self._project is None:
            self._project = self._open_project()
        return self._project

    def run(self) -> Observation:
        """Run its cells, the first time; return how that went."""
        if self._run is None:
            rebuilt = self.handed_in.rebuilt
            cells = [] if rebuilt is None else rebuilt.cells
            plain = [{"name": cell.name, "source": cell.source} for cell in cells]
            self._run = self.project.world.start(
                RUN, "run_notebook", {"cells": plain}, timeout_s=RUN_S
            )
        return self._run

    def cell(self, name: str) -> CellRun | None:
        """Return what a cell did; None if it did not run to an end."""
        return _cells(self.run().value).get(name)

    def ask(self, function: str, **arguments: Json) -> Observation:
        """Call a function of the suite's probes in the kernel, after all cells ran.

        Args:
            function: Its name; it gets the notebook's names and the arguments.
            arguments: What else it gets: plain data.
        """
        run = self.run()
        if not run.succeeded:
            return run
        if self._lost is not None:
            return self._lost
        plain = {
            "program": self._probes,
            "function": function,
            "arguments": arguments,
            "timeout_s": self._patience_s,
        }
        seen = self.project.world.ask(
            RUN, "ask_kernel", plain, timeout_s=self._patience_s + GRACE_S
        )
        if not seen.succeeded:
            if seen.error is None or seen.error.type != "TimeoutError":
                self._lost = seen  # it will not answer another question either
                return seen
            return replace(seen, outcome="timeout", error=None)
        text = seen.value.get("answer") if isinstance(seen.value, dict) else None
        return decode({"outcome": "answered", "answer": text, "output": run.output})

    def database(self, path: str | None = None) -> Database | None:
        """Read a SQLite file that its cells wrote; see ``Project.database``."""
        self.run()
        return self.project.database(path)


@contextlib.contextmanager
def open_notebook(
    sandbox: Sandbox, handed_in: HandedIn, probes: str, libraries: tuple[str, ...]
) -> Iterator[Notebook]:
    """Give a notebook, and end its world on leaving if it came to one.

    Args:
        sandbox: The submission's, for the stage and the environment.
        handed_in: The notebook.
        probes: The source of the functions that its kernel may be asked to call.
        libraries: What a kernel needs.
    """
    with contextlib.ExitStack() as opened:

        def open_project() -> Project:
            lodging = Lodging(environment=sandbox.environment, libraries=libraries)
            sandbox.stage.prepare(libraries)
            world = opened.enter_context(sandbox.stage.world({}, lodging))
            return Project(world, lodging, Program("probes.py", ""))

        patience_s = min(ASK_S, sandbox.stage.limits.cell_s)
        yield Notebook(handed_in, open_project, probes, patience_s)


def _cells(value: Json) -> dict[str, CellRun]:
    cells = value.get("cells") if isinstance(value, dict) else None
    found = {}
    for facts in cells if isinstance(cells, list) else []:
        if isinstance(facts, dict) and isinstance(facts.get("name"), str):
            found[facts["name"]] = CellRun(_text(facts.get("text")), _error(facts))
    return found


def _error(facts: Mapping[str, Json]) -> ErrorFacts | None:
    error = facts.get("error")
    if not isinstance(error, dict):
        return None
    kind = _text(error.get("type"))
    if kind == INTERRUPTED:
        return CELL_ENDLESS
    return ErrorFacts(kind or "Error", _text(error.get("text")))


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
