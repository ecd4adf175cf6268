"""The papermill engine of Cutbook: the stock kernel engine, told how far it is and stopped when it writes too much."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.iorw import write_ipynb
from traitlets.config import Config

LARGEST_OUTPUT_CHARACTERS = 100_000_000
"""A notebook that writes more is stopped."""

_SAVE_EVERY_S = 5.0


class Progress:
    """How far an execution is: reported at each cell, and saved now and then for whoever looks after a failure."""

    def __init__(self, on_cell: Callable[[int, int], None], save_to: Path) -> None:
        self.cell = 0
        self.why_stopped = ""
        self.written = 0
        self._on_cell = on_cell
        self._save_to = os.path.relpath(save_to)
        self._saved = time.monotonic()

    def start(self, notebook: NotebookNode, index: int) -> None:
        """Note that the cell with this index, from 0, starts."""
        self.cell = index + 1
        self._on_cell(index, len(notebook.cells))
        if time.monotonic() - self._saved > _SAVE_EVERY_S:
            self.save(notebook)

    def refuse_exit(self, reply: Mapping[str, Any]) -> None:
        """Stop the execution when a cell asked the kernel to end: the cells that follow may run all the same.

        Raises
        ------
        RuntimeError
            It did.
        """
        if any(item.get("source") == "ask_exit" for item in reply["content"].get("payload", [])):
            self.why_stopped = "a request to end the kernel"
            raise RuntimeError(self.why_stopped)

    def finish(self, notebook: NotebookNode) -> None:
        """Note that no further cell will start."""
        self.save(notebook)
        if self.cell == len(notebook.cells):
            self._on_cell(self.cell, self.cell)

    def save(self, notebook: NotebookNode) -> None:
        """Write the notebook as far as it is."""
        write_ipynb(notebook, self._save_to)
        self._saved = time.monotonic()


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """A client that kills the kernel once the outputs exceed the limit."""

    progress: Progress

    def process_message(self, msg: dict[str, Any], *arguments: Any) -> Any:  # noqa: ANN401 - nbclient's signature
        content = msg["content"]
        self.progress.written += len(content.get("text", ""))
        self.progress.written += sum(len(str(part)) for part in content.get("data", {}).values())
        if self.progress.written > LARGEST_OUTPUT_CHARACTERS:
            self.progress.why_stopped = f"more than {LARGEST_OUTPUT_CHARACTERS // 1_000_000} MB of output"
            with suppress(ProcessLookupError):
                os.killpg(self.km.provisioner.pid, signal.SIGKILL)
            return None
        return super().process_message(msg, *arguments)


def use_engine(progress: Progress, sockets: Path) -> str:
    """Return the name under which papermill now knows an engine.

    Parameters
    ----------
    progress : Progress
        What it reports to.
    sockets : Path
        Private folder, of a short name, for the sockets between kernel and worker.
    """

    class _Engine(NBClientEngine):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(
            cls,
            nb_man: NotebookExecutionManager,
            kernel_name: str,
            **settings: Any,  # noqa: ANN401 - papermill hands over whatever it was given
        ) -> None:
            notebook = nb_man.nb
            client = _Client(
                nb_man,
                kernel_name=kernel_name,
                startup_timeout=settings["start_timeout"],
                iopub_timeout=settings["iopub_timeout"],
                shutdown_kernel="immediate",
                on_cell_start=lambda cell, cell_index: progress.start(notebook, cell_index),  # noqa: ARG005 - nbclient's
                on_cell_executed=lambda execute_reply, **_: progress.refuse_exit(execute_reply),
                # Sockets in a private folder: no account of this machine can listen, no other kernel take the port.
                config=Config({"KernelManager": {"transport": "ipc", "ip": f"{sockets}/k"}}),
            )
            client.progress = progress
            try:
                client.execute()
            finally:
                progress.finish(notebook)

    papermill_engines.register("cutbook", _Engine)
    return "cutbook"
