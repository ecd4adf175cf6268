"""Concentrations: limit of quantification, times, reference dose, value for means."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.data.checks.sampling.planned_times import nominal_hours
from cutbook.derive.concentrations.adpc import COLUMNS, derive_adpc, value_for_means
from cutbook.derive.participants.adsl import derive_adsl
from derive.cases import adsl, days, numbers, small_study, table, texts

MATRICES = [
    {"specimen": "PLASMA", "testcd": "DRUG", "label": "Plasma", "unit": "ng/mL"},
    {"specimen": "CSF", "testcd": "DRUG", "label": "Cerebrospinal fluid", "unit": "ng/mL"},
]
PC = "USUBJID PCSEQ PCSPEC PCTESTCD PCSTRESC PCSTRESN PCSTRESU PCLLOQ VISIT VISITNUM PCTPT PCTPTNUM PCDTC PCRFTDTC"
EX = table(
    "USUBJID EXSEQ EXTRT EXDOSE EXSTDTC",
    ("01", 1.0, "DRUG", 100.0, "2024-03-05T10:00"),
    ("01", 2.0, "DRUG", 100.0, "2024-03-19T09:00"),
    ("01", 3.0, "DRUG", 100.0, "2024-04-02"),
)


def sample(**changes):
    known = {
        "USUBJID": "01",
        "PCSEQ": 1.0,
        "PCSPEC": "PLASMA",
        "PCTESTCD": "DRUG",
        "PCSTRESC": "12.5",
        "PCSTRESN": 12.5,
        "PCSTRESU": "ng/mL",
        "PCLLOQ": 0.5,
        "VISIT": "DAY 1",
        "VISITNUM": 3.0,
        "PCTPT": None,
        "PCTPTNUM": None,
        "PCDTC": None,
        "PCRFTDTC": None,
        **changes,
    }
    return table(" ".join(known), tuple(known.values()))


def derived(pc, rule="zero_before_first", people=None):
    study = small_study(pharmacokinetics={"matrices": MATRICES, "blq_rule": rule})
    return derive_adpc({"pc": pc, "ex": EX}, adsl() if people is None else people, study)


@pytest.mark.parametrize(
    ("reported", "number", "limit", "is_below", "value"),
    [
        ("12.5", 12.5, 0.5, "N", 12.5),
        ("0.5", 0.5, 0.5, "N", 0.5),
        ("0.49", 0.49, 0.5, "Y", None),
        ("<0.5", None, 0.5, "Y", None),
        ("<0.5", 0.5, None, "Y", None),
        ("< LLOQ", None, None, "Y", None),
        ("<BLQ", 0.0, 0.01, "Y", None),
        ("BLQ", None, 0.5, "Y", None),
        ("BLOQ", None, 0.5, "Y", None),
        (">100", None, 0.5, "N", None),
        ("-0.2", -0.2, None, "Y", None),
        (None, None, 0.5, "N", None),
    ],
)
def test_a_value_below_the_limit_is_flagged_and_has_no_number(reported, number, limit, is_below, value):
    adpc = derived(sample(PCSTRESC=reported, PCSTRESN=number, PCLLOQ=limit, PCDTC="2024-03-05T12:00"))
    assert texts(adpc["BLQFL"]) == [is_below]
    assert numbers(adpc["AVAL"]) == [value]
    assert texts(adpc["AVALC"]) == [reported]


def test_the_limit_is_taken_from_the_result_where_it_has_no_column_value():
    assert numbers(derived(sample(PCSTRESC="<0.25", PCSTRESN=None, PCLLOQ=None))["LLOQ"]) == [0.25]


def test_a_concentration_in_a_unit_that_cannot_be_converted_has_no_number():
    adpc = derived(sample(PCSTRESU="umol/L"))
    assert numbers(adpc["AVAL"]) == [None]
    assert texts(adpc["AVALU"]) == ["umol/L"]


def test_a_concentration_in_another_unit_is_converted_and_its_text_stays_as_reported():
    adpc = derived(sample(PCSTRESU="ug/L", PCSTRESC="12.5"))
    assert numbers(adpc["AVAL"]) == [12.5]
    adpc = derived(sample(PCSTRESU="pg/mL", PCSTRESC="12.5", PCLLOQ=None))
    assert numbers(adpc["AVAL"]) == [0.0125]
    assert list(zip(texts(adpc["AVALC"]), texts(adpc["AVALU"]), strict=True)) == [("12.5", "pg/mL")]


@pytest.mark.parametrize("spelling", ["µg/mL", "μg/mL", "ug/mL"])
def test_a_concentration_counts_in_every_spelling_of_the_unit_and_is_shown_as_collected(spelling):
    matrix = {"specimen": "PLASMA", "testcd": "DRUG", "label": "Plasma", "unit": "ug/mL"}
    study = small_study(pharmacokinetics={"matrices": [matrix]})
    adpc = derive_adpc({"pc": sample(PCSTRESU=spelling), "ex": EX}, adsl(), study)
    assert numbers(adpc["AVAL"]) == [12.5]
    assert texts(adpc["AVALU"]) == [spelling]


@pytest.mark.parametrize(
    ("number", "elapsed", "point", "expected"),
    [
        (1.5, "PT1H30M", "1.5 H POST-DOSE", 1.5),
        (0.33, "PT20M", None, 0.33),
        (3.0, "PT2H", "2 H POST-DOSE", 2.0),
        (1.5, None, "END OF INFUSION", 1.5),
        (None, "PT2H", "2 H POST-DOSE", 2.0),
        (None, "-PT30M", "PRE-DOSE", -0.5),
        (None, "P1D", None, 24.0),
        (None, "PT1H30M36S", None, 1.51),
        (None, None, "Pre-dose", 0.0),
        (None, None, "2 H POST-DOSE", 2.0),
        (None, None, "2 H AFTER END OF INFUSION", None),
        (None, "soon", None, None),
    ],
)
def test_the_nominal_time_is_the_first_that_is_stated(number, elapsed, point, expected):
    planned = table("PCTPTNUM PCELTM ATPT", (number, elapsed, point)).astype({"PCTPTNUM": "float64"})
    planned = planned.astype({"PCELTM": "str", "ATPT": "str"})
    assert numbers(nominal_hours(planned)) == [expected]


def planned_at(*rows: tuple[float | None, str | None, str | None]) -> pd.DataFrame:
    planned = table("PCTPTNUM PCELTM ATPT", *rows).astype({"PCTPTNUM": "float64"})
    return planned.astype({"PCELTM": "str", "ATPT": "str"})


def test_numbers_that_only_order_the_time_points_are_no_hours():
    ordered = planned_at(
        (1, None, "PRE-DOSE"), (2, None, "1 H POST-DOSE"), (3, None, "4 H POST-DOSE"), (4, None, "END OF INFUSION")
    )
    assert numbers(nominal_hours(ordered)) == [0.0, 1.0, 4.0, None]
    by_duration = planned_at((1, "-PT5M", "T1"), (2, "PT30M", "T2"), (3, "PT1H", "T3"))
    assert numbers(nominal_hours(by_duration)) == [-5 / 60, 0.5, 1.0]


def test_hours_since_the_start_are_not_taken_for_a_numbering_beside_durations_since_the_end():
    rows = [(1, "PT0H", "END OF INFUSION"), (2, "PT1H", "T2"), (4, "PT3H", "T3"), (24, "PT23H", "T4")]
    assert numbers(nominal_hours(planned_at(*rows))) == [1.0, 2.0, 4.0, 24.0]
    every = planned_at((1, "PT0H", "T1"), (2, "PT1H", "T2"), (3, "PT2H", "T3"))
    assert numbers(nominal_hours(every)) == [0.0, 1.0, 2.0]
    assert numbers(nominal_hours(every.assign(PCTPTREF="End of infusion"))) == [1.0, 2.0, 3.0]


def test_one_number_in_four_that_is_another_than_its_words_leaves_numbers_hours():
    rows = [(1, None, "1 H POST-DOSE"), (2, None, "2 H POST-DOSE"), (4, None, "4 H POST-DOSE")]
    assert numbers(nominal_hours(planned_at(*rows, (9, None, "8 H POST-DOSE")))) == [1.0, 2.0, 4.0, 9.0]
    assert numbers(nominal_hours(planned_at(*rows[:2], (3, None, "8 H POST-DOSE")))) == [1.0, 2.0, 8.0]


@pytest.mark.parametrize(
    ("sampled", "expected"),
    [
        # doses at 2024-03-05T10:00, 2024-03-19T09:00 and on 2024-04-02 at an unknown time
        (("2024-03-05T12:30", 2.0, None), (1.0, 2.5, 30.0)),
        (("2024-03-05T09:30", 0.0, None), (1.0, -0.5, -30.0)),
        (("2024-03-04T10:00", -24.0, None), (1.0, -24.0, 0.0)),
        (("2024-03-19T08:00", 0.0, None), (2.0, -1.0, -60.0)),
        (("2024-03-19T08:00", None, None), (1.0, 334.0, None)),
        (("2024-03-19T08:00", 0.0, "2024-03-05T10:00"), (2.0, -1.0, -60.0)),
        (("2024-03-19T08:00", 0.0, "2024-03-05"), (2.0, -1.0, -60.0)),
        (("2024-03-19T08:00", 0.0, "2024-03-06T10:00"), (2.0, -1.0, -60.0)),
        (("2024-03-19T08:00", 336.0, "2024-03-05T10:00"), (1.0, 334.0, -120.0)),
        (("2024-03-13T08:00", 0.0, "2024-03-05T10:00"), (None, None, None)),
        (("2024-03-19T11:30", 2.0, "2024-03-05T10:00"), (2.0, 2.5, 30.0)),
        (("2024-03-19T11:30", 2.0, "2023-03-19T09:00"), (2.0, 2.5, 30.0)),
        (("2024-03-22T11:30", 2.0, "2024-03-19T09:00"), (2.0, 74.5, 4350.0)),
        (("2024-03-22T11:30", 2.0, "2024-03-18T09:00"), (None, None, None)),
        (("2024-03-25T08:00", 0.0, None), (None, None, None)),
        (("2024-03-01T08:00", 4.0, None), (None, None, None)),
        (("2024-03-19", 4.0, None), (2.0, None, None)),
        (("2024-04-02T12:00", 4.0, None), (3.0, None, None)),
        (("2024-04-02T12:00", 4.0, "2024-04-02T08:30"), (3.0, 3.5, -30.0)),
        ((None, 4.0, None), (None, None, None)),
    ],
)
def test_a_sample_refers_to_a_dose_by_the_first_rule_that_applies(sampled, expected):
    taken, nominal, reference = sampled
    dose, actual, deviation = expected
    adpc = derived(sample(PCDTC=taken, PCTPTNUM=nominal, PCRFTDTC=reference))
    assert numbers(adpc["DOSEOCC"]) == [dose]
    assert numbers(adpc["ATIME"]) == [actual]
    assert numbers(adpc["DEVMIN"].round(9)) == [deviation]


@pytest.mark.parametrize(
    ("rule", "before_dose_1", "before_dose_2", "after"),
    [
        ("zero", 0.0, 0.0, 0.0),
        ("half_lloq", 0.25, 0.25, 0.25),
        ("missing", None, None, None),
        ("zero_before_first", 0.0, None, None),
    ],
)
def test_a_value_below_the_limit_enters_means_by_the_rule_of_the_study(rule, before_dose_1, before_dose_2, after):
    below = {"PCSTRESC": "<0.5", "PCSTRESN": None}
    pc = pd.concat(
        [
            sample(PCSEQ=1.0, PCTPTNUM=0.0, PCDTC="2024-03-05T09:30", **below),
            sample(PCSEQ=2.0, PCTPTNUM=0.0, PCDTC="2024-03-19T08:30", **below),
            sample(PCSEQ=3.0, PCTPTNUM=2.0, PCDTC="2024-03-19T11:00", **below),
            sample(PCSEQ=4.0, PCTPTNUM=2.0, PCDTC="2024-03-19T11:00"),
        ],
        ignore_index=True,
    )
    assert numbers(derived(pc, rule)["AVALD"]) == [before_dose_1, before_dose_2, after, 12.5]


def test_without_a_dose_a_value_below_the_limit_before_treatment_is_still_zero_by_its_date():
    known = {"AVAL": [float("nan")], "BLQFL": "Y", "LLOQ": 0.5, "IS_PREDOSE": False, "DOSEOCC": float("nan")}
    times = {"ADT": days("2024-03-04"), "ADTM": days(None), "TRTSDT": days("2024-03-05"), "TRTSDTM": days(None)}
    assert value_for_means(pd.DataFrame({**known, **times}), "zero_before_first").tolist() == [0.0]


def test_only_the_matrices_of_the_study_file_are_shown_under_their_names():
    pc = pd.concat([sample(PCSPEC="CSF"), sample(PCSPEC="URINE"), sample(), sample(USUBJID="99")], ignore_index=True)
    adpc = derived(pc)
    assert texts(adpc["MATRIX"]) == ["Cerebrospinal fluid", "Plasma"]
    assert list(adpc.columns) == list(COLUMNS)


def test_without_concentrations_there_are_no_rows_and_the_population_is_unknown():
    study = small_study(pharmacokinetics={"matrices": MATRICES})
    people = derive_adsl({"dm": table("USUBJID ARMCD", ("01", "HIGH")), "ex": EX}, study, "2024-12-31")
    assert texts(people["PKFL"]) == [None]
    assert derive_adpc({"ex": EX}, adsl(), study).empty
    assert derive_adpc({"ex": EX}, adsl(), small_study()).empty


@pytest.mark.parametrize(
    ("arm", "reported", "number", "flag"),
    [("HIGH", "12.5", 12.5, "Y"), ("HIGH", "<0.5", None, "N"), ("PBO", "12.5", 12.5, "N")],
)
def test_the_pharmacokinetic_population_needs_an_active_dose_and_a_quantifiable_value(arm, reported, number, flag):
    study = small_study(pharmacokinetics={"matrices": MATRICES})
    pc = sample(PCSTRESC=reported, PCSTRESN=number)
    people = derive_adsl({"dm": table("USUBJID ARMCD", ("01", arm)), "ex": EX, "pc": pc}, study, "2024-12-31")
    assert texts(people["PKFL"]) == [flag]


LEAN = "USUBJID PCSPEC PCTESTCD PCSTRESC PCSTRESN PCSTRESU PCORRES PCORRESU PCLLOQ"


@pytest.mark.parametrize(
    ("reported", "measured", "limit", "expected"),
    [
        ((None, 2.5, "ng/mL"), (None, None), None, ("2.5", 2.5, None, "N")),  # the number is its own text
        ((None, 2.5, "ng/mL"), ("2500", "pg/mL"), None, ("2.5", 2.5, None, "N")),  # the standardised number counts
        ((None, None, None), ("2500", "pg/mL"), None, ("2500", 2.5, None, "N")),  # as measured, in its own unit
        ((None, None, None), ("2500", None), None, ("2500", 2500.0, None, "N")),
        ((None, 0.0, "ng/mL"), ("<500", "pg/mL"), None, ("<500", None, 0.5, "Y")),  # the limit of the text, converted
        ((None, None, None), ("<500", "pg/mL"), 0.4, ("<500", None, 0.4, "Y")),  # the stated limit counts
        ((None, 0.3, "ng/mL"), (None, None), 0.4, ("0.3", None, 0.4, "Y")),
        (("2.5", None, "ng/mL"), ("9", "pg/mL"), None, ("2.5", 2.5, None, "N")),
        # A standardised result without a unit that is the result as measured is in the unit of that one, and the limit.
        (("2500", 2500.0, None), ("2500", "pg/mL"), 500.0, ("2500", 2.5, 0.5, "N")),
        ((None, 2500.0, None), ("2500", "pg/mL"), 500.0, ("2500", 2.5, 0.5, "N")),
        (("<500", None, None), ("<500", "pg/mL"), None, ("<500", None, 0.5, "Y")),
        (("2.5", 2.5, None), ("2500", "pg/mL"), 0.5, ("2.5", 2.5, 0.5, "N")),  # converted, though no unit says so
        (("BLQ", None, None), ("BLQ", "pg/mL"), 0.5, ("BLQ", None, 0.5, "Y")),
        ((None, None, "ng/mL"), (None, None), 0.4, (None, None, 0.4, "N")),
    ],
)
def test_a_result_without_its_text_keeps_its_number_and_its_unit(reported, measured, limit, expected):
    pc = table(LEAN, ("01", "PLASMA", "DRUG", *reported, *measured, limit))
    row = derived(pc).iloc[0]
    found = [None if pd.isna(row[name]) else row[name] for name in ("AVALC", "AVAL", "LLOQ", "BLQFL")]
    assert tuple(found) == expected


@pytest.mark.parametrize(("words", "below"), [(["0"], "Y"), (["0.00", "BLQ"], "Y"), (["BLQ"], "N"), (["0.5"], "N")])
def test_a_zero_is_below_the_limit_where_the_study_file_lists_it(words, below):
    study = small_study(pharmacokinetics={"matrices": MATRICES, "below_limit": words})
    pc = table(LEAN, ("01", "PLASMA", "DRUG", None, 0.0, None, None, None, None))
    assert derive_adpc({"pc": pc, "ex": EX}, adsl(), study)["BLQFL"].tolist() == [below]


@pytest.mark.parametrize("value", [0.5, 10.0, 100.0])
def test_a_number_among_the_words_is_the_whole_result(value):
    study = small_study(pharmacokinetics={"matrices": MATRICES, "below_limit": ["0"]})
    pc = table(LEAN, ("01", "PLASMA", "DRUG", None, value, None, None, None, None))
    assert derive_adpc({"pc": pc, "ex": EX}, adsl(), study)["AVAL"].tolist() == [value]


DAILY = table(
    "USUBJID EXSEQ EXTRT EXDOSE EXDOSFRQ EXSTDTC EXENDTC",
    ("01", 1.0, "DRUG", 100.0, "QD", "2024-03-05T10:00", "2024-03-18"),
    ("01", 2.0, "DRUG", 100.0, "QD", "2024-03-19", None),
)


@pytest.mark.parametrize(
    ("sampled", "expected"),
    [
        (("2024-03-05T12:30", 2.0, None), (1.0, 2.5, 30.0)),
        (("2024-03-14T12:30", 2.0, None), (1.0, None, None)),
        (("2024-03-14T12:30", 2.0, "2024-03-14T10:00"), (1.0, 2.5, 30.0)),
        (("2024-03-14T09:30", 0.0, None), (1.0, None, None)),
        (("2024-03-14T12:30", 2.0, "2024-03-05T10:00"), (1.0, None, None)),
        (("2024-03-25T12:30", 2.0, "2024-03-25T10:00"), (2.0, 2.5, 30.0)),
    ],
)
def test_a_sample_inside_a_dosing_period_is_timed_by_its_own_reference_time_alone(sampled, expected):
    taken, nominal, reference = sampled
    study = small_study(pharmacokinetics={"matrices": MATRICES})
    pc = sample(PCDTC=taken, PCTPTNUM=nominal, PCRFTDTC=reference)
    adpc = derive_adpc({"pc": pc, "ex": DAILY}, adsl(), study)
    found = [numbers(adpc[name].round(9))[0] for name in ("DOSEOCC", "ATIME", "DEVMIN")]
    assert found == list(expected)


def test_a_pre_dose_sample_inside_the_first_period_is_not_before_the_first_dose():
    study = small_study(pharmacokinetics={"matrices": MATRICES})
    pc = sample(PCDTC="2024-03-14T09:30", PCTPTNUM=0.0, PCSTRESC="<0.5", PCSTRESN=None)
    assert numbers(derive_adpc({"pc": pc, "ex": DAILY}, adsl(), study)["AVALD"]) == [None]


def test_a_limit_beside_results_as_measured_alone_is_in_their_unit():
    own = sample(PCORRES="5", PCORRESU="pg/mL", PCLLOQ=0.5).drop(columns=["PCSTRESC", "PCSTRESN", "PCSTRESU"])
    adpc = derived(own)
    assert adpc[["AVAL", "LLOQ", "BLQFL"]].to_numpy().tolist() == [[0.005, 0.0005, "N"]]


def test_a_unit_is_converted_as_its_test_allows():
    # 180.16 g of glucose are a mole: 90 mg/dL are 5.0 mmol/L.
    matrix = {"specimen": "PLASMA", "testcd": "GLUC", "label": "Plasma", "unit": "mmol/L"}
    study = small_study(pharmacokinetics={"matrices": [matrix]})
    pc = sample(PCTESTCD="GLUC", PCSTRESU="mg/dL", PCSTRESC="90", PCSTRESN=90.0, PCLLOQ=None)
    assert derive_adpc({"pc": pc, "ex": EX}, adsl(), study)["AVAL"].round(1).tolist() == [5.0]
