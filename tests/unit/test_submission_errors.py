"""Errors say what happened and what comes next."""

import pytest

from grader.errors import GraderError, GraderFault, MisuseError


def test_an_error_shows_its_problem_and_its_next_step() -> None:
    """Both sentences are shown, the second one indented."""
    error = MisuseError(problem="No such path.", next_step="Check it.")

    assert str(error) == "No such path.\n  Check it."


@pytest.mark.parametrize(("problem", "next_step"), [("", "Go on."), ("Bad.", " ")])
def test_an_error_without_one_of_its_sentences_cannot_be_built(
    problem: str, next_step: str
) -> None:
    """An error that helps nobody is refused."""
    with pytest.raises(ValueError, match="needs a problem"):
        GraderError(problem=problem, next_step=next_step)


def test_misuse_and_faults_have_exit_codes_of_their_own() -> None:
    """Misuse ends with 2, our own mistake with 3."""
    assert (MisuseError.exit_code, GraderFault.exit_code) == (2, 3)
