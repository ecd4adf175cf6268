from __future__ import annotations

import pandas as pd

from cutbook.drafting.drift import find_drift
from cutbook.drafting.evidence import Evidence
from cutbook.drafting.written import plain_tree
from cutbook.parameters.study import Study
from drafting.lean_study import PEOPLE, draft_of, lean_datasets, with_events
from drafting.test_rules import vital_signs


def drift(before: dict[str, pd.DataFrame], now: dict[str, pd.DataFrame]) -> list[str]:
    """Return what is told of a transfer beside the study file that another one gave."""
    study = Study.model_validate(plain_tree(draft_of(before)))
    return [line for line in find_drift(draft_of(now), Evidence(now), study) if "concentrations are 0" not in line]


def test_the_transfer_that_a_file_was_drafted_from_has_nothing_new() -> None:
    datasets = {**with_events(lean_datasets(), ["RELATED", "NONE"]), "vs": vital_signs()}
    assert drift(datasets, datasets) == []


def test_a_new_arm_and_a_new_dose_are_told() -> None:
    now = lean_datasets()
    now["dm"] = now["dm"].assign(ARMCD=lambda dm: dm["ARMCD"].where(dm["USUBJID"].ne("P8"), "C3"))
    now["dm"] = now["dm"].assign(ACTARMCD=now["dm"]["ARMCD"])
    now["ex"] = now["ex"].assign(EXDOSE=now["ex"]["EXDOSE"].where(now["ex"]["USUBJID"].gt("P4"), 6.0))
    assert drift(lean_datasets(), now) == [
        "new arm C3: 1 participants; 'Cohort 2'",
        "dose of arm C1: the study file says 5, the transfer 6",
    ]


def test_an_arm_that_nobody_is_in_any_more_is_told() -> None:
    now = {
        name: frame[frame["USUBJID"].le("P4") | frame["USUBJID"].eq("P9")] for name, frame in lean_datasets().items()
    }
    assert "arm C2: nobody is in it" in drift(lean_datasets(), now)


def test_new_datasets_visits_tests_and_words_are_told() -> None:
    before = {**with_events(lean_datasets(), ["RELATED", "NONE"]), "vs": vital_signs()}
    later = vital_signs().assign(
        VSTESTCD="PULSE", VISITNUM=lambda vs: vs["VISITNUM"] + 1.0, VISIT=["WEEK 2"] * 8 + ["WEEK 4"] * 8
    )
    later["VSDTC"] = [f"2024-01-{day:02d}" for day in range(15, 23)] + [f"2024-01-{day:02d}" for day in range(24, 32)]
    now = {**with_events(lean_datasets(), ["RELATED", "MAYBE"]), "cm": pd.DataFrame({"USUBJID": PEOPLE})}
    now["vs"] = pd.concat([vital_signs(), later.astype({"VISIT": "str"})], ignore_index=True)
    assert drift(before, now) == [
        "new visit 3: Week 4, about day 24, 8 participants",
        "new tests of vs in Vital signs: PULSE",
        "new values of AEREL: MAYBE 1",
    ]


def test_a_dataset_that_a_study_file_does_not_read_or_misses_is_told() -> None:
    before = {**lean_datasets(), "vs": vital_signs()}
    now = {**lean_datasets(), "xx": pd.DataFrame({"USUBJID": PEOPLE})}
    assert drift(before, now) == [
        "new dataset xx: 8 records that the study file does not read",
        "dataset vs did not come, and the study file requires it",
    ]


def test_a_new_analyte_is_told() -> None:
    now = lean_datasets()
    now["pc"] = now["pc"].assign(PCTESTCD=["DRUG7", "M1"] * 16)
    assert "new concentrations: M1 in PLASMA" in drift(lean_datasets(), now)
