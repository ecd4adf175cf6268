"""A run: one cut read, staged, rendered, checked and published, and noted in the ledger however it ends."""

from __future__ import annotations

import shutil
import subprocess
import sys
import traceback
from pathlib import Path

from cutbook.data.proving.proof import prove_blind
from cutbook.data.staging.history import add_previous_results, previous_cuts
from cutbook.data.staging.staged import Rendering, StagedCut, stage_cut
from cutbook.data.transfer.audience import Asked, refuse_class, refuse_reader, with_class
from cutbook.errors import BlindingError, CutbookError, Fault, ParameterError, PublishError
from cutbook.parameters.project import Project
from cutbook.published.clock import new_run_id, recorded_time, utc_now
from cutbook.published.folders import refuse_links, remove_tree, secure_root
from cutbook.published.ledger import append_row
from cutbook.published.rows import RunRow
from cutbook.published.software import code_version
from cutbook.report.execution.account import figure_cache_folder, hide_environment
from cutbook.report.execution.environment import scrubbed_environment
from cutbook.report.execution.job import Job
from cutbook.report.execution.pool import OnProgress, run_jobs
from cutbook.report.page.facts import PageFacts
from cutbook.report.publishing.assembly import identity, publish_run
from cutbook.report.publishing.blind import refuse_mixed_root, refuse_without_reason
from cutbook.report.publishing.orders import (
    Order,
    Run,
    about_order,
    are_names,
    check_notebooks,
    open_order,
    read_parameters,
)
from cutbook.report.publishing.publish import Published, refuse_changed
from cutbook.report.publishing.runs import keep_failed, open_run

INTERRUPTED = 130
_INTERNAL = 1
_AS_USUAL = Asked()


def run_cut(order: Order, on_progress: OnProgress) -> Published:
    """Return the published set of one cut.

    Parameters
    ----------
    order : Order
        What to make.
    on_progress : callable
        Told the report, how many cells are done, of how many.

    Raises
    ------
    ParameterError
        A name or a parameter is wrong; nothing was read and nothing is written.
    DataError, BlindingError, RenderError, PublishError, BusyError
        By cause; the earlier reports are as they were, and the ledger has a row.
    """
    hide_environment()
    started = utc_now()
    run_id = new_run_id(started)
    about = about_order(order, run_id, started)
    try:
        if order.audience and are_names(order):
            refuse_class(order.audience)
        run = open_order(order, run_id, started)
        about = run.about
        refuse_reader(run.study, run.cut, order.role)
        refuse_without_reason(run)
        previous_cuts(order.project, run.cut)
        refuse_mixed_root(order.project, run.study, run.place)
        secure_root(run.place.outputs, run.study.id)
        refuse_links(run.place)
        return _run(run, on_progress)
    except ParameterError:
        raise
    except CutbookError as error:
        _note(order, about, error.exit_code, type(error).__name__)
        raise
    except OSError as error:
        failure = PublishError(_space_fault(order, error))
        _note(order, about, failure.exit_code, type(failure).__name__)
        raise failure from error
    except BaseException as error:
        _note(order, about, _code_of(error), type(error).__name__)
        raise


def check_cut(
    project: Project, names: tuple[str, str], folder: Path, *, is_unverified_allowed: bool, asked: Asked = _AS_USUAL
) -> StagedCut:
    """Return the staged cut after checking parameters, notebooks and data, without rendering.

    Parameters
    ----------
    project : Project
        Where parameters and notebooks lie.
    names : tuple of str
        Study and cut.
    folder : Path
        Empty folder for the staged cut.
    is_unverified_allowed : bool
        Accept a transfer without a manifest.
    asked : Asked
        For which class and in which role.

    Raises
    ------
    ParameterError, RenderError, BlindingError, DataError
        By cause; all faults of a cause at once.
    """
    study, cut = read_parameters(project, *names)
    cut = with_class(study, cut, asked.audience)
    refuse_reader(study, cut, asked.role)
    previous_cuts(project, cut)
    check_notebooks(project, tuple(study.reports))
    rendering = Rendering(recorded_time(utc_now()), code_version(project.root))
    to = folder / "staged"
    return stage_cut(project, study, cut, to, is_unverified_allowed=is_unverified_allowed, rendering=rendering)


def page_facts(staged: StagedCut, report: str) -> PageFacts:
    """Return what the page of a report says about itself.

    Parameters
    ----------
    staged : StagedCut
        The cut.
    report : str
        Name of the report.
    """
    study, cut, stamps = staged.study, staged.cut, staged.stamps
    return PageFacts(
        study=study.id,
        cut=cut.cut_id,
        report=report,
        study_title=study.title,
        audience=cut.audience,
        status=cut.status,
        revision=cut.revision,
        is_synthetic=study.is_synthetic,
        is_verified=stamps["is_verified"] == "yes",
        cutoff=cut.cutoff_date,
        extracted=stamps["extracted"],
        rendered=stamps["rendered"],
        previous=cut.previous_cut,
        previous_cutoff=staged.previous.cut.cutoff_date if staged.previous.cut else "",
        reports=tuple(study.reports),
        code=stamps["code"],
    )


def _run(run: Run, on_progress: OnProgress) -> Published:
    outputs = run.place.outputs
    with open_run(run.place, run.id, run.about) as folder:
        try:
            return publish_run(run, folder, _render(run, folder, on_progress))
        except BlindingError:
            # What a failed run leaves is for its readers, and may not tell them what a page may not.
            remove_tree(folder)
            raise
        except CutbookError as error:
            words = "\n".join(f"{error.exit_code} {fault}" for fault in error.faults)
            error.add_note(f"kept: {keep_failed(outputs, folder, words)}")
            raise
        except BaseException:
            keep_failed(outputs, folder, traceback.format_exc())
            raise


def _render(run: Run, folder: Path, on_progress: OnProgress) -> StagedCut:
    """Return the staged cut once every report of the run is made from it and checked."""
    project, order = run.order.project, run.order
    check_notebooks(project, run.reports)
    allowed = order.is_unverified_allowed
    certificate = None
    if run.cut.audience != "unblinded":
        certificate = prove_blind(project, run.study, run.cut, folder / "proof", is_unverified_allowed=allowed)
    rendering = Rendering(run.rendered, code_version(project.root), certificate)
    to = folder / "staged"
    staged = stage_cut(project, run.study, run.cut, to, is_unverified_allowed=allowed, rendering=rendering)
    refuse_changed(run.place, run.cut.revision, identity(run, staged))
    staged = add_previous_results(project, staged, folder / "staged", run.place.outputs)
    jobs = [_job(run, folder, page_facts(staged, report)) for report in run.reports]
    cache = figure_cache_folder(folder / "figure-cache")
    _warm_figure_cache(cache, folder)
    run_jobs(jobs, workers=order.workers, limit_s=order.limit_s, figure_cache=cache, on_progress=on_progress)
    return staged


def _job(run: Run, folder: Path, facts: PageFacts) -> Job:
    own = folder / facts.report
    (own / "source").mkdir(parents=True, mode=0o700)
    name = f"{facts.report}.ipynb"
    notebook = Path(shutil.copyfile(run.order.project.notebooks / name, own / "source" / name))
    # Relative to the kernel's working folder, so that the published notebook tells no path of this machine.
    paths = {"staged_cut": "../../staged", "results_to": f"../{facts.report}.results.parquet"}
    parameters = run.cut.model_dump(mode="json") | paths
    return Job(facts.report, notebook, own, parameters, facts, run.order.engine)


def _warm_figure_cache(cache: Path, folder: Path) -> None:
    """Let matplotlib list its fonts before a kernel does: its notice that this takes a while would fail the report."""
    if any(cache.glob("fontlist-*.json")):
        return
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = scrubbed_environment(folder, figure_cache=cache)
    command = [sys.executable, "-c", "import matplotlib.font_manager"]
    subprocess.run(  # noqa: S603 - this interpreter with a fixed argument
        command, env=environment, capture_output=True, check=False, timeout=300
    )


def _code_of(error: BaseException) -> int:
    if isinstance(error, SystemExit) and isinstance(error.code, int):
        return error.code
    return INTERRUPTED if isinstance(error, KeyboardInterrupt) else _INTERNAL


def _note(order: Order, about: RunRow, code: int, outcome: str) -> None:
    """Append the row of a failed run; a failure to do so must not hide what went wrong."""
    try:
        append_row(order.outputs.absolute(), about.ends(code, outcome, ended=utc_now()))
    except OSError as error:
        sys.stderr.write(f"{code} ledger.jsonl: found {error.strerror}; expected room for a row; free space\n")


def _space_fault(order: Order, error: OSError) -> Fault:
    found = f"{type(error).__name__}: {error.strerror or error}"
    remedy = "the earlier report is unchanged; mend the disk or the permissions and run again"
    return Fault(f"outputs of {order.study_id} {order.cut_id}", found, "a folder to write to", remedy)
