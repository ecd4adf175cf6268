"""What a run is asked for, and what it knows once its parameters are read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from cutbook.data.transfer.audience import with_class
from cutbook.errors import Fault, ParameterError, RenderError
from cutbook.parameters.base import Name
from cutbook.parameters.cut import CutId, CutParameters
from cutbook.parameters.project import Project, read_cut, read_study
from cutbook.parameters.study import Study
from cutbook.published.clock import RECORDED_TIME, recorded_time
from cutbook.published.folders import Place
from cutbook.published.manifest import Manifest
from cutbook.published.rows import RunRow
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
        Class of the reports; empty for that of the cut.
    engine : str
        How notebooks are executed.
    workers : int
        Reports made at once.
    is_unverified_allowed : bool
        Accept a transfer without a manifest.
    limit_s : float
        Seconds that one report may take.
    replays : Manifest or None
        Of the set that is made again: its parameters and its time are taken instead of the cut file and the clock.
    announce : callable
        Given the folder of a finished set and the name that it will have: a context in which the set is published.
    role, reason : str
        In which role, and why, unblinded reports are asked for while the blind holds.
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
    replays: Manifest | None = None
    announce: Announce = lambda _finished, _name: nullcontext()
    role: str = ""
    reason: str = ""


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
    def about(self) -> RunRow:
        """Return what the ledger says of the run."""
        return about_order(self.order, self.id, self.started).model_copy(
            update={
                "audience": self.cut.audience,
                "revision": self.cut.revision,
                "purpose": self.cut.purpose,
                "reports": tuple(self.reports),
                "set": self.set_name,
                **({"role": self.order.role, "reason": self.order.reason} if self.order.role else {}),
            }
        )


def open_order(order: Order, run_id: str, started: str) -> Run:
    """Return the run of an order once its parameters are read.

    Raises
    ------
    ParameterError
        An unknown engine, study, cut or report, a parameter file with faults, all of them at once; or a recorded time
        that is none, or before the cut-off.
    """
    if order.engine not in ENGINES:
        raise ParameterError(Fault("engine", repr(order.engine), f"one of {', '.join(ENGINES)}", "choose one of these"))
    study, cut = _parameters(order)
    unknown = [name for name in order.reports if name not in study.reports]
    if unknown:
        known = ", ".join(study.reports)
        raise ParameterError([Fault("report", repr(name), f"one of {known}", "check the name") for name in unknown])
    cut = with_class(study, cut, order.audience)
    recorded = order.replays.rendered if order.replays else recorded_time(started)
    return Run(order, study, cut, run_id, started, _recorded_after(cut, recorded))


def _parameters(order: Order) -> tuple[Study, CutParameters]:
    if order.replays is None:
        return read_parameters(order.project, order.study_id, order.cut_id)
    given = order.replays.identity.parameters.model_dump(include=set(CutParameters.model_fields))
    return read_study(order.project, order.study_id), CutParameters(**given)


def _recorded_after(cut: CutParameters, recorded: str) -> str:
    """Return the recorded time; no report is made before the day of its cut-off."""
    if recorded[:10] < cut.cutoff_date[:10]:
        expected = f"a time from the cut-off on, {cut.cutoff_date}"
        remedy = f"correct the clock, or {RECORDED_TIME} where it is set"
        raise ParameterError(Fault("time of rendering", recorded, expected, remedy))
    return recorded


def read_parameters(project: Project, study_id: str, cut_id: str) -> tuple[Study, CutParameters]:
    """Return study and cut, the cut with its class.

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
    return study, with_class(study, cut)


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


def about_order(order: Order, run_id: str, started: str) -> RunRow:
    """Return what the ledger says of a run whose parameters are not read."""
    return RunRow(run=run_id, started=started, study=order.study_id, cut=order.cut_id, requester=account_name())


def are_names(order: Order) -> bool:
    """Return whether study and cut have the form of names."""
    try:
        TypeAdapter(Name).validate_python(order.study_id, strict=True)
        TypeAdapter(CutId).validate_python(order.cut_id, strict=True)
    except ValidationError:
        return False
    return True
