"""Pack a workspace for the instructor, and write the receipt."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from grader.catalog import Course
from grader.errors import MisuseError
from grader.report import Outcome
from grader.submission.names import is_junk
from grader.submission.notes import shown
from grader.submission.opening import open_submission
from grader.writing import write_whole, zipped

from .checked import Checked
from .workspace import STATE

MANIFEST = "submission.json"
DEFAULT_NAME = "submission.zip"
RECEIPT = ".receipt.json"
SHOWN = 5
FORMAT: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class Package:
    """What is handed in."""

    content: bytes
    files: Mapping[str, bytes]
    digest: str
    """Of the files, as a report of ``grader grade`` names it without the manifest."""
    notes: tuple[str, ...]
    """What was left out, and why."""


class StepReceipt(BaseModel):
    """How a step stood when it was handed in."""

    model_config = ConfigDict(frozen=True)

    passed: int
    checks: int
    short: tuple[str, ...]
    """The titles of the visible checks that did not pass."""


class Receipt(BaseModel):
    """What was handed in, when, and how it stood."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    version: Literal[1] = Field(default=FORMAT, alias="receipt")
    submitted: AwareDatetime
    file: str
    sha256: str
    digest: str
    files: int
    visible: dict[str, StepReceipt]
    grader: str
    checkpoints: str
    sandbox: str
    packages: dict[str, str]

    def as_json(self) -> str:
        """Return the receipt as it is written."""
        return f"{self.model_dump_json(by_alias=True, indent=2)}\n"


def pack(folder: Path, course: Course) -> Package:
    """Pack a folder's own files: the same files give the same zip.

    Raises:
        MisuseError: if there is nothing to hand in.
    """
    opened = open_submission(folder, leave_out=course.leave_out)
    archives = [path for path in opened.tree.files if path.lower().endswith(".zip")]
    receipts = [path for path in opened.tree.files if path.endswith(RECEIPT)]
    tree = opened.tree.without(*archives, *receipts, MANIFEST)
    manifest = {
        "submission": FORMAT,
        "digest": tree.digest,
        "files": {path: _sha256(content) for path, content in tree.files.items()},
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    content = zipped({**tree.files, MANIFEST: f"{text}\n".encode()})
    return Package(
        content=content,
        files=tree.files,
        digest=tree.digest,
        notes=(*opened.notes, *_left_out(folder, course, [*archives, *receipts])),
    )


def _left_out(folder: Path, course: Course, earlier: Sequence[str]) -> Iterator[str]:
    """Say what the submission's own notes do not: tools' files, the course's, zips."""
    made = sorted(set(_junk(folder)))
    if made:
        yield f"Left out {_listed(made)}: made by tools, and made again from the rest."
    ours = [name for name in course.leave_out if (folder / name).exists()]
    if ours:
        yield f"Left out {_listed(ours)}: handed out with the course."
    if earlier:
        yield f"Left out {_listed(earlier)}: handed in before, or an archive."


def _junk(folder: Path) -> Iterator[str]:
    for here, folders, files in os.walk(folder):
        inside = os.path.relpath(here, folder)
        if "pyvenv.cfg" in files and inside != ".":
            yield Path(inside).name
            folders.clear()
            continue
        found = [name for name in (*folders, *files) if is_junk(name)]
        yield from (name for name in found if name != STATE and name in folders)
        yield from (f"*{Path(name).suffix}" for name in found if name in files)
        folders[:] = [name for name in folders if name not in found]


def _listed(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    rest = f" and {more} more" if more > 0 else ""
    return ", ".join(map(shown, names[:SHOWN])) + rest


def receipt_for(
    package: Package, checked: Checked, course: Course, out: Path, now: datetime
) -> Receipt:
    """Say what is handed in and how it stands."""
    return Receipt(
        submitted=now,
        file=out.name,
        sha256=_sha256(package.content),
        digest=package.digest,
        files=len(package.files),
        visible={slug: _step(checked, slug) for slug in checked.steps},
        grader=metadata.version("movie-service-lab"),
        checkpoints=course.digest,
        sandbox=checked.sandbox,
        packages=dict(checked.packages),
    )


def _step(checked: Checked, slug: str) -> StepReceipt:
    counting = [check for check in checked.steps[slug] if not check.bonus]
    short = [check for check in counting if check.outcome is not Outcome.PASSED]
    return StepReceipt(
        passed=len(counting) - len(short),
        checks=len(counting),
        short=tuple(check.title for check in short),
    )


def receipt_path(out: Path) -> Path:
    """Return where the receipt of a zip lies: beside it."""
    return out.with_name(f"{out.stem}{RECEIPT}")


def require_writable(out: Path) -> None:
    """Refuse a place where no zip can be written.

    Raises:
        MisuseError: if it is a folder, lies in none, or has another ending.
    """
    problem = ""
    if out.is_dir():
        problem = f"{out} is a folder."
    elif out.suffix.lower() != ".zip":
        problem = f"{out.name} does not end in .zip."
    elif not out.absolute().parent.is_dir():
        problem = f"There is no folder {out.parent}."
    elif not os.access(out.absolute().parent, os.W_OK):
        problem = f"The folder {out.absolute().parent} cannot be written."
    if problem:
        raise MisuseError(
            problem=problem,
            next_step="Give --out a file in a folder that exists: --out my-work.zip",
        )


def hand_in(package: Package, receipt: Receipt, out: Path) -> None:
    """Write the zip and its receipt, each whole."""
    write_whole(out, package.content)
    write_whole(receipt_path(out), receipt.as_json().encode())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
