"""Samples that contradict the treatment, and those out of their window."""

from __future__ import annotations

from catalogue.kinetics.kinetic_trial import HALVING, frames, profile, shown, study
from cutbook.catalogue.kinetics import sampling

NOTHING = (0.0,) * 6
ALIKE = [profile(f"S{n}", "10 mg", HALVING) for n in range(1, 5)]


def test_a_quantifiable_sample_on_placebo_stands_beside_what_each_arm_showed_at_that_time():
    swapped = profile("S9", "Placebo", (0.0, 0.0, 8.0, 0.0, 0.0, 0.0))
    table = shown(sampling.contradictions, study(), *ALIKE, swapped)["L-E13"]
    others = "placebo: 8.00 (1 of 1 quantifiable); 10 mg: 8.00 (4 of 4 quantifiable)"
    assert [" | ".join(row) for row in table] == [
        "Participant | Arm | Matrix | Visit | Dose | Nominal time (h) | As reported | Sign | Each arm at that time",
        f"S9 | Placebo | Plasma | Day 1 | 1 | 2 | 8 | Quantifiable on placebo | {others}",
    ]


def test_an_active_participant_without_any_drug_is_listed_with_every_sample_after_the_dose():
    rows = sampling.alarms(frames(study(), *ALIKE, profile("S5", "20 mg", NOTHING)), study=study())
    assert rows[["USUBJID", "NOMTIME"]].to_numpy().tolist() == [["S5", hour] for hour in (1.0, 2.0, 4.0, 6.0, 8.0)]


def test_a_value_more_than_ten_times_the_others_is_not_plausible_and_one_of_nine_times_is():
    high = tuple(11 * value for value in HALVING)
    found = sampling.implausible(frames(study(), *ALIKE[:3], profile("S5", "10 mg", high)), study=study())
    assert set(found["USUBJID"]) == {"S5"}
    near = tuple(9 * value for value in HALVING)
    assert sampling.implausible(frames(study(), *ALIKE[:3], profile("S5", "10 mg", near)), study=study()).empty
    assert sampling.implausible(frames(study(), *ALIKE[:2], profile("S5", "10 mg", high)), study=study()).empty


def test_samples_far_from_their_planned_time_are_listed_with_minutes_and_percent():
    # 18 minutes late: beyond 15 minutes up to 2.5 h; beyond 10 % of the planned time nowhere later.
    table = shown(sampling.windows, study(), profile("S1", "10 mg", HALVING, late=0.3))["L-E11"]
    assert [row[5:] for row in table[1:]] == [("1", "1.30", "18", "30.0"), ("2", "2.30", "18", "15.0")]


def test_without_such_samples_a_sentence_says_so():
    assert shown(sampling.contradictions, study(), *ALIKE)["L-E13"] == []
    assert shown(sampling.windows, study(), *ALIKE)["L-E11"] == []


def test_deviations_are_drawn_by_planned_time_after_the_dose_and_not_before_it():
    (layer,) = sampling.deviations.rows(study())
    drawn = layer.values(frames(study(), profile("S1", "10 mg", HALVING, late=0.3), profile("S2", "20 mg", HALVING)))
    assert drawn[["USUBJID", "place_words", "VALUE"]].round(6).to_numpy().tolist() == [
        [who, f"{hour} h", minutes] for hour in (1, 2, 4, 6, 8) for who, minutes in (("S1", 18.0), ("S2", 0.0))
    ]  # fmt: skip
    assert set(drawn["panel_words"]) == {"Plasma, min off the plan"}
