"""Which records count as before treatment, and which of them is the baseline."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.data.checks.contradictions.baselines import is_before_treatment
from cutbook.derive.measurements.adfindings import derive_findings
from cutbook.derive.measurements.findings import range_indicator
from cutbook.derive.measurements.units import is_in_main_unit
from cutbook.parameters.study import Findings
from cutbook.parameters.study.analyses import Baseline
from derive.cases import adsl, days, numbers, small_study, table, texts

DAY, EVE, NEXT = "2024-03-05", "2024-03-04", "2024-03-06"
VITALS = Findings(id="vitals", label="Vitals", dataset="vs", schedule="visits")
VS = "USUBJID VSSEQ VSTESTCD VSSTRESN VSDTC VISITNUM"


@pytest.mark.parametrize(
    ("record", "dose", "before_first_dose", "day_1"),
    [
        ((EVE, None, None), (DAY, "T10:00"), True, True),
        ((NEXT, None, None), (DAY, "T10:00"), False, False),
        ((None, None, None), (DAY, "T10:00"), False, False),
        ((NEXT, None, None), (None, None), True, True),
        ((DAY, "T09:59", None), (DAY, "T10:00"), True, True),
        ((DAY, "T10:00", None), (DAY, "T10:00"), True, True),
        ((DAY, "T10:01", None), (DAY, "T10:00"), False, True),
        ((DAY, "T10:01", "PRE-DOSE"), (DAY, "T10:00"), False, True),
        ((DAY, "T08:00", "1 H POST-DOSE"), (DAY, None), False, True),
        ((DAY, "T08:00", "Pre-dose"), (DAY, None), True, True),
        ((DAY, "T08:00", None), (DAY, None), False, True),
        ((DAY, None, None), (DAY, "T10:00"), True, True),
        ((DAY, None, None), (DAY, None), True, True),
        ((DAY, None, "2 h post dose"), (DAY, None), False, True),
        ((DAY, None, "AFTER LYING DOWN FOR 5 MINUTES"), (DAY, None), True, True),
    ],
)
def test_a_record_is_before_treatment_by_the_first_rule_that_applies(record, dose, before_first_dose, day_1):
    taken, taken_at, point = record
    dosed, dosed_at = dose
    records = pd.DataFrame(
        {
            "ADT": days(taken),
            "ADTM": days(f"{taken}{taken_at}" if taken_at else None),
            "ATPT": pd.Series([point], dtype="str"),
            "TRTSDT": days(dosed),
            "TRTSDTM": days(f"{dosed}{dosed_at}" if dosed_at else None),
        }
    )
    assert is_before_treatment(records, "before_first_dose").tolist() == [before_first_dose]
    assert is_before_treatment(records, "day_1").tolist() == [day_1]


def test_the_baseline_is_the_last_value_before_treatment_unscheduled_ones_included():
    vs = table(
        VS,
        ("01", 1.0, "PULSE", 60.0, "2024-02-01", 1.0),
        ("01", 2.0, "PULSE", 62.0, "2024-03-01", 1.1),
        ("01", 3.0, "PULSE", 64.0, "2024-03-01", 1.1),
        ("01", 4.0, "PULSE", None, "2024-03-04", 2.0),
        ("01", 5.0, "PULSE", 70.0, "2024-03-12", 4.0),
    )
    bds = derive_findings({"vs": vs}, adsl(), VITALS, small_study())
    assert texts(bds["ABLFL"]) == [None, None, "Y", None, None]
    assert numbers(bds["BASE"]) == [64.0] * 5
    assert texts(bds["AVISIT"]) == [None, None, "Baseline", None, "Day 8"]
    assert numbers(bds["AVISITN"]) == [None, None, 0.0, None, 1.0]
    assert numbers(bds["CHG"]) == [None, None, None, None, 6.0]
    assert numbers(bds["PCHG"]) == [None, None, None, None, 100 * 6 / 64]


def test_without_a_baseline_there_is_no_change_and_from_zero_no_percentage():
    vs = table(
        VS,
        ("01", 1.0, "PULSE", 70.0, "2024-03-12", 4.0),
        ("01", 2.0, "PAIN", 0.0, "2024-03-01", 1.0),
        ("01", 3.0, "PAIN", 4.0, "2024-03-12", 4.0),
    )
    bds = derive_findings({"vs": vs}, adsl(), VITALS, small_study())
    assert numbers(bds["CHG"]) == [None, None, 4.0]
    assert numbers(bds["PCHG"]) == [None, None, None]


@pytest.mark.parametrize(
    ("value", "low", "high", "reported", "expected"),
    [
        (5.0, 4.0, 10.0, None, "NORMAL"),
        (4.0, 4.0, 10.0, None, "NORMAL"),
        (3.9, 4.0, 10.0, None, "LOW"),
        (10.1, 4.0, 10.0, None, "HIGH"),
        (10.1, None, 10.0, None, "HIGH"),
        (1.0, None, 10.0, None, "NORMAL"),
        (1.0, None, None, None, None),
        (None, 4.0, 10.0, None, None),
        (5.0, 4.0, 10.0, "HIGH", "HIGH"),
        (None, None, None, "LOW LOW", "LOW"),
        (None, None, None, "ABNORMAL", "ABNORMAL"),
    ],
)
def test_the_range_indicator_is_the_laboratorys_or_else_follows_from_the_limits(value, low, high, reported, expected):
    record = table("AVAL ANRLO ANRHI", (value, low, high)).astype("float64")
    assert texts(range_indicator(record, pd.Series([reported], dtype="str"))) == [expected]


def test_results_in_another_unit_keep_their_row_and_take_part_in_nothing():
    lb = table(
        "USUBJID LBSEQ LBTESTCD LBSTRESN LBSTRESU LBDTC VISITNUM",
        ("01", 1.0, "PROT", 40.0, "mg/dL", "2024-03-01", 1.0),
        ("01", 2.0, "PROT", 0.4, "mmol/L", "2024-03-02", 1.1),
        ("01", 3.0, "PROT", 0.5, "mmol/L", "2024-03-12", 4.0),
        ("01", 4.0, "PROT", 50.0, "mg/dL", "2024-03-13", 5.0),
        ("01", 5.0, "PROT", 55.0, "mg/dL", "2024-04-13", 6.0),
    )
    family = VITALS.model_copy(update={"dataset": "lb"})
    bds = derive_findings({"lb": lb}, adsl(), family, small_study())
    assert texts(bds["ABLFL"]) == ["Y", None, None, None, None]
    assert texts(bds["ANL01FL"]) == ["Y", None, None, "Y", None]
    assert numbers(bds["CHG"]) == [None, None, None, 10.0, 15.0]
    assert texts(bds["WORSTLOFL"]) == [None, None, None, "Y", None]


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        (["µg/L", "μg/L", "ug/L"], [True, True, True]),
        (["mg/dL", "MG/DL", "mg/dL"], [True, False, True]),
        ([None, "mg/dL", "mg/dL"], [False, True, True]),
        ([None, None, None], [True, True, True]),
        (["g/L", "mg/L", None], [False, False, True]),
    ],
)
def test_unlike_units_are_never_pooled(units, expected):
    records = pd.DataFrame({"PARAMCD": "X", "AVAL": 1.0, "AVALU": pd.Series(units, dtype="str")})
    assert is_in_main_unit(records).tolist() == expected


RULED = table(
    "USUBJID VSSEQ VSTESTCD VSSTRESN VSDTC VISIT VISITNUM VSBLFL",
    ("01", 1.0, "PULSE", 60.0, "2024-02-01", "SCREENING", 1.0, "Y"),
    ("01", 2.0, "PULSE", 62.0, "2024-03-01", "DAY -4", 2.0, None),
    ("01", 3.0, "PULSE", 70.0, "2024-03-06", "DAY 2", 3.0, "N"),
    ("01", 4.0, "PULSE", 80.0, "2024-03-12", "DAY 8", 4.0, None),
)


@pytest.mark.parametrize(
    ("rule", "base", "change_on_day_8"),
    [
        ("before_first_dose", 62.0, 18.0),
        ({"time": "day_1"}, 62.0, 18.0),
        ({"visit": "SCREENING"}, 60.0, 20.0),
        ({"visit": "1"}, 60.0, 20.0),
        ({"visit": "DAY 2"}, 70.0, 10.0),
        ({"flag": "VSBLFL"}, 60.0, 20.0),
        ({"flag": "VSLOBXFL"}, None, None),
        ({"visit": "DAY 99"}, None, None),
    ],
)
def test_the_study_file_says_which_record_is_the_baseline(rule, base, change_on_day_8):
    family = Findings.model_validate(
        {"id": "vitals", "label": "Vitals", "dataset": "vs", "schedule": "visits", "baseline": rule}
    )
    bds = derive_findings({"vs": RULED}, adsl(), family, small_study())
    assert numbers(bds["BASE"]) == [base] * 4
    assert numbers(bds["CHG"])[3] == change_on_day_8


def test_a_baseline_taken_after_the_first_dose_is_no_change_from_itself():
    family = VITALS.model_copy(update={"baseline": Baseline(visit="DAY 2")})
    bds = derive_findings({"vs": RULED}, adsl(), family, small_study())
    assert texts(bds["ABLFL"]) == [None, None, "Y", None]
    assert texts(bds["APOBLFL"]) == [None, None, None, "Y"]
    assert numbers(bds["CHG"]) == [None, None, None, 10.0]


def test_the_mean_of_replicates_is_flagged_where_one_of_them_is():
    vs = table(
        "USUBJID VSSEQ VSTESTCD VSSTRESN VSDTC VISITNUM VSREPNUM VSBLFL",
        ("01", 1.0, "PULSE", 60.0, "2024-03-01", 1.0, 1.0, None),
        ("01", 2.0, "PULSE", 64.0, "2024-03-01", 1.0, 2.0, "Y"),
    )
    family = VITALS.model_copy(update={"baseline": Baseline(flag="VSBLFL")})
    assert numbers(derive_findings({"vs": vs}, adsl(), family, small_study())["BASE"]) == [62.0, 62.0]


SEVERAL = table(
    "USUBJID LBSEQ LBTESTCD LBTEST LBSTRESN LBDTC VISITNUM LBSPEC LBREPNUM",
    ("01", 1.0, "GLUC", "Glucose", 5.0, "2024-03-01", 1.0, "SERUM", 1.0),
    ("01", 2.0, "GLUC", "Glucose", 1.0, "2024-03-01", 1.0, "URINE", 2.0),
    ("01", 3.0, "GLUC", "Glucose", 5.4, "2024-03-01", 1.0, "PLASMA", 3.0),
    ("01", 4.0, "GLUC", "Glucose", 6.0, "2024-03-09", 2.0, None, None),
    ("01", 5.0, "GLUC", "Glucose", 2.0, "2024-03-09", 2.0, "URINE", None),
)


def test_results_of_other_specimens_are_no_replicates_and_a_parameter_of_their_own():
    family = VITALS.model_copy(update={"dataset": "lb"})
    bds = derive_findings({"lb": SEVERAL}, adsl(), family, small_study())
    usable = bds[bds["AVAL"].notna() & bds["BASE"].notna()]
    found = dict(iter(usable.groupby("PARAMCD")))
    assert list(found) == ["GLUC", "GLUC-URINE"]
    assert set(found["GLUC"]["PARAM"]) == {"Glucose"}
    assert set(found["GLUC-URINE"]["PARAM"]) == {"Glucose, urine"}
    assert numbers(found["GLUC"]["BASE"])[-1] == 5.2
    assert numbers(found["GLUC"]["CHG"])[-1] == pytest.approx(0.8)
    assert numbers(found["GLUC-URINE"]["CHG"])[-1] == 1.0


def test_a_family_of_one_specimen_has_its_results_alone_under_the_code():
    family = VITALS.model_copy(update={"dataset": "lb", "where": {"LBSPEC": ["URINE"]}})
    bds = derive_findings({"lb": SEVERAL}, adsl(), family, small_study())
    assert set(bds["PARAMCD"]) == {"GLUC"}
    assert numbers(bds["AVAL"]) == [1.0, 2.0]


@pytest.mark.parametrize("rule", [{"visit": "A", "flag": "VSBLFL"}, {"time": "day_1", "visit": "A"}, "day_2"])
def test_a_baseline_is_said_in_one_way(rule):
    with pytest.raises(ValueError, match="baseline"):
        Findings.model_validate({"id": "a", "label": "A", "dataset": "vs", "schedule": "visits", "baseline": rule})
