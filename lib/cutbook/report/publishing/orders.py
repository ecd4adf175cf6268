"""What a run is asked for, and what it knows once its parameters are read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from cutbook.errors import Fault, ParameterError, RenderError
from cutbook.parameters.base import Name
from cutbook.parameters.cut import CutId, CutParameters
from cutbook.parameters.project import Project, read_cut, read_study
from cutbook.parameters.study import Study
from cutbook.published.clock import recorded_time
from cutbook.published.folders import Place
from cutbook.report.execution.account import account_name
from cutbook.report.execution.engine import ENGINES
from cutbook.report.page.checks import check_source

GIVEN = (*CutParameters.model_fields, "staged_cut", "results_to")
"""Names of the parameters of every notebook."""

Announce = Callable[[Path, str], AbstractContextManager[None]]
"""Prepares what tells readers of a set before it is published, and lets it go afterwards."""


@dataclass(frozen=True)
class Order:
    """What a run is asked for.

    Attributes
    ----------
    project : Project
        Where parameters and notebooks lie.
    study_id, cut_id : str
        Which cut.
    outputs : Path
        Output root.
    reports : tuple of str
        Which reports; empty for all of the study.
    audience : str
        Class of the reports; empty for that of the cut file.
    engine : str
        How notebooks are executed.
    workers : int
        Reports made at once.
    is_unverified_allowed : bool
        Accept a transfer without a manifest.
    limit_s : float
        Seconds that one report may take.
    announce : callable
        Given the folder of a finished set and the name that it will have: a context in which the set is published.
    """

    project: Project
    study_id: str
    cut_id: str
    outputs: Path
    reports: tuple[str, ...] = ()
    audience: str = ""
    engine: str = "kernel"
    workers: int = 2
    is_unverified_allowed: bool = False
    limit_s: float = 600.0
    announce: Announce = lambda _finished, _name: nullcontext()


@dataclass(frozen=True)
class Run:
    """A run that got past its parameters.

    Attributes
    ----------
    order, study, cut : Order, Study, CutParameters
        What was asked for, and its parameters.
    id, started : str
        Name of the run, never used twice, and UTC time of the clock at its start; neither stands in a report.
    rendered : str
        Recorded time in UTC: the only time that the reports say.
    """

    order: Order
    study: Study
    cut: CutParameters
    id: str
    started: str
    rendered: str

    @property
    def place(self) -> Place:
        """Return where the cut lies under the output root."""
        return Place(self.order.outputs.absolute(), self.study.id, self.cut.cut_id, self.cut.audience)

    @property
    def reports(self) -> tuple[str, ...]:
        """Return the names of the reports to make."""
        return self.order.reports or tuple(self.study.reports)

    @property
    def set_name(self) -> str:
        """Return the name of the set that the run is to publish."""
        return self.place.set_name(self.cut.revision, self.id)

    @property
    def about(self) -> dict[str, Any]:
        """Return what the ledger says of the run."""
        return {
            **about_order(self.order, self.id, self.started),
            "audience": self.cut.audience,
            "revision": self.cut.revision,
            "purpose": self.cut.purpose,
            "reports": list(self.reports),
            "set": self.set_name,
        }


def open_order(order: Order, run_id: str, started: str) -> Run:
    """Return the run of an order once its parameters are read.

    Raises
    ------
    ParameterError
        An unknown engine, study, cut or report, a parameter file with faults, all of them at once; or a recorded time
        that is none.
    """
    if order.engine not in ENGINES:
        raise ParameterError(Fault("engine", repr(order.engine), f"one of {', '.join(ENGINES)}", "choose one of these"))
    study, cut = read_parameters(order.project, order.study_id, order.cut_id)
    unknown = [name for name in order.reports if name not in study.reports]
    if unknown:
        known = ", ".join(study.reports)
        raise ParameterError([Fault("report", repr(name), f"one of {known}", "check the name") for name in unknown])
    if order.audience:
        cut = cut.model_copy(update={"audience": order.audience})
    return Run(order, study, cut, run_id, started, recorded_time(started))


def read_parameters(project: Project, study_id: str, cut_id: str) -> tuple[Study, CutParameters]:
    """Return study and cut.

    Raises
    ------
    ParameterError
        All faults of both files.
    """
    faults: list[Fault] = []
    study = cut = None
    try:
        study = read_study(project, study_id)
    except ParameterError as error:
        faults += error.faults
    try:
        cut = read_cut(project, study_id, cut_id)
    except ParameterError as error:
        faults += [fault for fault in error.faults if fault not in faults]
    if study is None or cut is None:
        raise ParameterError(faults)
    return study, cut


def check_notebooks(project: Project, reports: tuple[str, ...]) -> None:
    """Return when the notebooks of these reports may be run.

    Raises
    ------
    RenderError
        One is missing, holds outputs, or declares other parameters than it will be given; all faults.
    """
    faults = [fault for name in reports for fault in check_source(project.notebooks / f"{name}.ipynb", GIVEN)]
    if faults:
        raise RenderError(faults)


def about_order(order: Order, run_id: str, started: str) -> dict[str, Any]:
    """Return what the ledger says of a run whose parameters are not read."""
    who = account_name()
    return {"run": run_id, "started": started, "study": order.study_id, "cut": order.cut_id, "requester": who}


def are_names(order: Order) -> bool:
    """Return whether study and cut have the form of names."""
    try:
        TypeAdapter(Name).validate_python(order.study_id, strict=True)
        TypeAdapter(CutId).validate_python(order.cut_id, strict=True)
    except ValidationError:
        return False
    return True
