from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from cutbook.drafting.written import plain_tree, study_text
from cutbook.parameters.study import Study
from drafting.lean_study import PEOPLE, changed, draft_of, lean_datasets, value_of, with_events
from transfer_files import frame_of_records


def test_a_lean_transfer_gives_a_whole_study_file() -> None:
    draft = draft_of(lean_datasets())
    study = Study.model_validate(plain_tree(draft))
    assert [(arm.code, arm.label, arm.dose) for arm in study.treatment.arms] == [
        ("C1", "5 mg", 5.0),
        ("C2", "10 mg", 10.0),
    ]
    assert (study.treatment.compound, study.treatment.dose_unit, study.treatment.planned_doses) == ("DRUG7", "mg", 1)
    assert (study.treatment.allocation, study.treatment.not_assigned) == ("sequential", ["SCRNFAIL"])
    assert study.sources.defaults["pc"]["VISITNUM"].occasion == "{day}"
    assert study.pharmacokinetics is not None
    assert [(one.label, one.unit, one.profile_visits) for one in study.pharmacokinetics.matrices] == [
        ("DRUG7, plasma", "ng/mL", [1.0])
    ]
    assert study.reports == ["pharmacokinetics"]
    assert {one.key for one in draft.open} == {
        "title", "is_synthetic", "treatment.dose_unit", "treatment.allocation", "data_cut.included",
        "pharmacokinetics.matrices.DRUG7_PLASMA.unit", "pharmacokinetics.below_limit", "pharmacokinetics.blq_rule",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "doses", "dose", "is_asked"),
    [
        ("Cohort 1", 5.0, 5.0, False),
        ("DRUG7 5 mg", 5.0, 5.0, False),
        ("DRUG7 7.5 mg", 5.0, 7.5, True),
        ("DRUG7 2,5 mg/kg", 2.5, 2.5, False),
        ("Placebo", 0.0, 0.0, False),
        ("Placebo to 20 mg", 0.0, 0.0, False),
        ("5 mg, then 20 mg", 20.0, 20.0, True),
        ("Cohort 1", None, None, True),
    ],
)
def test_the_dose_of_an_arm_is_that_of_its_name_and_a_conflict_is_asked(
    name: str, doses: float | None, dose: float | None, is_asked: bool
) -> None:
    datasets = changed("dm", ARM=[name] * 4 + ["DRUG7 99 mg"] * 4 + ["Screen Failure"])
    amounts = pd.Series([doses] * 4 + [99.0] * 4, dtype="float64")
    found = draft_of({**datasets, "ex": datasets["ex"].assign(EXDOSE=amounts).dropna(subset="EXDOSE")})
    decision = found.find("treatment.arms.C1.dose")
    assert decision is not None
    assert (decision.value, bool(decision.question)) == (dose, is_asked)


@pytest.mark.parametrize(
    ("dose", "written"), [(1234567.0, "dose: 1234567}"), (0.1234567, "dose: 0.1234567}"), (2.5, "dose: 2.5}")]
)
def test_a_dose_is_written_with_all_its_digits(dose: float, written: str) -> None:
    datasets = lean_datasets()
    draft = draft_of({**datasets, "ex": datasets["ex"].assign(EXDOSE=[dose] * 4 + [1e7] * 4)})
    lines = study_text(draft, "T1", "s.json", is_accepted=True).splitlines()
    (line,) = [line for line in lines if "code: C1" in line]
    assert written in line
    study = Study.model_validate(plain_tree(draft))
    assert [arm.dose for arm in study.treatment.arms if arm.code == "C1"] == [dose]


@pytest.mark.parametrize(
    ("dataset", "column", "key"),
    [("ex", "EXDOSU", "treatment.dose_unit"), ("pc", "PCSTRESU", "pharmacokinetics.matrices.DRUG7_PLASMA.unit")],
)
def test_several_units_are_asked_about_and_a_single_one_is_not(dataset: str, column: str, key: str) -> None:
    count = len(lean_datasets()[dataset])
    one = draft_of(changed(dataset, **{column: ["mg"] * count})).find(key)
    several = draft_of(changed(dataset, **{column: ["mg"] * (count - 1) + ["ug"]})).find(key)
    assert one is not None
    assert several is not None
    assert (one.value, one.question) == ("mg", "")
    assert (several.value, bool(several.question)) == ("mg", True)
    assert "ug 1" in several.evidence


def test_a_dose_that_nothing_says_cannot_be_guessed() -> None:
    datasets = lean_datasets()
    decision = draft_of({**datasets, "ex": datasets["ex"].iloc[4:]}).find("treatment.arms.C1.dose")
    assert decision is not None
    assert (decision.confidence, decision.value) == ("unknown", None)


def test_the_drug_is_what_was_measured_not_what_comes_first_in_the_alphabet() -> None:
    ex = lean_datasets()["ex"]
    both = pd.concat([ex.assign(EXTRT="AZOLE"), ex], ignore_index=True)
    draft = draft_of({**lean_datasets(), "ex": both})
    assert value_of(draft, "treatment.compound") == "DRUG7"
    assert value_of(draft, "treatment.drugs") == ["DRUG7"]
    assert "treatment.drugs" in {one.key for one in draft.open}


def test_periods_without_a_frequency_are_asked_about_and_end_at_the_cut_off() -> None:
    draft = draft_of(changed("ex", EXENDTC=["2024-02-20"] * 8))
    assert value_of(draft, "sources.defaults.ex.EXDOSFRQ") == "QD"
    assert value_of(draft, "treatment.planned_doses") is None
    assert value_of(draft, "data_cut.roll_back.EXENDTC") == {
        "dataset": "ex", "date": "EXENDTC", "reset": {"EXENDTC": "{cutoff}"},
    }  # fmt: skip


def test_single_doses_are_planned_as_many_as_most_have() -> None:
    ex = lean_datasets()["ex"]
    again = ex.iloc[1:].assign(EXSTDTC="2024-01-20", EXENDTC="2024-01-20")
    draft = draft_of({**lean_datasets(), "ex": pd.concat([ex, again], ignore_index=True)})
    assert value_of(draft, "treatment.planned_doses") == 2
    assert value_of(draft, "data_cut.roll_back.EXENDTC")["reset"] == {"EXENDTC": ""}  # type: ignore[index]


@pytest.mark.parametrize(
    ("decoded", "randomised", "entry", "is_asked"),
    [
        ("RANDOMIZED", "randomised", {"dataset": "ds", "date": "DSSTDTC", "where": {"DSDECOD": "RANDOMIZED"}}, False),
        ("ENROLLED", "sequential", {"dataset": "ds", "date": "DSSTDTC", "where": {"DSDECOD": "ENROLLED"}}, False),
        ("COMPLETED", "sequential", {"dataset": "dm", "date": "RFSTDTC"}, True),
    ],
)
def test_entry_is_dated_by_ds_where_it_says_so(
    decoded: str, randomised: str, entry: dict[str, Any], is_asked: bool
) -> None:
    ds = frame_of_records(
        {"USUBJID": PEOPLE, "DSDECOD": [decoded] * 8, "DSSTDTC": ["2024-01-01"] * 8, "DSCAT": ["X"] * 8}
    )
    draft = draft_of({**lean_datasets(), "ds": ds})
    assert value_of(draft, "data_cut.included") == entry
    assert value_of(draft, "treatment.allocation") == randomised
    assert ("data_cut.included" in {one.key for one in draft.open}) is is_asked


def test_screen_failures_without_a_record_of_ds_are_dated_at_consent_and_that_is_said() -> None:
    decision = draft_of(lean_datasets()).find("data_cut.screen_failed")
    assert decision is not None
    assert decision.value == {"dataset": "dm", "date": "RFICDTC", "where": {"ARMCD": ["SCRNFAIL"]}}
    assert "too early" in decision.evidence


def test_a_difference_of_planned_and_actual_arm_is_a_decision_with_its_count() -> None:
    same = draft_of(lean_datasets())
    assert value_of(same, "populations.actual_arm") is None
    draft = draft_of(changed("dm", ACTARMCD=["C2", *["C1"] * 3, *["C2"] * 4, "SCRNFAIL"]))
    decision = next(one for one in draft.open if one.key == "populations.actual_arm")
    assert (decision.value, decision.evidence) == ("ACTARMCD", "1 participants differ")


def test_a_control_is_the_one_arm_of_dose_zero() -> None:
    placebo = ["Placebo"] * 4 + ["DRUG7 10 mg"] * 4 + ["Screen Failure"]
    draft = draft_of(changed("dm", ARM=placebo))
    assert value_of(draft, "treatment.control") == "C1"
    assert value_of(draft, "treatment.allocation") == "randomised"
    assert value_of(draft_of(lean_datasets()), "treatment.control") is None


def test_without_codes_the_name_of_the_arm_is_its_code() -> None:
    draft = draft_of(changed("dm", ARMCD=None, ACTARMCD=None))
    assert value_of(draft, "sources.defaults.dm.ARMCD") == {"from": "ARM"}
    assert value_of(draft, "treatment.arms.Cohort 1.dose") == 5.0


def test_related_are_the_values_that_do_not_deny_it() -> None:
    said = ["RELATED", "POSSIBLE", "NOT RELATED", "UNLIKELY", "REMOTE", "NONE", "NO", "PROBABLY RELATED"]
    decision = draft_of(with_events(lean_datasets(), said)).find("adverse_events.related")
    assert decision is not None
    assert decision.value == ["POSSIBLE", "PROBABLY RELATED", "RELATED"]
    assert decision.question


@pytest.mark.parametrize(
    ("severities", "order"),
    [
        (["MILD", "SEVERE"], None),
        (["3", "1"], ["1", "2", "3", "4", "5"]),
        (["SEVERE", "FATAL"], ["MILD", "MODERATE", "SEVERE", "LIFE THREATENING", "FATAL"]),
    ],
)
def test_known_orders_of_severity_are_taken_in_their_order(severities: list[str], order: list[str] | None) -> None:
    datasets = with_events(lean_datasets(), ["RELATED", "NONE"])
    datasets["ae"] = datasets["ae"].assign(AESEV=pd.Series(severities, dtype="str"))
    assert value_of(draft_of(datasets), "adverse_events.severities") == order


def test_zeros_without_a_limit_are_asked_with_count_and_smallest_value() -> None:
    decision = draft_of(lean_datasets()).find("pharmacokinetics.below_limit")
    assert decision is not None
    assert "8 of 32 results are 0" in decision.question
    assert "smallest other is 2" in decision.question
    with_limit = draft_of(changed("pc", PCLLOQ=[0.5] * 32)).find("pharmacokinetics.below_limit")
    assert with_limit is not None
    assert (with_limit.value, with_limit.question) == (None, "")


def test_a_profile_needs_four_times_in_three_participants() -> None:
    few = lean_datasets()["pc"]
    few = few[few["PCTPTNUM"].lt(4)].reset_index(drop=True)
    matrix = "pharmacokinetics.matrices.DRUG7_PLASMA"
    assert "profile_visits" not in value_of(draft_of({**lean_datasets(), "pc": few}), matrix)  # type: ignore[operator]
    two = lean_datasets()["pc"].iloc[:8]
    assert "profile_visits" not in value_of(draft_of({**lean_datasets(), "pc": two}), matrix)  # type: ignore[operator]


def test_alarms_tell_what_contradicts_itself() -> None:
    assert draft_of(lean_datasets()).alarms == (
        "8 concentrations are 0, and no limit of quantification was delivered.",
    )
    named = changed("dm", ARM=["DRUG7 7 mg"] * 4 + ["DRUG7 10 mg"] * 4 + ["Screen Failure"])
    assert "The arm 'DRUG7 7 mg' is named after 7, but EXDOSE of most is 5." in draft_of(named).alarms
    off = changed("pc", PCRFTDTC=["2023-11-01T08:00"] * 4 + ["2024-01-02T08:00"] * 4 + [None] * 24)
    assert "4 samples refer to a dose (PCRFTDTC) that is more than 24 h off every dose of EX." in draft_of(off).alarms


def vital_signs(**columns: list[Any]) -> pd.DataFrame:
    """Return blood pressure of everybody before the dose and at week 2."""
    days = [f"2024-01-{day:02d}" for day in range(1, 9)] + [f"2024-01-{day:02d}" for day in range(15, 23)]
    made = {
        "DOMAIN": ["VS"] * 16, "USUBJID": PEOPLE * 2, "VSTESTCD": ["SYSBP"] * 16, "VSTEST": ["Systolic"] * 16,
        "VSSTRESN": [float(value) for value in range(110, 126)], "VSSTRESU": ["mmHg"] * 16, "VSDTC": days,
        "VISITNUM": [1.0] * 8 + [2.0] * 8, "VISIT": ["DAY 1"] * 8 + ["WEEK 2"] * 8,
    }  # fmt: skip
    return frame_of_records({**made, **columns})


def test_visits_and_families_are_those_after_the_first_dose() -> None:
    draft = draft_of({**lean_datasets(), "vs": vital_signs()})
    assert value_of(draft, "visits.WEEK2") == {"id": "WEEK2", "label": "Week 2", "visitnum": 2.0, "target_day": 15}
    assert draft.find("visits.DAY1") is None
    assert value_of(draft, "findings.vital_signs") == {
        "id": "vital_signs", "label": "Vital signs", "dataset": "vs", "schedule": "vital_signs",
        "parameters": ["SYSBP"],
    }  # fmt: skip


def test_a_planned_day_of_tv_stands_before_the_median_day() -> None:
    tv = frame_of_records({"VISITNUM": [2.0], "VISITDY": [14.0]})
    draft = draft_of({**lean_datasets(), "vs": vital_signs(), "tv": tv})
    assert value_of(draft, "visits.WEEK2")["target_day"] == 14  # type: ignore[index]


def test_several_positions_and_laboratories_are_asked_about() -> None:
    vs = vital_signs(VSPOS=["STANDING", "SUPINE"] * 8)
    decision = draft_of({**lean_datasets(), "vs": vs}).find("findings.vital_signs.where.VSPOS")
    assert decision is not None
    assert (decision.value, bool(decision.question)) == (["SUPINE"], True)
    laboratory = vital_signs().rename(columns=lambda name: name.replace("VS", "LB") if name.startswith("VS") else name)
    shared = laboratory.assign(DOMAIN="LB", LBNAM=pd.Series(["A", "B"] * 8, dtype="str"))
    asked = draft_of({**lean_datasets(), "lb": shared}).find("findings.laboratory.where.LBNAM")
    assert asked is not None
    assert (asked.value, bool(asked.question)) == (None, True)


def test_biomarkers_are_endpoints_and_stand_in_no_family_of_safety() -> None:
    laboratory = vital_signs().rename(columns=lambda name: name.replace("VS", "LB") if name.startswith("VS") else name)
    lb = laboratory.assign(DOMAIN="LB", LBCAT=pd.Series(["BIOMARKER"] * 16, dtype="str"))
    draft = draft_of({**lean_datasets(), "lb": lb})
    assert not [one.key for one in draft.decisions if one.key.startswith("findings.")]
    decision = draft.find("endpoints")
    assert decision is not None
    assert "LB SYSBP (Systolic)" in decision.question
    assert "efficacy" in value_of(draft, "reports")  # type: ignore[operator]


def test_a_dataset_without_its_date_is_cut_by_another_or_asked_about() -> None:
    sc = frame_of_records({"USUBJID": PEOPLE, "SCTESTCD": ["EDU"] * 8, "SCSTRESN": [12.0] * 8, "SCSTRESC": ["12"] * 8})
    draft = draft_of({**lean_datasets(), "sc": sc})
    decision = draft.find("data_cut.rules.sc")
    assert decision is not None
    assert (decision.value, bool(decision.question)) == ("participant", True)
    dated = draft_of({**lean_datasets(), "ae": frame_of_records({"USUBJID": PEOPLE, "AEDTC": ["2024-01-03"] * 8})})
    assert value_of(dated, "data_cut.rules.ae") == "AEDTC"


def test_qualifiers_of_the_end_are_removed_and_asked_about() -> None:
    supp = frame_of_records({"RDOMAIN": ["DM"] * 2, "USUBJID": PEOPLE[:2], "QNAM": ["COMPLT24", "MUTCLASS"]})
    draft = draft_of({**lean_datasets(), "suppdm": supp})
    decision = draft.find("data_cut.undated_qualifiers.suppdm")
    assert decision is not None
    assert decision.value == ["COMPLT24"]
    assert "kept: MUTCLASS" in decision.question


def test_characteristics_are_filled_and_not_constant() -> None:
    draft = draft_of(changed("dm", RACE=["WHITE"] * 9, COUNTRY=["DEU", "FRA"] * 4 + ["DEU"]))
    keys = [one.key for one in draft.decisions if one.key.startswith("characteristics.")]
    assert keys == ["characteristics.AGE", "characteristics.SEX", "characteristics.COUNTRY"]
    assert value_of(draft, "characteristics.COUNTRY")["levels"] == {"DEU": "DEU", "FRA": "FRA"}  # type: ignore[index]
