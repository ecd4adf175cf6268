"""Displays of concentrations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.absence import not_delivered
from cutbook.catalogue.kinds.display import NO_MARKS, NOT_CALCULATED, PHARMACOKINETICS, Display
from cutbook.catalogue.kinds.layers import Tally
from cutbook.catalogue.kinds.panels import ByVisit, Profile, Shown
from cutbook.catalogue.kinds.populations import SAMPLED
from cutbook.catalogue.measurements import VALUE
from cutbook.derive import Frames
from cutbook.derive.concentrations.exclusions import summary_exclusions
from cutbook.parameters.study import Matrix, Study
from cutbook.parameters.study.analyses import BelowLimitRule
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
_STANDING = {"half_lloq": "half of the limit"}
_MEDIAN = (
    "The median is that of all samples by rank, BLQ the lowest: BLQ where more than half of them are; where just half "
    "are, the mean of {standing} and the lowest value above the limit."
)
_GEOMETRIC = {
    "zero": "a BLQ value counts as zero and leaves none",
    "zero_before_first": "a BLQ value before the first dose counts as zero and leaves none, a later one is left out",
    "half_lloq": "a BLQ value counts as half of the limit",
    "missing": "BLQ values are left out",
}
_MEANS_DRAWN = (
    "Geometric means are those of the table: BLQ values enter them {rule}; none is drawn where the table says NC."
)
_NOT_CALCULATED_NOTE = (
    "NC: not calculated, because more than half of the samples are BLQ, fewer than two values remain, or, of geometric "
    "statistics, one of them is zero. Geo. mean: exp of the mean of the natural logarithms of the values that enter "
    "means; {geometric}. Geo. CV % = 100 √(exp(s²) − 1), s the SD of these logarithms."
)

_UNSUMMED_NOTE = "Samples that the analysis dataset leaves out of summaries (PKSUMXF) do not count; L-E1 names them."

REFERENCE_NOTE = (
    "Times count from the dose that the reference time of a sample (PCRFTDTC) names, where the sample lies within a "
    "day of its planned time after it; else a pre-dose sample belongs to the coming dose, and another to the last dose "
    "before it where its planned time fits. Samples of which the dose was decided otherwise than their record says, or "
    "without a dose or a time, are among the oddities of the data."
)
"""To which dose a sample belongs, as the notes of its displays say it."""

NO_VISIT = "–"
"""Stands where the visit of a sample was not delivered."""

_NO_MATRIX = "Not named in the study file: a matrix of concentrations."


def without_samples(study: Study, frames: Frames) -> str:
    """Return why there can be no samples: the study file names no matrix, or none came; else nothing."""
    return not_delivered("pc")(frames) if _matrices(study) else _NO_MATRIX


_display = partial(
    Display, source=("ADPC",), reports=(PHARMACOKINETICS,), empty="No concentrations by the cut-off.",
    why_empty=without_samples,
)  # fmt: skip
_by_matrix = partial(_display, population=SAMPLED, is_active_only=True, empty=_NO_MATRIX)


def _matrices(study: Study) -> Sequence[Matrix]:
    return study.pharmacokinetics.matrices if study.pharmacokinetics else ()


def _rule(study: Study) -> BelowLimitRule:
    return study.pharmacokinetics.blq_rule if study.pharmacokinetics else "missing"


def _codes(study: Study) -> dict[str, str]:
    return {matrix.label: matrix.code for matrix in _matrices(study)}


def matrix_places(samples: pd.DataFrame, study: Study) -> pd.Series:
    """Return the place in the study file of the matrix of every sample; missing for one that it does not name."""
    return samples["MATRIX"].map({label: place for place, label in enumerate(_codes(study))})


def measured(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the samples with a result, with the code of their matrix."""
    samples = frames.adpc[frames.adpc["AVALC"].notna()]
    codes = samples["MATRIX"].map(_codes(study)).astype("str").fillna(samples["MATRIX"])
    return samples.assign(parameter=codes, parameter_words=samples["MATRIX"], IS_BLQ=samples["BLQFL"].eq("Y"))


def with_deviation(samples: pd.DataFrame) -> pd.DataFrame:
    """Return samples with DEVMIN, also where actual and nominal hours alone were delivered, and SHARE.

    SHARE is the deviation in percent of the planned time after the dose; missing for a sample planned at or before it.
    """
    minutes = samples["DEVMIN"].fillna((samples["ATIME"] - samples["NOMTIME"]) * 60)
    planned = samples["NOMTIME"].where(samples["NOMTIME"] > 0) * 60
    return samples.assign(DEVMIN=minutes, SHARE=100 * minutes / planned)


def is_in_arm(samples: pd.DataFrame, study: Study, *, is_active: bool) -> pd.Series:
    """Return which samples are of participants on an arm with a dose, or on one without."""
    return samples["TRT01A"].isin([arm.label for arm in study.treatment.arms if arm.is_active == is_active])


def _below(frames: Frames, *, study: Study) -> pd.DataFrame:
    return measured(frames, study=study).loc[lambda samples: samples["IS_BLQ"]]


def _people(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the participants with a sample, one row a matrix."""
    sampled = measured(frames, study=study)[["USUBJID", "parameter", "parameter_words"]].drop_duplicates()
    return frames.adsl[["USUBJID", "KEY"]].merge(sampled, on="USUBJID")


def on_placebo(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the quantifiable samples of participants on placebo."""
    samples = measured(frames, study=study)
    return samples[is_in_arm(samples, study, is_active=False) & ~samples["IS_BLQ"]]


def without_drug(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the samples after a dose of treated participants on active drug of whom none is quantifiable."""
    samples = measured(frames, study=study)
    treated = frames.adsl.loc[frames.adsl["SAFFL"].eq("Y"), "USUBJID"]
    is_after_dose = samples["NOMTIME"].gt(0) | samples["DOSEOCC"].gt(1)
    dosed = samples[~is_in_arm(samples, study, is_active=False) & is_after_dose & samples["USUBJID"].isin(treated)]
    is_measured = ~dosed["IS_BLQ"]
    return dosed[~is_measured.groupby([dosed["USUBJID"], dosed["parameter"]]).transform("any").astype("bool")]


def _tallies(study: Study) -> list[Tally]:
    below, people, mixed, lacking = (partial(some, study=study) for some in (_below, _people, on_placebo, without_drug))
    every = partial(measured, study=study)
    tally = partial(Tally, among=every)
    by_person = partial(tally, is_of_participants=True)
    counted = by_person("PLACEBO", "Participants on placebo with a quantifiable concentration", mixed)
    return [
        tally("SAMPLES", "Samples", every),
        by_person("PARTICIPANTS", "Participants", people, told="participants with samples"),
        tally("BLQ", "Samples below the limit of quantification", below, counts=COUNTS_BLQ),
        *([] if all(arm.is_active for arm in study.treatment.arms) else [counted]),
        by_person("ALLBLQ", "Participants on active drug with no quantifiable concentration", lacking),
    ]


samples = _display(
    id="T-E13",
    marks=NO_MARKS,
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


def _levels(samples: pd.DataFrame) -> pd.Series:
    """Return the planned time of each sample: hours, else the words of the plan, else nothing."""
    hours = samples["NOMTIME"].map("{:g}".format, na_action="ignore").astype("str")
    return hours.fillna(_planned_words(samples))


def _level_words(samples: pd.DataFrame) -> pd.Series:
    """Return planned times as shown; words that tell more than the hours (END OF INFUSION) stand beside them."""
    hours = samples["NOMTIME"].map("{:g} h".format, na_action="ignore").astype("str").str.replace("-", "−")
    planned = _planned_words(samples)
    is_more = planned.ne("") & ~planned.str.contains(r"\d|PRE.?DOSE|BEFORE", case=False)
    named = hours.mask(hours.notna() & is_more, hours + ", " + planned)
    return named.fillna(planned.mask(planned.eq(""), "No planned time"))


def _planned_words(samples: pd.DataFrame) -> pd.Series:
    planned: pd.Series = samples.reindex(columns=["ATPT"])["ATPT"].astype("str").fillna("").str.strip()
    return planned


def _by_time(frames: Frames, *, study: Study, matrix: Matrix) -> pd.DataFrame:
    samples = measured(frames, study=study)
    is_own = samples["parameter"].eq(matrix.code) & is_in_arm(samples, study, is_active=True)
    is_own &= summary_exclusions(samples).eq("")
    own = samples[is_own].sort_values(["VISITNUM", "NOMTIME"], kind="stable", ignore_index=True)
    visits = own["VISIT"].astype("str").fillna("")
    return own.assign(
        visit=visits,
        visit_words=visits.map(visit_name).mask(visits.eq(""), NO_VISIT),
        level=_levels(own),
        row_words=_level_words(own),
        variable=VALUE,
        VALUE=own["AVALD"].astype("float64"),
        MEASURED=own["AVAL"].astype("float64"),
        TEXT=own["AVALC"].astype("str"),
        unit=own["AVALU"],
        decimals=None,
    )


def _table(study: Study, matrix: Matrix, place: int) -> ByVisit:
    rule = _rule(study)
    blq = (
        f"BLQ: below the limit of quantification; such values enter means {_RULES[rule]}; a minimum is BLQ when one "
        f"sample is, a maximum when all are. {_MEDIAN.format(standing=_STANDING.get(rule, 'zero'))} Times are nominal, "
        "in hours after the dose; 0 or negative is before the dose. Three significant figures; CV with one decimal."
    )
    unsummed = (_UNSUMMED_NOTE,) if study.sources.model == "adam" else ()
    return ByVisit(
        id=str(place),
        title=f"{matrix.label}: concentrations ({matrix.unit}) by visit and nominal time",
        notes=(blq, _NOT_CALCULATED_NOTE.format(geometric=_GEOMETRIC[rule]), *unsummed, REFERENCE_NOTE),
        empty=f"No {matrix.label} concentrations by the cut-off.",
        parameter=matrix.code,
        records=partial(_by_time, study=study, matrix=matrix),
        columns=_COLUMNS,
        statistics=("n", *_MEANS),
        is_by_level=True,
    )


summary = _by_matrix(
    id="T-E2-{number}",
    marks=NO_MARKS,
    title="{matrix}: concentrations ({unit}) by visit and nominal time",
    question="What concentration does each dose give at each nominal time?",
    rows=lambda study: [_table(study, matrix, place) for place, matrix in enumerate(_matrices(study), start=1)],
    order="Matrices as in the study file; visit, arm, nominal time. Folded.",
    missing="BLQ values enter means as the study file says, and the median of all samples as the lowest. When more "
    "than half of the samples are BLQ, means, SD and CV are NC and the median is BLQ; when all are, so is the maximum. "
    "SD and CV need two values; a zero leaves no geometric mean.",
    counterpart="TLG catalog PKCT01, aNCA",
    stub="Visit, arm, time (h)",
    is_folded=True,
    participants=("concentrations", "L-E1"),
    anchors=("geomean",),
    not_estimable=NOT_CALCULATED,
)


def _timed(frames: Frames, *, study: Study, matrix: Matrix) -> pd.DataFrame:
    """Return the samples with the time to plot at: hours in a profile visit, else the study day."""
    samples = frames.adpc.assign(VISIT=frames.adpc["VISIT"].astype("str").fillna(""))
    own = samples[samples["MATRIX"].eq(matrix.label) & is_in_arm(samples, study, is_active=True)]
    if matrix.profile_visits:
        own = own[own["VISITNUM"].isin(matrix.profile_visits)]
        nominal = own["NOMTIME"]
        timed = own.assign(X=own["ATIME"].fillna(nominal), AT=nominal, NOMINAL=nominal, COURSE=own["VISITNUM"])
    else:
        days = own["ADY"].astype("float64")
        timed = own.assign(X=days, AT=days, NOMINAL=own["VISITNUM"], COURSE=0.0)
    timed = timed.assign(LEVEL=_levels(own))
    return timed[timed["X"].notna()].sort_values(["USUBJID", "COURSE", "X"], kind="stable")


profiles = _by_matrix(
    id="F-E3-{number}",
    title="{matrix}: individual profiles and geometric means",
    question="What is the course of the concentration, and how alike are the participants?",
    rows=lambda study: [
        Profile(
            id=str(place),
            title=f"{matrix.label}: individual profiles and geometric means",
            notes=(_MEANS_DRAWN.format(rule=_RULES[_rule(study)]), REFERENCE_NOTE),
            empty="No concentrations by the cut-off.",
            of="E2",
            parameter=matrix.code,
            matrix=matrix,
            drawn=partial(_timed, study=study, matrix=matrix),
        )
        for place, matrix in enumerate(_matrices(study), start=1)
    ],
    order="One figure a matrix, one column an active arm, both as in the study file.",
    missing="BLQ values are open symbols at the limit, in no line of a participant, and in means as in the table. The "
    "nominal time stands in for an unknown actual one; without either a sample is not drawn. Unscheduled samples are "
    "in no mean.",
    counterpart="TLG catalog PKCG01 to PKCG03, aNCA",
)
