from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cutbook.data.formats import parquet
from cutbook.data.formats.columns import Source
from cutbook.data.formats.parquet import read_parquet
from cutbook.errors import DataError

SOURCE = Source("lb", "utf-8", "sdtm")


def parquet_bytes(columns: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def test_text_numbers_and_dates_are_read_in_the_projects_types() -> None:
    content = parquet_bytes(
        {
            "SITEID": pa.array(["007", "NA", " "]),
            "LBTESTCD": pa.array(["A", "B", None]).dictionary_encode(),
            "LBSEQ": pa.array([1, 2, None], pa.int64()),
            "LBSTRESN": pa.array([Decimal("1.5"), None, Decimal("-2.0")]),
            "ADT": pa.array([dt.date(2024, 1, 2), None, None]),
            "ADTM": pa.array(["2024-01-02T03:04:05", None, None]).cast(pa.timestamp("us")),
        }
    )
    frame = read_parquet(content, SOURCE).frame
    assert frame.dtypes.astype(str).tolist() == ["str", "str", "float64", "float64", "datetime64[s]", "datetime64[s]"]
    assert frame["SITEID"].isna().tolist() == [False, False, True]
    assert frame["LBSEQ"].tolist()[:2] == [1.0, 2.0]
    assert frame["LBSTRESN"].tolist()[0::2] == [1.5, -2.0]
    assert frame["ADTM"].tolist()[0] == pd.Timestamp("2024-01-02 03:04:05")


def test_a_frame_written_by_pandas_comes_back() -> None:
    frame = pd.DataFrame({"USUBJID": ["a", "b"], "LBSTRESN": [0.1, np.nan]})
    stream = io.BytesIO()
    frame.to_parquet(stream, index=False)
    pd.testing.assert_frame_equal(read_parquet(stream.getvalue(), SOURCE).frame, frame)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([[1, 2]]),
        pa.array([{"a": 1}]),
        pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())),
        pa.array([b"x"]),
        pa.array([True]),
        pa.array([dt.time(12, 30)]),
        pa.array([dt.datetime(2024, 1, 1, tzinfo=dt.UTC)]),
    ],
    ids=lambda column: str(column.type),
)
def test_nested_and_other_unusable_types_are_refused_by_name(column: pa.Array) -> None:
    with pytest.raises(DataError, match=r"lb\.LBXYZ: found a column of type"):
        read_parquet(parquet_bytes({"USUBJID": ["a"], "LBXYZ": column}), SOURCE)


def test_whole_numbers_that_lose_digits_are_refused() -> None:
    with pytest.raises(DataError, match=r"lb\.LBSEQ: found whole numbers beyond"):
        read_parquet(parquet_bytes({"LBSEQ": [2**53 + 2]}), SOURCE)


def test_infinite_numbers_are_refused() -> None:
    with pytest.raises(DataError, match=r'lb\.LBSTRESN row 2: found "inf" in row 2'):
        read_parquet(parquet_bytes({"LBSTRESN": [1.0, float("inf")]}), SOURCE)


def test_text_that_is_not_utf_8_is_a_fault_with_variable_and_row() -> None:
    broken = pa.array([b"ok", None, b"\xff"], pa.binary()).view(pa.string())
    with pytest.raises(DataError, match=r"lb\.LBORRES row 3: found bytes that are not utf-8 in row 3"):
        read_parquet(parquet_bytes({"LBORRES": broken}), SOURCE)


def test_a_column_of_nothing_gets_the_type_of_the_standard() -> None:
    frame = read_parquet(parquet_bytes({"LBSTRESN": pa.nulls(2), "LBORRES": pa.nulls(2)}), SOURCE).frame
    assert frame.dtypes.astype(str).to_dict() == {"LBSTRESN": "float64", "LBORRES": "str"}


def test_a_file_that_unpacks_beyond_the_limit_is_refused_before_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    content = parquet_bytes({"LBSTRESN": np.zeros(100_000)})
    monkeypatch.setattr(parquet, "LARGEST_TABLE_BYTES", 100_000)
    with pytest.raises(DataError, match="a file that unpacks to 800000 bytes"):
        read_parquet(content, SOURCE)


def test_a_cut_off_file_is_a_fault() -> None:
    content = parquet_bytes({"LBSTRESN": np.arange(1000.0)})
    with pytest.raises(DataError, match="a damaged file"):
        read_parquet(content[:-100], SOURCE)


def test_lower_case_names_are_refused() -> None:
    with pytest.raises(DataError, match='columns named "usubjid"'):
        read_parquet(parquet_bytes({"usubjid": ["a"]}), SOURCE)


def test_an_empty_column_typed_boolean_is_read_and_one_with_values_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "lb.parquet"
    empty = pa.nulls(2, pa.bool_())
    pq.write_table(pa.table({"LBSTAT": empty, "LBSTRESN": empty}), path)
    frame = read_parquet(path.read_bytes(), SOURCE).frame
    assert frame.dtypes.astype("str").to_dict() == {"LBSTAT": "str", "LBSTRESN": "float64"}
    assert frame.isna().all(axis=None)
    pq.write_table(pa.table({"LBSTAT": [None, True]}), path)
    with pytest.raises(DataError, match=r"lb\.LBSTAT: found a column of type bool"):
        read_parquet(path.read_bytes(), SOURCE)


def test_text_is_read_without_the_blanks_around_it_and_cut_off_text_says_so(tmp_path: Path) -> None:
    path = tmp_path / "lb.parquet"
    pq.write_table(pa.table({"LBORRES": ["\u200bY ", "Y", None]}), path)
    delivered = read_parquet(path.read_bytes(), SOURCE)
    assert delivered.frame["LBORRES"].fillna("").tolist() == ["Y", "Y", ""]
    assert {name: places.tolist() for name, places in delivered.trimmed.items()} == {"LBORRES": [0]}
    raw = pa.array(["né".encode(), b"na\xc3"], pa.binary())
    pq.write_table(pa.table({"LBORRES": pa.StringArray.from_buffers(2, *raw.buffers()[1:])}), path)
    with pytest.raises(DataError, match=r"lb\.LBORRES row 2: found text cut off in the middle of a character in row 2"):
        read_parquet(path.read_bytes(), SOURCE)
