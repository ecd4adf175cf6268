"""Parameters of profiles, with answers found by hand."""

from __future__ import annotations

import math

import pytest

from catalogue.kinetics.kinetic_trial import HALVING, RISING, frames, profile, study
from cutbook.catalogue.kinetics.adpp import lines, parameters, rules_of_profiles, words_of


def found(own, *parts):
    rows = parameters(frames(own, *parts), study=own)
    return rows.set_index(["USUBJID", "DOSEOCC", "PARAMCD"]).sort_index()


def test_parameters_of_a_halving_curve_are_those_found_by_hand():
    rows = found(study(nca={"intervals": [4]}), profile("S1", "10 mg", HALVING))["AVAL"]["S1", 1.0]
    expected = {
        "CMAX": 16.0, "TMAX": 1.0, "CLST": 1.0, "AUCLST": 8 + 22 / math.log(2), "AUCIFO": 8 + 24 / math.log(2),
        "LAMZHL": 2.0, "AUCINT4": 8 + 16 / math.log(2), "LAMZNPT": 4.0, "R2ADJ": 1.0, "LAMZSPN": 3.0,
        "CLFO": 1000 * 10 / (8 + 24 / math.log(2)),
        "VZFO": 1000 * 10 / (8 + 24 / math.log(2)) * 2 / math.log(2),
    }  # fmt: skip
    assert {name: rows[name] for name in expected} == pytest.approx(expected)


def test_units_are_those_of_dose_and_concentration_and_clearances_are_litres():
    rows = found(study(), profile("S1", "10 mg", HALVING))["AVALU"]["S1", 1.0]
    assert rows[["CMAX", "AUCLST", "LAMZHL", "CLFO", "VZFO"]].tolist() == ["ng/mL", "h·ng/mL", "h", "L/h", "L"]


def test_actual_times_are_used_and_nominal_ones_where_the_study_file_says_so():
    late = profile("S1", "10 mg", HALVING, late=0.25)
    assert found(study(), late)["AVAL"]["S1", 1.0, "TMAX"] == 1.25
    assert found(study(nca={"times": "nominal"}), late)["AVAL"]["S1", 1.0, "TMAX"] == 1.0


def test_the_sample_before_the_next_dose_is_the_trough_of_this_one_and_no_part_of_its_areas():
    alone = found(study(), profile("S1", "10 mg", HALVING))["AVAL"]["S1", 1.0]
    rows = found(study(), profile("S1", "10 mg", HALVING), profile("S1", "10 mg", (99.0, *HALVING[1:]), dose=2.0))
    assert rows["AVAL"]["S1", 1.0][["CMAX", "AUCLST", "LAMZ"]].tolist() == alone[["CMAX", "AUCLST", "LAMZ"]].tolist()
    assert rows["AVAL"]["S1", 1.0, "CTROUGH"] == 99.0
    assert rows["REASON"]["S1", 2.0, "CTROUGH"] == "no sample before the next dose"


def test_a_later_dose_has_ratios_to_the_first_and_no_clearance_by_the_area_to_infinity():
    double = tuple(2 * value for value in HALVING)
    rows = found(study(), profile("S1", "10 mg", HALVING), profile("S1", "10 mg", double, dose=2.0))
    assert rows["AVAL"]["S1", 2.0][["ARCMAX", "ARAUCLST"]].tolist() == pytest.approx([2.0, 2.0])
    assert ("S1", 1.0, "ARCMAX") not in rows.index
    assert rows["REASON"]["S1", 2.0, "CLFO"] == "an earlier dose still counts"


@pytest.mark.parametrize(("first", "codes"), [(RISING, ["ARAUCINT24"]), ((0.0,) * 6, ["ARCMAX", "ARAUCINT24"])])
def test_a_ratio_to_a_first_profile_without_a_value_is_not_that_to_the_next_one(first, codes):
    parts = [profile("S1", "10 mg", conc, dose=dose) for dose, conc in ((1.0, first), (2.0, HALVING), (3.0, HALVING))]
    rows = found(study(nca={"intervals": [24]}), *parts)
    for place in [("S1", dose, code) for dose in (2.0, 3.0) for code in codes]:
        assert math.isnan(rows["AVAL"][place])
        assert rows["REASON"][place] == "no value of both profiles"


@pytest.mark.parametrize(("later", "ratio"), [(10.0, 1.0), (20.0, math.nan), (math.nan, 1.0)])
def test_a_ratio_is_of_accumulation_only_after_the_same_dose(later, ratio):
    parts = [profile("S1", "10 mg", HALVING, dose=dose) for dose in (1.0, 2.0)]
    known = frames(study(), *parts)
    known.__dict__["administrations"].loc[1, "EXDOSE"] = later
    rows = parameters(known, study=study()).set_index(["DOSEOCC", "PARAMCD"])
    assert rows.loc[(2.0, "ARAUCLST"), "AVAL"] == pytest.approx(ratio, nan_ok=True)
    reason = "another dose than at the first profile" if math.isnan(ratio) else ""
    assert rows.loc[(2.0, "ARAUCLST"), "REASON"] == reason


def test_a_rising_tail_has_a_reason_and_its_neighbour_its_values():
    rows = found(study(), profile("S1", "10 mg", RISING), profile("S2", "10 mg", HALVING))
    assert rows["REASON"]["S1", 1.0, "LAMZHL"] == "too few points for the terminal slope"
    assert rows["AVAL"]["S2", 1.0, "LAMZHL"] == pytest.approx(2.0)


def test_placebo_and_doses_with_few_samples_are_no_profile():
    few = profile("S2", "10 mg", HALVING).head(4)
    rows = found(study(), profile("S1", "Placebo", HALVING), few, profile("S3", "20 mg", HALVING))
    assert rows.index.get_level_values(0).unique().tolist() == ["S3"]


def test_rules_flag_a_profile_and_delete_none_of_its_values():
    strict = study(nca={"acceptance": {"span": 4}})
    known = frames(strict, profile("S1", "10 mg", HALVING))
    rules = rules_of_profiles(known, study=strict).set_index("parameter")["is_met"]
    assert rules.to_dict() == {"R2ADJ": True, "LAMZSPN": False, "LAMZNPT": True, "AUCPEO": True}
    rows = parameters(known, study=strict).set_index("PARAMCD")
    assert rows.loc["LAMZHL", ["AVAL", "IS_ACCEPTED"]].tolist() == [pytest.approx(2.0), False]


def decided(**kinds):
    by = {"participant": "S1", "matrix": "Plasma", "dose": 1, "reason": "haemolysed", "by": "A. Reviewer"}
    return study(choices={name: [by | {"date": "2024-02-01"} | one] for name, one in kinds.items()})


def test_an_excluded_sample_takes_no_part_and_an_excluded_profile_has_no_value():
    own = decided(exclusions={"time": 1})
    assert found(own, profile("S1", "10 mg", HALVING))["AVAL"]["S1", 1.0, "CMAX"] == 8.0
    own = decided(exclusions={})
    rows = found(own, profile("S1", "10 mg", HALVING))
    assert rows["REASON"]["S1", 1.0, "CMAX"] == "no samples in the interval"


def test_points_of_a_terminal_line_chosen_by_hand_are_taken():
    own = decided(terminal={"use": [1, 2, 4]})
    known = frames(own, profile("S1", "10 mg", HALVING))
    used = lines(known, study=own).set_index("NOMINAL")["USED"]
    assert used[used.eq(True)].index.tolist() == [1, 2, 4]
    own = decided(terminal={"leave_out": [8]})
    assert found(own, profile("S1", "10 mg", HALVING))["AVAL"]["S1", 1.0, "LAMZNPT"] == 3.0


def test_a_dose_that_ex_does_not_tell_leaves_no_clearance():
    own = study()
    known = frames(own, profile("S1", "10 mg", HALVING))
    known.__dict__["administrations"] = known.administrations.iloc[:0]
    rows = parameters(known, study=own).set_index("PARAMCD")
    assert rows.loc["CLFO", "REASON"] == "no dose in the interval"
    assert rows.loc["CMAX", "AVAL"] == 16.0


def test_parameters_are_named_as_the_field_names_them():
    assert [words_of(code) for code in ("AUCLST", "LAMZHL", "ARAUCLST")] == ["AUClast", "t½", "AUClast ratio"]
