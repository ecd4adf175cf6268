from __future__ import annotations

import pandas as pd
import pytest

from cutbook.data.checks.study_names import study_faults, study_issues
from transfer_files import study_of


def datasets(**names: str) -> dict[str, pd.DataFrame]:
    return {name: pd.DataFrame({"STUDYID": [studyid] * 2}, dtype="str") for name, studyid in names.items()}


def test_records_of_another_study_than_stated_are_a_fault_that_says_which_lies_there() -> None:
    study = study_of(["dm"], sources={"studyid": ["XYZ-1"]})
    (fault,) = study_faults(datasets(dm="XYZ-1", ae="XYZ-2"), study)
    assert (fault.dataset, fault.variable, fault.row) == ("ae", "STUDYID", 1)
    assert fault.found == 'records of study "XYZ-2" in rows 1 and 2'
    assert fault.expected == '"XYZ-1" as sources.studyid of the study file states'
    assert study_issues(datasets(dm="XYZ-2"), study) == []


@pytest.mark.parametrize("studyid", ["DEMO", "demo", "DE-MO"])
def test_a_study_that_the_study_file_names_is_not_odd(studyid: str) -> None:
    study = study_of(["dm"])
    assert (study_faults(datasets(dm=studyid), study), study_issues(datasets(dm=studyid, ae=studyid), study)) == (
        [],
        [],
    )


def test_a_study_in_the_title_or_a_statement_is_not_odd() -> None:
    study = study_of(["dm"], title="Study ABC-12", statements=["Shaped on 233AS101."])
    assert study_issues(datasets(dm="ABC12", ae="233AS101"), study) == []


def test_a_study_that_nothing_vouches_for_is_listed_once_at_dm_and_where_others_differ_from_dm() -> None:
    found = study_issues(datasets(ae="ABC", dm="ABC", lb="DEF"), study_of(["dm"]))
    assert [(issue.dataset, issue.row, issue.finding) for issue in found] == [
        ("dm", 1, 'Records of study "ABC" in rows 1 and 2; the study file is of "demo".'),
        ("lb", 1, 'Records of study "DEF" in rows 1 and 2; the study file is of "demo".'),
    ]
