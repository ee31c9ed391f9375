"""A submission as an immutable tree, and where its parts lie."""

from grader.submission.facts import ModuleFacts, module_facts
from grader.submission.layout import Layout, Role, find_layout, require_service
from grader.submission.opening import Submission, open_submission
from grader.submission.tree import Tree

__all__ = [
    "Layout",
    "ModuleFacts",
    "Role",
    "Submission",
    "Tree",
    "find_layout",
    "module_facts",
    "open_submission",
    "require_service",
]
