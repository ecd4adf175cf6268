from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_trial.xpt import Dataset, TransportFile, Variable, ibm_doubles

SHAPE = Dataset("xx", "Any dataset", (Variable("NAME", "A text", 80), Variable("VALUE", "A number", 0)))


def written(folder: Path, rows: list[dict[str, str | float]], shape: Dataset = SHAPE) -> Path:
    file = TransportFile(folder, shape, "2017-04-18")
    try:
        file.append_rows(rows)
    finally:
        file.close()
    return file.path


def test_every_cell_comes_back(tmp_path: Path) -> None:
    rows: list[dict[str, str | float]] = [
        {"NAME": "plain", "VALUE": 1.0},
        {"NAME": "", "VALUE": -0.1},
        {"NAME": "GÊNE LÉGÈRE", "VALUE": 1e-70},
        {"NAME": "x" * 80, "VALUE": ""},
        {"VALUE": 0.0},
        {"NAME": "last", "VALUE": 123456789.123},
    ]
    frame, meta = pyreadstat.read_xport(written(tmp_path, rows))
    assert frame["NAME"].tolist() == [row.get("NAME", "") for row in rows]
    expected = [np.nan if row["VALUE"] == "" else row["VALUE"] for row in rows]
    np.testing.assert_array_equal(frame["VALUE"].to_numpy(), expected)
    assert meta.column_labels == ["A text", "A number"]
    assert (meta.table_name, meta.file_label) == ("XX", "Any dataset")


@given(st.floats(min_value=-1e70, max_value=1e70, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-70))
def test_an_ibm_double_holds_the_number_exactly(number: float) -> None:
    bits = int(ibm_doubles(np.array([number]))[0])
    fraction, exponent = bits & ((1 << 56) - 1), (bits >> 56) & 0x7F
    value = float(fraction) * 2.0**-56 * 16.0 ** (exponent - 64)
    assert (-value if bits >> 63 else value) == number


def test_a_known_number_has_the_published_bits() -> None:
    assert [hex(int(b)) for b in ibm_doubles(np.array([1.0, -1.0, 0.5, 100.0, 0.0, np.nan]))] == [
        "0x4110000000000000",
        "0xc110000000000000",
        "0x4080000000000000",
        "0x4264000000000000",
        "0x0",
        "0x2e00000000000000",
    ]


def test_pandas_reads_the_same_texts(tmp_path: Path) -> None:
    path = written(tmp_path, [{"NAME": "a", "VALUE": 2.0}, {"NAME": "b"}])
    frame = pd.read_sas(path, format="xport", encoding="utf-8")
    assert frame["NAME"].tolist() == ["a", "b"]


def test_the_file_consists_of_80_byte_records(tmp_path: Path) -> None:
    assert written(tmp_path, [{"NAME": "a"}] * 7).stat().st_size % 80 == 0


def test_closing_tells_the_hash_of_the_file(tmp_path: Path) -> None:
    file = TransportFile(tmp_path, SHAPE, "2017-04-18")
    file.append_rows([{"NAME": "a"}] * 1000)
    assert file.close() == hashlib.sha256(file.path.read_bytes()).hexdigest()


def test_the_date_in_the_header_is_the_one_given(tmp_path: Path) -> None:
    content = written(tmp_path, []).read_bytes()
    assert content.count(b"18APR17:00:00:00") == 4


def test_a_text_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"xx\.NAME: .* longer than 80 bytes"):
        written(tmp_path, [{"NAME": "é" * 41}])


def test_an_unknown_variable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="OTHER"):
        written(tmp_path, [{"OTHER": "1"}])


@pytest.mark.parametrize(
    "variable",
    [Variable("TOOLONGNAME", "A", 90), Variable("A", "l" * 41, 90), Variable("A", "A", 201), Variable("A", "A", 20)],
)
def test_what_the_format_cannot_hold_is_refused(tmp_path: Path, variable: Variable) -> None:
    with pytest.raises(ValueError, match="xx: "):
        written(tmp_path, [], Dataset("xx", "Any", (variable,)))
