from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from cutbook.data.transfer.parts import restricted as reading
from cutbook.data.transfer.parts.restricted import read_whole_transfer
from cutbook.data.transfer.sources import Part, Transfer, read_transfer
from cutbook.errors import DataError
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import Project, restricted_folder
from cutbook.parameters.study import Study
from transfer_files import clean_datasets, frame_of_records, listed, study_of, write_dataset, write_manifest

ARMS, DOSES = ["ARMCD", "ACTARMCD"], ["EXTRT", "EXDOSE"]
RULES: dict[str, Any] = {
    "variables": {"dm": ARMS, "ex": DOSES},
    "records": {"pc": {}, "is": {}, "lb": {"LBTESTCD": ["SOD1"]}},
}
NAMES = ["dm", "ds", "ex", "ae", "lb", "pc"]
Frames = dict[str, pd.DataFrame]


def study_with(**rules: Any) -> Study:
    return study_of([], NAMES, sources={"restricted": RULES | rules})


def whole() -> Frames:
    samples = {"USUBJID": ["01-002", "01-002"], "PCSEQ": [1.0, 2.0], "PCTESTCD": ["X", "X"], "PCSTRESN": [0.5, 9.0]}
    return clean_datasets() | {"pc": frame_of_records(samples)}


def split(frames: Frames) -> tuple[Frames, Frames]:
    """Return the open part, arm columns blank and dose columns left out, and the restricted part."""
    dm, ex, lb = frames["dm"], frames["ex"], frames["lb"]
    is_marker = lb["LBTESTCD"] == "SOD1"
    opened = {
        **{name: frames[name] for name in ("ds", "ae")},
        "dm": dm.assign(**{arm: pd.Series([None] * len(dm), dtype="str") for arm in ARMS}),
        "ex": ex.drop(columns=DOSES),
        "lb": lb[~is_marker],
    }
    secret = {
        "dm": dm[["STUDYID", "DOMAIN", "USUBJID", *ARMS]],
        "ex": ex[["USUBJID", "EXSEQ", *DOSES]],
        "lb": lb[is_marker],
        "pc": frames["pc"],
    }
    return opened, secret


@dataclass
class Case:
    """Two parts to write under a folder, the ending of their files, and the study that states what lies where."""

    root: Path
    opened: Frames
    secret: Frames
    study: Study = field(default_factory=study_with)
    ending: str = ".parquet"
    apart: Path | None = None

    @property
    def folder(self) -> Path:
        return self.root / "T1"

    def write(self) -> None:
        self.apart = self.apart or self.folder / "restricted"
        for folder, frames in ((self.folder, self.opened), (self.apart, self.secret)):
            folder.mkdir(parents=True, exist_ok=True)
            files = {f"{name}{self.ending}": frame for name, frame in frames.items()}
            for name, frame in files.items():
                write_dataset(folder / name, frame.reset_index(drop=True))
            write_manifest(folder, [listed(folder, name, len(frame)) for name, frame in files.items()], transfer="T1")

    def read(self, *, is_unverified_allowed: bool = False) -> Transfer:
        manifest = self.folder / "manifest.json"
        return read_whole_transfer(
            self.study, self.folder, manifest, self.apart, is_unverified_allowed=is_unverified_allowed
        )

    def faults(self) -> list[str]:
        self.write()
        with pytest.raises(DataError) as caught:
            self.read()
        assert caught.value.exit_code == 3
        return [str(fault) for fault in caught.value.faults]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    opened, secret = split(whole())
    return Case(tmp_path, opened, secret)


@pytest.mark.parametrize("ending", [".xpt", ".parquet", ".csv", ".ndjson"])
def test_the_two_parts_together_are_the_unsplit_datasets(case: Case, ending: str) -> None:
    case.ending = ending
    case.write()
    transfer = case.read()
    assert set(transfer.datasets) == set(NAMES)
    for name, frame in whole().items():
        pd.testing.assert_frame_equal(transfer.datasets[name][list(frame)], frame)
    assert transfer.is_verified


def test_blank_columns_are_filled_in_their_place_and_absent_ones_come_last(case: Case) -> None:
    case.write()
    datasets = case.read().datasets
    assert list(datasets["dm"]) == list(whole()["dm"])
    assert list(datasets["ex"])[-2:] == DOSES


def test_columns_are_joined_by_key_whatever_the_order_of_the_restricted_rows(case: Case) -> None:
    case.secret["dm"] = case.secret["dm"].iloc[[2, 0, 1]]
    case.write()
    pd.testing.assert_frame_equal(case.read().datasets["dm"], whole()["dm"])


def test_received_lists_the_files_of_both_parts_each_once(case: Case) -> None:
    case.write()
    received = case.read().received
    assert received["FILE"].tolist() == [
        *["ds.parquet", "ae.parquet", "dm.parquet", "ex.parquet", "lb.parquet"],
        *[f"restricted/{name}.parquet" for name in ("dm", "ex", "lb", "pc")],
    ]
    assert received["ROWS"].tolist() == [3, 3, 3, 2, 2, 3, 2, 2, 2]


def test_labels_of_both_parts_are_kept(case: Case) -> None:
    case.ending = ".ndjson"
    case.write()
    labels = case.read().labels
    assert labels["ex"].keys() == {*whole()["ex"]}
    assert labels["pc"]["PCSEQ"] == "Label of PCSEQ"


def test_the_open_part_alone_neither_reads_nor_lists_the_restricted_one(case: Case) -> None:
    case.write()
    (case.folder / "restricted" / "manifest.json").write_text("damaged", encoding="utf-8")
    transfer = read_transfer(case.study, case.folder, case.folder / "manifest.json")
    assert "pc" not in transfer.datasets
    assert not transfer.received["FILE"].str.contains("restricted").any()


def test_the_restricted_part_may_lie_in_a_root_of_its_own(case: Case, tmp_path: Path) -> None:
    case.study = study_with(root="apart")
    cut = CutParameters(study="demo", cut_id="C1", cutoff_date="2024-03-01", transfer="T1")
    case.apart = restricted_folder(Project(tmp_path), case.study, cut)
    assert case.apart == tmp_path / "apart" / "T1"
    case.write()
    transfer = case.read()
    pd.testing.assert_frame_equal(transfer.datasets["dm"], whole()["dm"])
    assert "restricted/dm.parquet" in set(transfer.received["FILE"])


def test_the_restricted_part_lies_in_a_folder_of_the_transfer_or_nowhere(tmp_path: Path) -> None:
    cut = CutParameters(study="demo", cut_id="C1", cutoff_date="2024-03-01", transfer="T1")
    place = Project(tmp_path)
    assert restricted_folder(place, study_with(folder="keys"), cut) == tmp_path / "transfers" / "T1" / "keys"
    assert restricted_folder(place, study_of(["dm"]), cut) is None


def test_a_study_without_a_restricted_part_reads_one_folder(tmp_path: Path) -> None:
    case = Case(tmp_path, whole(), {}, study_of([], NAMES))
    case.write()
    case.apart = None
    assert set(case.read().datasets) == set(NAMES)


def test_parts_without_manifests_are_read_where_that_is_allowed_and_are_unverified(case: Case) -> None:
    case.write()
    (case.folder / "manifest.json").unlink()
    (case.folder / "restricted" / "manifest.json").unlink()
    transfer = case.read(is_unverified_allowed=True)
    assert not transfer.is_verified
    pd.testing.assert_frame_equal(transfer.datasets["lb"], whole()["lb"])


def test_an_unblinded_run_without_the_restricted_part_is_refused(case: Case, tmp_path: Path) -> None:
    case.write()
    case.apart = tmp_path / "T1" / "elsewhere"
    with pytest.raises(DataError, match="restricted: found no such folder; expected the restricted part"):
        case.read()


def test_a_restricted_part_that_may_not_be_opened_says_so(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> bool:
        raise PermissionError(path)

    case.write()
    assert case.apart is not None
    monkeypatch.setattr(type(case.apart), "is_dir", refused)
    part = Part(case.apart, case.apart / "manifest.json", "T1")
    assert case.study.sources.restricted is not None
    with pytest.raises(DataError, match="a folder that you may not open"):
        reading._read_apart(case.study, case.study.sources.restricted, part, is_unverified_allowed=False)


def test_faults_of_both_parts_are_reported_at_once(case: Case) -> None:
    case.write()
    for file in (case.folder / "ae.parquet", case.folder / "restricted" / "pc.parquet"):
        file.write_bytes(b"damaged")
    with pytest.raises(DataError) as caught:
        case.read()
    assert [fault.dataset for fault in caught.value.faults] == ["ae", "restricted/pc"]


def test_an_open_column_with_a_value_is_not_blinded_safe_and_the_value_is_not_repeated(case: Case) -> None:
    case.opened["dm"] = case.opened["dm"].assign(ARMCD=[None, "ACT", None]).astype({"ARMCD": "str"})
    (fault,) = case.faults()
    assert fault.startswith("dm.ARMCD row 2 key dm/01-002: found a value in row 2 of the open part")
    assert "the open part is not blinded-safe" in fault
    assert "ACT;" not in fault


@pytest.mark.parametrize("code", ["SOD1", "sod1", " SOD1 "])
def test_an_open_restricted_record_is_not_blinded_safe(case: Case, code: str) -> None:
    case.opened["lb"] = case.opened["lb"].assign(LBTESTCD=["GLUC", code])
    (fault,) = case.faults()
    assert fault.startswith("lb.LBTESTCD row 2 key lb/01-002/1: found a restricted record in row 2 of the open part")
    assert "not blinded-safe" in fault


@pytest.mark.parametrize("name", ["pc", "is"])
def test_an_open_file_of_a_restricted_dataset_is_not_blinded_safe_used_or_not(case: Case, name: str) -> None:
    case.opened[name] = whole()["pc"]
    (fault,) = case.faults()
    assert fault.startswith(f'{name}: found the file "{name}.parquet" in the open part')


def test_an_open_file_named_as_a_restricted_dataset_is_not_blinded_safe_listed_or_not(case: Case) -> None:
    case.write()
    write_dataset(case.folder / "PC.csv", whole()["pc"])
    with pytest.raises(DataError, match=r'pc: found the file "PC\.csv" in the open part'):
        case.read()


def test_an_open_dataset_without_the_variable_that_tells_restricted_records_is_refused(case: Case) -> None:
    case.opened["lb"] = case.opened["lb"].drop(columns="LBTESTCD")
    assert case.faults()[0].startswith("lb.LBTESTCD: found no such text column")


def test_a_key_in_one_part_only_is_a_fault_with_dataset_and_row(case: Case) -> None:
    case.secret["ex"] = case.secret["ex"].assign(EXSEQ=[1.0, 7.0])
    first, second = case.faults()
    assert first.startswith("ex.EXSEQ row 2 key ex/01-002/1: found no record of this key in the other part for row 2")
    assert second.startswith("restricted/ex.EXSEQ row 2 key ex/01-002/7")


def test_a_key_twice_in_the_restricted_part_is_a_fault(case: Case) -> None:
    case.secret["dm"] = case.secret["dm"].iloc[[0, 1, 1, 2]]
    (fault,) = case.faults()
    assert fault.startswith("restricted/dm.USUBJID row 2 key dm/01-002: found the same USUBJID in rows 2 and 3")


def test_a_dataset_with_restricted_columns_needs_both_parts(case: Case) -> None:
    del case.secret["ex"], case.opened["dm"]
    faults = case.faults()
    assert faults[0].startswith("dm: found no open part")
    assert faults[1].startswith("restricted/ex: found no restricted part")


def test_a_dataset_without_restricted_records_yet_needs_no_restricted_file(case: Case) -> None:
    del case.secret["lb"]
    case.write()
    assert case.read().datasets["lb"]["LBTESTCD"].tolist() == ["GLUC", "GLUC"]


def test_a_dataset_that_neither_part_holds_is_no_fault(case: Case) -> None:
    del case.secret["ex"], case.opened["ex"]
    case.write()
    assert "ex" not in case.read().datasets


def test_the_restricted_part_holds_what_is_stated_and_nothing_else(case: Case) -> None:
    case.secret["ae"] = whole()["ae"]
    case.secret["dm"] = case.secret["dm"].drop(columns="ACTARMCD").assign(AGE=[1.0, 2.0, 3.0])
    case.secret["lb"] = case.secret["lb"].assign(LBTESTCD=["SOD1", "GLUC"])
    starts = [
        "restricted/ae: found a dataset that is not stated as restricted",
        "restricted/dm.ACTARMCD: found no such column",
        "restricted/dm.AGE: found a column not stated as restricted",
        "restricted/lb.LBTESTCD row 2 key lb/01-002/2: found a record not stated as restricted in row 2",
    ]
    assert [any(fault.startswith(start) for fault in case.faults()) for start in starts] == [True] * 4


def test_restricted_records_without_the_variable_that_tells_them_are_refused(case: Case) -> None:
    case.secret["lb"] = case.secret["lb"].drop(columns="LBTESTCD")
    assert case.faults()[0].startswith("restricted/lb.LBTESTCD: found no such text column")


def test_a_variable_of_two_types_is_a_fault(case: Case) -> None:
    case.secret["lb"] = case.secret["lb"].assign(VISIT=[1.0, 2.0])
    (fault,) = case.faults()
    assert fault.startswith("lb.VISIT: found text in one part of the transfer, numbers in the other")


def test_records_that_cannot_be_told_apart_cannot_be_joined(case: Case) -> None:
    case.secret["ex"] = case.secret["ex"].drop(columns="EXSEQ")
    assert any("ex: found no column that tells the records apart" in fault for fault in case.faults())


def test_parts_of_two_extractions_do_not_belong_together(case: Case) -> None:
    case.write()
    files = [listed(case.folder / "restricted", f"{name}.parquet", len(frame)) for name, frame in case.secret.items()]
    write_manifest(case.folder / "restricted", files, transfer="T1", extracted="2024-05-01")
    with pytest.raises(DataError, match=r'restricted/manifest\.json\.extracted: found "2024-05-01"'):
        case.read()


def test_parts_of_different_numbers_of_copies_do_not_belong_together(case: Case) -> None:
    case.write()
    files = [listed(case.folder / "restricted", f"{name}.parquet", len(frame)) for name, frame in case.secret.items()]
    write_manifest(case.folder / "restricted", files, transfer="T1", copies=10)
    with pytest.raises(DataError, match=r'restricted/manifest\.json\.copies: found "10"; expected "1" as of the open'):
        case.read()


def test_the_restricted_manifest_states_the_name_of_the_transfer(case: Case) -> None:
    case.write()
    write_manifest(case.folder / "restricted", [], transfer="T0")
    with pytest.raises(DataError, match=r'restricted/manifest\.json\.transfer: found "T0"; expected "T1"'):
        case.read()


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"variables": {"lb": ["LBSTRESN"]}}, "not lb under both"),
        ({"variables": {"zz": ["ZZTRT"]}, "records": {}}, "zz of restricted among required or optional"),
        ({"records": {"vs": {"VSTESTCD": ["TEMP"]}}}, "vs of restricted among required or optional"),
        ({"variables": {"dm": []}}, "at least 1 item"),
        ({"folder": "../C1"}, "should match pattern"),
    ],
)
def test_a_statement_that_cannot_be_checked_is_refused(rules: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        study_with(**rules)


ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"


def test_a_participant_spelt_in_another_way_in_the_restricted_part_is_the_one_of_the_open_part(case: Case) -> None:
    spelt = {"01-001": f"01-{ZERO_WIDTH}001", "01-002": "01 -002"}
    case.secret = {name: frame.assign(USUBJID=frame["USUBJID"].replace(spelt)) for name, frame in case.secret.items()}
    case.write()
    transfer = case.read()
    for name, frame in whole().items():
        pd.testing.assert_frame_equal(transfer.datasets[name][list(frame)], frame)
    told = transfer.oddities[transfer.oddities["FINDING"].str.startswith("Participant spelt in another way")]
    assert told["DATASET"].tolist() == [f"restricted/{name}" for name in case.secret]
    assert told["KEY"].tolist()[0] == "dm/01-001"


def test_oddities_of_a_dataset_in_both_parts_name_the_key_and_no_row_of_a_file(case: Case) -> None:
    case.opened["lb"] = case.opened["lb"].assign(LBORRES=[" 5.1", "4.9"])
    case.opened["ae"] = case.opened["ae"].assign(AESEV=["MILD", "MILD ", "SEVERE"])
    case.write()
    told = case.read().oddities
    assert told[["DATASET", "KEY"]].to_numpy().tolist() == [["ae", "ae/01-002/1"], ["lb", "lb/01-001/1"]]
    assert told["ROW"].fillna(0).tolist() == [2, 0]


@pytest.mark.parametrize("code", [f"SO{ZERO_WIDTH}D1", "sod1", "SOD 1"])
def test_a_restricted_record_in_the_open_part_is_found_whatever_does_not_show_in_its_code(
    case: Case, code: str
) -> None:
    case.opened["lb"] = whole()["lb"].assign(LBTESTCD=["GLUC", code, "GLUC", "GLUC"])
    assert any("a restricted record in row 2 of the open part" in line for line in case.faults())
