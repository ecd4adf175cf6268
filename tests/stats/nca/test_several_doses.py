"""Several doses: what belongs to which interval."""

import math

import numpy as np
import pandas as pd
import pytest

from cutbook.stats.nca import NcaOptions, NcaReason, nca
from profiles_of import doses, samples, shown

DAYS = ((0.0, 24.0), (24.0, 48.0))
ORAL = ([0, 1, 2, 4, 8, 12, 24, 25, 26, 28, 32, 36, 48], [0, 8, 6, 5, 3, 2, 1, 9, 7, 6, 4, 3, 1.5])


def test_a_predose_sample_ends_one_interval_and_begins_the_next():
    conc = samples(A=ORAL)
    found = nca(conc, doses("A", [0, 24]), options=NcaOptions(intervals=DAYS, auc_method="linear"))
    codes = ["CMAX", "TMAX", "TLST", "CTROUGH", "CSTART", "CMIN", "AUCTAU", "CAVG", "ARCMAX", "ARCTROUG"]
    areas = [np.trapezoid(ORAL[1][part], ORAL[0][part]) for part in (slice(0, 7), slice(6, 13))]
    assert shown(found, "A", codes[:8]) == [8, 1, 24, 1, 0, 0, areas[0], round(areas[0] / 24, 6)]
    expected = [9, 1, 24, 1.5, 1, 1, areas[1], round(areas[1] / 24, 6), 1.125, 1.5]
    assert shown(found, "A", codes, start=24.0) == expected


def test_a_predose_sample_is_never_the_highest_concentration_of_the_interval_before():
    conc = samples(A=([0, 1, 2, 4, 8, 24, 25], [0, 8, 6, 5, 3, 12, 9]))
    found = nca(conc, doses("A", [0, 24]), options=NcaOptions(intervals=DAYS))
    assert shown(found, "A", ["CMAX", "TMAX", "CTROUGH"]) == [8, 1, 12]
    alone = nca(conc, doses("A", [0]), options=NcaOptions(intervals=DAYS))
    assert shown(alone, "A", ["CMAX", "TMAX"]) == [12, 24]


BOLUS = ([0, 1, 4, 12, 24, 25, 28, 36, 48], [10, 8, 5, 2, None, 9, 6, 2.5, 0.8])


@pytest.mark.parametrize(
    ("level", "first_day", "second_day"),
    [(0.9, [24, 0.9], [10.302428]), (11.0, [12, NcaReason.NO_END], [11.0])],
    ids=["before the dose", "after the dose"],
)
def test_the_sample_at_a_later_bolus_is_told_by_its_value(level, first_day, second_day):
    conc = samples(A=(BOLUS[0], [level if value is None else value for value in BOLUS[1]]))
    options = NcaOptions(intervals=DAYS, route="iv_bolus")
    found = nca(conc, doses("A", [0, 24]), options=options)
    assert shown(found, "A", ["CMAX"]) == [10]
    assert shown(found, "A", ["TLST", "CTROUGH"]) == first_day
    assert shown(found, "A", ["C0"], start=24.0) == second_day


def test_the_rule_for_a_sample_at_a_later_dose_can_be_stated():
    conc = samples(A=ORAL)
    after = NcaOptions(intervals=DAYS, sample_at_dose="after")
    assert shown(nca(conc, doses("A", [0, 24]), options=after), "A", ["TLST", "CTROUGH"]) == [12, NcaReason.NO_END]


def test_the_concentration_after_the_next_dose_is_no_neighbour_of_the_end():
    """The sample at 30 h follows the dose at 24 h; PKNCA draws a line to it, we go on with the terminal line."""
    conc = samples(A=([0, 1, 2, 4, 8, 16, 30], [0, 8, 8, 4, 2, 0.5, 90]))
    given = doses("A", [0, 24])
    ours = nca(conc, given, options=NcaOptions(intervals=(DAYS[0],), auc_method="linear"))
    theirs = nca(conc, given, options=NcaOptions(intervals=(DAYS[0],), auc_method="linear", across_doses=True))
    measured = np.trapezoid([0, 8, 8, 4, 2, 0.5], [0, 1, 2, 4, 8, 16])
    rate = ours.set_index("parameter")["value"]["LAMZ"]
    assert shown(ours, "A", ["AUCINT", "AUCTAU"]) == [
        round(measured, 6), round(measured + 0.5 * (1 - math.exp(-8 * rate)) / rate, 6)
    ]  # fmt: skip
    at_end = 0.5 + (90 - 0.5) * 8 / 14
    assert shown(theirs, "A", ["AUCINT"]) == [round(measured + 8 * (0.5 + at_end) / 2, 6)]


def test_without_a_dose_between_the_end_of_an_interval_is_interpolated():
    conc = samples(A=([0, 2, 6], [0, 8, 4]))
    found = nca(conc, doses("A", [0]), options=NcaOptions(intervals=((0, 4), (1, 4)), auc_method="linear"))
    assert shown(found, "A", ["AUCINT", "AUCLST"]) == [22.0, 8.0]
    assert shown(found, "A", ["AUCINT"], start=1.0) == [20.0]


def test_an_interval_between_two_samples_has_an_area():
    conc = samples(A=([0, 2, 6], [0, 8, 4]))
    found = nca(conc, doses("A", [0]), options=NcaOptions(intervals=((3, 5),), auc_method="linear"))
    assert shown(found, "A", ["AUCINT", "AUCLST"], 3.0) == [12.0, NcaReason.NO_SAMPLES]


def test_an_interval_that_begins_above_the_limit_and_ends_below_it_has_no_area_of_zero():
    conc = samples(A=([0, 2, 6, 8], [0, 8, 0, 0]))
    found = nca(conc, doses("A", [0]), options=NcaOptions(intervals=((4, 8),), auc_method="linear"))
    assert shown(found, "A", ["AUCINTA", "AUCALL"], 4.0) == [4.0, 4.0]


def test_the_value_at_a_dose_without_a_sample_is_that_of_the_sample_before_it():
    """At 24 h nothing was sampled; 23.5 h lies after the first dose, and -1 h of the second case before both."""
    near = samples(A=([0, 1, 4, 23.5, 25, 28, 48], [0, 8, 5, 1, 9, 6, 2]))
    far = samples(A=([-1, 25, 28, 48], [1, 9, 6, 2]))
    options = NcaOptions(intervals=(DAYS[1],), auc_method="linear")
    assert shown(nca(near, doses("A", [0, 24]), options=options), "A", ["AUCLST"], 24.0) == [5 + 22.5 + 80]
    assert shown(nca(far, doses("A", [0, 24]), options=options), "A", ["AUCLST"], 24.0) == [NcaReason.NO_START]


@pytest.mark.parametrize(("rule", "expected"), [("predose", 13.5), ("missing", NcaReason.NO_START), ("zero", 12.0)])
def test_the_rule_for_a_dose_without_a_sample_can_be_stated(rule, expected):
    conc = samples(A=([-1, 1, 2], [3, 8, 8]))
    options = NcaOptions(start_value=rule, auc_method="linear")
    assert shown(nca(conc, doses("A", [0]), options=options), "A", ["AUCLST"]) == [expected]


def test_a_zero_stands_for_a_missing_sample_at_the_first_dose_only():
    conc = samples(A=([1, 20, 25, 26], [8, 2, 8, 8]))
    options = NcaOptions(start_value="zero", auc_method="linear", intervals=DAYS)
    found = nca(conc, doses("A", [0, 24]), options=options)
    assert shown(found, "A", ["AUCLST"]) == [4 + 95]
    assert shown(found, "A", ["AUCLST"], 24.0) == [5 + 8]


def test_times_that_differ_by_rounding_are_one_time():
    conc = samples(A=([0, 1, 2, 4, 0.1 * 240 + 4e-15], [0, 8, 6, 5, 1]))
    found = nca(conc, doses("A", [0, 24]), options=NcaOptions(intervals=DAYS))
    assert shown(found, "A", ["CTROUGH"]) == [1]


def test_a_dosing_interval_can_be_shorter_than_the_interval():
    conc = samples(A=([0, 1, 2, 4, 8, 12, 24], [0, 8, 6, 5, 3, 2, 1]))
    found = nca(conc, doses("A", [0]), options=NcaOptions(tau=8, auc_method="linear"))
    assert shown(found, "A", ["AUCTAU", "CTROUGH", "TLST"]) == [38.0, 3, 24]
    assert not found["parameter"].isin(["AUCINT", "CAVGINT", "ARCMAX"]).any()


def test_clearance_of_a_dosing_interval_is_that_at_steady_state_only():
    conc = samples(A=ORAL)
    found = nca(conc, doses("A", [0, 24]), options=NcaOptions(intervals=DAYS, auc_method="linear"))
    assert shown(found, "A", ["CLFTAU"]) == [NcaReason.FIRST_DOSE]
    area = np.trapezoid(ORAL[1][6:], ORAL[0][6:])
    assert shown(found, "A", ["CLFTAU", "CLFO"], 24.0) == [round(100 / area, 6), NcaReason.EARLIER_DOSES]


def test_fluctuation_and_swing_are_percentages():
    conc = samples(A=([0, 2, 6, 8], [2, 6, 4, 2]))
    found = nca(conc, doses("A", [-8, 0]), options=NcaOptions(intervals=((0, 8),), auc_method="linear"))
    assert shown(found, "A", ["CAVG", "FLUCP", "SWING", "PTROUGHR"]) == [4.25, 94.117647, 200.0, 3.0]


def test_accumulation_needs_the_first_interval():
    conc = samples(A=([24, 25, 26, 28, 32, 36, 48], [1, 9, 7, 6, 4, 3, 1.5]))
    found = nca(conc, doses("A", [0, 24]), options=NcaOptions(intervals=DAYS))
    assert shown(found, "A", ["ARAUC", "ARCMAX"], 24.0) == [NcaReason.NO_FIRST] * 2
    assert pd.isna(found["value"]).sum() == (found["reason"] != "").sum()


@pytest.mark.parametrize(("level", "expected"), [(11.0, 11.0), (0.9, 10.302428)])
def test_a_first_sample_at_a_later_bolus_is_told_by_the_next(level, expected):
    conc = samples(A=([24, 25, 28, 36], [level, 9, 6, 2.5]))
    options = NcaOptions(intervals=(DAYS[1],), route="iv_bolus")
    assert shown(nca(conc, doses("A", [0, 24]), options=options), "A", ["C0"], start=24.0) == [expected]
