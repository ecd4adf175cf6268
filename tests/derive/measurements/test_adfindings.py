"""Analysis visits, the record that represents each, extremes and decimals."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cutbook.derive.measurements.adfindings import COLUMNS, derive_findings
from cutbook.parameters.study import Findings
from derive.cases import adsl, numbers, small_study, table, texts

LB = "USUBJID LBSEQ LBTESTCD LBSTRESN LBDTC VISITNUM"
BY_VISIT = Findings(id="lab", label="Laboratory", dataset="lb", schedule="visits")
BY_DAY = Findings(id="lab", label="Laboratory", dataset="lb", schedule="windows")


def calendar_day(study_day):
    """Return the date of a study day after the first dose on 2024-03-05."""
    return (date(2024, 3, 5) + timedelta(days=study_day - 1)).isoformat()


def derived(family, *rows, columns=LB):
    return derive_findings({"lb": table(columns, *rows)}, adsl(), family, small_study())


def test_columns_stand_in_the_documented_order():
    assert list(derived(BY_VISIT, ("01", 1.0, "ALT", 20.0, "2024-03-12", 4.0)).columns) == list(COLUMNS)


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [
        # both at the visit: moment and sequence number
        (("2024-03-12", 1.0), ("2024-03-13", 2.0), 2),
        (("2024-03-13", 1.0), ("2024-03-12", 2.0), 1),
        (("2024-03-12T08:00", 2.0), ("2024-03-12T09:00", 1.0), 2),
        (("2024-03-12T08:00", 2.0), ("2024-03-12T08:00", 1.0), 1),
        (("2024-03-12", 2.0), ("2024-03-12T08:00", 1.0), 2),
        (("2024-03-12", 1.0), (None, 2.0), 1),
    ],
)
def test_of_two_records_at_a_visit_the_later_represents_it_then_the_higher_number(first, second, chosen):
    rows = [("01", number, "ALT", 20.0, moment, 4.0) for moment, number in (first, second)]
    bds = derived(BY_VISIT, *rows)
    assert texts(bds["AVISIT"]) == ["Day 8", "Day 8"]
    assert [place for place, flag in enumerate(texts(bds["ANL01FL"]), start=1) if flag] == [chosen]


def test_a_visit_may_gather_several_visit_numbers_and_others_stay_outside():
    rows = [("01", n, "ALT", 20.0, f"2024-04-0{n:.0f}", visit) for n, visit in ((1.0, 5.0), (2.0, 5.1), (3.0, 99.0))]
    bds = derived(BY_VISIT, *rows)
    assert texts(bds["AVISIT"]) == ["Day 29", "Day 29", None]
    assert texts(bds["ANL01FL"]) == [None, "Y", None]


@pytest.mark.parametrize(
    ("study_days", "visit", "chosen"),
    [
        ([2, 84], "Week 8", 2),
        ([50, 62], "Week 8", 2),
        ([55, 62], "Week 8", 1),
        ([56, 56], "Week 8", 2),
        ([85, 140], "Week 16", 1),
        ([84, 85], "Week 16", 2),
        ([141, 400], "Week 24", 1),
    ],
)
def test_in_a_window_the_nearest_to_the_target_represents_it_and_the_later_on_a_tie(study_days, visit, chosen):
    rows = [("01", float(n), "ALT", 20.0, day, None) for n, day in enumerate(map(calendar_day, study_days), start=1)]
    bds = derived(BY_DAY, *rows)
    at_visit = bds[bds["AVISIT"].eq(visit) & bds["ANL01FL"].eq("Y")]
    assert texts(at_visit["KEY"]) == [f"lb/01/{chosen}"]
    assert numbers(bds["ADY"]) == [float(day) for day in study_days]


def test_the_lowest_and_highest_after_treatment_began_are_flagged_unscheduled_included_earliest_on_a_tie():
    bds = derived(
        BY_VISIT,
        ("01", 1.0, "ALT", 5.0, "2024-03-01", 1.0),
        ("01", 2.0, "ALT", 30.0, "2024-03-12", 4.0),
        ("01", 3.0, "ALT", 90.0, "2024-03-20", 4.1),
        ("01", 4.0, "ALT", 90.0, "2024-03-21", 4.2),
        ("01", 5.0, "ALT", 20.0, "2024-04-02", 5.0),
        ("01", 6.0, "ALT", 20.0, "2024-04-09", 6.0),
    )
    assert texts(bds["WORSTLOFL"]) == [None, None, None, None, "Y", None]
    assert texts(bds["WORSTHIFL"]) == [None, None, "Y", None, None, None]


def test_results_that_are_no_number_keep_their_text_and_enter_only_where_the_parameter_has_no_numbers():
    columns = "USUBJID LBSEQ LBTESTCD LBSTRESN LBSTRESC LBDTC VISITNUM"
    bds = derived(
        BY_VISIT,
        ("01", 1.0, "BILI", None, "<3.4", "2024-03-12", 4.0),
        ("01", 2.0, "BILI", 5.0, "5", "2024-04-02", 5.0),
        ("01", 3.0, "COLOR", None, "YELLOW", "2024-03-12", 4.0),
        columns=columns,
    )
    assert texts(bds["AVALC"]) == ["<3.4", "5", "YELLOW"]
    assert texts(bds["ANL01FL"]) == [None, "Y", "Y"]


@pytest.mark.parametrize(
    ("collected", "unit", "standard", "expected"),
    [
        ("58.0", "U/L", "58.0", 1),
        ("58", "U/L", "58", 0),
        ("250", "mg/dL", "6.4650", 2),
        ("9.2", "mg/dL", "2.2954", 1),
        ("1.1", "mg/dL", "97.24", 0),
        ("0.05", "mg/dL", "0.00855", 3),
        ("100", "mg/dL", "1", 0),
        (None, "mg/dL", "1.25", 2),
    ],
)
def test_decimals_are_those_collected_and_a_conversion_adds_none(collected, unit, standard, expected):
    columns = "USUBJID LBSEQ LBTESTCD LBORRES LBORRESU LBSTRESC LBSTRESN LBSTRESU LBDTC VISITNUM"
    bds = derived(
        BY_VISIT,
        ("01", 1.0, "X", collected, unit, standard, float(standard), "U/L", "2024-03-12", 4.0),
        columns=columns,
    )
    assert bds["DECIMALS"].tolist() == [expected]


def test_another_spelling_of_the_unit_is_no_conversion():
    columns = "USUBJID LBSEQ LBTESTCD LBORRES LBORRESU LBSTRESC LBSTRESN LBSTRESU LBDTC VISITNUM"
    row = ("01", 1.0, "X", "2.5", "µg/L", "2.500", 2.5, "ug/L", "2024-03-12", 4.0)
    assert derived(BY_VISIT, row, columns=columns)["DECIMALS"].tolist() == [3]


def test_a_parameter_has_the_most_decimals_of_its_results_and_a_text_result_has_none():
    columns = "USUBJID LBSEQ LBTESTCD LBSTRESC LBSTRESN LBDTC VISITNUM"
    bds = derived(
        BY_VISIT,
        ("01", 1.0, "X", "1", 1.0, "2024-03-12", 4.0),
        ("01", 2.0, "X", "1.5", 1.5, "2024-03-12", 4.0),
        ("01", 3.0, "X", "<0.0001", None, "2024-03-12", 4.0),
        ("01", 4.0, "COLOR", "YELLOW", None, "2024-03-12", 4.0),
        columns=columns,
    )
    assert bds["DECIMALS"].tolist() == [1, 1, 1, 0]


def test_a_family_takes_its_parameters_and_records_in_the_order_of_the_study_file():
    family = BY_VISIT.model_copy(update={"parameters": ["AST", "ALT"], "where": {"LBCAT": ["CHEMISTRY"]}})
    rows = [
        ("01", 1.0, "ALT", 20.0, "2024-03-12", 4.0, "CHEMISTRY"),
        ("01", 2.0, "AST", 21.0, "2024-03-12", 4.0, "CHEMISTRY"),
        ("01", 3.0, "AST", 22.0, "2024-03-12", 4.0, "LOCAL"),
        ("01", 4.0, "CK", 23.0, "2024-03-12", 4.0, "CHEMISTRY"),
    ]
    bds = derived(family, *rows, columns=f"{LB} LBCAT")
    assert texts(bds["KEY"]) == ["lb/01/2", "lb/01/1"]


def test_somebody_who_was_never_treated_has_a_baseline_and_nothing_after_it():
    lb = table(LB, ("01", 1.0, "ALT", 20.0, "2024-03-01", 1.0), ("01", 2.0, "ALT", 25.0, "2024-03-12", 4.0))
    people = adsl(TRTSDT=adsl()["TRTSDT"].where([False]), TRTSDTM=adsl()["TRTSDTM"].where([False]), SAFFL="N")
    bds = derive_findings({"lb": lb}, people, BY_VISIT, small_study())
    assert texts(bds["AVISIT"]) == [None, "Baseline"]
    assert numbers(bds["CHG"]) == [None, None]


def test_a_dataset_that_was_not_delivered_gives_no_rows_and_all_columns():
    bds = derive_findings({}, adsl(), BY_DAY, small_study())
    assert bds.empty
    assert list(bds.columns) == list(COLUMNS)


def test_the_frames_that_are_given_stay_as_they_were():
    lb, people = table(LB, ("01", 1.0, "ALT", 20.0, "2024-03-12", 4.0)), adsl()
    lb_before, people_before = lb.copy(), people.copy()
    derive_findings({"lb": lb}, people, BY_VISIT, small_study())
    assert lb.equals(lb_before)
    assert people.equals(people_before)
