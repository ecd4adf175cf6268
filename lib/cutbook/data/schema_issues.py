"""What is odd in a transfer and does not stop the run: every such participant, dataset or parameter is listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

import pandas as pd

from cutbook.data.cut_flags import is_where
from cutbook.data.schema_records import Issue
from cutbook.parameters.study import Study

Frames: TypeAlias = Mapping[str, pd.DataFrame]
Named: TypeAlias = tuple[str, dict[str, list[str]], str]
"""Dataset, values by variable that select records, and what the study file names them for."""


def issues_of(datasets: Frames, study: Study) -> list[Issue]:
    """Return the issues of a transfer whose variables are there: datasets, participants, arms, then parameters."""
    return [
        *_not_provided(datasets, study),
        *_unknown_participants(datasets),
        *_without_arm(datasets),
        *_without_exposure(datasets, study),
        *_without_records(datasets, study),
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
                words = "1 record" if len(records) == 1 else f"{len(records)} records"
                finding = f"{words} of a participant who is not in DM; not shown in any display."
                yield Issue(name, "USUBJID", int(records.index[0]) + 1, f"{name}/{participant}", finding)


def _without_arm(datasets: Frames) -> Iterator[Issue]:
    if "dm" in datasets:
        dm = datasets["dm"]
        reason = dm["ARMNRS"] if "ARMNRS" in dm else pd.Series(None, index=dm.index, dtype="str")
        for row, participant in dm.loc[dm["ARMCD"].isna() & reason.isna(), "USUBJID"].items():
            finding = "No arm and no reason for it (ARMNRS); shown as Missing when randomised or treated."
            yield Issue("dm", "ARMCD", int(str(row)) + 1, f"dm/{participant}", finding)


def _without_exposure(datasets: Frames, study: Study) -> Iterator[Issue]:
    if "dm" in datasets and "ex" in datasets:
        dm, arms = datasets["dm"], [arm.code for arm in study.treatment.arms]
        treated = datasets["ex"]["USUBJID"]
        for row, participant in dm.loc[dm["ARMCD"].isin(arms) & ~dm["USUBJID"].isin(treated), "USUBJID"].items():
            finding = "Assigned to an arm, but without a record in EX; not in the safety population."
            yield Issue("dm", "USUBJID", int(str(row)) + 1, f"dm/{participant}", finding)


def _without_records(datasets: Frames, study: Study) -> Iterator[Issue]:
    """Return an issue for everything that the study file names and no record has."""
    for dataset, where, name in (*_tests_named(study), *_qualifiers_named(study), *_matrices_named(study)):
        frame = datasets.get(dataset)
        if frame is None or not set(where) <= set(frame.columns) or is_where(frame, where).any():
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
