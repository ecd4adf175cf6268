"""What is asked of a run while the blind holds: a reason for lifting it, and a root of its own for what that shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from cutbook.data.transfer.audience import is_under_blind
from cutbook.errors import BlindingError, Fault, ParameterError
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import Project, list_cuts, read_cut
from cutbook.parameters.study import Study
from cutbook.published.folders import Place, failed_folder
from cutbook.published.ledger import read_rows
from cutbook.published.rows import RunRow
from cutbook.report.publishing.orders import Run


def refuse_without_reason(run: Run) -> None:
    """Return when a run lifts no blind, or says why.

    Raises
    ------
    BlindingError
        Unblinded reports under the blind without a reason, which the ledger keeps.
    """
    if run.cut.audience == "unblinded" and is_under_blind(run.study, run.cut) and not run.order.reason.strip():
        subject = f"unblinded reports of cut {run.cut.cut_id}, which is under the blind"
        raise BlindingError(Fault(subject, "no reason", "why they are made, for the ledger", "give --reason"))


def refuse_mixed_root(project: Project, study: Study, place: Place) -> None:
    """Return when an output root holds no set of another class of a cut under the blind.

    Whoever may read the reports of one class must not come upon those of another, so each has a root of its own.

    Parameters
    ----------
    project, study : Project, Study
        Where the cut files lie, and whose they are.
    place : Place
        Where the run is to publish.

    Raises
    ------
    BlindingError
        It does; naming one of them.
    """
    if study.blinding is None:
        return
    known = set(list_cuts(project, study.id))
    for what, cut, audience in (*_sets(place), *_remains(place)):
        if audience != place.audience and (cut not in known or _is_under_blind(project, study, cut)):
            found = f"{what} of class {audience}, of cut {cut}"
            expected = f"a root for {place.audience} reports alone while the blind holds"
            raise BlindingError(Fault("outputs", found, expected, "name another folder with --outputs"))


def _sets(place: Place) -> Iterator[tuple[str, str, str]]:
    """Yield cut and class of every set of the study in a root."""
    for folder in sorted((place.outputs / place.study).glob("*/revisions/*-r*")):
        yield "a set", folder.parents[1].name, folder.name.partition("-")[0]


def _remains(place: Place) -> Iterator[tuple[str, str, str]]:
    """Yield cut and class of what failed runs and explorations of the study left in a root."""
    for row in read_rows(place.outputs):
        if isinstance(row, RunRow) and row.study == place.study and failed_folder(place.outputs, row.run).is_dir():
            yield "remains of a failed run", row.cut, row.audience
    for file in sorted((place.outputs / "explore" / place.study).glob("*/*/staged/cut.json")):
        with suppress(OSError, ValueError):
            cut = CutParameters.model_validate_json(file.read_bytes())
            yield "data to explore", cut.cut_id, cut.audience


def _is_under_blind(project: Project, study: Study, cut_id: str) -> bool:
    try:
        return is_under_blind(study, read_cut(project, study.id, cut_id))
    except ParameterError:
        return True
