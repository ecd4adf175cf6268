"""Displays that judge laboratory results: limits, levels of the FDA's guide, what is newly abnormal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from cutbook.catalogue.findings.watched import family_of, shares_of
from cutbook.catalogue.kinds.absence import not_delivered
from cutbook.catalogue.kinds.display import SAFETY, Display
from cutbook.catalogue.kinds.measured.shares import Shares
from cutbook.catalogue.kinds.panels import Layer
from cutbook.catalogue.kinds.populations import TREATED
from cutbook.derive import Frames
from cutbook.derive.grading.quantities import blood_results
from cutbook.parameters.study import Study, Threshold
from cutbook.standards.criteria import fda_levels

_LEVELS = (1, 2, 3)
_GRADES = (0, 1, 2, 3, 4)
WAYS = {"LOW": "low", "HIGH": "high"}
ROWS = ["parameter", "parameter_words", "level", "row_words"]
_CONDITIONS = {"men": ["male"], "women": ["female"]}
_WRITTEN = {"10^9/L": "× 10⁹/L", "1/uL": "/µL"}
_TWICE = 2
_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_SAID: Mapping[str, Callable[[str], str]] = {
    "times_uln": lambda number: f"{number} × ULN",
    "times_lln": lambda number: f"{number} × LLN",
    "times_baseline": lambda number: f"{number} × baseline",
    "percent_decrease": lambda number: f"{number} % below baseline",
    "decrease_from_baseline": lambda number: f"{number} below baseline",
    "increase_from_baseline": lambda number: f"{number} above baseline",
}


def why_no_blood(study: Study, frames: Frames) -> str:
    """Return why no result of blood can be judged."""
    if all(family.fluid_of != "blood" for family in study.findings):
        return "Not named in the study file: laboratory results of blood."
    return not_delivered("lb")(frames)


def levels(frames: Frames) -> pd.DataFrame:
    """Return the levels of treated participants, each with parameter, the row of the guide with its direction."""
    known = frames.levels[frames.levels["SAFFL"].eq("Y") & frames.levels["LEVEL"].notna()]
    return known.assign(parameter=_named(known))


def _named(known: pd.DataFrame) -> pd.Series:
    return known["TESTCD"].astype("str") + " " + known["TERM"].astype("str") + " " + known["DIRECTION"].astype("str")


def _cumulative(own: pd.DataFrame, column: str, steps: tuple[int, ...]) -> pd.DataFrame:
    """Return who reached each step: USUBJID, parameter, level."""
    parts = [own.loc[own[column].ge(step), ["USUBJID", "parameter"]].assign(level=str(step)) for step in steps]
    return pd.concat(parts, ignore_index=True)


def _rows_of_levels(frames: Frames) -> pd.DataFrame:
    """Return a heading a row of the guide that somebody was measured for, and below it the levels that it has."""
    guide = fda_levels()
    known = levels(frames).drop_duplicates("parameter")
    measured = zip(known["parameter"], known["TESTCD"], known["TERM"], known["DIRECTION"], strict=True)
    rows = []
    for parameter, testcd, term, direction in measured:
        name, _, sex = str(term).partition(", ")
        is_own = guide["testcd"].eq(testcd) & guide["direction"].eq(direction) & guide["condition"].ne("fasting")
        is_term = guide["term"].isin([name, term])
        own = guide[is_own & is_term & guide["condition"].isin(_CONDITIONS.get(sex, ["any", "random"]))]
        words = str(term) if "crease" in str(term) else f"{term}, {WAYS[str(direction)]}"
        rows += [
            (parameter, words, f"{row['grade']:g}", f"Level {row['grade']:g}: {_limit(row)}")
            for row in own.to_dict("records")
        ]
    return pd.DataFrame(rows, columns=ROWS, dtype="str")


def _limit(row: Mapping[object, object]) -> str:
    """Return a limit as it is shown: ``> 3 × ULN``, ``< 3.1 g/dL``."""
    number, quantity = f"{row['limit_us']:g}", str(row["quantity"])
    unit = _WRITTEN.get(str(row["unit_us"]), str(row["unit_us"]))
    if quantity == "value":
        return f"{_SIGNS[str(row['operator'])]} {number} {unit}"
    words = _SAID[quantity](f"{number} {unit}" if quantity.endswith("from_baseline") else number)
    return f"{_SIGNS[str(row['operator'])]} {words}"


def _other_limits(study: Study) -> list[Threshold]:
    """Return the watched limits of the study file for blood."""
    own = {family.id for family in study.findings if family.fluid_of == "blood"}
    return [item for item in study.thresholds if family_of(item, study) in own]


def _layers_of_levels(study: Study) -> list[Layer]:
    watched = _other_limits(study)
    return [
        *([shares_of(watched)] if watched else []),
        Shares(
            variable="LEVEL",
            rows=_rows_of_levels,
            records=lambda frames: _cumulative(levels(frames), "LEVEL", _LEVELS),
            among=levels,
            nobody="Nobody reached Level 1",
        ),
    ]


_GUIDE = (
    "Levels: FDA Standard Safety Tables and Figures v2.0 (April 2025), Tables 56 and 57, cumulative, in US units: "
    "results collected in them as collected, others converted. Fasting is not known: glucose as random. eGFR: CKD-EPI "
    "2021. A level is a limit and not a judgement: some lie within normal ranges."
)
_COUNTED = (
    "n/Ns: participants with at least one such result after the first dose, of those with a result, unscheduled too."
)

outliers = Display(
    id="T-D16",
    title="Laboratory: participants beyond limits",
    question="How many participants have laboratory results that a reviewer must look at?",
    population=TREATED,
    rows=_layers_of_levels,
    reports=(SAFETY,),
    order="Limits of the study file, then rows of the guide, Levels 1 to 3. Rows that nobody reached are a sentence.",
    missing="Ns: participants with a result after the first dose, and where a row needs it a baseline or a limit.",
    notes=(_COUNTED, _GUIDE),
    counterpart="FDA ST&F IG tables 20, 56 and 57",
    source=("LB", "ADSL"),
    stub="Participants with",
    empty="No laboratory results after the first dose by the cut-off.",
    why_empty=why_no_blood,
    participants=("laboratory limits", "T-D16"),
)


def _judged(frames: Frames, study: Study) -> pd.DataFrame:
    """Return who had no abnormal baseline in a direction, with TIMES, the abnormal results after the first dose."""
    own = blood_results(frames.adlb, study)
    own = own[own["SAFFL"].eq("Y") & own["ANRIND"].notna()]
    base = own[own["ABLFL"].eq("Y")].drop_duplicates(["USUBJID", "PARAMCD"], keep="last")
    after = own[own["APOBLFL"].eq("Y")].merge(
        base[["USUBJID", "PARAMCD", "ANRIND"]].rename(columns={"ANRIND": "BEFORE"}), on=["USUBJID", "PARAMCD"]
    )
    parts = []
    for direction in WAYS:
        some = after[after["BEFORE"].ne(direction)]
        times = some["ANRIND"].eq(direction).groupby([some["PARAMCD"], some["USUBJID"]], sort=False).sum()
        named = times.rename("TIMES").reset_index().assign(DIRECTION=direction)
        parts.append(named.merge(some[["PARAMCD", "PARAM"]].drop_duplicates("PARAMCD"), on="PARAMCD"))
    judged = pd.concat(parts, ignore_index=True)
    words = judged["PARAM"].astype("str") + ", " + judged["DIRECTION"].map(WAYS).astype("str")
    return judged.assign(parameter=judged["PARAMCD"].astype("str") + " " + judged["DIRECTION"], parameter_words=words)


_TIMES = {"ONCE": "in one result", "MORE": "in two results or more"}


def _newly(frames: Frames, study: Study) -> pd.DataFrame:
    judged = _judged(frames, study)
    times = judged["TIMES"]
    levels = pd.Series("ONCE", index=judged.index, dtype="str").mask(times.ge(_TWICE), "MORE")
    return judged.assign(level=levels)[times.gt(0)]


def _rows_of_newly(frames: Frames, study: Study) -> pd.DataFrame:
    judged = _judged(frames, study).drop_duplicates("parameter")
    order = {name: place for place, name in enumerate(judged["PARAMCD"].drop_duplicates())}
    ranked = judged.assign(_PLACE=judged["PARAMCD"].map(order)).sort_values("_PLACE", kind="stable")
    rows = [
        (row["parameter"], row["parameter_words"], level, words.capitalize())
        for row in ranked.to_dict("records")
        for level, words in _TIMES.items()
    ]
    return pd.DataFrame(rows, columns=ROWS, dtype="str")


newly_abnormal = Display(
    id="T-D18",
    title="Laboratory: newly outside the limits of normal",
    question="Which results left the limits of the laboratory under treatment, and stayed outside?",
    population=TREATED,
    rows=lambda study: [
        Shares(
            variable="NEWLY",
            rows=partial(_rows_of_newly, study=study),
            records=partial(_newly, study=study),
            among=partial(_judged, study=study),
            nobody="Nobody newly outside",
        )
    ],
    reports=(SAFETY,),
    order="Parameters as in the study file, low then high; those that nobody newly left are a sentence.",
    missing="A participant without a baseline that the laboratory judged, or with one outside in the same direction, "
    "is not among Ns.",
    notes=(
        (
            "n/Ns: participants with a result outside the limits of the laboratory after the first dose, of those "
            "whose baseline was not outside in that direction; two results or more: at different times, unscheduled "
            "ones too."
        ),
    ),
    counterpart="TLG catalog LBT04 and LBT05",
    source=("LB", "ADSL"),
    stub="Outside the limits",
    empty="No judged laboratory results after the first dose by the cut-off.",
    why_empty=why_no_blood,
    is_folded=True,
    participants=("newly abnormal", "T-D18"),
)
