"""Execute cells with nbclient, and keep no more of what they show than is of use.

Imported only in a stage that was prepared for notebooks.
"""

import time
from collections.abc import Mapping
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

OUTPUT_LIMIT = 20_000
"""Characters of what one cell shows that are kept."""
IOPUB_S = 2
SHOWING = frozenset({"stream", "display_data", "execute_result"})
TIMED_OUT = {"ename": "TimeoutError", "evalue": "it did not end", "traceback": []}


class Client(NotebookClient):
    """Run cells one after the other, whatever becomes of each."""

    def __init__(
        self, cells: list[dict[str, str]], manager: Any, limits: Mapping[str, int]
    ) -> None:
        self.names = [cell["name"] for cell in cells]
        self.told: list[dict[str, object]] = []
        self.limits = limits
        self.deadline = time.monotonic() + limits["notebook_s"]
        form: Any = nbformat.v4  # untyped
        codes = [form.new_code_cell(cell["source"]) for cell in cells]
        super().__init__(
            form.new_notebook(cells=codes),
            km=manager,
            allow_errors=True,
            interrupt_on_timeout=True,
            error_on_timeout=TIMED_OUT,
            timeout_func=self.patience,
            iopub_timeout=IOPUB_S,
            on_cell_executed=self.note,
            store_widget_state=False,
        )

    def run_all(self) -> dict[str, object]:
        """Run the cells; say what each did, and whether the kernel was lost."""
        try:
            self.execute()
        except DeadKernelError:
            return {"cells": self.told, "died": True}
        return {"cells": self.told, "died": False}

    def patience(self, _: object) -> int:
        """Return how long the next cell may take."""
        left = round(self.deadline - time.monotonic())
        return max(1, min(self.limits["cell_s"], left))

    def note(self, cell: Any, cell_index: int, execute_reply: Any) -> None:
        """Note what a cell showed and how it failed, in plain data.

        Raises:
            DeadKernelError: if it did not end, and could not be interrupted either.
        """
        reply = execute_reply["content"]
        shown = "".join(_plain_text(output) for output in cell["outputs"])
        facts: dict[str, object] = {"name": self.names[cell_index]}
        facts["text"] = shown[:OUTPUT_LIMIT]
        if reply.get("status") == "error":
            kind, text = str(reply.get("ename")), str(reply.get("evalue"))
            facts["error"] = {"type": kind[:200], "text": text[:2_000]}
        self.told.append(facts)
        interrupted = any(o["output_type"] == "error" for o in cell["outputs"])
        if reply.get("ename") == TIMED_OUT["ename"] and not interrupted:
            raise DeadKernelError("the kernel cannot be interrupted")

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Keep a message's plain text only, and no more than there is room for."""
        if msg["msg_type"].startswith(("comm", "update_display")):
            return None  # widgets have nobody to talk to
        if msg["msg_type"] in SHOWING:
            text = _plain_text(msg["content"])
            room = OUTPUT_LIMIT - cell.get("shown", 0)
            cell["shown"] = cell.get("shown", 0) + len(text)
            if room <= 0:
                return None
            msg["content"] = _kept(msg["content"], text[:room])
        return super().process_message(msg, cell, cell_index)


def _plain_text(content: Mapping[str, Any]) -> str:
    """Return what a message shows as text; pictures and pages are left out."""
    text = content.get("text", content.get("data", {}).get("text/plain", ""))
    return text if isinstance(text, str) else ""


def _kept(content: Mapping[str, Any], text: str) -> dict[str, Any]:
    if "text" in content:
        return {**content, "text": text}
    return {**content, "data": {"text/plain": text}, "metadata": {}}
