"""Displays of findings by visit: laboratory, vital signs, electrocardiogram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.absence import named, not_delivered
from cutbook.catalogue.kinds.display import NO_MARKS, SAFETY, Display
from cutbook.catalogue.kinds.panels import ByVisit, Course, Individuals, Shown
from cutbook.catalogue.kinds.populations import TREATED
from cutbook.derive import Frames
from cutbook.parameters.study import Endpoint, Findings, Study, Threshold
from cutbook.vocabulary import BASELINE, COUNTS_CHANGE

VALUE, CHANGE, RATIO = "AVAL", "CHG", "RATIO"
MEANS = ("n", "mean", "sd", "median", "min", "max", "ci_low", "ci_high")

COLUMNS = (
    Shown("n", ("n",), variable=VALUE),
    Shown("Mean (SD)", ("mean", "sd"), "pair", VALUE),
    Shown("Median", ("median",), "if_any", VALUE),
    Shown("Min, max", ("min", "max"), "span", VALUE),
    Shown("n", ("n",), variable=CHANGE, counts=COUNTS_CHANGE),
    Shown("Mean change (SD)", ("mean", "sd"), "pair", CHANGE),
    Shown("95 % CI", ("ci_low", "ci_high"), "interval", CHANGE),
)
NOTE_OF_CHANGE = (
    "SD: standard deviation. CI: confidence interval of the mean change (t). NE: not estimable, one value only."
)
_NOTE_OF_TEXTS = (
    "A result beyond a limit of measurement (<4) is no number and enters no mean, median or change; the findings in "
    "the data count such results by test."
)
_NOTE_OF_VISITS = (
    "Change: participants with a value before treatment and at the visit. Unscheduled visits are not in this table."
)


def note_of_baselines(study: Study, families: Sequence[Findings | Endpoint]) -> tuple[str, ...]:
    """Return the sentence that says which value is the baseline, of each family where they differ; empty without any.

    Parameters
    ----------
    study : Study
        Delivered analysis datasets keep the baseline that they came with.
    families : sequence of Findings or Endpoint
        What the table shows.
    """
    if study.sources.model == "adam":
        return ("Baseline: as delivered (ABLFL, BASE).",)
    labels: dict[str, list[str]] = {}
    for family in families:
        labels.setdefault(family.baseline.words, []).append(family.label)
    if len(labels) < 2:
        return tuple(f"Baseline: {words}." for words in labels)
    told = (f"{', '.join(names)}: {words}" for words, names in labels.items())
    return (f"Baseline of {'; of '.join(told)}.",)


def _notes(dataset: str, study: Study) -> tuple[str, ...]:
    families = [family for family in study.findings if family.dataset.removeprefix("ad") == dataset]
    texts = (_NOTE_OF_TEXTS,) if dataset == "lb" else ()
    return (NOTE_OF_CHANGE, _NOTE_OF_VISITS, *texts, *note_of_baselines(study, families))


_NAMES = {"PARAMCD": "parameter", "AVISITID": "visit", "AVISIT": "visit_words", "AVALU": "unit", "DECIMALS": "decimals"}


def by_visit(bds: pd.DataFrame, change: str = CHANGE) -> pd.DataFrame:
    """Return the values that represent participants at visits, one row a value and variable.

    Parameters
    ----------
    bds : frame
        Derived findings or endpoints.
    change : str
        Variable in which the results table holds the change from baseline, or the ratio to it.

    Returns
    -------
    frame
        As the records of `ByVisit`, in the order of parameters, visits and variables.
    """
    own = bds[bds["ANL01FL"].eq("Y") & bds["AVISITID"].notna()]
    units = (" (" + own["AVALU"].astype("str") + ")").fillna("")
    place = own[["USUBJID", "KEY", *_NAMES]].rename(columns=_NAMES)
    place = place.assign(
        parameter_words=own["PARAM"].astype("str") + units,
        IS_CARRIED=own["DTYPE"].eq("LOCF") if "DTYPE" in own else False,
        _PARAMETER=pd.factorize(own["PARAMCD"])[0],
        _VISIT=own["AVISITN"],
    )
    named = ((VALUE, own["AVAL"]), (change, own["CHG"]))
    values = [place.assign(variable=name, VALUE=column.astype("float64")) for name, column in named]
    known, order = pd.concat(values).dropna(subset="VALUE"), ["_PARAMETER", "_VISIT"]
    return known.sort_values(order, kind="stable", ignore_index=True).drop(columns=order)


def outside_csf(adlb: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the laboratory results without those of cerebrospinal fluid, which have displays of their own."""
    prefixes = tuple(f"{family.id}-" for family in study.findings if family.fluid_of == "csf")
    if not prefixes:
        return adlb
    is_csf = adlb["PARAMCD"].astype("str").str.startswith(prefixes).astype("bool")
    return adlb[~is_csf]


_MEAN_CHANGE = ((CHANGE, "mean change from baseline"),)
_NO_INTERVAL = "As in the table. The interval of a mean of fewer than three values is not drawn."

_table = partial(ByVisit, columns=COLUMNS, statistics=MEANS)


def without_findings(dataset: str, study: Study, frames: Frames) -> str:
    """Return why there can be no values by visit: the study file names none of the dataset, or it did not come."""
    if not getattr(frames, f"ad{dataset}").empty:
        return ""
    if all(family.dataset.removeprefix("ad") != dataset for family in study.findings):
        return f"Not named in the study file: {named(dataset)}."
    return not_delivered(dataset)(frames)


def _without_change(dataset: str, study: Study, frames: Frames) -> str:
    """Return why there can be no change from baseline: the same, or values before treatment alone."""
    bds = getattr(frames, f"ad{dataset}")
    if (why := without_findings(dataset, study, frames)) or bds.empty:
        return why
    is_later = bds["ANL01FL"].eq("Y") & bds["AVISITID"].notna() & bds["AVISITID"].ne(BASELINE)
    return "" if is_later.any() else f"Baseline only: no value of {named(dataset)} at a visit after it by the cut-off."


laboratory = Display(
    id="T-D15-{parameter}",
    marks=NO_MARKS,
    title="{family}: {parameter}{ (unit)}",
    question="How does each laboratory parameter move over time?",
    population=TREATED,
    rows=lambda study: [
        _table(records=lambda frames: by_visit(outside_csf(frames.adlb, study)), statistics=(*MEANS, "q1", "q3"))
    ],
    order="Families and parameters as in the study file; visits as scheduled; arms below each visit. Folded.",
    missing="Change needs a value before treatment and one at the visit. Unscheduled visits are left out; of several "
    "records in a window the one nearest to the target day counts, the later on a tie. One value has no SD: NE.",
    notes=partial(_notes, "lb"),
    counterpart="TLG catalog LBT01, FDA ST&F IG table 35, clinDataReview",
    source=("LB", "ADSL"),
    empty="No values by the cut-off.",
    why_empty=partial(without_findings, "lb"),
    reports=(SAFETY,),
    is_folded=True,
    participants=("laboratory", "F-D15"),
    anchors=(),
)


laboratory_course = replace(
    laboratory,
    id="F-D15",
    title="Laboratory: median change from baseline",
    is_folded=False,
    question="Does a laboratory parameter drift apart between the arms?",
    rows=lambda study: [
        Course(
            variables=((CHANGE, "median change from baseline"),),
            is_skewed=True,
            only_outside=True,
            timed=lambda frames: outside_csf(frames.adlb, study),
        )
    ],
    order="One panel a parameter, as in the study file; visits at their study days; arms named at the ends of lines.",
    missing="As in the table. Quartiles of fewer than three values are not drawn. A parameter of which nobody is "
    "outside the limits of the laboratory after day 1 is named in a sentence; one without limits is drawn.",
    counterpart="FDA ST&F IG figure 6",
    empty="No data by the cut-off.",
    why_empty=partial(_without_change, "lb"),
    participants=(),
)
vital_signs = replace(
    laboratory,
    id="T-D20-{parameter}",
    marks=NO_MARKS,
    question="How do vital signs move over time?",
    rows=lambda _: [_table(records=lambda frames: by_visit(frames.advs))],
    notes=partial(_notes, "vs"),
    counterpart="TLG catalog VST01 and VST02, FDA ST&F IG tables 36 to 38, teal.modules.clinical",
    source=("VS", "ADSL"),
    why_empty=partial(without_findings, "vs"),
    participants=("vital signs", "F-D20"),
)
vital_signs_course = replace(
    laboratory_course,
    id="F-D20",
    title="Vital signs: mean change from baseline",
    question="Do vital signs drift apart between the arms?",
    rows=lambda _: [Course(variables=_MEAN_CHANGE, timed=lambda frames: frames.advs)],
    missing=_NO_INTERVAL,
    counterpart="FDA ST&F IG figures 9 and 10",
    notes=vital_signs.notes,
    source=vital_signs.source,
    why_empty=partial(_without_change, "vs"),
)
ecg = replace(
    laboratory,
    id="T-D21-{parameter}",
    marks=NO_MARKS,
    question="How do heart rate and the intervals of the electrocardiogram move over time?",
    rows=lambda _: [_table(records=lambda frames: by_visit(frames.adeg))],
    notes=partial(_notes, "eg"),
    counterpart="TLG catalog EGT01 to EGT05 (by visit only), teal.modules.clinical",
    source=("EG", "ADSL"),
    why_empty=partial(without_findings, "eg"),
    participants=("ECG", "F-D21"),
)
ecg_course = replace(
    laboratory_course,
    id="F-D21",
    title="Electrocardiogram: mean change from baseline",
    rows=lambda _: [Course(variables=_MEAN_CHANGE, timed=lambda frames: frames.adeg)],
    missing=_NO_INTERVAL,
    question="Do heart rate and the intervals of the electrocardiogram drift apart between the arms?",
    counterpart=ecg.counterpart,
    notes=ecg.notes,
    source=ecg.source,
    why_empty=partial(_without_change, "eg"),
)


def individuals(
    parameter: str, limit: float, words: str, *, unit: str = "", is_count: bool = False, item: Threshold | None = None
) -> Individuals:
    """Return the figure of everybody's values against a limit, as `Individuals` describes it.

    Parameters
    ----------
    parameter : str
        PARAMCD with its family, for example ``csf-WBC``.
    limit : float
        In the unit of the values.
    words : str
        What was measured, with its unit as a reader writes it.
    unit : str
        As the values have it.
    is_count : bool
        Drawn as log(x + 1).
    item : Threshold, optional
        The limit as the study file has it, where that is not a number to be above.
    """
    of = item.bound.of if item else ""
    said = f"{limit:g} × {of}" if of else f"{limit:g}"
    return Individuals(
        id=parameter,
        of={"ULN": "ANRHI", "LLN": "ANRLO"}.get(of, ""),
        has_limit=item is not None and item.bound.sign == "≥",
        title=f"{words}: every participant, and the limit of {said}",
        empty="No values by the cut-off.",
        parameter=parameter,
        drawn=partial(_of_treated, parameter=parameter),
        limit=limit,
        words=words,
        unit=unit,
        is_count=is_count,
    )


def _of_treated(frames: Frames, *, parameter: str) -> pd.DataFrame:
    """Return all values of treated participants, those of unscheduled visits too."""
    found = [bds[bds["PARAMCD"].eq(parameter)] for bds in (frames.adlb, frames.advs, frames.adeg)]
    own = next((bds for bds in found if len(bds)), found[0])
    is_shown = own["USUBJID"].isin(TREATED.members(frames.adsl)["USUBJID"]) & own["AVAL"].notna() & own["ADY"].notna()
    return own[is_shown].sort_values(["USUBJID", "ADY"], kind="stable")
