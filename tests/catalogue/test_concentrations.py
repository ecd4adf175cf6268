import math

import pandas as pd
import pytest

from cutbook.catalogue import concentrations
from given import results_of, texts_of


def samples(*rows):
    columns = ["USUBJID", "TRT01A", "NOMTIME", "AVAL", "BLQFL"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(
        MATRIX="Plasma", VISIT="Day 1", VISITNUM=3.0, AVALC="x", AVALU="ng/mL", DOSEOCC=1.0, AVALD=frame["AVAL"],
        KEY=[f"pc/{who}/{place}" for place, who in enumerate(frame["USUBJID"])],
    )  # fmt: skip


@pytest.fixture
def study(study):
    """Return the study with concentrations in plasma."""
    kinetics = {"matrices": [{"label": "Plasma", "specimen": "PLASMA", "testcd": "X", "unit": "ng/mL"}]}
    return type(study).model_validate(study.model_dump() | {"pharmacokinetics": kinetics})


def cell(results, name, **place):
    found = results[results["statistic"].eq(name) & results["variable"].ne("POPULATION")]
    for column, value in place.items():
        found = found[found[column].eq(value)]
    assert len(found) == 1
    return found.iloc[0]


def summary(adpc, adsl, study):
    return texts_of(concentrations.summary, study=study, adpc=adpc, adsl=adsl)


def test_a_summary_counts_samples_values_below_the_limit_and_what_enters_means(adsl, study):
    results = summary(samples(("3", "10 mg", 4.0, 8.0, "N"), ("4", "10 mg", 4.0, 2.0, "N")), adsl, study)
    shown = {name: cell(results, name, level="4")["text"] for name in ("samples", "nblq", "n", "mean", "geomean", "cv")}
    assert shown == {"samples": "2", "nblq": "0", "n": "2", "mean": "5.00", "geomean": "4.00", "cv": "84.9"}


def test_more_than_half_below_the_limit_leaves_no_mean_and_a_median_below_it(adsl, study):
    nothing = float("nan")
    adpc = samples(("3", "10 mg", 4.0, 8.0, "N"), ("4", "10 mg", 4.0, nothing, "Y"), ("4", "10 mg", 4.0, nothing, "Y"))
    results = summary(adpc, adsl, study)
    assert cell(results, "mean", level="4")["text"] == "NC"
    assert (
        cell(results, "mean", level="4")["reason"] == "more than half of the samples below the limit of quantification"
    )
    assert [cell(results, name, level="4")["text"] for name in ("median", "min", "max")] == ["BLQ", "BLQ", "8.00"]


def test_samples_that_are_all_below_the_limit_have_no_value_even_where_they_count_as_zero(adsl, study):
    results = summary(samples(("3", "10 mg", 0.0, 0.0, "Y"), ("4", "10 mg", 0.0, 0.0, "Y")), adsl, study)
    assert [cell(results, name, level="0")["text"] for name in ("n", "median", "min", "max")] == ["2", *["BLQ"] * 3]


def test_a_zero_leaves_no_geometric_mean(adsl, study):
    adpc = samples(("3", "10 mg", 0.0, 0.0, "N"), ("4", "10 mg", 0.0, 2.0, "N"))
    row = cell(summary(adpc, adsl, study), "geomean", level="0")
    assert math.isnan(row["value"])
    assert row["reason"] == "fewer than two positive values"


def test_placebo_has_no_summary(adsl, study):
    results = summary(samples(("1", "Placebo", 4.0, 5.0, "N")), adsl, study)
    assert results[results["variable"].ne("POPULATION")].empty


@pytest.mark.parametrize(
    ("rows", "placebo", "none"),
    [
        ([("1", "Placebo", 4.0, 5.0, "N"), ("3", "10 mg", 4.0, 5.0, "N")], 1, 0),
        ([("1", "Placebo", 4.0, float("nan"), "Y"), ("3", "10 mg", 4.0, float("nan"), "Y")], 0, 1),
        ([("3", "10 mg", 0.0, float("nan"), "Y")], 0, 0),
        ([("3", "10 mg", 0.0, float("nan"), "Y"), ("3", "10 mg", 4.0, 5.0, "N")], 0, 0),
    ],
    ids=["drug in placebo", "no drug in active", "only before the dose", "drug after the dose"],
)
def test_signs_of_a_mix_up_look_only_at_samples_after_a_dose(adsl, study, rows, placebo, none):
    results = results_of(concentrations.samples, study, adpc=samples(*rows), adsl=adsl)
    counts = dict(zip(results["variable"], results["value"], strict=True))
    assert (counts["PLACEBO"], counts["ALLBLQ"]) == (placebo, none)


def values(*given, rule_value=float("nan")):
    """Return samples of one time; None is below the limit and enters means as the rule says."""
    rows = [("3", "10 mg", 4.0, rule_value if value is None else value, "N" if value else "Y") for value in given]
    frame = samples(*rows)
    return frame.assign(AVAL=frame["AVAL"].mask(frame["BLQFL"].eq("Y")))


@pytest.mark.parametrize(
    ("given", "rule_value", "median"),
    [
        ((None, 2.0, 8.0), float("nan"), "2.00"),
        ((None, 2.0, 8.0, 32.0), float("nan"), "5.00"),
        ((None, None, 2.0, 8.0, 32.0), float("nan"), "2.00"),
        ((None, None, 2.0, 8.0), float("nan"), "1.00"),
        ((None, None, 2.0, 8.0), 0.0, "1.00"),
        ((None, None, 2.0, 8.0), 0.5, "1.25"),
        ((None, None, 2.0, 8.0), 6.0, "2.00"),
        ((None, 2.0, 8.0), 6.0, "2.00"),
        ((None, 2.0), float("nan"), "1.00"),
        ((None, None, 2.0), 0.0, "BLQ"),
    ],
)
def test_the_median_is_that_of_all_samples_by_rank_with_those_below_the_limit_the_lowest(
    adsl, study, given, rule_value, median
):
    results = summary(values(*given, rule_value=rule_value), adsl, study)
    assert cell(results, "median", group="A", level="4")["text"] == median


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("zero_before_first", "as zero before the first dose and not at all afterwards"),
        ("half_lloq", "as half of the limit"),
    ],
)
def test_table_and_figure_say_how_values_below_the_limit_enter_geometric_means(study, rule, said):
    kinetics = study.pharmacokinetics.model_copy(update={"blq_rule": rule})
    own = study.model_copy(update={"pharmacokinetics": kinetics})
    table, figure = concentrations.summary.rows(own)[0], concentrations.profiles.rows(own)[0]
    assert said in table.notes[0]
    assert "The median is that of all samples by rank" in table.notes[0]
    assert "Geo. mean: exp of the mean of the natural logarithms" in table.notes[1]
    assert said in figure.notes[0]


def test_the_words_of_the_plan_stand_where_they_tell_more_than_hours(adsl, study):
    rows = samples(*(("3", "10 mg", time, 5.0, "N") for time in (float("nan"), 1.0, 2.0, 0.0, float("nan"))))
    words = ["END OF INFUSION", "END OF INFUSION", "2 H POST-DOSE", "PRE-DOSE", None]
    results = summary(rows.assign(ATPT=pd.Series(words, dtype="str")), adsl, study)
    shown = results.loc[results["statistic"].eq("n") & results["group"].eq("A"), ["level", "row_words"]]
    assert dict(shown.itertuples(index=False, name=None)) == {
        "0": "0 h",
        "1": "1 h, END OF INFUSION",
        "2": "2 h",
        "END OF INFUSION": "END OF INFUSION",
        "": "No planned time",
    }
