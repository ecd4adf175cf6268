"""The listing of concentrations says by how much each sample was off its plan, and which ones take no part, and why."""

from __future__ import annotations

import pytest

from catalogue.kinetics.kinetic_trial import HALVING, frames, profile, shown, study
from cutbook.catalogue import concentrations, listings
from cutbook.catalogue.kinetics.adpp import parameters
from cutbook.results.engine import compute

DECIDED = {
    "participant": "S1", "matrix": "Plasma", "dose": 1, "reason": "Haemolysed", "by": "A. Reviewer",
    "date": "2024-02-01",
}  # fmt: skip


def listed(own, *parts):
    """Return nominal time, value, deviations and what is told of every listed sample."""
    table = shown(listings.concentrations, own, *parts)["L-E1"]
    return [(row[5], row[7], *row[9:]) for row in table[1:]]


def test_deviations_are_in_minutes_and_in_percent_of_the_time_planned_after_the_dose():
    # 18 minutes late: 30 % of 1 h, 15 % of 2 h, 7.5 % of 4 h; a sample before the dose has no planned time after it.
    assert listed(study(), profile("S1", "10 mg", HALVING, late=0.3))[:4] == [
        ("0", "<0.5", "−30", "–", "–"),
        ("1", "16", "18", "30.0", "–"),
        ("2", "8", "18", "15.0", "–"),
        ("4", "4", "18", "7.5", "–"),
    ]


def test_deviations_are_found_where_actual_and_nominal_hours_alone_were_delivered():
    samples = profile("S1", "10 mg", HALVING, late=0.3).assign(DEVMIN=float("nan"))
    assert listed(study(), samples)[1] == ("1", "16", "18", "30.0", "–")


def test_a_sample_excluded_by_hand_says_why_who_and_when_and_no_other_does():
    own = study(choices={"exclusions": [DECIDED | {"time": 2}]})
    rows = listed(own, profile("S1", "10 mg", HALVING), profile("S2", "10 mg", HALVING))
    told = "Excluded: Haemolysed (A. Reviewer, 2024-02-01)"
    assert [row[-1] for row in rows] == ["–", "–", told, "–", "–", "–", *["–"] * 6]


def test_a_sample_that_was_not_done_says_so_with_the_reason():
    samples = profile("S1", "10 mg", HALVING)
    is_lost = samples["NOMTIME"].eq(4)
    lost = samples.assign(
        AVAL=samples["AVAL"].mask(is_lost), AVALC=samples["AVALC"].mask(is_lost),
        PCSTAT=is_lost.map({True: "NOT DONE", False: None}).astype("str"),
        PCREASND=is_lost.map({True: "Tube broken", False: None}).astype("str"),
    )  # fmt: skip
    assert listed(study(), lost)[3] == ("4", "–", "0", "0.0", "Not done: Tube broken")


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ({"NCA1XRS": "Vomited", "NCA2XRS": ""}, "Excluded: Vomited"),
        ({"NCA1XRS": "Vomited", "NCA2XRS": "Late"}, "Excluded: Vomited; Late"),
        ({}, "Excluded: excluded as delivered (NCAXFL), no reason given"),
    ],
)
def test_a_sample_delivered_as_excluded_is_told_and_takes_no_part_in_its_profile(reasons, told):
    # The peak of 16 at 1 h is left out: the highest of the others is 8, at 2 h.
    samples = profile("S1", "10 mg", HALVING)
    is_out = samples["NOMTIME"].eq(1)
    texts = {name: is_out.map({True: text, False: None}).astype("str") for name, text in reasons.items()}
    flagged = samples.assign(NCAXFL=is_out.map({True: "Y", False: None}).astype("str"), **texts)
    assert [row[-1] for row in listed(study(), flagged)] == ["–", told, "–", "–", "–", "–"]
    found = parameters(frames(study(), flagged), study=study()).set_index("PARAMCD")["AVAL"]
    assert (found["CMAX"], found["TMAX"]) == (8.0, 2.0)
    whole = parameters(frames(study(), samples), study=study()).set_index("PARAMCD")["AVAL"]
    assert (whole["CMAX"], whole["TMAX"]) == (16.0, 1.0)


def test_the_numbers_of_samples_that_take_no_part_are_said_below_and_nothing_where_there_are_none():
    own = study(choices={"exclusions": [DECIDED | {"time": 2}]})
    (layer,) = listings.concentrations.rows(own)
    assert layer.says_more(frames(own, profile("S1", "10 mg", HALVING))) == (
        "Samples not done: 0; excluded: 1. The last of all columns says which and why.",
    )
    assert layer.says_more(frames(own, profile("S2", "10 mg", HALVING))) == ()


@pytest.mark.parametrize("flag", ["PKSUMXF", "PKSUMXFL"])
def test_a_sample_left_out_of_summaries_as_delivered_enters_no_mean_and_is_listed_with_its_reason(flag):
    # At 1 h 16 of S1 and 4 of S2: geometric mean 8; without S2's sample 16. Parameters of profiles keep it.
    first, second = profile("S1", "10 mg", HALVING), profile("S2", "10 mg", tuple(value / 4 for value in HALVING))
    is_out = second["NOMTIME"].eq(1)
    flagged = second.assign(
        **{flag: is_out.map({True: "Y", False: None}).astype("str")},
        PKSUM1XR=is_out.map({True: "Vomited", False: None}).astype("str"),
    )
    own = study()
    assert at_one_hour(own, first, second) == (2, 8)
    assert at_one_hour(own, first, flagged) == (1, 16)
    assert [row[-1] for row in listed(own, flagged)] == ["–", "Not in summaries: Vomited", "–", "–", "–", "–"]
    (layer,) = listings.concentrations.rows(own)
    assert layer.says_more(frames(own, flagged)) == (
        "Samples not done: 0; excluded: 0; left out of summaries: 1. The last of all columns says which and why.",
    )
    cmax = parameters(frames(own, flagged), study=own).set_index("PARAMCD")["AVAL"]["CMAX"]
    assert cmax == 4.0


def test_a_sample_left_out_of_summaries_and_of_its_profile_says_both():
    samples = profile("S1", "10 mg", HALVING)
    is_out = samples["NOMTIME"].eq(1).map({True: "Y", False: None}).astype("str")
    rows = listed(study(), samples.assign(NCAXFL=is_out, PKSUMXF=is_out))
    assert rows[1][-1] == (
        "Excluded: excluded as delivered (NCAXFL), no reason given. "
        "Not in summaries: excluded as delivered (PKSUMXF), no reason given"
    )


def at_one_hour(own, *parts):
    """Return samples and geometric mean at 1 h after the dose."""
    found = compute(concentrations.summary, frames(own, *parts), own)
    values = found[found["level"].eq("1") & found["parameter"].eq("X-PLASMA") & found["group"].eq("A")].set_index(
        "statistic"
    )["value"]
    return values["samples"], round(values["geomean"], 9)
