"""``grader watch`` in a terminal: a save is seen, a key is heard, all is put back."""

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import RIGHT, Bench

pty = pytest.importorskip("pty")
PATIENCE_S = 60.0


def read_until(terminal: int, wanted: str) -> str:
    """Read what a terminal shows until something is there."""
    shown = ""
    while wanted not in shown:
        assert select.select([terminal], [], [], PATIENCE_S)[0], shown
        shown += os.read(terminal, 4096).decode("utf-8", "replace")
    return shown


def test_a_save_turns_a_step_green(bench: Bench, work: Path, handed_out: Path) -> None:
    """Without anything typed."""
    bench("start", "greet")
    terminal, theirs = pty.openpty()
    arguments = ["watch", "--workspace", str(work), "--sandbox", "none"]
    course = ["--checkpoints", str(handed_out / "checkpoints")]
    command = [sys.executable, "-m", "grader", *arguments, *course]
    running = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    try:
        read_until(terminal, "q quit")
        (work / "greeting.py").write_text(RIGHT)
        read_until(terminal, "1 of 1 checks")
        os.write(terminal, b"q")
        status = running.wait(timeout=PATIENCE_S)
    finally:
        running.kill()
        running.wait()
        os.close(terminal)

    assert status == 0
