"""Results tables as they were published with words as keys."""

import pandas as pd
import pytest

from cutbook.parameters.study import Study
from cutbook.results.bridge import with_codes
from cutbook.results.compare import compare_results
from cutbook.results.table import KEY_COLUMNS, WORD_COLUMNS, results_table

COLUMNS = (
    "display", "population", "parameter", "variable", "level", "visit", "group", "statistic", "value", "unit",
    "decimals", "text", "reason", "keys",
)  # fmt: skip


def published(**parts):
    """Return a table of one row, as published with words as keys."""
    row = dict.fromkeys(COLUMNS, "") | {"value": 1.0, "statistic": "n", "keys": ["dm/1"]} | parts
    return pd.DataFrame([row]).astype({"value": "float64", "decimals": "str"}).assign(decimals=pd.NA)[list(COLUMNS)]


@pytest.fixture
def study(study):
    """Return the study with a control, visits, an endpoint and concentrations in plasma."""
    known = study.model_dump()
    known["treatment"]["control"] = "P"
    return Study.model_validate(
        known
        | {
            "schedules": {"clinic": {"by": "visitnum", "visits": [
                {"id": "SCREEN", "label": "Baseline", "visitnum": [1]},
                {"id": "WEEK4", "label": "Week 4", "visitnum": [2]},
            ]}},
            "endpoints": [
                {"paramcd": "NFL", "label": "NfL", "dataset": "lb", "where": {"LBTESTCD": ["NFL"]},
                 "schedule": "clinic", "population": "SAFFL", "scale": "ratio", "better": "lower"},
            ],
            "pharmacokinetics": {
                "matrices": [{"label": "Plasma", "specimen": "PLASMA", "testcd": "X", "unit": "ng/mL"}]
            },
        }
    )  # fmt: skip


def test_a_table_with_codes_stays_as_it_is(study):
    coded = results_table([{"display": "D1", "variable": "SAFFL", "group": "P", "statistic": "n", "value": 1.0}])
    assert with_codes(coded, study) is coded


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ({"display": "D1", "population": "Randomised", "group": "Placebo"}, {"population": "RANDFL", "group": "P"}),
        ({"display": "D4", "population": "Safety", "group": "Active"}, {"population": "SAFFL", "group": "ACTIVE"}),
        ({"display": "E2", "population": "PK", "group": "10 mg"}, {"population": "PKFL", "group": "A"}),
        ({"display": "D4", "group": "All"}, {"group": "TOTAL"}),
        ({"display": "D4", "group": "Missing"}, {"group": "MISSING"}),
        ({"display": "D4", "group": "20 mg"}, {"group": "20 mg"}),
        ({"display": "D4", "group": "Active − Placebo"}, {"group": "ACTIVE-P"}),
        ({"display": "F1", "variable": "DIFF", "group": "10 mg"}, {"group": "A-P"}),
        ({"display": "F1", "variable": "LSMEAN", "group": "10 mg"}, {"group": "A"}),
    ],
)
def test_populations_and_columns_become_codes(study, words, codes):
    row = with_codes(published(**words), study).iloc[0]
    assert {name: row[name] for name in codes} == codes


@pytest.mark.parametrize(
    ("display", "variable", "words", "code"),
    [
        ("D1", "SCREENED", "Screened", ""),
        ("D1", "RANDFL", "Randomised", ""),
        ("D1", "SCRFFL", "Not randomised: screen failure", "Y"),
        ("D1", "SCRFFL", "Not randomised yet: in screening", "N"),
        ("D1", "DOSEN", "Received dose 2", "2"),
        ("D1", "EOSSTT", "Discontinued the study", "DISCONTINUED"),
        ("D1", "EOSSTT", "Ongoing", "ONGOING"),
        ("D1", "EOSSTT", "Completed the study", "COMPLETED"),
        ("D1", "DCSREAS", "DEATH", "DEATH"),
        ("D2", "SEX", "Female", "F"),
        ("D2", "SEX", "Missing", "MISSING"),
        ("D2", "SEX", "U", "U"),
        ("D4", "SER", "Serious event", ""),
        ("D4S", "SER", "ALL", "ALL"),
        ("D5", "ANY", "Any treatment-emergent event", ""),
        ("D5", "AEDECOD", "HEADACHE", "HEADACHE"),
        ("D9", "DTHDY", "Day 52", "52"),
        ("D9", "DTHDY", "Day not known", "MISSING"),
        ("D12", "TEAE", "Any treatment-emergent event", ""),
    ],
)
def test_levels_become_collected_values_and_the_words_stand_beside_them(study, display, variable, words, code):
    row = with_codes(published(display=display, variable=variable, level=words), study).iloc[0]
    assert (row["variable"], row["level"], row["row_words"]) == (variable, code, words)


def test_all_deaths_and_time_at_risk_have_variables_of_their_own(study):
    deaths = with_codes(published(display="D9", variable="DTHDY", level="ANY"), study).iloc[0]
    assert (deaths["variable"], deaths["level"]) == ("DTHFL", "")
    assert with_codes(published(display="D12", variable="PYEARS"), study).loc[0, "variable"] == "PYRISK"
    assert with_codes(published(display="D3", variable="PYEARS"), study).loc[0, "variable"] == "PYEARS"


@pytest.mark.parametrize(
    ("parameter", "words", "code"),
    [("NFL", "Week 4", "WEEK4"), ("NFL", "Week 8", "Week 8"), ("chem-ALT", "Baseline", "BASELINE")],
    ids=["of the schedule", "not in it", "without a schedule"],
)
def test_visits_become_ids_of_the_schedule_of_their_parameter(study, parameter, words, code):
    row = with_codes(published(display="F2", parameter=parameter, variable="AVAL", visit=words), study).iloc[0]
    assert (row["visit"], row["visit_words"]) == (code, words)


def test_a_matrix_becomes_test_and_specimen_and_its_visit_stays_as_collected(study):
    row = with_codes(published(display="E2", parameter="Plasma", variable="AVAL", visit="DAY 1"), study).iloc[0]
    assert (row["parameter"], row["parameter_words"], row["visit"]) == ("X-PLASMA", "Plasma", "DAY 1")


def test_numbers_texts_and_keys_stay_and_nothing_counts_as_changed(study):
    old = published(display="D1", population="Randomised", variable="DOSEN", level="Received dose 2", group="Placebo",
                    value=3.0, text="3", keys=["dm/1", "dm/2", "dm/3"])  # fmt: skip
    found = with_codes(old, study)
    row = found.iloc[0]
    assert (row["value"], row["text"], row["keys"]) == (3.0, "3", ["dm/1", "dm/2", "dm/3"])
    assert row["group_words"] == "Placebo"
    now = {"display": "D1", "population": "RANDFL", "variable": "DOSEN", "level": "2", "group": "P", "statistic": "n"}
    assert compare_results(results_table([{**now, "value": 3.0}]), found)["change"].tolist() == ["unchanged"]
    assert set(KEY_COLUMNS) | set(WORD_COLUMNS) <= set(found)
