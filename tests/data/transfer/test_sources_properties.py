from __future__ import annotations

import csv
import io
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutbook.data.characters import BLANKS
from cutbook.data.formats.columns import Reader, Source
from cutbook.data.formats.csv_text import read_csv
from cutbook.data.formats.dataset_json import read_dataset_json
from cutbook.data.formats.signatures import content_of
from cutbook.data.formats.variables import kind_of
from cutbook.data.formats.xpt import ibm_numbers, read_xpt
from cutbook.errors import DataError
from transfer_files import clean_datasets, dataset_json_of, frame_of_records, write_dataset

SOURCE = Source("lb", "utf-8", "sdtm")
LINE = st.text(st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="\ufffd"), max_size=20)


def ibm_bytes(value: float) -> bytes:
    """Return a number in IBM hexadecimal floating point, exactly, by the definition of the format."""
    if value == 0:
        return bytes(8)
    fraction, exponent = math.frexp(abs(value))
    digits = -(-exponent // 4)
    mantissa = int(math.ldexp(fraction, 56 + exponent - 4 * digits))
    return bytes([(0x80 if value < 0 else 0) | (digits + 64)]) + mantissa.to_bytes(7, "big")


@given(
    st.lists(st.floats(min_value=1e-70, max_value=1e70).flatmap(lambda x: st.sampled_from([x, -x, 0.0])), min_size=1)
)
def test_every_number_that_ibm_format_can_hold_comes_back_exactly(values: list[float]) -> None:
    raw = np.frombuffer(b"".join(ibm_bytes(value) for value in values), dtype=np.uint8).reshape(-1, 8)
    assert ibm_numbers(raw).tolist() == values


@given(st.lists(st.tuples(LINE, LINE), max_size=8))
def test_csv_text_comes_back_without_the_blanks_around_it(rows: list[tuple[str, str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([("LBORRES", "LBCOM"), *rows])
    frame = read_csv(stream.getvalue().encode(), SOURCE).frame
    found = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    assert found == [[value.strip(BLANKS) or None for value in row] for row in rows]


@given(st.lists(st.tuples(LINE, st.floats(-1e15, 1e15, allow_subnormal=False)), max_size=8))
def test_dataset_json_comes_back_without_the_blanks_around_it(rows: list[tuple[str, float]]) -> None:
    frame = frame_of_records({"LBORRES": [row[0] for row in rows], "LBSTRESN": [row[1] for row in rows]})
    document = dataset_json_of("lb", frame.astype({"LBSTRESN": "float64"}))
    read = read_dataset_json(json.dumps(document).encode(), SOURCE).frame
    assert read["LBORRES"].fillna("").tolist() == [text.strip(BLANKS) for text, _ in rows]
    assert read["LBSTRESN"].tolist() == [number for _, number in rows]


def faults_in(reader: Reader, content: bytes) -> list[str]:
    try:
        reader(content, SOURCE)
    except DataError as error:
        return [str(fault) for fault in error.faults]
    return []


@pytest.mark.parametrize("reader", [read_csv, read_dataset_json, read_xpt])
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_faults_of_one_printable_line(reader: Reader, content: bytes) -> None:
    assert all(line.isprintable() for line in faults_in(reader, content))


@pytest.fixture(scope="module")
def transport_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("xpt") / "lb.xpt"
    write_dataset(path, clean_datasets()["lb"])
    return path.read_bytes()


@given(data=st.data())
def test_a_damaged_transport_file_is_read_or_refused_but_never_an_accident(
    transport_file: bytes, data: st.DataObject
) -> None:
    content = bytearray(transport_file)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, 2600))] = data.draw(st.integers(0, 255))
    assert all(line.isprintable() for line in faults_in(read_xpt, bytes(content)))


@given(st.binary(max_size=50))
def test_any_bytes_have_a_description(content: bytes) -> None:
    assert content_of(content)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("number", "AESEQ LBSTRESN LBSTNRLO LBSTNRHI LBDY AESTDY AEENDY VISITNUM VISITDY EXDOSE AGE PCTPTNUM PCLLOQ"),
        ("text", "USUBJID SUBJID SITEID ARMCD AESTDTC LBDTC RFSTDTC DTHDTC LBORRES LBSTRESC LBTESTCD IDVARVAL VISIT"),
        ("free", "LBXYZ AEENTPT EXTPTX"),
    ],
)
def test_the_standard_decides_what_a_variable_holds(kind: str, names: str) -> None:
    assert {name: kind_of(name, "sdtm") for name in names.split()} == dict.fromkeys(names.split(), kind)
