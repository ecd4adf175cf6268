"""Who is in which population and why others are not, and whether doses were given as planned."""

from __future__ import annotations

from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.absence import Absence, not_delivered, untold
from cutbook.catalogue.kinds.display import NO_MARKS, NOT_TOLD, PHARMACOKINETICS, SAFETY, Display
from cutbook.catalogue.kinds.layers import Count, CountBy, Heading
from cutbook.catalogue.kinds.panels import Layer
from cutbook.catalogue.kinds.populations import RANDOMISED, TREATED
from cutbook.derive import Frames
from cutbook.derive.exposure import last_days
from cutbook.derive.plan import EARLY, LATE, LEFT, MISSED, NOT_DUE, against_plan
from cutbook.derive.plan import NOT_TOLD as DAY_NOT_TOLD
from cutbook.parameters.study import Study
from cutbook.words import sentence_case

_TREATED = untold("adsl", "SAFFL", "ex")


def _of(frames: Frames, *, flag: str, value: str = "Y", among: str = "") -> pd.DataFrame:
    """Return the participants with a value of a flag, of those with another flag alone where one is named."""
    adsl = frames.adsl
    is_own = adsl[flag].eq(value)
    return adsl[is_own & adsl[among].eq("Y")] if among else adsl[is_own]


def _on_control(frames: Frames) -> pd.DataFrame:
    return _of(frames, flag="PKFL", value="N", among="SAFFL").query("DOSE01A == 0")


def _without_values(frames: Frames) -> pd.DataFrame:
    return _of(frames, flag="PKFL", value="N", among="SAFFL").query("DOSE01A != 0")


def _population(flag: str, words: str, reasons: list[tuple[str, str, object]], *datasets: str) -> list[Layer]:
    """Return the row of a population, and below it why those outside it are, by code, words and records."""
    why = untold("adsl", flag, *datasets)
    rows: list[Layer] = [Count(flag, words, partial(_of, flag=flag), why=why)]
    for code, said, records in reasons:
        if callable(records):
            rows.append(Count(flag, said, records, level=code, indent=1, below=f"{words}, excluded", why=why))
    return rows


def _populations(study: Study) -> list[Layer]:
    untreated = ("UNTREATED", "Excluded: not treated", partial(_of, flag="SAFFL", value="N", among="RANDFL"))
    rows: list[Layer] = [Count("RANDFL", study.treatment.entered.capitalize(), partial(_of, flag="RANDFL"))]
    rows += _population("SAFFL", "Safety", [untreated], "ex")
    if study.pharmacokinetics:
        control = ("CONTROL", "Excluded: treated without a dose of the drug", _on_control)
        nothing = ("NOVALUE", "Excluded: no quantifiable concentration", _without_values)
        rows += _population("PKFL", "Pharmacokinetics", [untreated, control, nothing], "pc")
    if study.populations.efficacy:
        lacking = partial(_of, flag="EFFFL", value="N", among="SAFFL")
        nothing = ("NORESULT", "Excluded: without a result that it asks for", lacking)
        needed = dict.fromkeys(item.dataset for item in study.populations.efficacy)
        rows += _population("EFFFL", "Efficacy", [untreated, nothing], *needed)
    return rows


def _definitions(study: Study) -> tuple[str, ...]:
    rules = study.populations
    told = [f"Safety: {rules.safety_text}."]
    told += [f"Pharmacokinetics: {rules.pk_text}."] if study.pharmacokinetics else []
    told += [f"Efficacy: {rules.efficacy_text}."] if rules.efficacy else []
    return (f"Number of participants (% of {study.treatment.entered}).", " ".join(told))


populations = Display(
    id="T-B1",
    title="Populations of the analyses",
    is_folded=True,
    question="Who counts in which analysis, and why do others not?",
    population=RANDOMISED,
    whom="All {entered} participants, by planned arm",
    arm="TRT01P",
    rows=_populations,
    order="Everybody who came into an arm, safety, pharmacokinetics, efficacy; below each why others are not in it.",
    missing=f"A population that the study file does not define has no row. {NOT_TOLD}",
    notes=_definitions,
    counterpart="FDA ST&F IG table 4",
    source=("DM", "EX"),
    reports=(SAFETY,),
)


def planned(frames: Frames, study: Study) -> pd.DataFrame:
    """Return what became of every planned dose of every treated participant (see `against_plan`)."""
    people = frames.adsl[frames.adsl["SAFFL"].eq("Y")]
    last = (last_days(people) - people["TRTSDT"]).dt.days.astype("float64") + 1
    rules = study.treatment
    is_over = people["EOSSTT"].isin(["COMPLETED", "DISCONTINUED"]) | people["DTHFL"].eq("Y")
    followed = people.assign(LASTDY=last, IS_OVER=is_over)
    return against_plan(frames.doses, followed, rules.dose_days, rules.dose_windows)


def _became(frames: Frames, *, study: Study, status: str, occasion: int | None = None) -> pd.DataFrame:
    doses = planned(frames, study)
    is_own = doses["STATUS"].eq(status)
    return doses[is_own if occasion is None else is_own & doses["OCC"].eq(occasion)].drop_duplicates("USUBJID")


def _happened(frames: Frames, *, study: Study, status: str, occasion: int | None = None) -> bool:
    return frames.has_records("ex") and len(_became(frames, study=study, status=status, occasion=occasion)) > 0


_WHAT = {
    MISSED: ("Missed a dose", "Missed"),
    LATE: ("Had a dose late", "Late"),
    EARLY: ("Had a dose early", "Early"),
    LEFT: ("Left or died before a dose was due", "Left or died before"),
    NOT_DUE: ("Has a dose that is not due yet", "Not due yet"),
    DAY_NOT_TOLD: ("Left on a day not known, so it is not known what was due", "Not known"),
}


def _always(_: Frames) -> bool:
    return True


def _why_doses_unknown(frames: Frames) -> str:
    return "" if frames.has_records("ex") else Absence.NOT_DELIVERED


_ALWAYS = (MISSED, LATE, EARLY)


def _had_all(frames: Frames, *, planned: int) -> pd.DataFrame:
    return frames.adsl[frames.adsl["DOSEN"].ge(planned)]


def _left_early(frames: Frames, *, planned: int) -> pd.DataFrame:
    """Return the treated who left, died or completed without all planned doses."""
    adsl = frames.adsl
    return adsl[adsl["SAFFL"].eq("Y") & adsl["DOSEN"].lt(planned) & adsl["EOSSTT"].isin(["COMPLETED", "DISCONTINUED"])]


def _still_dosed(frames: Frames, *, planned: int) -> pd.DataFrame:
    adsl = frames.adsl
    return adsl[adsl["SAFFL"].eq("Y") & adsl["DOSEN"].lt(planned) & adsl["EOSSTT"].eq("ONGOING")]


def _treatment_ends(planned: int | None) -> list[Count]:
    """Return how treatment ended, where a number of doses is planned."""
    if not planned:
        return []
    row = partial(Count, "TRTEND", why=untold("adsl", "DOSEN", "ex", among="SAFFL"))
    return [
        row("Completed treatment: had all planned doses", partial(_had_all, planned=planned), level="COMPLETED"),
        row("Treatment under way", partial(_still_dosed, planned=planned), level="ONGOING"),
        row("Discontinued treatment", partial(_left_early, planned=planned), level="DISCONTINUED"),
    ]


def _as_planned(study: Study) -> list[Layer]:
    rows: list[Layer] = [*_treatment_ends(study.treatment.planned_doses)]
    for status, (whole, part) in _WHAT.items() if study.treatment.dose_days else ():
        of = partial(_became, study=study, status=status)
        there = partial(_happened, study=study, status=status)
        rows.append(Count(status, whole, of, is_there=_always if status in _ALWAYS else there, why=_why_doses_unknown))
        for number, day in enumerate(study.treatment.dose_days, start=1):
            words = f"Dose {number}, planned on day {day}"
            one = partial(_became, study=study, status=status, occasion=number)
            is_there = partial(_happened, study=study, status=status, occasion=number)
            rows.append(Count(status, words, one, level=str(number), indent=1, below=part, is_there=is_there))
    return [*rows, *_attempts(study)] if rows else []


def _attempts(study: Study) -> list[Layer]:
    if "ec" not in {*study.sources.required, *study.sources.optional}:
        return []
    reasons = CountBy(("ECREASOC",), _failed, words=sentence_case, is_missing_shown=True, indent=1)
    return [Heading("Attempt that failed"), reasons]


def _failed(frames: Frames) -> pd.DataFrame:
    records = frames.records("ec")
    return records[records["ECOCCUR"].eq("N")] if "ECOCCUR" in records else records.iloc[:0].assign(ECREASOC="")


def _plan_note(study: Study) -> tuple[str, ...]:
    rules = study.treatment
    if not rules.dose_days:
        return ("Number of participants (%). The study file names no days on which doses are planned.",)
    days = ", ".join(f"{day} (± {window})" for day, window in zip(rules.dose_days, rules.dose_windows, strict=True))
    rule = (
        "A dose is that of the nearest planned day; it was missed when it was not given although its last day had "
        "passed while the participant was followed."
    )
    return (f"Number of participants (%). Planned on study days {days}. {rule}",)


dosing = Display(
    id="T-D3P",
    title="Treatment and doses against the plan",
    is_folded=True,
    question="Who completed treatment, and were doses missed, late or early?",
    population=TREATED,
    rows=_as_planned,
    marks=NO_MARKS,
    order="End of treatment; missed, late, early, left before it was due, not due yet; below each the doses of whom "
    "that holds; attempts that failed.",
    missing="Where the day on which somebody left is not known, what was due is not known, and a row says of how many.",
    notes=_plan_note,
    why_empty=lambda _, frames: not_delivered("ex")(frames),
    counterpart="TLG catalog EXT01 (partly), FDA ST&F IG table 6 (partly)",
    source=("EX", "EC"),
    empty="Not named in the study file: a number of planned doses.",
    reports=(SAFETY, PHARMACOKINETICS),
)
