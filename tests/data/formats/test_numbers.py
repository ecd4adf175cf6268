from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutbook.data.formats.numbers import number_faults, numbers_from_text
from cutbook.errors import Fault

TINY = 2.2250738585072014e-308


def text_faults(*values: str | None) -> list[Fault]:
    return numbers_from_text("lb", "LBSTRESN", pa.array(values, pa.large_string()))[1]


@pytest.mark.parametrize("value", [math.inf, -math.inf, 1.0000000000000002e15, -1e16, 1e30, -1.7976931348623157e308])
def test_a_number_beyond_1e15_is_a_fault_with_dataset_variable_and_row(value: float) -> None:
    (fault,) = number_faults("lb", "LBSTRESN", np.array([1.0, np.nan, value, value]))
    assert (fault.dataset, fault.variable, fault.row) == ("lb", "LBSTRESN", 3)
    assert fault.found == f'"{value}" in rows 3 and 4'
    assert fault.expected == "a number of at most 1e15 in absolute value, or nothing"


@pytest.mark.parametrize("value", [5e-324, -5e-324, 1e-310, TINY / 2])
def test_a_denormal_is_a_fault_with_its_row(value: float) -> None:
    (fault,) = number_faults("lb", "LBSTRESN", np.array([0.0, value]))
    assert (fault.found, fault.row) == (f'"{value}" in row 2', 2)


@given(st.lists(st.floats(-1e15, 1e15, allow_subnormal=False) | st.just(math.nan), max_size=8))
def test_all_other_numbers_are_right(values: list[float]) -> None:
    assert number_faults("lb", "LBSTRESN", np.array(values, dtype="float64")) == []


@pytest.mark.parametrize("value", [1e15, -1e15, TINY, 0.0, -0.0])
def test_the_limits_themselves_are_right(value: float) -> None:
    assert number_faults("lb", "LBSTRESN", np.array([value])) == []


@pytest.mark.parametrize("text", ["1e16", "-1000000000000001", "1e999", "1e-320", "0.1e-400", "-inf", "nan", "None"])
def test_text_of_such_a_number_or_of_none_is_a_fault(text: str) -> None:
    (fault,) = text_faults("1", text)
    assert (fault.variable, fault.row) == ("LBSTRESN", 2)


@pytest.mark.parametrize("text", ["0", "0.000", "0e-400", "1e15", "\N{NO-BREAK SPACE}1.5\t", "", " ", None])
def test_text_of_other_numbers_and_blank_text_is_right(text: str | None) -> None:
    assert text_faults(text) == []


def test_all_faults_of_a_variable_are_told_at_once() -> None:
    assert [fault.row for fault in text_faults("x", "1e300", "1e-310")] == [1, 2, 3]
