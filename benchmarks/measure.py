"""Measure what a command and all its descendants cost: CPU seconds and memory."""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a command took."""

    cpu_s: float
    wall_s: float


def run(command: Sequence[str], folder: Path) -> Cost:
    """Run a command to its end; fail if it fails.

    Processor time is what the kernel counts for a control group of the command's own
    (cgroup v2, so this needs root or a delegated group): it misses no descendant,
    waited for or not.
    """
    with _control_group() as group:
        started = time.monotonic()
        entered = f'echo $$ > {group}/cgroup.procs; exec "$@"'
        _finish(_start(["/bin/sh", "-c", entered, "sh", *command], folder))
        return Cost(_cpu_seconds(group), time.monotonic() - started)


def peak_pss_mb(command: Sequence[str], folder: Path) -> float:
    """Run a command to its end; return the most memory that it held, in MB.

    That is the proportional set size, summed over all descendants and polled, so a
    shorter peak can be missed. To ask takes half a processor and holds up whoever is
    asked: measure nothing else meanwhile.
    """
    process = _start(command, folder)
    peak_kb = 0
    while process.poll() is None:
        peak_kb = max(peak_kb, sum(_pss_kb(pid) for pid in _family(process.pid)))
        time.sleep(POLL_S)
    _finish(process)
    return peak_kb / 1024


def _start(command: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)


def _finish(process: subprocess.Popen[bytes]) -> None:
    if process.wait() != 0:
        raise SystemExit(f"{process.args!r} ended with {process.returncode}")


@contextlib.contextmanager
def _control_group() -> Iterator[Path]:
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    places = [Path(entry[1]) for entry in mounts if entry[2] == "cgroup2"]
    if not places:
        raise SystemExit("this needs the cgroup v2 filesystem")
    lines = Path("/proc/self/cgroup").read_text().splitlines()
    own = next((line[3:] for line in lines if line.startswith("0::")), "/")
    group = places[0] / own.strip("/") / f"grader-benchmark-{os.getpid()}"
    group.mkdir()
    try:
        yield group
    finally:
        for _ in range(100):
            try:
                group.rmdir()
                break
            except OSError:  # the last processes are still ending
                time.sleep(0.05)


def _cpu_seconds(group: Path) -> float:
    facts = dict(line.split() for line in (group / "cpu.stat").read_text().splitlines())
    return int(facts["usage_usec"]) / 1_000_000


def _family(root: int) -> set[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text("ascii", "replace")
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    family = {root}
    while born := {p for p, up in parents.items() if up in family} - family:
        family |= born
    return family


def _pss_kb(pid: int) -> int:
    try:
        text = Path("/proc", str(pid), "smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    for line in text.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
