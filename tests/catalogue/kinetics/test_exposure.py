"""Tables of parameters as a reader meets them."""

from __future__ import annotations

from catalogue.kinetics.kinetic_trial import HALVING, RISING, frames, profile, shown, study
from cutbook.catalogue.kinetics import exposure

DOUBLE = tuple(2 * value for value in HALVING)
TRIAL = (
    profile("S1", "10 mg", HALVING), profile("S2", "10 mg", DOUBLE), profile("S3", "20 mg", RISING),
    profile("S1", "10 mg", DOUBLE, dose=2.0), profile("S9", "Placebo", (0.0,) * 6),
)  # fmt: skip
HEADINGS = (
    "Dose, arm, participant | Cmax, ng/mL | Tmax, h | Clast, ng/mL | AUClast, h·ng/mL | AUCinf, h·ng/mL | t½, h | "
    "CL/F, L/h | Vz/F, L | Cmax ratio | AUClast ratio"
)


def test_every_profile_has_its_parameters_or_a_letter_that_says_why_not():
    table = shown(exposure.each, study(), *TRIAL)["T-E4-1"]
    assert [" | ".join(row) for row in table] == [
        HEADINGS,
        "Dose 1, 10 mg",
        "  S1 | 16.0 | 1.00 | 1.00 | 39.7 | 42.6 | 2.00 | 235 | 677 | – | –",
        "  S2 | 32.0 | 1.00 | 2.00 | 79.5 | 85.2 | 2.00 | 117 | 338 | – | –",
        "Dose 1, 20 mg",
        "  S3 | 9.00 | 8.00 | 9.00 | 33.0 | NC a | NC a | NC a | NC a | – | –",
        "Dose 2, 10 mg",
        "  S1 | 32.0 | 1.00 | 2.00 | 79.5 | 85.2 | 2.00 | NC b | NC b | 2.00 | 2.00",
    ]


def test_every_terminal_line_says_which_rules_it_does_not_meet():
    table = shown(exposure.diagnostics, study(nca={"acceptance": {"span": 4}}), *TRIAL)["T-E5-1"]
    assert [" | ".join(row) for row in table[:6]] == [
        "Dose, arm, participant | Tlast, h | Points | From, h | To, h | Adj. r² | Span | Extrapolated, % | Not met",
        "Dose 1, 10 mg",
        "  S1 | 8.00 | 4 | 2.00 | 8.00 | 1.000 | 3.00 | 6.8 | span",
        "  S2 | 8.00 | 4 | 2.00 | 8.00 | 1.000 | 3.00 | 6.8 | span",
        "Dose 1, 20 mg",
        "  S3 | 8.00 | NC a | NC a | NC a | NC a | NC a | NC a | no terminal line",
    ]


def test_parameters_are_summarised_by_dose_and_once_more_for_accepted_profiles():
    tables = shown(exposure.summary, study(nca={"acceptance": {"span": 4}}), *TRIAL)
    assert [" | ".join(row) for row in tables["T-E7-1"]] == [
        "Parameter | 10 mg, N = 2 | 20 mg, N = 1",
        "Dose 1",
        "  Cmax (ng/mL) | 22.6 (52.1) | 9.00 (NC)",
        "  Tmax (h) | 1.00 (1.00–1.00) | 8.00 (8.00–8.00)",
        "  AUClast (h·ng/mL) | 56.2 (52.1) | 33.0 (NC)",
        "  AUCinf (h·ng/mL) | 60.3 (52.1) | –",
        "  t½ (h) | 2.00 (0.0) | –",
        "  CL/F (L/h) | 166 (52.1) | –",
        "  Vz/F (L) | 479 (52.1) | –",
        "Dose 2",
        "  Cmax (ng/mL) | 32.0 (NC) | –",
        "  Tmax (h) | 1.00 (1.00–1.00) | –",
        "  AUClast (h·ng/mL) | 79.5 (NC) | –",
        "  AUCinf (h·ng/mL) | 85.2 (NC) | –",
        "  t½ (h) | 2.00 (NC) | –",
        "  Cmax ratio | 2.00 (NC) | –",
        "  AUClast ratio | 2.00 (NC) | –",
    ]
    assert [" | ".join(row) for row in tables["T-E7-1-all"][:3]] == [
        "Parameter, arm | n | Mean | SD | CV % | Geo. mean | Geo. CV % | Median | Min | Max",
        "Dose 1: Cmax (ng/mL)",
        "  10 mg | 2 | 24.0 | 11.3 | 47.1 | 22.6 | 52.1 | 24.0 | 16.0 | 32.0",
    ]


def test_accepted_profiles_have_rows_of_their_own():
    rows = shown(exposure.summary, study(), *TRIAL)["T-E7-1"]
    assert [row[0].strip() for row in rows if "accepted" in row[0]][:2] == [
        "AUCinf (h·ng/mL), accepted profiles",
        "t½ (h), accepted profiles",
    ]


def test_many_arms_are_rows_and_parameters_the_columns():
    own = study(nca={"acceptance": {"span": 4}})
    more = [
        own.treatment.arms[-1].model_copy(update={"code": f"C{n}", "label": f"{n} mg", "dose": n})
        for n in range(30, 35)
    ]
    wide = own.model_copy(
        update={
            "treatment": own.treatment.model_copy(update={"arms": [*own.treatment.arms, *more], "planned_doses": 1})
        }
    )
    others = [profile(f"S{n}", f"{n} mg", DOUBLE) for n in range(30, 35)]
    rows = shown(exposure.summary, wide, TRIAL[0], TRIAL[2], *others)["T-E7-1"]
    assert len(rows) == 2 + 7
    assert [" | ".join(row) for row in rows[:5]] == [
        "Arm | Cmax, ng/mL | Tmax, h | AUClast, h·ng/mL | AUCinf, h·ng/mL | t½, h | CL/F, L/h | Vz/F, L",
        "All profiles",
        "  10 mg | 16.0 (NC) | 1.00 (1.00–1.00) | 39.7 (NC) | 42.6 (NC) | 2.00 (NC) | 235 (NC) | 677 (NC)",
        "  20 mg | 9.00 (NC) | 8.00 (8.00–8.00) | 33.0 (NC) | – | – | – | –",
        "  30 mg | 32.0 (NC) | 1.00 (1.00–1.00) | 79.5 (NC) | 85.2 (NC) | 2.00 (NC) | 352 (NC) | 1020 (NC)",
    ]


def test_without_a_profile_a_sentence_says_so():
    own = study()
    known = frames(own, TRIAL[0].head(3))
    assert exposure.each.why_nothing(own, known) == (
        "No profile by the cut-off: no dose is followed by 4 or more planned samples with a result."
    )
