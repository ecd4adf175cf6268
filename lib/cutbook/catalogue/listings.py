"""Listings of adverse events, deaths and concentrations, and the events behind the counts of a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue.concentrations import is_in_arm, matrix_places
from cutbook.catalogue.events import STOPPED, Condition, having, was_collected
from cutbook.catalogue.kinds.display import PHARMACOKINETICS, SAFETY, Display
from cutbook.catalogue.kinds.panels import Field, Listing, RecordIndex
from cutbook.derive import Frames
from cutbook.parameters.study import Study

_LISTED = "TLG catalog AEL02 to AEL04 and DTHT01, FDA ST&F IG tables 8 to 10, 12 and 39, forestly / metalite.ae"
_NAMED = (Field("Participant", "USUBJID"), Field("Arm", "TRT01A"))
_PERSON = (*_NAMED, Field("Age (sex)", "AGE", beside="SEX"))

_display = partial(Display, counterpart=_LISTED, reports=(SAFETY,))


def _in_order(records: pd.DataFrame, *more: str) -> pd.DataFrame:
    return records.sort_values(["TRT01AN", "USUBJID", *more], kind="stable")


deaths = _display(
    id="L-D9-deaths",
    title="Deaths on study",
    question="Who died, when after the first dose, and of what?",
    whom="All participants who died by the cut-off, any cause.",
    rows=lambda study: [
        Listing(
            records=lambda frames: _in_order(frames.adsl[frames.adsl["DTHFL"].eq("Y")]),
            fields=(
                *_PERSON,
                Field("First dose", "TRTSDT", "day"),
                Field("Doses", "" if study.treatment.planned_doses is None else "DOSEN", is_number=True),
                Field("Death", "DTHDTC", or_day="DTHDT"),
                Field("Study day", "DTHDY", is_number=True),
                Field("Cause as reported", "DTHCAUS", is_verbatim=True),
            ),
            known=lambda frames: frames.adsl,
        )
    ],
    order="By actual arm, then participant.",
    missing="A partial date of death is shown as collected; a missing value as –. Without deaths a sentence says so.",
    notes=("Study day 1 is the day of the first dose; there is no day 0.",),
    source=("DM", "DS", "AE", "DD"),
    empty="No deaths by the cut-off.",
)

_EVENT_FIELDS = (
    *_PERSON,
    Field("Preferred term", "AEDECOD", "sentence", is_verbatim=True),
    Field("Reported term", "AETERM", is_verbatim=True),
    Field("Start (day)", "AESTDTC", beside="ASTDY", or_day="ASTDT"),
    Field("End (day)", "AEENDTC", beside="AENDY"),
    Field("Severity", "AESEV", "sentence", is_verbatim=True),
    Field("Serious", "AESER"),
    Field("Related", "AEREL", "sentence", is_verbatim=True),
    Field("Action", "AEACN", "sentence", is_verbatim=True),
    Field("Outcome", "AEOUT", "sentence", is_verbatim=True),
    Field("Treatment-emergent", "TRTEMFL"),
)


def _listed_events(is_listed: Condition, says_empty: Callable[[Frames], str] | None = None) -> list[Listing]:
    return [
        Listing(
            records=lambda frames: _in_order(frames.adae[is_listed(frames.adae)], "ASTDT"),
            known=lambda frames: frames.adae,
            fields=_EVENT_FIELDS,
            says_empty=says_empty,
        )
    ]


def _is_serious_or_fatal(events: pd.DataFrame) -> pd.Series:
    return having("AESER", "Y")(events) | having("FATALFL", "Y")(events)


serious = _display(
    id="L-D9-serious",
    title="Serious or fatal adverse events",
    question="What exactly happened in each serious or fatal event?",
    whom="All participants with such an event.",
    rows=lambda _: _listed_events(_is_serious_or_fatal),
    order="By actual arm, participant, start, sequence number.",
    missing="– where missing or ongoing. At most 2000 records are shown; a footnote then says how many there are.",
    notes=("Start and end as collected, with the study day; – where missing or ongoing.",),
    source=("ADAE",),
    empty="No serious or fatal adverse events by the cut-off.",
)


def _without_discontinuations(frames: Frames) -> str:
    if was_collected("AEACN", frames):
        return discontinuations.empty
    return "Action taken with study drug was not collected; see the reasons for discontinuation under disposition."


discontinuations = replace(
    serious,
    id="L-D9-discontinuations",
    title="Adverse events that led to discontinuation of study drug",
    question="Which events ended treatment?",
    rows=lambda _: _listed_events(having("AEACN", *STOPPED), _without_discontinuations),
    missing="– where missing or ongoing. Where no action was collected a sentence says so instead.",
    empty="No adverse event is recorded by the cut-off as having led to discontinuation of study drug.",
)

records = _display(
    id="L-R",
    title="Adverse events behind the counts ({number})",
    question="Which records stand behind a count of adverse events, and why does each count or not?",
    whom="All participants, treatment-emergent or not.",
    rows=lambda _: [RecordIndex("events")],
    order="By actual arm, participant, then as in the file. Numbers are those that the displays name.",
    missing="Of more than 2000 events, those of the rows with the fewest are here, and a footnote says so.",
    counterpart="Tplyr (partly: a function), metalite.ae (partly)",
    source=("ADAE",),
    empty="No adverse events by the cut-off.",
)


def _samples(frames: Frames, *, study: Study) -> pd.DataFrame:
    is_last, place = is_in_arm(frames.adpc, study, is_active=False), matrix_places(frames.adpc, study)
    placed = frames.adpc.assign(_LAST=is_last, _PLACE=place)
    return placed.sort_values(["_LAST", "TRT01AN", "USUBJID", "_PLACE", "ADTM"], kind="stable")


concentrations = _display(
    id="L-E1",
    title="Concentrations",
    question="What was measured in each sample, and when was it taken?",
    whom="Samples of the matrices that the study file names.",
    rows=lambda study: [
        Listing(
            records=partial(_samples, study=study),
            known=lambda frames: frames.adpc,
            fields=(
                *_NAMED,
                Field("Matrix", "MATRIX"),
                Field("Visit", "VISIT", "visit"),
                Field("Dose", "DOSEOCC", is_number=True),
                Field("Nominal time (h)", "NOMTIME", is_number=True),
                Field("Actual time (h)", "ATIME", "number", decimals=2, is_number=True),
                Field("Deviation (min)", "DEVMIN", "number", is_number=True),
                Field("As reported", "AVALC", is_number=True, is_verbatim=True),
                Field("Unit", "AVALU"),
            ),
            is_numbered=True,
        )
    ],
    order="Active arms first; arm, participant, matrix as in the study file, date and time. Folded.",
    missing="– where missing. At most 2000 records are shown; a footnote then says how many there are.",
    notes=("Active arms first. Deviation: actual minus nominal time. Times are hours after the dose named.",),
    counterpart="TLG catalog PKCL01, aNCA",
    source=("ADPC",),
    empty="No concentrations by the cut-off.",
    reports=(PHARMACOKINETICS,),
    is_folded=True,
)
