"""What other rules, clocks and decisions by hand would give."""

from __future__ import annotations

import math

import pytest

from catalogue.kinetics.kinetic_trial import HALVING, frames, profile, shown, study
from cutbook.catalogue.kinetics import certainty
from cutbook.catalogue.kinetics.adpp import analysed
from cutbook.results.engine import compute

GAP = (0.0, 16.0, 0.0, 4.0, 2.0, 1.0)
"""Below the limit of 0.5 at 2 h."""


def test_geometric_means_stand_by_rule_for_samples_below_the_limit():
    # At 2 h: 0 -> 8 + 8 + 2 x 4 / 2; half of the limit 0.25; left out -> 3 h from 16 to 4. From 4 h on 6 / ln 2.
    rest = 6 / math.log(2)
    gone, zero = 8 + 3 * 12 / math.log(4) + rest, 8 + 8 + 4 + rest
    half = 8 + 15.75 / math.log(64) + 4.25 + rest
    table = shown(certainty.sensitivity, study(), profile("S1", "10 mg", GAP))["T-E10-1"]
    assert table[0] == (
        "Parameter, arm", "As analysed", "All 0", "Half of limit", "Left out", "0, left out, 0", "Two in a row",
        "Highest / lowest",
    )  # fmt: skip
    assert table[2] == (
        "  10 mg", *(f"{value:.1f}" for value in (gone, zero, half, gone, gone, gone)), f"{gone / half:.2f}",
    )  # fmt: skip


def test_nominal_times_are_set_beside_actual_ones():
    own = study()
    late = profile("S1", "10 mg", HALVING, late=0.25)
    rows = shown(certainty.clocks, own, late)["T-E14-1"]
    # Tmax 1 against 1.25 h; the areas differ by the first step alone: 8 against 10 of 10 + 22 / ln 2.
    share = 100 * (-2 / (10 + 22 / math.log(2)))
    assert rows[2] == ("  Tmax (%)", "−20.00 (−20.0–−20.0)")
    assert rows[3][1].startswith(f"−{-share:.2f} (")


DECIDED = {
    "participant": "S1", "matrix": "Plasma", "dose": 1, "reason": "Haemolysed", "by": "A. Reviewer",
    "date": "2024-02-01",
}  # fmt: skip


def test_a_decision_says_who_when_why_and_what_it_changes():
    own = study(choices={"exclusions": [DECIDED | {"time": 1}]})
    parts = (profile("S1", "10 mg", HALVING), profile("S2", "10 mg", tuple(4 * value for value in HALVING)))
    heading, row = shown(certainty.decisions, own, *parts)["T-E12"]
    assert heading[0] == "Decision"
    # Without the sample at 1 h the curve rises to 8 at 2 h: 8 + 14 / ln 2.
    alone, whole = 8 + 14 / math.log(2), 8 + 22 / math.log(2)
    means = (math.sqrt(4 * whole * alone), math.sqrt(4 * whole * whole))
    assert row == (
        "S1, Plasma, dose 1: sample at 1 h excluded. Haemolysed (A. Reviewer, 2024-02-01)", f"{alone:.1f}",
        f"{whole:.1f}", "2.00", "2.00", f"{means[0]:.1f}", f"{means[1]:.1f}",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "decided", "told"),
    [
        ("exclusions", {"time": 1.5}, ". Without effect: no sample at 1.5 h"),
        ("exclusions", {"participant": "S9"}, ". Without effect: no such profile by the cut-off"),
        ("exclusions", {"dose": 2}, ". Without effect: no such profile by the cut-off"),
        ("terminal", {"use": [4, 6, 7, 9]}, ". Without effect: no sample at 7, 9 h"),
        ("terminal", {"leave_out": [8]}, ""),
        ("exclusions", {}, ""),
    ],
)
def test_a_decision_about_what_was_never_measured_says_so(kind, decided, told):
    own = study(choices={kind: [DECIDED | decided]})
    _, row = shown(certainty.decisions, own, profile("S1", "10 mg", HALVING))["T-E12"]
    assert row[0].partition("(A. Reviewer, 2024-02-01)")[2] == told


def test_a_decision_about_samples_of_no_profile_says_what_they_are_left_out_of():
    few = profile("S1", "10 mg", HALVING, dose=2.0).head(1)
    told = ". Of no profile: left out of troughs, half-lives and response"
    for decided, words in (
        ({"time": 0}, told),
        ({}, told),
        ({"time": 3}, ". Without effect: no such profile by the cut-off"),
    ):
        own = study(choices={"exclusions": [DECIDED | {"dose": 2} | decided]})
        _, row = shown(certainty.decisions, own, profile("S1", "10 mg", HALVING), few)["T-E12"]
        assert row[0].partition("(A. Reviewer, 2024-02-01)")[2] == words


def test_without_a_decision_a_sentence_says_so():
    own = study()
    assert compute(certainty.decisions, frames(own, profile("S1", "10 mg", HALVING)), own).empty


def test_lines_are_drawn_with_the_samples_they_rest_on_flagged_profiles_first():
    own = study(nca={"acceptance": {"extrapolated": 10}})
    slow = (0.0, 16.0, 14.0, 11.0, 9.0, 7.0)
    known = frames(own, profile("S1", "10 mg", HALVING), profile("S2", "10 mg", slow))
    drawn = certainty.fits.rows(own)[0].drawn(known)
    assert list(dict.fromkeys(drawn["USUBJID"])) == ["S2", "S1"]
    assert drawn.loc[drawn["USUBJID"].eq("S1"), "USED"].tolist() == [False, True, True, True, True]
    assert len(analysed(own)) == 1
