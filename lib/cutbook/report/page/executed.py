"""The executed notebook as it is published: what is a fact stays, what the clock or the machine left in it goes."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

from nbformat import NotebookNode

FACTS = ("parameters", "version")
"""What is kept of papermill's own metadata; the rest are times, and paths of the private folder."""

_CLOCKED = ("execution", "papermill")


def without_clock(executed: NotebookNode, source: Path) -> NotebookNode:
    """Return an executed notebook that says nothing of when, where and how fast it was executed.

    Cells keep the id that they have in the source. Any other cell, such as the injected parameters, is given a new id
    each time, and is named by its place instead.

    Parameters
    ----------
    executed : NotebookNode
        The notebook as papermill returned it, not changed.
    source : Path
        The notebook before its execution.

    Raises
    ------
    OSError
        The source cannot be read.
    """
    known = {cell.get("id") for cell in json.loads(source.read_text(encoding="utf-8"))["cells"]}
    settled = deepcopy(executed)
    about = settled.metadata.papermill
    settled.metadata.papermill = {name: about[name] for name in FACTS if name in about}
    for number, cell in enumerate(settled.cells, 1):
        for name in _CLOCKED:
            cell.metadata.pop(name, None)
        if cell.id not in known:
            cell.id = f"made-{number}"
    return settled
