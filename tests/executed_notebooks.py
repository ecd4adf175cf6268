"""Notebooks of the project run in this process, without a kernel."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Executed:
    """A notebook that was run: its variables, and the HTML that its cells show, in order."""

    variables: dict[str, Any] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)


def run_notebook(project: Path, report: str, parameters: Mapping[str, object]) -> Executed:
    """Return the notebook of a report after a run; ``parameters`` replace the values of its parameters cell."""
    cells = json.loads((project / "notebooks" / f"{report}.ipynb").read_text(encoding="utf-8"))["cells"]
    run = Executed()
    for cell in (cell for cell in cells if cell["cell_type"] == "code"):
        *body, end = ast.parse("".join(cell["source"])).body
        value = end.value if isinstance(end, ast.Expr) else ast.parse("None", mode="eval").body
        body += [] if isinstance(end, ast.Expr) else [end]
        exec(compile(ast.Module(body, []), report, "exec"), run.variables)  # noqa: S102 - a notebook of this project
        if "parameters" in cell["metadata"].get("tags", []):
            run.variables |= parameters
        shown = eval(compile(ast.Expression(value), report, "eval"), run.variables)  # noqa: S307 - as above
        run.shown.append(shown._repr_html_() if hasattr(shown, "_repr_html_") else "")
    return run
