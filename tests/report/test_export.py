"""Derived datasets of a cut as files: which there are, their manifest, and that nothing is left of a failed export."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pandas as pd
import pytest

from command_line import call
from cutbook.cli.studies import export as command
from cutbook.data.formats.columns import Source as File
from cutbook.data.formats.dataset_json import read_dataset_json
from cutbook.data.formats.xpt import read_xpt
from cutbook.errors import DataError, ParameterError
from cutbook.report import export
from cutbook.report.export import ARCHIVE, FORMATS, Source, export_cut
from cutbook.standards.labels import adam_labels
from transfer_files import study_of

NOW = "2026-11-28T09:00:00Z"
ADSL = pd.DataFrame({"USUBJID": ["01", "02"], "AGE": [40.0, 51.0], "ANYNUMBER": [1.0, 2.0], "BASEFACT": ["A", None]})


def exported(
    to: Path, datasets: dict[str, pd.DataFrame], formats: tuple[str, ...] = ("xpt", "json"), **changes: object
):
    """Export given datasets."""
    characteristics = [{"variable": "BASEFACT", "label": "Fact at baseline", "testcd": ["X"], "dataset": "sc"}]
    study = study_of(["dm"], characteristics=characteristics, **changes)
    cut = SimpleNamespace(cut_id="C1", cutoff_date="2024-04-01")
    staged = SimpleNamespace(study=study, cut=cut, datasets={}, stamps={"extracted": "2024-04-01"})
    with patch.object(export, "derived", lambda _: datasets):
        return export_cut(Source(staged, NOW), to, formats)


def test_every_format_is_a_transfer_with_its_manifest(tmp_path):
    made = exported(tmp_path / "out", {"adsl": ADSL})
    assert {str(path.relative_to(tmp_path)): rows for path, rows in made.files.items()} == {
        "out/xpt/adsl.xpt": 2, "out/json/adsl.json": 2,
    }  # fmt: skip
    assert made.left_out == {"adsl": ["ANYNUMBER"]}
    manifest = json.loads((tmp_path / "out/json/manifest.json").read_text(encoding="utf-8"))
    digest = manifest["files"][0].pop("sha256")
    assert len(digest) == 64
    assert manifest == {
        "format": "cutbook-transfer-1", "study": "demo", "transfer": "json", "extracted": "2024-04-01",
        "is_synthetic": True, "files": [{"path": "adsl.json", "dataset": "adsl", "rows": 2}],
    }  # fmt: skip
    source = File("adsl", "utf-8", "adam")
    read = read_dataset_json((tmp_path / "out/json/adsl.json").read_bytes(), source)
    assert read.labels == {
        "USUBJID": "Unique Subject Identifier", "AGE": "Age", "ANYNUMBER": "ANYNUMBER", "BASEFACT": "Fact at baseline",
    }  # fmt: skip
    both = read.frame.drop(columns="ANYNUMBER"), read_xpt((tmp_path / "out/xpt/adsl.xpt").read_bytes(), source).frame
    pd.testing.assert_frame_equal(*both)


def test_what_is_not_real_says_so_in_every_file(tmp_path):
    exported(tmp_path / "out", {"adsl": ADSL}, ("json",))
    assert json.loads((tmp_path / "out/json/adsl.json").read_text())["label"] == "Subject-Level, synthetic data"
    exported(tmp_path / "real", {"adsl": ADSL}, ("json",), is_synthetic=False)
    assert json.loads((tmp_path / "real/json/adsl.json").read_text())["label"] == "Subject-Level Analysis Dataset"


def test_a_folder_that_exists_is_refused_and_stays(tmp_path):
    with pytest.raises(ParameterError, match="a folder to make"):
        exported(tmp_path, {"adsl": ADSL})
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_an_export_that_fails(tmp_path):
    with pytest.raises(DataError, match="201 bytes"):
        exported(tmp_path / "out", {"adsl": ADSL.assign(BASEFACT="x" * 201)})
    assert list(tmp_path.iterdir()) == []


def test_no_label_is_longer_than_a_transport_file_holds():
    assert [words for words in adam_labels().values() if len(words) > 40] == []


def test_the_command_offers_every_form_that_there_is():
    (option,) = [one for one in command.params if one.name == "formats"]
    assert tuple(option.type.choices) == FORMATS
    assert ARCHIVE in FORMATS


@pytest.mark.parametrize("audience", ["dummy", "real"])
def test_another_class_is_refused_before_anything_is_read(tmp_path, capsys, audience):
    arguments = ["export", "tofersen", "C1", "--to", str(tmp_path / "out"), "--audience", audience]
    code, out, errors = call(capsys, *arguments, "--project", str(tmp_path))
    assert (code, out) == (4, "")
    assert errors[0].startswith(f"4 audience: found '{audience}'")
    assert not (tmp_path / "out").exists()
