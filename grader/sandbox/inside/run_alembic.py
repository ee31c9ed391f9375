"""Run one Alembic command in the submission's project, as its command line does."""

import contextlib
import io

from .child import Box


def run_alembic(box: Box, arguments: list[str]) -> object:
    """Run ``alembic ARGUMENTS``; return its output.

    Alembic's own refusals (``CommandError``) are raised, so that the observation names
    them instead of showing an exit code.
    """
    from alembic import command
    from alembic.config import CommandLine, Config

    printed = io.StringIO()
    options = CommandLine(prog="alembic").parser.parse_args(arguments)
    config = Config(
        file_=box.paths.get("alembic_ini", "alembic.ini"),
        cmd_opts=options,
        stdout=printed,
    )
    function, positional, optional = options.cmd
    if not hasattr(command, function.__name__):
        raise ValueError(f"unknown command {arguments[0]!r}")
    with contextlib.redirect_stdout(printed):
        function(
            config,
            *[getattr(options, name, None) for name in positional],
            **{name: getattr(options, name, None) for name in optional},
        )
    return {"printed": printed.getvalue()[-8_000:]}
