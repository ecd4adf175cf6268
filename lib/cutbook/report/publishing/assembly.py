"""Assembly of a set: the checked reports, the tables of the cut and the manifest, brought together and published."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from cutbook.data.staging.staged import StagedCut
from cutbook.errors import BusyError, Fault, RenderError
from cutbook.published.clock import utc_now
from cutbook.published.hashes import sha256_file
from cutbook.published.ledger import append_row
from cutbook.published.manifest import (
    FORMAT,
    Identity,
    Input,
    Manifest,
    PreviousSet,
    PreviousSets,
    certificate_of,
    identity_of,
    output_of,
    outputs_of,
    read_manifest,
    write_manifest,
)
from cutbook.published.software import describe_code
from cutbook.report.page.index import write_index
from cutbook.report.page.study_index import write_study_index
from cutbook.report.publishing.gate import refuse_leaks
from cutbook.report.publishing.orders import Run
from cutbook.report.publishing.publish import (
    FURTHER_FILES,
    REPORT_FILES,
    Published,
    carry_reports,
    publish_set,
    run_before_study_change,
    withdraw_set,
)
from cutbook.report.publishing.runs import release_reserve

AUDIT_TABLES = ("received", "issues", "audit", "removed", "modified", "kept", "past")
"""Tables of the staged cut that are published beside the reports."""


def publish_run(run: Run, folder: Path, staged: StagedCut) -> Published:
    """Return the published set of a run whose reports are made and checked.

    Parameters
    ----------
    run : Run
        The run.
    folder : Path
        Its private folder, with one folder a report in it.
    staged : StagedCut
        The cut that the reports were made from.

    Raises
    ------
    BlindingError
        A blinded set holds what tells the treatment; nothing of it is kept.
    RenderError
        A notebook wrote no results table, or a headline that is none.
    PublishError, OSError
        The set could not be published; the earlier one is as it was.
    """
    finished = folder / "set"
    finished.mkdir(mode=0o700)
    for report in run.reports:
        _take_report(folder / report, report, finished)
    for table in AUDIT_TABLES:
        shutil.copyfile(folder / "staged" / f"{table}.parquet", finished / f"{table}.parquet")
    missing = [name for name in run.study.reports if name not in run.reports]
    study_sha256 = identity(run, staged).study_sha256
    carried = carry_reports(run.place, run.cut.revision, missing, finished, study_sha256=study_sha256)
    is_complete = all((finished / f"{name}.html").exists() for name in run.study.reports)
    manifest = _manifest(run, staged, finished, carried, is_complete=is_complete)
    file = write_manifest(finished, _with_index(run, finished, manifest))
    if staged.study.is_masked:
        refuse_leaks(finished, run.study, run.order.role)
    row = run.about.ends(0, "published", manifest_sha256=sha256_file(file), **_study_change(run, study_sha256))
    release_reserve(folder)
    with run.order.announce(finished, run.set_name):
        published = publish_set(run.place, finished, run.set_name, is_complete=is_complete)
        try:
            append_row(run.place.outputs, row)
        except (OSError, BusyError):
            withdraw_set(run.place, published, finished)
            raise
    _refresh_study_index(run)
    return published


def identity(run: Run, staged: StagedCut) -> Identity:
    """Return what a cut of one revision must not change (see ``identity_of``)."""
    return identity_of(run.study, run.cut, _inputs_of(staged))


def _study_change(run: Run, study_sha256: str) -> dict[str, str]:
    """Return what the ledger says of a draft made again from a changed study file; nothing of any other."""
    before = run_before_study_change(run.place, run.cut.revision, study_sha256)
    return {"study_file": f"changed since run {before}"} if before else {}


def _take_report(own: Path, report: str, finished: Path) -> None:
    for suffix in REPORT_FILES:
        file = own / f"{report}{suffix}"
        if not file.is_file():
            expected = f"{file.name}, written to results_to by the last cell"
            raise RenderError(Fault(f"{report}.ipynb", "no results table", expected, "let the notebook write it"))
        file.rename(finished / file.name)
    for suffix in FURTHER_FILES:
        with suppress(FileNotFoundError):
            (own / f"{report}{suffix}").rename(finished / f"{report}{suffix}")


def _with_index(run: Run, finished: Path, manifest: Manifest) -> Manifest:
    """Return the manifest with the index page, just written into the set, among the outputs."""
    file = write_index(finished, manifest, run.study)
    outputs = sorted([*manifest.outputs, output_of(file, run.id)], key=lambda item: item.file)
    return manifest.model_copy(update={"outputs": tuple(outputs)})


def _refresh_study_index(run: Run) -> None:
    """Write the index page of the study anew; the set is published, and nothing here may make that fail."""
    try:
        write_study_index(run.order.project, run.study, run.place)
    except Exception as error:
        words = " ".join(f"{type(error).__name__}: {error}".split())
        sys.stderr.write(f"warning: the set is published, but the index page of {run.study.id} is not new: {words}\n")


def _manifest(
    run: Run, staged: StagedCut, finished: Path, carried: Mapping[str, str], *, is_complete: bool
) -> Manifest:
    project = run.order.project
    return Manifest(
        format=FORMAT,
        **run.about.as_written(),
        rendered=run.rendered,
        finished=utc_now(),
        is_complete=is_complete,
        is_synthetic=run.study.is_synthetic,
        extracted=staged.stamps["extracted"],
        is_verified=staged.stamps["is_verified"] == "yes",
        copies=int(staged.stamps["copies"]),
        identity=identity(run, staged),
        inputs=_inputs_of(staged),
        previous=_previous(run, staged),
        blind=certificate_of(staged.stamps["blind"]),
        outputs=outputs_of(finished, run.id, carried),
        code=describe_code(project.root, [project.notebooks / f"{name}.ipynb" for name in run.reports]),
    )


def _previous(run: Run, staged: StagedCut) -> PreviousSets | None:
    """Return which sets and files of earlier cuts the reports were compared with."""
    if not run.cut.previous_cut:
        return None
    cuts = dict.fromkeys([run.cut.previous_cut, *(cut for cut, _ in reversed(staged.history))])
    sets = {cut: read_manifest(replace(run.place, cut=cut).current) for cut in cuts}
    history = tuple(PreviousSet(cut=cut, run=manifest.run) for cut, manifest in sets.items() if manifest)
    files = staged.previous.received[["FILE", "SHA256"]].dropna() if staged.previous.is_here else None
    return PreviousSets(
        cut=run.cut.previous_cut,
        run=next((item.run for item in history if item.cut == run.cut.previous_cut), None),
        history=history,
        inputs={} if files is None else dict(zip(files["FILE"], files["SHA256"], strict=True)),
    )


def _inputs_of(staged: StagedCut) -> tuple[Input, ...]:
    """Return dataset, file, rows and SHA-256 of every file of the transfer that was read."""
    read = staged.received[staged.received["DATASET"].notna() & staged.received["ROWS"].notna()]
    return tuple(
        Input(dataset=row["DATASET"], file=row["FILE"], rows=int(row["ROWS"]), sha256=row["SHA256"])
        for row in read.to_dict("records")
    )
