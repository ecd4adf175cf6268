"""Displays of participants: disposition, baseline, exposure, and how many there are."""

from __future__ import annotations

from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.display import EFFICACY, SAFETY, Display
from cutbook.catalogue.kinds.layers import Amount, Count, CountBy, Heading, PersonYears, Records, Summary
from cutbook.catalogue.kinds.panels import Layer, RecordIndex
from cutbook.catalogue.kinds.populations import RANDOMISED, TREATED
from cutbook.data.checks.records import ON_FIRST_LINES
from cutbook.data.comparing.past_rules import count_records
from cutbook.derive import Frames
from cutbook.parameters.study import Characteristic, Study
from cutbook.words import sentence_case

_ENDS = {"COMPLETED": "Completed the study", "ONGOING": "Ongoing", "DISCONTINUED": "Discontinued the study"}
_TO_THE_END = (
    "Treatment without a recorded end is counted to the end of the study, the death or the cut-off, whichever came "
    "first."
)

_display = partial(Display, population=TREATED, reports=(SAFETY,))


def _everybody(frames: Frames) -> pd.DataFrame:
    return frames.adsl


def _flagged(variable: str, value: str = "Y") -> Records:
    return lambda frames: frames.adsl[frames.adsl[variable].eq(value)]


def _in_screening(frames: Frames) -> pd.DataFrame:
    return frames.adsl[frames.adsl["SCRFFL"].ne("Y") & frames.adsl["RANDFL"].ne("Y")]


def _dosed(dose: int) -> Records:
    return lambda frames: frames.adsl[frames.adsl["DOSEN"].ge(dose)]


def _disposition(study: Study) -> list[Layer]:
    doses = range(1, (study.treatment.planned_doses or 0) + 1)
    left, entered = _flagged("EOSSTT", "DISCONTINUED"), study.treatment.entered
    return [
        Count("SCREENED", "Screened", _everybody, is_of_everybody=True),
        Count("SCRFFL", f"Not {entered}: screen failure", _flagged("SCRFFL"), level="Y", is_of_everybody=True),
        Count("SCRFFL", f"Not {entered} yet: in screening", _in_screening, level="N", is_of_everybody=True),
        Count("RANDFL", entered.capitalize(), _flagged("RANDFL")),
        Count("SAFFL", "Treated", _flagged("SAFFL")),
        *(Count("DOSEN", f"Received dose {dose}", _dosed(dose), level=str(dose), indent=1) for dose in doses),
        *(Count("EOSSTT", words, _flagged("EOSSTT", code), level=code) for code, words in _ENDS.items()),
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
    order="Screened, not in an arm, in an arm, treated, each planned dose, end of study; reasons for "
    "discontinuation by falling frequency, ties alphabetically.",
    missing="Somebody without an end of study by the cut-off is ongoing; a discontinuation without a reason counts in "
    "no reason. Without DS the end of study is unknown.",
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
    if not item.levels:
        by_frequency = CountBy((item.variable,), _everybody, order="frequency", is_missing_shown=True, indent=1)
        return [Summary(item.variable, words, _values(item.variable), item.unit, item.decimals, by_frequency)]
    levels = CountBy((item.variable,), _everybody, levels=item.levels, is_missing_shown=True, indent=1)
    return [Heading(words), levels]


def _values(variable: str) -> Records:
    return lambda frames: frames.adsl.assign(AVAL=_numbers(frames.adsl[variable]))


def _numbers(values: pd.Series) -> pd.Series:
    """Return values as numbers, unless one of them is a word."""
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    is_finite = numbers.abs().lt(float("inf"))
    return values if (values.notna() & ~is_finite).any() else numbers


demographics = _display(
    id="T-D2",
    title="Demographic and baseline characteristics",
    question="Who are the participants, and how ill were they before treatment?",
    rows=lambda study: [layer for item in study.characteristics for layer in _characteristic(item)],
    order="Characteristics and their categories as in the study file; categories it does not name, then Missing. Words "
    "for which it names no categories: by falling frequency, ties alphabetically.",
    missing="A missing category has the row Missing and counts in N; a missing measurement is not in n. SD of one "
    "value is NE.",
    notes="n (%) of N in the column heading; Q1, Q3: quartiles (SAS definition 5). SD: standard deviation; NE: not "
    "estimable. No test between arms is made: allocation is random.",
    counterpart="TLG catalog DMT01, FDA ST&F IG table 2, teal.modules.clinical",
    source=lambda study: tuple(dict.fromkeys(item.dataset.upper() for item in study.characteristics)),
    empty="The study file names no characteristic.",
    reports=(SAFETY, EFFICACY),
    participants=("baseline", "T-D2"),
)


def _exposure(study: Study) -> list[Layer]:
    unit, planned = study.treatment.dose_unit, study.treatment.planned_doses
    levels = {str(dose): str(dose) for dose in range((planned or 0) + 1)}
    doses: list[Layer] = [
        Heading("Doses received"),
        CountBy(("DOSES",), _doses, "DOSEN", levels=levels, is_missing_shown=True, indent=1),
        Summary("DOSETOT", f"Total dose ({unit})", _values("DOSETOT"), unit),
    ]
    return [
        *(doses if planned else ()),
        Summary("TRTDURD", "Days from first to last dose", _values("TRTDURD"), "days"),
        Heading("Person-years on treatment"),
        PersonYears("PYEARS", "Total", lambda frames: frames.adsl.assign(DAYS=frames.adsl["TRTDURD"]), is_whole=False),
    ]


def _doses(frames: Frames) -> pd.DataFrame:
    """Return the participants with their number of doses as text, missing where it is not known."""
    return frames.adsl.assign(DOSES=frames.adsl["DOSEN"].map("{:.0f}".format, na_action="ignore").astype("str"))


exposure = _display(
    id="T-D3",
    title="Exposure",
    question="How much was given, and for how long?",
    rows=_exposure,
    order="Doses received, total dose (both only where a number of doses is planned), days, person-years.",
    missing=f"{_TO_THE_END} A total dose is missing when one of its doses is unknown.",
    notes=f"First and last day both count. {_TO_THE_END} A year has 365.25 days.",
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
        Amount("SAFFL", lambda frames: int(frames.adsl["SAFFL"].eq("Y").sum())),
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
