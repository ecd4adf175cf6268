from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from cutbook.data.checks.values.units import unit_faults
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


@pytest.mark.parametrize("other", ["MG/DL", "mmol/L", "g/L"])
def test_unlike_units_of_one_test_are_a_fault_that_names_test_units_and_rows(other: str) -> None:
    (found,) = lines(results(["mg/dL", other, "mg/dL", other]))
    place, _, units = found.partition(" with numeric results in ")
    assert place == 'lb.LBSTRESU row 2 key lb/01-2/1: found test "GLUC"'
    assert units == f'"mg/dL" in rows 1 and 3, "{other}" in rows 2 and 4'


def test_a_number_without_unit_beside_numbers_with_one_is_a_fault() -> None:
    assert lines(results(["mg/dL", None])) == [
        'lb.LBSTRESU row 2 key lb/01-2/1: found test "GLUC" with numeric results in "mg/dL" in row 1, "" in row 2'
    ]


def test_spellings_of_micro_are_one_unit() -> None:
    micro, greek = "\N{MICRO SIGN}g/L", "\N{GREEK SMALL LETTER MU}g/L"
    assert lines(results([micro, greek, "ug/L"])) == []


def test_records_without_a_numeric_result_do_not_count() -> None:
    assert lines(results(["mg/dL", None, "mmol/L"], [5.0, None, None])) == []


def test_a_test_without_units_throughout_is_one_unit() -> None:
    assert lines(results([None, None])) == []


def test_specimens_and_categories_may_have_their_own_units() -> None:
    assert lines(results(["mg/dL", "mmol/L"], LBSPEC=["CEREBROSPINAL FLUID", "SERUM"])) == []
    assert lines(results(["mg/dL", "mmol/L"], LBCAT=["URINALYSIS", "CHEMISTRY"])) == []


def test_unlike_units_are_a_fault_where_a_family_of_the_study_file_would_pool_them() -> None:
    family = {"id": "chem", "label": "C", "dataset": "lb", "schedule": "s", "where": {"LBFAST": ["Y"]}}
    frame = results(["mg/dL", "mmol/L"], LBSPEC=["CEREBROSPINAL FLUID", "SERUM"], LBFAST=["Y", "Y"])
    assert len(lines(frame, findings=[family])) == 1
    assert lines(frame.assign(LBFAST=["Y", "N"]), findings=[family]) == []


def test_each_test_has_its_own_fault_and_many_rows_are_counted() -> None:
    frame = results(["a"] * 5 + ["b"] * 6, LBTESTCD=["X"] * 5 + ["X"] * 5 + ["Y"])
    (found,) = lines(frame)
    assert '"a" in rows 1, 2, 3 and 2 more, "b" in rows 6, 7, 8 and 2 more' in found


def test_a_dataset_without_units_is_not_checked() -> None:
    assert lines(results([None]).drop(columns="LBSTRESU")) == []
