"""One report to make: what the runner hands to a worker."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from cutbook.published.folders import BESIDE
from cutbook.report.page.facts import PageFacts


@dataclass(frozen=True)
class Job:
    """One report to make.

    Attributes
    ----------
    report : str
        Name of the report: ``safety``.
    notebook : Path
        The clean notebook; it lies in ``folder``.
    folder : Path
        Private folder of the report. The executed notebook, the page and the results table are written into it.
    parameters : mapping of str to str or int
        Values for the notebook's parameters; paths in them are relative to the kernel's working folder.
    page : PageFacts
        What the page says about itself.
    engine : str
        How the notebook is executed: see :data:`cutbook.report.execution.engine.ENGINES`.
    """

    report: str
    notebook: Path
    folder: Path
    parameters: Mapping[str, str | int]
    page: PageFacts
    engine: str = "kernel"

    @property
    def executed(self) -> Path:
        """Return where the executed notebook lies."""
        return self.folder / f"{self.report}.ipynb"

    @property
    def html(self) -> Path:
        """Return where the page lies."""
        return self.folder / f"{self.report}.html"

    @property
    def beside(self) -> Path:
        """Return where the file lies that has the tables that the page has no room for."""
        return self.folder / f"{self.report}{BESIDE}"

    @property
    def may_link_to(self) -> list[str]:
        """Return the files beside the page to which its links, and those of the file beside it, may lead."""
        return [*(address for _, address in self.page.tabs if address), self.html.name, self.beside.name]

    @property
    def results(self) -> Path:
        """Return where the results table lies."""
        return self.folder / f"{self.report}.results.parquet"

    @property
    def log(self) -> Path:
        """Return where the worker's own messages lie."""
        return self.folder / f"{self.report}.log"

    @property
    def kernel_pid(self) -> Path:
        """Return where the kernel leaves its process id."""
        return self.folder / "kernel.pid"


def write_job(job: Job) -> Path:
    """Return the file that holds the job."""
    file = job.folder / "job.json"
    tree = asdict(job) | {"notebook": str(job.notebook), "folder": str(job.folder)}
    file.write_text(json.dumps(tree), encoding="utf-8")
    return file


def read_job(file: Path) -> Job:
    """Return the job that a file holds."""
    tree = json.loads(file.read_text(encoding="utf-8"))
    paths = {key: Path(tree[key]) for key in ("notebook", "folder")}
    return Job(**(tree | paths | {"page": PageFacts(**tree["page"] | {"reports": tuple(tree["page"]["reports"])})}))
