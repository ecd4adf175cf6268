"""A limit of the study file is in the unit of the results, or the run stops."""

from __future__ import annotations

from pathlib import Path

import pytest

from case_study import CaseStudy, read_case
from cutbook.catalogue.thresholds import beyond

QTCF = {"id": "ecg", "label": "Electrocardiogram", "dataset": "eg", "schedule": "clinic", "parameters": ["HR"]}
COMPUTED = {"paramcd": "QTCF", "label": "QTcF", "formula": "fridericia", "of": ["QT", "RR"]}


def watching(shared: Path, parameter: str, limit: str, unit: str, **changes: object) -> CaseStudy:
    limits = [{"parameter": parameter, "label": "Watched", "limit": limit, "unit": unit}]
    return read_case(shared / "cases", "base", thresholds=limits, **changes)


@pytest.mark.parametrize(
    ("parameter", "limit", "unit"),
    [
        ("chemistry-CREAT", "> 70", "umol/L"),
        ("chemistry-CREAT", "> 70", "µmol/l"),
        ("chemistry-CREAT", "> 70", ""),
        ("chemistry-ALT", "> 20", "IU/L"),
        ("chemistry-ALT", "> 1 x ULN", "ukat/L"),
        ("vitals-SYSBP", "> 120", "mmHg"),
    ],
)
def test_a_limit_in_the_unit_of_the_results_is_compared(shared: Path, parameter: str, limit: str, unit: str) -> None:
    assert watching(shared, parameter, limit, unit).faults == []


@pytest.mark.parametrize(
    ("parameter", "unit", "shown"),
    [
        ("chemistry-CREAT", "mg/dL", "umol/L"),
        ("chemistry-ALT", "ukat/L", "U/L"),
        ("chemistry-ALT", "mg/dL", "U/L"),
        ("vitals-SYSBP", "kPa", "mmHg"),
        ("ecg-HR", "beats per minute", "beats/min"),
    ],
)
def test_a_limit_in_another_unit_stops_the_run(shared: Path, parameter: str, unit: str, shown: str) -> None:
    family, _, code = parameter.partition("-")
    dataset = {"chemistry": "lb", "vitals": "vs", "ecg": "eg"}[family]
    (fault,) = watching(shared, parameter, "> 1.0", unit).faults
    assert fault == (
        f'{dataset}.{dataset.upper()}STRESU: found results of {code} in "{shown}"; expected {unit}, the unit of '
        "Watched > 1.0, thresholds.0 of the study file; state the limit in the unit of the results, or the unit of the "
        "limit under units of the findings"
    )


def test_results_shown_in_the_unit_of_the_limit_are_compared_with_it(shared: Path) -> None:
    chemistry = {"id": "chemistry", "label": "Chemistry", "dataset": "lb", "schedule": "clinic"}
    findings = [chemistry | {"parameters": ["CREAT"], "units": {"CREAT": "mg/dL"}}]
    case = watching(shared, "chemistry-CREAT", "> 0.9", "mg/dL", findings=findings)
    assert case.faults == []
    lb = case.datasets["lb"]
    later = lb[lb["LBTESTCD"].eq("CREAT") & lb["VISITNUM"].gt(1)]
    expected = later[later["LBSTRESN"] / 88.4 > 0.9]
    assert len(expected) not in {0, len(later)}
    assert sorted(beyond(case.frames, case.study.thresholds[0])["KEY"].map(lambda key: key.split("/")[1])) == sorted(
        expected["USUBJID"]
    )


@pytest.mark.parametrize(("unit", "number"), [("ms", 0), ("s", 1)])
def test_a_computed_interval_is_in_milliseconds(shared: Path, unit: str, number: int) -> None:
    findings = [QTCF | {"derived": [COMPUTED]}]
    assert len(watching(shared, "ecg-QTCF", "> 500", unit, findings=findings).faults) == number
