"""Files that are no datasets: a transfer says what lies there and what would help."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from cutbook.data.formats.signatures import content_of
from cutbook.data.transfer.others import unread_faults
from cutbook.data.transfer.sources import read_transfer
from cutbook.errors import DataError
from transfer_files import clean_datasets, listed, study_of, write_dataset, write_manifest, write_transfer

UNPACK = "unpack it, and list its files in the manifest"
SHEETS = "save each sheet as CSV in UTF-8, one file a dataset"
DOCUMENT = "have the dataset itself sent: a document holds no records"
CATALOGUE = bytes.fromhex("000000000000000000000000c2ea8163b31411cfbd92080009c7318c181f1011")


def zip_of(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


CONTENTS = {
    "zip": (zip_of("dm.xpt", "ae.xpt"), "a zip archive", UNPACK),
    "excel": (zip_of("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook", SHEETS),
    "word": (zip_of("[Content_Types].xml", "word/document.xml"), "a Word document", DOCUMENT),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel or Word file of before 2007", SHEETS),
    "rar": (b"Rar!\x1a\x07\x01\x00", "a rar archive", UNPACK),
    "7z": (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    "gzip": (b"\x1f\x8b\x08\x00", "a compressed file", UNPACK),
    "pdf": (b"%PDF-1.7\n", "a PDF document", DOCUMENT),
    "catalogue": (
        CATALOGUE,
        "a SAS catalogue",
        "have the datasets sent (.sas7bdat): a catalogue holds formats, no records",
    ),
    "cport": (
        b"**COMPRESSED** **COMPRESSED** ",
        "a SAS CPORT file",
        "have it written as a SAS transport file of version 5",
    ),
    "stata": (b"<stata_dta><header>", "a Stata file", "have it sent in a format that is read: .xpt"),
}


@pytest.mark.parametrize(("content", "kind", "remedy"), CONTENTS.values(), ids=CONTENTS)
def test_another_file_under_the_name_of_a_dataset_is_told_with_a_remedy_that_helps(
    tmp_path: Path, content: bytes, kind: str, remedy: str
) -> None:
    assert content_of(content) == kind
    (tmp_path / "dm.sas7bdat").write_bytes(content)
    manifest = write_manifest(tmp_path, [listed(tmp_path, "dm.sas7bdat", 1)])
    with pytest.raises(DataError) as caught:
        read_transfer(study_of(["dm"]), tmp_path, manifest)
    (fault,) = caught.value.faults
    assert fault.found == f'in "dm.sas7bdat" {kind}'
    assert fault.remedy.startswith(remedy)


@pytest.mark.parametrize(
    ("name", "kind", "remedy"),
    [
        ("dm.zip", "a zip archive", UNPACK),
        ("dm.xlsx", "an Excel workbook", SHEETS),
        ("dm.csv.gz", "a compressed file", UNPACK),
        ("dm.pdf", "a PDF document", DOCUMENT),
    ],
)
def test_such_a_file_in_the_manifest_is_a_fault_with_its_kind_and_remedy(
    tmp_path: Path, name: str, kind: str, remedy: str
) -> None:
    (tmp_path / name).write_bytes(b"x")
    manifest = write_manifest(tmp_path, [listed(tmp_path, name, 1) | {"dataset": "dm"}])
    with pytest.raises(DataError) as caught:
        read_transfer(study_of(["dm"]), tmp_path, manifest)
    (fault,) = caught.value.faults
    assert (fault.found, fault.remedy) == (f'"{name}", {kind}: unknown format', remedy)


def test_such_a_file_beside_the_datasets_is_told_in_the_table_of_files(tmp_path: Path) -> None:
    write_dataset(tmp_path / "dm.csv", clean_datasets()["dm"])
    for name in ("all.zip", "dm.xlsx", "acrf.pdf", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    transfer = read_transfer(study_of(["dm"]), tmp_path, tmp_path / "none.json", is_unverified_allowed=True)
    assert dict(zip(transfer.received["FILE"], transfer.received["VERDICT"], strict=True)) == {
        "dm.csv": "read, rows unverified",
        "acrf.pdf": "a PDF document: not read",
        "all.zip": "a zip archive: not read",
        "dm.xlsx": "an Excel workbook: not read",
        "notes.txt": "no dataset in a known format: not read",
    }


def test_a_packed_file_where_datasets_are_missing_is_a_fault_that_says_so() -> None:
    received = pd.DataFrame({"DATASET": ["dm", "", ""], "FILE": ["dm.csv", "all.zip", "acrf.pdf"]})
    (fault,) = unread_faults(received, ["ae", "ex"])
    assert (fault.dataset, fault.remedy) == ("all.zip", UNPACK)
    assert fault.found == "a zip archive, which is not read, where ae and ex are missing"
    assert unread_faults(received, []) == []


def test_a_packed_transfer_in_the_place_of_its_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "C1.zip").write_bytes(zip_of("dm.xpt"))
    with pytest.raises(DataError, match=r'C1: found no such folder, but "C1.zip", a zip archive; .*; unpack it'):
        read_transfer(study_of(["dm"]), tmp_path / "C1", tmp_path / "C1" / "manifest.json")


def test_the_transfer_of_another_study_is_told_by_its_name(tmp_path: Path) -> None:
    write_transfer(tmp_path, {"dm.csv": clean_datasets()["dm"]})
    manifest = write_manifest(tmp_path, [listed(tmp_path, "dm.csv", 3)], study="other")
    with pytest.raises(DataError, match=r'found "other"; expected "demo"; where the data are of this study'):
        read_transfer(study_of(["dm"]), tmp_path, manifest)


@pytest.mark.parametrize("is_used", [True, False])
def test_a_manifest_in_the_folder_that_is_not_the_one_used_is_told_as_that(tmp_path: Path, *, is_used: bool) -> None:
    folder = tmp_path / "T1"
    own = write_transfer(folder, {"dm.csv": clean_datasets()["dm"]})
    used = tmp_path / "beside.json"
    if is_used:
        used.write_bytes(own.read_bytes())
    received = read_transfer(study_of(["dm"]), folder, used, is_unverified_allowed=True).received
    assert received[["DATASET", "FILE", "VERDICT"]].to_numpy().tolist() == [
        ["dm", "dm.csv", "read" if is_used else "read, rows unverified"],
        ["", "manifest.json", "a manifest, but not the one that was used: not read"],
    ]
