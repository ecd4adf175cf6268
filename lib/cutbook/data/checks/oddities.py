"""What is odd in a transfer and does not stop the run: every such participant, record or parameter is listed."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeAlias

import pandas as pd

from cutbook.data.characters import looks_like
from cutbook.data.checks.analysis.choices import analysis_issues
from cutbook.data.checks.analysis.codes import analysis_code_issues
from cutbook.data.checks.contradictions.agreement import agreement_issues
from cutbook.data.checks.contradictions.baselines import baseline_issues
from cutbook.data.checks.contradictions.deaths import death_issues
from cutbook.data.checks.contradictions.died import died_issues
from cutbook.data.checks.contradictions.disposition import disposition_issues
from cutbook.data.checks.contradictions.repeats import repeat_issues
from cutbook.data.checks.contradictions.times import time_issues
from cutbook.data.checks.contradictions.years import year_issues
from cutbook.data.checks.dosing.drugs import is_dose, study_drug
from cutbook.data.checks.dosing.faults import dosing_issues
from cutbook.data.checks.dosing.frequencies import frequencies
from cutbook.data.checks.events.blanks import blank_issues
from cutbook.data.checks.events.ends import end_issues
from cutbook.data.checks.events.seriousness import seriousness_issues
from cutbook.data.checks.events.severities import severity_issues
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES, Issue, key_at, single_issue
from cutbook.data.checks.sampling.times import sampling_issues
from cutbook.data.checks.values.ages import age_issues
from cutbook.data.checks.values.alike import alike_issues
from cutbook.data.checks.values.codes import code_issues
from cutbook.data.checks.values.plausible import plausibility_issues
from cutbook.data.checks.values.results import result_issues
from cutbook.data.checks.values.selections import entered, selection_issues
from cutbook.data.checks.values.texts import text_result_issues
from cutbook.data.checks.values.units import unit_issues
from cutbook.data.checks.values.visits import visit_issues
from cutbook.parameters.study import Study
from cutbook.records import meets

Frames: TypeAlias = Mapping[str, pd.DataFrame]
Named: TypeAlias = tuple[str, dict[str, list[str]], str]
"""Dataset, values by variable that select records, and what the study file names them for."""

CRITERIA = {
    "AESHOSP": "hospitalisation",
    "AESLIFE": "life threatening",
    "AESDISAB": "disability",
    "AESCONG": "congenital anomaly",
    "AESMIE": "other medically important event",
}
"""Criteria of seriousness other than death, in the reader's words."""

_UNKNOWN = ("Records of a participant who is not in DM", "not shown in any display")
_NOT_SERIOUS = ("A criterion of seriousness, but not recorded as serious", "counted as not serious")


def issues_of(datasets: Frames, study: Study) -> list[Issue]:
    """Return the issues of a transfer whose variables are there, who was treated without entry first."""
    return [
        *dosing_issues(datasets, study),
        *_not_provided(datasets, study),
        *_unknown_participants(datasets),
        *age_issues(datasets.get("dm", pd.DataFrame()), study),
        *unit_issues(datasets, study),
        *_without_arm(datasets, study),
        *_without_exposure(datasets, study),
        *_without_end(datasets, study),
        *_not_serious(datasets),
        *blank_issues(datasets.get("ae", pd.DataFrame())),
        *end_issues(datasets.get("ae", pd.DataFrame())),
        *seriousness_issues(datasets.get("ae", pd.DataFrame())),
        *_deaths_not_told(datasets),
        *death_issues(datasets),
        *died_issues(datasets, study),
        *disposition_issues(datasets, study),
        *time_issues(datasets),
        *year_issues(datasets),
        *repeat_issues(datasets, study),
        *baseline_issues(datasets, study),
        *code_issues(datasets, study),
        *selection_issues(datasets, study),
        *alike_issues(datasets),
        *analysis_code_issues(datasets, study),
        *analysis_issues(datasets, study),
        *severity_issues(datasets.get("ae", pd.DataFrame()), study),
        *_not_assessed(datasets, study),
        *_without_records(datasets, study),
        *visit_issues(datasets, study),
        *text_result_issues(datasets, study),
        *result_issues(datasets, study),
        *agreement_issues(datasets),
        *plausibility_issues(datasets, study),
        *sampling_issues(datasets, study),
    ]


def _not_provided(datasets: Frames, study: Study) -> Iterator[Issue]:
    for name in study.sources.optional:
        if name not in datasets:
            yield Issue(name, "", None, "", "Not provided.")


def _unknown_participants(datasets: Frames) -> Iterator[Issue]:
    """Return one issue a dataset and participant who is not in DM, at the first of the records."""
    base = datasets.get("dm", datasets.get("adsl"))
    if base is None:
        return
    likes = {looks_like(str(one)): str(one) for one in base["USUBJID"].dropna()}
    for name, frame in datasets.items():
        if "USUBJID" in frame:
            unknown = frame.loc[frame["USUBJID"].notna() & ~frame["USUBJID"].isin(base["USUBJID"]), "USUBJID"]
            for participant, records in unknown.groupby(unknown, sort=False):
                like = likes.get(looks_like(str(participant)), "")
                told = f" (reads like {like}, spelled {ascii(participant)[1:-1]})" if like else ""
                finding = f"{_records(len(records))} of a participant who is not in DM{told}; not shown in any display."
                place, row, key = (name, "USUBJID"), int(records.index[0]), f"{name}/{participant}"
                issue = single_issue(place, row, key, finding, _UNKNOWN, len(records))
                yield issue._replace(weight=ON_FIRST_LINES)


def _without_arm(datasets: Frames, study: Study) -> Iterator[Issue]:
    """Return an issue for each participant without an arm, on the first lines for those who are in the trial."""
    if "dm" in datasets:
        dm, people = datasets["dm"], entered(datasets, study)
        reason = dm["ARMNRS"] if "ARMNRS" in dm else pd.Series(None, index=dm.index, dtype="str")
        for row, participant in dm.loc[dm["ARMCD"].isna() & reason.isna(), "USUBJID"].items():
            finding = "No arm and no reason for it (ARMNRS); shown as Missing when randomised or treated."
            issue = single_issue(("dm", "ARMCD"), int(str(row)), f"dm/{participant}", finding, _split(finding))
            yield issue._replace(weight=ON_FIRST_LINES if participant in people else IN_LIST)


def _without_exposure(datasets: Frames, study: Study) -> Iterator[Issue]:
    if "dm" in datasets and "ex" in datasets:
        dm, arms = datasets["dm"], [arm.code for arm in study.treatment.arms]
        ex = datasets["ex"]
        treated = ex.loc[study_drug(ex, study.treatment) | ~is_dose(ex), "USUBJID"]
        for row, participant in dm.loc[dm["ARMCD"].isin(arms) & ~dm["USUBJID"].isin(treated), "USUBJID"].items():
            finding = "Assigned to an arm, but without a record in EX; not in the safety population."
            yield single_issue(("dm", "USUBJID"), int(str(row)), f"dm/{participant}", finding, _split(finding))


def _without_end(datasets: Frames, study: Study) -> Iterator[Issue]:
    """Return an issue for each dosing period without an end, where the dataset records periods."""
    ex = datasets.get("ex", pd.DataFrame())
    if "EXENDTC" not in ex:
        return
    given = ex[~(meets(ex, {"EXOCCUR": ["N"]}) | meets(ex, {"EXSTAT": ["NOT DONE"]}))]
    is_open = given["EXENDTC"].isna()
    if is_open.sum() < len(given) / 2:
        is_single = frequencies(given, study.treatment)["IS_SINGLE"]
        for row in given.index[is_open]:
            until = "the day it started" if is_single[row] else "the next record, the end of the study or the cut-off"
            finding = f"No end of dosing (EXENDTC); counted up to {until}."
            yield _at("ex", "EXENDTC", ex, row, finding, _split(finding))


def _not_serious(datasets: Frames) -> Iterator[Issue]:
    """Return an issue for each event with a criterion of seriousness that is not recorded as serious."""
    ae = datasets.get("ae", pd.DataFrame())
    if ae.empty:
        return
    met = pd.DataFrame({"fatal": _is_fatal(ae)} | {words: meets(ae, {name: ["Y"]}) for name, words in CRITERIA.items()})
    chosen = met[met.any(axis=1) & ae["AESER"].ne("Y")]
    for (row, is_met), stated in zip(chosen.iterrows(), ae.loc[chosen.index, "AESER"].fillna("blank"), strict=True):
        reasons = " and ".join(met.columns[is_met])
        finding = f"{reasons.capitalize()}, but not recorded as serious (AESER {stated}); counted as not serious."
        yield _at("ae", "AESER", ae, row, finding, _NOT_SERIOUS)


def _deaths_not_told(datasets: Frames) -> Iterator[Issue]:
    """Return an issue for each participant of DM with a fatal event whom DM or DS does not tell dead."""
    ae, dm, ds = (datasets.get(name, pd.DataFrame()) for name in ("ae", "dm", "ds"))
    if ae.empty or dm.empty:
        return
    silent = {"DM": dm.loc[~(meets(dm, {"DTHFL": ["Y"]}) | ~meets(dm, {"DTHDTC": [""]})), "USUBJID"]}
    if "ds" in datasets:
        silent["DS"] = dm.loc[~dm["USUBJID"].isin(ds.loc[ds["DSDECOD"].eq("DEATH"), "USUBJID"]), "USUBJID"]
    first = ae[_is_fatal(ae)].drop_duplicates("USUBJID")
    for row, participant in first["USUBJID"].items():
        names = [name for name, participants in silent.items() if participants.eq(participant).any()]
        if names:
            finding = f"Fatal event, but no death in {' nor in '.join(names)}; counted as a death."
            is_denied = "DM" in names and not {"DTHFL", "DTHDTC"}.isdisjoint(dm.columns)
            issue = _at("ae", "AEOUT", ae, row, finding, _split(finding))
            yield issue._replace(weight=ON_FIRST_LINES if is_denied else IN_LIST)


def _not_assessed(datasets: Frames, study: Study) -> Iterator[Issue]:
    """Return an issue when events have no relationship to treatment, and one when no action taken was collected."""
    ae = datasets.get("ae", pd.DataFrame())
    if ae.empty:
        return
    blank = ae.index[ae["AEREL"].isna()]
    if len(blank):
        related = "related" if "" in study.adverse_events.related else "not related"
        kind, consequence = "Relationship to treatment (AEREL) blank", f"counted as {related}"
        finding = f"{kind} in {_records(len(blank))}; {consequence}."
        weight = IN_LIST if related == "related" else ON_FIRST_LINES
        yield _of_several("ae", "AEREL", ae, blank, finding, (kind, consequence))._replace(weight=weight)
    if "AEACN" in ae and ae["AEACN"].isna().all():
        yield Issue("ae", "AEACN", None, "", "Action taken was not collected.")


def _is_fatal(ae: pd.DataFrame) -> pd.Series:
    return meets(ae, {"AEOUT": ["FATAL"]}) | meets(ae, {"AESDTH": ["Y"]})


def _at(dataset: str, variable: str, frame: pd.DataFrame, row: Hashable, finding: str, words: tuple[str, str]) -> Issue:
    position = int(str(row))
    return single_issue((dataset, variable), position, key_at(dataset, frame, position), finding, words)


def _of_several(
    dataset: str, variable: str, frame: pd.DataFrame, rows: pd.Index, finding: str, words: tuple[str, str]
) -> Issue:
    """Return an issue about records of several participants, at the first of them."""
    first = _at(dataset, variable, frame, rows[0], finding, words)
    return first._replace(records=len(rows), participants=frame.loc[rows, "USUBJID"].nunique())


def _split(finding: str) -> tuple[str, str]:
    """Return kind and consequence of a finding that tells them alone."""
    kind, _, consequence = finding.removesuffix(".").partition("; ")
    return kind, consequence


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count} records"


def _without_records(datasets: Frames, study: Study) -> Iterator[Issue]:
    """Return an issue for everything that the study file names and no record has."""
    for dataset, where, name in (*_tests_named(study), *_qualifiers_named(study), *_matrices_named(study)):
        frame = datasets.get(dataset)
        if frame is None or not set(where) <= set(frame.columns) or meets(frame, where).any():
            continue
        words = " and ".join(f"{variable} {' or '.join(values)}" for variable, values in where.items())
        finding = f"No record with {words}, which the study file names for {name}."
        yield Issue(dataset, list(where)[-1], None, "", finding)


def _tests_named(study: Study) -> Iterator[Named]:
    for family in study.findings:
        for parameter in family.parameters:
            yield family.dataset, family.where | {_test_code(family.dataset): [parameter]}, f"findings {family.id}"
    for endpoint in study.endpoints:
        yield endpoint.dataset, endpoint.where, f"endpoint {endpoint.paramcd}"
    for item in study.characteristics:
        for parameter in item.testcd:
            yield item.dataset, {_test_code(item.dataset): [parameter]}, f"characteristic {item.variable}"


def _qualifiers_named(study: Study) -> Iterator[Named]:
    for item in study.characteristics:
        if item.dataset.startswith("supp"):
            yield item.dataset, {"QNAM": [item.variable]}, f"characteristic {item.variable}"
    for flag in study.adverse_events.flags:
        yield "suppae", {"QNAM": [flag.qnam]}, f"adverse-event flag {flag.qnam}"


def _matrices_named(study: Study) -> Iterator[Named]:
    for matrix in study.pharmacokinetics.matrices if study.pharmacokinetics else ():
        yield "pc", matrix.selects, f"matrix {matrix.label}"


def _test_code(dataset: str) -> str:
    return f"{dataset[:2].upper()}TESTCD"
