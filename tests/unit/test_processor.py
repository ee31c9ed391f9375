"""Graders share the processors among themselves, and give them back."""

import os
import sys

import pytest

from grader.processor import one_processor

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2,
    reason="needs Linux and a choice of processors",
)


def test_one_processor_is_taken_and_given_back() -> None:
    """While it is taken, this process runs nowhere else."""
    before = os.sched_getaffinity(0)

    with one_processor() as taken:
        if taken is None:
            pytest.skip("other graders have all processors")
        assert os.sched_getaffinity(0) == {taken}

    assert os.sched_getaffinity(0) == before


def test_another_grader_takes_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """And whoever finds none free goes on with all."""
    everyone = os.sched_getaffinity(0)
    monkeypatch.setattr("os.getuid", lambda: f"test-{os.getpid()}")

    with one_processor() as first:
        assert first is not None
        two = {first, max(everyone - {first})}
        os.sched_setaffinity(0, two)
        with one_processor() as second:
            assert {first, second} == two
            os.sched_setaffinity(0, two)
            with one_processor() as third:
                assert third is None
                assert os.sched_getaffinity(0) == two
    assert os.sched_getaffinity(0) == everyone
