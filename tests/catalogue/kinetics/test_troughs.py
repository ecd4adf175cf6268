"""Troughs, accumulation and half-life, with answers found by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from catalogue.kinetics.kinetic_trial import HALVING, frames, profile, shown, study
from cutbook.catalogue.kinetics import troughs
from cutbook.results.engine import compute


def before(subject, arm, dose, value):
    """Return the samples of one dose, the one before it with this concentration."""
    return profile(subject, arm, (value, *HALVING[1:]), dose=dose)


def follow_up(subject, arm, dose, *values):
    """Return samples 7 days after one another behind a dose, without planned times."""
    samples = profile(subject, arm, HALVING, dose=dose).head(len(values))
    hours = [24.0 * 7 * place for place in range(1, len(values) + 1)]
    start = pd.Timestamp("2024-01-01 08:00") + pd.Timedelta(days=7 * (dose - 1))
    places = range(len(values))
    return samples.assign(
        AVAL=[value or float("nan") for value in values], AVALC=["x" if value else "<0.5" for value in values],
        BLQFL=["N" if value else "Y" for value in values], NOMTIME=float("nan"), ATIME=hours,
        VISIT=[f"DAY {100 + place}" for place in places], VISITNUM=[90.0 + place for place in places],
        ADTM=[start + pd.Timedelta(hours=hour) for hour in hours], KEY=[f"pc/{subject}/9{place}" for place in places],
    )  # fmt: skip


TRIAL = (
    profile("S1", "10 mg", HALVING), before("S1", "10 mg", 2.0, 2.0), before("S1", "10 mg", 3.0, 8.0),
    follow_up("S1", "10 mg", 3.0, 8.0, 2.0),
    profile("S2", "10 mg", HALVING), before("S2", "10 mg", 2.0, 8.0), before("S2", "10 mg", 3.0, 8.0),
    follow_up("S2", "10 mg", 3.0, 2.0, 1.0),
)  # fmt: skip


def test_troughs_follow_up_ratios_and_half_life_stand_by_arm():
    # Halved twice in 7 days: 3.5 days; halved once: 7 days; geometric mean √24.5 = 4.95, CV 52.1 as ln 2 apart.
    assert [" | ".join(row) for row in shown(troughs.troughs, study(), *TRIAL)["T-E9-1"]] == [
        "Occasion | 10 mg, N = 2",
        "Before dose 2 (ng/mL) | 4.00 (127.0)",
        "Before dose 3 (ng/mL) | 8.00 (0.0)",
        "Day 100 (ng/mL) | 4.00 (127.0)",
        "Day 101 (ng/mL) | 1.41 (52.1)",
        "Before dose 3 / before dose 2 | 2.00 (127.0)",
        "Half-life after the last dose (days) | 4.95 (52.1)",
    ]


DECIDED = {"participant": "S1", "matrix": "Plasma", "reason": "Mixed up", "by": "A. Reviewer", "date": "2024-02-01"}


def troughs_without(excluded, *more):
    own = study(choices={"exclusions": [DECIDED | excluded]})
    return {row[0].strip(): row[1] for row in shown(troughs.troughs, own, *TRIAL, *more)["T-E9-1"]}


def test_a_sample_excluded_by_hand_takes_no_part_in_troughs_ratios_and_half_lives():
    told = troughs_without({"dose": 3, "time": 0})
    assert told["Before dose 2 (ng/mL)"] == "4.00 (127.0)"
    assert told["Before dose 3 (ng/mL)"] == "8.00 (NC) [1]"
    assert told["Before dose 3 / before dose 2"] == "1.00 (NC) [1]"
    assert told["Half-life after the last dose (days)"] == "4.95 (52.1)"


def test_all_samples_of_an_excluded_dose_go_and_an_earlier_one_does_not_become_the_last():
    told = troughs_without({"dose": 3}, follow_up("S1", "10 mg", 2.0, 4.0, 1.0))
    assert told["Day 100 (ng/mL)"] == "2.00 (NC) [1]"
    assert told["Half-life after the last dose (days)"] == "7.00 (NC) [1]"


def test_samples_that_data_exclude_take_no_part_either():
    parts = pd.concat(TRIAL).assign(NCAXFL="N", NCA1XRS="")
    is_it = parts["USUBJID"].eq("S1") & parts["DOSEOCC"].eq(2) & parts["NOMTIME"].eq(0)
    flagged = parts.assign(NCAXFL=parts["NCAXFL"].mask(is_it, "Y"), NCA1XRS=parts["NCA1XRS"].mask(is_it, "Clotted"))
    told = {row[0].strip(): row[1] for row in shown(troughs.troughs, study(), flagged)["T-E9-1"]}
    assert told["Before dose 2 (ng/mL)"] == "8.00 (NC) [1]"


def test_nothing_stands_where_more_than_half_of_an_arm_lie_below_the_limit():
    low = [profile(f"S{n}", "10 mg", HALVING) for n in (1, 2, 3)]
    second = [before("S1", "10 mg", 2.0, 0.0), before("S2", "10 mg", 2.0, 0.0), before("S3", "10 mg", 2.0, 4.0)]
    own = study()
    results = compute(troughs.troughs, frames(own, *low, *second), own)
    assert results.loc[results["statistic"].eq("n") & results["level"].eq("TROUGH"), "value"].sum() == 0


def test_one_dose_has_a_sentence_in_the_place_of_its_troughs():
    own = study()
    assert compute(troughs.troughs, frames(own, profile("S1", "10 mg", HALVING)), own)["level"].eq("").all()
    assert troughs.troughs.rows(own)[0].empty == "No sample before a second dose."


def test_a_second_matrix_is_set_beside_the_first_of_the_same_analyte():
    both = [{"label": name, "specimen": name, "testcd": "X", "unit": "ng/mL"} for name in ("Plasma", "CSF")]
    own = study(matrices=both)
    csf = [part.assign(MATRIX="CSF", AVAL=3 * part["AVAL"]) for part in TRIAL[:3]]
    results = compute(troughs.troughs, frames(own, *TRIAL[:3], *csf), own)
    ratios = results[results["level"].eq("RATIO") & results["statistic"].eq("geomean") & results["group"].eq("A")]
    assert dict(zip(ratios["row_words"], ratios["value"], strict=True)) == pytest.approx(
        {"CSF : plasma before dose 2": 3.0, "CSF : plasma before dose 3": 3.0}
    )
