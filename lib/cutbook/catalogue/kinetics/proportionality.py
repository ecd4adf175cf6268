"""Displays of exposure against dose: power model, dose-normalised values, and what the next dose may give."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.display import ESTIMATES
from cutbook.catalogue.kinds.exposure import Dots, Judged
from cutbook.catalogue.kinds.tables import Shown
from cutbook.catalogue.kinetics.adpp import Analysed, analysed, interval_code, parameters, words_of
from cutbook.catalogue.kinetics.exposure import row_words, unit_of
from cutbook.catalogue.kinetics.occasions import display, occasion, occasion_words
from cutbook.derive import Frames
from cutbook.parameters.study import Study
from cutbook.stats.power_model import HUMMEL, PowerModel, PowerReason, power_model, smith_limits

SLOPE, VERDICT, BY_DOSE = "SLOPE", "VERDICT", "BYDOSE"
PROPORTIONAL, EXPLORATORY, NOT_SHOWN = range(3)
"""Judgements of a slope."""

_SAID = ("proportional", "not shown; within exploratory limits", "not shown")
_NOTE = (
    "Power model: ln(parameter) = a + b ln(dose), one value a participant, dose as given; slope b with its 90 % "
    "interval. Proportional: the interval lies within the limits, 1 ± ln(1.25)/ln(r) with r the highest by the lowest "
    "dose (Smith 2000); exploratory limits, 1 ± ln(2)/ln(r) (Hummel 2009). Rdnm = r^(b − 1): dose-normalised geometric "
    "mean of the highest dose by that of the lowest. Lack of fit: F test against a mean for every dose."
)


def codes_by_dose(one: Analysed) -> list[str]:
    """Return the parameters that are compared with the dose."""
    to_times = [interval_code(end) for end in sorted(set(one.settings.intervals))]
    return ["CMAX", "AUCLST", *to_times, "AUCIFO"]


def fits(frames: Frames, *, study: Study, one: Analysed) -> Iterator[tuple[float, str, PowerModel | PowerReason]]:
    """Yield the power model of every occasion and parameter."""
    every = parameters(frames, study=study)
    own = every[every["PARAMETER"].eq(one.matrix.code)]
    for dose in sorted(own["DOSEOCC"].unique()):
        for code in codes_by_dose(one):
            values = own[own["DOSEOCC"].eq(dose) & own["PARAMCD"].eq(code) & own["AVAL"].notna()]
            yield dose, code, power_model(values["DOSE"], values["AVAL"])


def judged(fit: PowerModel) -> int:
    """Return what is said of a slope: its interval within the limits, within the exploratory ones, or neither."""
    for verdict, (low, high) in (
        (PROPORTIONAL, smith_limits(fit.ratio_of_doses)),
        (EXPLORATORY, smith_limits(fit.ratio_of_doses, HUMMEL)),
    ):
        if low <= fit.slope_low and fit.slope_high <= high:
            return verdict
    return NOT_SHOWN


def _numbers(fit: PowerModel) -> list[tuple[str, str, float]]:
    low, high = smith_limits(fit.ratio_of_doses)
    return [
        (SLOPE, "n", fit.n), (SLOPE, "slope", fit.slope), (SLOPE, "slope_low", fit.slope_low),
        (SLOPE, "slope_high", fit.slope_high), (SLOPE, "limit_low", low), (SLOPE, "limit_high", high),
        (SLOPE, "ratio", fit.rdnm), (SLOPE, "ratio_low", fit.rdnm_low), (SLOPE, "ratio_high", fit.rdnm_high),
        *([(SLOPE, "p", fit.lack_of_fit)] if fit.lack_of_fit == fit.lack_of_fit else []),
        (VERDICT, "verdict", judged(fit)),
    ]  # fmt: skip


def _rows(frames: Frames, *, study: Study, one: Analysed) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for dose, code, fit in fits(frames, study=study, one=one):
        place = {"DOSEOCC": dose, "level": code, "row_words": row_words(code, one)}
        if isinstance(fit, PowerReason):
            rows.append({**place, "variable": SLOPE, "statistic": "slope", "value": float("nan"), "reason": str(fit)})
        else:
            rows += [
                {**place, "variable": variable, "statistic": name, "value": float(value), "reason": ""}
                for variable, name, value in _numbers(fit)
            ]
    table = pd.DataFrame(rows, columns=["DOSEOCC", "level", "row_words", "variable", "statistic", "value", "reason"])
    return table.assign(visit=occasion(table["DOSEOCC"]), visit_words=occasion_words(table["DOSEOCC"], study))


slopes = display(
    id="T-E8-{number}",
    title="{matrix}: dose proportionality",
    question="Does exposure rise in proportion to the dose?",
    rows=lambda study: [
        Judged(
            id=str(at), parameter=one.matrix.code, title=f"{one.matrix.label}: dose proportionality", notes=(_NOTE,),
            columns=(
                Shown("n", ("n",), variable=SLOPE), Shown("Slope", ("slope",), variable=SLOPE),
                Shown("90 % CI", ("slope_low", "slope_high"), "interval", variable=SLOPE),
                Shown("Limits", ("limit_low", "limit_high"), "interval", variable=SLOPE),
                Shown("Rdnm", ("ratio",), variable=SLOPE),
                Shown("90 % CI", ("ratio_low", "ratio_high"), "interval", variable=SLOPE),
                Shown("Lack of fit", ("p",), variable=SLOPE, note="p"),
            ),
            estimates=partial(_rows, study=study, one=one), verdict="Judgement", verdicts=_SAID,
        )
        for at, one in enumerate(analysed(study), start=1)
    ],
    order="Matrices as in the study file; dose, parameter.",
    missing="NC: fewer than two doses or three values. Values that are missing or not above zero take no part.",
    counterpart="aNCA (slope with interval, no limits)",
    stub="Dose, parameter",
    marks=ESTIMATES | {"slope"},
    anchors=("slope",),
)  # fmt: skip


def _normalised(frames: Frames, *, study: Study, one: Analysed) -> pd.DataFrame:
    """Return highest concentration and area of the first profile of every participant, by the dose given."""
    every = parameters(frames, study=study)
    own = every[every["PARAMETER"].eq(one.matrix.code) & every["PARAMCD"].isin(["CMAX", "AUCLST"])]
    own = own[own["DOSEOCC"].eq(own["DOSEOCC"].min()) & own["DOSE"].gt(0) & own["AVAL"].gt(0)]
    dose = study.treatment.dose_unit
    units = own["PARAMCD"].map({code: f"{unit_of(code, one)} per {dose}" for code in ("CMAX", "AUCLST")})
    named = own.assign(
        PANEL=own["PARAMCD"], PANEL_WORDS=own["PARAMCD"].map(words_of) + " by dose", SECOND=units,
        AVAL=own["AVAL"] / own["DOSE"],
    )  # fmt: skip
    return named.sort_values(["PARAMCD", "USUBJID"], ascending=[False, True], kind="stable")


normalised = display(
    id="F-E8-{number}",
    title="{matrix}: exposure by dose, first profile",
    question="Is the exposure by milligram the same at every dose?",
    rows=lambda study: [
        Dots(
            id=str(at),
            parameter=one.matrix.code,
            title=f"{one.matrix.label}: exposure by dose, first profile",
            drawn=partial(_normalised, study=study, one=one),
            of=BY_DOSE,
            note="First profile of every participant, divided by the dose given, logarithmic; one dot a participant, "
            "bar and number above: geometric mean.",
        )
        for at, one in enumerate(analysed(study), start=1)
    ],
    order="Matrices as in the study file; one panel a parameter.",
    missing="Values that are missing or not above zero, and those of a dose that is not known, are not drawn.",
    counterpart="aNCA",
    anchors=("geomean",),
)


def _next_doses(frames: Frames, *, study: Study, one: Analysed) -> pd.DataFrame:
    """Return what the first profiles predict for every planned dose above the highest that has some."""
    every = parameters(frames, study=study)
    own = every[every["PARAMETER"].eq(one.matrix.code)]
    first = own[own["DOSEOCC"].eq(own["DOSEOCC"].min())]
    above = [arm for arm in study.treatment.arms if arm.dose > first["DOSE"].max()]
    caps = {cap.parameter: cap for cap in (study.pharmacokinetics.caps if study.pharmacokinetics else ())}
    caps = {code: cap for code, cap in caps.items() if cap.matrix == one.matrix.label}
    rows: list[dict[str, object]] = []
    for arm in above:
        for code in dict.fromkeys(["CMAX", "AUCLST", *caps]):
            values = first[first["PARAMCD"].eq(code)]
            fit = power_model(values["DOSE"], values["AVAL"])
            limit = caps[code].limit if code in caps else float("nan")
            words = f"{study.treatment.short(arm)}: {row_words(code, one)}"
            place = {"visit": "", "visit_words": "", "level": f"{code} {arm.code}", "row_words": words}
            rows += [{**place, **row} for row in _predicted(fit, arm.dose, limit)]
    columns = ["visit", "visit_words", "level", "row_words", "variable", "statistic", "value", "reason"]
    return pd.DataFrame(rows, columns=columns)


_PREDICTED = (
    "Power model of the first profiles (see dose proportionality), for one further participant, with its 90 % "
    "prediction interval (t)."
)

BELOW, REACHES, ABOVE, NO_CAP = range(4)
"""Judgements of a prediction."""

_AGAINST = ("below the limit", "interval reaches the limit", "above the limit", "no limit stated")


def _predicted(fit: PowerModel | PowerReason, dose: float, limit: float) -> list[dict[str, object]]:
    if isinstance(fit, PowerReason):
        return [{"variable": "NEXT", "statistic": "predicted", "value": float("nan"), "reason": str(fit)}]
    value, low, high = fit.predicted(dose)
    verdict = NO_CAP if limit != limit else BELOW if high <= limit else REACHES if value <= limit else ABOVE
    numbers = [
        ("n", fit.n), ("predicted", value), ("predicted_low", low), ("predicted_high", high), ("limit", limit),
    ]  # fmt: skip
    known = [(name, number) for name, number in numbers if number == number]
    rows = [{"variable": "NEXT", "statistic": name, "value": float(number), "reason": ""} for name, number in known]
    return [*rows, {"variable": VERDICT, "statistic": "verdict", "value": float(verdict), "reason": ""}]


predictions = display(
    id="T-G6-{number}",
    title="{matrix}: exposure predicted at the next dose",
    question="What would a participant be exposed to at the next planned dose, and is that within the limit?",
    rows=lambda study: [
        Judged(
            id=str(at), parameter=one.matrix.code, title=f"{one.matrix.label}: exposure predicted at the next dose",
            notes=(
                _PREDICTED,
                *(
                    f"Limit of {words_of(cap.parameter)}: {cap.label}."
                    for cap in (study.pharmacokinetics.caps if study.pharmacokinetics else ())
                    if cap.matrix == one.matrix.label
                ),
            ),
            columns=(
                Shown("n", ("n",), variable="NEXT"), Shown("Predicted", ("predicted",), variable="NEXT"),
                Shown("90 % PI", ("predicted_low", "predicted_high"), "interval", variable="NEXT"),
                Shown("Limit", ("limit",), variable="NEXT"),
            ),
            estimates=partial(_next_doses, study=study, one=one), verdict="Against the limit", verdicts=_AGAINST,
            empty="No dose is planned above the highest one with profiles.",
        )
        for at, one in enumerate(analysed(study), start=1)
    ],
    order="Matrices as in the study file; planned doses, parameter.",
    missing="NC: fewer than two doses or three values. Without a limit in the study file the judgement says so.",
    stub="Dose, parameter",
    anchors=("predicted",),
)  # fmt: skip
