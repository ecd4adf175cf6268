"""Words that displays of profiles share: their doses, settings, whom they are about, and why there are none."""

from __future__ import annotations

from functools import partial

import pandas as pd

from cutbook.catalogue.concentrations import without_samples
from cutbook.catalogue.kinds.display import NO_MARKS, NOT_CALCULATED, PHARMACOKINETICS, Display
from cutbook.catalogue.kinds.populations import SAMPLED
from cutbook.derive import Frames
from cutbook.parameters.study import Matrix, Study
from cutbook.parameters.study.kinetics.nca import NonCompartmental

NO_PROFILE = "No profile by the cut-off: no dose is followed by {number} or more planned samples with a result."

_METHODS = {
    "linear_up_log_down": "linear trapezoids where concentrations rise, logarithmic ones where they fall",
    "linear": "linear trapezoids",
    "log": "linear trapezoids up to the peak, logarithmic ones after it",
}
_BELOW = {"keep": "0", "drop": "left out", "half_lloq": "half of the limit"}


def without_profiles(study: Study, frames: Frames) -> str:
    """Return why there is no profile: no samples, or nowhere enough of them; else nothing."""
    if reason := without_samples(study, frames):
        return reason
    if len(frames.profiles):
        return ""
    rules = study.pharmacokinetics
    return NO_PROFILE.format(number=rules.nca.min_samples if rules else "")


display = partial(
    Display, reports=(PHARMACOKINETICS,), source=("ADPC", "EX"), population=SAMPLED, is_active_only=True,
    why_empty=without_profiles, marks=NO_MARKS, not_estimable=NOT_CALCULATED, empty="No profile by the cut-off.",
)  # fmt: skip
"""A display of profiles."""


def occasion(doses: pd.Series) -> pd.Series:
    """Return the code of each dose: ``DOSE1``."""
    return doses.map("DOSE{:g}".format).astype("str")


def occasion_words(doses: pd.Series, study: Study) -> pd.Series:
    """Return each dose in words; nothing in a study of single doses."""
    if study.treatment.planned_doses == 1:
        return pd.Series("", index=doses.index, dtype="str")
    return doses.map("Dose {:g}".format).astype("str")


def with_profiles(study: Study, frames: Frames) -> list[Matrix]:
    """Return the matrices with profiles, in the order of the study file."""
    known = set(frames.profiles["PARAMETER"])
    rules = study.pharmacokinetics
    return [matrix for matrix in rules.matrices if matrix.code in known] if rules else []


def method_note(settings: NonCompartmental) -> str:
    """Return how areas and the terminal line of a profile are found, in one footnote."""
    first, middle, last = (
        _BELOW.get(str(rule), str(rule)) for rule in (settings.blq_first, settings.blq_middle, settings.blq_last)
    )
    trough = (
        "" if settings.tau else " The sample before the next dose is the trough of this one and in none of its areas."
    )
    return (
        f"{settings.times.capitalize()} times. Areas: {_METHODS[settings.method]}. Below the limit: {first} before the "
        f"first quantifiable sample, {middle} between, {last} after the last. Terminal line: least squares of the "
        f"logarithms of the last {settings.min_points} or more quantifiable samples "
        f"{'from' if settings.allow_tmax else 'after'} Tmax, by the best adjusted r², more points within "
        f"{settings.adj_r2_factor:g} of it. AUCinf adds Clast/λz with the observed Clast.{trough}"
    )


def acceptance_words(settings: NonCompartmental) -> str:
    """Return when a terminal line is accepted."""
    rules = settings.acceptance
    told = [
        f"adjusted r² ≥ {rules.adj_r2:g}" if rules.adj_r2 is not None else "",
        f"span ≥ {rules.span:g} half-lives" if rules.span is not None else "",
        f"≥ {rules.points:g} points" if rules.points is not None else "",
        f"≤ {rules.extrapolated:g} % extrapolated" if rules.extrapolated is not None else "",
    ]
    return ", ".join(filter(None, told)) or "no rule"
