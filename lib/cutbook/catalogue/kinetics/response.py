"""Displays of what goes with exposure: the compared marker, and results beyond limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pandas as pd

from cutbook.catalogue.concentrations import without_samples
from cutbook.catalogue.kinds.display import NO_MARKS, NOT_ESTIMABLE
from cutbook.catalogue.kinds.exposure import Judged
from cutbook.catalogue.kinds.measured.points import LimitScatter, Line
from cutbook.catalogue.kinds.tables import Shown
from cutbook.catalogue.kinetics.adpp import parameters
from cutbook.catalogue.kinetics.occasions import display
from cutbook.catalogue.kinetics.troughs import before_doses, samples_of
from cutbook.catalogue.models.ancova import at_visit, visit_of
from cutbook.catalogue.thresholds import comparable, results_of, those_beyond
from cutbook.derive import Frames
from cutbook.parameters.study import Endpoint, Matrix, Study
from cutbook.stats.doubling import per_doubling

FEWEST = 6
"""Participants from which on a response is set against exposure."""

_QUARTERS = 4
_COLUMNS = ["visit", "visit_words", "level", "row_words", "group", "variable", "statistic", "value", "reason"]
_NOBODY = "Nobody has an exposure and a response by the cut-off."
_FEW = f"fewer than {FEWEST} participants with exposure and response"


EstimateRow = dict[str, object]
"""A row of a results table, as far as it says something."""


@dataclass(frozen=True)
class Exposure:
    """One measure of exposure: its code, words and unit, and the value of every participant on an active dose."""

    code: str
    words: str
    unit: str
    by_person: pd.Series


def exposures(frames: Frames, study: Study) -> Iterator[Exposure]:
    """Yield the area of the first profile of each matrix with profiles, and the last trough of each of the others."""
    rules = study.pharmacokinetics
    found = parameters(frames, study=study)
    for matrix in rules.matrices if rules else ():
        if not frames.profiles["PARAMETER"].eq(matrix.code).any():
            yield from _last_trough(frames, study, matrix)
            continue
        own = found[found["PARAMETER"].eq(matrix.code) & found["PARAMCD"].eq("AUCLST") & found["AVAL"].gt(0)]
        if len(own):
            first = own[own["DOSEOCC"].eq(own["DOSEOCC"].min())]
            words = f"{matrix.label}: AUClast of dose {first['DOSEOCC'].iloc[0]:g}"
            yield Exposure(f"AUC {matrix.code}", words, f"h·{matrix.unit}", first.set_index("USUBJID")["AVAL"])


def _last_trough(frames: Frames, study: Study, matrix: Matrix) -> Iterator[Exposure]:
    before = before_doses(samples_of(frames, study, matrix))
    last = before[before["DOSEOCC"].eq(before["DOSEOCC"].max()) & before["AVAL"].gt(0)]
    if len(last):
        words = f"{matrix.label}: before dose {last['DOSEOCC'].iloc[0]:g}"
        yield Exposure(f"TROUGH {matrix.code}", words, matrix.unit, last.set_index("USUBJID")["AVAL"])


def _ratios(study: Study) -> list[tuple[Endpoint, str, str]]:
    """Return the endpoints that are ratios to baseline and compared at a visit, each with that visit and its words."""
    return [
        (endpoint, *visit_of(study, endpoint, endpoint.analysis.visit))
        for endpoint in study.endpoints
        if endpoint.scale == "ratio" and endpoint.analysis
    ]


def _points(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return exposure and ratio to baseline of every participant with both: panel, panel_words, X, Y."""
    parts, measures = [], list(exposures(frames, study))
    for endpoint, code, words in _ratios(study):
        own = at_visit(frames, endpoint=endpoint, visit=code)
        own = own[own["DTYPE"].isna() & own["CHG"].gt(0)]
        for one in measures:
            both = own.assign(X=own["USUBJID"].map(one.by_person).astype("float64"), Y=own["CHG"].astype("float64"))
            panel = f"{endpoint.label} at {words} by {one.words} ({one.unit})"
            parts.append(both[both["X"].notna()].assign(panel=f"{endpoint.paramcd} {one.code}", panel_words=panel))
    names = ["USUBJID", "KEY", "TRT01A", "panel", "panel_words", "X", "Y"]
    if not parts:
        return pd.DataFrame(columns=names)
    points = pd.concat(parts, ignore_index=True)
    return points.assign(KEY=points["USUBJID"].map(frames.adsl.set_index("USUBJID")["KEY"]))[names]


def _marker(frames: Frames, *, study: Study) -> pd.DataFrame:
    rows: list[EstimateRow] = []
    for panel, own in _points(frames, study=study).groupby("panel", sort=False):
        place = {"level": str(panel), "row_words": own["panel_words"].iloc[0], "variable": "EXPOSURE"}
        rows.append({**place, "statistic": "n", "value": float(len(own)), "keys": own["KEY"].tolist()})
        if len(own) < FEWEST or own["X"].nunique() < 3:
            rows.append({**place, "statistic": "diff_pct", "value": float("nan"), "reason": _FEW})
            continue
        rows += [
            {**place, "statistic": name, "value": value} for name, value in per_doubling(own["X"], own["Y"]).items()
        ]
    return table_of(rows)


def table_of(rows: list[EstimateRow]) -> pd.DataFrame:
    """Return rows of a results table; what a row does not say is an empty text, or no keys."""
    nothing: EstimateRow = {**dict.fromkeys(_COLUMNS, ""), "value": float("nan"), "keys": []}
    return pd.DataFrame([nothing | row for row in rows], columns=list(nothing))


def _no_marker(study: Study, frames: Frames) -> str:
    if reason := without_samples(study, frames):
        return reason
    return "" if _ratios(study) else "Not named in the study file: a ratio to baseline that is compared at a visit."


_OF_MARKER = (
    "Participants on an active dose with both. Change of the ratio to baseline with every doubling of exposure, from "
    "the line of the logarithms, with its 95 % CI (t); rank correlation: Spearman. What goes together need not cause."
)
by_exposure = partial(display, marks=NO_MARKS, not_estimable=NOT_ESTIMABLE, anchors=(), is_folded=True)
"""A display of what goes with exposure."""

marker = by_exposure(
    id="T-G4",
    title="Response by exposure",
    question="Does the marker fall further in those who were exposed to more?",
    rows=lambda study: [
        Judged(
            title="Response by exposure", notes=(_OF_MARKER,), estimates=partial(_marker, study=study),
            columns=(
                Shown("n", ("n",), variable="EXPOSURE"),
                Shown(
                    "Change per doubling", ("diff_pct", "diff_pct_low", "diff_pct_high"), "estimate", "EXPOSURE",
                    "% (95 % CI)",
                ),
                Shown("Rank correlation", ("rho",), variable="EXPOSURE"),
            ),
        )
    ],
    empty=_NOBODY,
    source=("ADPC", "ADEFF"),
    order="Endpoints as in the study file; measures of exposure: area of the first profile, last trough.",
    missing=f"NE: {_FEW}. Values below the limit, and ratios that need one, take no part.",
    why_empty=_no_marker,
    stub="Endpoint, exposure",
)  # fmt: skip

scatter = by_exposure(
    id="F-G4",
    title="Response against exposure: every participant",
    question="Who was exposed to much and responded little?",
    rows=lambda study: [
        LimitScatter(
            id="G4", points=partial(_points, study=study), across="exposure", up="ratio to baseline",
            lines_up=(Line(1.0, "no change"),), is_log=True,
        )
    ],
    source=("ADPC", "ADEFF"),
    order="One panel an endpoint and measure of exposure.",
    missing="Participants without exposure or response are not drawn.",
    why_empty=_no_marker,
    empty=_NOBODY,
)  # fmt: skip


def _beyond_by_quarter(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return by quarter of exposure how many were beyond each watched limit, of those compared."""
    rows: list[EstimateRow] = []
    keys, measures = frames.adsl.set_index("USUBJID")["KEY"], list(exposures(frames, study))
    for item in study.watched:
        compared = comparable(results_of(frames, item), item)
        beyond = set(those_beyond(compared, item)["USUBJID"])
        for one in measures:
            own = one.by_person[one.by_person.index.isin(compared["USUBJID"])]
            if len(own) < FEWEST:
                continue
            quarter = -(-own.rank(method="first") * _QUARTERS // len(own))
            for number in range(1, _QUARTERS + 1):
                some = own[quarter.eq(number)]
                hit = [name for name in some.index if name in beyond]
                place = {
                    "visit": f"{item.parameter} {item.code} {one.code}",
                    "level": f"Q{number}",
                    "visit_words": f"{item.words}, by {one.words} ({one.unit})",
                    "variable": "QUARTER",
                    "row_words": f"Quarter {number}{_ENDS.get(number, '')}",
                }
                rows += [
                    {**place, "statistic": "n", "value": float(len(hit)), "keys": keys.reindex(hit).tolist()},
                    {**place, "statistic": "N", "value": float(len(some))},
                    {**place, "statistic": "pct", "value": 100 * len(hit) / len(some)},
                    {**place, "variable": "RANGE", "statistic": "n", "value": float(len(some)),
                     "keys": keys.reindex(some.index).tolist()},
                    {**place, "variable": "RANGE", "statistic": "min", "value": float(some.min())},
                    {**place, "variable": "RANGE", "statistic": "max", "value": float(some.max())},
                ]  # fmt: skip
    return table_of(rows)


_OF_QUARTERS = (
    "Participants on an active dose with an exposure and a result after the first dose that can be compared with the "
    "limit, in quarters by exposure; unscheduled results too."
)
_ENDS = {1: " (lowest)", _QUARTERS: " (highest)"}

limits = by_exposure(
    id="T-G4S",
    title="Results beyond limits by quarter of exposure",
    question="Do results beyond a limit gather in those who were exposed to most?",
    rows=lambda study: [
        Judged(
            title="Results beyond limits by quarter of exposure", estimates=partial(_beyond_by_quarter, study=study),
            columns=(
                Shown("Exposure", ("min", "max"), "span", variable="RANGE", note="lowest, highest"),
                Shown("Participants", ("n",), variable="RANGE"),
                Shown("Beyond", ("n",), variable="QUARTER"),
                Shown("%", ("pct",), variable="QUARTER"),
            ),
            notes=(_OF_QUARTERS,),
        )
    ],
    empty=f"For no limit are there {FEWEST} participants with an exposure and a result.",
    source=("ADPC", "LB", "VS", "EG"),
    order="Limits of the first screen of the safety report; measures of exposure; quarters rising.",
    missing="Participants without exposure or result are in no quarter.",
    why_empty=lambda study, frames: without_samples(study, frames)
    or ("" if study.watched else "Not named in the study file: a limit of results."),
    stub="Limit, quarter of exposure",
)  # fmt: skip
