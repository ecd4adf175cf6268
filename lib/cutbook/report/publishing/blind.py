"""What is asked of a run while the blind holds: a reason for lifting it, and a root of its own for what that shows."""

from __future__ import annotations

from cutbook.data.transfer.audience import is_under_blind
from cutbook.errors import BlindingError, Fault, ParameterError
from cutbook.parameters.project import Project, list_cuts, read_cut
from cutbook.parameters.study import Study
from cutbook.published.folders import Place
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
    for other in sorted((place.outputs / study.id).glob("*/revisions/*-r*")):
        cut, audience = other.parents[1].name, other.name.partition("-")[0]
        if audience != place.audience and (cut not in known or _is_under_blind(project, study, cut)):
            found = f"a set of class {audience}, of cut {cut}"
            expected = f"a root for {place.audience} reports alone while the blind holds"
            raise BlindingError(Fault("outputs", found, expected, "name another folder with --outputs"))


def _is_under_blind(project: Project, study: Study, cut_id: str) -> bool:
    try:
        return is_under_blind(study, read_cut(project, study.id, cut_id))
    except ParameterError:
        return True
