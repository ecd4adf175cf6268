"""Displays of findings by visit: laboratory, vital signs, electrocardiogram."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.display import SAFETY, Display
from cutbook.catalogue.kinds.panels import ByVisit, Course, Shown
from cutbook.catalogue.kinds.populations import TREATED
from cutbook.vocabulary import COUNTS_CHANGE

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
_NOTE_OF_VISITS = (
    "Change: participants with a value before treatment and at the visit. Unscheduled visits are not in this table."
)
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


_table = partial(ByVisit, columns=COLUMNS, statistics=MEANS)


laboratory = Display(
    id="T-D15-{parameter}",
    title="{family}: {parameter}{ (unit)}",
    question="How does each laboratory parameter move over time?",
    population=TREATED,
    rows=lambda _: [_table(records=lambda frames: by_visit(frames.adlb))],
    order="Families and parameters as in the study file; visits as scheduled; arms below each visit. Folded.",
    missing="Change needs a value before treatment and one at the visit. Unscheduled visits are left out; of several "
    "records in a window the one nearest to the target day counts, the later on a tie. One value has no SD: NE.",
    notes=(NOTE_OF_CHANGE, _NOTE_OF_VISITS),
    counterpart="TLG catalog LBT01, FDA ST&F IG table 35, clinDataReview",
    source=("LB", "ADSL"),
    empty="No values by the cut-off.",
    reports=(SAFETY,),
    is_folded=True,
    participants=("laboratory", "F-D15"),
    anchors=(),
)


laboratory_course = replace(
    laboratory,
    id="F-D15",
    title="Mean change from baseline by visit",
    question="Does the mean of a laboratory parameter drift apart between the arms?",
    rows=lambda _: [Course(variables=((CHANGE, "mean change from baseline"),))],
    order="One panel a parameter, as in the study file; visits as scheduled; arms set apart sideways.",
    missing="As in the table. A mean of one value has no interval.",
    counterpart="FDA ST&F IG figure 6",
    source=("ADSL", "findings"),
    empty="No data by the cut-off.",
    participants=(),
)
vital_signs = replace(
    laboratory,
    id="T-D20-{parameter}",
    question="How do vital signs move over time?",
    rows=lambda _: [_table(records=lambda frames: by_visit(frames.advs))],
    counterpart="TLG catalog VST01 and VST02, FDA ST&F IG tables 36 to 38, teal.modules.clinical",
    source=("VS", "ADSL"),
    participants=("vital signs", "F-D20"),
)
vital_signs_course = replace(
    laboratory_course,
    id="F-D20",
    question="Do vital signs drift apart between the arms?",
    counterpart="FDA ST&F IG figures 9 and 10",
)
ecg = replace(
    laboratory,
    id="T-D21-{parameter}",
    question="How do heart rate and the intervals of the electrocardiogram move over time?",
    rows=lambda _: [_table(records=lambda frames: by_visit(frames.adeg))],
    counterpart="TLG catalog EGT01 to EGT05 (by visit only), teal.modules.clinical",
    source=("EG", "ADSL"),
    participants=("ECG", "F-D21"),
)
ecg_course = replace(
    laboratory_course,
    id="F-D21",
    question="Do heart rate and the intervals of the electrocardiogram drift apart between the arms?",
    counterpart=ecg.counterpart,
)
