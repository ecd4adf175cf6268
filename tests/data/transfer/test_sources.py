from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cutbook.data.transfer.sources import read_transfer
from cutbook.errors import DataError, ParameterError
from cutbook.parameters.study import Study
from transfer_files import (
    clean_datasets,
    frame_of_records,
    listed,
    study_of,
    write_dataset,
    write_manifest,
    write_transfer,
)

NAMES = ["dm", "ds", "ex", "ae", "lb"]


def all_as(ending: str) -> dict[str, pd.DataFrame]:
    return {f"{name}{ending}": frame for name, frame in clean_datasets().items()}


def pilot_study(**sources: object) -> Study:
    optional = [
        "lb", "vs", "qs", "cm", "mh", "sc", "sv", "se", "suppae", "suppdm", "suppds", "supplb", "relrec",
        "ta", "te", "ti", "ts", "tv", "pc", "pp", "eg",
    ]  # fmt: skip
    return study_of(
        ["dm", "ae", "ex", "ds"],
        id="cdiscpilot01",
        is_synthetic=False,
        sources={"optional": optional, "encodings": {"ts": "cp1252"}, **sources},
    )


@pytest.mark.parametrize("ending", [".xpt", ".parquet", ".csv", ".json", ".ndjson"])
def test_every_format_gives_the_same_datasets(tmp_path: Path, ending: str) -> None:
    manifest = write_transfer(tmp_path, all_as(ending))
    transfer = read_transfer(study_of(NAMES), tmp_path, manifest)
    assert transfer.is_verified
    assert transfer.extracted == "2024-04-01"
    assert set(transfer.datasets) == set(NAMES)
    for name, frame in clean_datasets().items():
        pd.testing.assert_frame_equal(transfer.datasets[name], frame)


def test_the_received_table_lists_every_file(tmp_path: Path) -> None:
    manifest = write_transfer(tmp_path, {"sdtm/dm.xpt": clean_datasets()["dm"], "ae.csv": clean_datasets()["ae"]})
    (tmp_path / "note.txt").write_text("not data", encoding="utf-8")
    received = read_transfer(study_of(["dm"], ["lb"]), tmp_path, manifest).received
    files = received[["DATASET", "FILE", "ROWS", "PARTICIPANTS", "VERDICT"]].astype(object)
    assert files.where(files.notna(), None).to_numpy().tolist() == [
        ["dm", "sdtm/dm.xpt", 3, 3, "read"],
        ["ae", "ae.csv", 3, None, "not used by this study"],
        ["", "note.txt", None, None, "not in the manifest: not read"],
    ]
    assert received["SHA256"].str.len().tolist() == [64, 64, 0]


def test_the_latest_collected_date_is_found_among_partial_and_impossible_dates(tmp_path: Path) -> None:
    ae = clean_datasets()["ae"].assign(AESTDTC=["2024-02", "2024-02-30", "2024-03-01T10:00"])
    manifest = write_transfer(tmp_path, {"ae.csv": ae})
    assert read_transfer(study_of(["ae"]), tmp_path, manifest).received["LATEST"].tolist() == ["2024-03-01"]


def test_labels_come_with_the_datasets(tmp_path: Path) -> None:
    manifest = write_transfer(tmp_path, {"dm.json": clean_datasets()["dm"]})
    assert read_transfer(study_of(["dm"]), tmp_path, manifest).labels["dm"]["AGE"] == "Label of AGE"


def test_a_dataset_that_the_study_does_not_name_is_hashed_but_not_parsed(tmp_path: Path) -> None:
    (tmp_path / "zz.csv").write_bytes(b'"unterminated')
    manifest = write_manifest(tmp_path, [listed(tmp_path, "zz.csv", 7)])
    transfer = read_transfer(study_of([], ["dm"]), tmp_path, manifest)
    assert transfer.datasets == {}
    assert transfer.received["VERDICT"].tolist() == ["not used by this study"]


def test_a_changed_file_is_a_fault_even_when_the_study_does_not_use_it(tmp_path: Path) -> None:
    manifest = write_transfer(tmp_path, {"dm.csv": clean_datasets()["dm"], "ae.csv": clean_datasets()["ae"]})
    for name in ("dm.csv", "ae.csv"):
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes().replace(b"01-001", b"01-00X"))
    with pytest.raises(DataError) as caught:
        read_transfer(study_of(["dm"]), tmp_path, manifest)
    assert [fault.dataset for fault in caught.value.faults] == ["dm", "ae"]
    assert all("SHA-256" in fault.found for fault in caught.value.faults)


def test_an_xpt_cut_at_a_card_is_refused_by_its_hash(tmp_path: Path) -> None:
    manifest = write_transfer(tmp_path, {"lb.xpt": clean_datasets()["lb"]})
    path = tmp_path / "lb.xpt"
    path.write_bytes(path.read_bytes()[:-80])
    with pytest.raises(DataError, match="the file is cut off or was changed") as caught:
        read_transfer(study_of(["lb"]), tmp_path, manifest)
    assert caught.value.exit_code == 3


def test_an_xpt_cut_before_the_manifest_was_written_is_refused_by_its_rows(tmp_path: Path) -> None:
    frame = frame_of_records({"USUBJID": [f"{row:0>80}" for row in range(4)]})
    write_dataset(tmp_path / "lb.xpt", frame)
    path = tmp_path / "lb.xpt"
    path.write_bytes(path.read_bytes()[:-80])
    manifest = write_manifest(tmp_path, [listed(tmp_path, "lb.xpt", 4)])
    with pytest.raises(DataError, match="3 rows; expected 4 rows as the manifest states"):
        read_transfer(study_of(["lb"]), tmp_path, manifest)


def test_a_transfer_without_manifest_is_refused(tmp_path: Path) -> None:
    write_dataset(tmp_path / "dm.xpt", clean_datasets()["dm"])
    with pytest.raises(DataError, match=r"manifest\.json: found no such file; .* --unverified"):
        read_transfer(study_of(["dm"]), tmp_path, tmp_path / "manifest.json")


def test_a_transfer_without_manifest_is_read_as_unverified_when_that_is_allowed(tmp_path: Path) -> None:
    write_dataset(tmp_path / "DM.xpt", clean_datasets()["dm"])
    write_dataset(tmp_path / "sub" / "ae.csv", clean_datasets()["ae"])
    (tmp_path / "a b.csv").write_text("not a dataset's name", encoding="utf-8")
    (tmp_path / "ae.pkl").write_bytes(b"\x80\x04.")
    transfer = read_transfer(study_of(["dm", "ae"]), tmp_path, tmp_path / "manifest.json", is_unverified_allowed=True)
    assert not transfer.is_verified
    assert transfer.extracted == ""
    assert sorted(transfer.datasets) == ["ae", "dm"]
    assert dict(zip(transfer.received["FILE"], transfer.received["VERDICT"], strict=True)) == {
        "DM.xpt": "read, rows unverified",
        "sub/ae.csv": "read, rows unverified",
        "a b.csv": "no dataset in a known format: not read",
        "ae.pkl": "no dataset in a known format: not read",
    }


def test_a_manifest_that_is_there_is_checked_even_when_none_is_needed(tmp_path: Path) -> None:
    manifest = write_transfer(tmp_path, {"dm.csv": clean_datasets()["dm"]})
    (tmp_path / "dm.csv").write_bytes(b"USUBJID\n1\n")
    with pytest.raises(DataError, match="SHA-256"):
        read_transfer(study_of(["dm"]), tmp_path, manifest, is_unverified_allowed=True)


def test_without_manifest_two_files_of_one_dataset_are_a_fault(tmp_path: Path) -> None:
    write_dataset(tmp_path / "dm.xpt", clean_datasets()["dm"])
    write_dataset(tmp_path / "old" / "dm.csv", clean_datasets()["dm"])
    with pytest.raises(DataError, match="dm: found more than one file of this name"):
        read_transfer(study_of(["dm"]), tmp_path, tmp_path / "none.json", is_unverified_allowed=True)


def test_faults_of_the_manifest_and_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    manifest = write_transfer(tmp_path, all_as(".csv"))
    (tmp_path / "dm.csv").unlink()
    (tmp_path / "ae.csv").write_bytes(b"changed")
    files = [listed(tmp_path, f"{name}.csv", 2) for name in ("ds", "lb")]
    files += [{"path": "../x.csv", "dataset": "xx", "sha256": "0" * 64, "rows": 1}]
    files += [{"path": f"{name}.csv", "dataset": name, "sha256": "0" * 64, "rows": 1} for name in ("dm", "ae")]
    manifest = write_manifest(tmp_path, files, study="other")
    with pytest.raises(DataError) as caught:
        read_transfer(study_of(NAMES), tmp_path, manifest)
    lines = [str(fault) for fault in caught.value.faults]
    expected = ["manifest.json.study", "manifest.json.files[2] (xx).path", "ds", "lb", "dm", "ae"]
    assert [line.split(": ")[0] for line in lines] == expected


def test_a_missing_folder_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="C9: found no such folder"):
        read_transfer(study_of(["dm"]), tmp_path / "C9", tmp_path / "C9" / "manifest.json")


@pytest.mark.parametrize("name", ["klingon", "utf-16", "cp037", "base64"])
def test_an_encoding_that_cannot_be_used_is_a_fault_of_the_study_file(tmp_path: Path, name: str) -> None:
    study = study_of(["dm"], sources={"encodings": {"ae": name}})
    with pytest.raises(ParameterError, match=r"study\.yaml\.sources\.encodings\.ae: found") as caught:
        read_transfer(study, tmp_path, tmp_path / "manifest.json")
    assert caught.value.exit_code == 2


def test_the_encoding_of_one_dataset_replaces_that_of_the_study(tmp_path: Path) -> None:
    (tmp_path / "dm.csv").write_bytes("USUBJID\né\n".encode("cp1252"))
    (tmp_path / "ae.csv").write_bytes("USUBJID\né\n".encode())
    manifest = write_manifest(tmp_path, [listed(tmp_path, "dm.csv", 1), listed(tmp_path, "ae.csv", 1)])
    study = study_of(["dm", "ae"], sources={"encodings": {"dm": "cp1252"}})
    transfer = read_transfer(study, tmp_path, manifest)
    assert [frame["USUBJID"].tolist() for frame in transfer.datasets.values()] == [["é"], ["é"]]


def test_variables_without_values_get_the_type_of_the_standard(tmp_path: Path) -> None:
    frame = pd.DataFrame({"USUBJID": ["a"], "LBSTRESC": [float("nan")], "LBXYZ": [float("nan")]})
    write_dataset(tmp_path / "lb.parquet", frame)
    manifest = write_manifest(tmp_path, [listed(tmp_path, "lb.parquet", 1)])
    read = read_transfer(study_of(["lb"]), tmp_path, manifest).datasets["lb"]
    assert read.dtypes.astype(str).to_dict() == {"USUBJID": "str", "LBSTRESC": "str", "LBXYZ": "float64"}


def test_the_whole_pilot_is_read_with_the_documented_numbers_of_rows(project: Path, shared: Path) -> None:
    folder = shared / "data" / "cdiscpilot01"
    manifest = project / "parameters" / "cdiscpilot01" / "manifest.json"
    transfer = read_transfer(pilot_study(), folder, manifest)
    rows = {name: len(frame) for name, frame in transfer.datasets.items()}
    documented = {"dm": 306, "lb": 59_580, "qs": 121_749, "supplb": 64_403, "pc": 4_572, "pp": 2_688, "eg": 26_717}
    assert {name: rows[name] for name in documented} == documented
    assert transfer.is_verified
    assert transfer.extracted == "2015-03-06"
    assert transfer.received["VERDICT"].value_counts().to_dict() == {"read": 25, "not in the manifest: not read": 1}
    assert transfer.received.set_index("DATASET").loc["ex", ["PARTICIPANTS", "LATEST"]].tolist() == [254, "2015-03-05"]


def test_the_pilots_characters_need_the_declared_encoding(project: Path, shared: Path) -> None:
    manifest = project / "parameters" / "cdiscpilot01" / "manifest.json"
    with pytest.raises(
        DataError, match=r"^ts\.TSVAL row 9: found bytes that are not utf-8 in rows 9, 14 and 29;[^\n]*$"
    ):
        read_transfer(pilot_study(encodings={}), shared / "data" / "cdiscpilot01", manifest)
