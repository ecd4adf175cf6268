"""Displays of samples before a dose and after the last one: troughs, accumulation, half-life, ratio of two matrices."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from cutbook.catalogue.concentrations import is_in_arm, without_samples
from cutbook.catalogue.kinds.exposure import Parameters
from cutbook.catalogue.kinds.tables import Shown
from cutbook.catalogue.kinetics.occasions import display
from cutbook.derive import Frames
from cutbook.derive.concentrations.exclusions import exclusion_reasons
from cutbook.parameters.study import Matrix, Study
from cutbook.stats.nca import NcaOptions, nca
from cutbook.words import visit_name

LATE_HOURS = 72.0
"""Hours after the last dose from which on a sample is one of the follow-up."""

_HOURS_PER_DAY = 24.0
_MOSTLY = 0.5
_STATISTICS = ("n", "mean", "sd", "cv", "geomean", "geocv", "median", "min", "max")
_COLUMNS = tuple(
    Shown(label, (name,))
    for name, label in zip(
        _STATISTICS, ("n", "Mean", "SD", "CV %", "Geo. mean", "Geo. CV %", "Median", "Min", "Max"), strict=True
    )
)
_VALUE, _STEADY, _ACCUMULATION, _HALF_LIFE, _RATIO = "AVAL", "STEADY", "ACCUMULATION", "HALFLIFE", "RATIO"
_BRIEF = ("TROUGH", _STEADY, _ACCUMULATION, _HALF_LIFE, _RATIO)
_PLACE = ["visit", "visit_words", "level", "row_words", "variable", "VALUE", "unit"]


def samples_of(frames: Frames, study: Study, matrix: Matrix) -> pd.DataFrame:
    """Return the samples of a matrix of participants on an active dose, with a result and a dose.

    EXCLREAS says why one takes no part; empty for those that do.
    """
    samples = frames.adpc
    is_own = samples["MATRIX"].eq(matrix.label) & is_in_arm(samples, study, is_active=True)
    own = samples[is_own & samples["AVALC"].notna() & samples["DOSEOCC"].notna()]
    keys = frames.adsl.set_index("USUBJID")["KEY"]
    rules = study.pharmacokinetics
    reasons = exclusion_reasons(own, rules.choices.exclusions if rules else [])
    return own.assign(KEY=own["USUBJID"].map(keys), EXCLREAS=reasons)


def before_doses(own: pd.DataFrame) -> pd.DataFrame:
    """Return the last sample before every dose but the first."""
    before = own[own["NOMTIME"].le(0) & own["DOSEOCC"].gt(1) & own["EXCLREAS"].eq("")]
    last = before.sort_values("ADTM", kind="stable").drop_duplicates(["USUBJID", "DOSEOCC"], keep="last")
    words = last["DOSEOCC"].map("Before dose {:g}".format)
    return last.assign(visit=last["DOSEOCC"].map("DOSE{:g}".format), row_words=words, ORDER=last["DOSEOCC"])


def _after_last(own: pd.DataFrame) -> pd.DataFrame:
    """Return the samples of the follow-up after the participant's last dose, by visit."""
    last = own.groupby("USUBJID")["DOSEOCC"].transform("max")
    late = own[own["DOSEOCC"].eq(last) & own["ATIME"].gt(LATE_HOURS) & own["EXCLREAS"].eq("")]
    visits = late["VISIT"].astype("str").fillna("")
    return late.assign(visit=visits, row_words=visits.map(visit_name), ORDER=1000 + late["VISITNUM"].fillna(0))


def _seen(samples: pd.DataFrame) -> pd.DataFrame:
    """Return quantifiable samples, none of an occasion and arm of which more than half lie below the limit."""
    is_below = samples["BLQFL"].eq("Y")
    share = is_below.groupby([samples["visit"], samples["TRT01A"]]).transform("mean")
    return samples[~is_below & share.le(_MOSTLY) & samples["AVAL"].gt(0)]


def _levels(samples: pd.DataFrame, matrix: Matrix) -> pd.DataFrame:
    seen = _seen(samples).sort_values("ORDER", kind="stable")
    return seen.assign(
        level="TROUGH", visit_words="", variable=_VALUE, VALUE=seen["AVAL"], unit=matrix.unit,
        row_words=seen["row_words"] + f" ({matrix.unit})",
    )[["USUBJID", "KEY", *_PLACE]]  # fmt: skip


def _ratios(before: pd.DataFrame) -> pd.DataFrame:
    """Return the last trough by the first, and by the one before it, of every participant."""
    seen = _seen(before).sort_values(["USUBJID", "DOSEOCC"], kind="stable")
    if seen["DOSEOCC"].nunique() < 2:
        return pd.DataFrame(columns=["USUBJID", "KEY", *_PLACE])
    first, last = int(seen["DOSEOCC"].min()), int(seen["DOSEOCC"].max())
    wide = seen.pivot_table(index=["USUBJID", "KEY"], columns="DOSEOCC", values="AVAL").reindex(
        columns=sorted({float(first), float(last - 1), float(last)})
    )
    pairs = [(_ACCUMULATION, first)] + ([(_STEADY, last - 1)] if last - 1 > first else [])
    parts = [
        _row(wide[float(last)] / wide[float(dose)], level, f"Before dose {last} / before dose {dose}", "")
        for level, dose in pairs
    ]
    return pd.concat(parts, ignore_index=True)


def _row(values: pd.Series, level: str, words: str, unit: str) -> pd.DataFrame:
    known = values.dropna().rename("VALUE").reset_index()
    return known.assign(visit="", visit_words="", level=level, row_words=words, variable=_VALUE, unit=unit)


def _half_lives(own: pd.DataFrame) -> pd.DataFrame:
    """Return the half-life, in days, of the samples of the follow-up of every participant with two or more."""
    late = _after_last(own)
    conc = pd.DataFrame(
        {
            "id": late["USUBJID"], "time": late["ATIME"] / _HOURS_PER_DAY,
            "conc": late["AVAL"].mask(late["BLQFL"].eq("Y"), 0.0), "blq": late["BLQFL"].eq("Y"),
        }
    )  # fmt: skip
    doses = pd.DataFrame({"id": conc["id"].drop_duplicates(), "time": 0.0, "dose": np.nan})
    if conc.empty:
        return pd.DataFrame(columns=["USUBJID", "KEY", *_PLACE])
    options = NcaOptions(min_points=2, allow_tmax=True, duplicates="mean")
    found = nca(conc, doses, options=options)
    half = found[found["parameter"].eq("LAMZHL")].set_index("id")["value"]
    keys = own.drop_duplicates("USUBJID").set_index("USUBJID")["KEY"]
    index = pd.MultiIndex.from_arrays([half.index, half.index.map(keys.to_dict())], names=["USUBJID", "KEY"])
    return _row(half.set_axis(index), _HALF_LIFE, "Half-life after the last dose (days)", "days")


def _by_first_matrix(frames: Frames, study: Study, matrix: Matrix) -> pd.DataFrame:
    """Return samples before doses by those of the first matrix of the same analyte at the same visit."""
    rules = study.pharmacokinetics
    alike = [one for one in rules.matrices if one.testcd == matrix.testcd] if rules else []
    nothing = pd.DataFrame(columns=["USUBJID", "KEY", *_PLACE])
    if not alike or alike[0].label == matrix.label:
        return nothing
    both = [
        _seen(before_doses(samples_of(frames, study, one)))[["USUBJID", "KEY", "DOSEOCC", "AVAL"]]
        for one in (matrix, alike[0])
    ]
    joined = both[0].merge(both[1], on=["USUBJID", "KEY", "DOSEOCC"], suffixes=("", "_FIRST"))
    if joined.empty:
        return nothing
    last = joined.sort_values("DOSEOCC", kind="stable")
    parts = []
    for dose, own in last.groupby("DOSEOCC"):
        ratio = (own["AVAL"] / own["AVAL_FIRST"]).set_axis(pd.MultiIndex.from_frame(own[["USUBJID", "KEY"]]))
        words = f"{matrix.label} : {alike[0].label.lower()} before dose {dose:g}"
        parts.append(_row(ratio, _RATIO, words, "").assign(visit=f"DOSE{dose:g}"))
    return pd.concat(parts, ignore_index=True)


def _rows(frames: Frames, *, study: Study, matrix: Matrix) -> pd.DataFrame:
    own = samples_of(frames, study, matrix)
    before = before_doses(own)
    if before.empty:
        return pd.DataFrame(columns=["USUBJID", "KEY", *_PLACE, "decimals"])
    parts: Sequence[pd.DataFrame] = [
        _levels(pd.concat([before, _after_last(own)]), matrix), _ratios(before), _half_lives(own),
        _by_first_matrix(frames, study, matrix),
    ]  # fmt: skip
    known = [part for part in parts if len(part)] or [parts[0]]
    return pd.concat(known, ignore_index=True).assign(decimals=None)


_CELLS = "Geometric mean (geometric CV %); [n] where fewer participants have a value than at the best occasion."
_TROUGHS = (
    "Troughs: the last sample before a dose, as reported; n counts quantifiable ones, and nothing stands where more "
    "than half of an arm lie below the limit. Follow-up: samples more than 3 days after the last dose. Ratios are "
    "within participants; near 1 from one dose to the next speaks for a steady state."
)
_TERMINAL = (
    "Half-life: logarithms of the quantifiable samples of the follow-up against actual time, best adjusted r², from "
    "two samples on; two samples give a line without a measure of fit."
)


troughs = display(
    id="T-E9-{number}",
    title="{matrix}: troughs, accumulation and half-life{statistics}",
    question="Does the drug build up from dose to dose, and how long does it stay?",
    rows=lambda study: [
        Parameters(
            id=str(at), parameter=matrix.code, title=f"{matrix.label}: troughs, accumulation and half-life",
            notes=(_CELLS, _TROUGHS, _TERMINAL), columns=_COLUMNS, statistics=_STATISTICS, brief=_BRIEF,
            records=partial(_rows, study=study, matrix=matrix), empty="No sample before a second dose.",
        )
        for at, matrix in enumerate(study.pharmacokinetics.matrices if study.pharmacokinetics else (), start=1)
    ],
    why_empty=without_samples,
    source=("ADPC",),
    order="Matrices as in the study file; doses, follow-up, ratios, half-life.",
    missing="Samples below the limit are in no mean; the concentration summary counts them.",
    stub="Occasion, arm",
    anchors=("geomean",),
    empty="No sample before a second dose.",
)  # fmt: skip
