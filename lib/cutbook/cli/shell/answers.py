"""Answers as JSON: alone on standard output, in a documented shape, however the command ends (docs/command-line.md)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from cutbook.cli.options import code_of, shown
from cutbook.errors import CutbookError, Fault

if TYPE_CHECKING:
    import pandas as pd

    from cutbook.data.staging.staged import StagedCut
    from cutbook.published.manifest import Output
    from cutbook.report.publishing.publish import Published

CHECK, RUN = "cutbook-check-1", "cutbook-run-1"
"""Formats of the answers; another shape has another number."""

Answer = dict[str, Any]

_KEPT = "kept: "


@contextmanager
def alone_on_stdout() -> Iterator[Callable[[object], None]]:
    """Yield what writes the answer; whatever else is written to standard output meanwhile goes to standard error."""
    stdout = sys.stdout
    with redirect_stdout(sys.stderr):
        yield partial(_write, stdout)


def check_answer(study: str, cut: str, staged: StagedCut, core: pd.DataFrame | None = None) -> Answer:
    """Return what the check of a cut without faults answers, ``core`` being the oddities of a report of CDISC CORE."""
    from cutbook.notebook.outlook import outlook

    return _about(CHECK, study, cut) | {
        **_passed(),
        "counts": {
            "datasets": len(staged.datasets),
            "rows": sum(len(frame) for frame in staged.datasets.values()),
            "removed": len(staged.removed),
            "modified": len(staged.modified),
            "issues": len(staged.issues),
        },
        "issues": _records(staged.issues),
        "displays": [told._asdict() for told in outlook(staged)],
        "core": [] if core is None else _records(core),
    }


def failed_check(study: str, cut: str, error: BaseException) -> Answer:
    """Return what the check of a cut with faults answers."""
    return _about(CHECK, study, cut) | {**_failure(error), "counts": None, "issues": [], "displays": [], "core": []}


def run_answer(study: str, cut: str, published: Published, reports: list[str]) -> Answer:
    """Return what a run that published a set answers.

    Parameters
    ----------
    study, cut : str
        Which cut.
    published : Published
        The set.
    reports : list of str
        Names of all reports of the study.
    """
    from cutbook.published.manifest import read_manifest

    manifest = read_manifest(published.folder)
    made = manifest.files if manifest else {}
    run = manifest.run if manifest else None
    return _about(RUN, study, cut) | {
        **_passed(),
        "audience": manifest.audience if manifest else None,
        "revision": manifest.revision if manifest else None,
        "run": run,
        "published": shown(published.current if published.is_current else published.folder),
        "is_current": published.is_current,
        "reports": [_report(name, made.get(f"{name}.html"), run) for name in reports],
        "kept": None,
    }


def failed_run(study: str, cut: str | None, error: BaseException) -> Answer:
    """Return what a run that published nothing answers; without a cut, what was wrong outside of any."""
    kept = [note.removeprefix(_KEPT) for note in getattr(error, "__notes__", []) if note.startswith(_KEPT)]
    nothing = dict.fromkeys(("audience", "revision", "run", "published"))
    return _about(RUN, study, cut) | {
        **_failure(error),
        **nothing,
        "is_current": False,
        "reports": [],
        "kept": shown(Path(kept[0])) if kept else None,
    }


def _write(stdout: TextIO, answer: object) -> None:
    # Only ASCII: whatever the data hold, the answer is read in any locale and does nothing to a terminal.
    stdout.write(json.dumps(answer, indent=2) + "\n")
    stdout.flush()


def _about(form: str, study: str, cut: str | None) -> Answer:
    return {"format": form, "study": study, "cut": cut}


def _passed() -> Answer:
    return {"ok": True, "exit_code": 0, "faults": []}


def _failure(error: BaseException) -> Answer:
    code = code_of(error)
    if isinstance(error, CutbookError):
        return {"ok": False, "exit_code": code, "faults": [_fault(code, fault) for fault in error.faults]}
    words = f"{type(error).__name__}: {error}" if isinstance(error, Exception) else "interrupted"
    return {"ok": False, "exit_code": code, "faults": [_fault(code, Fault("cutbook", words, "", ""))]}


def _fault(code: int, fault: Fault) -> Answer:
    return {
        "code": code,
        "dataset": fault.dataset,
        "variable": fault.variable or None,
        "row": fault.row,
        "key": fault.key or None,
        "found": fault.found,
        "expected": fault.expected or None,
        "remedy": fault.remedy or None,
    }


def _records(issues: pd.DataFrame) -> list[Answer]:
    """Return the rows of a frame as objects: column names in small letters, null for what is missing."""
    records: list[Mapping[str, Any]] = json.loads(issues.to_json(orient="records"))
    return [{name.lower(): value if value != "" else None for name, value in row.items()} for row in records]


def _report(name: str, made: Output | None, run: str | None) -> Answer:
    if made is None:
        return {"report": name, "file": None, "bytes": None, "sha256": None, "state": "missing"}
    state = "made" if made.run == run else "carried"
    return {"report": name, "file": made.file, "bytes": made.bytes, "sha256": made.sha256, "state": state}
