"""A project folder with a tiny study and tiny notebooks, for tests of the runner and of the command line."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import nbformat
import pandas as pd
import psutil
import pyarrow.parquet

from cutbook.parameters.project import Project
from cutbook.report.page.facts import PageFacts

REPORTS = ("safety", "pharmacokinetics", "efficacy")
LIB = Path(__file__).resolve().parents[2] / "lib"

PARAMETERS = """\
study: str = "demo"
cut_id: str = "C1"
cutoff_date: str = "2024-06-30"
transfer: str = "T1"
previous_cut: str = ""
revision: int = 1
purpose: str = ""
status: str = "draft"
audience: str = "unblinded"
staged_cut: str = ""
results_to: str = ""
"""

STUDY = """\
id: demo
title: Demonstration
is_synthetic: "true"
sources:
  root: data
  required: [dm]
treatment:
  compound: demo
  dose_unit: mg
  arms:
    - {code: A, label: Active, dose: "1"}
data_cut:
  included: {dataset: dm, date: RFSTDTC}
  rules:
    dm: {rule: special_dm}
adverse_events:
  related: [RELATED]
"""

CUT = """\
study: demo
cut_id: {cut}
cutoff_date: "2024-06-30"
transfer: {transfer}
revision: {revision}
previous_cut: "{previous}"
purpose: "{purpose}"
"""

SHOW = "from IPython.display import HTML, display"
BANNER = "HTML('<header class=\"banner\"><p>Banner</p></header>')"
SENTENCE = "12 of 12 participants were treated."


def _results_cell() -> str:
    """Return the cell that writes a results table of three statistics and a headline, quickly: without pandas."""
    table = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"value": [1.0, 2.0, 3.0]}), table)
    sentence = {"text": SENTENCE, "link": "end-of-report", "change": ""}
    headline = json.dumps({"format": "cutbook-headline-1", "sentences": [sentence]})
    return (
        f"with open(results_to, 'wb') as file:\n    file.write(bytes.fromhex({table.getvalue().hex()!r}))\n"
        "with open(results_to.replace('.results.parquet', '.headline.json'), 'w') as file:\n"
        f"    file.write({headline!r})"
    )


RESULTS = _results_cell()

FACTS = PageFacts(
    study="demo",
    cut="C1",
    report="safety",
    study_title="Demonstration",
    audience="unblinded",
    status="draft",
    revision=1,
    is_synthetic=True,
    is_verified=True,
    cutoff="2024-06-30",
    extracted="2024-07-01",
    rendered="2026-11-22T00:00:00Z",
)


def end(report: str) -> str:
    """Return the source of a last cell."""
    return f'HTML(\'<footer id="end-of-report" data-report="{report}"><p>End.</p></footer>\')'


def notebook(report: str, *cells: str, parameters: str = PARAMETERS) -> nbformat.NotebookNode:
    """Return a notebook whose code cells ``cells`` stand between banner and end; a cell in ``#`` headings is prose."""
    sources = [f"# {report.capitalize()}", parameters, SHOW, BANNER, *cells, RESULTS, end(report)]
    made = [_cell(source) for source in sources]
    made[1].metadata["tags"] = ["parameters"]
    return nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": {"name": "python3", "display_name": "Python"}})


def _cell(source: str) -> nbformat.NotebookNode:
    is_prose = source.startswith("#")
    return nbformat.v4.new_markdown_cell(source) if is_prose else nbformat.v4.new_code_cell(source)


def make_project(root: Path, reports: Sequence[str] = REPORTS) -> Project:
    """Return a project with the study ``demo`` and its cut ``C1``, transfer delivered."""
    (root / "notebooks").mkdir(parents=True)
    for report in reports:
        nbformat.write(notebook(report), root / "notebooks" / f"{report}.ipynb")
    (root / "parameters" / "demo").mkdir(parents=True)
    listed = "".join(f"\n  - {name}" for name in reports)
    (root / "parameters" / "demo" / "study.yaml").write_text(f"{STUDY}reports:{listed}\n", encoding="utf-8")
    write_cut(root, "C1")
    deliver(root, "T1")
    return Project(root)


def write_cut(root: Path, cut: str, **values: str | int) -> None:
    """Write the file of one cut."""
    given = {"transfer": "T1", "revision": 1, "previous": "", "purpose": "test", **values}
    file = root / "parameters" / "demo" / f"{cut}.yaml"
    file.write_text(CUT.format(cut=cut, **given), encoding="utf-8")


def deliver(root: Path, transfer: str, ages: Sequence[float] = (61.0, 47.0)) -> None:
    """Write a transfer of two participants with its manifest."""
    folder = root / "data" / transfer
    folder.mkdir(parents=True, exist_ok=True)
    frame = demographics(ages)
    frame.to_parquet(folder / "dm.parquet")
    digest = hashlib.sha256((folder / "dm.parquet").read_bytes()).hexdigest()
    file = {"path": "dm.parquet", "dataset": "dm", "sha256": digest, "rows": len(frame)}
    head = {"format": "cutbook-transfer-1", "study": "demo", "transfer": transfer, "extracted": "2024-07-01"}
    manifest = {**head, "is_synthetic": True, "files": [file]}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def demographics(ages: Sequence[float]) -> pd.DataFrame:
    """Return DM of the demonstration study."""
    people = [f"01-{number:03d}" for number in range(1, len(ages) + 1)]
    common = {"STUDYID": "DEMO", "DOMAIN": "DM", "SITEID": "01", "SEX": "F", "RACE": "WHITE", "COUNTRY": "DEU"}
    arms = {"ARM": "Active", "ARMCD": "A", "ACTARM": "Active", "ACTARMCD": "A", "ETHNIC": "NOT HISPANIC OR LATINO"}
    dates = {"RFSTDTC": "2024-01-10", "RFENDTC": "2024-05-10", "DTHDTC": "", "DTHFL": "", "AGEU": "YEARS"}
    subjects = {"USUBJID": people, "SUBJID": [person[-3:] for person in people], "AGE": list(ages)}
    return pd.DataFrame({**subjects, **{name: [value] * len(ages) for name, value in (common | arms | dates).items()}})


def put_notebook(project: Project, report: str, *cells: str) -> None:
    """Replace a notebook of the project."""
    nbformat.write(notebook(report, *cells), project.notebooks / f"{report}.ipynb")


def cutbook(project: Project, *arguments: str, **settings: float) -> subprocess.CompletedProcess[str]:
    """Return what the command line did, run in the project folder."""
    command = [sys.executable, "-m", "cutbook", *arguments]
    environment = environment_of(project)
    return subprocess.run(
        command, cwd=project.root, env=environment, capture_output=True, text=True, timeout=120, check=False, **settings
    )


def environment_of(project: Project) -> dict[str, str]:
    """Return an environment in which this checkout is found, with a secret that no kernel may see."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"PYTHONPATH": str(LIB), "CUTBOOK_CANARY": "canary-secret", "PWD": str(project.root)}


def errors_of(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return the lines on standard error, without the warning of an old Python."""
    return [line for line in done.stderr.splitlines() if not line.startswith("warning: Python")]


def tree(folder: Path) -> dict[str, str]:
    """Return every file and link below a folder, with the hash of its content or its target."""
    return {
        str(path.relative_to(folder)): str(path.readlink()) if path.is_symlink() else _digest(path)
        for path in sorted(folder.rglob("*"))
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"


def processes_about(folder: Path) -> list[int]:
    """Return the processes, other than this one, whose command or working folder names a folder."""
    return [process.pid for process in psutil.process_iter() if str(folder) in " ".join(_traces(process))]


def _traces(process: psutil.Process) -> Iterator[str]:
    if process.pid == os.getpid():
        return
    try:
        if process.status() != psutil.STATUS_ZOMBIE:
            yield from process.cmdline()
            yield process.cwd()
    except psutil.Error:
        return


def ledger_rows(outputs: Path) -> list[Mapping[str, object]]:
    """Return the rows of the ledger."""
    return [json.loads(line) for line in (outputs / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]
