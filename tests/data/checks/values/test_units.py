from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from cutbook.data.checks.values.units import unit_faults, unit_issues
from transfer_files import frame_of_records, study_of


def results(units: list[str | None], numbers: list[float | None] | None = None, **more: list[Any]) -> pd.DataFrame:
    count = len(units)
    return frame_of_records(
        {
            "USUBJID": [f"01-{row}" for row in range(1, count + 1)],
            "LBSEQ": [1.0] * count,
            "LBTESTCD": ["GLUC"] * count,
            "LBSTRESN": numbers or [5.0] * count,
            "LBSTRESU": units,
            **more,
        }
    )


def lines(frame: pd.DataFrame, **study: Any) -> list[str]:
    return [str(fault).split("; expected")[0] for fault in unit_faults("lb", frame, study_of(["lb"], **study))]


@pytest.mark.parametrize("other", ["U/L", "mg/dL/day", "mmHg"])
def test_unlike_units_of_one_test_are_a_fault_that_names_test_units_and_rows(other: str) -> None:
    (found,) = lines(results(["mg/dL", other, "mg/dL", other]))
    place, _, units = found.partition(" with numeric results in ")
    assert place == 'lb.LBSTRESU row 2 key lb/01-2/1: found test "GLUC"'
    assert units == f'"mg/dL" in rows 1 and 3, "{other}" in rows 2 and 4'


@pytest.mark.parametrize("other", ["mmol/L", "g/L", "mcg/mL"])
def test_units_that_are_converted_into_each_other_are_no_fault_and_are_listed(other: str) -> None:
    frame = results(["mg/dL", other, "mg/dL"])
    assert lines(frame) == []
    (issue,) = unit_issues({"lb": frame}, study_of(["lb"]))
    assert issue.finding == (
        f"Result of GLUC in {other} instead of mg/dL: 1 record of 1 participant (lb/01-2/1); converted to mg/dL."
    )


@pytest.mark.parametrize("other", ["MG/DL", "mg/dl"])
def test_a_unit_in_other_capitals_is_the_same_one(other: str) -> None:
    frame = results(["mg/dL", other, "mg/dL"])
    assert (lines(frame), list(unit_issues({"lb": frame}, study_of(["lb"])))) == ([], [])


def test_a_conversion_is_that_of_its_test() -> None:
    assert lines(results(["mg/dL", "mmol/L"], LBTESTCD=["XYZ", "XYZ"])) != []
    assert lines(results(["mg/dL", "mmol/L"], LBTESTCD=["CHOL", "CHOL"])) == []


def test_a_unit_of_analysis_values_is_checked_where_they_are_pooled_and_never_converted() -> None:
    frame = frame_of_records(
        {
            "USUBJID": ["1", "2"],
            "PARAMCD": ["GLUC"] * 2,
            "AVAL": [1.0, 2.0],
            "AVALU": ["mmol/L", "mg/dL"],
            "F": ["a", "b"],
        }
    )
    family = {"id": "chem", "label": "C", "dataset": "lb", "schedule": "s"}
    (found,) = unit_faults("adlb", frame, study_of(["adlb"], findings=[family]))
    assert str(found).startswith("adlb.AVALU row 2")
    assert 'test "GLUC" with numeric results in "mmol/L" in row 1, "mg/dL" in row 2' in str(found)
    apart = study_of(["adlb"], findings=[{**family, "where": {"F": ["a"]}}])
    assert (unit_faults("adlb", frame, apart), list(unit_issues({"adlb": frame}, apart))) == ([], [])


def test_a_number_without_unit_beside_numbers_with_one_is_a_fault() -> None:
    assert lines(results(["mg/dL", None])) == [
        'lb.LBSTRESU row 2 key lb/01-2/1: found test "GLUC" with numeric results in "mg/dL" in row 1, "" in row 2'
    ]


def test_spellings_of_micro_are_one_unit() -> None:
    micro, greek = "\N{MICRO SIGN}g/L", "\N{GREEK SMALL LETTER MU}g/L"
    assert lines(results([micro, greek, "ug/L"])) == []


def test_records_without_a_numeric_result_do_not_count() -> None:
    assert lines(results(["mg/dL", None, "U/L"], [5.0, None, None])) == []


def test_a_test_without_units_throughout_is_one_unit() -> None:
    assert lines(results([None, None])) == []


def test_specimens_and_categories_may_have_their_own_units() -> None:
    assert lines(results(["mg/dL", "U/L"], LBSPEC=["CEREBROSPINAL FLUID", "SERUM"])) == []
    assert lines(results(["mg/dL", "U/L"], LBCAT=["URINALYSIS", "CHEMISTRY"])) == []


def test_unlike_units_are_a_fault_where_a_family_of_the_study_file_would_pool_them() -> None:
    family = {"id": "chem", "label": "C", "dataset": "lb", "schedule": "s", "where": {"LBFAST": ["Y"]}}
    frame = results(["mg/dL", "U/L"], LBSPEC=["CEREBROSPINAL FLUID", "SERUM"], LBFAST=["Y", "Y"])
    assert len(lines(frame, findings=[family])) == 1
    assert lines(frame.assign(LBFAST=["Y", "N"]), findings=[family]) == []


def test_each_test_has_its_own_fault_and_many_rows_are_counted() -> None:
    frame = results(["a"] * 5 + ["b"] * 6, LBTESTCD=["X"] * 5 + ["X"] * 5 + ["Y"])
    (found,) = lines(frame)
    assert '"a" in rows 1, 2, 3 and 2 more, "b" in rows 6, 7, 8 and 2 more' in found


def test_a_dataset_without_units_is_not_checked() -> None:
    assert lines(results([None]).drop(columns="LBSTRESU")) == []


PLASMA = {"label": "Plasma", "specimen": "PLASMA", "testcd": "X", "unit": "ng/mL"}


def concentrations(**columns: list[Any]) -> pd.DataFrame:
    """Return PC of four samples in plasma; the second and fourth are in another unit."""
    count = 4
    known: dict[str, list[Any]] = {
        "USUBJID": [f"01-{row}" for row in range(1, count + 1)], "PCSEQ": [1.0] * count, "PCTESTCD": ["X"] * count,
        "PCSPEC": ["PLASMA"] * count,
    }  # fmt: skip
    return frame_of_records({**known, **columns})


def told(frame: pd.DataFrame, dataset: str = "pc") -> list[str]:
    study = study_of([dataset], pharmacokinetics={"matrices": [PLASMA]})
    return [str(fault) for fault in unit_faults(dataset, frame, study)]


def test_concentrations_in_units_without_a_known_conversion_are_a_fault_with_rows_and_remedy() -> None:
    units = ["ng/mL", "nmol/L"] * 2
    first, second = told(concentrations(PCSTRESN=[1.0, 2.0, 3.0, 4.0], PCSTRESU=units))
    assert first == (
        'pc.PCSTRESU row 2 key pc/01-2/1: found test "X" with numeric results in "ng/mL" in rows 1 and 3, "nmol/L" in '
        "rows 2 and 4; expected one unit a test, or units of which the conversion is known; convert them to one "
        "standard unit at the source and have the transfer sent again"
    )
    assert second.startswith(
        'pc.PCSTRESU row 2 key pc/01-2/1: found results in "nmol/L" in rows 2 and 4; expected ng/mL'
    )


def test_concentrations_in_units_with_a_known_conversion_are_no_fault_and_are_listed() -> None:
    frame = concentrations(PCSTRESN=[1.0, 2000.0, 3.0, 4000.0], PCSTRESU=["ng/mL", "pg/mL"] * 2)
    assert told(frame) == []
    (issue,) = unit_issues({"pc": frame}, study_of(["pc"], pharmacokinetics={"matrices": [PLASMA]}))
    assert issue.finding.startswith("Result of X in pg/mL instead of ng/mL: 2 records of 2 participants")


def test_results_as_measured_that_stand_in_for_standardised_ones_are_checked_in_their_own_unit() -> None:
    measured = concentrations(PCORRES=["1", "2", "3", "4"], PCORRESU=["ng/mL", "nmol/L"] * 2)
    assert told(measured)[0].startswith("pc.PCORRESU row 2 key pc/01-2/1")
    known = measured.assign(PCORRESU=["ng/mL", "pg/mL"] * 2)
    assert told(known.astype({"PCORRESU": "str"})) == []


def test_a_limit_of_quantification_in_an_unlike_unit_is_a_fault_and_a_word_without_a_limit_is_none() -> None:
    frame = concentrations(
        PCSTRESC=["1", "<2", "3", "4"], PCSTRESN=[1.0, None, 3.0, 4.0], PCSTRESU=["ng/mL", "nmol/L", "ng/mL", "ng/mL"]
    )
    assert told(frame)[0].startswith("pc.PCSTRESU row 2")
    worded = frame.assign(PCSTRESC=["1", "BLQ", "3", "4"])
    assert told(worded.astype({"PCSTRESC": "str"})) == []


def analysed(units: list[str | None], matrix: list[str] | None = None) -> pd.DataFrame:
    return frame_of_records(
        {
            "USUBJID": [f"01-{row}" for row in range(1, 5)], "MATRIX": matrix or ["Plasma"] * 4, "PARAMCD": ["X"] * 4,
            "AVAL": [1.0, 2.0, 3.0, 4.0], "AVALU": units,
        }
    )  # fmt: skip


def test_analysis_concentrations_of_a_matrix_in_two_units_are_a_fault_though_they_could_be_converted() -> None:
    # Limits and the values that enter means were delivered beside them, in units that nothing tells.
    found = told(analysed(["ng/mL", "pg/mL"] * 2), "adpc")
    assert len(found) == 2
    assert found[0].startswith("adpc.AVALU row 2 key adpc/01-2")
    assert '"ng/mL" in rows 1 and 3, "pg/mL" in rows 2 and 4' in found[0]


def test_analysis_concentrations_in_another_unit_than_the_study_file_shows_are_a_fault() -> None:
    (found,) = told(analysed(["pg/mL"] * 4), "adpc")
    assert found.startswith("adpc.AVALU row 1 key adpc/01-1")
    assert "expected ng/mL, the unit of pharmacokinetics.matrices (Plasma) of the study file; " in found
    assert told(analysed(["NG/ML"] * 4), "adpc") == []
    assert told(analysed([None] * 4), "adpc") == []
    assert told(analysed(["ng/mL", "ng/mL", "mg/L", "mg/L"], ["Plasma", "Plasma", "Urine", "Urine"]), "adpc") == []
