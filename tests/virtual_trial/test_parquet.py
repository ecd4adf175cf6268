from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from cutbook.data.transfer.parts.restricted import read_whole_transfer
from cutbook.parameters.study import Study
from virtual_trial.domains import datasets
from virtual_trial.parquet import ParquetFile
from virtual_trial.simulate import simulate
from virtual_trial.xpt import Dataset, Variable

CUT = "C3"


@pytest.fixture(scope="session")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one transfer in Parquet files, written where there was one in transport files."""
    folder = tmp_path_factory.mktemp("parquet")
    (folder / CUT).mkdir()
    (folder / CUT / "dm.xpt").write_bytes(b"older")
    simulate(folder, only=[CUT], format="parquet")
    return folder


def test_a_cut_reads_the_same_from_parquet_as_from_transport_files(
    transfers: Path, parquet: Path, study: Study
) -> None:
    every = sorted({dataset.name for dataset in datasets()} - {*study.sources.required})
    whole = study.model_copy(update={"sources": study.sources.model_copy(update={"optional": every})})
    folders = [root / CUT for root in (transfers, parquet)]
    expected, found = (
        read_whole_transfer(whole, folder, folder / "manifest.json", folder / "restricted").datasets
        for folder in folders
    )
    assert len(expected) > 25
    assert found.keys() == expected.keys()
    for name, frame in expected.items():
        pd.testing.assert_frame_equal(found[name], frame)


@pytest.mark.parametrize("part", ["", "restricted"])
def test_the_manifest_names_the_parquet_files_and_no_other_is_there(parquet: Path, part: str) -> None:
    folder = parquet / CUT / part
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    listed = {entry["path"]: entry for entry in manifest["files"]}
    assert {path.suffix for path in map(Path, listed)} == {".parquet"}
    assert {path.name for path in folder.iterdir() if path.is_file()} == {*listed, "manifest.json"}
    for path, entry in listed.items():
        assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == entry["sha256"]
        assert pq.read_metadata(folder / path).num_rows == entry["rows"]


def test_the_metadata_hold_the_labels_and_no_moment(parquet: Path) -> None:
    schema = pq.read_schema(parquet / CUT / "ae.parquet")
    assert schema.metadata == {b"label": b"Adverse Events (synthetic data)"}
    assert schema.field("AETERM").metadata == {b"label": b"Reported Term"}
    kinds = {str(field.type) for field in schema}
    assert kinds == {"string", "double"}
    stored = pq.read_metadata(parquet / CUT / "ae.parquet").metadata
    assert stored.keys() == {b"label", b"ARROW:schema"}


def test_the_bytes_are_the_same_every_time(parquet: Path, tmp_path: Path) -> None:
    simulate(tmp_path, only=[CUT], workers=2, format="parquet")
    files = sorted(path.relative_to(parquet) for path in parquet.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert [file for file in files if (parquet / file).read_bytes() != (tmp_path / file).read_bytes()] == []


def test_what_is_empty_or_absent_is_missing(tmp_path: Path) -> None:
    shape = Dataset("xx", "Any", (Variable("NAME", "A text", 8), Variable("VALUE", "A number", 0)))
    file = ParquetFile(tmp_path, shape, "2017-04-18")
    file.append_rows([{"NAME": "é", "VALUE": 0.0}, {"NAME": "", "VALUE": ""}, {}])
    file.close()
    assert pq.read_table(file.path).to_pydict() == {"NAME": ["é", None, None], "VALUE": [0.0, None, None]}


def test_another_format_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="format: found 'csv', expected one of xpt, parquet"):
        simulate(tmp_path, format="csv")
    assert list(tmp_path.iterdir()) == []
