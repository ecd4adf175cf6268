"""Displays of participants: disposition, baseline, exposure, and how many there are."""

from __future__ import annotations

from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.absence import Absence, Why, untold
from cutbook.catalogue.kinds.display import EFFICACY, NO_MARKS, NOT_TOLD, SAFETY, Display
from cutbook.catalogue.kinds.layers import Count, CountBy, Heading, PersonYears, Records, Summary
from cutbook.catalogue.kinds.numbers import Amount
from cutbook.catalogue.kinds.panels import Layer, RecordIndex
from cutbook.catalogue.kinds.populations import RANDOMISED, TREATED
from cutbook.data.checks.records import ON_FIRST_LINES
from cutbook.data.comparing.past_rules import count_records
from cutbook.derive import Frames
from cutbook.parameters.study import Characteristic, Study
from cutbook.words import sentence_case

_ABOUT_PEOPLE = ("dm", "suppdm")
_ENDS = {"COMPLETED": "Completed the study", "ONGOING": "Ongoing", "DISCONTINUED": "Discontinued the study"}
_TO_THE_END = (
    "Treatment without a recorded end is counted to the end of the study, the death or the cut-off, whichever came "
    "first."
)

_display = partial(Display, population=TREATED, reports=(SAFETY,))
_TREATED = untold("adsl", "SAFFL", "ex")


def _among_treated(variable: str) -> Why:
    return untold("adsl", variable, "ex", among="SAFFL")


def _why_screening_unknown(frames: Frames) -> str:
    """Return why it is not known of everybody who did not enter whether screening failed."""
    is_out = frames.adsl["RANDFL"].ne("Y")
    if frames.adsl.loc[is_out, "SCRFFL"].notna().all():
        return ""
    return Absence.NOT_COLLECTED if frames.is_delivered("ds") else Absence.NOT_DELIVERED


def _everybody(frames: Frames) -> pd.DataFrame:
    return frames.adsl


def _flagged(variable: str, value: str = "Y") -> Records:
    return lambda frames: frames.adsl[frames.adsl[variable].eq(value)]


def _in_screening(frames: Frames) -> pd.DataFrame:
    return frames.adsl[frames.adsl["SCRFFL"].ne("Y") & frames.adsl["RANDFL"].ne("Y")]


def _dosed(dose: int) -> Records:
    return lambda frames: frames.adsl[frames.adsl["DOSEN"].ge(dose)]


_FAILED = CountBy(
    ("DCSREAS",), _flagged("SCRFFL"), "SCRFREAS", order="frequency", words=sentence_case, is_of_everybody=True,
    indent=1, below="Screen failure",
)  # fmt: skip


def _disposition(study: Study) -> list[Layer]:
    doses = range(1, (study.treatment.planned_doses or 0) + 1)
    left, entered = _flagged("EOSSTT", "DISCONTINUED"), study.treatment.entered
    screening = partial(Count, "SCRFFL", is_of_everybody=True, why=_why_screening_unknown)
    dose_row = partial(Count, "DOSEN", indent=1, why=_among_treated("DOSEN"))
    end_row = partial(Count, "EOSSTT", why=untold("adsl", "EOSSTT", "ds", among="RANDFL"))
    return [
        Count("SCREENED", "Screened", _everybody, is_of_everybody=True),
        screening(f"Not {entered}: screen failure", _flagged("SCRFFL"), level="Y"),
        _FAILED,
        screening(f"Not {entered} yet: in screening", _in_screening, level="N"),
        Count("RANDFL", entered.capitalize(), _flagged("RANDFL")),
        Count("SAFFL", "Treated", _flagged("SAFFL"), why=_TREATED),
        *(dose_row(f"Received dose {dose}", _dosed(dose), level=str(dose)) for dose in doses),
        *(end_row(words, _flagged("EOSSTT", code), level=code) for code, words in _ENDS.items()),
        CountBy(("DCSREAS",), left, order="frequency", words=sentence_case, indent=1, below="Discontinued"),
    ]


disposition = _display(
    id="T-D1",
    title="Disposition of participants",
    question="Who was screened, came into an arm and was treated, who received which dose, and how did the study end?",
    population=RANDOMISED,
    whom="All {entered} participants, by planned arm",
    arm="TRT01P",
    rows=_disposition,
    order="Screened, not in an arm with the reasons, in an arm, treated, each planned dose, end of "
    "study; reasons by falling frequency, ties alphabetically.",
    missing="Somebody without an end of study by the cut-off is ongoing; a discontinuation without a reason counts in "
    f"no reason. {NOT_TOLD}",
    notes=lambda study: (
        (
            f"Number of participants (% of {study.treatment.entered}). Screening comes first: participants who "
            f"were not {study.treatment.entered} stand in the last column alone."
        ),
        "Reasons for discontinuation in order of falling frequency. Ongoing: no end of study by the cut-off.",
    ),
    counterpart="TLG catalog DST01, FDA ST&F IG tables 3 and 5, csrlite / rtflite, greport / hreport",
    source=("DM", "DS", "EX"),
    is_key=True,
    participants=("disposition", "T-D1"),
)


def _characteristic(item: Characteristic) -> list[Layer]:
    words = f"{item.label} ({item.unit})" if item.unit else item.label
    rows = partial(CountBy, (item.variable,), _everybody, is_missing_shown=True, indent=1, why=_why_unknown(item))
    if not item.levels:
        values, by_frequency = _values(item.variable), rows(order="frequency")
        return [Summary(item.variable, words, values, item.unit, item.decimals, by_frequency, _why_unknown(item))]
    return [Heading(words), rows(levels=item.levels)]


def _why_unknown(item: Characteristic) -> Why:
    """Return what tells why nobody has a value; of a finding nobody may have one yet, which is a number."""
    if item.dataset in _ABOUT_PEOPLE:
        return untold("adsl", item.variable, item.dataset)
    return untold("adsl", "", item.dataset)


def _values(variable: str) -> Records:
    return lambda frames: frames.adsl.assign(AVAL=_numbers(frames.adsl[variable]))


def _numbers(values: pd.Series) -> pd.Series:
    """Return values as numbers, unless one of them is a word."""
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    is_finite = numbers.abs().lt(float("inf"))
    return values if (values.notna() & ~is_finite).any() else numbers


_BASELINE_NOTE = (
    "n (%) of N in the column heading; Q1, Q3: quartiles (SAS definition 5). SD: standard deviation; NE: not "
    "estimable. No test between arms is made"
)
_RANDOM = {"randomised": ": allocation is random"}

demographics = _display(
    id="T-D2",
    marks=NO_MARKS,
    title="Demographic and baseline characteristics",
    is_folded=True,
    question="Who are the participants, and how ill were they before treatment?",
    rows=lambda study: [layer for item in study.characteristics for layer in _characteristic(item)],
    order="Characteristics and their categories as in the study file; categories it does not name, then Missing. Words "
    "for which it names no categories: by falling frequency, ties alphabetically.",
    missing="A missing category has the row Missing and counts in N; a missing measurement is not in n. SD of one "
    f"value is NE. {NOT_TOLD}",
    notes=lambda study: (f"{_BASELINE_NOTE}{_RANDOM.get(study.treatment.allocation, '')}.",),
    counterpart="TLG catalog DMT01, FDA ST&F IG table 2, teal.modules.clinical",
    source=lambda study: tuple(dict.fromkeys(item.dataset.upper() for item in study.characteristics)),
    empty="Not named in the study file: a characteristic.",
    reports=(SAFETY, EFFICACY),
    participants=("baseline", "T-D2"),
)


_CHANGED = (
    "Reduced: a dose lower than the one before it. Interrupted or omitted: a dose recorded as not given, or a day or "
    "more between two dosing periods."
)
_COUNTED_TO = (
    f"First and last day both count. {_TO_THE_END} A year has 365.25 days. Person-years on treatment end with the last "
    "dose; those at risk, by which rates of adverse events are divided, go on while an event would count as "
    "treatment-emergent."
)
_CHANGES = {"REDUCEDN": "Reduced", "PAUSEDN": "Interrupted or omitted"}


def _exposure(study: Study) -> list[Layer]:
    unit, planned, why_days = study.treatment.dose_unit, study.treatment.planned_doses, _among_treated("TRTDURD")
    levels = {str(dose): str(dose) for dose in range((planned or 0) + 1)}
    doses: list[Layer] = [
        Heading("Doses received"),
        CountBy(
            ("DOSES",), _doses, "DOSEN", levels=levels, is_missing_shown=True, indent=1, why=_among_treated("DOSEN")
        ),
        Summary("DOSETOT", f"Total dose ({unit})", _values("DOSETOT"), unit, why=_among_treated("DOSETOT")),
    ]
    return [
        *(doses if planned else ()),
        Heading("Changes of dose"),
        *(Count(name, words, _changed(name), indent=1, why=_among_treated(name)) for name, words in _CHANGES.items()),
        Summary("TRTDURD", "Days from first to last dose", _values("TRTDURD"), "days", why=why_days),
        Heading("Person-years on treatment"),
        PersonYears("PYEARS", "Total", _days_on_treatment, is_whole=False, why=why_days),
    ]


def _changed(variable: str) -> Records:
    return lambda frames: frames.adsl[frames.adsl[variable].gt(0)]


def _days_on_treatment(frames: Frames) -> pd.DataFrame:
    return frames.adsl.assign(DAYS=frames.adsl["TRTDURD"])


def _doses(frames: Frames) -> pd.DataFrame:
    """Return the participants with their number of doses as text, missing where it is not known."""
    return frames.adsl.assign(DOSES=frames.adsl["DOSEN"].map("{:.0f}".format, na_action="ignore").astype("str"))


exposure = _display(
    id="T-D3",
    marks=NO_MARKS,
    title="Exposure",
    is_folded=True,
    question="How much was given, and for how long?",
    rows=_exposure,
    order="Doses received, total dose (both only where a number of doses is planned), reductions, interruptions, days, "
    "person-years.",
    missing=f"{_TO_THE_END} A total dose is missing when one of its doses is unknown. Somebody whose first or last day "
    "of dosing is not known is in no sum of person-years, and a row says of how many that holds. "
    f"{NOT_TOLD}",
    notes=(_CHANGED, _COUNTED_TO),
    counterpart="TLG catalog EXT01, FDA ST&F IG table 6, teal.modules.clinical",
    source=("EX",),
    participants=("exposure", "T-D3"),
)

people = Display(
    id="A0",
    title="Participants and data of the cut, as the banner and the first sentences say them",
    question="How many participants are there, and how much was received, odd, removed and changed?",
    rows=lambda _: [
        Amount("SCREENED", lambda frames: len(frames.adsl)),
        Amount("SAFFL", lambda frames: int(frames.adsl["SAFFL"].eq("Y").sum()), why=_TREATED),
        Amount("FILES", lambda frames: len(frames.staged["received"])),
        Amount("ISSUES", lambda frames: len(frames.staged["issues"])),
        Amount("FIRST_LINES", lambda frames: int(frames.staged["issues"]["WEIGHT"].eq(ON_FIRST_LINES).sum())),
        Amount("REMOVED", lambda frames: int(frames.staged["audit"]["REMOVED"].sum())),
        Amount("MODIFIED", lambda frames: int(frames.staged["audit"]["MODIFIED"].sum())),
        Amount("PAST", lambda frames: count_records(frames.staged["past"])),
    ],
    order="As named here.",
    missing="What is not there is 0.",
    source=("DM", "EX"),
)

listing = Display(
    id="L-P",
    title="Participants ({number})",
    question="Who is each participant, and which displays of this report count them?",
    rows=lambda _: [RecordIndex("participants")],
    notes="The last column leads to the displays in which a participant counts.",
    order="By actual arm, then participant.",
    missing="A missing value is shown as –.",
    source=("ADSL",),
    empty="No participants by the cut-off.",
)
