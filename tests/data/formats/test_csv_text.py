from __future__ import annotations

from pathlib import Path

import pytest

from cutbook.data.formats.columns import Source
from cutbook.data.formats.csv_text import read_csv
from cutbook.errors import DataError

UTF8 = Source("lb", "utf-8", "sdtm")


def values_of(content: bytes, source: Source = UTF8) -> dict[str, list[object]]:
    frame = read_csv(content, source).frame
    return frame.astype(object).where(frame.notna(), None).to_dict("list")


def test_text_stays_text_and_the_standard_decides_what_is_a_number() -> None:
    content = b"SITEID,LBORRES,LBSTRESN,VISITNUM,LBSTAT\n007,1e3,1e3,1,NA\nNA,12:30,-0.5,2.5,null\n"
    assert values_of(content) == {
        "SITEID": ["007", "NA"],
        "LBORRES": ["1e3", "12:30"],
        "LBSTRESN": [1000.0, -0.5],
        "VISITNUM": [1.0, 2.5],
        "LBSTAT": ["NA", "null"],
    }


def test_empty_and_blank_fields_are_missing_and_blanks_around_others_are_none() -> None:
    assert values_of(b'LBORRES,LBSTRESN\n"",\n"  ", \n x ,3\n') == {
        "LBORRES": [None, None, "x"],
        "LBSTRESN": [None, None, 3.0],
    }


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_quoted_fields_hold_commas_quotes_and_line_ends(ends: bytes) -> None:
    content = ends.join([b"USUBJID,LBORRES", b'1,"a, ""b"""', b'2,"two\nlines"', b""])
    assert values_of(content)["LBORRES"] == ['a, "b"', "two\nlines"]


def test_a_byte_order_mark_is_not_part_of_the_first_name() -> None:
    assert values_of(b"\xef\xbb\xbfUSUBJID\n1\n") == {"USUBJID": ["1"]}


def test_a_byte_order_mark_against_the_declared_encoding_is_a_fault() -> None:
    with pytest.raises(DataError, match="the byte order mark of UTF-8 in a file declared as cp1252"):
        read_csv(b"\xef\xbb\xbfUSUBJID\n1\n", Source("lb", "cp1252", "sdtm"))


def test_rows_with_another_number_of_fields_are_named_all_at_once() -> None:
    content = b"USUBJID,LBSEQ\n1,1\n2\n3,1,1\n\n4,1\n\n"
    with pytest.raises(DataError, match="lb row 2: found another number of fields than 2 in rows 2, 3 and 4"):
        read_csv(content, UTF8)


def test_blank_lines_at_the_end_are_no_records() -> None:
    assert values_of(b"USUBJID,LBSEQ\n1,1\n\n\n") == {"USUBJID": ["1"], "LBSEQ": [1.0]}


@pytest.mark.parametrize("content", [b'USUBJID,LBSEQ\n"1,1\n', b'USUBJID,LBSEQ\n"1"x,1\n'])
def test_damaged_quoting_is_a_fault(content: bytes) -> None:
    with pytest.raises(DataError, match=r"found .* at line \d"):
        read_csv(content, UTF8)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (b'"1,5"', r"\"1,5\" \(a decimal comma\) in row 2"),
        (b"NA", r'"NA" in row 2'),
        (b".", r'"\." in row 2'),
        (b"<0.5", r'"<0\.5" in row 2'),
        (b"inf", r'"inf" in row 2'),
        (b"nan", r'"nan" in row 2'),
        (b"1e999", r'"1e999" in row 2'),
        (b"0x1F", r'"0x1F" in row 2'),
        (b"1_000", r'"1_000" in row 2'),
    ],
)
def test_what_is_no_number_in_a_numeric_variable_is_a_fault_with_row_and_value(value: bytes, shown: str) -> None:
    with pytest.raises(DataError, match=rf"lb\.LBSTRESN row 2: found {shown}"):
        read_csv(b"USUBJID,LBSTRESN\n1,1\n2," + value + b"\n", UTF8)


def test_all_faults_of_values_are_reported_at_once() -> None:
    content = b"USUBJID,LBSTRESN,VISITNUM\n\xe9,x,1\n2,3,one\n3,y,2\n"
    with pytest.raises(DataError) as caught:
        read_csv(content, UTF8)
    assert [(fault.variable, fault.row) for fault in caught.value.faults] == [
        ("USUBJID", 1),
        ("LBSTRESN", 1),
        ("VISITNUM", 2),
    ]


def test_declared_encodings_are_used_and_nothing_is_replaced() -> None:
    content = "USUBJID,LBORRES\n1,µg – é\n".encode("cp1252")
    assert values_of(content, Source("lb", "cp1252", "sdtm"))["LBORRES"] == ["µg – é"]
    with pytest.raises(DataError, match=r"lb\.LBORRES row 1: found bytes that are not utf-8 in row 1"):
        read_csv(content, UTF8)


def test_cp1252_read_as_latin_1_is_a_fault() -> None:
    content = "USUBJID,LBORRES\n1,a – b\n".encode("cp1252")
    with pytest.raises(DataError, match=r"lb\.LBORRES row 1: found characters that no text has in row 1"):
        read_csv(content, Source("lb", "latin-1", "sdtm"))


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (b"usubjid,LBSEQ", 'columns named "usubjid"'),
        (b"USUBJID;LBSEQ", "variable names with semicolons between them"),
        (b"USUBJID\tLBSEQ", "variable names with tabs between them"),
        (b"USUBJID|LBSEQ", "variable names with vertical bars between them"),
        (b"USUBJID;lbseq", 'columns named "USUBJID;lbseq"'),
        (b"USUBJID,<script>", 'columns named "<script>"'),
        (b"USUBJID,", 'columns named ""'),
        (b"USUBJID,LBSEQ,LBSEQ", 'more than one column named "LBSEQ"'),
    ],
)
def test_names_that_no_variable_has_are_a_fault(header: bytes, found: str) -> None:
    with pytest.raises(DataError, match=f"found {found}"):
        read_csv(header + b"\n", UTF8)


def test_a_file_without_records_has_typed_columns() -> None:
    frame = read_csv(b"USUBJID,LBSTRESN\n", UTF8).frame
    assert frame.dtypes.astype(str).to_dict() == {"USUBJID": "str", "LBSTRESN": "float64"}
    assert len(frame) == 0


def test_files_longer_than_one_chunk_keep_order_and_rows() -> None:
    content = b"LBSEQ,LBORRES\n" + b"".join(b"%d,v%d\n" % (row, row) for row in range(45_000))
    frame = read_csv(content, UTF8).frame
    assert frame["LBSEQ"].tolist() == list(range(45_000))
    assert frame["LBORRES"].iloc[-1] == "v44999"


def test_dates_of_analysis_datasets_become_moments() -> None:
    adam = Source("adsl", "utf-8", "adam")
    frame = read_csv(b"USUBJID,TRTSDT,AVAL,TRT01PN\n1,2024-01-02,1.5,2\n2,,,\n", adam).frame
    assert frame.dtypes.astype(str).tolist() == ["str", "datetime64[s]", "float64", "float64"]
    with pytest.raises(DataError, match=r'adsl\.TRTSDT row 1: found "2024-01" in row 1'):
        read_csv(b"USUBJID,TRTSDT\n1,2024-01\n", adam)


def test_the_pilots_concentrations_read_as_documented(shared: Path) -> None:
    content = (shared / "data" / "cdiscpilot01" / "pk" / "pc.csv").read_bytes()
    frame = read_csv(content, Source("pc", "utf-8", "sdtm")).frame
    assert len(frame) == 4572
    assert frame["USUBJID"].nunique() == 254
    assert frame["PCLLOQ"].unique().tolist() == [0.01]
    assert frame.loc[frame["PCSTRESN"] > 0, "USUBJID"].nunique() == 168


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"USUBJID,AETERM,AESEV\n1,x,MILD\n2,naus\xc3", r"ae\.AETERM row 2"),
        (b'USUBJID,AETERM,AESEV\n1,x,MILD\n2,"naus\xc3', r"ae\.AETERM row 2"),
        ("USUBJID,AETERM,AESEV\n1,é,MILD\n2,x,日".encode()[:-1], r"ae\.AESEV row 2"),
    ],
)
def test_a_file_cut_off_inside_a_character_says_in_which_variable_and_row(content: bytes, place: str) -> None:
    with pytest.raises(DataError, match=rf"^{place}: found (a file|text) cut off in the middle of a character"):
        read_csv(content, Source("ae", "utf-8", "sdtm"))


def test_values_that_look_like_something_else_stay_text() -> None:
    values = ["None", "nan", "NaN", "inf", "-inf", "NA", "N/A", "null", "NULL", "1e5", "True", "#N/A", "."]
    read = values_of("\n".join(["LBORRES", *values]).encode())
    assert read == {"LBORRES": values}
