from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from virtual_trial.define import stated
from virtual_trial.domains import datasets

PARTS = [(cut, part) for cut in ("C1", "C2", "C3", "IA", "SL", "DBL") for part in ("", "restricted")]


def defined(transfers: Path, cut: str, part: str) -> dict[str, Any]:
    text = (transfers / "define" / part / f"{cut}.json").read_text("utf-8")
    return dict(json.loads(text))


@pytest.mark.parametrize(("cut", "part"), PARTS)
def test_the_metadata_describe_the_files_of_the_transfer(transfers: Path, cut: str, part: str) -> None:
    metadata = defined(transfers, cut, part)
    assert metadata["statement"] == "synthetic data"
    assert (metadata["transfer"], metadata["part"]) == (cut, part or "open")
    files = {path.stem: path for path in (transfers / cut / part).glob("*.xpt")}
    assert metadata["datasets"].keys() == files.keys()
    for name, path in files.items():
        frame, meta = pyreadstat.read_xport(path)
        stated = metadata["datasets"][name]
        assert stated["label"] == meta.file_label
        variables = sorted(stated["variables"].items(), key=lambda item: item[1]["order"])
        assert [variable for variable, _ in variables] == list(frame)
        assert [entry["label"] for _, entry in variables] == meta.column_labels
        widths = {variable: entry["length"] for variable, entry in variables}
        assert widths == meta.variable_storage_width
        numbers = [variable for variable, entry in variables if entry["type"] == "float"]
        assert numbers == list(frame.select_dtypes("float64"))


@pytest.mark.parametrize(("cut", "part"), PARTS)
def test_the_metadata_are_sorted_and_say_which_structure_each_dataset_has(transfers: Path, cut: str, part: str) -> None:
    metadata = defined(transfers, cut, part)
    text = (transfers / "define" / part / f"{cut}.json").read_text("utf-8")
    assert text == json.dumps(metadata, indent=1, sort_keys=True) + "\n"
    assert all(entry["structure"].startswith("One record per ") for entry in metadata["datasets"].values())


def test_the_sponsor_terms_are_those_that_the_data_use(transfers: Path) -> None:
    opened, secret = defined(transfers, "DBL", ""), defined(transfers, "DBL", "restricted")
    frame = pyreadstat.read_xport(transfers / "DBL" / "qs.xpt")[0]
    rated = frame[frame["QSCAT"] == "ALSFRS-R"]
    terms = opened["codelists"]["QSTESTCD"]["sponsor_terms"]
    assert terms == dict(zip(rated["QSTESTCD"], rated["QSTEST"], strict=True))
    assert opened["codelists"]["QSTEST"]["sponsor_terms"].keys() == {*rated["QSTEST"]}
    assert list(opened["codelists"]["QSCAT"]["sponsor_terms"]) == ["ALSFRS-R"]
    assert secret["codelists"]["LBTESTCD"]["sponsor_terms"] == {"SOD1": "Superoxide Dismutase 1"}
    assert secret["datasets"]["lb"]["variables"]["LBTESTCD"]["codelist"] == "LBTESTCD"


def test_every_codelist_belongs_to_a_variable_and_every_dataset_has_a_structure() -> None:
    variables = {variable.name for dataset in datasets() for variable in dataset.variables}
    assert stated()["codelists"].keys() <= variables
    assert {*stated()["sponsor_terms"]} <= {*stated()["codelists"].values()}
    assert stated()["structures"].keys() == {dataset.name for dataset in datasets()}
