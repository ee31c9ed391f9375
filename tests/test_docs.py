"""The documents name every command and option, and their links lead somewhere."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from grader.cli import app

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
LABS = sorted(ROOT.glob("labs/*/README.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
RUN = re.compile(r"\bgrader ([a-z]+)\b(?= |`|$)", re.MULTILINE)
FENCE = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
OURS = {"--help"}


def read(name: str) -> str:
    """Read one document."""
    return (ROOT / name).read_text("utf-8")


def commands() -> dict[str, set[str]]:
    """Map each command to its options, as the command line has them."""
    return {
        name: {o for p in command.params for o in p.opts if o.startswith("-")} - OURS
        for name, command in found_commands()
    }


def found_commands() -> Iterator[tuple[str, Any]]:
    """Give each command by its name; one in a group has the group's name before it."""
    group = typer.main.get_command(app)
    for name, command in getattr(group, "commands", {}).items():
        inner = getattr(command, "commands", {})
        yield from ((f"{name} {each}", found) for each, found in inner.items())
        if not inner:
            yield name, command


def code(text: str) -> Iterator[str]:
    """Give what a document marks as code."""
    for block, span in FENCE.findall(text):
        yield block or span


def shown(path: Path) -> str:
    """Shorten a path for the list of tests."""
    return str(path.relative_to(ROOT))


def test_the_readme_opens_with_the_two_lines() -> None:
    """They are what everybody runs first."""
    assert read("README.md").splitlines()[:4] == [
        "```sh",
        "pip install uv && uv run grader grade .",
        "pip install uv && uv run pytest",
        "```",
    ]


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_is_documented(command: str) -> None:
    """In the README or in one of the documents."""
    assert any(f"grader {command}" in path.read_text("utf-8") for path in DOCUMENTS)


def test_every_option_of_grade_is_documented() -> None:
    """In the table for instructors."""
    text = read("docs/instructor.md")

    assert sorted(o for o in commands()["grade"] if f"`{o}" not in text) == []


def test_every_option_of_verify_is_documented() -> None:
    """In the page about proving the course."""
    text = read("docs/verify.md")

    assert sorted(o for o in commands()["verify"] if f"`{o}" not in text) == []


@pytest.mark.parametrize(
    ("command", "document"),
    [
        ("class", "docs/instructor.md"),
        ("gradebook", "docs/instructor.md"),
        ("adjust", "docs/instructor.md"),
        ("export", "docs/exports.md"),
        ("feedback", "docs/exports.md"),
        ("clinic plan", "docs/ta.md"),
        ("clinic open", "docs/ta.md"),
    ],
)
def test_every_option_is_in_the_page_of_its_command(
    command: str, document: str
) -> None:
    """What every command takes is told once, for instructors."""
    text = read(document)
    options = commands()[command] - {"--debug"}

    assert sorted(o for o in options if f"`{o}" not in text) == []


@pytest.mark.parametrize("path", [*DOCUMENTS, *LABS], ids=shown)
def test_commands_that_are_written_down_exist(path: Path) -> None:
    """No document tells people to run what is not there."""
    named = {n for part in code(path.read_text("utf-8")) for n in RUN.findall(part)}

    assert named <= {name.partition(" ")[0] for name in commands()}


@pytest.mark.parametrize("path", [*DOCUMENTS, *LABS], ids=shown)
def test_links_lead_somewhere(path: Path) -> None:
    """Each relative link is a file or folder of this repository."""
    targets = LINK.findall(path.read_text("utf-8"))
    local = [target for target in targets if "://" not in target]

    assert [t for t in local if not (path.parent / t).exists()] == []


def test_the_reference_of_commands_is_up_to_date() -> None:
    """It is what Typer writes from the commands now."""
    command = [sys.executable, "-m", "typer", "grader.cli", "utils", "docs"]

    written = subprocess.run(  # our own commands
        [*command, "--name", "grader"], cwd=ROOT, capture_output=True, check=True
    )

    assert read("docs/commands.md").strip() == written.stdout.decode("utf-8").strip()


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_and_option_has_help(command: str) -> None:
    """Whoever asks --help is told."""
    found = dict(found_commands())[command]
    options = [p for p in found.params if p.opts[0].startswith("-")]

    assert found.help
    assert [o.opts[0] for o in options if not getattr(o, "help", None)] == []
