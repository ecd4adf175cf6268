"""The cuts before a cut: the chain of its previous ones, and their results as published."""

from __future__ import annotations

import shutil
from pathlib import Path

from cutbook.data.staging.files import RESULTS_ENDING, write_text
from cutbook.data.staging.previous import STATEMENT, PreviousCut
from cutbook.data.staging.staged import HISTORY, PREVIOUS, Rendering, StagedCut, read_history, stage_cut
from cutbook.errors import Fault, ParameterError
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import Project, read_cut
from cutbook.parameters.study import Study
from cutbook.published.folders import Place
from cutbook.published.manifest import Manifest, read_manifest


def previous_cuts(project: Project, cut: CutParameters) -> tuple[list[CutParameters], str]:
    """Return the cuts that lead to a cut, oldest first, and a sentence when the chain ends at a file with faults.

    Parameters
    ----------
    project : Project
        Where the cut files lie.
    cut : CutParameters
        The cut; it is not among those returned.

    Raises
    ------
    ParameterError
        The chain leads back to a cut that it has passed: there is no order of time in it.
    """
    found: list[CutParameters] = []
    passed, at = {cut.cut_id}, cut
    while at.previous_cut:
        if at.previous_cut in passed:
            raise ParameterError(_circle(at, cut))
        try:
            earlier = read_cut(project, cut.study, at.previous_cut)
        except ParameterError:
            return found[::-1], f"The parameters of cut {at.previous_cut} have faults, so the history begins after it."
        found.append(earlier)
        passed.add(earlier.cut_id)
        at = earlier
    return found[::-1], ""


def add_previous_results(project: Project, staged: StagedCut, folder: Path, outputs: Path) -> StagedCut:
    """Return a staged cut with the results of its earlier cuts, as published, copied into it.

    Of each cut the current set of the staged cut's class is taken; a cut that is not published is left out. When the
    previous cut was published from other files or another cut-off than it is staged from, ``stamps["previous"]`` and
    ``previous.statement`` say so.

    Parameters
    ----------
    project : Project
        Where the cut files lie.
    staged : StagedCut
        The cut.
    folder : Path
        Where it is staged.
    outputs : Path
        Output root.

    Raises
    ------
    ParameterError
        The chain of previous cuts runs in a circle.
    """
    cuts, statement = previous_cuts(project, staged.cut)
    (folder / HISTORY).mkdir()
    write_text(folder / HISTORY / STATEMENT, statement)
    places = [Place(outputs.absolute(), staged.study.id, item.cut_id, staged.cut.audience) for item in cuts]
    for number, place in enumerate(places, start=1):
        # The link may come to name another set meanwhile; what it names now is taken as a whole.
        _copy_results(place.current.resolve(), folder / HISTORY / f"{number:02d}-{place.cut}")
    if staged.previous.is_here and places:
        difference = _difference(staged.previous, read_manifest(places[-1].current))
        write_text(folder / PREVIOUS / STATEMENT, difference)
    return read_history(staged, folder)


def stage_with_previous_cuts(
    project: Project, study: Study, cut: CutParameters, to: Path, *, outputs: Path, rendering: Rendering
) -> StagedCut:
    """Return the staged cut with its previous cut and the published results of all earlier ones, as a run stages it.

    Parameters
    ----------
    project, study, cut : Project, Study, CutParameters
        What to stage.
    to : Path
        Folder to make.
    outputs : Path
        Output root; one without published sets gives an empty history.
    rendering : Rendering
        What the pages say of their making.

    Raises
    ------
    ParameterError
        The chain of previous cuts runs in a circle.
    BlindingError, DataError
        As `cutbook.data.staging.staged.stage_cut`.
    """
    previous_cuts(project, cut)
    staged = stage_cut(project, study, cut, to, is_unverified_allowed=False, rendering=rendering)
    return add_previous_results(project, staged, to, outputs)


def _copy_results(published: Path, to: Path) -> None:
    files = sorted(published.glob(f"*{RESULTS_ENDING}"))
    if files:
        to.mkdir()
    for file in files:
        shutil.copyfile(file, to / file.name)
        (to / file.name).chmod(0o400)


def _difference(previous: PreviousCut, manifest: Manifest | None) -> str:
    """Return the sentence that says that a published cut was made from something else than is staged of it."""
    if manifest is None or previous.cut is None:
        return ""
    files = previous.received.dropna(subset=["DATASET", "ROWS"])
    read = dict(zip(files["FILE"], files["SHA256"], strict=True))
    identity = manifest.identity
    if (identity.inputs, identity.parameters.cutoff_date) == (read, previous.cut.cutoff_date):
        return ""
    return (
        f"The report of cut {previous.cut.cut_id} was published from other data than lie here now: "
        "new and changed records are marked against what lies here."
    )


def _circle(at: CutParameters, cut: CutParameters) -> Fault:
    shown = f"parameters/{cut.study}/{at.cut_id}.yaml"
    expected = "a cut that does not lead back to this one"
    return Fault(shown, repr(at.previous_cut), expected, "mend previous_cut there", "previous_cut")
