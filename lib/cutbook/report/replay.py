"""Replay: a published set made again from what its manifest names, and compared with it file by file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from cutbook.data.transfer.audience import with_class
from cutbook.errors import Fault, ParameterError
from cutbook.parameters.project import read_cut, read_study
from cutbook.published.folders import Place
from cutbook.published.manifest import Manifest, read_manifest
from cutbook.report.execution.pool import OnProgress
from cutbook.report.publishing.differences import Difference, differences_of, moved_between
from cutbook.report.publishing.orders import Order
from cutbook.report.run import run_cut


@dataclass(frozen=True)
class Replay:
    """What came of making a set again.

    Attributes
    ----------
    run : str
        The run that made it.
    files : int
        How many files of its reports were made again.
    moved : tuple of Difference
        Inputs, parameters and software that are others now; they may be why a file differs, and need not be.
    differences : tuple of Difference
        Files that differ; of results, the first statistic that does.
    left_out : tuple of str
        Reports that the set took over from an earlier run: they are replayed with the set of that run.
    """

    run: str
    files: int
    moved: tuple[Difference, ...] = ()
    differences: tuple[Difference, ...] = ()
    left_out: tuple[str, ...] = ()


def replay_cut(order: Order, on_progress: OnProgress) -> Replay:
    """Return how a published set compares with itself made again.

    It is made in a folder of its own that is removed again, from the parameters in its manifest, at the time that its
    pages say, beside the sets that it was compared with then. Nothing under the output root is touched.

    Parameters
    ----------
    order : Order
        Which cut, of which output root; the reports are those that the run of the set made.
    on_progress : callable
        Told the report, how many cells are done, of how many.

    Raises
    ------
    ParameterError
        There is no set of the cut, or one that it was compared with is not here any more.
    CutbookError
        It cannot be made again.
    """
    study = read_study(order.project, order.study_id)
    cut = with_class(study, read_cut(order.project, study.id, order.cut_id))
    place = Place(order.outputs.absolute(), order.study_id, order.cut_id, order.audience or cut.audience)
    before = _manifest(place.current, place)
    with TemporaryDirectory(prefix="cutbook-") as folder:
        _link_history(place, before, Path(folder))
        again = replace(
            order,
            outputs=Path(folder),
            reports=before.reports,
            audience=before.audience,
            is_unverified_allowed=not before.is_verified,
            replays=before,
            reason=f"replay of run {before.run}",
        )
        made = run_cut(again, on_progress).folder
        now = _manifest(made, place)
        files = [item.file for item in before.outputs if item.run == before.run and _is_of_report(item.file, before)]
        return Replay(
            before.run,
            len(files),
            tuple(moved_between(before, now)),
            tuple(differences_of(files, place.current.resolve(), made)),
            tuple(sorted({_report(item.file) for item in before.outputs if item.run != before.run} - {""})),
        )


def _manifest(folder: Path, place: Place) -> Manifest:
    manifest = read_manifest(folder)
    if manifest is None:
        found = f"no published set of {place.study} {place.cut}, class {place.audience}"
        raise ParameterError(Fault("replay", found, "a set that was published", "check study, cut and output root"))
    return manifest


def _link_history(place: Place, manifest: Manifest, outputs: Path) -> None:
    """Let a new output root lead to the sets of earlier cuts that a set was compared with."""
    faults = []
    for earlier in manifest.previous.history if manifest.previous else ():
        there = replace(place, cut=earlier.cut)
        folder = next(iter(sorted(there.revisions.glob(f"{place.audience}-r*-{earlier.run}"))), None)
        if folder is None:
            found = f"no set of run {earlier.run}"
            faults.append(Fault(f"cut {earlier.cut}", found, "the set that it was compared with", "restore the folder"))
            continue
        link = replace(there, outputs=outputs).current
        link.parent.mkdir(parents=True)
        link.symlink_to(folder)
    if faults:
        raise ParameterError(faults)


def _is_of_report(file: str, manifest: Manifest) -> bool:
    return _report(file) in manifest.reports


def _report(file: str) -> str:
    """Return the report that a file of a set belongs to, empty for tables and index of the cut."""
    name, _, ending = file.partition(".")
    return name if ending and ending != "parquet" and name != "index" else ""
