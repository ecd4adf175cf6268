"""Displays of concentrations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from cutbook.catalogue.display import NOT_CALCULATED, PHARMACOKINETICS, Display
from cutbook.catalogue.layers import Records, Tally
from cutbook.catalogue.measurements import VALUE
from cutbook.catalogue.panels import ByVisit, Profile, Shown
from cutbook.catalogue.populations import SAMPLED
from cutbook.derive import Frames
from cutbook.parameters.study import Matrix, Study
from cutbook.vocabulary import COUNTS_BLQ, COUNTS_VALUE
from cutbook.words import visit_name

_STATISTICS = ("samples", "nblq", "n", "mean", "sd", "cv", "geomean", "geocv", "median", "min", "max")
_COLUMNS = (
    Shown("Samples", ("samples",), variable=VALUE),
    Shown("BLQ", ("nblq",), variable=VALUE, counts=COUNTS_BLQ),
    Shown("n in means", ("n",), variable=VALUE, counts=COUNTS_VALUE),
    Shown("Mean", ("mean",), variable=VALUE),
    Shown("SD", ("sd",), variable=VALUE),
    Shown("CV %", ("cv",), variable=VALUE),
    Shown("Geo. mean", ("geomean",), variable=VALUE),
    Shown("Geo. CV %", ("geocv",), variable=VALUE),
    Shown("Median", ("median",), variable=VALUE),
    Shown("Min", ("min",), variable=VALUE),
    Shown("Max", ("max",), variable=VALUE),
)
_RULES = {
    "zero": "as zero",
    "zero_before_first": "as zero before the first dose and not at all afterwards",
    "half_lloq": "as half of the limit",
    "missing": "not at all",
}
_MINUS = "\N{MINUS SIGN}"


def _matrices(study: Study) -> Sequence[Matrix]:
    return study.pharmacokinetics.matrices if study.pharmacokinetics else ()


def _codes(study: Study) -> dict[str, str]:
    return {matrix.label: matrix.code for matrix in _matrices(study)}


def matrix_places(samples: pd.DataFrame, study: Study) -> pd.Series:
    """Return the place in the study file of the matrix of every sample; missing for one that it does not name."""
    return samples["MATRIX"].map({label: place for place, label in enumerate(_codes(study))})


def _measured(study: Study) -> Records:
    """Return the samples with a result, with the code of their matrix."""

    def own(frames: Frames) -> pd.DataFrame:
        samples = frames.adpc[frames.adpc["AVALC"].notna()]
        codes = samples["MATRIX"].map(_codes(study)).astype("str").fillna(samples["MATRIX"])
        return samples.assign(parameter=codes, parameter_words=samples["MATRIX"], IS_BLQ=samples["BLQFL"].eq("Y"))

    return own


def _labels(study: Study, *, is_active: bool) -> list[str]:
    return [arm.label for arm in study.treatment.arms if arm.is_active == is_active]


def _that(study: Study, is_counted: Callable[[pd.DataFrame], pd.Series]) -> Records:
    def own(frames: Frames) -> pd.DataFrame:
        samples = _measured(study)(frames)
        return samples[is_counted(samples)]

    return own


def _people(study: Study) -> Records:
    """Return the participants with a sample, one row a matrix."""

    def own(frames: Frames) -> pd.DataFrame:
        sampled = _measured(study)(frames)[["USUBJID", "parameter", "parameter_words"]].drop_duplicates()
        return frames.adsl[["USUBJID", "KEY"]].merge(sampled, on="USUBJID")

    return own


def _lacking(study: Study) -> Records:
    """Return the samples after a dose of treated participants on active drug of whom none is quantifiable."""

    def own(frames: Frames) -> pd.DataFrame:
        samples = _measured(study)(frames)
        treated = frames.adsl.loc[frames.adsl["SAFFL"].eq("Y"), "USUBJID"]
        is_after_dose = samples["NOMTIME"].gt(0) | samples["DOSEOCC"].gt(1)
        is_placebo = samples["TRT01A"].isin(_labels(study, is_active=False))
        dosed = samples[~is_placebo & is_after_dose & samples["USUBJID"].isin(treated)]
        is_measured = ~dosed["IS_BLQ"]
        return dosed[~is_measured.groupby([dosed["USUBJID"], dosed["parameter"]]).transform("any").astype("bool")]

    return own


def _tallies(study: Study) -> list[Tally]:
    placebo, every = _labels(study, is_active=False), _measured(study)
    mixed = _that(study, lambda samples: samples["TRT01A"].isin(placebo) & ~samples["IS_BLQ"])
    below = _that(study, lambda samples: samples["IS_BLQ"])

    def tally(variable: str, words: str, records: Records, **more: Any) -> Tally:  # noqa: ANN401 - fields of Tally
        return Tally(variable=variable, words=words, records=records, among=every, **more)

    return [
        tally("SAMPLES", "Samples", every),
        tally("PARTICIPANTS", "Participants", _people(study), is_of_participants=True,
              told="participants with samples"),
        tally("BLQ", "Samples below the limit of quantification", below, counts=COUNTS_BLQ),
        tally("PLACEBO", "Participants on placebo with a quantifiable concentration", mixed, is_of_participants=True),
        tally("ALLBLQ", "Participants on active drug with no quantifiable concentration", _lacking(study),
              is_of_participants=True),
    ]  # fmt: skip


samples = Display(
    id="T-E13",
    title="Samples, and signs of a mix-up",
    question="How many samples came back, and does any contradict the treatment given?",
    whom="All participants with a sample.",
    columns="none",
    rows=_tallies,
    order="As named here; matrices in the order of the data.",
    missing="A sample without a result does not count. Samples taken before the first dose are no sign of a mix-up on "
    "active drug.",
    notes=("A quantifiable concentration on placebo, or none on active drug, suggests swapped samples or doses.",),
    source=("ADPC",),
    empty="No concentrations by the cut-off.",
    reports=(PHARMACOKINETICS,),
    is_key=True,
    participants=("samples", "T-E13"),
)


def _hours(level: str) -> str:
    return f"{level.replace('-', _MINUS)} h" if level else "No planned time"


def _by_time(study: Study) -> Records:
    def own(frames: Frames) -> pd.DataFrame:
        on_drug = _measured(study)(frames)
        on_drug = on_drug[on_drug["TRT01A"].isin(_labels(study, is_active=True))]
        on_drug = on_drug.assign(_PLACE=matrix_places(on_drug, study))
        ordered = on_drug.sort_values(["_PLACE", "VISITNUM", "NOMTIME"], kind="stable")
        levels = ordered["NOMTIME"].map("{:g}".format, na_action="ignore").astype("str").fillna("")
        visits = ordered["VISIT"].astype("str").fillna("")
        return pd.DataFrame(
            {
                "USUBJID": ordered["USUBJID"],
                "KEY": ordered["KEY"],
                "parameter": ordered["parameter"],
                "parameter_words": ordered["parameter_words"],
                "visit": visits,
                "visit_words": visits.map(visit_name),
                "level": levels,
                "row_words": levels.map(_hours),
                "variable": VALUE,
                "VALUE": ordered["AVALD"].astype("float64"),
                "MEASURED": ordered["AVAL"].astype("float64"),
                "TEXT": ordered["AVALC"].astype("str"),
                "IS_BLQ": ordered["IS_BLQ"],
                "unit": ordered["AVALU"],
                "decimals": pd.NA,
            }
        ).reset_index(drop=True)

    return own


def _table(study: Study, matrix: Matrix, place: int) -> ByVisit:
    rule = _RULES[study.pharmacokinetics.blq_rule] if study.pharmacokinetics else ""
    return ByVisit(
        id=str(place),
        title=f"{matrix.label}: concentrations ({matrix.unit}) by visit and nominal time",
        notes=(
            (
                f"BLQ: below the limit of quantification; such values enter means and the median {rule}; a minimum is "
                "BLQ when one sample is, a maximum when all are. Times are nominal, in hours after the dose; 0 or "
                "negative is before the dose. Three significant figures; CV with one decimal."
            ),
            (
                "NC: not calculated, because more than half of the samples are BLQ or fewer than two values remain; "
                "the median is then BLQ. "
                "Geo. CV % = 100 √(exp(s²) − 1), s the SD of the natural logarithms."
            ),
        ),
        empty=f"No {matrix.label} concentrations by the cut-off.",
        parameter=matrix.code,
        records=_of(matrix.code, _by_time(study)),
        columns=_COLUMNS,
        statistics={VALUE: _STATISTICS},
        is_censored=True,
        is_by_level=True,
    )


def _of(code: str, records: Records) -> Records:
    def own(frames: Frames) -> pd.DataFrame:
        every = records(frames)
        return every[every["parameter"].eq(code)]

    return own


def _tables(study: Study) -> list[ByVisit]:
    return [_table(study, matrix, place) for place, matrix in enumerate(_matrices(study), start=1)]


summary = Display(
    id="T-E2-{number}",
    title="{matrix}: concentrations ({unit}) by visit and nominal time",
    question="What concentration does each dose give at each nominal time?",
    population=SAMPLED,
    is_size_shown=False,
    columns="active",
    rows=_tables,
    order="Matrices as in the study file; visit, arm, nominal time. Folded.",
    missing="BLQ values enter means as the study file says. When more than half of the samples are BLQ, means, SD and "
    "CV are NC and the median is BLQ; when all are, so is the maximum. SD and CV need two values; a zero "
    "leaves no geometric mean.",
    counterpart="TLG catalog PKCT01, aNCA",
    source=("ADPC",),
    stub="Visit, arm, time (h)",
    empty="The study file names no matrix of concentrations.",
    reports=(PHARMACOKINETICS,),
    is_folded=True,
    participants=("concentrations", "L-E1"),
    anchors=("geomean",),
    not_estimable=NOT_CALCULATED,
)


def _timed(study: Study, matrix: Matrix) -> Records:
    """Return the samples with the time to plot at: hours in a profile visit, else the study day."""

    def own(frames: Frames) -> pd.DataFrame:
        samples = frames.adpc
        is_own = samples["MATRIX"].eq(matrix.label) & samples["TRT01A"].isin(_labels(study, is_active=True))
        chosen = samples[is_own]
        if matrix.profile_visits:
            chosen = chosen[chosen["VISITNUM"].isin(matrix.profile_visits)]
            at, nominal, course = chosen["ATIME"].fillna(chosen["NOMTIME"]), chosen["NOMTIME"], chosen["VISITNUM"]
            timed = chosen.assign(X=at, AT=nominal, NOMINAL=nominal, COURSE=course)
        else:
            days = chosen["ADY"].astype("float64")
            timed = chosen.assign(X=days, AT=days, NOMINAL=chosen["VISITNUM"], COURSE=0.0)
        return timed[timed["X"].notna()].sort_values(["USUBJID", "COURSE", "X"], kind="stable")

    return own


profiles = Display(
    id="F-E3-{number}",
    title="{matrix}: individual profiles and geometric means",
    question="What is the course of the concentration, and how alike are the participants?",
    population=SAMPLED,
    is_size_shown=False,
    columns="active",
    rows=lambda study: [
        Profile(
            id=str(place),
            title=f"{matrix.label}: individual profiles and geometric means",
            empty="No concentrations by the cut-off.",
            of="E2",
            parameter=matrix.code,
            label=matrix.label,
            unit=matrix.unit,
            drawn=_timed(study, matrix),
            profile_visits=tuple(matrix.profile_visits),
        )
        for place, matrix in enumerate(_matrices(study), start=1)
    ],
    order="One figure a matrix, one column an active arm, both as in the study file.",
    missing="BLQ values are open symbols at the limit, in no line and no mean. The nominal time stands in for an "
    "unknown actual one; without either a sample is not drawn. Unscheduled samples are in no mean.",
    counterpart="TLG catalog PKCG01 to PKCG03, aNCA",
    source=("ADPC",),
    empty="The study file names no matrix of concentrations.",
    reports=(PHARMACOKINETICS,),
)
