"""What a notebook calls: load the cut, derive families of findings, collect results, close the report."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from cutbook.data.mask import refuse_class
from cutbook.data.staged import Rendering, StagedCut, read_staged
from cutbook.derive import derive_adae, derive_adsl, derive_findings
from cutbook.display.formats import with_text
from cutbook.display.frame import Stamps, assets
from cutbook.display.page import Page
from cutbook.display.reproduction import reproduced
from cutbook.display.since import Earlier
from cutbook.errors import Fault, RenderError
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import find_project, read_study
from cutbook.parameters.study import Findings, Study
from cutbook.report.history import stage_with_earlier_cuts
from cutbook.report.manifest import code_version, recorded_time, utc_now
from cutbook.report.places import remove_tree
from cutbook.results.adverse_events import death_results, seriousness_results, term_results
from cutbook.results.compare import compare_results
from cutbook.results.participants import disposition_results
from cutbook.results.table import results_table

_BY_VISIT = ("KEY", "USUBJID", "PARAMCD", "PARAM", "AVISIT", "AVISITN", "ANL01FL", "AVAL", "CHG", "AVALU", "DECIMALS")
KEY_DISPLAYS = {"safety": ("D1", "D4"), "pharmacokinetics": ("E13",), "efficacy": ("F4", "F2")}
"""Displays whose counts of all participants are followed from cut to cut, by report."""

_NOT_COMPARED = ("AVAL",)


def load_cut(parameters: CutParameters, staged_cut: str = "") -> StagedCut:
    """Return the staged cut of a notebook.

    Parameters
    ----------
    parameters : CutParameters
        The notebook's parameters.
    staged_cut : str
        Folder of a cut that is staged already; empty reads, checks and cuts the transfer now.

    Raises
    ------
    BlindingError, ParameterError, DataError
        As for a run from the command line.
    """
    refuse_class(parameters.audience)
    if staged_cut:
        return read_staged(Path(staged_cut))
    project = find_project(Path.cwd())
    study = read_study(project, parameters.study)
    made = Path(tempfile.mkdtemp(prefix="cutbook-"))
    atexit.register(remove_tree, made)
    folder = made / "staged"
    now = Rendering(recorded_time(utc_now()), code_version(project.root))
    cut = stage_with_earlier_cuts(project, study, parameters, folder, outputs=project.outputs, rendering=now)
    return replace(cut, stamps=cut.stamps | {"explored": "yes"})


def derive_before(
    cut: StagedCut, derive: Callable[[Mapping[str, pd.DataFrame], pd.DataFrame, Study], pd.DataFrame] | None = None
) -> Earlier | None:
    """Return the previous cut as derived, or None when its transfer is not here.

    Parameters
    ----------
    cut : StagedCut
        This cut.
    derive : callable, optional
        Derives the records that the report lists, as ``derive_adae`` or ``derive_adpc`` do.
    """
    if cut.before is None:
        return None
    datasets = cut.before.datasets
    adsl = derive_adsl(datasets, cut.study, cut.before.cut.cutoff_date)
    return Earlier(adsl, derive(datasets, adsl, cut.study)) if derive else Earlier(adsl)


def derive_families(cut: StagedCut, adsl: pd.DataFrame, dataset: str) -> pd.DataFrame:
    """Return the findings of every family that the study file draws from ``dataset``, one below the other.

    Returns
    -------
    frame
        Columns of ``derive_findings``; PARAMCD and PARAM carry the family before them (``csf-WBC``), because cells in
        blood and in cerebrospinal fluid share a code. Empty when the dataset was not delivered.
    """
    is_there = dataset in cut.datasets or f"ad{dataset}" in cut.datasets
    families = [item for item in cut.study.findings if item.dataset == dataset and is_there]
    frames = [_of_family(derive_findings(cut.datasets, adsl, family, cut.study), family) for family in families]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(_BY_VISIT))


def _of_family(bds: pd.DataFrame, family: Findings) -> pd.DataFrame:
    return bds.assign(PARAMCD=family.id + "-" + bds["PARAMCD"], PARAM=family.label + ": " + bds["PARAM"])


def parameter_names(bds: pd.DataFrame) -> dict[str, str]:
    """Return the words for every PARAMCD, with its unit."""
    named = bds[["PARAMCD", "PARAM", "AVALU"]].dropna(subset=["PARAM"]).drop_duplicates("PARAMCD")
    units = (" (" + named["AVALU"] + ")").fillna("")
    return dict(zip(named["PARAMCD"], named["PARAM"] + units, strict=True))


def collect(*tables: pd.DataFrame) -> pd.DataFrame:
    """Return the results tables of a report one below the other, with every number's text as it is shown."""
    return with_text(pd.concat(tables, ignore_index=True))


def results_behind_published(cut: StagedCut, adsl: pd.DataFrame) -> pd.DataFrame:
    """Return the safety results that published numbers are compared with, or none when the study file names none."""
    if cut.study.reproduction is None:
        return results_table([])
    adae = derive_adae(cut.datasets, adsl, cut.study)
    parts = [
        disposition_results(adsl, cut.study),
        death_results(adsl, cut.study),
        term_results(adae, adsl, cut.study),
        seriousness_results(adae, adsl, cut.study),
    ]
    return pd.concat(parts, ignore_index=True)


def require_reproduction(results: pd.DataFrame, page: Page) -> None:
    """Return when every published number that is due at this cut is shown as published.

    Raises
    ------
    RenderError
        Numbers that differ, all at once.
    """
    reproduction = page.cut.study.reproduction
    if reproduction is None or page.cut.cut.cut_id not in reproduction.cuts:
        return
    found = reproduced(results, reproduction)
    wrong = found[~found["is_match"]]
    faults = [
        Fault("reproduction", shown, published, "mend what computes it, or the study file", label)
        for label, shown, published in zip(wrong["label"], wrong["shown"], wrong["published"], strict=True)
    ]
    if faults:
        raise RenderError(faults)


def change_since_previous(results: pd.DataFrame, page: Page) -> pd.DataFrame:
    """Return the key counts of this report beside those of the previous cut (see ``compare_results``)."""
    if page.report not in page.cut.previous:
        return compare_results(results.iloc[:0], results.iloc[:0])
    return compare_results(_key_counts(results, page), _key_counts(page.cut.previous[page.report], page))


def _key_counts(results: pd.DataFrame, page: Page) -> pd.DataFrame:
    is_key = results["display"].isin(KEY_DISPLAYS.get(page.report, ())) & ~results["variable"].isin(_NOT_COMPARED)
    return results[is_key]


def banner(page: Page, adsl: pd.DataFrame) -> Stamps:
    """Return the banner: study, cut-off, data received, previous cut, N, class, draft or final."""
    cut, study = page.cut.cut, page.cut.study
    pairs = (
        ("Data cut", f"{cut.cut_id}, revision {cut.revision}"),
        ("Cut-off", cut.cutoff_date),
        ("Data extracted", page.cut.stamps["extracted"] or "not stated"),
        ("Rendered (UTC)", page.cut.stamps["rendered"]),
        ("Previous cut", cut.previous_cut or "none"),
        ("Participants", f"{len(adsl)} screened, {int(adsl['SAFFL'].eq('Y').sum())} treated"),
        ("Class", cut.audience.upper()),
        ("Status", cut.status),
        ("Purpose", cut.purpose or "not stated"),
    )
    statements = [
        *study.statements,
        *(page.cut.stamps[name] for name in ("before", "history") if page.cut.stamps[name]),
    ]
    if study.is_synthetic:
        statements.insert(0, "Synthetic data: no real participant is in this report.")
    if page.cut.stamps["is_verified"] != "yes":
        statements.insert(0, "Row counts unverified: the transfer came without a manifest.")
    live = assets() if page.is_explored else ""
    return Stamps("banner", f"{study.title}: {page.report}", pairs, tuple(statements), live=live)
