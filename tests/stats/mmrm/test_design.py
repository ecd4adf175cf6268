import numpy as np
import pandas as pd
import pytest

from cutbook.stats.mmrm.design import make_design
from cutbook.stats.mmrm.formula import parse
from cutbook.stats.mmrm.rows import Roles, read_rows

DATA = pd.DataFrame({
    "ID": ["1", "1", "2", "2", "3", "3"],
    "V": ["a", "b"] * 3,
    "G": ["y", "y", "x", "x", "x", "x"],
    "x": [1.0, 2.0, 4.0, 8.0, 16.0, 32.0],
    "y": [1.0, 2.0, 3.0, 5.0, 8.0, 13.0],
})  # fmt: skip


def design(text, data=DATA):
    formula = parse(text)
    return make_design(formula, read_rows(data, formula, Roles("ID", "V", None, None)))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("y ~ G * V", ["(Intercept)", "Gy", "Vb", "Gy:Vb"]),
        ("y ~ G:V", ["(Intercept)", "Gx:Va", "Gy:Va", "Gx:Vb", "Gy:Vb"]),
        ("y ~ 0 + G + V", ["Gx", "Gy", "Vb"]),
        ("y ~ V + x:V", ["(Intercept)", "Vb", "Va:x", "Vb:x"]),
        ("y ~ x + V + x:V", ["(Intercept)", "x", "Vb", "x:Vb"]),
        ("y ~ V + V:G", ["(Intercept)", "Vb", "Va:Gy", "Vb:Gy"]),
        ("y ~ 1", ["(Intercept)"]),
    ],
)
def test_columns_are_named_and_coded_as_in_r(text, names):
    assert list(design(text).names) == names


def test_values_of_a_design():
    found = design("y ~ V + x:V").recorded
    expected = [[1, 0, 1, 0], [1, 1, 0, 2], [1, 0, 4, 0], [1, 1, 0, 8], [1, 0, 16, 0], [1, 1, 0, 32]]
    assert found.tolist() == expected


def test_the_basis_is_orthonormal_and_spans_the_kept_columns():
    found = design("y ~ G * V + x")
    np.testing.assert_allclose(found.basis.T @ found.basis, np.eye(5), atol=1e-12)
    np.testing.assert_allclose(found.basis @ found.triangle, found.recorded[:, found.is_kept], atol=1e-12)


def test_categories_give_the_order_of_levels_and_those_without_a_value_have_no_column():
    data = DATA.assign(G=pd.Categorical(DATA["G"], ["y", "z", "x"]))
    found = design("y ~ G", data)
    assert list(found.names) == ["(Intercept)", "Gx"]
    assert found.variables["G"].declared == ("y", "z", "x")


def test_numbers_sort_as_numbers_and_the_visit_is_a_factor_even_as_a_number():
    data = DATA.assign(V=[2, 10] * 3)
    assert list(design("y ~ V", data).names) == ["(Intercept)", "V10"]


def test_a_column_that_others_determine_is_left_out_with_those_before_it_kept():
    found = design("y ~ x + z + V", DATA.assign(z=3 * DATA["x"] - 2))
    assert found.is_kept.tolist() == [True, True, False, True]
    rows = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 3, 0], [1, 2, 4, 0], [0, 0, 0, 1]])
    # z = 3 x - 2, so that only what is zero at (2, -3, 1, 0) can be told.
    assert found.can_tell(rows).tolist() == [False, False, True, True, True]


def test_an_empty_cell_is_told_apart_from_cells_with_values():
    found = design("y ~ G * V", DATA[~(DATA["G"].eq("y") & DATA["V"].eq("b"))])
    assert found.is_kept.tolist() == [True, True, True, False]
    cells = np.array([[1, 0, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 1, 1]])
    assert found.can_tell(cells).tolist() == [True, True, True, False]
