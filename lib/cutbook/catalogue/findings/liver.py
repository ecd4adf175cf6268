"""Displays of the liver: quadrants, potential cases of Hy's law, cholestatic cases, R ratio, courses."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue.findings.laboratory import why_no_blood
from cutbook.catalogue.kinds.display import SAFETY, Display
from cutbook.catalogue.kinds.measured.points import LimitScatter, Line
from cutbook.catalogue.kinds.measured.shares import Shares
from cutbook.catalogue.kinds.panels import Field, Listing
from cutbook.catalogue.kinds.populations import TREATED
from cutbook.derive import Frames
from cutbook.derive.grading.liver import in_multiples
from cutbook.parameters.study import Study
from cutbook.standards.criteria import hepatic

_COLUMNS = {"HEPATOCELLULAR": "QUADRANT", "CHOLESTATIC": "CHOLQUAD"}
_HEADINGS = {
    "HEPATOCELLULAR": "Highest ALT or AST against highest bilirubin",
    "CHOLESTATIC": "Highest ALP against highest bilirubin",
}
_NOWHERE = "left lower"
_OUT = ["USUBJID", "parameter", "level"]


def _rows(_: Frames, study: Study) -> pd.DataFrame:
    """Return the rows of quadrants and cases."""
    transaminase, bilirubin, phosphatase = (
        f"{hepatic(item):g} × ULN" for item in ("transaminase", "bilirubin", "phosphatase")
    )
    days = study.judging.liver_window_days
    lines = [
        ("HEPATOCELLULAR", "right upper", f"ALT or AST ≥ {transaminase} and bilirubin ≥ {bilirubin}"),
        ("HEPATOCELLULAR", "CASE", "bilirubin on the same day or later: potential case of Hy’s law"),
        ("HEPATOCELLULAR", "WINDOW", f"bilirubin within {days} days"),
        ("HEPATOCELLULAR", "right lower", f"ALT or AST ≥ {transaminase} alone (Temple’s corollary)"),
        ("HEPATOCELLULAR", "left upper", f"Bilirubin ≥ {bilirubin} alone (cholestasis)"),
        ("CHOLESTATIC", "right upper", f"ALP ≥ {phosphatase} and bilirubin ≥ {bilirubin}"),
        ("CHOLESTATIC", "WINDOW", f"the highest bilirubin within {days} days after ALP"),
        ("CHOLESTATIC", "right lower", f"ALP ≥ {phosphatase} alone"),
        ("CHOLESTATIC", "left upper", f"Bilirubin ≥ {bilirubin} alone"),
    ]
    rows = pd.DataFrame(lines, columns=["parameter", "level", "row_words"], dtype="str")
    return rows.assign(parameter_words=rows["parameter"].map(_HEADINGS))


def _quadrants(frames: Frames) -> pd.DataFrame:
    """Return the quadrant of every participant with both tests: USUBJID, parameter (which plot), level."""
    parts = [
        frames.liver[["USUBJID"]].assign(parameter=plot, level=frames.liver[column])
        for plot, column in _COLUMNS.items()
    ]
    return pd.concat(parts, ignore_index=True).dropna(subset=["level"])


def _placed(frames: Frames) -> pd.DataFrame:
    """Return who counts in which row: quadrants, and cases."""
    liver = frames.liver
    flags = (
        ("HEPATOCELLULAR", "CASE", "CASEFL"),
        ("HEPATOCELLULAR", "WINDOW", "CASEWFL"),
        ("CHOLESTATIC", "WINDOW", "CHOLWFL"),
    )
    cases = [
        liver.loc[liver[flag].eq("Y"), ["USUBJID"]].assign(parameter=plot, level=level) for plot, level, flag in flags
    ]
    return pd.concat([_quadrants(frames), *cases], ignore_index=True)[_OUT]


_SOURCE = (
    "FDA Standard Safety Tables and Figures v2.0, Figures 7 and 8, Tables 21 and 22: highest values after the first "
    "dose, whatever their days; a case needs the order. × ULN: multiples of the upper limit of normal of each result."
)

quadrants = Display(
    id="T-D19",
    title="Liver: quadrants and potential cases of Hy’s law",
    is_folded=True,
    question="Does the drug injure the liver, and how?",
    population=TREATED,
    rows=lambda study: [
        Shares(
            variable="LIVER",
            rows=partial(_rows, study=study),
            records=_placed,
            among=lambda frames: _quadrants(frames)[["USUBJID", "parameter"]],
        )
    ],
    reports=(SAFETY,),
    order="Hepatocellular, then cholestatic; within, as the figures from the right upper quadrant on.",
    missing="Ns: participants with both tests after the first dose, each with an upper limit of normal.",
    notes=("n/Ns: Ns with both tests after the first dose, unscheduled results included.", _SOURCE),
    counterpart="FDA ST&F IG tables 21 and 22, safetyGraphics, hep-explorer",
    source=("LB", "ADSL"),
    stub="Participants with",
    empty="No liver tests after the first dose by the cut-off.",
    why_empty=why_no_blood,
    participants=("liver", "T-D19"),
)


def _points(frames: Frames, *, across: str, flag: str, column: str) -> pd.DataFrame:
    """Return the two highest values of every participant, those outside the left lower quadrant with their name."""
    liver = frames.liver
    is_out = liver[column].notna() & liver[column].ne(_NOWHERE)
    return liver[["USUBJID", "TRT01A"]].assign(
        panel=column,
        panel_words="",
        X=liver[across].astype("float64"),
        Y=liver["MAXBILI"].astype("float64"),
        IS_MARKED=liver[flag].eq("Y"),
        LABEL=liver["USUBJID"].where(is_out),
    )


def _plot(display_id: str, title: str, tests: str, item: str, names: tuple[str, str, str], marked: str) -> Display:
    """Return a figure of the two highest values of every participant."""
    across, flag, column = names
    limits = (hepatic(item), hepatic("bilirubin"))
    return Display(
        id=display_id,
        title=title,
        question="Who has liver tests beyond limits, and who both?",
        population=TREATED,
        rows=lambda _: [
            LimitScatter(
                id=display_id.partition("-")[2],
                points=partial(_points, across=across, flag=flag, column=column),
                across=f"highest {tests}, × ULN",
                up="highest bilirubin, × ULN",
                lines_across=(Line(limits[0], f"{limits[0]:g} × ULN"),),
                lines_up=(Line(limits[1], f"{limits[1]:g} × ULN"),),
                is_log=True,
                is_by_arm=True,
                marked=marked,
            )
        ],
        reports=(SAFETY,),
        order="One panel an arm, on the same logarithmic scales.",
        missing="A participant without both tests after the first dose, or without limits of normal, is not drawn.",
        notes=(_SOURCE,),
        counterpart="FDA ST&F IG figures 7 and 8, safetyGraphics, hep-explorer",
        source=("LB", "ADSL"),
        empty="Nobody has both tests after the first dose.",
        why_empty=why_no_blood,
        anchors=(),
    )


hepatocellular = _plot(
    "F-D19", "Liver: highest transaminase against highest bilirubin", "ALT or AST", "transaminase",
    ("MAXTR", "CASEWFL", "QUADRANT"), "potential case of Hy’s law within the window",
)  # fmt: skip
cholestatic = replace(
    _plot(
        "F-D19C", "Liver: highest alkaline phosphatase against highest bilirubin", "ALP", "phosphatase",
        ("MAXALP", "CHOLWFL", "CHOLQUAD"), "highest bilirubin within the window after ALP",
    ),
    is_folded=True,
)  # fmt: skip


def _people(frames: Frames) -> pd.DataFrame:
    """Return the participants outside the left lower quadrants, or with a transaminase of 3 x ULN or more."""
    liver = frames.liver
    is_out = [liver[column].notna() & liver[column].ne(_NOWHERE) for column in _COLUMNS.values()]
    chosen = liver[is_out[0] | is_out[1] | liver["MAXTR"].ge(hepatic("transaminase"))]
    keys = frames.adsl.set_index("USUBJID")["KEY"]
    return chosen.assign(KEY=chosen["USUBJID"].map(keys)).sort_values(["TRT01A", "USUBJID"], kind="stable")


def _listed(frames: Frames, study: Study) -> pd.DataFrame:
    """Return those participants with their course, `day: multiple` of every raised test."""
    people = _people(frames)
    results = in_multiples(frames.adlb, study)
    own = results[results["USUBJID"].isin(people["USUBJID"]) & results["XULN"].gt(1) & results["ADY"].notna()]
    ordered = own.sort_values(["USUBJID", "TESTCD", "ADT"], kind="stable")
    text = [f"day {day:.0f}: {times:.2g}" for day, times in zip(ordered["ADY"], ordered["XULN"], strict=True)]
    courses = ordered.assign(TEXT=pd.Series(text, index=ordered.index, dtype="str")).groupby(["USUBJID", "TESTCD"])[
        "TEXT"
    ]
    joined = courses.agg(", ".join).astype("str").rename("TEXT").reset_index()
    joined = joined.assign(TEXT=joined["TESTCD"] + " " + joined["TEXT"])
    said = joined.groupby("USUBJID")["TEXT"].agg("; ".join).astype("str").rename("COURSE").reset_index()
    return people.merge(said, on="USUBJID", how="left")


listing = Display(
    id="L-D19",
    title="Liver: participants beyond a limit, their course and the kind of injury",
    question="How did the liver tests of those beyond a limit go, and what kind of injury is it?",
    whom="All treated participants beyond a limit.",
    rows=lambda study: [
        Listing(
            records=partial(_listed, study=study),
            known=lambda frames: frames.adsl,
            fields=(
                Field("Participant", "USUBJID"),
                Field("Arm", "TRT01A"),
                Field("ALT, × ULN", "MAXALT", is_number=True),
                Field("AST, × ULN", "MAXAST", is_number=True),
                Field("Bilirubin, × ULN", "MAXBILI", is_number=True),
                Field("ALP, × ULN", "MAXALP", is_number=True),
                Field("R (kind)", "RRATIO", beside="RCLASS", is_number=True),
                Field("Above the limit of normal", "COURSE"),
            ),
        )
    ],
    reports=(SAFETY,),
    order="By actual arm and participant.",
    missing="– where a test is missing; R needs ALT and ALP of one day.",
    notes=(
        (
            "Highest values after the first dose. R: (ALT / ULN) / (ALP / ULN) on the day of the highest ALT; "
            f"≥ {hepatic('r_hepatocellular'):g} hepatocellular, ≤ {hepatic('r_cholestatic'):g} cholestatic, between "
            "mixed. Course: every result above the limit of normal with its study day, before treatment too, in "
            "multiples of it."
        ),
    ),
    counterpart="FDA ST&F IG section 2.4.4, hep-explorer",
    source=("LB", "ADSL"),
    empty="Nobody is beyond a limit of the liver.",
    why_empty=why_no_blood,
)
