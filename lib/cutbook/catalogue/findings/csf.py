"""Displays of cerebrospinal fluid: cells, protein, red cells and glucose by dose and visit, with what happened then."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from cutbook.catalogue.findings.watched import family_of, shares_of
from cutbook.catalogue.kinds.absence import not_delivered
from cutbook.catalogue.kinds.display import NO_MARKS, SAFETY, Display
from cutbook.catalogue.kinds.panels import ByVisit, Field, Individuals, Layer, Listing, Shown
from cutbook.catalogue.kinds.populations import TREATED
from cutbook.catalogue.measurements import VALUE, by_visit, individuals, note_of_baselines
from cutbook.catalogue.thresholds import beyond, first_watched
from cutbook.derive import Frames
from cutbook.parameters.study import Findings, Study, Threshold
from cutbook.words import sentence_case

_COLUMNS = (
    Shown("n", ("n",), variable=VALUE),
    Shown("Median", ("median",), "if_any", VALUE),
    Shown("Q1, Q3", ("q1", "q3"), "span", VALUE),
    Shown("Minimum", ("min",), "if_any", VALUE),
    Shown("Maximum", ("max",), "if_any", VALUE),
)
_SHORT = {"WBC": "White cells", "RBC": "Red cells", "PROT": "Protein", "GLUC": "Glucose"}
_SAMPLE = ["USUBJID", "TRT01A", "TRT01AN", "ADT", "ADY", "VISIT"]


def families(study: Study) -> list[Findings]:
    """Return the families of findings in cerebrospinal fluid."""
    return [family for family in study.findings if family.fluid_of == "csf"]


def codes(study: Study) -> list[str]:
    """Return the parameters of cerebrospinal fluid that the study file names, each with its family."""
    return [f"{family.id}-{code}" for family in families(study) for code in family.codes]


def results(frames: Frames, study: Study) -> pd.DataFrame:
    """Return the results of cerebrospinal fluid."""
    prefixes = tuple(f"{family.id}-" for family in families(study))
    return frames.adlb[frames.adlb["PARAMCD"].astype("str").str.startswith(prefixes).astype("bool")]


def limits(study: Study) -> list[Threshold]:
    """Return the limits of the study file for cerebrospinal fluid."""
    own = {family.id for family in families(study)}
    return [item for item in study.thresholds if family_of(item, study) in own]


def _why_none(study: Study, frames: Frames) -> str:
    """Return why there is nothing of cerebrospinal fluid."""
    if not families(study):
        return "Not named in the study file: findings in cerebrospinal fluid."
    return not_delivered("lb")(frames)


def _correction(study: Study) -> tuple[str, ...]:
    """Return what white cells less those of the blood are, where the study file has them computed."""
    items = [item for family in families(study) for item in family.derived if item.formula == "without_blood"]
    return tuple(
        f"{item.label}: white cells − red cells / {item.ratio:g}, at least 0, for every sample with both. The cells as "
        f"counted always stand beside. A puncture with {item.traumatic_from:g} red cells or more counts as traumatic."
        for item in items
    )


def _notes_of_limits(study: Study) -> tuple[str, ...]:
    counted = (
        "n/Ns: participants with at least one such result after the first dose, of those with a result, unscheduled "
        "punctures included; a limit in multiples of a limit of normal is compared where the laboratory gave one."
    )
    return (counted, *_correction(study))


table_of_limits = Display(
    id="T-D22",
    title="Cerebrospinal fluid: participants beyond limits",
    question="Do white cells and protein in the cerebrospinal fluid rise with dose?",
    population=TREATED,
    rows=lambda study: [shares_of(limits(study))] if limits(study) else [],
    reports=(SAFETY,),
    order="Limits as in the study file.",
    missing="Ns: participants with a result after the first dose. A parameter without one has no row.",
    notes=_notes_of_limits,
    source=("LB", "ADSL"),
    stub="Participants with",
    empty="Not named in the study file: limits for cerebrospinal fluid.",
    why_empty=_why_none,
    participants=("CSF beyond limits", "T-D22"),
)


def _by_visit(study: Study) -> Sequence[Layer]:
    own = {family.id for family in families(study)}
    if not own:
        return []
    return [
        ByVisit(
            records=lambda frames: by_visit(results(frames, study)),
            columns=_COLUMNS,
            statistics=("n", "median", "q1", "q3", "min", "max"),
        )
    ]


table_by_visit = Display(
    id="T-D22V-{parameter}",
    title="{family}: {parameter}{ (unit)}",
    question="How do cells, protein and glucose in the cerebrospinal fluid move over the punctures?",
    population=TREATED,
    rows=_by_visit,
    reports=(SAFETY,),
    marks=NO_MARKS,
    order="Parameters as in the study file; visits as scheduled; arms below each visit. Folded.",
    missing="Unscheduled punctures are left out of the table by visit; they are drawn, and count for limits.",
    notes=lambda study: (
        "Unscheduled punctures are not in this table: they are drawn, and count for limits.",
        *_correction(study),
        *note_of_baselines(study, families(study)),
    ),
    source=("LB", "ADSL"),
    empty="No values by the cut-off.",
    why_empty=_why_none,
    is_folded=True,
    participants=("CSF by visit", "T-D22V-{parameter}"),
    anchors=(),
)


def _courses(study: Study) -> list[Layer]:
    """Return a figure a collected parameter with a limit to be above, but that of the first screen."""
    first, shown = first_watched(study), dict[str, Individuals]()
    computed = {f"{family.id}-{item.paramcd}" for family in families(study) for item in family.derived}
    left_out = {first.parameter, *computed} if first else computed
    for item in sorted(limits(study), key=lambda item: not item.first_screen):
        is_drawn = item.bound.sign in {">", "≥"} and item.parameter not in left_out
        if is_drawn and item.parameter not in shown:
            is_count = item.unit.startswith("/")
            words = f"{item.label} ({'per ' + item.unit[1:] if is_count else item.unit})" if item.unit else item.label
            shown[item.parameter] = individuals(
                item.parameter, item.bound.number, words, unit=item.unit, is_count=is_count, item=item
            )
    return [*shown.values()]


courses = Display(
    id="F-D22C-{parameter}",
    title="{label}: every participant, and the limit of {limit}",
    question="Who is above a limit in cerebrospinal fluid, when, how far, and at which dose?",
    population=TREATED,
    rows=_courses,
    reports=(SAFETY,),
    order="Collected parameters with a limit to be above, as in the study file; that of the first screen stands there.",
    missing="A value without a study day is not drawn. Without values a sentence says so.",
    source=("LB", "ADSL"),
    empty="Not named in the study file: further limits for cerebrospinal fluid to be above.",
    why_empty=_why_none,
    anchors=(),
)


def samples(frames: Frames, study: Study) -> pd.DataFrame:
    """Return the samples after the first dose with a result beyond a watched limit, or of a traumatic puncture.

    Returns
    -------
    frame
        One row a sample: participant, arm, day and visit, KEY (of its first result), a column a parameter, TAP
        (``traumatic``, by the red cells), AFTER (number of the last dose before that day, and days since it), EVENTS
        (adverse events that began within the days of the study file).
    """
    own = results(frames, study)
    own = own[own["APOBLFL"].eq("Y") & own["SAFFL"].eq("Y") & own["AVAL"].notna()]
    found = [beyond(frames, item)[_SAMPLE] for item in limits(study) if item.first_screen]
    found += [_traumatic(own, family)[_SAMPLE] for family in families(study)]
    if own.empty:
        return pd.DataFrame(columns=[*_SAMPLE, "KEY", *codes(study), "TAP", "AFTER", "EVENTS"], dtype="str")
    chosen = pd.concat(found).drop_duplicates(["USUBJID", "ADT"]).sort_values(["TRT01AN", "USUBJID", "ADT"])
    wide = own.pivot_table(index=["USUBJID", "ADT"], columns="PARAMCD", values="AVAL", aggfunc="last", sort=False)
    wide = wide.reindex(columns=codes(study)).reset_index()
    keys = own.drop_duplicates(["USUBJID", "ADT"])[["USUBJID", "ADT", "KEY"]]
    joined = chosen.merge(wide, on=["USUBJID", "ADT"], how="left").merge(keys, on=["USUBJID", "ADT"], how="left")
    is_traumatic = pd.MultiIndex.from_frame(joined[["USUBJID", "ADT"]]).isin(
        pd.MultiIndex.from_frame(pd.concat([_traumatic(own, one)[["USUBJID", "ADT"]] for one in families(study)]))
    )
    return joined.assign(
        TAP=pd.Series("traumatic", index=joined.index, dtype="str").where(is_traumatic),
        AFTER=_last_dose(joined, frames.doses),
        EVENTS=_events_near(joined, frames, study),
    )


def _traumatic(own: pd.DataFrame, family: Findings) -> pd.DataFrame:
    """Return the red cells of punctures that count as traumatic."""
    is_high = pd.Series(data=False, index=own.index)
    for item in family.derived:
        if item.formula == "without_blood":
            is_high |= own["PARAMCD"].eq(f"{family.id}-{item.of[1]}") & own["AVAL"].ge(item.traumatic_from)
    return own[is_high]


def _last_dose(joined: pd.DataFrame, doses: pd.DataFrame) -> pd.Series:
    """Return the last dose before the day of each sample: on a day of dosing, fluid is taken before the dose."""
    pairs = joined[["USUBJID", "ADT", "ADY"]].merge(doses, on="USUBJID", suffixes=("", "_DOSE"))
    before = pairs[pairs["ADY_DOSE"] < pairs["ADY"]].sort_values("ADY_DOSE", kind="stable")
    last = before.drop_duplicates(["USUBJID", "ADT"], keep="last")
    words = [
        f"{number:.0f}, {days:.0f} days"
        for number, days in zip(last["DOSEOCC"], last["ADY"] - last["ADY_DOSE"], strict=True)
    ]
    known = last[["USUBJID", "ADT"]].assign(AFTER=pd.Series(words, index=last.index, dtype="str"))
    return joined[["USUBJID", "ADT"]].merge(known, how="left")["AFTER"]


def _events_near(joined: pd.DataFrame, frames: Frames, study: Study) -> pd.Series:
    """Return the adverse events of the same participant that began near each sample."""
    events = frames.adae
    if events.empty or "ASTDY" not in events:
        return pd.Series(index=joined.index, dtype="str")
    pairs = joined[["USUBJID", "ADT", "ADY"]].merge(events[["USUBJID", "AEDECOD", "ASTDY"]], on="USUBJID")
    near = pairs[(pairs["ASTDY"] - pairs["ADY"]).abs() <= study.judging.events_within_days].sort_values("ASTDY")
    texts = [
        f"{sentence_case(str(term))} (day {day:.0f})" for term, day in zip(near["AEDECOD"], near["ASTDY"], strict=True)
    ]
    told = near.assign(EVENTS=pd.Series(texts, index=near.index, dtype="str")).drop_duplicates(
        ["USUBJID", "ADT", "EVENTS"]
    )
    known = told.groupby(["USUBJID", "ADT"])["EVENTS"].agg("; ".join).astype("str").reset_index()
    return joined[["USUBJID", "ADT"]].merge(known, how="left")["EVENTS"]


def _near(study: Study) -> str:
    return (
        "After dose: number of the last dose before that day, and days since it. Adverse events: those that began "
        f"within {study.judging.events_within_days} days before or after the sample, with their study day."
    )


def _fields(study: Study) -> tuple[Field, ...]:
    """Return the columns: beside who and when, the parameters with a watched limit, and what tells blood."""
    watched = {item.parameter for item in limits(study) if item.first_screen}
    own = []
    for family in families(study):
        blood = {item.of[1]: item for item in family.derived if item.formula == "without_blood"}
        less = {item.of[0]: f"{family.id}-{item.paramcd}" for item in blood.values()}
        chosen = [code for code in family.codes if f"{family.id}-{code}" in watched or code in blood]
        for code in chosen:
            label = f"{_SHORT.get(code, code)}{' (less blood)' if code in less else ''}"
            beside = less.get(code, "TAP" if code in blood else "")
            own.append(Field(label, f"{family.id}-{code}", beside=beside, is_number=True))
    return (
        Field("Participant", "USUBJID"),
        Field("Arm", "TRT01A"),
        Field("Visit (day)", "VISIT", "visit", beside="ADY"),
        Field("After dose", "AFTER"),
        *own,
        Field("Adverse events near", "EVENTS", is_verbatim=True),
    )


def _listed(study: Study) -> list[Layer]:
    if not families(study):
        return []
    return [Listing(records=partial(samples, study=study), known=lambda frames: frames.adlb, fields=_fields(study))]


listing_of_samples = Display(
    id="L-D22",
    title="Samples of cerebrospinal fluid beyond a watched limit, with adverse events near them",
    is_folded=True,
    question="Which samples are beyond limits, was the puncture traumatic, and what happened to the participant then?",
    whom="All treated participants with such a sample.",
    rows=_listed,
    reports=(SAFETY,),
    order="By actual arm, participant and day; unscheduled punctures included.",
    missing="– where a result, a dose before it or an event near it is not there.",
    notes=lambda study: (_near(study), *_correction(study)),
    source=("LB", "EX", "ADAE", "ADSL"),
    empty="No sample beyond a limit by the cut-off.",
    why_empty=_why_none,
)
