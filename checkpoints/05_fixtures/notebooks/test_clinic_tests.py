"""The stops of the clinic on tests."""

from grader.checks import Draw, Symptom, check, expect
from grader.notebook_checks import (
    Notebook,
    expect_answer,
    expect_asked,
    expect_handed_in,
    same,
)


@check(points=0)
def test_handed_in(notebook: Notebook) -> None:
    """The notebook is there and has an answer."""
    expect_handed_in(notebook)


@check(points=2, after=test_handed_in)
def test_fresh_engine(notebook: Notebook, draw: Draw) -> None:
    """Each test has an empty database of its own, also for other threads."""
    expect_answer(notebook, "fresh-engine")
    first, second, third = draw.distinct(3)
    tests = [[first, second], [first], [second, third]]
    seen = expect_asked(
        notebook,
        "use_fresh_engines",
        "Using fresh_engine",
        symptoms=(Symptom("rows-left-between-tests", "IntegrityError", "UNIQUE"),),
        tests=tests,
    )
    found = [sorted(titles) for titles in seen] if isinstance(seen, list) else seen
    expect(
        same(found, [sorted(titles) for titles in tests]),
        "A test found what another had left, or not what it had stored itself.",
        pitfall="rows-left-between-tests",
    )


@check(points=3, after=test_handed_in)
def test_client_on(notebook: Notebook, draw: Draw) -> None:
    """Requests use the test's database only, and nothing is left behind."""
    expect_answer(notebook, "client-on")
    titles = draw.distinct(3)
    seen = expect_asked(notebook, "use_clients", "Using client_on", titles=titles)
    found = seen if isinstance(seen, dict) else {}
    expect(
        same(found.get("real"), []),
        "A request of a test has written to the real database.",
        pitfall="provider-patched-not-overridden",
    )
    tests = found.get("tests")
    pairs = tests if isinstance(tests, list) else []
    stored = [pair[0] for pair in pairs if isinstance(pair, list) and pair]
    expect(
        same(stored, [[title] for title in titles]),
        "The test's own database does not hold what was posted.",
    )
    left = [pair[1:] for pair in pairs if isinstance(pair, list)]
    expect(
        same(left, [[0]] * len(titles)),
        "After a test that failed, the override was still in force.",
        pitfall="override-never-cleared",
    )


@check(points=3, after=test_handed_in)
def test_check_duplicates(notebook: Notebook, draw: Draw) -> None:
    """The test passes right services, and fails wrong ones."""
    expect_answer(notebook, "check-duplicates")
    title, other, another = draw.distinct(3)
    right = {"first": 201, "second": 409, "kept": 1, "answers": []}
    services = [
        right,
        right | {"first": 200},
        right | {"second": 201, "kept": 2},
        right | {"second": draw.number(500, 504)},
        right | {"answers": [other, another]},
        right | {"kept": 2},
        right | {"kept": 0},
        right | {"second": 200},
    ]
    wanted = [service["kept"] != 1 or service["first"] != 201 for service in services]
    wanted = [
        wrong or service["second"] != 409
        for wrong, service in zip(wanted, services, strict=True)
    ]
    order = sorted(range(len(services)), key=lambda _: draw.number(0, 10**6))
    seen = expect_asked(
        notebook,
        "meet",
        "Running check_duplicates",
        services=[services[place] for place in order],
        title=title,
    )
    noticed = seen if isinstance(seen, list) else []
    found = dict(zip(order, noticed, strict=False))
    fine = [place for place, wrong in enumerate(wanted) if not wrong]
    expect(
        all(found.get(place) is False for place in fine),
        "The test fails on a service that is right.",
        pitfall="tests-fit-only-my-service",
    )
    expect(
        same([found.get(place) for place in range(len(services))], wanted),
        "The test passes on a service that is wrong.",
        pitfall="tests-that-cannot-fail",
    )
