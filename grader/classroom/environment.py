"""Digest what decides a grade beside the submission and the checkpoints."""

import hashlib
import json
import sys
from importlib import metadata
from pathlib import Path

from grader.sandbox.interpreter import inspect

from .working import Setting


def environment_digest(setting: Setting) -> str:
    """Digest the grader, the sandbox, the options and the Python with its packages."""
    python = inspect(setting.python or Path(sys.executable))
    packages = sorted(
        f"{found.name}=={found.version}"
        for found in metadata.distributions(path=[str(python.packages)])
    )
    facts = {
        "grader": metadata.version("movie-service-lab"),
        "sandbox": setting.choice.engine.name,
        "steps": setting.steps,
        "policy": setting.policy,
        "python": str(python.packages.parent.name),
        "packages": packages,
    }
    text = json.dumps(facts, sort_keys=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
