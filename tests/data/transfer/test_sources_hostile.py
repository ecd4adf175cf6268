from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import zipfile
import zlib
from pathlib import Path

import pytest

from cutbook.data.formats.signatures import content_of
from cutbook.data.transfer import files
from cutbook.data.transfer.sources import read_transfer
from cutbook.errors import DataError
from transfer_files import clean_datasets, listed, study_of, write_dataset, write_manifest, write_transfer


class Canary:
    """Write a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, int]]:
        """Return what unpickling calls."""
        return os.open, (str(self.path), os.O_CREAT | os.O_WRONLY)


def zip_bytes() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("dm.csv", "USUBJID\n1\n")
    return stream.getvalue()


NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
HOSTILE = {
    "a pickle": pickle.dumps({"a": 1}),
    "zlib-compressed data": zlib.compress(b"joblib"),
    "a zip archive": zip_bytes(),
    "a compressed file": gzip.compress(b"USUBJID\n"),
    "HTML or XML": b"\n <!DOCTYPE html><script>alert(1)</script>",
    "no data file": b"#!/bin/sh\nrm -rf /\n",
    "text in UTF-16": "USUBJID\n".encode("utf-16"),
    "binary data": b"USUBJID\n\0\0\n",
    "an empty file": b"",
}


def refused(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    manifest = write_manifest(folder, [listed(folder, name, 1)])
    with pytest.raises(DataError) as caught:
        read_transfer(study_of(["dm"]), folder, manifest)
    assert caught.value.exit_code == 3
    return str(caught.value)


@pytest.mark.parametrize("ending", [".xpt", ".sas7bdat", ".parquet", ".csv", ".json", ".ndjson"])
@pytest.mark.parametrize("kind", HOSTILE)
def test_content_that_does_not_match_the_ending_is_refused_by_what_it_is(
    tmp_path: Path, kind: str, ending: str
) -> None:
    message = refused(tmp_path, f"dm{ending}", HOSTILE[kind])
    assert f'in "dm{ending}" {kind}' in message


@pytest.mark.parametrize("ending", [".csv", ".json", ".parquet", ".sas7bdat"])
@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_a_pickle_is_never_loaded(tmp_path: Path, ending: str, protocol: int) -> None:
    canary = tmp_path / "canary"
    refused(tmp_path, f"dm{ending}", pickle.dumps(Canary(canary), protocol=protocol))
    assert not canary.exists()


@pytest.mark.parametrize("name", ["dm.pkl", "dm.joblib", "dm.ipynb", "dm.npy", "dm.xlsx", "dm.py", "dm.html"])
def test_other_endings_are_refused_whatever_they_hold(tmp_path: Path, name: str) -> None:
    assert "unknown format" in refused(tmp_path, name, b"USUBJID\n1\n")


@pytest.mark.parametrize("ending", [".json", ".ndjson"])
def test_a_notebook_under_the_ending_of_data_is_refused(tmp_path: Path, ending: str) -> None:
    assert "a Jupyter notebook" in refused(tmp_path, f"dm{ending}", NOTEBOOK)


def test_a_dataset_under_the_ending_of_another_format_is_refused(tmp_path: Path) -> None:
    write_dataset(tmp_path / "source.xpt", clean_datasets()["dm"])
    content = (tmp_path / "source.xpt").read_bytes()
    assert "a SAS transport file, version 5; expected a Parquet file" in refused(tmp_path, "dm.parquet", content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!", "a SAS transport file, version 8"),
        (b"PARE", "an encrypted Parquet file"),
        (b"\x89HDF\r\n", "a data file of another format"),
        (b"ARROW1\0\0", "a data file of another format"),
        (b"SQLite format 3\0", "a data file of another format"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\xd0\xcf\x11\xe0", "an Excel or Word file of before 2007"),
        (b"BZh91AY", "a compressed file"),
        (b"\xef\xbb\xbf<html>", "HTML or XML"),
        (b" \n[1]", "a JSON list"),
        (b"STUDYID,USUBJID\n", "comma-separated text"),
    ],
)
def test_content_is_told_by_its_first_bytes(content: bytes, kind: str) -> None:
    assert content_of(content) == kind


@pytest.mark.parametrize("is_used", [True, False])
def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, is_used: bool) -> None:
    folder = tmp_path / "transfer"
    folder.mkdir()
    write_dataset(tmp_path / "dm.csv", clean_datasets()["dm"])
    (folder / "dm.csv").symlink_to(tmp_path / "dm.csv")
    manifest = write_manifest(folder, [listed(folder, "dm.csv", 3)])
    with pytest.raises(DataError, match="a link that leaves the transfer folder"):
        read_transfer(study_of(["dm"] if is_used else ["ae"]), folder, manifest)


def test_a_folder_that_links_out_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "transfer"
    folder.mkdir()
    write_dataset(tmp_path / "outside" / "dm.csv", clean_datasets()["dm"])
    (folder / "sub").symlink_to(tmp_path / "outside")
    manifest = write_manifest(folder, [listed(folder, "sub/dm.csv", 3)])
    with pytest.raises(DataError, match="a link that leaves the transfer folder"):
        read_transfer(study_of(["dm"]), folder, manifest)


def test_without_manifest_folders_that_link_out_are_not_entered(tmp_path: Path) -> None:
    folder = tmp_path / "transfer"
    folder.mkdir()
    write_dataset(tmp_path / "outside" / "dm.csv", clean_datasets()["dm"])
    (folder / "sub").symlink_to(tmp_path / "outside")
    transfer = read_transfer(study_of(["dm"]), folder, folder / "none.json", is_unverified_allowed=True)
    assert transfer.datasets == {}
    assert transfer.received[["FILE", "VERDICT"]].to_numpy().tolist() == [
        ["sub", "no dataset in a known format: not read"]
    ]


def test_a_link_inside_the_folder_is_read(tmp_path: Path) -> None:
    write_dataset(tmp_path / "data" / "dm.csv", clean_datasets()["dm"])
    (tmp_path / "dm.csv").symlink_to(tmp_path / "data" / "dm.csv")
    manifest = write_manifest(tmp_path, [listed(tmp_path, "dm.csv", 3)])
    assert len(read_transfer(study_of(["dm"]), tmp_path, manifest).datasets["dm"]) == 3


def test_a_link_to_itself_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "dm.csv").symlink_to(tmp_path / "dm.csv")
    manifest = write_manifest(tmp_path, [{"path": "dm.csv", "dataset": "dm", "sha256": "0" * 64, "rows": 3}])
    with pytest.raises(DataError, match="no such file"):
        read_transfer(study_of(["dm"]), tmp_path, manifest)


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "dm.csv")
    manifest = write_manifest(tmp_path, [{"path": "dm.csv", "dataset": "dm", "sha256": "0" * 64, "rows": 3}])
    with pytest.raises(DataError, match="not a regular file"):
        read_transfer(study_of(["dm"]), tmp_path, manifest)


@pytest.mark.parametrize("name", ["dm", "zz"])
def test_an_oversized_file_is_refused_before_it_is_read(tmp_path: Path, name: str) -> None:
    with (tmp_path / f"{name}.xpt").open("wb") as stream:
        stream.truncate(files.LARGEST_FILE_BYTES + 1)
    manifest = write_manifest(tmp_path, [{"path": f"{name}.xpt", "dataset": name, "sha256": "0" * 64, "rows": 3}])
    with pytest.raises(DataError, match="2147483649 bytes, more than the limit of 2147483648"):
        read_transfer(study_of(["dm"]), tmp_path, manifest)


def test_the_limit_can_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = write_transfer(tmp_path, {"dm.csv": clean_datasets()["dm"]})
    monkeypatch.setattr(files, "LARGEST_FILE_BYTES", 10)
    with pytest.raises(DataError, match="more than the limit of 10"):
        read_transfer(study_of(["dm"]), tmp_path, manifest)


def test_file_names_that_do_not_print_are_listed_as_their_escapes(tmp_path: Path) -> None:
    manifest = write_transfer(tmp_path, {"dm.csv": clean_datasets()["dm"]})
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\x1b[2J\n.csv"))).write_bytes(b"x")
    received = read_transfer(study_of(["dm"]), tmp_path, manifest).received
    assert received["FILE"].tolist() == ["dm.csv", r"\udcff\x1b[2J\n.csv"]


def test_a_fault_is_one_line_whatever_the_data_hold(tmp_path: Path) -> None:
    message = refused(tmp_path, "dm.csv", b'AGE,SEX\n"1\n2\x1b[2J",F\n')
    assert message.startswith(r'dm.AGE row 1: found "1\n2\x1b[2J" in row 1;')
    assert message.isprintable()
