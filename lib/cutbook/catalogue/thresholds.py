"""What stands out in the safety report: deaths, serious and severe events, results beyond limits of the study file."""

from __future__ import annotations

from functools import partial

import pandas as pd

from cutbook.catalogue.events import outstanding_rows
from cutbook.catalogue.kinds.display import SAFETY, Display
from cutbook.catalogue.kinds.layers import Count
from cutbook.catalogue.kinds.numbers import Facts
from cutbook.catalogue.kinds.panels import Layer, ShareMatrix
from cutbook.catalogue.kinds.populations import TREATED
from cutbook.catalogue.measurements import individuals
from cutbook.derive import Frames
from cutbook.parameters.study import Study, Threshold

_LIMITS = {"ULN": "ANRHI", "LLN": "ANRLO"}
_BEYOND = {">": pd.Series.gt, "≥": pd.Series.ge, "<": pd.Series.lt, "≤": pd.Series.le}


def results_of(frames: Frames, threshold: Threshold) -> pd.DataFrame:
    """Return the results after the first dose of a threshold's parameter, unscheduled ones included."""
    found = [getattr(frames, name) for name in ("adlb", "advs", "adeg")]
    own = [frame[frame["PARAMCD"].eq(threshold.parameter)] for frame in found]
    every: pd.DataFrame = pd.concat([some for some in own if len(some)] or own[:1], ignore_index=True)
    return every[every["APOBLFL"].eq("Y") & every["AVAL"].notna() & every["SAFFL"].eq("Y")]


def beyond(frames: Frames, threshold: Threshold) -> pd.DataFrame:
    """Return the results after the first dose that lie beyond a threshold; without a limit of normal none does."""
    return those_beyond(results_of(frames, threshold), threshold)


def those_beyond(results: pd.DataFrame, threshold: Threshold) -> pd.DataFrame:
    """Return which of some results lie beyond a threshold."""
    sign, number, of = threshold.bound
    limit = number * results[_LIMITS[of]] if of else pd.Series(number, index=results.index)
    return results[_BEYOND[sign](results["AVAL"], limit)]


def comparable(results: pd.DataFrame, threshold: Threshold) -> pd.DataFrame:
    """Return which of some results can be compared with a threshold: those with the limit of normal that it names."""
    of = threshold.bound.of
    return results[results[_LIMITS[of]].notna()] if of else results


def _people_beyond(frames: Frames, *, threshold: Threshold) -> pd.DataFrame:
    return frames.adsl[frames.adsl["USUBJID"].isin(beyond(frames, threshold)["USUBJID"])]


def _was_measured(frames: Frames, *, threshold: Threshold) -> bool:
    return len(results_of(frames, threshold)) > 0


def _rows(study: Study) -> list[Layer]:
    limits = [
        Count(
            item.parameter,
            item.words,
            partial(_people_beyond, threshold=item),
            level=item.code,
            is_there=partial(_was_measured, threshold=item),
        )
        for item in study.watched
    ]
    return [ShareMatrix(counts=(*outstanding_rows(study), *limits))]


def _notes(study: Study) -> tuple[str, ...]:
    control = study.treatment.control_arm
    shaded = f" Shaded: at least 20 points above {control.label.lower()}." if control else ""
    bars = f"Participants with at least one. Bars: share of N.{shaded} Beside 0: upper 95 % limit (Clopper–Pearson)."
    counted = (
        "Events are treatment-emergent, deaths are counted whenever they happened by the cut-off; results are those "
        "after the first dose, unscheduled ones included."
    )
    return (bars, counted)


outstanding = Display(
    id="T-D0",
    title="What stands out",
    question="Does anything that a reader must not miss happen more often at some dose?",
    rows=_rows,
    reports=(SAFETY,),
    population=TREATED,
    order="Deaths, serious, severe and related events, actions taken with study drug, limits of the study file.",
    missing="A limit in multiples of a limit of normal is not met where the laboratory gave none. A parameter without "
    "a result after the first dose has no row.",
    notes=_notes,
    counterpart="FDA ST&F IG tables 7 and 35 (partly), safetyGraphics (partly)",
    source=("ADAE", "ADSL", "findings"),
    stub="Participants with",
)


def worst(frames: Frames, threshold: Threshold) -> pd.DataFrame:
    """Return the result after the first dose farthest in a threshold's direction, the earliest of equal ones."""
    results = results_of(frames, threshold).sort_values("ADT", kind="stable")
    is_high = threshold.bound.sign in {">", "≥"}
    return results.sort_values("AVAL", ascending=not is_high, kind="stable").head(1).assign(LEVEL=threshold.code)


def _first_beyond(frames: Frames, *, threshold: Threshold) -> pd.DataFrame:
    return beyond(frames, threshold).sort_values("ADY", kind="stable").head(1).assign(LEVEL=threshold.code)


def deaths(frames: Frames) -> pd.DataFrame:
    """Return the deaths of treated participants by study day; DAYSAFTER the last dose, where that day is known.

    Of a participant with doses after the death, which contradict it, DOSEN and DAYSAFTER are missing.
    """
    dead = frames.adsl[frames.adsl["DTHFL"].eq("Y") & frames.adsl["SAFFL"].eq("Y")]
    days = (dead["DTHDT"] - dead["TRTEDT"]).dt.days.astype("float64")
    known = days.where(dead["DTHDY"].notna() & days.ge(0))
    placed = dead.assign(LEVEL=dead["KEY"], DAYSAFTER=known, DOSEN=dead["DOSEN"].mask(days.lt(0)))
    return placed.sort_values("DTHDY", kind="stable")


facts = Display(
    id="D0F",
    title="Numbers of single records that the first sentences of the safety report say",
    question="When after which dose did participants die, and which results lie farthest beyond the limits?",
    rows=lambda study: [
        Facts("DTHFL", "Deaths", deaths, {"day": "DTHDY", "days_after": "DAYSAFTER", "dose": "DOSEN"}),
        *(
            Facts(
                item.parameter,
                f"{item.label}: farthest",
                partial(worst, threshold=item),
                {"result": "AVAL", "day": "ADY"},
            )
            for item in study.watched
        ),
        *(
            Facts(
                f"{item.parameter} first",
                f"{item.label}: first beyond",
                partial(_first_beyond, threshold=item),
                {"day": "ADY"},
            )
            for item in study.watched
        ),
    ],
    reports=(SAFETY,),
    population=TREATED,
    order="Deaths by study day, then the limits of the study file.",
    missing="A number that is not known has no row.",
    source=("ADSL", "findings"),
)


def first_watched(study: Study) -> Threshold | None:
    """Return the first limit of the study file that is a number to be above, not a multiple of a limit of normal."""
    return next((item for item in study.watched if item.bound.sign == ">" and not item.bound.of), None)


def _watched(study: Study) -> list[Layer]:
    item = first_watched(study)
    if item is None:
        return []
    # A unit that begins with a stroke is a number of something per volume: mostly near zero, seldom high.
    is_count = item.unit.startswith("/")
    words = f"{item.label} ({'per ' + item.unit[1:] if is_count else item.unit})" if item.unit else item.label
    return [individuals(item.parameter, item.bound.number, words, unit=item.unit, is_count=is_count)]


everybody = Display(
    id="F-D0I",
    title="{label}: every participant, and the limit of {limit}",
    question="Who is above the first watched limit, when, how far, and at which dose?",
    rows=_watched,
    reports=(SAFETY,),
    population=TREATED,
    order="The first limit of the study file that is a number to be above; one panel an arm.",
    missing="A value without a study day is not drawn. Without values a sentence says so.",
    source=("ADSL", "findings"),
    empty="Not named in the study file: a limit in numbers to be above.",
    anchors=(),
)
