"""The part of the public check API that suites of notebooks use.

A notebook's own cells never meet an assertion: a check draws inputs, asks the kernel to
call what the student wrote, and compares the JSON that comes back here.
"""

import json
from collections.abc import Iterable

from .asking.notebook import Notebook
from .checks import Symptom, expect_observed, fail, recognise
from .sandbox.observation import Json, Observation

__all__ = ["Notebook", "expect_answer", "expect_asked", "expect_handed_in", "same"]

ANSWER_IT = "Write your answer into the marked cell, save the notebook, grade again."
RUN_IT = "In Jupyter choose Kernel > Restart and Run All: the same error shows there."


def expect_handed_in(notebook: Notebook) -> None:
    """Fail unless the notebook is there and has an answer: without running it."""
    if notebook.handed_in.problem:
        fail(
            notebook.handed_in.problem,
            hint="Hand it in under its own name, with answers in the marked cells and "
            "its outputs cleared if it is larger than 2 MB.",
        )


def expect_answer(notebook: Notebook, *names: str) -> None:
    """Fail unless these cells have an answer and ran without an error."""
    rebuilt = notebook.handed_in.rebuilt
    for name in names:
        problem = "is not there" if rebuilt is None else rebuilt.problems.get(name)
        if problem:
            fail(f"The cell {name} {problem}.", hint=ANSWER_IT)
    expect_observed(notebook.run(), f"Running {notebook.name}")
    for name in names:
        cell = notebook.cell(name)
        if cell is None:
            fail(f"The cell {name} did not run: one before it ended the kernel.")
        if cell.error is not None:
            fail(
                f"The cell {name} raised {cell.error}.",
                hint=RUN_IT,
                evidence=[f"{cell.error.type}: {cell.error.text}"],
            )


def expect_asked(
    notebook: Notebook,
    function: str,
    doing: str,
    *,
    symptoms: Iterable[Symptom] = (),
    **arguments: Json,
) -> Json:
    """Return what a probe found in the kernel; fail if the student's code raised.

    Args:
        notebook: Where to ask.
        function: The probe's name.
        doing: What it does, to begin a sentence with.
        symptoms: The errors by which a named mistake is known.
        arguments: What the probe gets.
    """
    seen: Observation = notebook.ask(function, **arguments)
    return expect_observed(seen, doing, pitfall=recognise(seen, symptoms))


def same(value: Json, wanted: Json) -> bool:
    """Say whether two JSON values are equal, where 1, 1.0 and true are not."""
    return json.dumps(value, sort_keys=True) == json.dumps(wanted, sort_keys=True)
