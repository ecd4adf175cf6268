"""What is odd in a transfer and does not stop the run: every such participant, record or parameter is listed."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeAlias

import pandas as pd

from cutbook.data.checks.contradictions.deaths import death_issues
from cutbook.data.checks.contradictions.repeats import repeat_issues
from cutbook.data.checks.contradictions.times import time_issues
from cutbook.data.checks.dosing.drugs import is_dose, study_drug
from cutbook.data.checks.dosing.faults import dosing_issues
from cutbook.data.checks.records import Issue, key_at, single_issue
from cutbook.data.checks.values.results import result_issues
from cutbook.data.checks.values.severities import severity_issues
from cutbook.data.checks.values.units import age_issues
from cutbook.data.wording import quoted
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
_TEXT_NUMBER = r"^\s*[<>≤≥]"


def issues_of(datasets: Frames, study: Study) -> list[Issue]:
    """Return the issues of a transfer whose variables are there, who was treated without entry first."""
    return [
        *dosing_issues(datasets, study),
        *_not_provided(datasets, study),
        *_unknown_participants(datasets),
        *age_issues(datasets.get("dm", pd.DataFrame()), study),
        *_without_arm(datasets),
        *_without_exposure(datasets, study),
        *_without_end(datasets),
        *_not_serious(datasets),
        *_deaths_not_told(datasets),
        *death_issues(datasets),
        *time_issues(datasets),
        *repeat_issues(datasets, study),
        *severity_issues(datasets.get("ae", pd.DataFrame()), study),
        *_not_assessed(datasets, study),
        *_without_records(datasets, study),
        *_text_results(datasets, study),
        *result_issues(datasets, study),
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
    for name, frame in datasets.items():
        if "USUBJID" in frame:
            unknown = frame.loc[frame["USUBJID"].notna() & ~frame["USUBJID"].isin(base["USUBJID"]), "USUBJID"]
            for participant, records in unknown.groupby(unknown, sort=False):
                finding = f"{_records(len(records))} of a participant who is not in DM; not shown in any display."
                place, row, key = (name, "USUBJID"), int(records.index[0]), f"{name}/{participant}"
                yield single_issue(place, row, key, finding, _UNKNOWN, len(records))


def _without_arm(datasets: Frames) -> Iterator[Issue]:
    if "dm" in datasets:
        dm = datasets["dm"]
        reason = dm["ARMNRS"] if "ARMNRS" in dm else pd.Series(None, index=dm.index, dtype="str")
        for row, participant in dm.loc[dm["ARMCD"].isna() & reason.isna(), "USUBJID"].items():
            finding = "No arm and no reason for it (ARMNRS); shown as Missing when randomised or treated."
            yield single_issue(("dm", "ARMCD"), int(str(row)), f"dm/{participant}", finding, _split(finding))


def _without_exposure(datasets: Frames, study: Study) -> Iterator[Issue]:
    if "dm" in datasets and "ex" in datasets:
        dm, arms = datasets["dm"], [arm.code for arm in study.treatment.arms]
        ex = datasets["ex"]
        treated = ex.loc[study_drug(ex, study.treatment) | ~is_dose(ex), "USUBJID"]
        for row, participant in dm.loc[dm["ARMCD"].isin(arms) & ~dm["USUBJID"].isin(treated), "USUBJID"].items():
            finding = "Assigned to an arm, but without a record in EX; not in the safety population."
            yield single_issue(("dm", "USUBJID"), int(str(row)), f"dm/{participant}", finding, _split(finding))


def _without_end(datasets: Frames) -> Iterator[Issue]:
    """Return an issue for each dosing period without an end, where the dataset records periods."""
    ex = datasets.get("ex", pd.DataFrame())
    if "EXENDTC" not in ex:
        return
    given = ex[~(meets(ex, {"EXOCCUR": ["N"]}) | meets(ex, {"EXSTAT": ["NOT DONE"]}))]
    is_open = given["EXENDTC"].isna()
    if is_open.sum() < len(given) / 2:
        is_single = meets(given, {"EXDOSFRQ": ["ONCE", ""]})
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
    silent = {"DM": dm.loc[~(meets(dm, {"DTHFL": ["Y"]}) | dm["DTHDTC"].notna()), "USUBJID"]}
    if "ds" in datasets:
        silent["DS"] = dm.loc[~dm["USUBJID"].isin(ds.loc[ds["DSDECOD"].eq("DEATH"), "USUBJID"]), "USUBJID"]
    first = ae[_is_fatal(ae)].drop_duplicates("USUBJID")
    for row, participant in first["USUBJID"].items():
        names = [name for name, participants in silent.items() if participants.eq(participant).any()]
        if names:
            finding = f"Fatal event, but no death in {' nor in '.join(names)}; counted as a death."
            yield _at("ae", "AEOUT", ae, row, finding, _split(finding))


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
        yield _of_several("ae", "AEREL", ae, blank, finding, (kind, consequence))
    if ae["AEACN"].isna().all():
        yield Issue("ae", "AEACN", None, "", "Action taken was not collected.")


def _text_results(datasets: Frames, study: Study) -> Iterator[Issue]:
    """Return an issue for each test shown with results such as ``<3.42`` that have no number."""
    shown: dict[tuple[str, str], pd.Index] = {}
    for dataset, where in _shown(study):
        frame, code = datasets.get(dataset, pd.DataFrame()), _test_code(dataset)
        result, number = (f"{dataset[:2].upper()}STRES{letter}" for letter in "CN")
        if {code, result, number, *where} <= set(frame.columns):
            is_text = frame[number].isna() & frame[result].astype("str").str.contains(_TEXT_NUMBER, na=False)
            for test, records in frame[is_text & meets(frame, where)].groupby(code, sort=False):
                key = (dataset, str(test))
                shown[key] = shown.get(key, records.index).union(records.index)
    for (dataset, test), rows in shown.items():
        frame, result = datasets[dataset], f"{dataset[:2].upper()}STRESC"
        first = quoted(frame.loc[rows[0], result])
        finding = f"{test}: {_records(len(rows))} with a result in text only (first {first}), not in the statistics."
        words = (f"{test}: result in text only (first {first})", "not in the statistics")
        yield _of_several(dataset, result, frame, rows, finding, words)


def _shown(study: Study) -> Iterator[tuple[str, dict[str, list[str]]]]:
    for family in study.findings:
        named = {_test_code(family.dataset): family.parameters} if family.parameters else {}
        yield family.dataset, family.where | named
    for endpoint in study.endpoints:
        yield endpoint.dataset, endpoint.where


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
        yield "pc", {"PCSPEC": [matrix.specimen], "PCTESTCD": [matrix.testcd]}, f"matrix {matrix.label}"


def _test_code(dataset: str) -> str:
    return f"{dataset[:2].upper()}TESTCD"
