"""Datasets written for other programs: what is read again is what was there, and other readers understand it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from odmlib.dataset_json_1_1 import DatasetJSON

from cutbook.data.formats.columns import Source
from cutbook.data.formats.dataset_json import read_dataset_json
from cutbook.data.formats.xpt import read_xpt
from cutbook.errors import DataError
from cutbook.report.exporting.written import Described, write_dataset_json, write_xpt

ABOUT = Described("ADLB", "LB, synthetic data", "demo", "2026-11-28T09:00:00Z", {"AVAL": "Analysis Value"})
SOURCE = Source("adlb", "utf-8", "adam")


def frame() -> pd.DataFrame:
    """Return text with accents and blanks, numbers, days, moments, and columns that nobody has."""
    return pd.DataFrame(
        {
            "USUBJID": pd.Series(["01", "02", "03"], dtype="str"),
            "AVALC": pd.Series(["<0.5 µmol/L", None, "é, \"ü\""], dtype="str"),
            "AVAL": [0.1, np.nan, -1234567.891],
            "DECIMALS": np.array([1, 0, 2], dtype="int64"),
            "ADT": pd.to_datetime(["2024-03-05", None, "1959-12-31"]).astype("datetime64[s]"),
            "ADTM": pd.to_datetime(["2024-03-05T09:30:15", None, "2024-03-06T00:00:00"]).astype("datetime64[s]"),
            "AENDT": pd.to_datetime([None, None, None]).astype("datetime64[s]"),
            "DTYPE": pd.Series([None, None, None], dtype="str"),
        }
    )  # fmt: skip


def as_read(one: pd.DataFrame) -> pd.DataFrame:
    return one.astype({"DECIMALS": "float64"})


def test_a_transport_file_is_read_again_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "adlb.xpt"
    write_xpt(frame(), path, ABOUT)
    pd.testing.assert_frame_equal(read_xpt(path.read_bytes(), SOURCE).frame, as_read(frame()))


def test_another_reader_of_transport_files_sees_dates_labels_and_the_name(tmp_path: Path) -> None:
    path = tmp_path / "adlb.xpt"
    write_xpt(frame(), path, ABOUT)
    read, about = pyreadstat.read_xport(path)
    assert (about.table_name, about.file_label) == ("ADLB", "LB, synthetic data")
    assert about.column_names_to_labels["AVAL"] == "Analysis Value"
    assert about.column_names_to_labels["ADT"] == "ADT"
    assert [str(one) for one in read["ADT"].dropna()] == ["2024-03-05", "1959-12-31"]
    assert read["ADTM"].dropna().tolist()[0] == pd.Timestamp("2024-03-05T09:30:15")


def test_a_dataset_json_file_is_read_again_as_it_was_and_says_what_its_columns_are(tmp_path: Path) -> None:
    path = tmp_path / "adlb.json"
    write_dataset_json(frame(), path, ABOUT)
    read = read_dataset_json(path.read_bytes(), SOURCE)
    pd.testing.assert_frame_equal(read.frame, as_read(frame()))
    document = json.loads(path.read_text(encoding="utf-8"))
    kinds = {item["name"]: (item["dataType"], item.get("targetDataType")) for item in document["columns"]}
    assert kinds == {
        "USUBJID": ("string", None), "AVALC": ("string", None), "AVAL": ("double", None), "DECIMALS": ("double", None),
        "ADT": ("date", "integer"), "ADTM": ("datetime", "integer"), "AENDT": ("date", "integer"),
        "DTYPE": ("string", None),
    }  # fmt: skip
    assert document["rows"][0][4:6] == ["2024-03-05", "2024-03-05T09:30:15"]
    assert [document[key] for key in ("datasetJSONVersion", "records", "name", "itemGroupOID", "studyOID")] == [
        "1.1.0", 3, "ADLB", "IG.ADLB", "demo",
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "is_written"), [("x" * 200, True), ("x" * 201, False), ("é" * 101, False)])
def test_a_text_longer_than_a_transport_file_holds_is_a_fault_that_names_it(
    tmp_path: Path, text: str, *, is_written: bool
) -> None:
    long, path = frame().assign(AVALC=pd.Series(["a", text, "b"], dtype="str")), tmp_path / "adlb.xpt"
    if is_written:
        write_xpt(long, path, ABOUT)
        assert read_xpt(path.read_bytes(), SOURCE).frame["AVALC"].tolist()[1] == text
        return
    with pytest.raises(DataError, match=r"adlb\.AVALC row 2: found a text of 20[12] bytes.*export as json alone"):
        write_xpt(long, path, ABOUT)
    assert not path.exists()


def test_a_dataset_json_object_is_read_by_the_library_of_the_standard(tmp_path):
    frame = pd.DataFrame(
        {
            "USUBJID": ["01", "02"],
            "AVAL": [1.5, None],
            "ADT": pd.to_datetime(["2024-03-05", None]).astype("datetime64[s]"),
        }
    )
    write_dataset_json(frame, tmp_path / "adlb.json", Described("ADLB", "Laboratory", "demo", "2026-11-28T09:00:00Z"))
    read = DatasetJSON.read_json(str(tmp_path / "adlb.json"))
    assert (read.name, read.records, read.datasetJSONVersion) == ("ADLB", 2, "1.1.0")
    assert [(one.name, one.dataType, one.itemOID) for one in read.columns] == [
        ("USUBJID", "string", "IT.ADLB.USUBJID"), ("AVAL", "double", "IT.ADLB.AVAL"), ("ADT", "date", "IT.ADLB.ADT"),
    ]  # fmt: skip
    assert read.rows == [["01", 1.5, "2024-03-05"], ["02", None, None]]
