"""Displays of concentrations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.display import NOT_CALCULATED, PHARMACOKINETICS, Display
from cutbook.catalogue.kinds.layers import Tally
from cutbook.catalogue.kinds.panels import ByVisit, Profile, Shown
from cutbook.catalogue.kinds.populations import SAMPLED
from cutbook.catalogue.measurements import VALUE
from cutbook.derive import Frames
from cutbook.parameters.study import Matrix, Study
from cutbook.vocabulary import COUNTS_BLQ, COUNTS_VALUE
from cutbook.words import visit_name

_MEANS = {
    "mean": "Mean", "sd": "SD", "cv": "CV %", "geomean": "Geo. mean", "geocv": "Geo. CV %", "median": "Median",
    "min": "Min", "max": "Max",
}  # fmt: skip
_COLUMNS = (
    Shown("Samples", ("samples",), variable=VALUE),
    Shown("BLQ", ("nblq",), variable=VALUE, counts=COUNTS_BLQ),
    Shown("n in means", ("n",), variable=VALUE, counts=COUNTS_VALUE),
    *(Shown(label, (name,), variable=VALUE) for name, label in _MEANS.items()),
)
_RULES = {
    "zero": "as zero",
    "zero_before_first": "as zero before the first dose and not at all afterwards",
    "half_lloq": "as half of the limit",
    "missing": "not at all",
}
_NOT_CALCULATED_NOTE = (
    "NC: not calculated, because more than half of the samples are BLQ or fewer than two values remain; the median is "
    "then BLQ. Geo. CV % = 100 √(exp(s²) − 1), s the SD of the natural logarithms."
)

_NO_MATRIX = "The study file names no matrix of concentrations."

_display = partial(Display, source=("ADPC",), reports=(PHARMACOKINETICS,), empty="No concentrations by the cut-off.")
_by_matrix = partial(_display, population=SAMPLED, is_active_only=True, empty=_NO_MATRIX)


def _matrices(study: Study) -> Sequence[Matrix]:
    return study.pharmacokinetics.matrices if study.pharmacokinetics else ()


def _codes(study: Study) -> dict[str, str]:
    return {matrix.label: matrix.code for matrix in _matrices(study)}


def matrix_places(samples: pd.DataFrame, study: Study) -> pd.Series:
    """Return the place in the study file of the matrix of every sample; missing for one that it does not name."""
    return samples["MATRIX"].map({label: place for place, label in enumerate(_codes(study))})


def _measured(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the samples with a result, with the code of their matrix."""
    samples = frames.adpc[frames.adpc["AVALC"].notna()]
    codes = samples["MATRIX"].map(_codes(study)).astype("str").fillna(samples["MATRIX"])
    return samples.assign(parameter=codes, parameter_words=samples["MATRIX"], IS_BLQ=samples["BLQFL"].eq("Y"))


def is_in_arm(samples: pd.DataFrame, study: Study, *, is_active: bool) -> pd.Series:
    """Return which samples are of participants on an arm with a dose, or on one without."""
    return samples["TRT01A"].isin([arm.label for arm in study.treatment.arms if arm.is_active == is_active])


def _below(frames: Frames, *, study: Study) -> pd.DataFrame:
    return _measured(frames, study=study).loc[lambda samples: samples["IS_BLQ"]]


def _people(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the participants with a sample, one row a matrix."""
    sampled = _measured(frames, study=study)[["USUBJID", "parameter", "parameter_words"]].drop_duplicates()
    return frames.adsl[["USUBJID", "KEY"]].merge(sampled, on="USUBJID")


def _mixed(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the quantifiable samples of participants on placebo."""
    samples = _measured(frames, study=study)
    return samples[is_in_arm(samples, study, is_active=False) & ~samples["IS_BLQ"]]


def _lacking(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the samples after a dose of treated participants on active drug of whom none is quantifiable."""
    samples = _measured(frames, study=study)
    treated = frames.adsl.loc[frames.adsl["SAFFL"].eq("Y"), "USUBJID"]
    is_after_dose = samples["NOMTIME"].gt(0) | samples["DOSEOCC"].gt(1)
    dosed = samples[~is_in_arm(samples, study, is_active=False) & is_after_dose & samples["USUBJID"].isin(treated)]
    is_measured = ~dosed["IS_BLQ"]
    return dosed[~is_measured.groupby([dosed["USUBJID"], dosed["parameter"]]).transform("any").astype("bool")]


def _tallies(study: Study) -> list[Tally]:
    below, people, mixed, lacking = (partial(some, study=study) for some in (_below, _people, _mixed, _lacking))
    every = partial(_measured, study=study)
    tally = partial(Tally, among=every)
    by_person = partial(tally, is_of_participants=True)
    return [
        tally("SAMPLES", "Samples", every),
        by_person("PARTICIPANTS", "Participants", people, told="participants with samples"),
        tally("BLQ", "Samples below the limit of quantification", below, counts=COUNTS_BLQ),
        by_person("PLACEBO", "Participants on placebo with a quantifiable concentration", mixed),
        by_person("ALLBLQ", "Participants on active drug with no quantifiable concentration", lacking),
    ]


samples = _display(
    id="T-E13",
    title="Samples, and signs of a mix-up",
    question="How many samples came back, and does any contradict the treatment given?",
    whom="All participants with a sample.",
    rows=_tallies,
    order="As named here; matrices in the order of the data.",
    missing="A sample without a result does not count. Samples taken before the first dose are no sign of a mix-up on "
    "active drug.",
    notes=("A quantifiable concentration on placebo, or none on active drug, suggests swapped samples or doses.",),
    is_key=True,
    participants=("samples", "T-E13"),
)


def _hours(level: str) -> str:
    return f"{level.replace('-', '−')} h" if level else "No planned time"


def _by_time(frames: Frames, *, study: Study, matrix: Matrix) -> pd.DataFrame:
    samples = _measured(frames, study=study)
    is_own = samples["parameter"].eq(matrix.code) & is_in_arm(samples, study, is_active=True)
    own = samples[is_own].sort_values(["VISITNUM", "NOMTIME"], kind="stable", ignore_index=True)
    levels = own["NOMTIME"].map("{:g}".format, na_action="ignore").astype("str").fillna("")
    visits = own["VISIT"].astype("str").fillna("")
    return own.assign(
        visit=visits,
        visit_words=visits.map(visit_name),
        level=levels,
        row_words=levels.map(_hours),
        variable=VALUE,
        VALUE=own["AVALD"].astype("float64"),
        MEASURED=own["AVAL"].astype("float64"),
        TEXT=own["AVALC"].astype("str"),
        unit=own["AVALU"],
        decimals=None,
    )


def _table(study: Study, matrix: Matrix, place: int) -> ByVisit:
    rule = _RULES[study.pharmacokinetics.blq_rule] if study.pharmacokinetics else ""
    blq = (
        f"BLQ: below the limit of quantification; such values enter means and the median {rule}; a minimum is BLQ when "
        "one sample is, a maximum when all are. Times are nominal, in hours after the dose; 0 or negative is before "
        "the dose. Three significant figures; CV with one decimal."
    )
    return ByVisit(
        id=str(place),
        title=f"{matrix.label}: concentrations ({matrix.unit}) by visit and nominal time",
        notes=(blq, _NOT_CALCULATED_NOTE),
        empty=f"No {matrix.label} concentrations by the cut-off.",
        parameter=matrix.code,
        records=partial(_by_time, study=study, matrix=matrix),
        columns=_COLUMNS,
        statistics=("n", *_MEANS),
        is_by_level=True,
    )


summary = _by_matrix(
    id="T-E2-{number}",
    title="{matrix}: concentrations ({unit}) by visit and nominal time",
    question="What concentration does each dose give at each nominal time?",
    rows=lambda study: [_table(study, matrix, place) for place, matrix in enumerate(_matrices(study), start=1)],
    order="Matrices as in the study file; visit, arm, nominal time. Folded.",
    missing="BLQ values enter means as the study file says. When more than half of the samples are BLQ, means, SD and "
    "CV are NC and the median is BLQ; when all are, so is the maximum. SD and CV need two values; a zero leaves no "
    "geometric mean.",
    counterpart="TLG catalog PKCT01, aNCA",
    stub="Visit, arm, time (h)",
    is_folded=True,
    participants=("concentrations", "L-E1"),
    anchors=("geomean",),
    not_estimable=NOT_CALCULATED,
)


def _timed(frames: Frames, *, study: Study, matrix: Matrix) -> pd.DataFrame:
    """Return the samples with the time to plot at: hours in a profile visit, else the study day."""
    samples = frames.adpc
    own = samples[samples["MATRIX"].eq(matrix.label) & is_in_arm(samples, study, is_active=True)]
    if matrix.profile_visits:
        own = own[own["VISITNUM"].isin(matrix.profile_visits)]
        nominal = own["NOMTIME"]
        timed = own.assign(X=own["ATIME"].fillna(nominal), AT=nominal, NOMINAL=nominal, COURSE=own["VISITNUM"])
    else:
        days = own["ADY"].astype("float64")
        timed = own.assign(X=days, AT=days, NOMINAL=own["VISITNUM"], COURSE=0.0)
    return timed[timed["X"].notna()].sort_values(["USUBJID", "COURSE", "X"], kind="stable")


profiles = _by_matrix(
    id="F-E3-{number}",
    title="{matrix}: individual profiles and geometric means",
    question="What is the course of the concentration, and how alike are the participants?",
    rows=lambda study: [
        Profile(
            id=str(place),
            title=f"{matrix.label}: individual profiles and geometric means",
            empty="No concentrations by the cut-off.",
            of="E2",
            parameter=matrix.code,
            matrix=matrix,
            drawn=partial(_timed, study=study, matrix=matrix),
        )
        for place, matrix in enumerate(_matrices(study), start=1)
    ],
    order="One figure a matrix, one column an active arm, both as in the study file.",
    missing="BLQ values are open symbols at the limit, in no line and no mean. The nominal time stands in for an "
    "unknown actual one; without either a sample is not drawn. Unscheduled samples are in no mean.",
    counterpart="TLG catalog PKCG01 to PKCG03, aNCA",
)
