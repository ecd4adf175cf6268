from __future__ import annotations

import pytest

from virtual_trial.columns import AT_ONCE, Columns
from virtual_trial.record import Value


def in_order(columns: Columns, name: str) -> list[Value]:
    """Return the cells of a column in the order in which the rows were added."""
    cells = list(columns.cells(name))
    return [cells[place] for place in columns.order]


@pytest.mark.parametrize("number", [0, 1, AT_ONCE - 1, AT_ONCE, 3 * AT_ONCE + 7])
def test_rows_with_different_variables_come_back_in_the_order_in_which_they_were_added(number: int) -> None:
    rows: list[dict[str, Value]] = [{"A": float(k), **({"B": f"{k}"} if k % 3 else {})} for k in range(number)]
    columns = Columns()
    for row in rows:
        columns.add([row])
    assert len(columns) == number
    assert in_order(columns, "A") == [float(k) for k in range(number)]
    assert in_order(columns, "B") == [f"{k}" if k % 3 else "" for k in range(number)]


def test_a_column_that_no_row_has_is_empty_and_not_named() -> None:
    columns = Columns()
    columns.add([{"A": 1.0}, {"B": "x", "A": 2.0}])
    assert columns.names == ["A", "B"]
    assert list(columns.cells("C")) == ["", ""]


def test_rows_may_be_added_after_the_columns_were_read() -> None:
    columns = Columns()
    columns.add([{"A": "first"}])
    assert columns.names == ["A"]
    columns.add([{"A": "second"}])
    assert in_order(columns, "A") == ["first", "second"]
