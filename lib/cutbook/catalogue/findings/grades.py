"""Displays of CTCAE grades of laboratory results: shifts, baseline against worst, results that depend on the unit."""

from __future__ import annotations

from functools import partial

import pandas as pd

from cutbook.catalogue.findings.laboratory import ROWS, WAYS, why_no_blood
from cutbook.catalogue.kinds.display import NO_MARKS, SAFETY, Display
from cutbook.catalogue.kinds.measured.points import LimitScatter, Line
from cutbook.catalogue.kinds.measured.shares import Shares
from cutbook.catalogue.kinds.panels import Field, Listing
from cutbook.catalogue.kinds.populations import TREATED
from cutbook.derive import Frames
from cutbook.derive.grading.quantities import blood_results
from cutbook.parameters.study import Study


def worst(frames: Frames) -> pd.DataFrame:
    """Return baseline and worst grade of every treated participant, with parameter, words and both as text."""
    own = frames.worst_grades
    own = own[own["WORSTGR"].notna()]
    names = own["PARAMCD"].astype("str") + " " + own["DIRECTION"].astype("str")
    ways = own["DIRECTION"].map(WAYS).astype("str")
    words = own["PARAM"].astype("str") + ", " + ways + ": " + own["TERM"].astype("str")
    return own.assign(parameter=names, parameter_words=words)


def _pairs(frames: Frames) -> pd.DataFrame:
    """Return the shift of every participant: parameter, level ``0>2``."""
    own = worst(frames)
    base = own["BASEGR"].map("{:.0f}".format, na_action="ignore").astype("str").fillna("missing")
    return own.assign(level=base + ">" + own["WORSTGR"].map("{:.0f}".format).astype("str"))


def _rows_of_shifts(frames: Frames) -> pd.DataFrame:
    """Return the shifts that occur, in the order of baseline and worst grade, below each parameter and direction."""
    pairs = _pairs(frames)[ROWS[:3]].drop_duplicates()
    is_quiet = pairs["level"].eq("0>0")
    has_others = (~is_quiet).groupby(pairs["parameter"]).transform("any")
    order = {name: place for place, name in enumerate(pairs["parameter"].drop_duplicates())}
    shown = pairs[~is_quiet | ~has_others].assign(_PLACE=pairs["parameter"].map(order))
    rows = shown.sort_values(["_PLACE", "level"], kind="stable")
    return rows.assign(row_words=[_shift_words(level) for level in rows["level"]])[ROWS]


def _shift_words(level: str) -> str:
    before, _, after = level.partition(">")
    return f"Grade {before} → {after}" if before != "missing" else f"No baseline → grade {after}"


def _raised(frames: Frames) -> pd.DataFrame:
    pairs = _pairs(frames)
    return pairs[pairs["level"].ne("0>0")]


def _notes_of_grades(study: Study) -> tuple[str, ...]:
    reading = {
        "lab_only": "grades that only symptoms tell apart as if there were none",
        "worst_case": "of grades that only symptoms tell apart the higher one",
    }[study.judging.reading]
    calcium = "; calcium corrected for the albumin of the same sample" if study.judging.calcium == "corrected" else ""
    return (
        (
            f"Grades: CTCAE v5.0 by the laboratory alone, {reading}{calcium}. The baseline is graded by the limits of "
            "normal; "
            "later results by multiples of the baseline where that was above normal."
        ),
        (
            "Baseline → worst grade after the first dose, unscheduled results included; Ns: participants with a grade "
            "after the first dose."
        ),
        (
            "Not gradable, and so never grade 0, for the criteria have no numbers: high glucose, low phosphate, and "
            "tests without a term (chloride, bicarbonate, urea, protein, eosinophils, basophils, monocytes)."
        ),
    )


shifts = Display(
    id="T-D17",
    title="Laboratory: shift from baseline to worst grade (CTCAE v5.0)",
    question="Whose laboratory results became worse under treatment, from which grade to which?",
    population=TREATED,
    rows=lambda _: [
        Shares(variable="SHIFT", rows=_rows_of_shifts, records=_raised, among=worst, nobody="Grade 0 throughout")
    ],
    reports=(SAFETY,),
    order="Parameters as in the study file, low then high; shifts by baseline and worst grade; parameters of grade 0 "
    "alone are a sentence.",
    missing="A result that cannot be graded (unit, limits of normal or value not known) takes no part; without a "
    "graded baseline: no baseline.",
    notes=_notes_of_grades,
    counterpart="TLG catalog LBT14 and LBT15, FDA ST&F IG figure 15, safetyGraphics",
    source=("LB", "ADSL"),
    stub="Shift",
    empty="No graded laboratory results after the first dose by the cut-off.",
    why_empty=why_no_blood,
    is_folded=True,
    participants=("grade shift", "T-D17"),
)


def _worst_values(frames: Frames, study: Study) -> pd.DataFrame:
    """Return baseline and lowest or highest value of every participant, in multiples of the limit of normal.

    Of parameters and directions in which somebody was graded 1 or more; results without a limit are left out.
    """
    raised = _raised(frames)
    own = blood_results(frames.adlb, study)
    parts = []
    for direction, flag, limit in (("LOW", "WORSTLOFL", "ANRLO"), ("HIGH", "WORSTHIFL", "ANRHI")):
        some = own[own[flag].eq("Y") & own["BASE"].notna() & own[limit].gt(0) & own["SAFFL"].eq("Y")]
        names = some["PARAMCD"].astype("str") + " " + direction
        of = {"LOW": "LLN", "HIGH": "ULN"}[direction]
        words = some["PARAM"].astype("str").str.replace(r"^.*: ", "", regex=True) + f", × {of}"
        parts.append(
            some[["USUBJID", "TRT01A"]].assign(
                panel=names, panel_words=words, X=some["BASE"] / some[limit], Y=some["AVAL"] / some[limit]
            )[names.isin(raised["parameter"])]
        )
    return pd.concat(parts, ignore_index=True).sort_values("panel", kind="stable")


scatter = Display(
    id="F-D17S",
    title="Laboratory: baseline against worst value",
    is_folded=True,
    question="Do values move away from where each participant began?",
    population=TREATED,
    rows=lambda study: [
        LimitScatter(
            points=partial(_worst_values, study=study),
            across="baseline",
            up="worst value",
            lines_across=(Line(1.0),),
            lines_up=(Line(1.0, "limit of normal"),),
            has_identity=True,
        )
    ],
    reports=(SAFETY,),
    order="One panel a parameter and direction in which somebody had a grade of 1 or more.",
    missing="A participant without a baseline, or without limits of normal, is not drawn. Calcium: as measured.",
    counterpart="FDA ST&F IG figure 15, safetyGraphics",
    source=("LB", "ADSL"),
    empty="Nobody had a grade of 1 or more.",
    why_empty=why_no_blood,
    anchors=(),
)


def _by_unit(frames: Frames) -> pd.DataFrame:
    """Return the results whose grade would be another by the unit in which they were collected."""
    graded = frames.grades
    own = graded[graded["OTHER"].notna() & graded["OTHER"].ne(graded["GRADE"]) & graded["SAFFL"].eq("Y")]
    return own.assign(WAY=own["DIRECTION"].map(WAYS)).sort_values(["PARAMCD", "USUBJID", "ADT"], kind="stable")


def _not_graded(frames: Frames) -> tuple[str, ...]:
    """Return how many results of which parameter and unit could not be graded."""
    open_ones = frames.grades[frames.grades["GRADE"].isna()].drop_duplicates("KEY")
    if open_ones.empty:
        return ()
    names = open_ones["PARAM"].astype("str") + " in " + open_ones["AVALU"].astype("str").fillna("no unit")
    said = ", ".join(f"{name} ({names.eq(name).sum()})" for name in names.unique())
    return (f"Not graded for want of a unit of the criteria, or of limits of normal: {said}.",)


by_unit = Display(
    id="L-D17U",
    title="Results whose grade depends on the unit",
    question="Which grades would be others in the unit in which the result was collected?",
    whom="All treated participants with such a result.",
    rows=lambda _: [
        Listing(
            records=_by_unit,
            fields=(
                Field("Participant", "USUBJID"),
                Field("Parameter", "PARAM", is_verbatim=True),
                Field("Direction", "WAY"),
                Field("Visit (day)", "VISIT", "visit", beside="ADY"),
                Field("Graded (unit)", "GRADED", beside="GRADEDU", is_number=True),
                Field("Grade", "GRADE", "whole", is_number=True),
                Field("Collected (unit)", "OTHERVAL", beside="OTHERU", is_number=True),
                Field("Grade so", "OTHER", "whole", is_number=True),
            ),
            most=200,
            folds_beyond=0,
            says_more=_not_graded,
        )
    ],
    reports=(SAFETY,),
    marks=NO_MARKS,
    order="By parameter, participant and date.",
    missing="– where a value is missing. At most 200 results are shown.",
    notes=(
        "Limits in SI and in US units are not the same number converted, and limits of normal are rounded in each.",
    ),
    source=("LB", "ADSL"),
    empty="No grade depends on the unit.",
    why_empty=why_no_blood,
)
