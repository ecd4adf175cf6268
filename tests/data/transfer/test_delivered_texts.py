"""Texts of a transfer as they were delivered: the same in every format, and what was odd in them is told."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pandas as pd
import pytest
import yaml
from pandas.testing import assert_frame_equal

from cutbook.data.checks.content import check_datasets
from cutbook.data.transfer.sources import Part, Transfer, read_part, read_transfer
from cutbook.errors import DataError
from cutbook.parameters.study import Study
from transfer_files import clean_datasets, listed, study_of, write_dataset, write_manifest, write_transfer

REQUIRED = ["dm", "ds", "ex", "ae"]
PYTHON_WORDS = ["None", "nan", "NaN", "inf", "-inf", "NA", "null", "1e5", "True", "NaT", "<NA>"]
THIN = "\N{THIN SPACE}"


def case(shared: Path, name: str) -> tuple[Study, Transfer]:
    folder = shared / "cases" / name
    settings = yaml.safe_load((shared / "cases" / "study-of-today.yaml").read_text(encoding="utf-8"))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    study = Study.model_validate(settings | {"id": manifest["study"]})
    part = Part(folder, folder / "manifest.json", manifest["transfer"])
    return study, read_part(study, part, is_unverified_allowed=False)


def test_padded_codes_count_as_those_without_blanks(shared: Path) -> None:
    ae = case(shared, "padded-text")[1].datasets["ae"]
    related = ae.loc[ae["AEREL"].eq("RELATED"), "USUBJID"].nunique()
    assert (related, int(ae["AESER"].eq("Y").sum()), int(ae["AEOUT"].eq("FATAL").sum())) == (12, 1, 1)
    assert set(ae["AESEV"]) == {"MILD", "MODERATE"}


def test_padded_codes_are_one_line_a_variable(shared: Path) -> None:
    study, padded = case(shared, "padded-text")
    assert padded.oddities["DATASET"].unique().tolist() == ["ae"]
    assert padded.oddities["VARIABLE"].tolist() == ["AEDECOD", "AESEV", "AESER", "AEREL", "AEOUT"]
    assert padded.oddities["FINDING"].str.startswith("Blanks around values: ").all()
    assert check_datasets(padded.datasets, study)[0] == []


def test_a_character_cut_off_by_the_width_of_a_variable_is_told_with_row_and_variable(shared: Path) -> None:
    with pytest.raises(DataError) as caught:
        case(shared, "truncated-character")
    (fault,) = caught.value.faults
    assert (caught.value.exit_code, fault.dataset, fault.variable, fault.row) == (3, "ae", "AETERM", 1)
    assert fault.found.startswith("text cut off in the middle of a character in row 1")
    assert "encoding" not in fault.remedy


@pytest.mark.parametrize("ending", [".xpt", ".parquet", ".csv", ".json", ".ndjson", ".dsjc"])
def test_every_format_gives_the_same_texts_and_the_same_oddities(tmp_path: Path, ending: str) -> None:
    ae = clean_datasets()["ae"]
    delivered = ae.assign(
        AESEV=[f"{THIN}MILD", "MILD\t", "SEVERE"],
        AETERM=["\N{ZERO WIDTH NO-BREAK SPACE}HEADACHE", "FALL", "\N{NO-BREAK SPACE}"],
        USUBJID=["01-001", "01-002", "01-\N{ZERO WIDTH SPACE}002"],
    )
    if ending == ".dsjc":
        write_dataset(tmp_path / "ae.ndjson", delivered)
        (tmp_path / "ae.dsjc").write_bytes(zlib.compress((tmp_path / "ae.ndjson").read_bytes()))
        (tmp_path / "ae.ndjson").unlink()
    else:
        write_dataset(tmp_path / f"ae{ending}", delivered)
    manifest = write_manifest(tmp_path, [listed(tmp_path, f"ae{ending}", 3)])
    transfer = read_transfer(study_of(["ae"]), tmp_path, manifest)
    texts = ["USUBJID", "AETERM", "AESEV", "AEDECOD", "AESER"]
    expected = ae.assign(AETERM=pd.Series(["HEADACHE", "FALL", None], dtype="str"))
    assert_frame_equal(transfer.datasets["ae"][texts], expected[texts])
    found = transfer.oddities[["VARIABLE", "ROW", "KEY"]].to_numpy().tolist()
    assert found == [["USUBJID", 3, "ae/01-002/2"], ["AETERM", 1, "ae/01-001/1"], ["AESEV", 1, "ae/01-001/1"]]
    assert transfer.received["PARTICIPANTS"].tolist() == [2]


def test_a_participant_is_the_same_in_all_datasets_of_a_transfer(tmp_path: Path) -> None:
    frames = clean_datasets()
    other = frames["ae"]["USUBJID"].replace({"01-002": "01-002\N{WORD JOINER}", "01-001": "01-\N{WORD JOINER}001"})
    manifest = write_transfer(
        tmp_path,
        {f"{name}.csv": frame.assign(**({"USUBJID": other} if name == "ae" else {})) for name, frame in frames.items()},
    )
    study = study_of(REQUIRED, ["lb"])
    transfer = read_transfer(study, tmp_path, manifest)
    faults, issues = check_datasets(transfer.datasets, study)
    assert faults == []
    assert not issues["FINDING"].str.contains("not in DM").any()
    assert transfer.datasets["ae"]["USUBJID"].tolist() == frames["ae"]["USUBJID"].tolist()


def test_two_records_of_dm_for_one_participant_are_a_fault_however_they_are_spelt(tmp_path: Path) -> None:
    dm = clean_datasets()["dm"].assign(USUBJID=["s-1", "S-1", "S-2"])
    transfer = read_transfer(study_of(["dm"]), tmp_path, write_transfer(tmp_path, {"dm.csv": dm}))
    faults, _ = check_datasets(transfer.datasets, study_of(["dm"]))
    assert "the same USUBJID in rows 1 and 2" in [fault.found for fault in faults]


@pytest.mark.parametrize("ending", [".xpt", ".parquet", ".csv", ".json", ".ndjson"])
def test_values_that_look_like_something_else_stay_text_in_every_format(tmp_path: Path, ending: str) -> None:
    count = len(PYTHON_WORDS)
    ae = pd.DataFrame(
        {"USUBJID": PYTHON_WORDS, "AESEQ": [1.0] * count, "AETERM": PYTHON_WORDS, "AESEV": ["MILD"] * count}
    )
    ae = ae.astype({"USUBJID": "str", "AETERM": "str", "AESEV": "str"})
    manifest = write_transfer(tmp_path, {f"ae{ending}": ae})
    transfer = read_transfer(study_of(["ae"]), tmp_path, manifest)
    assert transfer.datasets["ae"]["AETERM"].tolist() == PYTHON_WORDS
    assert transfer.oddities["VARIABLE"].tolist() == ["USUBJID"]
    assert transfer.datasets["ae"]["USUBJID"].nunique() == count - 1
