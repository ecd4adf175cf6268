from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cutbook.data.cutting.cut import apply_cut
from cutbook.data.transfer.parts.restricted import read_whole_transfer
from cutbook.data.transfer.sources import Transfer
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import Project, read_study
from cutbook.parameters.study import Study
from virtual_trial.cuts import cuts
from virtual_trial.facts import fact
from virtual_trial.split import split_row

CUTS = ("C1", "C2", "C3", "IA", "SL", "DBL")


@pytest.fixture(scope="session")
def folder(project: Path) -> Path:
    return project / "parameters" / "tofersen"


@pytest.fixture(scope="session")
def study(project: Path) -> Study:
    return read_study(Project(project), "tofersen")


def test_the_arms_of_the_study_file_are_those_of_the_trial(study: Study) -> None:
    expected = [(arm["code"], arm["label"], float(arm["dose"])) for arm in fact("arms")]
    assert [(arm.code, arm.label, arm.dose) for arm in study.treatment.arms] == expected


def test_the_study_says_that_its_data_are_synthetic(study: Study) -> None:
    assert study.is_synthetic
    assert study.statements[0].startswith("Synthetic data")


@pytest.mark.parametrize("position", range(6))
def test_each_cut_file_states_its_cut(folder: Path, position: int) -> None:
    cut = cuts()[position]
    parameters = CutParameters.model_validate(yaml.safe_load((folder / f"{cut['id']}.yaml").read_text("utf-8")))
    assert (parameters.study, parameters.cut_id, parameters.transfer) == ("tofersen", cut["id"], cut["id"])
    assert (parameters.cutoff_date, parameters.purpose) == (cut["cutoff"], cut["purpose"])
    assert parameters.previous_cut == ("", *CUTS)[position]


def test_there_is_a_file_for_each_cut_for_the_study_and_for_its_recipients(folder: Path) -> None:
    assert {path.stem for path in folder.glob("*.yaml")} == {"study", "recipients", "pk_choices", *CUTS}


def test_schedules_and_matrices_name_visits_that_exist(study: Study) -> None:
    numbers = {float(row[0]) for row in fact("schedule")}
    for schedule in study.schedules.values():
        assert {number for visit in schedule.visits for number in visit.visitnum} <= numbers


@pytest.fixture(scope="session")
def transfer_c3(study: Study, transfers: Path) -> Transfer:
    folder = transfers / "C3"
    return read_whole_transfer(study, folder, folder / "manifest.json", folder / "restricted")


def test_the_rules_of_the_study_file_cut_a_transfer(study: Study, transfer_c3: Transfer) -> None:
    result = apply_cut(transfer_c3.datasets, study.data_cut, "2018-01-12")
    latest = {
        name: result.datasets[name][f"{name.upper()}STDTC"].dropna().str[:10].max() for name in ("ae", "ex", "ds")
    }
    assert max(latest.values()) <= "2018-01-12"
    assert set(result.removed["DATASET"]) >= {"ae", "ex", "ds", "dd"}


def test_the_cut_takes_back_the_death_after_it(study: Study, transfer_c3: Transfer) -> None:
    result = apply_cut(transfer_c3.datasets, study.data_cut, "2018-01-12")
    assert (transfer_c3.datasets["dm"]["DTHFL"] == "Y").sum() == 2
    assert (result.datasets["dm"]["DTHFL"] == "Y").sum() == 1
    assert (result.datasets["ae"]["AEOUT"] == "FATAL").sum() == 1


def test_the_open_part_of_a_row_does_not_tell_the_treatment() -> None:
    row = {
        "STUDYID": "S",
        "DOMAIN": "EX",
        "USUBJID": "1",
        "EXSEQ": 1.0,
        "EXTRT": "PLACEBO",
        "EXDOSE": 0.0,
        "EXROUTE": "IT",
    }
    open_part, restricted = split_row("ex", row)
    assert open_part == {"STUDYID": "S", "DOMAIN": "EX", "USUBJID": "1", "EXSEQ": 1.0, "EXROUTE": "IT"}
    assert restricted == {
        "STUDYID": "S",
        "DOMAIN": "EX",
        "USUBJID": "1",
        "EXSEQ": 1.0,
        "EXTRT": "PLACEBO",
        "EXDOSE": 0.0,
    }


@pytest.mark.parametrize(("code", "is_open"), [("ALT", True), ("SOD1", False), ("NFHP", False)])
def test_biomarkers_are_restricted_and_safety_results_are_not(code: str, is_open: bool) -> None:
    open_part, restricted = split_row("lb", {"USUBJID": "1", "LBTESTCD": code})
    assert (open_part is not None, restricted is not None) == (is_open, not is_open)
