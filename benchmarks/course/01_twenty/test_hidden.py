"""The twenty scenarios as checks, on one service that all of them share."""

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks import scenarios
from grader.checks import Sandbox, Service, check, expect


@pytest.fixture(scope="module")
def service(sandbox: Sandbox) -> Iterator[Service]:
    """Give the service on a migrated database."""
    with sandbox.open() as project:
        project.alembic("upgrade", "head")
        yield project.serve()


def ask(service: Service, scenario: scenarios.Scenario, number: int) -> None:
    """Put one scenario."""

    def send(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        answer = service.request(method, path, json=body)
        return answer.status, answer.json()

    expect(scenario(send, number), "It does not.")


@check(points=1)
def test_stores_0(service: Service) -> None:
    """The service stores, 0."""
    ask(service, scenarios.stores, 0)


@check(points=1)
def test_stores_1(service: Service) -> None:
    """The service stores, 1."""
    ask(service, scenarios.stores, 1)


@check(points=1)
def test_stores_2(service: Service) -> None:
    """The service stores, 2."""
    ask(service, scenarios.stores, 2)


@check(points=1)
def test_stores_3(service: Service) -> None:
    """The service stores, 3."""
    ask(service, scenarios.stores, 3)


@check(points=1)
def test_refuses_twins_0(service: Service) -> None:
    """The service refuses twins, 0."""
    ask(service, scenarios.refuses_twins, 0)


@check(points=1)
def test_refuses_twins_1(service: Service) -> None:
    """The service refuses twins, 1."""
    ask(service, scenarios.refuses_twins, 1)


@check(points=1)
def test_refuses_twins_2(service: Service) -> None:
    """The service refuses twins, 2."""
    ask(service, scenarios.refuses_twins, 2)


@check(points=1)
def test_refuses_twins_3(service: Service) -> None:
    """The service refuses twins, 3."""
    ask(service, scenarios.refuses_twins, 3)


@check(points=1)
def test_refuses_nonsense_0(service: Service) -> None:
    """The service refuses nonsense, 0."""
    ask(service, scenarios.refuses_nonsense, 0)


@check(points=1)
def test_refuses_nonsense_1(service: Service) -> None:
    """The service refuses nonsense, 1."""
    ask(service, scenarios.refuses_nonsense, 1)


@check(points=1)
def test_refuses_nonsense_2(service: Service) -> None:
    """The service refuses nonsense, 2."""
    ask(service, scenarios.refuses_nonsense, 2)


@check(points=1)
def test_refuses_nonsense_3(service: Service) -> None:
    """The service refuses nonsense, 3."""
    ask(service, scenarios.refuses_nonsense, 3)


@check(points=1)
def test_rates_0(service: Service) -> None:
    """The service rates, 0."""
    ask(service, scenarios.rates, 0)


@check(points=1)
def test_rates_1(service: Service) -> None:
    """The service rates, 1."""
    ask(service, scenarios.rates, 1)


@check(points=1)
def test_rates_2(service: Service) -> None:
    """The service rates, 2."""
    ask(service, scenarios.rates, 2)


@check(points=1)
def test_rates_3(service: Service) -> None:
    """The service rates, 3."""
    ask(service, scenarios.rates, 3)


@check(points=1)
def test_deletes_0(service: Service) -> None:
    """The service deletes, 0."""
    ask(service, scenarios.deletes, 0)


@check(points=1)
def test_deletes_1(service: Service) -> None:
    """The service deletes, 1."""
    ask(service, scenarios.deletes, 1)


@check(points=1)
def test_deletes_2(service: Service) -> None:
    """The service deletes, 2."""
    ask(service, scenarios.deletes, 2)


@check(points=1)
def test_deletes_3(service: Service) -> None:
    """The service deletes, 3."""
    ask(service, scenarios.deletes, 3)
