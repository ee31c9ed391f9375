"""Tests that can be run, that are right, and that leave no trace."""

import ast
import re

from grader.checks import (
    Findings,
    OwnTest,
    Run,
    Sandbox,
    check,
    expect,
    explain_error,
    fail,
)

MISSING = re.compile(r"(?:ModuleNotFoundError|ImportError): (.{1,200})")
SHOWN = 5
ALONE = 3
PATCHES = frozenset({"setattr", "patch"})
PROVIDERS = frozenset({"get_repository", "get_session", "get_db", "get_repo"})


@check(points=1, core=True)
def test_tests_are_found(findings: Findings) -> None:
    """Pytest finds your tests, all of them."""
    modules = findings.trials.modules
    written = {module.path: module for module in modules if module.functions}
    expect(written, "There are no tests in your project.", pitfall="no-tests")
    run = findings.home().run
    collected = {name.partition("::")[0].rpartition("/")[2] for name in run.tests}
    if run.collection_errors or not run.tests:
        return  # the next check says why
    overlooked = [
        f"{path}: {', '.join(module.functions)}"
        for path, module in written.items()
        if path.rpartition("/")[2] not in collected
        and path.rpartition("/")[2] != "conftest.py"
    ]
    expect(
        not overlooked,
        f"Pytest runs none of the tests in {overlooked[0].partition(':')[0]}."
        if overlooked
        else "",
        pitfall="tests-not-collected",
        evidence=overlooked,
    )


@check(points=1, core=True, after=test_tests_are_found)
def test_tests_run(findings: Findings) -> None:
    """Your tests can be imported and run beside a service like yours."""
    run = findings.home().run
    if run.tests and not run.collection_errors:
        return
    lines = [line for text in run.collection_errors for line in text.splitlines()]
    lines += run.observation.output.splitlines()
    named = next((found[1] for line in lines if (found := MISSING.search(line))), "")
    if not run.observation.succeeded:
        message, hint = explain_error(run.observation, "Running your tests")
        fail(message, hint=hint, pitfall="tests-do-not-run", evidence=lines[-20:])
    fail(
        f"Pytest cannot even collect your tests: {named}."
        if named
        else "Pytest cannot even collect your tests.",
        pitfall="tests-do-not-run",
        evidence=lines[-20:],
    )


@check(points=1, core=True, after=test_tests_run)
def test_real_database_is_left_alone(findings: Findings) -> None:
    """Running your tests changes nothing in the real database."""
    touched = findings.home().traces.touched
    if touched:
        patched = _patched_providers(findings)
        fail(
            "Your tests changed the database that the service is configured for.",
            pitfall="provider-patched-not-overridden"
            if patched
            else "override-isolates-everything",
            evidence=[*touched, *patched],
        )


@check(points=1, after=test_real_database_is_left_alone)
def test_no_database_stays_behind(findings: Findings) -> None:
    """No database file of your tests stays behind in the project."""
    left = findings.home().traces.left
    expect(
        not left,
        f"After your tests there is a new file {left[0] if left else ''}.",
        pitfall="one-test-db-for-all",
        evidence=left,
    )


@check(points=1, core=True, after=test_real_database_is_left_alone)
def test_tests_pass_on_the_reference(findings: Findings, sandbox: Sandbox) -> None:
    """Your tests pass on a service that is right."""
    run = findings.home().run
    aside = findings.set_aside()
    red = [test for test in run.red if test.name not in aside]
    if not red and run.green and len(aside) <= len(run.green):
        return
    blamed = red or run.red
    if not blamed:
        fail("Not one of your tests passed: all were skipped.", pitfall="no-tests")
    names = ", ".join(_function(test) for test in blamed[:SHOWN])
    told = [f"{test.name}: {test.error} {test.text}"[:400] for test in blamed[:20]]
    if any(findings.passes_alone(test.name) for test in blamed[-ALONE:]):
        fail(
            f"{len(blamed)} of your {len(run.tests)} tests fail because of what ran "
            f"before them: {names}.",
            pitfall="rows-left-between-tests",
            evidence=told,
        )
    at_home = _at_home(findings, sandbox)
    if all(test.name in at_home.green for test in blamed):
        fail(
            f"{len(blamed)} of your {len(run.tests)} tests pass with your service and "
            f"fail with another right one: {names}.",
            pitfall="tests-fit-only-my-service",
            evidence=told,
        )
    fail(
        f"{len(blamed)} of your {len(run.tests)} tests fail: {names}.",
        pitfall="tests-are-red",
        evidence=told,
    )


@check(points=1, after=test_tests_pass_on_the_reference)
def test_tests_store_something(findings: Findings) -> None:
    """Your tests have the service store something."""
    home = findings.home()
    expect(
        home.filled,
        "While your tests ran, not one row was stored.",
        pitfall="nothing-stored",
        evidence=[*home.run.tests],
    )


def _at_home(findings: Findings, sandbox: Sandbox) -> Run:
    """Run the tests on the student's own service."""
    with findings.trials.world(sandbox.tree) as world:
        return findings.trials.run(world)


def _function(test: OwnTest) -> str:
    return test.name.rpartition("::")[2]


def _patched_providers(findings: Findings) -> list[str]:
    """Name where the tests patch a provider, for tests that reached the real file."""
    files = findings.trials.sandbox.tree.files
    found = []
    for path in sorted(findings.trials.asking()):
        try:
            module = ast.parse(files[path])
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        found += [
            f"{path}:{node.lineno} patches {ast.unparse(node.args[0])}"[:200]
            for node in ast.walk(module)
            if isinstance(node, ast.Call) and node.args and _patches_provider(node)
        ]
    return found


def _patches_provider(call: ast.Call) -> bool:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else ""
    name = function.id if isinstance(function, ast.Name) else name
    named = " ".join(ast.unparse(argument) for argument in call.args[:2])
    words = set(re.findall(r"\w+", named))
    return name in PATCHES and bool(words & PROVIDERS)
