from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from cutbook.data.formats.columns import Source
from cutbook.data.formats.xpt import ibm_numbers, read_xpt
from cutbook.errors import DataError
from transfer_files import clean_datasets, frame_of_records, write_dataset

PILOT = (
    "ae", "cm", "dm", "ds", "ex", "lb", "mh", "qs", "relrec", "sc", "se", "suppae", "suppdm", "suppds", "supplb", "sv",
    "ta", "te", "ti", "ts", "tv", "vs",
)  # fmt: skip
UTF8 = Source("lb", "utf-8", "sdtm")


def xpt_bytes(tmp_path: Path, frame: pd.DataFrame, name: str = "lb") -> bytes:
    path = tmp_path / f"{name}.xpt"
    write_dataset(path, frame)
    return path.read_bytes()


@pytest.mark.parametrize("name", PILOT)
def test_every_cell_of_the_pilot_equals_what_readstat_reads(shared: Path, name: str) -> None:
    path = shared / "data" / "cdiscpilot01" / "sdtm" / f"{name}.xpt"
    encoding = "cp1252" if name == "ts" else "utf-8"
    expected, about = pyreadstat.read_xport(path, encoding=encoding.upper())
    delivered = read_xpt(path.read_bytes(), Source(name, encoding, "sdtm"))
    bare = {column: expected[column].str.strip() for column in expected.select_dtypes("str")}
    text = {column: values.where(values != "") for column, values in bare.items()}
    pd.testing.assert_frame_equal(delivered.frame, expected.assign(**text), check_exact=True)
    assert delivered.labels == about.column_names_to_labels


def test_the_pilot_title_keeps_its_cp1252_apostrophe(shared: Path) -> None:
    content = (shared / "data" / "cdiscpilot01" / "sdtm" / "ts.xpt").read_bytes()
    values = read_xpt(content, Source("ts", "cp1252", "sdtm")).frame["TSVAL"]
    assert (values == "Mild to Moderate Alzheimer\N{RIGHT SINGLE QUOTATION MARK}s Disease").sum() == 1


def test_bytes_of_another_encoding_are_a_fault_that_names_variable_and_rows(shared: Path) -> None:
    content = (shared / "data" / "cdiscpilot01" / "sdtm" / "ts.xpt").read_bytes()
    with pytest.raises(DataError, match=r"ts\.TSVAL row 9: found bytes that are not utf-8 in rows 9, 14 and 29"):
        read_xpt(content, Source("ts", "utf-8", "sdtm"))


def test_latin_1_that_turns_into_control_characters_is_a_fault(shared: Path) -> None:
    content = (shared / "data" / "cdiscpilot01" / "sdtm" / "ts.xpt").read_bytes()
    with pytest.raises(DataError, match=r"ts\.TSVAL row 9: found characters that no text has in rows 9, 14 and 29"):
        read_xpt(content, Source("ts", "latin-1", "sdtm"))


def test_text_in_utf_8_is_read_as_written(tmp_path: Path) -> None:
    frame = frame_of_records({"USUBJID": ["é", "µ", "plain", "日本"]})
    assert read_xpt(xpt_bytes(tmp_path, frame), UTF8).frame["USUBJID"].tolist() == ["é", "µ", "plain", "日本"]


def test_a_replacement_character_in_the_file_is_a_fault(tmp_path: Path) -> None:
    frame = frame_of_records({"USUBJID": ["a", "b\N{REPLACEMENT CHARACTER}"]})
    with pytest.raises(DataError, match=r"lb\.USUBJID row 2: found characters that no text has"):
        read_xpt(xpt_bytes(tmp_path, frame), UTF8)


def test_text_that_looks_like_something_else_stays_text(tmp_path: Path) -> None:
    values = ["007", "NA", "1e3", "12:30", "NO", "1,5", "None", "nan", "null", "-inf"]
    frame = frame_of_records({"SITEID": values})
    assert read_xpt(xpt_bytes(tmp_path, frame), UTF8).frame["SITEID"].tolist() == values


def test_blank_and_whitespace_text_is_missing(tmp_path: Path) -> None:
    frame = frame_of_records({"USUBJID": ["a", "", "   ", "\t "], "AESEQ": [1.0, 2.0, 3.0, 4.0]})
    assert read_xpt(xpt_bytes(tmp_path, frame), UTF8).frame["USUBJID"].isna().tolist() == [False, True, True, True]


def test_numbers_are_exact_and_missing_values_are_missing(tmp_path: Path) -> None:
    values = [0.0, -0.1, 1 / 3, 1e15 - 0.125, -1e15, 5e-60, None]
    frame = frame_of_records({"LBSTRESN": values})
    read = read_xpt(xpt_bytes(tmp_path, frame), UTF8).frame["LBSTRESN"]
    np.testing.assert_array_equal(read.to_numpy(), np.array(values, dtype="float64"))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"\x41\x10\x00\x00\x00\x00\x00\x00", 1.0),
        (b"\xc2\x76\xa0\x00\x00\x00\x00\x00", -118.625),
        (b"\x40\x19\x99\x99\x99\x99\x99\x9a", 0.1),
        (b"\x42\x64", 100.0),
        (b"\x41\x20\x00", 2.0),
        (b"\x00\x00\x00\x00\x00\x00\x00\x00", 0.0),
    ],
)
def test_ibm_numbers_of_any_length_have_their_value(raw: bytes, expected: float) -> None:
    assert ibm_numbers(np.frombuffer(raw, dtype=np.uint8).reshape(1, -1)).tolist() == [expected]


@pytest.mark.parametrize("code", b"._ABCDEFGHIJKLMNOPQRSTUVWXYZ")
def test_all_28_missing_codes_are_missing(code: int) -> None:
    raw = np.array([[code, 0, 0, 0, 0, 0, 0, 0]], dtype=np.uint8)
    assert np.isnan(ibm_numbers(raw)).all()


def test_numeric_dates_become_moments_by_their_format(tmp_path: Path) -> None:
    path = tmp_path / "adsl.xpt"
    frame = pd.DataFrame({"TRTSDT": [19725.0, np.nan], "TRTSDTM": [1704285000.0, 0.0], "AGE": [40.0, 41.0]})
    formats = {"TRTSDT": "DATE9.", "TRTSDTM": "DATETIME20."}
    pyreadstat.write_xport(frame, path, file_format_version=5, variable_format=formats)
    read = read_xpt(path.read_bytes(), Source("adsl", "utf-8", "adam")).frame
    assert read["TRTSDT"].tolist() == [pd.Timestamp("2014-01-02"), pd.NaT]
    assert read["TRTSDTM"].tolist() == [pd.Timestamp("2014-01-02 12:30"), pd.Timestamp("1960-01-01")]
    assert read.dtypes.astype(str).tolist() == ["datetime64[s]", "datetime64[s]", "float64"]


@pytest.mark.parametrize("rows", [0, 1, 2, 7, 100])
def test_short_records_keep_their_number_of_rows(tmp_path: Path, rows: int) -> None:
    frame = frame_of_records({"AESEQ": [float(row) for row in range(1, rows + 1)]}).astype("float64")
    assert read_xpt(xpt_bytes(tmp_path, frame), UTF8).frame["AESEQ"].tolist() == frame["AESEQ"].tolist()


def test_a_cut_between_two_records_reads_as_a_shorter_dataset_which_is_why_a_manifest_is_needed(tmp_path: Path) -> None:
    frame = frame_of_records({"USUBJID": [f"{row:0>80}" for row in range(4)]})
    content = xpt_bytes(tmp_path, frame)
    assert len(read_xpt(content[:-80], UTF8).frame) == 3


def test_a_cut_inside_a_record_is_a_fault(tmp_path: Path) -> None:
    content = xpt_bytes(tmp_path, pd.concat([clean_datasets()["lb"]] * 20))
    with pytest.raises(DataError, match="the file is cut off"):
        read_xpt(content[:-80], UTF8)


def test_a_cut_inside_a_card_is_a_fault(tmp_path: Path) -> None:
    content = xpt_bytes(tmp_path, clean_datasets()["lb"])
    with pytest.raises(DataError, match="not a multiple of 80: the file is cut off"):
        read_xpt(content[:-7], UTF8)


@pytest.mark.parametrize("length", [0, 80, 240, 560, 640, 1200])
def test_a_file_that_ends_in_its_headers_is_a_fault(tmp_path: Path, length: int) -> None:
    content = xpt_bytes(tmp_path, clean_datasets()["lb"])
    with pytest.raises(DataError, match="expected a SAS transport file"):
        read_xpt(content[:length], UTF8)


def test_version_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lb.xpt"
    pyreadstat.write_xport(clean_datasets()["lb"].fillna({"LBSTRESN": 0.0}), path, file_format_version=8)
    with pytest.raises(DataError, match="no header of a SAS transport file, version 5"):
        read_xpt(path.read_bytes(), UTF8)


def test_two_datasets_in_one_file_are_refused(tmp_path: Path) -> None:
    content = xpt_bytes(tmp_path, clean_datasets()["lb"])
    with pytest.raises(DataError, match="more than one dataset in one file"):
        read_xpt(content + content[240:], UTF8)


def test_variables_whose_places_overlap_are_refused(tmp_path: Path) -> None:
    content = bytearray(xpt_bytes(tmp_path, frame_of_records({"AESEQ": [1.0], "AGE": [2.0]})))
    second = 640 + 140
    content[second + 84 : second + 88] = b"\x00\x00\x00\x04"
    with pytest.raises(DataError, match="do not fit together"):
        read_xpt(bytes(content), UTF8)


def test_a_nul_inside_text_is_a_fault(tmp_path: Path) -> None:
    content = xpt_bytes(tmp_path, frame_of_records({"USUBJID": ["ab#cd"]})).replace(b"ab#cd", b"ab\0cd")
    with pytest.raises(DataError, match=r"lb\.USUBJID row 1: found characters that no text has .* \"ab\\x00cd\""):
        read_xpt(content, UTF8)
