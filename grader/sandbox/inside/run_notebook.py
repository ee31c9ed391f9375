"""Run a notebook with nbclient and a forked kernel, then put questions to the kernel.

All of it is on the untrusted side: the kernel is the submission's, and so is every word
that it says, here too.
"""

import ast
import json
import queue
import time
from typing import Any

from .child import Box

REPLY_S = 3.0
KERNEL = f"{__package__}.kernel"


def run_notebook(box: Box, cells: list[dict[str, str]]) -> object:
    """Run the cells; answer what each did, and keep the kernel for questions.

    Args:
        box: Where this runs.
        cells: Each with its ``name`` and ``source``.
    """
    from .kernel import Manager
    from .notebook_client import Client

    client = Client(cells, Manager.at(_connection_file(box)), box.world["limits"])
    box.answer(client.run_all())
    while True:  # the kernel ends with the process that forked it
        time.sleep(3600)


def ask_kernel(
    box: Box, program: str, function: str, arguments: dict[str, Any], timeout_s: float
) -> object:
    """Call a function of a program inside the kernel; return its value as JSON.

    Raises:
        TimeoutError: if it did not end in time, but could be interrupted.
    """
    from jupyter_client.blocking.client import BlockingKernelClient

    request = {"program": program, "function": function, "arguments": arguments}
    request["project"] = box.project
    asked = f"__import__({KERNEL!r}, fromlist=['x']).answer({json.dumps(request)!r})"
    client = BlockingKernelClient(connection_file=_connection_file(box))
    client.load_connection_file()
    client.start_channels(iopub=False, stdin=False, hb=False)
    client.execute("", silent=True, user_expressions={"answer": asked})
    try:
        reply = client.get_shell_msg(timeout=timeout_s)
    except queue.Empty:
        client.control_channel.send(client.session.msg("interrupt_request", {}))
        client.get_shell_msg(timeout=REPLY_S)
        raise TimeoutError("it did not end") from None
    told = reply["content"]["user_expressions"]["answer"]
    if told["status"] != "ok":
        raise RuntimeError(f"{told.get('ename')}: {told.get('evalue')}")
    return {"answer": ast.literal_eval(told["data"]["text/plain"])}


def _connection_file(box: Box) -> str:
    return f"{box.world['root']}/tmp/kernel.json"  # noqa: S108 - the world's own
