"""Rules for samples below the limit, the terminal line and other settings, each by a value worked out by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from cutbook.stats.nca import NcaOptions, NcaReason, nca, nca_parameters, terminal_points
from profiles_of import GOOD, one_dose, samples, shown, values

TIMES = [0, 1, 2, 3, 4, 5, 6]
HOLES = samples(A=(TIMES, [0, 8, 0.3, 4, 2, 0, 0])).assign(lloq=0.5)


def linear(conc, **options):
    return values(conc, one_dose(conc), auc_method="linear", **options)


@pytest.mark.parametrize(
    ("rules", "last", "all_"),
    [
        ({}, 4 + 12 + 3, 20),
        ({"blq_middle": "keep"}, 4 + 4 + 2 + 3, 14),
        ({"blq_middle": "zero"}, 4 + 4 + 2 + 3, 14),
        ({"blq_middle": "half_lloq"}, 4 + 4.125 + 2.125 + 3, 14.25),
        ({"blq_middle": 1.0}, 4 + 4.5 + 2.5 + 3, 15),
        ({"blq_last": "drop"}, 19, 19),
        ({"blq_last": 1.0}, 19 + 1.5 + 1.0, 21.5),
        ({"blq_first": "drop"}, None, None),
        ({"blq_before_tmax": "keep", "blq_after_tmax": "drop"}, 19, 19),
        ({"blq_before_tmax": 2.0}, 5 + 4 + 2 + 3, 15),
        ({"blq_after_tmax": "half_lloq"}, 4 + 4.125 + 2.125 + 3 + 1.125 + 0.25, 14.625),
        ({"blq_consecutive": 1}, 4, 8),
    ],
)
def test_rules_for_samples_below_the_limit(rules, last, all_):
    found = linear(HOLES, **rules)
    if last is None:
        assert found[["AUCLST", "AUCALL"]].isna().all()
    else:
        assert found[["AUCLST", "AUCALL"]].tolist() == [last, all_]


def test_a_value_under_its_limit_is_below_it_and_counts_as_zero():
    found = linear(HOLES)
    assert linear(HOLES.assign(lloq=2.0))["TLST"] == 4
    assert found[["CMIN", "TLST", "CLST", "NCONC"]].tolist() == [0, 4, 2, 7]


def test_half_of_a_limit_that_is_not_known_is_no_value():
    conc = HOLES.drop(columns="lloq").assign(conc=[0, 8, 0, 4, 2, 0, 0])
    found = nca(conc, one_dose(conc), options=NcaOptions(blq_middle="half_lloq"))
    assert shown(found, "A", ["AUCLST", "LAMZ"]) == [NcaReason.NO_LIMIT] * 2


def test_after_two_in_a_row_below_the_limit_later_samples_are_below_it_too():
    conc = samples(A=(TIMES, [0, 8, 4, 0, 0, 1, 0]))
    assert linear(conc)[["TLST", "AUCLST"]].tolist() == [5, 4 + 6 + 7.5]
    assert linear(conc, blq_consecutive=2)[["TLST", "AUCLST"]].tolist() == [2, 10]
    assert linear(conc, blq_consecutive=3)[["TLST", "AUCLST"]].tolist() == [5, 17.5]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("linear", 4 + 6 + 5 + 5 + 3),
        ("linear_up_log_down", 4 + 4 / math.log(2) + 5 + 2 / math.log(1.5) + 2 / math.log(2)),
        ("log", 4 + 4 / math.log(2) + 2 / math.log(1.5) + 2 / math.log(1.5) + 2 / math.log(2)),
    ],
)
def test_rules_of_areas(method, expected):
    conc = samples(A=([0, 1, 2, 3, 4, 5], [0, 8, 4, 6, 4, 2]))
    assert values(conc, one_dose(conc), auc_method=method)["AUCLST"] == pytest.approx(expected, rel=1e-14)


def test_a_step_that_falls_to_zero_is_a_triangle_or_nothing():
    conc = samples(A=([0, 1, 2, 4, 5], [0, 8, 4, 2, 0]))
    lost = [values(conc, one_dose(conc), to_zero=rule) for rule in ("linear", "none")]
    assert lost[0]["AUCALL"] - lost[1]["AUCALL"] == pytest.approx(1.0)
    assert lost[0]["AUCLST"] == lost[1]["AUCLST"]


def test_the_moment_of_a_nearly_flat_step_keeps_its_digits():
    """Between the series and the closed form nothing jumps: both sides of the seam agree with quadrature."""
    for ratio in (1e-12, 1e-6, 0.0487, 0.0488, 0.5):
        conc = samples(A=([0, 1, 3], [0, 4.0, 4.0 * (1 - ratio)]))
        rate = math.log1p(-ratio) / 2
        grid, weight = np.polynomial.legendre.leggauss(40)
        at = 2 + grid
        exact = 2.0 + float(np.sum(weight * at * 4 * np.exp(rate * (at - 1))))
        assert values(conc, one_dose(conc))["AUMCLST"] == pytest.approx(exact, rel=2e-12)


TAIL = ([0, 1, 2, 4, 6, 8], [0, 16, 9, 4, 2, 1])


def test_tmax_may_be_on_the_terminal_line_where_the_options_allow_it():
    conc = samples(A=([0, 1, 2, 4], [0, 8, 4, 1]))
    found = nca(conc, one_dose(conc))
    assert shown(found, "A", ["LAMZ"]) == [NcaReason.TOO_FEW]
    assert values(conc, one_dose(conc), allow_tmax=True)[["LAMZ", "LAMZNPT", "LAMZLL"]].tolist() == pytest.approx(
        [math.log(2), 3, 1]
    )


def test_two_points_make_a_line_where_the_options_allow_it_without_an_adjusted_r2():
    conc = samples(A=([0, 1, 2, 4], [0, 8, 4, 1]))
    found = nca(conc, one_dose(conc), options=NcaOptions(min_points=2))
    assert shown(found, "A", ["LAMZNPT", "R2", "R2ADJ"]) == [2, 1, NcaReason.TWO_POINTS]


def test_within_the_factor_of_the_best_adjusted_r2_the_line_with_most_points_is_taken():
    conc = samples(A=TAIL)
    exact = values(conc, one_dose(conc))
    assert exact[["LAMZNPT", "LAMZ"]].tolist() == pytest.approx([3, math.log(2) / 2])
    generous = values(conc, one_dose(conc), adj_r2_factor=0.05)
    assert generous["LAMZNPT"] == 4
    slope = np.polyfit([2, 4, 6, 8], np.log([9, 4, 2, 1]), 1)[0]
    assert generous["LAMZ"] == pytest.approx(-slope, rel=1e-12)


def test_of_several_highest_concentrations_the_first_or_the_last_gives_tmax():
    conc = samples(A=([0, 1, 2, 4], [0, 8, 8, 4]))
    assert [values(conc, one_dose(conc), first_tmax=first)["TMAX"] for first in (True, False)] == [1, 2]


def test_points_chosen_by_hand_are_taken_as_they_are_and_need_a_reason():
    conc = samples(A=TAIL).assign(lambda_z=[None, None, "use", None, "use", "use"])
    found = nca(conc, one_dose(conc))
    assert shown(found, "A", ["LAMZ", "LAMZNPT", "AUCLST"])[:2] == [NcaReason.NOT_EXPLAINED] * 2
    explained = conc.assign(lambda_z_reason="4 h is an outlier")
    slope = np.polyfit([2, 6, 8], np.log([9, 2, 1]), 1)[0]
    assert values(explained, one_dose(conc))[["LAMZ", "LAMZNPT"]].tolist() == pytest.approx([-slope, 3])


def test_a_point_left_out_by_hand_is_in_areas_and_not_on_the_line():
    conc = samples(A=TAIL).assign(lambda_z=["", "", "", "leave out", "", ""], lambda_z_reason="outlier")
    found = values(conc, one_dose(conc))
    slope = np.polyfit([2, 6, 8], np.log([9, 2, 1]), 1)[0]
    assert found["LAMZ"] == pytest.approx(-slope)
    assert found["AUCLST"] == values(samples(A=TAIL), one_dose(conc))["AUCLST"]


def test_the_points_of_a_line_can_be_drawn():
    conc = samples(A=TAIL, B=([0, 1], [0, 4]))
    found = terminal_points(conc, one_dose(conc))
    line = found[found["id"] == "A"]
    assert line["used"].tolist() == [False] * 3 + [True] * 3
    np.testing.assert_allclose(line["predicted"], 16 * 0.5 ** (np.array(TAIL[0]) / 2), rtol=1e-12)
    assert found.loc[found["id"] == "B", ["used", "predicted"]].isna().sum().tolist() == [0, 2]


def test_the_lag_is_the_time_before_the_first_rise_or_of_the_last_zero():
    conc = samples(A=(TIMES, [0, 0, 8, 0, 4, 2, 1]))
    assert [values(conc, one_dose(conc), lag=rule)["TLAG"] for rule in ("first_rise", "last_zero")] == [1, 3]


def test_samples_of_one_time_can_be_averaged_or_kept():
    conc = samples(A=([0, 1, 1, 3], [0, 4, 8, 2]))
    assert linear(conc, duplicates="mean")[["NCONC", "AUCLST"]].tolist() == [3, 3 + 8]
    assert linear(conc, duplicates="keep")[["NCONC", "AUCLST"]].tolist() == [4, 2 + 10]


def test_a_profile_below_the_limit_has_areas_of_zero_or_none():
    conc = samples(A=([0, 1, 2], [0, 0, 0]))
    codes = ["CLST", "AUCLST", "AUCALL", "AUCIFO", "AUMCLST"]
    assert shown(nca(conc, one_dose(conc)), "A", codes) == [0] * 5
    none = NcaReason.ALL_BELOW_LIMIT
    found = nca(conc, one_dose(conc), options=NcaOptions(all_blq="missing"))
    assert shown(found, "A", codes) == [none, none, 0, none, none]


def test_units_are_put_together_from_those_of_the_options():
    conc = samples(A=GOOD)
    options = NcaOptions(conc_unit="ng/mL", time_unit="h", dose_unit="mg")
    units = nca(conc, one_dose(conc), options=options).set_index("parameter")["unit"]
    assert units[["CMAX", "TMAX", "LAMZ", "AUCLST", "AUMCLST", "CLFO", "VZFO", "AUCPEO", "R2"]].tolist() == [
        "ng/mL", "h", "1/h", "h*ng/mL", "h^2*ng/mL", "mg/(h*ng/mL)", "mg/ng/mL", "%", ""
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"route": "oral"}, "route: found 'oral', expected one of extravascular, iv_bolus, iv_infusion"),
        ({"auc_method": "lin"}, "auc_method: found 'lin'"),
        ({"blq_first": "LLOQ/2"}, "blq_first: found 'LLOQ/2', expected keep, drop, zero, half_lloq or a number"),
        ({"blq_last": -1}, "blq_last: found -1"),
        ({"blq_middle": None}, "blq_middle: found None"),
        ({"min_points": 1}, "min_points: found 1, expected at least 2"),
        ({"adj_r2_factor": -0.1}, "adj_r2_factor: found -0.1"),
        ({"tau": 0}, "tau: found 0"),
        ({"intervals": ()}, "intervals: found none"),
        ({"intervals": ((24, 0),)}, r"intervals: found \[\(24.0, 0.0\)\]"),
        ({"intervals": ((0, 24), (0, 24))}, "intervals: one is given twice"),
        ({"tau": -1, "min_points": 0}, "min_points: found 0.*; tau: found -1"),
    ],
)
def test_a_wrong_setting_is_refused_with_all_others(setting, words):
    with pytest.raises(ValueError, match=words):
        NcaOptions(**setting)


def test_intervals_may_be_lists_as_files_have_them():
    assert NcaOptions(intervals=[[0, 24]]) == NcaOptions(intervals=((0.0, 24.0),))


def test_options_cannot_be_changed():
    with pytest.raises(AttributeError):
        NcaOptions().tau = 24.0


def test_every_parameter_of_a_result_is_described_once():
    listed = nca_parameters()
    assert listed.columns.tolist() == ["code", "name", "unit_kind", "pknca", "noncompart"]
    assert listed["code"].is_unique
    conc = samples(A=GOOD, B=GOOD)
    dose = one_dose(conc, route=["iv_bolus", "extravascular"])
    found = nca(conc, dose, options=NcaOptions(intervals=((0, 24), (24, 48))))
    other = {"AUCLSTSE", "AUCLSTDF", "RCAMINT", "RCPCINT", "RENALCL"}
    assert set(found["parameter"]) == set(listed["code"]) - other
    assert isinstance(found["value"].dtype, np.dtype | pd.Float64Dtype)
