"""Blood pressure and QTcF in categories: the worst of everybody, at every end of a category."""

import pandas as pd
import pytest

from cutbook.catalogue.findings import categories
from cutbook.parameters.study import Study
from given import given_frames, results_of
from results.people import STUDY

VISITS = {"clinic": {"by": "visitnum", "visits": [{"label": "Week 2", "visitnum": [3]}]}}


def with_families(*families: tuple[str, str, str]) -> Study:
    """Return the small study with families of findings: id, label, dataset."""
    named = [{"id": one, "label": label, "dataset": of, "schedule": "clinic"} for one, label, of in families]
    return Study.model_validate({**STUDY, "findings": named, "schedules": VISITS})


def results(*rows: tuple[str, str, float, float], unit: str) -> pd.DataFrame:
    """Return results after the first dose from participant, parameter, value and change, all at week 2."""
    frame = pd.DataFrame(rows, columns=["USUBJID", "PARAMCD", "AVAL", "CHG"])
    return frame.assign(
        PARAM=frame["PARAMCD"].map(lambda code: f"Label: {code.rpartition('-')[2]}"), AVALU=unit, SAFFL="Y",
        TRT01A=frame["USUBJID"].map({"1": "Placebo", "2": "Placebo"}).fillna("10 mg"), APOBLFL="Y", ABLFL=None,
        ANL01FL="Y", AVISITID="WEEK2", AVISIT="Week 2", AVISITN=3.0, KEY=[f"x/{at}" for at in range(len(frame))],
    )  # fmt: skip


def shares(found: pd.DataFrame, parameter: str, group: str = "TOTAL") -> dict[str, str]:
    """Return n/Ns of the rows below a heading."""
    own = found[found["parameter"].eq(parameter) & found["group"].eq(group)]
    wide = own.pivot_table(index="level", columns="statistic", values="value", sort=False)
    return {str(level): f"{row['n']:.0f}/{row['N']:.0f}" for level, row in wide.iterrows()}


def test_the_highest_and_the_lowest_pressure_of_everybody_count_in_every_category_that_they_reach(adsl):
    study = with_families(("vitals", "Label", "vs"))
    pressures = results(
        ("1", "vitals-SYSBP", 139, 0), ("1", "vitals-SYSBP", 140, 0), ("2", "vitals-SYSBP", 89, 0),
        ("3", "vitals-SYSBP", 180, 0), ("3", "vitals-SYSBP", 89.9, 0), ("4", "vitals-SYSBP", 90, 0),
        ("4", "vitals-SYSBP", 200, 0), unit="mmHg",
    )  # fmt: skip
    pressures.loc[6, "APOBLFL"] = None
    found = results_of(categories.pressure_categories, study, advs=pressures, adsl=adsl)
    assert shares(found, "vitals-SYSBP maximum") == {
        "<90": "1/4", ">=90": "3/4", ">=120": "2/4", ">=140": "2/4", ">=160": "1/4", ">=180": "1/4",
    }  # fmt: skip
    assert shares(found, "vitals-SYSBP minimum", "A") == {"<90": "1/2"}
    assert set(found["parameter_words"]) - {""} == {"SYSBP, highest", "SYSBP, lowest"}


def test_pressure_in_another_unit_is_not_compared_with_millimetres(adsl):
    study = with_families(("vitals", "Label", "vs"))
    kilopascal = results(("1", "vitals-SYSBP", 18.7, 0), unit="kPa")
    frames = given_frames(study, advs=kilopascal, adsl=adsl)
    (layer,) = categories.pressure_categories.rows(study)
    assert layer.among(frames).empty
    assert layer.rows(frames).empty


@pytest.mark.parametrize(
    ("value", "category"),
    [(450, "<=450"), (450.1, ">450-480"), (480, ">450-480"), (481, ">480-500"), (500, ">480-500"), (501, ">500")],
)
def test_everybody_is_in_one_category_of_qtcf_whose_upper_end_belongs_to_it(adsl, value, category):
    study = with_families(("ecg", "Label", "eg"))
    beats = results(("1", "ecg-QTCFAG", 400, 0), ("1", "ecg-QTCFAG", value, 0), unit="msec")
    found = shares(results_of(categories.qtcf, study, adeg=beats, adsl=adsl), "ecg-QTCFAG value", "P")
    assert found == {one: "1/1" if one == category else "0/1" for one in ("<=450", ">450-480", ">480-500", ">500")}


def test_a_change_of_qtcf_needs_a_baseline_and_another_interval_is_no_qtcf(adsl):
    study = with_families(("ecg", "Label", "eg"))
    beats = results(
        ("1", "ecg-QTCF", 420, 30), ("3", "ecg-QTCF", 420, float("nan")), ("4", "ecg-QTCF", 420, 60.5),
        ("2", "ecg-QT", 520, 80), unit="ms",
    )  # fmt: skip
    found = results_of(categories.qtcf, study, adeg=beats, adsl=adsl)
    assert shares(found, "ecg-QTCF change") == {"<=30": "1/2", ">30-60": "0/2", ">60": "1/2"}
    assert set(found["parameter"]) - {""} == {"ecg-QTCF value", "ecg-QTCF change"}


def test_at_visits_a_value_that_represents_none_does_not_count(adsl):
    study = with_families(("ecg", "Label", "eg"))
    beats = results(("1", "ecg-QTCF", 420, 5), ("1", "ecg-QTCF", 510, 95), unit="ms")
    beats.loc[1, "ANL01FL"] = None
    found = results_of(categories.qtcf_by_visit, study, adeg=beats, adsl=adsl)
    assert shares(found, "WEEK2 ecg-QTCF value", "P")["<=450"] == "1/1"
    assert shares(found, "WEEK2 ecg-QTCF change", "P")[">60"] == "0/1"


def test_families_that_measured_the_same_are_told_apart_and_one_is_not_named(adsl):
    study = with_families(("lying", "Lying", "vs"), ("standing", "Standing", "vs"))
    two = results(("1", "lying-SYSBP", 120, 0), ("1", "standing-SYSBP", 120, 0), unit="mmHg")
    two["PARAM"] = ["Lying: Pressure", "Standing: Pressure"]
    found = results_of(categories.pressure_categories, study, advs=two, adsl=adsl)
    assert "Lying: Pressure, highest" in set(found["parameter_words"])
    one = results_of(categories.pressure_categories, study, advs=two.iloc[:1], adsl=adsl)
    assert "Pressure, highest" in set(one["parameter_words"])


def test_without_a_family_of_the_dataset_a_sentence_says_so(study):
    frames = given_frames(study)
    assert categories.qtcf.why_empty(study, frames) == "Not named in the study file: electrocardiograms (EG)."


def test_blood_pressure_by_visit_is_of_those_values_that_represent_visits_in_the_unit_of_the_guide():
    study = with_families(("vitals", "Label", "vs"))
    rows = results(
        ("1", "vitals-SYSBP", 139, 0), ("2", "vitals-PULSE", 70, 0), ("3", "vitals-DIABP", 80, 0), unit="mmHg"
    )
    other = results(("4", "vitals-SYSBP", 18, 0), unit="kPa")
    unscheduled = results(("5", "vitals-SYSBP", 199, 0), unit="mmHg").assign(ANL01FL=None, AVISITID=None)
    (layer,) = categories.pressure_boxes.rows(study)
    drawn = layer.values(given_frames(study, advs=pd.concat([rows, other, unscheduled], ignore_index=True)))
    assert drawn[["USUBJID", "panel_words", "place_words", "VALUE"]].to_numpy().tolist() == [
        ["3", "DIABP (mmHg)", "Week 2", 80.0], ["1", "SYSBP (mmHg)", "Week 2", 139.0],
    ]  # fmt: skip
