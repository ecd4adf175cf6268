from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from blind.trial import CUTS, bytes_of, edited, of, own_project, reallocated, staged
from cutbook.data.proving.proof import digest_of
from cutbook.data.transfer.checked import read_cut_transfer
from cutbook.data.transfer.sources import Transfer
from cutbook.derive import Frames
from cutbook.errors import BlindingError, DataError
from cutbook.parameters.project import Project
from cutbook.parameters.study import Oddity
from cutbook.parameters.study.blinding.allowed import allowed_variables


def read(home: Project, cut: str) -> Transfer:
    return read_cut_transfer(home, *of(home, cut), is_unverified_allowed=False)


ARMS = ("ARMCD", "ARM", "ACTARMCD", "ACTARM")
RESTRICTED = {"EXTRT", "EXDOSE", "EXDOSU", "EXDOSFRM", "EXLOT"}
COHORTS = {"COHORT 5", "COHORT 6", "COHORT 7", "COHORT 8"}


@pytest.fixture(scope="module")
def home(project: Path, tmp_path_factory: pytest.TempPathFactory):
    return own_project(project, tmp_path_factory.mktemp("blind"), *CUTS)


@pytest.fixture(scope="module")
def interim(home, tmp_path_factory: pytest.TempPathFactory):
    return staged(home, "IA", tmp_path_factory.mktemp("interim") / "staged")


def test_arms_are_cohorts_and_doses_are_dates(interim) -> None:
    dm, ex = interim.datasets["dm"], interim.datasets["ex"]
    assert set(dm["ARMCD"].dropna()) == COHORTS
    assert dm["ARM"].equals(dm["ACTARM"])
    assert dm["ARM"].dropna().str.fullmatch(r"Cohort \d \(\d+ mg or placebo\)").all()
    assert not RESTRICTED & set(ex.columns)
    assert len(ex) == 247


def test_what_could_tell_the_treatment_is_not_staged(interim) -> None:
    assert not {"pc", "pp", "is", "relrec", "co", "da", "gf", "fa"} & set(interim.datasets)
    assert not set(interim.datasets["lb"]["LBTESTCD"]) & {"SOD1", "NFHP"}
    assert "ECVAMT" not in interim.datasets["ec"], "the volume of a dose could tell the drug"
    assert not {"BRTHDTC", "INVNAM"} & set(interim.datasets["dm"].columns)
    assert set(interim.datasets["suppdm"]["QNAM"]) == {"COHORT", "MUTCLASS", "RILUZOLE"}


@pytest.mark.parametrize("cut", CUTS)
def test_every_variable_that_is_read_is_on_the_list(home, cut: str) -> None:
    for name, frame in read(home, cut).datasets.items():
        added = set(ARMS) if name == "dm" else set()
        assert set(frame.columns) <= allowed_variables(name) | added, name


def test_records_stand_by_participant_whatever_their_order_in_the_file(project: Path, tmp_path: Path) -> None:
    home = own_project(project, tmp_path, "C1")
    before = staged(home, "C1", tmp_path / "before").datasets
    edited(home.root / "data/tofersen/C1", "ae", lambda frame: frame.iloc[::-1])
    after = staged(home, "C1", tmp_path / "after").datasets
    pd.testing.assert_frame_equal(before["ae"], after["ae"])


def test_counts_of_everybody_and_of_doses_are_those_of_the_unblinded_data(interim, project, tmp_path: Path) -> None:
    from reported import stage

    open_label = stage(project, "IA", tmp_path / "staged")
    masked = Frames(interim.datasets, interim.study, "2018-11-16").adsl.set_index("USUBJID")
    whole = Frames(open_label.datasets, open_label.study, "2018-11-16").adsl.set_index("USUBJID")
    for name in ("SAFFL", "RANDFL", "TRTSDT", "TRTEDT", "DOSEN", "EOSSTT", "DTHFL", "DTHDY", "AGE"):
        pd.testing.assert_series_equal(masked[name], whole[name])
    assert masked["DOSETOT"].isna().all(), "amounts are withheld"
    assert masked["EFFFL"].isna().all(), "the population rests on a restricted result"
    assert masked["PKFL"].isna().all()


@pytest.fixture(scope="module")
def alone(project: Path, tmp_path_factory: pytest.TempPathFactory):
    made = own_project(project, tmp_path_factory.mktemp("alone"), *CUTS)
    for folder in (made.root / "data/tofersen").glob("*/restricted"):
        shutil.rmtree(folder)
    return made


@pytest.mark.parametrize("cut", CUTS)
def test_without_the_restricted_part_the_same_is_read(home, alone, cut: str) -> None:
    assert digest_of(read(home, cut)) == digest_of(read(alone, cut))


def test_without_the_restricted_part_the_same_is_staged(home, alone, tmp_path: Path) -> None:
    there = staged(home, "C1", tmp_path / "there")
    staged(alone, "C1", tmp_path / "absent")
    assert there.datasets["dm"]["ARMCD"].notna().any()
    assert bytes_of(tmp_path / "there") == bytes_of(tmp_path / "absent")


def test_another_allocation_with_all_that_follows_from_it_changes_no_byte(home, project: Path, tmp_path: Path) -> None:
    other = own_project(project, tmp_path, *CUTS)
    sent = {cut: digest_of(read(home, cut)) for cut in CUTS}
    for step in (1, 5):
        for cut in CUTS:
            reallocated(other, cut, step)
            assert digest_of(read(other, cut)) == sent[cut]


@pytest.mark.parametrize(
    ("dataset", "edit", "named"),
    [
        ("dm", lambda frame: frame.assign(ARMCD=["TOF20", *frame["ARMCD"][1:]]), "dm.ARMCD"),
        ("ex", lambda frame: frame.assign(EXDOSE=0.0), "ex.EXDOSE"),
        ("ex", lambda frame: frame.assign(EXLOT="L1"), "ex.EXLOT"),
        ("lb", lambda frame: frame.assign(LBTESTCD=["SOD1", *frame["LBTESTCD"][1:]]), "lb.LBTESTCD"),
    ],
    ids=["arm", "dose", "lot", "marker"],
)
def test_a_restricted_value_in_the_open_part_ends_the_run_without_telling_whose_it_is(
    project: Path, tmp_path: Path, dataset: str, edit, named: str
) -> None:
    home = own_project(project, tmp_path, "C1")
    edited(home.root / "data/tofersen/C1", dataset, edit)
    with pytest.raises(BlindingError) as error:
        staged(home, "C1", tmp_path / "staged")
    said = str(error.value)
    assert said.startswith(f"{named}: found restricted data in the open part")
    assert "233AS101" not in said
    assert "row" not in said
    assert "TOF20" not in said


def test_a_file_of_a_restricted_dataset_in_the_open_part_ends_the_run(project: Path, tmp_path: Path) -> None:
    home = own_project(project, tmp_path, "C1")
    folder = home.root / "data/tofersen/C1"
    shutil.copy(folder / "restricted/pc.xpt", folder / "pc.xpt")
    with pytest.raises(BlindingError, match="restricted data in the open part"):
        staged(home, "C1", tmp_path / "staged")


def test_numbers_of_kits_and_of_the_randomisation_are_not_staged(project: Path, tmp_path: Path) -> None:
    home = own_project(project, tmp_path, "C1")
    folder = home.root / "data/tofersen/C1"

    def with_number(frame: pd.DataFrame) -> pd.DataFrame:
        own = frame.head(1).assign(QNAM="RANDNO", QLABEL="Randomisation number", QVAL="R-0007")
        return pd.concat([frame, own], ignore_index=True)

    edited(folder, "suppdm", with_number)
    edited(folder, "ex", lambda frame: frame.assign(EXKITID="K-0007", EXVAMT=15.0))
    found = staged(home, "C1", tmp_path / "staged").datasets
    assert "RANDNO" not in set(found["suppdm"]["QNAM"])
    assert not {"EXKITID", "EXVAMT"} & set(found["ex"].columns)


def test_a_study_allows_and_withholds_variables_and_whole_datasets(home, tmp_path: Path) -> None:
    study, _ = of(home, "C1")
    assert study.blinding is not None
    policy = {"allow": {"ec": ["ECVAMT"]}, "withhold": {"vs": ["VSPOS"], "mh": []}}
    found = staged(home, "C1", tmp_path / "staged", blinding=study.blinding.model_copy(update=policy)).datasets
    assert "ECVAMT" in found["ec"]
    assert "VSPOS" not in found["vs"]
    assert "mh" not in found


def test_what_the_study_file_says_of_a_withheld_dataset_goes_with_it(home, tmp_path: Path) -> None:
    study, _ = of(home, "C1")
    assert study.blinding is not None
    policy = study.blinding.model_copy(update={"withhold": {"pr": [], "mh": []}})
    told = [Oddity(dataset="mh", weight="list", reason="not read")]
    found = staged(home, "C1", tmp_path / "staged", blinding=policy, oddities=told)
    assert not {"pr", "mh"} & set(found.datasets)
    assert (found.study.procedure, found.study.oddities) == (None, [])


def test_analysis_datasets_have_no_blinded_reports(home, tmp_path: Path) -> None:
    study, _ = of(home, "C1")
    with pytest.raises(BlindingError, match="found 'adam'; expected sdtm"):
        staged(home, "C1", tmp_path / "staged", sources=study.sources.model_copy(update={"model": "adam"}))


def test_a_cohort_that_the_study_file_does_not_name_is_a_fault(project: Path, tmp_path: Path) -> None:
    home = own_project(project, tmp_path, "C1")
    edited(home.root / "data/tofersen/C1", "suppdm", lambda frame: frame.replace({"QVAL": {"COHORT 5": "COHORT 9"}}))
    study, cut = of(home, "C1")
    with pytest.raises(DataError, match=r"suppdm\.COHORT key 233AS101-\d+: found 'COHORT 9'; expected one of COHORT 5"):
        read_cut_transfer(home, study, cut, is_unverified_allowed=False)


@pytest.mark.parametrize(("section", "words"), [("blinding", "no section blinding"), ("sources", "no section sources")])
def test_a_study_without_a_policy_has_no_blinded_reports(home, tmp_path: Path, section: str, words: str) -> None:
    study, _ = of(home, "C1")
    lacking = {"blinding": None, "sources": study.sources.model_copy(update={"restricted": None})}
    with pytest.raises(BlindingError, match=words):
        staged(home, "C1", tmp_path / "staged", **{section: lacking[section]})


def test_an_emergency_unblinding_of_one_participant_changes_nothing_for_others(project: Path, tmp_path: Path) -> None:
    home = own_project(project, tmp_path, "C1")
    before = staged(home, "C1", tmp_path / "before").datasets

    def unblinded(frame: pd.DataFrame) -> pd.DataFrame:
        own = frame.head(1).assign(
            DSSEQ=99.0, DSDECOD="TREATMENT UNBLINDED", DSTERM="UNBLINDED FOR SAFETY", DSCAT="OTHER EVENT"
        )
        return pd.concat([frame, own], ignore_index=True)

    edited(home.root / "data/tofersen/C1", "ds", unblinded)
    after = staged(home, "C1", tmp_path / "after").datasets
    for name in before:
        if name != "ds":
            pd.testing.assert_frame_equal(before[name], after[name])
    assert set(after["dm"]["ARMCD"].dropna()) <= COHORTS
