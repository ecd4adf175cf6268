"""Checks of a report before it is published: the notebook ran whole and clean, and the page is safe and readable."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from cutbook.errors import Fault, RenderError
from cutbook.published.folders import BESIDE
from cutbook.report.page.scan import scan_page
from cutbook.words import warning_in, without_isolated

_COLLECTED = re.compile(r"<bdi>.*?</bdi>", re.DOTALL)
_LARGEST_FILE = 20_000_000
"""Bytes of a page, and of the file beside it, beyond which neither is published."""

_EXPECTED_RUN = "every code cell run once, in order"


def check_report(executed: Path, page: Path, report: str, *, files: Collection[str] = ()) -> None:
    """Return when a notebook, its page and the file beside it may be published, with links to ``files`` at most.

    Raises
    ------
    RenderError
        They may not; everything that was found, at once.
    """
    cells = _cells(executed)
    faults = [*_order_faults(cells, executed.name), *_output_faults(cells, executed.name)]
    if not _ends(cells, report):
        expected = f'<footer id="end-of-report" data-report="{report}"> in the last output'
        faults.append(Fault(executed.name, "no end marker", expected, "the last cell must show the end of the report"))
    for file in (page, page.with_suffix(BESIDE)):
        if file.is_file():
            faults += _size_faults(file)
            faults += scan_page(file.read_text(encoding="utf-8"), file.name, report, files=files)
    if faults:
        raise RenderError(faults)


def _size_faults(page: Path) -> list[Fault]:
    size = page.stat().st_size
    if size <= _LARGEST_FILE:
        return []
    expected = f"at most {_LARGEST_FILE // 1_000_000} MB: mails and phones carry no more"
    return [Fault(page.name, f"{size / 1_000_000:.1f} MB", expected, "show less in the notebook, or fold it")]


def check_source(notebook: Path, parameters: Iterable[str]) -> list[Fault]:
    """Return what keeps a notebook from being run: stored outputs, or parameters that are not those it will be given.

    Parameters
    ----------
    notebook : Path
        The notebook as committed.
    parameters : iterable of str
        Names of the values that will be given.
    """
    if not notebook.is_file():
        return [Fault(f"notebooks/{notebook.name}", "no such file", "a notebook", "check the name of the report")]
    shown = f"notebooks/{notebook.name}"
    try:
        cells = _cells(notebook)
    except (ValueError, KeyError, TypeError):
        return [Fault(shown, "an unreadable file", "a Jupyter notebook, version 4", "restore it")]
    faults = [
        Fault(
            f"{shown} cell {number}", "stored outputs or counts", "none", "run nbstripout on it; results are not source"
        )
        for number, cell in enumerate(cells, 1)
        if cell["cell_type"] == "code" and (cell.get("outputs") or cell.get("execution_count") is not None)
    ]
    return [*faults, *_parameter_faults(cells, shown, set(parameters))]


def _parameter_faults(cells: list[dict[str, Any]], shown: str, given: set[str]) -> list[Fault]:
    tagged = [cell for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", [])]
    if len(tagged) != 1:
        return [Fault(shown, f"{len(tagged)} cells tagged 'parameters'", "one", "tag the parameters cell")]
    declared = {
        name.id
        for node in ast.parse(_text(tagged[0]["source"])).body
        for name in _targets(node)
        if isinstance(name, ast.Name)
    }
    if declared == given:
        return []
    found = ", ".join(sorted(declared ^ given))
    return [Fault(shown, f"parameters that differ: {found}", f"{', '.join(sorted(given))}", "declare exactly these")]


def _targets(node: ast.stmt) -> list[ast.expr]:
    if isinstance(node, ast.AnnAssign):
        return [node.target]
    return node.targets if isinstance(node, ast.Assign) else []


def _order_faults(cells: list[dict[str, Any]], shown: str) -> list[Fault]:
    code = [(number, cell) for number, cell in enumerate(cells, 1) if _is_run(cell)]
    for count, (number, cell) in enumerate(code, 1):
        if cell.get("execution_count") != count:
            found = "a cell that did not run" if cell.get("execution_count") is None else "a cell out of order"
            return [
                Fault(f"{shown} cell {number}", found, _EXPECTED_RUN, "see the executed notebook of the failed run")
            ]
    return []


def _output_faults(cells: list[dict[str, Any]], shown: str) -> list[Fault]:
    faults = []
    for number, cell in enumerate(cells, 1):
        for output in cell.get("outputs", []):
            found = _bad_output(output)
            if found:
                remedy = "mend its cause; a warning is an error here"
                faults.append(Fault(f"{shown} cell {number}", found, "no error and no warning", remedy))
    return faults


def _bad_output(output: dict[str, Any]) -> str:
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"[:300]
    if output["output_type"] == "stream":
        text = _text(output["text"])
        if output["name"] == "stderr":
            return f"a message on standard error: {text.strip()[:200]!r}"
    else:
        text = " ".join(_text(part) for kind, part in output["data"].items() if kind.startswith("text/"))
    warning = warning_in(without_isolated(_COLLECTED.sub("", text)))
    return f"the text {warning!r}" if warning else ""


def _ends(cells: list[dict[str, Any]], report: str) -> bool:
    code = [cell for cell in cells if _is_run(cell)]
    outputs = code[-1].get("outputs", []) if code else []
    text = "".join(_text(output.get("data", {}).get("text/html", "")) for output in outputs)
    return f'<footer id="end-of-report" data-report="{report}"' in text


def _is_run(cell: dict[str, Any]) -> bool:
    return cell["cell_type"] == "code" and bool(_text(cell["source"]).strip())


def _cells(notebook: Path) -> list[dict[str, Any]]:
    tree = json.loads(notebook.read_text(encoding="utf-8"))
    if tree["nbformat"] != 4:
        raise ValueError("not a notebook of version 4")
    cells: list[dict[str, Any]] = tree["cells"]
    return cells


def _text(value: str | list[str]) -> str:
    return "".join(value)
